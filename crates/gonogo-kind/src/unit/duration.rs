//! Spans of time.

use std::time::Duration;

use gonogo_model::Decimal;

use super::number::plain_digits;

/// Reads a duration, in seconds: `500ms`, `2 s`, `1h30m`, `-3d`.
///
/// # Errors
///
/// What is wrong with it, as a lowercase fragment.
pub fn duration(text: &str) -> Result<Decimal, String> {
    let text = text.trim_matches(' ');
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    if rest.is_empty() {
        return Err("there is nothing".to_owned());
    }
    let mut nanos = Decimal::ZERO;
    let mut last_unit = usize::MAX;
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '_' | ','))
            .unwrap_or(rest.len());
        let (digits, tail) = rest.split_at(end);
        let tail = tail.trim_start_matches(' ');
        let end = tail
            .find(|c: char| c.is_ascii_digit() || c == ' ')
            .unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(end);
        let first = last_unit == usize::MAX;
        let (place, factor) = check_part(digits, unit, first)?;
        if place >= last_unit {
            return Err("each unit comes once, the largest first".to_owned());
        }
        last_unit = place;
        let number: Decimal = digits
            .parse()
            .map_err(|_| format!("`{digits}` is not a number"))?;
        nanos = nanos.minus(&number.times(factor).negated());
        if nanos > Decimal::scaled(1, MAX_POWER) {
            return Err("it is too long".to_owned());
        }
        rest = tail.trim_start_matches(' ');
    }
    let seconds = nanos.shifted(-9);
    Ok(if negative { seconds.negated() } else { seconds })
}

/// Returns the duration that is meant beyond doubt by one in words: `5m` for `5 minutes`.
#[must_use]
pub fn meant_duration(text: &str) -> Option<String> {
    let mut meant_text = String::new();
    let mut rest = text.trim_matches(' ');
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, tail) = rest.split_at(digits);
        let tail = tail.trim_start_matches(' ');
        let end = tail.find(|c: char| !c.is_ascii_alphabetic());
        let (unit, tail) = tail.split_at(end.unwrap_or(tail.len()));
        let known = UNITS.iter().find(|(name, _)| *name == unit);
        // `5M` may be minutes as well as milliseconds to its author.
        let unit = match known {
            Some((name, _)) => name,
            None => meant(unit).filter(|_| unit.len() > 2)?,
        };
        meant_text.push_str(number);
        meant_text.push_str(unit);
        rest = tail.trim_start_matches(' ');
    }
    duration(&meant_text).is_ok().then_some(meant_text)
}

/// Returns seconds as a duration of the standard library, if they fit.
#[must_use]
pub fn to_std_duration(seconds: &Decimal) -> Option<Duration> {
    let nanos = seconds.clone().shifted(9).to_i128()?;
    Some(Duration::from_nanos(u64::try_from(nanos).ok()?))
}

/// Checks one number with its unit; returns the unit's rank and how many nanoseconds it has.
fn check_part(digits: &str, unit: &str, first: bool) -> Result<(usize, u64), String> {
    if digits.is_empty() {
        return Err(
            "a duration is a number and a unit, such as 500ms, 30s, 1h30m or 14d".to_owned(),
        );
    }
    if first {
        plain_digits(digits)?;
    }
    if unit.is_empty() {
        return Err(format!(
            "it has no unit; write `{digits}ms`, `{digits}s`, `{digits}m`, `{digits}h` or `{digits}d`"
        ));
    }
    let unit = match unit {
        "\u{b5}s" | "\u{3bc}s" => "us",
        other => other,
    };
    if let Some(place) = UNITS.iter().position(|(name, _)| *name == unit) {
        return Ok((place, UNITS[place].1));
    }
    let shown: String = unit
        .chars()
        .take(12)
        .flat_map(char::escape_default)
        .collect();
    Err(match meant(unit) {
        Some(meant) => format!("`{shown}` is no unit of time; did you mean `{digits}{meant}`?"),
        None if unit.to_lowercase().starts_with('y') || unit.to_lowercase().starts_with("mo") => {
            format!("a `{shown}` has no fixed length; count it in days, `d`")
        }
        None => format!("`{shown}` is no unit of time; there are ns, us, ms, s, m, h, d and w"),
    })
}

/// Returns the unit that was meant by another word for it.
fn meant(unit: &str) -> Option<&'static str> {
    let lower = unit.to_lowercase();
    Some(match lower.strip_suffix('s').unwrap_or(&lower) {
        "msec" | "milli" | "millisecond" | "m" => "ms",
        "usec" | "micro" | "microsecond" => "us",
        "nsec" | "nano" | "nanosecond" => "ns",
        "" | "sec" | "second" => "s",
        "min" | "minute" => "m",
        "h" | "hr" | "hour" => "h",
        "d" | "day" => "d",
        "w" | "wk" | "week" => "w",
        _ => return None,
    })
}

/// The units, smallest first, in nanoseconds.
const UNITS: &[(&str, u64)] = &[
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
    ("w", 604_800_000_000_000),
];
/// Some 30 million years, in nanoseconds, as a power of ten.
const MAX_POWER: i64 = 24;
