//! What stands in for secrets that are not here.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod support;

use gonogo_config::Loaded;
use gonogo_kind::Level;
use gonogo_kind::manifest::Manifest;
use support::{Machine, rendered};

const SECRETS: &str =
    "secrets: { url: { env: URL }, word: { env: WORD }, other: { env: OTHER } }\n";

fn lint(checks: &str) -> Loaded {
    let text = format!("version: 1\ngate: g\n{SECRETS}checks:\n{checks}");
    Machine::default().without_secrets().load(&text)
}

fn manifest(checks: &str) -> Manifest {
    let loaded = lint(checks);
    assert!(!loaded.has_errors(), "{}", rendered(&loaded));
    loaded.manifest.unwrap()
}

/// Returns the codes of errors, and whether there is a manifest.
fn errors(checks: &str) -> (Vec<&'static str>, bool) {
    let loaded = lint(checks);
    let errors = loaded
        .diagnostics
        .iter()
        .filter(|d| d.level == Level::Error);
    (errors.map(|d| d.code).collect(), loaded.manifest.is_some())
}

#[test]
fn every_field_can_stand_for_a_secret() {
    let gate = manifest(
        "  a: { postgres: '${url}' }
  b: { http: { url: 'https://u:${word}@example.com/${other}', method: '${other}', headers: { x: 'Bearer ${word}' } } }
  c: { tcp: '${url}' }
  d: { tcp: '${url}:443' }
  e: { tcp: 'example.com:${word}' }
  f: { command: [sh, -c, '${word}'] }
  g: { metric: { query: '${word}', max: '${other}' }, expect: { value: over 1 } }
  h: { each: { x: { to: '${url}' }, y: { to: 'https://${word}/' } }, http: '${to}' }
  i: { tcp: 'x:1', title: 'of ${word}', owner: '${other}' }
  j: { http: { url: 'https://example.com', body_limit: '${other}' }, expect: { body: { contains: '${word}' }, headers: { x: '${other}' } } }
",
    );
    let subjects: Vec<String> = gate.checks.iter().map(|c| c.subject()).collect();
    assert_eq!(
        subjects,
        [
            "${url}",
            "https://u:${word}@example.com/${other}",
            "${url}",
            "${url}:443",
            "example.com:${word}",
            r#"["sh","-c","${word}"]"#,
            "${word}",
            "${url}",
            "https://${word}/",
            "tcp",
            "https://example.com",
        ]
    );
    let check = |id: &str| gate.checks.iter().find(|c| c.id.as_str() == id).unwrap();
    assert_eq!(check("b").stand_ins, ["url", "method", "headers"]);
    assert_eq!(check("b").options["headers"], r#"{"x":"Bearer ${word}"}"#);
    assert_eq!(check("i").title, "of ${word}");
    assert_eq!(check("i").owner.as_deref(), Some("${other}"));
    assert!(check("i").stand_ins.is_empty());
    let wanted: Vec<String> = check("j")
        .expectations
        .summaries()
        .into_iter()
        .map(|e| format!("{} {}", e.fact, e.wanted))
        .collect();
    assert_eq!(
        wanted,
        [
            "status 200..299",
            "body { contains: [redacted] }",
            "headers x [redacted]"
        ]
    );
}

#[test]
fn nothing_of_a_stand_in_is_hidden() {
    let gate =
        manifest("  a: { http: 'https://u:${word}@example.com/' }\n  b: { postgres: '${url}' }\n");
    for text in [
        "word",
        "https://example.com/health",
        "db.example.com",
        "app",
    ] {
        assert_eq!(gate.redactor.redact(text), text);
    }
    // What is no stand-in is.
    let text = "version: 1\ngate: g\nvars: { p: { env: P } }\nsecrets: { s: { env: S } }\nchecks: { a: { http: 'https://u:${p}@example.com/${s}' } }\n";
    let loaded = Machine::default()
        .env("P", "canary-1")
        .without_secrets()
        .load(text);
    assert_eq!(loaded.redactor.redact("canary-1 s"), "[redacted] s");
}

#[test]
fn mistakes_are_found_beside_stand_ins() {
    for (checks, codes) in [
        (
            "  a: { postgres: '${url}', expect: { nothing: 1 } }\n",
            "config/unknown_fact",
        ),
        ("  a: { command: '${word}' }\n", "config/wrong_type"),
        (
            "  a: { http: { url: '${url}', headers: '${word}' } }\n",
            "config/wrong_type",
        ),
        (
            "  a: { http: { url: '${url}', body: x } }\n",
            "config/bad_field",
        ),
        (
            "  a: { http: { url: '${url}', methd: x } }\n",
            "config/unknown_key",
        ),
        ("  a: { http: 'ftp://${word}/' }\n", ""),
        (
            "  a: { http: '${url}', expect: { headers: { x: { contians: '${word}' } } } }\n",
            "config/unknown_key",
        ),
        (
            "  a: { http: '${url}', expect: { body: { contains: '${word}', matches: '(' } } }\n",
            "config/bad_regex",
        ),
    ] {
        let (found, _) = errors(checks);
        let wanted: Vec<&str> = codes.split(' ').filter(|c| !c.is_empty()).collect();
        assert_eq!(found, wanted, "{checks}");
    }
}

/// What decides about a check is not made up.
#[test]
fn what_nothing_can_stand_for_leaves_no_manifest() {
    for checks in [
        "  a: { tcp: 'x:1', timeout: '${word}' }\n",
        "  a: { tcp: 'x:1', severity: '${word}' }\n",
        "  a: { tcp: 'x:1', needs: ['${word}'] }\n",
        "  a: { tcp: 'x:1', retry: { attempts: '${word}' } }\n",
        "  a: { http: '${url}', expect: { duration: 'under ${word}' } }\n",
        "  a: { http: '${url}', expect: { status: '${word}' } }\n",
        "  a: { http: { url: 'https://example.com', roots: '${word}' } }\n",
    ] {
        assert_eq!(errors(checks), (vec![], false), "{checks}");
    }
}

#[test]
fn the_warning_says_which_secret_is_not_here() {
    let loaded = lint("  a: { postgres: '${url}' }\n");
    assert_eq!(
        loaded.diagnostics[0].message,
        "the secret `url` has no value here (env URL)"
    );
}

#[test]
fn where_secrets_are_there_is_no_stand_in() {
    let text =
        format!("version: 1\ngate: g\n{SECRETS}checks: {{ a: {{ postgres: '${{url}}' }} }}\n");
    let machine = Machine::default()
        .env("URL", "postgres://u:canary-1@db/x")
        .env("WORD", "canary-2")
        .env("OTHER", "canary-3");
    for loaded in [machine.load(&text), machine.without_secrets().load(&text)] {
        let manifest = loaded.manifest.unwrap();
        assert!(manifest.stand_ins.is_empty());
        assert!(manifest.checks[0].stand_ins.is_empty());
        assert_eq!(manifest.checks[0].subject(), "postgres");
    }
}
