//! Sizes.

use gonogo_model::Decimal;

use super::number::plain_digits;

/// Reads a size, in bytes: `512B`, `1.5 GB` (decimal), `2GiB` (binary).
///
/// # Errors
///
/// What is wrong with it, as a lowercase fragment.
pub fn size(text: &str) -> Result<Decimal, String> {
    let text = text.trim_matches(' ');
    if text.is_empty() {
        return Err("there is nothing".to_owned());
    }
    if text.starts_with('-') {
        return Err("a size is not negative".to_owned());
    }
    let end = text
        .find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '_' | ','))
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let unit = unit.trim_start_matches(' ');
    if digits.is_empty() {
        return Err("a size is a number and a unit, such as 512B, 20MB or 2GiB".to_owned());
    }
    plain_digits(digits)?;
    let number: Decimal = digits
        .parse()
        .map_err(|_| format!("`{digits}` is not a number"))?;
    if let Some((_, bytes)) = UNITS.iter().find(|(name, _)| *name == unit) {
        let size = number.times(*bytes);
        if !size.is_plain() {
            return Err("it has too many digits".to_owned());
        }
        return Ok(size);
    }
    Err(wrong_unit(digits, unit))
}

fn wrong_unit(digits: &str, unit: &str) -> String {
    if unit.is_empty() {
        return format!(
            "it has no unit; write `{digits}B`, `{digits}MB` (decimal) or `{digits}MiB` (binary)"
        );
    }
    let shown: String = unit
        .chars()
        .take(12)
        .flat_map(char::escape_default)
        .collect();
    let lower = unit.to_lowercase();
    let letter = lower.chars().next().unwrap_or_default();
    let (decimal, binary) = match letter {
        'k' => ("kB", "KiB"),
        'm' => ("MB", "MiB"),
        'g' => ("GB", "GiB"),
        't' => ("TB", "TiB"),
        'p' => ("PB", "PiB"),
        'b' => return format!("`{shown}` is no unit of size; did you mean `{digits}B`?"),
        _ => {
            return format!(
                "`{shown}` is no unit of size; there are B, kB, MB, GB, TB, PB and KiB, MiB, GiB, TiB, PiB"
            );
        }
    };
    match lower.get(1..) {
        Some("" | "b") => format!(
            "`{shown}` could mean two things; write `{digits}{decimal}` (decimal) or `{digits}{binary}` (binary)"
        ),
        Some("i" | "ib") => {
            format!("`{shown}` is no unit of size; did you mean `{digits}{binary}`?")
        }
        _ => format!(
            "`{shown}` is no unit of size; did you mean `{digits}{decimal}` or `{digits}{binary}`?"
        ),
    }
}

/// The units, in bytes.
const UNITS: &[(&str, u64)] = &[
    ("B", 1),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("PB", 1_000_000_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
    ("PiB", 1 << 50),
];
