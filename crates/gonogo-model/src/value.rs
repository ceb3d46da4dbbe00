//! Values of facts.

use std::cmp::Ordering;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Decimal;

mod display;

/// A value that a probe observed, in base units: seconds, bytes, ratios 0..1, RFC 3339.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Yes or no.
    Boolean(bool),
    /// A whole number.
    Integer(Decimal),
    /// A number.
    Number(Decimal),
    /// Text as it was received; not yet escaped for any output.
    Text(String),
    /// A span of time in seconds, negative when it lies in the past.
    Duration(Decimal),
    /// A size in bytes.
    Size(Decimal),
    /// A share of a whole, 0..1.
    Ratio(Decimal),
    /// A version such as `15.4`.
    Version(Version),
    /// A point in time.
    Time(Timestamp),
    /// Several values in the order they were observed.
    List(Vec<Self>),
    /// Named values, in the order they were observed; a name may come twice (header fields).
    Map(Vec<(String, Self)>),
    /// A JSON document, numbers with all their digits.
    Json(serde_json::Value),
}

impl Value {
    /// Returns a text value.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Returns a whole number.
    pub fn integer(number: impl Into<Decimal>) -> Self {
        Self::Integer(number.into())
    }

    /// Returns a duration.
    #[must_use]
    pub fn duration(duration: std::time::Duration) -> Self {
        Self::Duration(duration.into())
    }

    /// Returns a size in bytes.
    pub fn size(bytes: impl Into<Decimal>) -> Self {
        Self::Size(bytes.into())
    }

    /// Returns a list of texts.
    pub fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::List(texts.into_iter().map(|t| Self::Text(t.into())).collect())
    }

    /// Returns the value as it stands in a JSON report, in base units.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        let number =
            |n: &Decimal| Json::Number(serde_json::Number::from_string_unchecked(n.to_string()));
        match self {
            Self::Boolean(value) => Json::Bool(*value),
            Self::Integer(n)
            | Self::Number(n)
            | Self::Duration(n)
            | Self::Size(n)
            | Self::Ratio(n) => number(n),
            Self::Text(text) => Json::String(text.clone()),
            Self::Version(version) => Json::String(version.to_string()),
            Self::Time(time) => Json::String(time.to_string()),
            Self::List(values) => Json::Array(values.iter().map(Self::to_json).collect()),
            Self::Map(entries) => map_to_json(entries),
            Self::Json(json) => json.clone(),
        }
    }
}

/// Writes a map as an object; a name that comes twice becomes a list of its values.
fn map_to_json(entries: &[(String, Value)]) -> serde_json::Value {
    use serde_json::Value as Json;
    let mut object = serde_json::Map::new();
    for (name, value) in entries {
        let value = value.to_json();
        match object.get_mut(name) {
            Some(Json::Array(values)) => values.push(value),
            Some(first) => *first = Json::Array(vec![first.take(), value]),
            None => {
                object.insert(name.clone(), value);
            }
        }
    }
    Json::Object(object)
}

/// A version: numbers between dots, and whatever follows them.
///
/// Compared number by number, missing ones as zero (`15` = `15.0` < `15.4` < `16`); a suffix makes a
/// version older than the same without (`16beta1` < `16`), as in Semantic Versioning.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Version {
    numbers: Vec<Decimal>,
    suffix: String,
}

impl Version {
    /// Reads a version from the start of a text: `15.4 (Debian 15.4-1)` is `15.4`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().strip_prefix('v').unwrap_or(text.trim());
        let word = text.split([' ', '(', ',']).next()?;
        let end = word
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(word.len());
        let (numbers, suffix) = word.split_at(end);
        let numbers = numbers.strip_suffix('.').unwrap_or(numbers);
        let numbers: Option<Vec<Decimal>> = numbers.split('.').map(|n| n.parse().ok()).collect();
        Some(Self {
            numbers: numbers?,
            suffix: suffix.to_owned(),
        })
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let length = self.numbers.len().max(other.numbers.len());
        let at = |v: &Self, i: usize| v.numbers.get(i).cloned().unwrap_or(Decimal::ZERO);
        (0..length)
            .map(|i| at(self, i).cmp(&at(other, i)))
            .find(|o| o.is_ne())
            .unwrap_or_else(|| match (self.suffix.is_empty(), other.suffix.is_empty()) {
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (true, true) | (false, false) => self.suffix.cmp(&other.suffix),
            })
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Version {}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, number) in self.numbers.iter().enumerate() {
            if i > 0 {
                f.write_str(".")?;
            }
            // In `15e71` the exponent would read as a suffix. A number has no more zeros than were written.
            f.write_str(&number.plain())?;
        }
        f.write_str(&self.suffix)
    }
}

impl From<Version> for String {
    fn from(version: Version) -> Self {
        version.to_string()
    }
}

impl TryFrom<String> for Version {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a version")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_of_many_zeros_is_written_as_it_is_read() {
        let text = format!("1.5{}rc1", "0".repeat(70));
        let version = Version::parse(&text).unwrap();
        assert_eq!(version.to_string(), text);
        assert_eq!(Version::parse(&version.to_string()), Some(version));
    }

    #[test]
    fn versions_compare_number_by_number() {
        let ordered = ["9.6", "15", "15.4", "15.10", "16beta1", "16", "16.0.1"];
        for (i, left) in ordered.iter().enumerate() {
            for (j, right) in ordered.iter().enumerate() {
                let (l, r) = (
                    Version::parse(left).unwrap(),
                    Version::parse(right).unwrap(),
                );
                assert_eq!(l.cmp(&r), i.cmp(&j), "{left} {right}");
            }
        }
        assert_eq!(Version::parse("15"), Version::parse("15.0"));
        assert_eq!(
            Version::parse("15.18 (Debian 15.18-0+deb12u1)")
                .unwrap()
                .to_string(),
            "15.18"
        );
        assert!(Version::parse("latest").is_none());
    }

    #[test]
    fn a_header_that_comes_twice_is_a_list_in_json() {
        let map = Value::Map(vec![
            ("a".into(), Value::text("1")),
            ("b".into(), Value::text("2")),
            ("a".into(), Value::text("3")),
        ]);
        assert_eq!(
            map.to_json(),
            serde_json::json!({"a": ["1", "3"], "b": "2"})
        );
    }
}
