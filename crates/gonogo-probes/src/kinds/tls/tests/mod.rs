//! Tests of `tls`.

mod certificates;
mod clients;
mod servers;

use gonogo_kind::Judged;
use gonogo_model::{Observation, Outcome, Reading, Value};
use gonogo_testkit::ca::{Ca, Issued};

use crate::testing::{Look, look};

/// Begins a look at a server on this machine that should be `localhost`, trusting a CA and nobody else.
fn localhost(port: u16, ca: &Ca) -> Look {
    let address = format!("127.0.0.1:{port}");
    look(
        "tls",
        &[("address", &address), ("server_name", "localhost")],
    )
    .roots(&ca.root_pem())
}

/// Issues a certificate as it should be.
fn good(ca: &Ca) -> Issued {
    ca.leaf(&["localhost"]).issue()
}

/// Returns code and message of each fault.
fn faults(observation: &Observation) -> Vec<(&str, &str)> {
    observation
        .faults
        .iter()
        .map(|fault| (fault.code.as_str(), fault.message.as_str()))
        .collect()
}

/// Returns a fact as text, as it stands in a report.
fn fact(observation: &Observation, name: &str) -> String {
    match observation.get(name) {
        Some(Reading::Value(Value::Text(text))) => text.clone(),
        Some(Reading::Value(value)) => value.to_json().to_string(),
        Some(Reading::Absent) => "absent".to_owned(),
        Some(Reading::Unreadable { code, .. }) => format!("unreadable: {code}"),
        None => "not there".to_owned(),
    }
}

/// Returns `state`, `trusted`, `name_matches` and `in_date`.
fn verdict(observation: &Observation) -> [String; 4] {
    ["state", "trusted", "name_matches", "in_date"].map(|name| fact(observation, name))
}

fn outcome(judged: &Judged) -> (Outcome, &str) {
    let code = judged.code.as_ref().map_or("", gonogo_model::Code::as_str);
    (judged.outcome, code)
}

#[test]
fn every_failure_of_the_subject_can_be_expected() {
    use gonogo_model::{Blame, codes};
    for decl in codes::tls::ALL.iter().chain(codes::net::ALL) {
        let (_, word) = decl.code.split_once('/').unwrap();
        let expected = decl.blame == Blame::Subject || *decl == codes::net::UNREACHABLE;
        let known = super::facts::STATES.iter().any(|state| state.word == word);
        assert_eq!(known, expected, "{}", decl.code);
    }
}
