//! An own DNS server with a zone of the test.
