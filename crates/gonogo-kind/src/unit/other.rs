//! Versions, points in time, and switches.

use gonogo_model::Version;
use jiff::Timestamp;

/// Reads a version: numbers between dots, maybe a suffix: `15.4`, `v1.2.3-rc1`.
///
/// # Errors
///
/// What is wrong with it, as a lowercase fragment.
pub fn version(text: &str) -> Result<Version, String> {
    let text = text.trim_matches(' ');
    let bare = text.strip_prefix('v').unwrap_or(text);
    let end = bare
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(bare.len());
    let (numbers, suffix) = bare.split_at(end);
    if suffix == "x" || suffix == "*" || numbers.ends_with('.') && !numbers.is_empty() {
        return Err("write the version out, or a range such as `15..15.99`".to_owned());
    }
    let good_numbers = numbers.split('.').all(|n| !n.is_empty());
    let good_suffix = suffix.is_empty()
        || suffix.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '-' | '+' | '~'))
            && suffix
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '~' | '.' | ':'));
    if !good_numbers || !good_suffix {
        return Err("a version is numbers between dots, such as 15.4".to_owned());
    }
    Version::parse(text).ok_or_else(|| "it has too many digits".to_owned())
}

/// Reads a point in time, RFC 3339 with its zone: `2027-01-31T00:00:00Z`.
///
/// # Errors
///
/// What is wrong with it, as a lowercase fragment.
pub fn time(text: &str) -> Result<Timestamp, String> {
    let text = text.trim_matches(' ');
    text.parse().map_err(|_| {
        "a time is a date, a time of day and a zone, such as 2027-01-31T00:00:00Z".to_owned()
    })
}

/// Reads a switch: `true` or `false`.
///
/// # Errors
///
/// What is wrong with it, as a lowercase fragment.
pub fn boolean(text: &str) -> Result<bool, String> {
    match text.trim_matches(' ') {
        "true" | "True" | "TRUE" => Ok(true),
        "false" | "False" | "FALSE" => Ok(false),
        other => Err(match meant_boolean(other) {
            Some(meant) => format!("YAML 1.2 knows no yes and no, on and off; write `{meant}`"),
            None => "it is true or false".to_owned(),
        }),
    }
}

/// Returns the switch that YAML 1.1 made of a word: `yes`, `Off`.
#[must_use]
pub fn meant_boolean(text: &str) -> Option<&'static str> {
    match text.trim_matches(' ').to_lowercase().as_str() {
        "yes" | "on" | "y" => Some("true"),
        "no" | "off" | "n" => Some("false"),
        _ => None,
    }
}
