//! One thing broken turns GO into NO-GO, with the right code, and what needs it is skipped by its name.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use gonogo_testkit::redis::Redis;
use gonogo_tests::{Finished, Gonogo, SampleStack, workspace};
use serde_json::Value;

/// Judges the sample stack by the gate of the demo.
fn judge(stack: &SampleStack) -> Finished {
    let gate = std::fs::read_to_string(workspace().join("examples/demo/probes.yaml")).unwrap();
    let mut call = Gonogo::new(&["check", "-o", "json", "--var-file", &stack.vars()]).gate(&gate);
    for (name, value) in stack.secrets() {
        call = call.env(&name, &value);
    }
    call.run()
}

/// The outcomes of the demo's gate while nothing is broken.
const ALL_PASSED: [&str; 10] = [
    "migrations passed",
    "service.auth passed",
    "service.core passed",
    "service.mcp passed",
    "service.analytics passed",
    "service.gateway passed",
    "edge passed",
    "edge-certificate passed",
    "dns passed",
    "grafana passed",
];

/// Returns the outcomes of the demo's gate with some of them replaced.
fn outcomes_but(changed: &[&str]) -> Vec<String> {
    let id = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
    ALL_PASSED
        .iter()
        .map(|line| {
            changed
                .iter()
                .find(|other| id(other) == id(line))
                .unwrap_or(line)
        })
        .map(|line| (*line).to_owned())
        .collect()
}

fn check<'r>(report: &'r Value, id: &str) -> &'r Value {
    report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|check| check["id"] == id)
        .unwrap()
}

/// Breaks one thing of a healthy stack, and returns the report of the NO-GO.
fn broken(what: &str, changed: &[&str]) -> Value {
    let mut stack = SampleStack::start();
    let healthy = judge(&stack).exits(0);
    assert_eq!(healthy.outcomes(), outcomes_but(&[]));
    stack.tell(&format!("break {what}"));
    let sick = judge(&stack).exits(1);
    assert_eq!(sick.outcomes(), outcomes_but(changed), "{}", sick.stderr);
    let report = sick.json();
    assert_eq!(report["verdict"], "NO-GO");
    stack.tell(&format!("mend {what}"));
    assert_eq!(judge(&stack).exits(0).outcomes(), outcomes_but(&[]));
    report
}

/// Everything that needs the migrations, skipped.
const WITHOUT_MIGRATIONS: [&str; 6] = [
    "service.auth skipped needs/not_passed",
    "service.core skipped needs/not_passed",
    "service.mcp skipped needs/not_passed",
    "service.analytics skipped needs/not_passed",
    "service.gateway skipped needs/not_passed",
    "edge skipped needs/not_passed",
];

#[test]
fn a_pending_migration() {
    let mut changed = vec!["migrations failed migrations/pending"];
    changed.extend(WITHOUT_MIGRATIONS);
    let report = broken("migration", &changed);
    let migrations = check(&report, "migrations");
    assert_eq!(
        migrations["message"],
        "1 migration pending: 20261120090000 (create invoices)"
    );
    assert!(
        migrations["hint"]
            .as_str()
            .unwrap()
            .contains("sqlx migrate run")
    );
    for skipped in ["service.auth", "service.gateway", "edge"] {
        assert_eq!(check(&report, skipped)["blame"], "migrations", "{skipped}");
    }
    let reasons = report["reasons"].as_array().unwrap();
    assert_eq!(
        reasons.len(),
        1,
        "the skipped checks are consequences, not reasons: {reasons:?}"
    );
    assert_eq!(reasons[0]["id"], "migrations");
    assert_eq!(reasons[0]["consequences"].as_array().unwrap().len(), 6);
}

#[test]
fn an_edited_migration() {
    let mut changed = vec!["migrations failed migrations/modified"];
    changed.extend(WITHOUT_MIGRATIONS);
    let report = broken("edited", &changed);
    let message = check(&report, "migrations")["message"].as_str().unwrap();
    assert!(message.contains("20261008090000"), "{message}");
}

#[test]
fn an_expired_certificate() {
    let changed = [
        "edge failed tls/expired",
        "edge-certificate failed tls/expired",
    ];
    let report = broken("certificate", &changed);
    let certificate = check(&report, "edge-certificate");
    assert!(
        certificate["message"].as_str().unwrap().contains("expired"),
        "{certificate:#}"
    );
    assert!(
        certificate["hint"]
            .as_str()
            .unwrap()
            .starts_with("Renew the certificate"),
        "{certificate:#}"
    );
}

#[test]
fn a_dropped_dns_record() {
    let report = broken("dns", &["dns failed dns/nxdomain"]);
    assert_eq!(check(&report, "dns")["facts"]["rcode"], "nxdomain");
}

#[test]
fn a_service_that_answers_503() {
    let report = broken("service", &["service.core failed engine/expectation"]);
    let core = check(&report, "service.core");
    assert!(
        core["message"]
            .as_str()
            .unwrap()
            .starts_with("status is 503, expected 200..299"),
        "{core:#}"
    );
    assert_eq!(core["owner"], "platform-team");
}

#[test]
fn a_service_that_hangs() {
    let report = broken("hang", &["service.analytics failed net/timeout"]);
    let message = check(&report, "service.analytics")["message"]
        .as_str()
        .unwrap();
    assert!(
        message.contains("first_byte") || message.contains("first byte"),
        "names the phase: {message}"
    );
}

#[test]
fn a_stopped_redis() {
    let mut redis = Redis::start().unwrap();
    let gate = "
version: 1
gate: cache
secrets: { redis_url: { env: REDIS_URL } }
checks:
  redis: { redis: '${redis_url}', expect: { role: primary } }
  worker: { command: ['true'], needs: [redis] }
  nightly: { command: ['true'], needs: [worker] }
";
    let judge = |redis: &Redis| {
        Gonogo::new(&["check", "-o", "json"])
            .gate(gate)
            .env("REDIS_URL", &redis.url())
            .run()
    };
    let up = judge(&redis).exits(0);
    assert_eq!(
        up.outcomes(),
        ["redis passed", "worker passed", "nightly passed"]
    );
    redis.stop();
    let down = judge(&redis).exits(1);
    assert_eq!(
        down.outcomes(),
        [
            "redis failed net/refused",
            "worker skipped needs/not_passed",
            "nightly skipped needs/not_passed"
        ]
    );
    let report = down.json();
    assert_eq!(check(&report, "nightly")["blame"], "redis");
    assert_eq!(
        check(&report, "redis")["hint"],
        "Is the service running, and does it listen on this address and port?"
    );
}
