//! The probe of `http`.
