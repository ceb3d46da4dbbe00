//! The probe of `postgres`.
