//! Gates without a mistake, and what is made of them.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod support;

use std::time::Duration;

use gonogo_kind::Expectation;
use gonogo_kind::Level;
use gonogo_kind::manifest::{Check, Manifest};
use gonogo_model::{Decimal, Quorum, Severity, Variable};
use support::{Machine, rendered};

fn manifest(machine: &Machine, text: &str) -> Manifest {
    let loaded = machine.load(text);
    assert!(!loaded.has_errors(), "{}", rendered(&loaded));
    loaded.manifest.unwrap()
}

fn check<'m>(manifest: &'m Manifest, id: &str) -> &'m Check {
    manifest
        .checks
        .iter()
        .find(|c| c.id.as_str() == id)
        .unwrap()
}

fn design() -> (Machine, &'static str) {
    let machine = Machine::default()
        .env("TARGET_HOST", "stack.example.com")
        .env("DATABASE_URL", "postgres://app:canary-1@db.example.com/app")
        .file("/run/secrets/redis_url", "redis://:canary-2@cache:6379\n")
        .file("ca.pem", "-----BEGIN CERTIFICATE-----\n");
    (machine, include_str!("valid/design.yaml"))
}

#[test]
fn the_gate_of_the_design_is_read() {
    let (machine, text) = design();
    let manifest = manifest(&machine, text);
    let ids: Vec<&str> = manifest.checks.iter().map(|c| c.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "service.auth",
            "service.core",
            "edge",
            "database",
            "rows",
            "region.eu",
            "region.us",
            "region.ap",
            "make",
        ]
    );
    assert_eq!(manifest.gate, "beluga");
    assert_eq!(manifest.release.as_deref(), Some("dev"));
    assert_eq!(manifest.file, "probes.yaml");
    assert_eq!(
        manifest.phases,
        ["pre-deploy", "canary", "post-deploy", "rollback"]
    );
    assert_eq!(manifest.secrets, ["database_url", "redis_url"]);
    let variable = |name: &str, value: &str, origin: &str| Variable {
        name: name.to_owned(),
        value: value.to_owned(),
        origin: origin.to_owned(),
    };
    assert_eq!(
        manifest.variables,
        [
            variable("host", "stack.example.com", "env TARGET_HOST"),
            variable("release", "dev", "default"),
        ]
    );
    assert_eq!(manifest.groups.len(), 1);
    assert_eq!(manifest.groups[0].quorum, Quorum::AtLeast(2));
}

#[test]
fn an_instance_has_its_name_and_values() {
    let (machine, text) = design();
    let manifest = manifest(&machine, text);
    let service = check(&manifest, "service.core");
    assert_eq!(service.each_of.as_ref().unwrap().as_str(), "service");
    assert_eq!(service.title, "core answers");
    assert_eq!(
        service.options["url"],
        "http://stack.example.com:3002/health"
    );
    assert_eq!(service.options["method"], "GET");
    assert_eq!(service.options["roots"], "[\"system\",\"ca.pem\"]");
    assert_eq!(service.timeout, Duration::from_secs(5));
    assert_eq!(
        (service.attempts, service.backoff),
        (3, Duration::from_millis(200))
    );
    assert_eq!(service.owner.as_deref(), Some("platform-team"));
    assert_eq!(service.severity, Severity::Blocker);
    let expectations: Vec<String> = service
        .expectations
        .summaries()
        .iter()
        .map(|e| {
            format!(
                "{} {} {} ({})",
                e.strength.as_str(),
                e.fact,
                e.wanted,
                e.origin
            )
        })
        .collect();
    assert_eq!(
        expectations,
        [
            "must status 200..299 (built in)",
            "must duration under 500ms (probes.yaml:25)",
            "must json $.status ok (probes.yaml:26)",
        ]
    );
}

#[test]
fn secrets_stand_by_name_in_what_a_plan_shows() {
    let (machine, text) = design();
    let manifest = manifest(&machine, text);
    assert_eq!(
        check(&manifest, "database").options["url"],
        "${database_url}"
    );
    let make = check(&manifest, "make");
    assert_eq!(
        make.options["argv"],
        "[\"deploy\",\"--token\",\"${redis_url}\"]"
    );
    // It executes, so the retry of the defaults is not its.
    assert_eq!(make.attempts, 1);
    let redacted = manifest.redactor.redact("canary-1 canary-2 db.example.com");
    assert_eq!(redacted, "[redacted] [redacted] db.example.com");
}

#[test]
fn the_digest_is_that_of_the_file() {
    let (machine, text) = design();
    let with_mark = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let plain = manifest(&machine, text);
    let marked = manifest(&machine, &with_mark);
    assert_eq!(
        Machine::default()
            .load("version: 1\ngate: g\nchecks: { a: { tcp: \"x:1\" } }\n")
            .manifest
            .unwrap()
            .file_digest,
        "77e901649d90de7d35f2d77ee228e903181be1e45c34004a6cd98c3470725b5d"
    );
    assert_ne!(plain.file_digest, marked.file_digest);
    assert_eq!(plain.checks.len(), marked.checks.len());
    assert_eq!(check(&plain, "edge").line, check(&marked, "edge").line);
}

#[test]
fn variables_come_from_the_command_line_the_environment_and_the_default_in_this_order() {
    let text = "version: 1\ngate: g\nrelease: ${a}\nvars: { a: { env: A, default: of default } }\nchecks: { c: { tcp: \"x:1\" } }\n";
    let release = |machine: &Machine| manifest(machine, text).release.unwrap();
    assert_eq!(release(&Machine::default()), "of default");
    assert_eq!(
        release(&Machine::default().env("A", "of environment")),
        "of environment"
    );
    assert_eq!(release(&Machine::default().env("A", "")), "of default");
    let machine = Machine::default()
        .env("A", "x")
        .var("a", "file")
        .var("a", "line");
    assert_eq!(release(&machine), "line");
}

#[test]
fn what_a_variable_brings_stays_in_its_text() {
    let text = "version: 1\ngate: g\nrelease: ${a}\nvars: { a: { env: A } }\nchecks:\n  c:\n    http: { url: https://example.com, headers: { x: \"${a}\", y: \"$${a} $a\" } }\n    title: ${a}\n";
    let machine = Machine::default().env("A", "x, y: { status: 500 } # ${a} *b");
    let manifest = manifest(&machine, text);
    assert_eq!(
        manifest.release.as_deref(),
        Some("x, y: { status: 500 } # ${a} *b")
    );
    assert_eq!(
        check(&manifest, "c").options["headers"],
        r#"{"x":"x, y: { status: 500 } # ${a} *b","y":"${a} $a"}"#
    );
}

#[test]
fn needs_are_written_out_for_each_instance_and_groups_stay_groups() {
    let text = "version: 1\ngate: g\nchecks:\n  api: { tcp: \"x:1\", needs: [db, edge, edge.eu] }\n  db: { each: [a, b], tcp: \"${each}:1\" }\n  edge.eu: { tcp: \"x:2\", group: edge }\ngroups: { edge: any }\n";
    let manifest = manifest(&Machine::default(), text);
    let needs: Vec<&str> = check(&manifest, "api")
        .needs
        .iter()
        .map(|n| n.as_str())
        .collect();
    assert_eq!(needs, ["db.a", "db.b", "edge", "edge.eu"]);
    assert_eq!(
        check(&manifest, "edge.eu").group.as_ref().unwrap().as_str(),
        "edge"
    );
}

#[test]
fn a_wanted_failure_replaces_the_built_in_set_and_should_never_does() {
    let text = "version: 1\ngate: g\nchecks:\n  closed: { tcp: \"x:1\", expect: { state: refused } }\n  quick: { tcp: \"x:1\", should: { duration: under 1s } }\n";
    let manifest = manifest(&Machine::default(), text);
    let wanted = |id: &str| -> Vec<String> {
        let summaries = check(&manifest, id).expectations.summaries();
        summaries
            .iter()
            .map(|e| format!("{} {}", e.fact, e.wanted))
            .collect()
    };
    assert_eq!(wanted("closed"), ["state refused"]);
    assert_eq!(
        wanted("quick"),
        ["state open", "duration under 10s", "duration under 1s"]
    );
}

#[test]
fn a_message_is_that_of_every_expectation_of_its_check() {
    let text = "version: 1\ngate: g\nchecks:\n  a: { tcp: \"x:1\", message: call ops, expect: { state: open }, should: { duration: under 1s } }\n";
    let manifest = manifest(&Machine::default(), text);
    let expectations = &check(&manifest, "a").expectations.list;
    assert!(expectations.len() >= 2);
    let told = |e: &Expectation| e.message.as_deref() == Some("call ops");
    assert!(
        expectations.iter().all(told),
        "the built-in ones among them"
    );
}

#[test]
fn an_expectation_can_have_a_message_of_its_own() {
    let text = "version: 1\ngate: g\nvars: { team: ops }\nchecks:\n  a:\n    each: [eu]\n    tcp: \"x:1\"\n    should: { duration: under 1s }\n    message: { state: \"call ${team} in ${each}\" }\n";
    let manifest = manifest(&Machine::default(), text);
    let told: Vec<(&str, Option<&str>)> = check(&manifest, "a.eu")
        .expectations
        .list
        .iter()
        .map(|e| (e.fact.name, e.message.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            ("state", Some("call ops in eu")),
            ("duration", None),
            ("duration", None),
        ]
    );
}

#[test]
fn a_gate_holds_for_as_long_as_it_says() {
    let text = "version: 1\ngate: g\nvalid_for: 4h\nchecks: { a: { tcp: \"x:1\" } }\n";
    let manifest = manifest(&Machine::default(), text);
    assert_eq!(manifest.valid_for, Some(Decimal::from(14_400_u64)));
}

#[test]
fn a_gate_can_be_checked_where_its_secrets_are_not() {
    let text = "version: 1\ngate: g\nsecrets: { url: { env: URL }, key: { file: key } }\nchecks:\n  a: { postgres: \"${url}\" }\n  b: { http: { url: https://example.com, headers: { x: \"${key}\" } }, expect: { body: ok } }\n";
    let here = Machine::default().load(text);
    assert_eq!(here.diagnostics.len(), 2, "{}", rendered(&here));
    let lint = Machine::default().without_secrets().load(text);
    assert!(!lint.has_errors());
    assert_eq!(lint.checks, 2);
    let manifest = lint.manifest.unwrap();
    assert_eq!(manifest.stand_ins, ["key", "url"]);
    assert_eq!(manifest.checks.len(), 2);
    let messages: Vec<&str> = lint
        .diagnostics
        .iter()
        .map(|d| d.message.as_str())
        .collect();
    assert_eq!(
        messages,
        [
            "the secret `url` has no value here (env URL)",
            "the secret `key` has no value here (file key)",
        ]
    );
    // Mistakes are found all the same, and unset variables are mistakes everywhere.
    let wrong = text.replace("body: ok", "body: ok, nothing: 1");
    let wrong = Machine::default().without_secrets().load(&wrong);
    let errors = wrong.diagnostics.iter().filter(|d| d.level == Level::Error);
    let codes: Vec<&str> = errors.map(|d| d.code).collect();
    assert_eq!(codes, ["config/unknown_fact"]);
}
