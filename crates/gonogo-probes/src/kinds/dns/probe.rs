//! The probe of `dns`.
