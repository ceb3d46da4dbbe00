//! A secret put into every field of every kind and every key of a check: it is refused or hidden.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use gonogo_kind::KindTable as _;
use gonogo_probes::Kinds;
use gonogo_testkit::fake::Fake;
use gonogo_tests::{Finished, Gonogo};

/// Has characters that are changed on the way into a URL, JSON or a shell.
const CANARY: &str = "c4nary/+s3cret&x";

/// What every kind needs at least, for a server at `@`.
const LEAST: &[(&str, &[(&str, &str)])] = &[
    ("command", &[("argv", "['true']")]),
    (
        "dns",
        &[
            ("name", "shop.test"),
            ("server", "'@'"),
            ("transport", "tcp"),
        ],
    ),
    ("env", &[("names", "[PATH]")]),
    ("http", &[("url", "'http://@/'")]),
    (
        "migrations",
        &[
            ("url", "'postgres://u@@/d?sslmode=disable'"),
            ("tool", "sqlx"),
            ("dir", "."),
        ],
    ),
    ("postgres", &[("url", "'postgres://u@@/d?sslmode=disable'")]),
    ("redis", &[("url", "'redis://@'")]),
    ("tcp", &[("address", "'@'")]),
    ("tls", &[("address", "'@'")]),
];

/// The places that a value can have.
const SHAPES: [&str; 4] = [
    "'${token}'",
    "'a${token}b'",
    "['${token}']",
    "{ x: '${token}' }",
];

/// Fails when any output of a call betrays the canary; returns the call.
fn hidden(call: Gonogo, what: &str) -> Finished {
    let run = call.env("TOKEN", CANARY).run();
    let report = run.folder.read("run.json");
    for (sink, text) in [
        ("stdout", &run.stdout),
        ("stderr", &run.stderr),
        ("report", &report),
    ] {
        for trace in [
            "c4nary",
            "s3cret",
            "YzRuYXJ5",
            "RuYXJ5LytzM2NyZX",
            "633461",
            "c4nary%2F",
        ] {
            assert!(
                !text.contains(trace),
                "{what}: {trace} is in {sink}:\n{text}"
            );
        }
        assert!(!text.contains("panick"), "{what}: {text}");
    }
    run
}

/// Runs a gate in every way that shows something of it.
fn shown(checks: &str, what: &str) -> bool {
    let gate = format!("version: 1\ngate: g\nsecrets: {{ token: {{ env: TOKEN }} }}\n{checks}");
    let call = |arguments: &[&str]| hidden(Gonogo::new(arguments).gate(&gate), what);
    let run = call(&["check", "-v", "--log-level", "trace", "-o", "json=run.json"]);
    if run.code == Some(2) {
        return false;
    }
    call(&["plan"]);
    call(&["plan", "-o", "json"]);
    true
}

#[test]
fn in_every_field_of_every_kind() {
    let server = Fake::greet_then_drop(format!(
        "HTTP/1.1 500 {CANARY}\r\nx: {CANARY}\r\n\r\nYzRuYXJ5LytzM2NyZXQmeA== {CANARY}\n"
    ))
    .unwrap();
    let at = server.address().to_string();
    let mut ran = 0;
    for kind in Kinds::new().kinds() {
        let (_, least) = LEAST
            .iter()
            .find(|(name, _)| *name == kind.name)
            .expect("a kind without its least fields: add it");
        for field in kind.fields {
            for shape in SHAPES {
                let others = least.iter().filter(|(name, _)| *name != field.name);
                let fields: String = others
                    .map(|(name, value)| format!("      {name}: {value}\n"))
                    .collect();
                let fields = fields
                    .replace("@@", "%")
                    .replace('@', &at)
                    .replace('%', &format!("@{at}"));
                let checks = format!(
                    "checks:\n  a:\n    timeout: 300ms\n    {}:\n{fields}      {}: {shape}\n",
                    kind.name, field.name
                );
                ran += usize::from(shown(
                    &checks,
                    &format!("{} {} {shape}", kind.name, field.name),
                ));
            }
        }
    }
    assert!(ran > 20, "only {ran} of these gates could be run");
}

#[test]
fn in_every_key_of_a_check_and_of_the_file() {
    for line in [
        "title: '${token}'",
        "severity: '${token}'",
        "owner: '${token}'",
        "runbook: '${token}'",
        "message: '${token}'",
        "timeout: '${token}'",
        "group: '${token}'",
        "covers: ['${token}']",
        "tags: ['${token}']",
        "needs: ['${token}']",
        "each: ['${token}']",
        "each: { x: { p: '${token}' } }\n    title: '${p}'",
        "expect: { stdout: '${token}' }",
        "expect: { stdout: { matches: '${token}(' } }",
        "expect: { stdout: { contains: '${token}' } }",
        "expect: { json: { '$.${token}': x } }",
        "expect: { '${token}': x }",
        "'${token}': x",
    ] {
        let checks = format!("checks:\n  a:\n    command: ['echo', 'c4', 'nary']\n    {line}\n");
        shown(&checks, line);
    }
    for line in [
        "release: '${token}'",
        "vars: { x: { default: '${token}' } }",
        "tls: { roots: '${token}' }",
        "defaults: { timeout: '${token}' }",
        "phases: ['${token}']",
        "tags: ['${token}']",
        "valid_for: '${token}'",
        "min_version: '${token}'",
        "'${token}': 1",
    ] {
        shown(
            &format!("{line}\nchecks: {{ a: {{ command: ['true'] }} }}\n"),
            line,
        );
    }
}

/// Nobody declared it, but whoever sees `password:` knows what it is.
#[test]
fn a_password_that_stands_in_the_file_is_hidden_as_well() {
    let server = Fake::answer_then_drop(
        "HTTP/1.1 401 hunter2-canary\r\n\r\nam9lOmh1bnRlcjItY2FuYXJ5 c00kie-canary t0ken-canary",
    )
    .unwrap();
    let gate = format!(
        "version: 1\ngate: g\nchecks:\n  a:\n    http: {{ url: 'http://{}/', username: joe, password: hunter2-canary }}\n  b:\n    http: {{ url: 'http://{0}/', headers: {{ Authorization: Bearer t0ken-canary, Cookie: sid=c00kie-canary }} }}\n",
        server.address()
    );
    for arguments in [
        &["check", "-v", "--log-level", "trace"][..],
        &["check", "-o", "json"],
        &["plan"],
        &["plan", "-o", "json"],
        &["lint"],
    ] {
        let run = Gonogo::new(arguments).gate(&gate).run();
        for text in [&run.stdout, &run.stderr] {
            assert!(
                !text.contains("canary") && !text.contains("am9lOmh1bnRlcjIt"),
                "{arguments:?}: {text}"
            );
        }
    }
    let target = format!("http://{}/", server.address());
    let run = Gonogo::new(&[
        "probe",
        "http",
        &target,
        "--set",
        "username=joe",
        "--set",
        "password=hunter2-canary",
        "-v",
    ])
    .run()
    .exits(1);
    assert!(!run.stdout.contains("hunter2"), "{}", run.stdout);
}
