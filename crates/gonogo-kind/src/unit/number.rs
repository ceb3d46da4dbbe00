//! Numbers without a unit.

use gonogo_model::Decimal;

use super::show;

/// Reads a whole number.
///
/// # Errors
///
/// What is wrong with it, as a lowercase fragment.
pub fn integer(text: &str) -> Result<Decimal, String> {
    let value = number(text)?;
    if text.contains(['.', 'e', 'E']) {
        return Err("a whole number has digits only".to_owned());
    }
    Ok(value)
}

/// Reads a number.
///
/// # Errors
///
/// What is wrong with it, as a lowercase fragment.
pub fn number(text: &str) -> Result<Decimal, String> {
    let text = text.trim_matches(' ');
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if text.is_empty() {
        return Err("there is nothing".to_owned());
    }
    plain_digits(digits)?;
    text.parse()
        .map_err(|error: gonogo_model::DecimalError| match error {
            gonogo_model::DecimalError::TooLong => "it has too many digits".to_owned(),
            gonogo_model::DecimalError::NotANumber
                if digits
                    .strip_prefix('.')
                    .is_some_and(|d| d.starts_with(|c: char| c.is_ascii_digit())) =>
            {
                format!("write `0{}`", show::text(digits))
            }
            gonogo_model::DecimalError::NotANumber => {
                "a number is written in digits, such as 200 or 0.5".to_owned()
            }
        })
}

/// Refuses the forms of a number that other readers take for something else.
pub(super) fn plain_digits(digits: &str) -> Result<(), String> {
    let bytes = digits.as_bytes();
    let begins_with_digit = bytes.first().is_some_and(u8::is_ascii_digit);
    if begins_with_digit && digits.contains('_') {
        return Err("digits are written without `_`".to_owned());
    }
    if begins_with_digit && digits.contains(',') {
        return Err("digits are written without `,`, and a fraction with `.`".to_owned());
    }
    if let [b'0', second, ..] = bytes {
        if matches!(second, b'x' | b'X' | b'o' | b'O') {
            return Err("write it in decimal, not in hexadecimal or octal".to_owned());
        }
        if second.is_ascii_digit() {
            let plain = digits.trim_start_matches('0');
            let zero = if plain.starts_with(|c: char| c.is_ascii_digit()) {
                ""
            } else {
                "0"
            };
            let plain = show::text(&format!("{zero}{plain}"));
            return Err(format!(
                "some would read it as octal because of the leading zero; write `{plain}`"
            ));
        }
    }
    Ok(())
}
