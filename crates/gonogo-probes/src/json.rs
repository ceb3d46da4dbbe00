//! JSON that a target sent, read strictly.
//!
//! A document that two readers may understand in two ways proves nothing: a key that comes twice is
//! a mistake here, where most readers silently keep one of the values.

use std::fmt;

use serde_json::value::{Map, Number, Value};

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

/// Reads one JSON document; depth is limited, keys are unique, numbers keep all their digits.
///
/// # Errors
///
/// What is wrong with it and where, as a lowercase fragment.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value, String> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err("it is empty".to_owned());
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Strict.deserialize(&mut deserializer);
    value
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| error.to_string())
}

/// Builds a [`Value`] as `serde_json` does, but refuses a key that comes twice.
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Self)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if map.is_empty() && key == NUMBER {
                let digits: String = entries.next_value()?;
                return digits.parse().map(Value::Number).map_err(A::Error::custom);
            }
            if map.contains_key(&key) {
                let shown: String = key.chars().take(SHOWN).collect();
                let message = format!("the key `{}` comes twice", shown.escape_debug());
                return Err(A::Error::custom(message));
            }
            let value = entries.next_value_seed(Self)?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

/// How `serde_json` hands over a number of which every digit is kept: as a map with this one key.
const NUMBER: &str = "$serde_json::private::Number";
/// How much of a key a message shows.
const SHOWN: usize = 60;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn documents_are_read_as_they_stand() {
        for text in [
            "null",
            "true",
            "[]",
            "{}",
            "-0.50",
            "12345678901234567890123",
            r#"{"a":[1,{"b":"\u00e9"}],"c":1e+400}"#,
        ] {
            assert_eq!(
                parse(text.as_bytes()).unwrap().to_string(),
                text.replace("\\u00e9", "\u{e9}")
            );
        }
    }

    #[test]
    fn doubtful_documents_are_refused() {
        let deep = "[".repeat(200_000);
        for (text, why) in [
            ("", "it is empty"),
            (" \n", "it is empty"),
            (
                "{\"a\":1,\"a\":2}",
                "the key `a` comes twice at line 1 column 10",
            ),
            (
                "{\"x\":{\"a\":1,\"b\":{},\"a\":2}}",
                "the key `a` comes twice at line 1 column 22",
            ),
            ("{\"a\":1} x", "trailing characters at line 1 column 9"),
            ("<html>", "expected value at line 1 column 1"),
            ("{\"a\":", "EOF while parsing a value at line 1 column 5"),
            ("NaN", "expected value at line 1 column 1"),
            (
                deep.as_str(),
                "recursion limit exceeded at line 1 column 128",
            ),
        ] {
            assert_eq!(parse(text.as_bytes()).unwrap_err(), why);
        }
        assert!(parse(b"\"\xff\"").is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _read = parse(&bytes);
        }

        #[test]
        fn what_is_read_is_what_serde_json_reads(text in r#"[\[\]{}:,0-9eE.+"a-c -]{0,30}"#) {
            if let Ok(value) = parse(text.as_bytes()) {
                prop_assert_eq!(value, serde_json::from_str::<Value>(&text).unwrap());
            }
        }
    }
}
