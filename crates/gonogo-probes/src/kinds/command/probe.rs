//! The probe of `command`.
