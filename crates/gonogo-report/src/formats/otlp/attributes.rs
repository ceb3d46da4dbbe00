//! Attributes of a span, as the JSON mapping of OTLP has them.

use gonogo_model::{Decimal, Value};
use serde_json::{Value as Json, json};

use super::super::case::{long, short};
use crate::text;

/// Named values; no name comes twice, and there are no more of them than a collector is used to.
#[derive(Default)]
pub(super) struct Attributes {
    list: Vec<(String, Json)>,
    dropped: u32,
}

impl Attributes {
    /// Adds a text.
    pub(super) fn text(&mut self, key: &str, value: &str) -> &mut Self {
        self.add(key, json!({ "stringValue": long(value) }))
    }

    /// Adds a text, if there is one.
    pub(super) fn maybe(&mut self, key: &str, value: Option<&str>) -> &mut Self {
        match value.filter(|value| !value.is_empty()) {
            Some(value) => self.text(key, value),
            None => self,
        }
    }

    /// Adds texts, if there are any.
    pub(super) fn texts(&mut self, key: &str, values: &[String]) -> &mut Self {
        if values.is_empty() {
            return self;
        }
        let values: Vec<Json> = values
            .iter()
            .take(MOST)
            .map(|value| json!({ "stringValue": short(value) }))
            .collect();
        self.add(key, json!({ "arrayValue": { "values": values } }))
    }

    /// Adds a whole number.
    pub(super) fn whole(&mut self, key: &str, value: impl Into<i64>) -> &mut Self {
        // A number of 64 bits is a text: JavaScript would round it.
        let value: i64 = value.into();
        self.add(key, json!({ "intValue": value.to_string() }))
    }

    /// Adds yes or no.
    pub(super) fn flag(&mut self, key: &str, value: bool) -> &mut Self {
        self.add(key, json!({ "boolValue": value }))
    }

    /// Adds a fact, if it is one value: lists and documents stand in the report.
    pub(super) fn fact(&mut self, name: &str, value: &Value) -> &mut Self {
        let key = format!("gonogo.fact.{}", short(name));
        match value {
            Value::Boolean(value) => self.flag(&key, *value),
            Value::Integer(number) | Value::Size(number) => match whole(number) {
                Some(number) => self.whole(&key, number),
                None => self.text(&key, &text::shown(number, FACT, "...")),
            },
            Value::Number(number) | Value::Duration(number) | Value::Ratio(number) => {
                let number = number.approximate();
                match serde_json::Number::from_f64(number) {
                    Some(number) => self.add(&key, json!({ "doubleValue": number })),
                    None => self,
                }
            }
            Value::Text(_) | Value::Version(_) | Value::Time(_) => {
                self.text(&key, &text::shown(value, FACT, "..."))
            }
            Value::List(_) | Value::Map(_) | Value::Json(_) => self,
        }
    }

    fn add(&mut self, key: &str, value: Json) -> &mut Self {
        if self.list.len() >= MOST {
            self.dropped += 1;
        } else if !self.list.iter().any(|(known, _)| known == key) {
            self.list.push((key.to_owned(), value));
        }
        self
    }

    /// Writes them into a message of OTLP.
    pub(super) fn into_message(self, message: &mut Json) {
        let list = self.list.into_iter();
        let list: Vec<Json> = list
            .map(|(key, value)| json!({ "key": key, "value": value }))
            .collect();
        if let Some(message) = message.as_object_mut() {
            if !list.is_empty() {
                message.insert("attributes".to_owned(), list.into());
            }
            if self.dropped > 0 {
                message.insert("droppedAttributesCount".to_owned(), self.dropped.into());
            }
        }
    }
}

fn whole(number: &Decimal) -> Option<i64> {
    number
        .is_integer()
        .then(|| number.to_i128())
        .flatten()?
        .try_into()
        .ok()
}

/// What the libraries of OpenTelemetry keep of a span, unless told otherwise.
pub(super) const MOST: usize = 128;
const FACT: usize = 300;
