//! Values while a condition is evaluated; what a probe observed is looked at where it is.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

use gonogo_model::{Decimal, Value, Version};
use jiff::Timestamp;
use serde_json::Value as Json;

use super::exact::Exact;
use crate::unit::show;

/// A value.
#[derive(Debug, Clone)]
pub(super) enum Val<'v> {
    Null,
    Boolean(bool),
    Quantity(Dimension, Exact),
    /// A number with more digits than any has here; nothing is equal to it.
    TooLong,
    Text(Text<'v>),
    Version(Cow<'v, Version>),
    Time(Timestamp),
    List(Items<'v>),
    Map(Entries<'v>),
}

/// A text, cheap to pass on.
#[derive(Debug, Clone)]
pub(super) enum Text<'v> {
    Seen(&'v str),
    Made(Arc<str>),
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Seen(text) => text,
            Self::Made(text) => text,
        }
    }
}

/// What a quantity measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dimension {
    Number,
    Duration,
    Size,
    Ratio,
}

/// The parts of a list.
#[derive(Debug, Clone)]
pub(super) enum Items<'v> {
    Observed(&'v [Value]),
    Json(&'v [Json]),
    Made(Arc<Vec<Val<'v>>>),
}

/// The parts of a map.
#[derive(Debug, Clone)]
pub(super) enum Entries<'v> {
    Observed(&'v [(String, Value)]),
    /// Names in any case, each with one or more values.
    Headers(&'v [(String, Value)]),
    Json(&'v serde_json::Map<String, Json>),
    Made(Arc<Vec<(Val<'v>, Val<'v>)>>),
}

impl<'v> Val<'v> {
    /// Returns the view of an observed value.
    pub(super) fn of(value: &'v Value) -> Self {
        let quantity =
            |dimension, number: &Decimal| Self::Quantity(dimension, number.clone().into());
        match value {
            Value::Boolean(yes) => Self::Boolean(*yes),
            Value::Integer(n) | Value::Number(n) => quantity(Dimension::Number, n),
            Value::Text(text) => Self::Text(Text::Seen(text)),
            Value::Duration(n) => quantity(Dimension::Duration, n),
            Value::Size(n) => quantity(Dimension::Size, n),
            Value::Ratio(n) => quantity(Dimension::Ratio, n),
            Value::Version(version) => Self::Version(Cow::Borrowed(version)),
            Value::Time(time) => Self::Time(*time),
            Value::List(items) => Self::List(Items::Observed(items)),
            Value::Map(entries) => Self::Map(Entries::Observed(entries)),
            Value::Json(json) => Self::json(json),
        }
    }

    /// Returns the view of a part of a JSON document.
    pub(super) fn json(json: &'v Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(yes) => Self::Boolean(*yes),
            Json::Number(number) => match number.as_str().parse::<Decimal>() {
                Ok(number) => Self::number(number),
                Err(_) => Self::TooLong,
            },
            Json::String(text) => Self::Text(Text::Seen(text)),
            Json::Array(items) => Self::List(Items::Json(items)),
            Json::Object(entries) => Self::Map(Entries::Json(entries)),
        }
    }

    /// Returns a number.
    pub(super) fn number(number: impl Into<Exact>) -> Self {
        Self::Quantity(Dimension::Number, number.into())
    }

    /// Returns a length.
    pub(super) fn length(length: usize) -> Self {
        Self::number(Decimal::from(u64::try_from(length).unwrap_or(u64::MAX)))
    }

    /// Returns a text.
    pub(super) fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(Text::Made(text.into()))
    }

    /// Says what it is, with its article.
    pub(super) const fn describe(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Quantity(Dimension::Number, _) => "a number",
            Self::Quantity(Dimension::Duration, _) => "a duration",
            Self::Quantity(Dimension::Size, _) => "a size",
            Self::Quantity(Dimension::Ratio, _) => "a ratio",
            Self::TooLong => "a number of too many digits",
            Self::Text(_) => "text",
            Self::Version(_) => "a version",
            Self::Time(_) => "a time",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }

    /// Shows it with its type, where a value may be taken for one of another type.
    pub(super) fn show_with_type(&self) -> String {
        match self {
            Self::Null | Self::TooLong | Self::List(_) | Self::Map(_) => self.show(),
            Self::Quantity(_, number) if number.as_decimal().is_none() => self.show(),
            Self::Text(_)
            | Self::Boolean(_)
            | Self::Quantity(..)
            | Self::Version(_)
            | Self::Time(_) => {
                let what = self.describe();
                format!("{} ({what})", self.show())
            }
        }
    }

    /// Shows it to people, the parts of a list or map included.
    pub(super) fn show_whole(&self) -> String {
        match self {
            Self::List(Items::Observed(items)) => show::list(items.iter().map(show::value)),
            Self::List(Items::Json(items)) => show::list(items.iter().map(show::json)),
            Self::Map(Entries::Observed(entries) | Entries::Headers(entries)) => {
                let entry = |(name, value): &(String, Value)| {
                    format!("{}: {}", show::text(name), show::value(value))
                };
                show::map(entries.iter().map(entry))
            }
            Self::Map(Entries::Json(entries)) => show::map(
                entries
                    .iter()
                    .map(|(name, value)| format!("{}: {}", show::text(name), show::json(value))),
            ),
            _ => self.show(),
        }
    }

    /// Returns what it costs to pass it on, in steps.
    pub(super) fn weight(&self) -> u64 {
        match self {
            Self::Quantity(_, number) => number.digits() as u64 / 64,
            _ => 0,
        }
    }

    /// Returns what it costs to look through it, in steps.
    pub(super) fn scanned(&self) -> u64 {
        match self {
            Self::Text(text) => text.len() as u64 / 64,
            Self::Map(entries) => entries.len() as u64 / 16,
            _ => 0,
        }
    }

    /// Shows it to people.
    pub(super) fn show(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Boolean(yes) => yes.to_string(),
            Self::Quantity(dimension, number) => match number.as_decimal().cloned() {
                Some(n) => show::value(&match dimension {
                    Dimension::Number => Value::Number(n),
                    Dimension::Duration => Value::Duration(n),
                    Dimension::Size => Value::Size(n),
                    Dimension::Ratio => Value::Ratio(n),
                }),
                None => self.describe().to_owned(),
            },
            Self::TooLong => self.describe().to_owned(),
            Self::Text(text) => {
                let start: String = text.chars().take(201).collect();
                show::json(&Json::String(start))
            }
            Self::Version(version) => show::text(&version.to_string()),
            Self::Time(time) => time.to_string(),
            Self::List(items) => format!("a list of {}", items.len()),
            Self::Map(entries) => format!("a map of {}", entries.len()),
        }
    }
}

impl<'v> Items<'v> {
    /// Returns how many there are.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Observed(items) => items.len(),
            Self::Json(items) => items.len(),
            Self::Made(items) => items.len(),
        }
    }

    /// Returns one of them.
    pub(super) fn get(&self, at: usize) -> Option<Val<'v>> {
        match self {
            Self::Observed(items) => items.get(at).map(Val::of),
            Self::Json(items) => items.get(at).map(Val::json),
            Self::Made(items) => items.get(at).cloned(),
        }
    }

    /// Returns all of them, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = Val<'v>> {
        (0..self.len()).filter_map(|at| self.get(at))
    }
}

/// What a map has under a key.
#[derive(Debug)]
pub(super) enum Entry<'v> {
    Value(Val<'v>),
    Missing,
    /// A header field with this many values.
    Several(usize),
}

impl<'v> Entries<'v> {
    /// Returns how many there are.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Observed(entries) | Self::Headers(entries) => entries.len(),
            Self::Json(entries) => entries.len(),
            Self::Made(entries) => entries.len(),
        }
    }

    /// Returns the value under a name.
    pub(super) fn get(&self, name: &str) -> Entry<'v> {
        let found = match self {
            Self::Observed(entries) => entries
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, v)| Val::of(v)),
            Self::Headers(_) => {
                let mut values = self.values(name);
                return match (values.pop(), values.len()) {
                    (Some(only), 0) => Entry::Value(only),
                    (Some(_), others) => Entry::Several(others + 1),
                    (None, _) => Entry::Missing,
                };
            }
            Self::Json(entries) => entries.get(name).map(Val::json),
            Self::Made(entries) => entries
                .iter()
                .find(|(key, _)| matches!(key, Val::Text(key) if **key == *name))
                .map(|(_, value)| value.clone()),
        };
        found.map_or(Entry::Missing, Entry::Value)
    }

    /// Returns every value of a header field.
    pub(super) fn values(&self, name: &str) -> Vec<Val<'v>> {
        match self {
            Self::Headers(entries) => entries
                .iter()
                .filter(|(key, _)| key.eq_ignore_ascii_case(name))
                .map(|(_, value)| Val::of(value))
                .collect(),
            Self::Observed(_) | Self::Json(_) | Self::Made(_) => match self.get(name) {
                Entry::Value(value) => vec![value],
                Entry::Missing | Entry::Several(_) => Vec::new(),
            },
        }
    }

    /// Returns the keys, in order.
    pub(super) fn keys(&self) -> Vec<Val<'v>> {
        let text = |key: &'v String| Val::Text(Text::Seen(key));
        match self {
            Self::Observed(entries) | Self::Headers(entries) => {
                entries.iter().map(|(key, _)| text(key)).collect()
            }
            Self::Json(entries) => entries.keys().map(text).collect(),
            Self::Made(entries) => entries.iter().map(|(key, _)| key.clone()).collect(),
        }
    }
}
