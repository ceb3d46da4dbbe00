//! Values as people read them, in units; not escaped for any output.

use std::fmt;

use super::Value;
use crate::{Reading, quantity};

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Integer(n) | Self::Number(n) => write!(f, "{n}"),
            Self::Text(text) if text.is_empty() => f.write_str("\"\""),
            Self::Text(text) => f.write_str(text),
            Self::Duration(seconds) => f.write_str(&quantity::duration(seconds)),
            Self::Size(bytes) => f.write_str(&quantity::size(bytes)),
            Self::Ratio(share) => f.write_str(&quantity::ratio(share)),
            Self::Version(version) => write!(f, "{version}"),
            Self::Time(time) => write!(f, "{time}"),
            Self::List(values) => {
                f.write_str("[")?;
                for (i, value) in values.iter().enumerate() {
                    f.write_str(if i > 0 { ", " } else { "" })?;
                    value.fmt(f)?;
                }
                f.write_str("]")
            }
            Self::Map(entries) => {
                f.write_str("{")?;
                for (i, (name, value)) in entries.iter().enumerate() {
                    f.write_str(if i > 0 { ", " } else { "" })?;
                    write!(f, "{name}: {value}")?;
                }
                f.write_str("}")
            }
            Self::Json(json) => write!(f, "{json}"),
        }
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => value.fmt(f),
            Self::Absent => f.write_str("absent"),
            Self::Unreadable { .. } => f.write_str("not read"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_in_units() {
        for (value, shown) in [
            (Value::text(""), "\"\""),
            (Value::text("primary"), "primary"),
            (Value::integer(200_u16), "200"),
            (
                Value::duration(std::time::Duration::from_millis(734)),
                "734ms",
            ),
            (Value::texts(["a", "b"]), "[a, b]"),
            (
                Value::Map(vec![("a".to_owned(), Value::size(2048_u32))]),
                "{a: 2KiB}",
            ),
            (
                Value::Json(serde_json::json!({"a": [1, null]})),
                "{\"a\":[1,null]}",
            ),
        ] {
            assert_eq!(value.to_string(), shown);
        }
        assert_eq!(Reading::Absent.to_string(), "absent");
    }
}
