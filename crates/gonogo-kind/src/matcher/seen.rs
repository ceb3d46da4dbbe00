//! One way to look at values, whether a probe typed them or a JSON document holds them.

use std::cmp::Ordering;

use gonogo_model::{Decimal, Value, Version};
use jiff::Timestamp;
use serde_json::Value as Json;

use super::answer::Answer;
use crate::unit::show;

/// A value as a rule sees it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Seen<'a> {
    /// A value that a probe typed.
    Value(&'a Value),
    /// A part of a JSON document.
    Json(&'a Json),
    /// What a path or a header name selected.
    Several(&'a [Self]),
}

/// What a value is, as far as comparing goes.
#[derive(Debug)]
pub(super) enum Leaf<'a> {
    Null,
    Boolean(bool),
    Quantity(Dimension, Decimal),
    Text(&'a str),
    Version(&'a Version),
    Time(Timestamp),
    List,
    Map,
}

/// What a quantity measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dimension {
    Number,
    Duration,
    Size,
    Ratio,
}

impl<'a> Seen<'a> {
    /// Returns the view of a value.
    pub(super) const fn of(value: &'a Value) -> Self {
        match value {
            Value::Json(json) => Self::Json(json),
            _ => Self::Value(value),
        }
    }

    /// Returns what the value is; a number beyond what can be compared is none.
    pub(super) fn leaf(self) -> Option<Leaf<'a>> {
        Some(match self {
            Self::Value(value) => match value {
                Value::Boolean(yes) => Leaf::Boolean(*yes),
                Value::Integer(n) | Value::Number(n) => {
                    Leaf::Quantity(Dimension::Number, n.clone())
                }
                Value::Text(text) => Leaf::Text(text),
                Value::Duration(n) => Leaf::Quantity(Dimension::Duration, n.clone()),
                Value::Size(n) => Leaf::Quantity(Dimension::Size, n.clone()),
                Value::Ratio(n) => Leaf::Quantity(Dimension::Ratio, n.clone()),
                Value::Version(version) => Leaf::Version(version),
                Value::Time(time) => Leaf::Time(*time),
                Value::List(_) => Leaf::List,
                Value::Map(_) => Leaf::Map,
                Value::Json(json) => return Seen::Json(json).leaf(),
            },
            Self::Json(json) => match json {
                Json::Null => Leaf::Null,
                Json::Bool(yes) => Leaf::Boolean(*yes),
                Json::Number(n) => Leaf::Quantity(Dimension::Number, n.as_str().parse().ok()?),
                Json::String(text) => Leaf::Text(text),
                Json::Array(_) => Leaf::List,
                Json::Object(_) => Leaf::Map,
            },
            Self::Several(_) => Leaf::List,
        })
    }

    /// Returns the text, if it is one.
    pub(super) const fn text(self) -> Option<&'a str> {
        match self {
            Self::Value(Value::Text(text)) | Self::Json(Json::String(text)) => Some(text.as_str()),
            _ => None,
        }
    }

    /// Returns the parts of a list.
    pub(super) fn items(self) -> Option<Vec<Self>> {
        match self {
            Self::Value(Value::List(items)) => Some(items.iter().map(Seen::of).collect()),
            Self::Value(Value::Json(json)) => Seen::Json(json).items(),
            Self::Json(Json::Array(items)) => Some(items.iter().map(Seen::Json).collect()),
            Self::Several(items) => Some(items.to_vec()),
            Self::Value(_) | Self::Json(_) => None,
        }
    }

    /// Returns the parts of a map.
    pub(super) fn entries(self) -> Option<Vec<(&'a str, Self)>> {
        match self {
            Self::Value(Value::Map(entries)) => Some(
                entries
                    .iter()
                    .map(|(name, value)| (name.as_str(), Seen::of(value)))
                    .collect(),
            ),
            Self::Value(Value::Json(json)) => Seen::Json(json).entries(),
            Self::Json(Json::Object(entries)) => Some(
                entries
                    .iter()
                    .map(|(name, value)| (name.as_str(), Seen::Json(value)))
                    .collect(),
            ),
            Self::Value(_) | Self::Json(_) | Self::Several(_) => None,
        }
    }

    /// Returns how long it is: characters of a text, parts of a list or map.
    pub(super) fn length(self) -> Option<usize> {
        match self {
            Self::Several(items) => Some(items.len()),
            Self::Value(Value::List(items)) => Some(items.len()),
            Self::Value(Value::Map(entries)) => Some(entries.len()),
            Self::Value(Value::Json(json)) => Seen::Json(json).length(),
            Self::Json(Json::Array(items)) => Some(items.len()),
            Self::Json(Json::Object(entries)) => Some(entries.len()),
            Self::Value(_) | Self::Json(_) => self.text().map(|text| text.chars().count()),
        }
    }

    /// Returns whether it equals what was wanted; values of different types are no answer.
    pub(super) fn equals(self, wanted: Seen<'_>) -> Answer {
        let (Some(seen), Some(wanted_leaf)) = (self.leaf(), wanted.leaf()) else {
            return Answer::Moot;
        };
        match (seen, wanted_leaf) {
            (Leaf::Null, Leaf::Null) => Answer::Yes,
            // Whatever is there is not null, whichever type it has.
            (_, Leaf::Null) => Answer::No,
            (Leaf::Boolean(seen), Leaf::Boolean(wanted)) => Answer::from_bool(seen == wanted),
            (Leaf::Text(seen), Leaf::Text(wanted)) => Answer::from_bool(seen == wanted),
            (Leaf::List, Leaf::List) => equal_lists(self, wanted),
            (Leaf::Map, Leaf::Map) => equal_maps(self, wanted),
            _ => self
                .order(wanted)
                .map_or(Answer::Moot, |order| Answer::from_bool(order.is_eq())),
        }
    }

    /// Returns how it compares with a bound, if both are quantities of one dimension.
    pub(super) fn order(self, bound: Seen<'_>) -> Option<Ordering> {
        match (self.leaf()?, bound.leaf()?) {
            (Leaf::Quantity(seen, n), Leaf::Quantity(wanted, bound)) if seen == wanted => {
                Some(n.cmp(&bound))
            }
            (Leaf::Version(seen), Leaf::Version(bound)) => Some(seen.cmp(bound)),
            (Leaf::Time(seen), Leaf::Time(bound)) => Some(seen.cmp(&bound)),
            _ => None,
        }
    }

    /// Shows it to people.
    pub(super) fn show(self) -> String {
        match self {
            Self::Value(value) => show::value(value),
            Self::Json(Json::String(text)) => show::text(text),
            Self::Json(json) => show::json(json),
            Self::Several(items) => show::list(items.iter().map(|item| item.show())),
        }
    }

    /// Says what it is, with its article.
    pub(super) fn describe(self) -> &'static str {
        match self.leaf() {
            Some(Leaf::Null) => "null",
            Some(Leaf::Boolean(_)) => "a boolean",
            Some(Leaf::Quantity(Dimension::Number, _)) | None => "a number",
            Some(Leaf::Quantity(Dimension::Duration, _)) => "a duration",
            Some(Leaf::Quantity(Dimension::Size, _)) => "a size",
            Some(Leaf::Quantity(Dimension::Ratio, _)) => "a ratio",
            Some(Leaf::Text(_)) => "text",
            Some(Leaf::Version(_)) => "a version",
            Some(Leaf::Time(_)) => "a time",
            Some(Leaf::List) => "a list",
            Some(Leaf::Map) => "a map",
        }
    }
}

fn equal_lists(seen: Seen<'_>, wanted: Seen<'_>) -> Answer {
    let (seen, wanted) = (
        seen.items().unwrap_or_default(),
        wanted.items().unwrap_or_default(),
    );
    if seen.len() != wanted.len() {
        return Answer::No;
    }
    if seen.is_empty() {
        return Answer::Yes;
    }
    Answer::all(seen.iter().zip(wanted).map(|(s, w)| s.equals(w)))
}

fn equal_maps(seen: Seen<'_>, wanted: Seen<'_>) -> Answer {
    let (seen, wanted) = (
        seen.entries().unwrap_or_default(),
        wanted.entries().unwrap_or_default(),
    );
    if seen.len() != wanted.len() {
        return Answer::No;
    }
    if seen.is_empty() {
        return Answer::Yes;
    }
    let mut answers = Vec::with_capacity(wanted.len());
    for (name, wanted) in wanted {
        match seen.iter().find(|(known, _)| *known == name) {
            Some((_, seen)) => answers.push(seen.equals(wanted)),
            None => return Answer::No,
        }
    }
    Answer::all(answers)
}
