//! The probe of `migrations`.
