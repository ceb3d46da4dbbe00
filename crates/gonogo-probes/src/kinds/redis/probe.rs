//! The probe of `redis`.
