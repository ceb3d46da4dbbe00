//! An own PostgreSQL instance.
