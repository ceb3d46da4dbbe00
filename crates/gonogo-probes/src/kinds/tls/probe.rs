//! The probe of `tls`.
