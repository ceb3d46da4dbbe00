//! The built binary, end to end: see the tests beside this file.
