//! The probe of `tcp`.
