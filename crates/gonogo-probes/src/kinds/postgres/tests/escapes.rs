//! The escapes.
