//! Who is told: receivers are read whole, and a secret that only they use may be missing.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod support;

use gonogo_config::{Loaded, Occasion, Service, WebhookFormat};
use support::Machine;

const GATE: &str = "version: 1
gate: beluga
secrets: { hook: { env: HOOK }, smtp: { env: SMTP }, key: { env: KEY } }
notify:
  ops: { slack: \"${hook}\" }
  bus: { webhook: \"${hook}\", secret: \"${key}\", format: cloudevents, on: always, headers: { x-a: b } }
  mail: { email: [a@x.test, b@x.test], from: g@x.test, smtp: \"${smtp}\", on: problem }
checks:
  a: { http: https://example.com/, expect: { status: 200 } }
";

fn machine() -> Machine {
    Machine::default()
        .env("HOOK", "https://hooks.x.test/services/canary-hook-token-1")
        .env("SMTP", "smtps://me:canary-password@mail.x.test")
        .env("KEY", "whsec_Y2FuYXJ5LTAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5")
}

fn codes(loaded: &Loaded) -> Vec<&str> {
    loaded.diagnostics.iter().map(|d| d.code).collect()
}

#[test]
fn receivers_are_read_whole() {
    let loaded = machine().load(GATE);
    assert_eq!(codes(&loaded), ["config/status_only"]);
    let told: Vec<_> = loaded
        .receivers
        .iter()
        .map(|r| (r.name.as_str(), r.kind, r.occasion))
        .collect();
    assert_eq!(
        told,
        [
            ("ops", "slack", Occasion::Change),
            ("bus", "webhook", Occasion::Always),
            ("mail", "email", Occasion::Problem),
        ]
    );
    let Ok(Service::Webhook {
        url,
        secret,
        format,
        headers,
    }) = &loaded.receivers[1].service
    else {
        panic!("{:?}", loaded.receivers[1]);
    };
    assert_eq!(url, "https://hooks.x.test/services/canary-hook-token-1");
    assert_eq!(
        secret.as_deref().unwrap(),
        b"canary-0123456789abcdef0123456789"
    );
    assert_eq!(*format, WebhookFormat::CloudEvents);
    assert_eq!(headers, &[("x-a".to_owned(), "b".to_owned())]);
    let Ok(Service::Email { to, from, .. }) = &loaded.receivers[2].service else {
        panic!("{:?}", loaded.receivers[2]);
    };
    assert_eq!(
        (to.join(" "), from.as_str()),
        ("a@x.test b@x.test".to_owned(), "g@x.test")
    );
    let shown = format!("{:?}", loaded.receivers);
    assert!(!shown.contains("canary"), "{shown}");
}

#[test]
fn the_token_in_a_path_is_hidden_by_itself() {
    let loaded = machine().load(GATE);
    let said = "no such hook: canary-hook-token-1";
    assert_eq!(loaded.redactor.redact(said), "no such hook: [redacted]");
}

#[test]
fn a_secret_that_only_a_receiver_uses_may_be_missing() {
    let loaded = machine().env("HOOK", "").load(GATE);
    assert_eq!(codes(&loaded), ["config/status_only"]);
    assert!(loaded.manifest.is_some());
    let why: Vec<_> = loaded
        .receivers
        .iter()
        .map(|r| r.service.as_ref().err().map(String::as_str))
        .collect();
    let missing = "the secret `hook` has no value: HOOK is not set, or empty";
    assert_eq!(why, [Some(missing), Some(missing), None]);
}

#[test]
fn a_secret_that_a_check_or_nobody_uses_is_still_wanted() {
    let used = GATE.replace("https://example.com/", "\"${hook}\"");
    let loaded = machine().env("HOOK", "").load(&used);
    assert_eq!(codes(&loaded), ["config/unset_secret"]);
    let unused = GATE.replace("\"${hook}\"", "https://hooks.x.test/a");
    let loaded = machine().env("HOOK", "").load(&unused);
    assert!(
        codes(&loaded).contains(&"config/unset_secret"),
        "{:?}",
        codes(&loaded)
    );
    assert!(loaded.manifest.is_none());
}

#[test]
fn a_key_that_is_missing_is_no_request_without_a_signature() {
    let loaded = machine().env("KEY", "").load(GATE);
    assert!(
        loaded.receivers[1].service.is_err(),
        "{:?}",
        loaded.receivers
    );
}

#[test]
fn an_included_file_tells_nobody() {
    let gate = "version: 1\ngate: beluga\ninclude: [more.yaml]\n";
    let more = "version: 1\nnotify: { ops: { slack: https://evil.test/ } }\nchecks:\n  a: { http: https://example.com/, expect: { status: 200 } }\n";
    let loaded = machine().file("more.yaml", more).load(gate);
    assert_eq!(codes(&loaded), ["config/unknown_key"]);
    assert!(loaded.receivers.is_empty());
}
