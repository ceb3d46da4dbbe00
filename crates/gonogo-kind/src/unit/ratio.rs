//! Shares of a whole.

use gonogo_model::Decimal;

use super::number;

/// Reads a ratio, 0..1: `80%`, `0.8`.
///
/// # Errors
///
/// What is wrong with it, as a lowercase fragment.
pub fn ratio(text: &str) -> Result<Decimal, String> {
    let text = text.trim_matches(' ');
    let percent = text.strip_suffix('%');
    let value = number(percent.unwrap_or(text))?;
    if value.is_negative() {
        return Err("a ratio is not negative".to_owned());
    }
    match percent {
        Some(_) => Ok(value.shifted(-2)),
        None if value > Decimal::from(1_u8) => Err(format!(
            "without `%` a ratio is 0 to 1; did you mean `{text}%`?"
        )),
        None => Ok(value),
    }
}
