//! Tests of `redis`.
