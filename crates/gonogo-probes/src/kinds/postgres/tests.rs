//! Tests of `postgres`, against a real server where one will do it.

mod escapes;
mod fakes;
mod hermetic;
mod query;
mod real;
mod tls;

use std::sync::Arc;

use gonogo_model::{Observation, Reading, Value};
use gonogo_testkit::postgres::Postgres;
use serde_json::json;

use crate::testing::{Look, look};

/// A shared server with a database and a role of one test.
struct Base {
    server: Arc<Postgres>,
    name: String,
    url: String,
}

fn base() -> Base {
    let server = Postgres::shared().unwrap();
    let name = Postgres::fresh_name("app");
    let url = server.database(&name, "hunter22").unwrap();
    Base { server, name, url }
}

impl Base {
    /// Runs SQL as the superuser.
    fn sql(&self, sql: &str) -> String {
        self.server.sql(&self.name, sql).unwrap()
    }

    fn look(&self) -> Look {
        look("postgres", &[("url", &self.url)])
    }

    fn query(&self, query: &str) -> Look {
        look("postgres", &[("url", &self.url), ("query", query)])
    }
}

/// Returns the codes of the faults.
fn codes(observation: &Observation) -> Vec<&str> {
    observation
        .faults
        .iter()
        .map(|fault| fault.code.as_str())
        .collect()
}

/// Returns the facts that are the same every time.
fn steady(observation: &Observation) -> serde_json::Value {
    let facts = observation.facts.iter().filter(|(name, _)| {
        name != "duration" && !name.starts_with("timing.") && !name.starts_with("tls.")
    });
    let shown = facts.map(|(name, reading)| {
        let shown = match reading {
            Reading::Value(value) => value.to_json(),
            Reading::Absent => json!("(absent)"),
            Reading::Unreadable { code, .. } => json!(format!("({code})")),
        };
        (name.clone(), shown)
    });
    serde_json::Value::Object(shown.collect())
}

fn value(observation: &Observation, fact: &str) -> Value {
    match observation.get(fact) {
        Some(Reading::Value(value)) => value.clone(),
        other => panic!("{fact} is {other:?}"),
    }
}
