//! A canary secret appears in no output, at the highest log level, in no encoding.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use gonogo_testkit::fake::Fake;
use gonogo_testkit::postgres::Postgres;
use gonogo_testkit::redis;
use gonogo_tests::Gonogo;

/// Has characters that every encoding changes.
const CANARY: &str = "c4nary/+s3cret&\"quoted\"";

/// Returns everything that would betray the canary.
fn traces() -> Vec<String> {
    let bytes = CANARY.as_bytes();
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    let percent: String = bytes
        .iter()
        .map(|&b| {
            if b.is_ascii_alphanumeric() {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    let json = serde_json::to_string(CANARY).unwrap();
    let mut traces = vec![
        CANARY.to_owned(),
        "c4nary".to_owned(),
        "s3cret".to_owned(),
        percent.clone(),
        percent.to_lowercase(),
        hex.to_uppercase(),
        hex,
        json.trim_matches('"').to_owned(),
        URL_SAFE_NO_PAD.encode(bytes),
    ];
    // In base64 of a longer text the secret begins at one of three places in a group.
    for before in ["", "u", "us"] {
        let text = STANDARD.encode(format!("{before}{CANARY}"));
        traces.push(text[4..text.len() - 8].to_owned());
    }
    traces
}

/// A server whose own error text quotes what it was sent, plainly and encoded.
fn quoting_server(percent: &str) -> Fake {
    let body = format!(
        "{{\"error\":\"bad token {} {} {}\"}}",
        CANARY.replace('"', "\\\""),
        STANDARD.encode(CANARY),
        CANARY
            .bytes()
            .map(|b| format!("{b:02X}"))
            .collect::<String>()
    );
    let head = format!(
        "HTTP/1.1 500 Oops\r\nx-echo: {percent}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    Fake::say(format!("{head}{body}")).unwrap()
}

/// A gate that puts the canary into every place that takes one.
fn canary_gate(quoting: u16) -> String {
    format!(
        "version: 1
gate: canary
release: ${{release}}
vars:
  release: {{ env: RELEASE }}
secrets:
  token: {{ env: TOKEN }}
  url: {{ env: SECRET_URL }}
  dsn: {{ env: DATABASE_URL }}
  cache: {{ env: REDIS_URL }}
checks:
  in-url:
    http: ${{url}}
    expect: {{ body: {{ contains: fine }}, json: {{ $.error: none }}, headers: {{ x-echo: nothing }} }}
  in-header:
    http: {{ url: 'http://127.0.0.1:{quoting}/', headers: {{ authorization: 'Bearer ${{token}}' }} }}
    expect: {{ status: 200, body: '${{token}}' }}
  in-basic:
    http: {{ url: 'http://127.0.0.1:{quoting}/', username: user, password: '${{token}}' }}
  in-dsn:
    postgres: ${{dsn}}
  in-redis:
    redis: ${{cache}}
  in-command:
    title: prints ${{token}}
    command: {{ argv: [sh, -c, 'echo \"$T\"; echo \"$T\" >&2; exit 3'], env: {{ T: '${{token}}' }} }}
    expect: {{ stdout: '${{token}}x' }}
    message: the token is ${{token}}
"
    )
}

#[test]
fn a_secret_is_nowhere() {
    let percent = "c4nary%2F%2Bs3cret%26%22quoted%22";
    let database = Postgres::shared().unwrap();
    let cache = redis::Setup::default()
        .password("another-password")
        .start()
        .unwrap();
    let quoting = quoting_server(percent);
    let gate = canary_gate(quoting.port());
    for log in ["trace", "warn"] {
        let call = Gonogo::new(&["check", "--log-level", log, "-v", "-o", "json=report.json"])
            .gate(&gate)
            .env("RELEASE", &format!("1.0-{CANARY}"))
            .env("TOKEN", CANARY)
            .env(
                "SECRET_URL",
                &format!(
                    "http://user:{percent}@127.0.0.1:{}/?key={percent}",
                    quoting.port()
                ),
            )
            .env(
                "DATABASE_URL",
                &format!(
                    "postgres://nobody:{percent}@127.0.0.1:{}/postgres",
                    database.port()
                ),
            )
            .env(
                "REDIS_URL",
                &format!("redis://:{percent}@127.0.0.1:{}", cache.port()),
            );
        let run = call.run().exits(1);
        let report = run.folder.read("report.json");
        for (sink, text) in [
            ("stdout", &run.stdout),
            ("stderr", &run.stderr),
            ("report", &report),
        ] {
            for trace in traces() {
                assert!(
                    !text.contains(&trace),
                    "{trace} is in {sink} at log level {log}:\n{text}"
                );
            }
        }
        let value: serde_json::Value = serde_json::from_str(&report).unwrap();
        let failed = value["checks"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|check| check["outcome"] == "failed")
            .count();
        assert_eq!(
            failed, 6,
            "every check really ran into its server: {report}"
        );
        assert!(report.contains("[redacted]"), "the places are marked");
        assert!(
            report.contains(&format!("127.0.0.1:{}", database.port())),
            "host and port stay readable"
        );
    }
}

#[test]
fn a_secret_stays_hidden_in_plans_lints_and_refusals() {
    let gate = "version: 1\ngate: g\nsecrets: { token: { env: TOKEN } }\nchecks:\n  a:\n    title: with ${token}\n    \
                http: 'http://127.0.0.1:1/?key=${token}'\n    expect: { body: '${token}', statos: 200 }\n";
    let good = gate.replace(", statos: 200", "");
    for arguments in [
        &["plan"][..],
        &["plan", "-o", "json"],
        &["lint"],
        &["check", "--list"],
        &["check"],
    ] {
        for gate in [gate, &good] {
            let run = Gonogo::new(arguments).gate(gate).env("TOKEN", CANARY).run();
            for trace in traces() {
                assert!(
                    !run.stdout.contains(&trace) && !run.stderr.contains(&trace),
                    "{arguments:?}: {}{}",
                    run.stdout,
                    run.stderr
                );
            }
        }
    }
}

#[test]
fn a_secret_that_is_one_of_our_words_does_not_shred_the_report() {
    let gate = "version: 1\ngate: g\nsecrets: { token: { env: TOKEN } }\nchecks:\n  a: { command: { argv: [cat], stdin: '${token}' } }\n";
    let run = Gonogo::new(&["check", "-o", "json"])
        .gate(gate)
        .env("TOKEN", "passed")
        .run()
        .exits(0);
    assert_eq!(run.outcomes(), ["a passed"]);
    assert_eq!(run.json()["checks"][0]["facts"]["stdout"], "[redacted]");
}

#[test]
fn a_secret_too_short_to_be_hidden_is_refused() {
    let gate = "version: 1\ngate: g\nsecrets: { token: { env: TOKEN } }\nchecks:\n  a: { command: { argv: [cat], stdin: '${token}' } }\n";
    let run = Gonogo::new(&["check"])
        .gate(gate)
        .env("TOKEN", "abc")
        .run()
        .exits(2);
    assert!(
        run.stderr.contains("error[config/bad_secret]"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_secret_in_what_the_pipeline_says_of_itself_is_hidden() {
    let run = Gonogo::new(&["check", "-o", "json"])
        .gate("version: 1\ngate: job\nsecrets:\n  token: { env: TOKEN }\nchecks:\n  a: { command: { argv: ['true'], env: { T: '${token}' } } }\n")
        .env("TOKEN", "hunter2-canary")
        .env("BUILD_URL", "https://ci.example/job?token=hunter2-canary")
        .env("GIT_COMMIT", "hunter2-canary")
        .run();
    assert!(
        run.stdout
            .contains("https://ci.example/job?token=[redacted]"),
        "{}{}",
        run.stdout,
        run.stderr
    );
    assert!(!run.stdout.contains("hunter2"), "{}", run.stdout);
}
