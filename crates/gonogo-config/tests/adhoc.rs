//! One check from the command line.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod support;

use std::time::Duration;

use gonogo_config::{AdHoc, Loaded, adhoc};
use gonogo_kind::KindTable as _;
use support::{FakeKinds, Machine, rendered};

struct Line<'a> {
    kind: &'a str,
    target: &'a str,
    secret: bool,
    set: &'a [(&'a str, &'a str)],
    expect: &'a [&'a str],
}

fn probe(line: &Line<'_>) -> Loaded {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let set: Vec<(String, String)> = line.set.iter().map(owned).collect();
    let expect: Vec<String> = line.expect.iter().map(|e| (*e).to_owned()).collect();
    let request = AdHoc {
        kind: FakeKinds.find(line.kind).unwrap(),
        target: line.target,
        secret: line.secret,
        set: &set,
        expect: &expect,
        timeout: Some(Duration::from_secs(3)),
    };
    Machine::default().with_inputs(|inputs| adhoc(&request, inputs))
}

fn http<'a>(expect: &'a [&'a str]) -> Line<'a> {
    Line {
        kind: "http",
        target: "https://api.example.com/health",
        secret: false,
        set: &[],
        expect,
    }
}

#[test]
fn a_target_is_a_gate_of_one_check() {
    let loaded = probe(&http(&[
        "duration < 500ms",
        "json $.db.up true",
        "headers content-type { contains: json }",
    ]));
    assert_eq!(rendered(&loaded), "");
    let manifest = loaded.manifest.unwrap();
    let check = &manifest.checks[0];
    assert_eq!(check.id.as_str(), "http");
    assert_eq!(check.timeout, Duration::from_secs(3));
    assert_eq!(check.options["url"], "https://api.example.com/health");
    let wanted: Vec<String> = check
        .expectations
        .summaries()
        .iter()
        .map(|e| format!("{} {} ({})", e.fact, e.wanted, e.origin))
        .collect();
    assert_eq!(
        wanted,
        [
            "status 200..299 (built in)",
            "duration under 500ms (command line)",
            "json $.db.up true (command line)",
            "headers content-type { contains: json } (command line)",
        ]
    );
}

#[test]
fn every_mistake_of_the_line_is_told() {
    let loaded = probe(&Line {
        set: &[("metod", "HEAD"), ("method", "GTE"), ("body_limit", "{")],
        ..http(&["sttus 200", "duration", "duration < 500", "status ok"])
    });
    let mut codes: Vec<&str> = loaded.diagnostics.iter().map(|d| d.code).collect();
    codes.sort_unstable();
    assert_eq!(
        codes,
        [
            "config/empty_matcher",
            "config/syntax",
            "config/unknown_fact",
            "config/unknown_key",
            "config/unknown_word",
            "config/wrong_matcher",
            "config/wrong_unit",
        ]
    );
    assert!(loaded.manifest.is_none());
}

#[test]
fn a_target_from_the_environment_is_a_secret() {
    let loaded = probe(&Line {
        kind: "postgres",
        target: "postgres://app:canary-1@db.example.com:nope/app",
        secret: true,
        set: &[],
        expect: &[],
    });
    assert!(
        !rendered(&loaded).contains("canary"),
        "{}",
        rendered(&loaded)
    );
    let loaded = probe(&Line {
        kind: "postgres",
        target: "postgres://app:canary-1@db.example.com/app",
        secret: true,
        set: &[],
        expect: &[],
    });
    let manifest = loaded.manifest.unwrap();
    assert_eq!(manifest.checks[0].options["url"], "[redacted]");
    assert_eq!(manifest.redactor.redact("canary-1"), "[redacted]");
}

#[test]
fn a_password_on_the_command_line_is_hidden() {
    let loaded = probe(&Line {
        kind: "postgres",
        target: "postgres://app:canary-1@db.example.com/app",
        secret: false,
        set: &[],
        expect: &[],
    });
    let manifest = loaded.manifest.unwrap();
    assert_eq!(
        manifest.checks[0].options["url"],
        "postgres://app:[redacted]@db.example.com/app"
    );
}

#[test]
fn a_kind_that_expects_nothing_by_itself_wants_an_expectation() {
    let line = |expect| Line {
        kind: "metric",
        target: "up",
        secret: false,
        set: &[],
        expect,
    };
    let codes: Vec<&str> = probe(&line(&[]))
        .diagnostics
        .iter()
        .map(|d| d.code)
        .collect();
    assert_eq!(codes, ["config/no_expectation"]);
    assert!(probe(&line(&["value over 0.5"])).manifest.is_some());
}

#[test]
fn a_command_is_one_word_or_a_list() {
    let line = |target| Line {
        kind: "command",
        target,
        secret: false,
        set: &[],
        expect: &[],
    };
    for target in ["true", "[make, check]"] {
        assert!(probe(&line(target)).manifest.is_some(), "{target}");
    }
}
