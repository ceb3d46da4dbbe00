//! Quantities as people write them: `500ms`, `14d`, `80%`, `2GiB`, `1.5`.

use gonogo_model::Decimal;

use crate::node::Scalar;

/// Reads a whole number.
///
/// # Errors
///
/// What is wrong with it, as a lowercase fragment.
pub fn integer(text: &str) -> Result<Decimal, String> {
    let _ = text;
    Err("not built".to_owned())
}

/// Reads a duration, in seconds.
///
/// # Errors
///
/// What is wrong with it, as a lowercase fragment.
pub fn duration(text: &str) -> Result<Decimal, String> {
    let _ = text;
    Err("not built".to_owned())
}

/// Reads a size, in bytes.
///
/// # Errors
///
/// What is wrong with it, as a lowercase fragment.
pub fn size(text: &str) -> Result<Decimal, String> {
    let _ = text;
    Err("not built".to_owned())
}

/// Returns seconds as a duration of the standard library, if they fit.
#[must_use]
pub fn to_std_duration(seconds: &Decimal) -> Option<std::time::Duration> {
    let nanos = seconds.clone().shifted(9).to_i128()?;
    Some(std::time::Duration::from_nanos(u64::try_from(nanos).ok()?))
}

/// Reads a scalar by the core schema of YAML 1.2.
#[must_use]
pub fn core_schema(scalar: &Scalar) -> serde_json::Value {
    serde_json::Value::String(scalar.text.clone())
}
