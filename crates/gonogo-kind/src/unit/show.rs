//! Quantities and texts for people: `734ms`, `13d 4h`, `1.5GiB`, `83.2%`.
//!
//! What is shown is rounded and short, and can be read back by the functions of [`super`]; it is never
//! what is compared. Control characters are escaped, so that nothing a target sends can steer a terminal.

use gonogo_model::{Decimal, Value};

/// Shows seconds as a duration.
#[must_use]
pub fn duration(seconds: &Decimal) -> String {
    let sign = if seconds.is_negative() { "-" } else { "" };
    let whole = if seconds.is_negative() {
        seconds.clone().negated()
    } else {
        seconds.clone()
    };
    if whole.is_zero() {
        return "0s".to_owned();
    }
    let value = whole.approximate();
    if value < 60.0 {
        for (unit, places) in [("ns", 9), ("us", 6), ("ms", 3), ("s", 0)] {
            let scaled = whole.clone().shifted(places).approximate();
            let limit = if unit == "s" { 60.0 } else { 999.5 };
            if scaled < limit {
                return format!("{sign}{}{unit}", three_digits(scaled));
            }
        }
    }
    if value > 3e9 {
        // Beyond a hundred years nobody counts in days.
        return format!("{sign}{}s", shortened(&whole.to_string()));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be within 60..3e9"
    )]
    let total = value as u64;
    let parts = [
        (total / 86_400, "d"),
        (total / 3_600 % 24, "h"),
        (total / 60 % 60, "m"),
        (total % 60, "s"),
    ];
    let first = parts.iter().position(|(n, _)| *n > 0).unwrap_or(3);
    let shown: Vec<String> = parts[first..]
        .iter()
        .take(2)
        .filter(|(n, _)| *n > 0)
        .map(|(n, unit)| format!("{n}{unit}"))
        .collect();
    format!("{sign}{}", shown.join(" "))
}

/// Shows bytes as a size: decimal when that is exact and short, binary otherwise.
#[must_use]
pub fn size(bytes: &Decimal) -> String {
    let value = bytes.approximate();
    if !(0.0..1e18).contains(&value) {
        return format!("{}B", shortened(&bytes.to_string()));
    }
    for (unit, places) in [("kB", 3), ("MB", 6), ("GB", 9), ("TB", 12)] {
        let scaled = bytes.clone().shifted(-places);
        let digits = scaled.to_string();
        if (1.0..1000.0).contains(&scaled.approximate()) && digits.len() <= 4 {
            return format!("{digits}{unit}");
        }
    }
    let mut scaled = value;
    let mut unit = "B";
    for next in ["KiB", "MiB", "GiB", "TiB", "PiB"] {
        if scaled < 999.5 {
            break;
        }
        scaled /= 1024.0;
        unit = next;
    }
    format!("{}{unit}", three_digits(scaled))
}

/// Shows a ratio in percent.
#[must_use]
pub fn ratio(share: &Decimal) -> String {
    let percent = share.clone().shifted(2).approximate();
    if percent.is_finite() && percent.abs() < 1e6 {
        format!("{}%", trimmed(format!("{percent:.1}")))
    } else {
        // Without the sign, so much would not be a ratio.
        format!("{}%", shortened(&share.clone().shifted(2).to_string()))
    }
}

/// Shows a value of any type: quantities in units, texts escaped and shortened.
#[must_use]
pub fn value(value: &Value) -> String {
    match value {
        Value::Boolean(yes) => yes.to_string(),
        Value::Integer(number) | Value::Number(number) => shortened(&number.to_string()),
        Value::Text(text) => self::text(text),
        Value::Duration(seconds) => duration(seconds),
        Value::Size(bytes) => size(bytes),
        Value::Ratio(share) => ratio(share),
        Value::Version(version) => text(&version.to_string()),
        Value::Time(time) => time.to_string(),
        Value::List(items) => list(items.iter().map(self::value)),
        Value::Map(entries) => map(entries
            .iter()
            .map(|(name, entry)| format!("{}: {}", text(name), self::value(entry)))),
        Value::Json(json) => self::json(json),
    }
}

/// Shows a JSON document in one line.
///
/// A text inside is quoted where it could be taken for something else.
#[must_use]
pub fn json(json: &serde_json::Value) -> String {
    use serde_json::Value as Json;
    match json {
        Json::Null => "null".to_owned(),
        Json::Bool(yes) => yes.to_string(),
        Json::Number(number) => shortened(number.as_str()),
        Json::String(text) => quoted_if_needed(text),
        Json::Array(items) => list(items.iter().map(self::json)),
        Json::Object(entries) => map(entries
            .iter()
            .map(|(name, entry)| format!("{}: {}", quoted_if_needed(name), self::json(entry)))),
    }
}

/// Shows a text in one line: control characters escaped, shortened to some 200 characters.
#[must_use]
pub fn text(text: &str) -> String {
    if text.is_empty() {
        return "\"\"".to_owned();
    }
    shortened(&escaped(text))
}

/// Escapes whatever could steer a terminal or hide what is written: controls, line breaks, and the
/// marks that change the direction of writing.
#[must_use]
pub fn escaped(text: &str) -> String {
    // More than is ever shown is not escaped.
    let mut shown = String::with_capacity(text.len().min(LIMIT * 2));
    for c in text.chars().take(LIMIT + 1) {
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            c if is_hidden(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    shown
}

/// Cuts a text after 200 characters.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

/// Returns whether a character changes how others look, or is not seen itself.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn quoted_if_needed(text: &str) -> String {
    let plain = crate::node::Scalar {
        text: text.to_owned(),
        style: crate::node::ScalarStyle::Plain,
        secret: false,
    };
    let open = !text.is_empty()
        && text.len() <= LIMIT
        && super::core_schema(&plain).is_string()
        && text.trim() == text
        && !text.contains(['"', '\'', ',', ':', '[', ']', '{', '}', '#', '\\']);
    if open {
        escaped(text)
    } else {
        let inner = escaped(&text.replace('\\', "\\\\").replace('"', "\\\""));
        format!("\"{}\"", shortened(&inner))
    }
}

/// Shows a list in one line.
pub(crate) fn list(items: impl ExactSizeIterator<Item = String>) -> String {
    let items = joined(items);
    format!("[{items}]")
}

/// Shows a map in one line.
pub(crate) fn map(entries: impl ExactSizeIterator<Item = String>) -> String {
    let entries = joined(entries);
    if entries.is_empty() {
        "{}".to_owned()
    } else {
        format!("{{ {entries} }}")
    }
}

/// Joins parts with commas until there is enough of them.
fn joined(parts: impl ExactSizeIterator<Item = String>) -> String {
    let total = parts.len();
    let mut joined = String::new();
    for (i, part) in parts.enumerate() {
        if i > 0 {
            joined.push_str(", ");
        }
        if joined.chars().count() + part.chars().count() > LIMIT {
            joined.push_str(&format!("... {} more", total - i));
            break;
        }
        joined.push_str(&part);
    }
    joined
}

/// Shows at most three digits of a number between 0 and 1024.
fn three_digits(number: f64) -> String {
    let places = if number >= 99.95 {
        0
    } else if number >= 9.995 {
        1
    } else {
        2
    };
    trimmed(format!("{number:.places$}"))
}

fn trimmed(number: String) -> String {
    if number.contains('.') {
        number
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_owned()
    } else {
        number
    }
}

/// How many characters of a text are shown.
const LIMIT: usize = 200;
