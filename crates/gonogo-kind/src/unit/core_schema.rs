//! The core schema of YAML 1.2: which type a scalar has that nobody declared.

use serde_json::{Number, Value as Json};

use crate::node::{Scalar, ScalarStyle};

/// Reads a scalar by the core schema of YAML 1.2.
///
/// Quoted scalars and blocks are text. Numbers keep all their digits. JSON has no infinities and no
/// NaN, and a hexadecimal or octal number beyond 128 bits is nobody's threshold: these stay text.
#[must_use]
pub fn core_schema(scalar: &Scalar) -> Json {
    let text = scalar.text.as_str();
    if scalar.style != ScalarStyle::Plain {
        return Json::String(text.to_owned());
    }
    if scalar.is_null() {
        return Json::Null;
    }
    match text {
        "true" | "True" | "TRUE" => Json::Bool(true),
        "false" | "False" | "FALSE" => Json::Bool(false),
        _ => match json_number(text) {
            Some(number) => Json::Number(Number::from_string_unchecked(number)),
            None => Json::String(text.to_owned()),
        },
    }
}

/// Returns a number of the core schema in the syntax of JSON, with all its digits.
fn json_number(text: &str) -> Option<String> {
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            let all_digits = digits.chars().all(|c| c.is_digit(radix));
            let number = u128::from_str_radix(digits, radix).ok();
            return number.filter(|_| all_digits).map(|n| n.to_string());
        }
    }
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (rest, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits_only = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if !digits_only(whole) || !digits_only(fraction) || whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut number = format!("{sign}{}", whole.trim_start_matches('0'));
    if number.len() == sign.len() {
        number.push('0');
    }
    if !fraction.is_empty() {
        number.push('.');
        number.push_str(fraction);
    }
    if let Some(exponent) = exponent {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        if digits.is_empty() || !digits_only(digits) {
            return None;
        }
        number.push('e');
        number.push_str(exponent);
    }
    Some(number)
}
