//! Ids of checks and groups.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The id of a check or a group: `[a-z0-9][a-z0-9._-]*`, at most 200 characters.
///
/// Checks and groups share one space of ids. An instance of an `each` is named after it: `service.auth`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(Arc<str>);

/// Says why a text is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdError;

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id is a small letter or digit, then small letters, digits, '.', '_' or '-', 200 at most")
    }
}

impl std::error::Error for IdError {}

impl Id {
    /// Reads an id.
    ///
    /// # Errors
    ///
    /// [`IdError`] when the text has another form.
    pub fn new(text: &str) -> Result<Self, IdError> {
        let mut bytes = text.bytes();
        let first = bytes
            .next()
            .is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let rest = bytes.all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-'));
        if first && rest && text.len() <= MAX_LENGTH {
            Ok(Self(text.into()))
        } else {
            Err(IdError)
        }
    }

    /// Returns the id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).map_err(serde::de::Error::custom)
    }
}

const MAX_LENGTH: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_one_form() {
        for good in ["a", "0", "service.auth", "edge-cert_2"] {
            assert_eq!(Id::new(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "A",
            ".a",
            "-a",
            "a b",
            "a/b",
            "\u{430}",
            "a\u{1b}",
            &"a".repeat(201),
        ] {
            assert_eq!(Id::new(bad), Err(IdError), "{bad}");
        }
    }
}
