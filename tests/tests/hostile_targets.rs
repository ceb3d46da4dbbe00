//! Every kind that talks to a server, against every way in which one can misbehave, in one run.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use gonogo_testkit::fake::Fake;
use gonogo_tests::Gonogo;

/// Returns the servers, each with its name; none is what any kind looks for.
fn servers() -> Vec<(&'static str, Fake)> {
    let bomb = "HTTP/1.1 200 OK\r\nx: ".to_owned() + &"\u{1b}[2J\u{202e}".repeat(50_000);
    let made = [
        ("refuses", Fake::refuse()),
        ("hangs", Fake::hang()),
        ("drops", Fake::black_hole()),
        ("closes", Fake::eof()),
        ("resets", Fake::reset()),
        ("resets-later", Fake::answer_with_reset()),
        ("garbage", Fake::garbage()),
        ("bad-request", Fake::http_banner()),
        ("alert", Fake::tls_alert(40)),
        ("echoes", Fake::echo()),
        ("mail", Fake::say("220 mail.test ESMTP ready\r\n")),
        ("zeros", Fake::endless(vec![0_u8; 65_536])),
        (
            "lines",
            Fake::endless("-ERR \u{1b}[31mno\u{1b}[0m\r\n".repeat(4_096)),
        ),
        ("head", Fake::endless(bomb)),
        (
            "numbers",
            Fake::endless("$2147483647\r\n*1000000000\r\n".repeat(1_000)),
        ),
        (
            "lengths",
            Fake::endless([b'R', 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0].repeat(1_000)),
        ),
        (
            "negative",
            Fake::say([b'N', 0xff, 0xff, 0xff, 0xff].repeat(100)),
        ),
        (
            "drips",
            Fake::drip([0x16, 3, 3, 0x40, 0], Duration::from_millis(50)),
        ),
        ("half-tls", Fake::say([0x16, 3, 3, 0x40, 0, 2, 0, 0])),
    ];
    made.map(|(name, fake)| (name, fake.unwrap()))
        .into_iter()
        .collect()
}

/// The kinds, each as it is written for a server at `@`.
const KINDS: &[(&str, &str)] = &[
    ("http", "http: 'http://@/'"),
    ("https", "http: 'https://@/'"),
    ("h2", "http: { url: 'https://@/', http_version: 2 }"),
    (
        "proxy",
        "http: { url: 'http://192.0.2.1/', proxy: 'http://@' }",
    ),
    ("tls", "tls: '@'"),
    (
        "postgres",
        "postgres: 'postgres://u:pass-word@@/d?sslmode=disable'",
    ),
    (
        "postgres-tls",
        "postgres: 'postgres://u:pass-word@@/d?sslmode=verify-full'",
    ),
    ("redis", "redis: 'redis://:pass-word@@'"),
    ("redis-tls", "redis: 'rediss://:pass-word@@'"),
    (
        "dns",
        "dns: { name: shop.test, server: '@', transport: tcp }",
    ),
    (
        "migrations",
        "migrations: { url: 'postgres://u:pass-word@@/d?sslmode=disable', tool: sqlx, dir: . }",
    ),
];

#[test]
fn no_server_makes_a_kind_pass_panic_or_hang() {
    let servers = servers();
    let mut gate = "version: 1\ngate: zoo\ndefaults: { timeout: 700ms }\nchecks:\n".to_owned();
    for (kind, check) in KINDS {
        for (name, server) in &servers {
            let at = server.address().to_string();
            let check = match check.split_once("@@") {
                Some((before, after)) => format!("{before}@{at}{after}"),
                None => check.replace('@', &at),
            };
            writeln!(gate, "  {kind}.{name}: {{ {check} }}").unwrap();
        }
    }
    let begun = Instant::now();
    let run = Gonogo::new(&["check", "-v", "-o", "json=run.json", "--log-level", "debug"])
        .gate(&gate)
        .run()
        .exits(1);
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(20), "{took:?}");
    let text = run.folder.read("run.json");
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let checks = report["checks"].as_array().unwrap();
    assert_eq!(checks.len(), KINDS.len() * servers.len());
    for check in checks {
        let word = |name: &str| check[name].as_str().unwrap_or_default();
        let (id, outcome, code) = (word("id"), word("outcome"), word("code"));
        // Who reads evidence knows nothing; nor does who does not even come to the proxy.
        let unreached = ["proxy.refuses", "proxy.drops"].contains(&id);
        let expected = if unreached || id.starts_with("migrations.") {
            "unknown"
        } else {
            "failed"
        };
        // A reset comes before or after the connection counts as made.
        let expected = if id == "proxy.resets" {
            outcome
        } else {
            expected
        };
        assert_ne!(outcome, "passed", "{id}");
        assert_eq!(outcome, expected, "{id} {code} {}", word("message"));
        assert!(
            (!code.is_empty() && !code.starts_with("engine/")) || code == "engine/expectation",
            "{id} {code} {}",
            word("message")
        );
        assert!(
            !word("message").is_empty() && word("message").len() < 1_000,
            "{id}"
        );
        assert!(!word("hint").is_empty(), "{id} {code}");
        assert!(
            check["duration"].as_f64().unwrap() < 1.5,
            "{id} took {}",
            check["duration"]
        );
    }
    for (sink, text) in [("stdout", &run.stdout), ("stderr", &run.stderr)] {
        let obeyed = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!text.contains(obeyed), "{sink}");
        assert!(!text.contains("panick"), "{sink}: {text}");
    }
    for text in [&run.stdout, &run.stderr, &text] {
        assert!(!text.contains("pass-word"), "a password is shown");
    }
}
