//! Tests of `http`: a real nginx and Prometheus, and scripted servers for what no real one does.

mod config;
mod hostile;
mod real;
mod redirects;
mod routes;
mod secure;

use std::time::Duration;

use gonogo_kind::Judged;
use gonogo_model::{Observation, Outcome, Reading, Value};
use gonogo_testkit::http::{Scripted, Step, answer, response};

use crate::testing::{Look, look};

/// Starts a look at a URL, with the built-in expectation.
fn http(url: &str) -> Look {
    look("http", &[("url", url)]).built_in()
}

/// Starts a server that gives every client the same bytes.
fn server(bytes: impl Into<Vec<u8>>) -> Scripted {
    Scripted::start(answer(bytes)).unwrap()
}

/// Starts a server that gives every client a whole answer.
fn good(headers: &[&str], body: &[u8]) -> Scripted {
    server(response("200 OK", headers, body))
}

/// Returns code, message and hint of what decided.
fn told(judged: &Judged) -> (Outcome, &str, &str) {
    let code = judged.code.as_ref().map_or("", |code| code.as_str());
    let message = judged.message.as_deref().unwrap_or_default();
    (judged.outcome, code, message)
}

fn text(observation: &Observation, fact: &str) -> String {
    match observation.get(fact) {
        Some(Reading::Value(Value::Text(text))) => text.clone(),
        other => panic!("{fact}: {other:?}"),
    }
}

/// Returns the whole observation, times and one port masked.
fn seen(observation: &Observation, port: u16) -> serde_json::Value {
    let mut observation = observation.clone();
    for (_, reading) in &mut observation.facts {
        if let Reading::Value(Value::Duration(_)) = reading {
            *reading = Value::text("(time)").into();
        }
    }
    for phase in &mut observation.phases {
        phase.start = 0.into();
        phase.duration = 0.into();
    }
    let text = serde_json::to_string(&observation).unwrap();
    let text = text.replace(&format!(":{port}"), ":PORT");
    serde_json::from_str(&text).unwrap()
}

const SHORT: Duration = Duration::from_millis(700);

#[test]
fn every_code_is_raised_by_a_test() {
    let tests = [
        include_str!("tests/config.rs"),
        include_str!("tests/hostile.rs"),
        include_str!("tests/real.rs"),
        include_str!("tests/redirects.rs"),
        include_str!("tests/routes.rs"),
        include_str!("tests/secure.rs"),
    ]
    .concat();
    for code in super::codes::ALL {
        assert!(tests.contains(code.code), "{}", code.code);
    }
}
