//! An own Redis instance.
