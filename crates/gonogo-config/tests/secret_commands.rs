//! Secrets that programs print.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod support;

use support::{Machine, rendered};

const GATE: &str = "\
version: 1
gate: g
vars: { place: secret/deploy }
environments: { staging: { vars: { place: secret/staging } } }
secrets: { token: { command: [vault, read, '${place}'] } }
checks:
  web:
    http: { url: https://www.example.com/, headers: { x-token: '${token}' } }
    expect: { body: { contains: ok } }
";

#[test]
fn a_program_prints_the_secret_and_the_line_break_behind_it_is_left_out() {
    for printed in [&b"canary-4711"[..], b"canary-4711\n", b"canary-4711\r\n"] {
        let loaded = Machine::default()
            .environment("staging")
            .program("vault read secret/staging", printed)
            .load(GATE);
        assert_eq!(rendered(&loaded), "");
        assert_eq!(loaded.redactor.redact("canary-4711."), "[redacted].");
        let manifest = loaded.manifest.unwrap();
        assert_eq!(manifest.secrets, ["token"]);
        assert!(manifest.stand_ins.is_empty());
        assert_eq!(
            manifest.checks[0].options["headers"],
            "{\"x-token\":\"${token}\"}"
        );
    }
}

#[test]
fn nothing_is_run_where_nobody_runs_it_and_something_stands_in() {
    let loaded = Machine::default().environment("staging").load(GATE);
    assert!(!loaded.has_errors(), "{}", rendered(&loaded));
    assert_eq!(loaded.from_commands, ["token"]);
    let manifest = loaded.manifest.unwrap();
    assert_eq!(manifest.stand_ins, ["token"]);
}

#[test]
fn what_is_no_text_is_no_secret() {
    let loaded = Machine::default()
        .environment("staging")
        .program("vault read secret/staging", b"\xff\xfecanary")
        .load(GATE);
    assert_eq!(
        loaded.diagnostics[0].message,
        "the secret `token` is not text: `vault` printed what is not UTF-8"
    );
    assert!(loaded.manifest.is_none());
}
