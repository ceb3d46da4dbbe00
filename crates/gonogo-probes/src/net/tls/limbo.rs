//! x509-limbo, the test suite of path validation, put to `verify_chain`.
//!
//! The suite is not part of this repository: `GONOGO_LIMBO` names its `limbo.json`. Where our answer
//! differs from the suite's, `limbo_exceptions.json` says so, and why; anything else fails, in both
//! directions.

use std::collections::BTreeMap;

use gonogo_model::Blame;
use jiff::Timestamp;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName};
use serde_json::Value as Json;

use super::chain::verify_chain;
use super::roots::Roots;
use super::trust::Store;

/// What a case is expected to give, or gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Accepted,
    Rejected,
}

impl Answer {
    const fn word(self) -> &'static str {
        match self {
            Self::Accepted => "SUCCESS",
            Self::Rejected => "FAILURE",
        }
    }
}

#[test]
#[expect(
    clippy::print_stderr,
    reason = "a test that did not run must say so, a skipped one is not a passed one"
)]
fn x509_limbo_agrees_but_for_the_exceptions() {
    let Some(path) = std::env::var_os("GONOGO_LIMBO") else {
        eprintln!("SKIPPED: x509-limbo is not here; GONOGO_LIMBO names its limbo.json");
        return;
    };
    let suite: Json = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let exceptions: BTreeMap<String, Json> =
        serde_json::from_str(include_str!("limbo_exceptions.json")).unwrap();
    let mut unexplained = Vec::new();
    let mut stale: Vec<String> = exceptions.keys().cloned().collect();
    let (mut agreed, mut skipped) = (0, 0);
    for case in suite["testcases"].as_array().unwrap() {
        let id = case["id"].as_str().unwrap();
        if case["validation_kind"] != "SERVER" || !case["max_chain_depth"].is_null() {
            skipped += 1;
            continue;
        }
        let (actual, why) = judge(case);
        if case["expected_result"] == actual.word() {
            agreed += 1;
            continue;
        }
        let expected = case["expected_result"].as_str().unwrap();
        let known = exceptions.get(id).is_some_and(|exception| {
            stale.retain(|other| other != id);
            exception["expected"] == expected && exception["actual"] == actual.word()
        });
        if !known {
            unexplained.push(format!(
                "{id}: expected {expected}, got {}: {why}",
                actual.word()
            ));
        }
    }
    assert_eq!(
        unexplained,
        Vec::<String>::new(),
        "differ from the suite, and nobody says why"
    );
    assert_eq!(stale, Vec::<String>::new(), "are exceptions no more");
    eprintln!(
        "x509-limbo: {agreed} agree, {} differ and say why, {skipped} are not about servers",
        exceptions.len()
    );
}

fn judge(case: &Json) -> (Answer, String) {
    let certificate =
        |pem: &Json| CertificateDer::from_pem_slice(pem.as_str().unwrap().as_bytes()).unwrap();
    let all = |pems: &Json| -> Vec<CertificateDer<'static>> {
        pems.as_array().unwrap().iter().map(certificate).collect()
    };
    let time = case["validation_time"]
        .as_str()
        .map_or_else(Timestamp::now, |time| time.parse().unwrap());
    let Some(name) = case["expected_peer_name"]["value"].as_str() else {
        return (Answer::Rejected, "no name to verify".to_owned());
    };
    let Ok(name) = ServerName::try_from(name) else {
        return (Answer::Rejected, format!("`{name}` is no name of a server"));
    };
    let Some(roots) = Roots::new(all(&case["trusted_certs"]), 0) else {
        return (Answer::Rejected, "no usable root".to_owned());
    };
    let leaf = certificate(&case["peer_certificate"]);
    let intermediates = all(&case["untrusted_intermediates"]);
    let verdict = verify_chain(&leaf, &intermediates, &Store::new(roots), &name, time);
    let whole = verdict.trusted == Some(true) && verdict.in_date && verdict.name_matches;
    assert_eq!(
        verdict.problems.is_empty(),
        whole,
        "a bad chain has a problem, and only a bad one"
    );
    assert!(
        verdict
            .problems
            .iter()
            .all(|p| p.code.blame == Blame::Subject || p.code.code == "tls/unsupported")
    );
    let problems: Vec<String> = verdict
        .problems
        .iter()
        .map(|problem| format!("{}: {}", problem.code.code, problem.message))
        .collect();
    match problems.as_slice() {
        [] => (Answer::Accepted, "it is good".to_owned()),
        _ => (Answer::Rejected, problems.join("; ")),
    }
}
