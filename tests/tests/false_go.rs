//! Situations in which some other tool says that all is well, each judged here for what it is.
//!
//! One test, one situation that was seen to make a probe tool pass on a target that is dead, wrong or
//! was never looked at. The gate engines have a file of their own.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::time::Duration;

use gonogo_testkit::ca::{Ca, Validity};
use gonogo_testkit::fake::Fake;
use gonogo_testkit::http::{Scripted, Step, answer, response};
use gonogo_testkit::tls::{Setup as Tls, TlsServer};
use gonogo_testkit::unbound::{Setup as Zones, Unbound};
use gonogo_tests::{Gonogo, judged, judged_with, refused};

/// Makes a gate of these checks, two spaces before each.
fn gate(checks: &str) -> String {
    format!("version: 1\ngate: false-go\ndefaults: {{ timeout: 2s }}\nchecks:\n{checks}")
}

/// Starts a server that answers every request in the same way.
fn server(status: &str, body: &str) -> Scripted {
    Scripted::start(answer(response(status, &[], body.as_bytes()))).unwrap()
}

/// Judges a check of `http` at a server with these expectations, and returns verdict, outcome and code.
fn http(server: &Scripted, expect: &str) -> String {
    let check = format!(
        "  a:\n    http: {}\n    expect: {expect}\n",
        server.url("/")
    );
    judged(&gate(&check)).join(", ")
}

/// A refused connection has no status and no duration, so "status below 300", "not 500" and "faster
/// than 500 ms" were compared with 0, and held.
#[test]
fn p1_a_refused_connection_satisfies_no_comparison() {
    let nobody = Fake::refuse().unwrap();
    let nobody = nobody.port();
    for expect in [
        "{ status: under 300 }",
        "{ status: not 500 }",
        "{ status: { not: 500 } }",
        "{ duration: under 500ms }",
        "{ timing.first_byte: under 500ms }",
        "{ body: { not: x } }",
        "{ body: { absent: true } }",
        "{ headers: { x-error: { absent: true } } }",
        "{ tls.expires_in: under 900d }",
    ] {
        let check = format!("  a:\n    http: 'http://127.0.0.1:{nobody}/'\n    expect: {expect}\n");
        assert_eq!(
            judged(&gate(&check)),
            ["NO-GO", "a failed net/refused"],
            "{expect}"
        );
    }
}

/// A key that is not in the answer was 0 in a comparison and unequal to every text; an error page in
/// HTML has no keys at all.
#[test]
fn p2_a_missing_key_or_a_page_of_html_satisfies_no_comparison() {
    let json = server("200 OK", r#"{"status":"UP","empty":null}"#);
    let page = server("200 OK", "<html><h1>Please log in</h1></html>");
    for expect in [
        "{ json: { $.queue_depth: under 100 } }",
        "{ json: { $.lag: at most 5 } }",
        "{ json: { $.state: { not: DOWN } } }",
        "{ json: { $.queue_depth: not 0 } }",
        "{ json: { $.queue.depth: { absent: true } } }",
        "{ json: { $.items: { length: 0 } } }",
        "{ json: { '$.items[*]': { none: bad } } }",
        "{ json: { '$.items[*]': { all: good } } }",
    ] {
        assert_eq!(
            http(&json, expect),
            "NO-GO, a failed engine/expectation",
            "{expect}"
        );
        assert_eq!(
            http(&page, expect),
            "NO-GO, a failed http/not_json",
            "{expect}"
        );
    }
    for expect in [
        "{ json: { $.empty: under 5 } }",
        "{ json: { $.empty: { not: DOWN } } }",
        "{ json: { $.empty: { absent: true } } }",
    ] {
        assert_eq!(
            http(&json, expect),
            "NO-GO, a failed engine/expectation",
            "{expect}"
        );
    }
}

/// A misspelled fact was taken for a text of its own, which is 0, which is below 300.
#[test]
fn p3_a_misspelled_fact_is_a_mistake() {
    for (expect, code) in [
        ("{ durration: under 300ms }", "config/unknown_fact"),
        ("{ status_code: 200 }", "config/unknown_fact"),
        ("{ RESPONSE_TIME: under 300ms }", "config/unknown_fact"),
        ("{ json: { status: ok } }", "config/unknown_key"),
        ("{ '[STATUS]': 200 }", "config/unknown_fact"),
    ] {
        let check = format!("  a:\n    http: http://127.0.0.1:1/\n    expect: {expect}\n");
        assert_eq!(refused(&gate(&check)), [code], "{expect}");
    }
}

/// Without TLS the time to the end of the certificate was 0, so that any "less than" held.
#[test]
fn p4_a_certificate_that_is_not_there_expires_never() {
    let plain = server("200 OK", "ok");
    for expect in [
        "{ tls.expires_in: under 30d }",
        "{ tls.expires_in: over 30d }",
        "{ tls.trusted: true }",
        "{ tls.in_date: { not: false } }",
    ] {
        assert_eq!(
            http(&plain, expect),
            "NO-GO, a failed engine/expectation",
            "{expect}"
        );
    }
    let banner = Fake::http_banner().unwrap();
    let check = format!(
        "  a: {{ tls: '{}', expect: {{ expires_in: under 30d }} }}\n",
        banner.address()
    );
    assert_eq!(judged(&gate(&check)), ["NO-GO", "a failed tls/not_tls"]);
}

/// Numbers were cut to whole ones, printed in the scientific way and compared as text, or read as octal.
#[test]
fn p5_numbers_are_compared_exactly() {
    let json = server(
        "200 OK",
        r#"{"low":0.99,"high":1.9,"id":12345678,"big":12345678901234567891,"text":"8","octal":"010","exp":1e3,"tiny":1e-400,"path":"a/b"}"#,
    );
    for (expect, holds) in [
        ("$.low: under 0.5", false),
        ("$.low: under 0.995", true),
        ("$.high: over 1.5", true),
        ("$.high: at most 1", false),
        ("$.id: 12345678", true),
        ("$.big: 12345678901234567891", true),
        ("$.big: 12345678901234567890", false),
        ("$.big: over 12345678901234567890", true),
        ("$.exp: 1000", true),
        ("$.tiny: 0", false),
        ("$.text: 8", false),
        ("$.text: under 9", false),
        ("$.text: \"8\"", true),
        ("$.octal: 8", false),
        ("$.octal: 10", false),
        ("$.octal: \"010\"", true),
        ("$.path: { contains: ab }", false),
        ("$.path: { contains: a/b }", true),
    ] {
        let expected = if holds {
            "GO, a passed"
        } else {
            "NO-GO, a failed engine/expectation"
        };
        assert_eq!(
            http(&json, &format!("{{ json: {{ {expect} }} }}")),
            expected,
            "{expect}"
        );
    }
}

/// Only the last of several records was kept, and a name that does not exist counted as connected.
#[test]
fn p6_every_record_counts_and_a_name_that_is_not_there_does_not() {
    let zone = Unbound::start(
        "shop.test",
        &["a.shop.test. A 192.0.2.1", "a.shop.test. A 192.0.2.2"],
    )
    .unwrap();
    let at = zone.address();
    for (check, expected) in [
        (
            "name: a.shop.test, server: '@'}, expect: { answers: [192.0.2.1, 192.0.2.2] }",
            "GO, a passed",
        ),
        (
            "name: a.shop.test, server: '@'}, expect: { answers: [192.0.2.1] }",
            "NO-GO, a failed engine/expectation",
        ),
        (
            "name: a.shop.test, server: '@'}, expect: { answers: { all: { not: 192.0.2.1 } } }",
            "NO-GO, a failed engine/expectation",
        ),
        (
            "name: b.shop.test, server: '@'}",
            "NO-GO, a failed dns/nxdomain",
        ),
        (
            "name: a.shop.test, type: AAAA, server: '@'}",
            "NO-GO, a failed dns/no_data",
        ),
        (
            "name: b.shop.test, server: '@'}, expect: { answers: { none: 192.0.2.9 } }",
            "NO-GO, a failed dns/nxdomain",
        ),
    ] {
        let check = format!(
            "  a: {{ dns: {{ {} }}\n",
            check.replace('@', &at.to_string())
        );
        assert_eq!(judged(&gate(&check)).join(", "), expected, "{check}");
    }
}

/// Unknown keys were ignored, and a variable that was not set became an empty text.
#[test]
fn p7_unknown_keys_and_unset_variables_are_mistakes() {
    for (text, code) in [
        (
            "checks: { a: { tcp: '127.0.0.1:1', expct: { state: open } } }",
            "config/unknown_key",
        ),
        (
            "checks: { a: { http: { url: 'http://127.0.0.1:1/', metod: POST } } }",
            "config/unknown_key",
        ),
        (
            "check: { a: { tcp: '127.0.0.1:1' } }\nchecks: { b: { tcp: '127.0.0.1:1' } }",
            "config/unknown_key",
        ),
        (
            "vars: { h: { env: NOT_SET_HERE } }\nchecks: { a: { tcp: '${h}:1' } }",
            "config/unset_variable",
        ),
        (
            "checks: { a: { tcp: '${NOT_DECLARED}:1' } }",
            "config/unknown_variable",
        ),
        ("checks: { a: { tcp: '$HOST:1' } }", "config/wrong_type"),
    ] {
        assert_eq!(
            refused(&format!("version: 1\ngate: g\n{text}\n")),
            [code],
            "{text}"
        );
    }
}

/// The timeout of the whole run did not stop it.
#[test]
fn p8_the_deadline_of_the_run_ends_it() {
    let silent = Fake::hang().unwrap();
    let checks = format!(
        "  fine: {{ command: ['true'] }}\n  slow: {{ http: 'http://{}/', timeout: 1m }}\n  after: {{ command: ['true'], needs: [slow] }}\n",
        silent.address()
    );
    let call = Gonogo::new(&["check", "-o", "json", "--deadline", "300ms"]).gate(&gate(&checks));
    assert_eq!(
        judged_with(call),
        [
            "HOLD",
            "fine passed",
            "slow unknown engine/run_deadline",
            "after skipped needs/deadline"
        ]
    );
}

/// Without an expectation every answer was good, even 503.
#[test]
fn p9_an_answer_alone_is_not_good() {
    for status in [
        "503 Service Unavailable",
        "500 Oops",
        "404 Not Found",
        "401 Unauthorized",
        "302 Found",
        "304 Not Modified",
        "600 What",
    ] {
        let server = server(status, "");
        let check = format!("  a: {{ http: '{}' }}\n", server.url("/"));
        assert_eq!(
            judged(&gate(&check)),
            ["NO-GO", "a failed engine/expectation"],
            "{status}"
        );
    }
}

/// Turning a check round made every error a success: a file that is missing, an address that is none.
#[test]
fn p10_a_wanted_failure_is_never_a_mistake_of_the_gate() {
    for (check, code) in [
        (
            "tls: { address: '127.0.0.1:1', roots: missing.pem }, expect: { state: untrusted_root }",
            "config/unreadable_file",
        ),
        (
            "tls: { address: '127.0.0.1:99999' }, expect: { state: refused }",
            "config/wrong_type",
        ),
        (
            "tcp: 'http://[::1', expect: { state: refused }",
            "config/wrong_type",
        ),
        (
            "tcp: '127.0.0.1:1', expect: { state: { not: open } }, nope: 1",
            "config/unknown_key",
        ),
    ] {
        assert_eq!(
            refused(&gate(&format!("  a: {{ {check} }}\n"))),
            [code],
            "{check}"
        );
    }
    // Nor is "anything but open" an answer: the failure has to be named.
    let nobody = Fake::refuse().unwrap();
    let nobody = nobody.port();
    let check =
        format!("  a: {{ tcp: '127.0.0.1:{nobody}', expect: {{ state: {{ not: open }} }} }}\n");
    assert_eq!(judged(&gate(&check)), ["NO-GO", "a failed net/refused"]);
}

/// Of two expectations of the body the first used it up, and the second saw nothing.
#[test]
fn p11_all_expectations_see_the_same_body() {
    let json = server("200 OK", r#"{"status":"ok","n":3}"#);
    let both = "{ body: { matches: '\"n\":\\d' }, json: { $.status: ok, $.n: 3 }, body_size: 21B }";
    assert_eq!(http(&json, both), "GO, a passed");
}

/// On a second attempt the body of the request was empty, and the answer to that counted.
#[test]
fn p12_every_attempt_sends_the_whole_request() {
    let flapping = Scripted::start_with(|_| {
        let no = answer(response("503 Busy", &[], b""));
        vec![no.clone(), no, answer(response("200 OK", &[], b"ok"))]
    })
    .unwrap();
    let checks = format!(
        "  a:\n    http: {{ url: '{}', method: GET, body: '{{\"q\":1}}' }}\n    retry: {{ attempts: 3, backoff: 10ms }}\n",
        flapping.url("/")
    );
    assert_eq!(judged(&gate(&checks)), ["GO", "a passed"]);
    let sent: Vec<bool> = flapping
        .requests()
        .iter()
        .map(|r| r.ends_with("\r\n\r\n{\"q\":1}"))
        .collect();
    assert_eq!(sent, [true, true, true]);
}

/// A broken pattern "did not match" until time was up, and a header was missed for its capital letters.
#[test]
fn p13_a_broken_pattern_is_a_mistake_and_headers_have_no_case() {
    let check = "  a: { http: 'http://127.0.0.1:1/', expect: { body: { matches: '(' } } }\n";
    assert_eq!(refused(&gate(check)), ["config/bad_regex"]);
    let shouting = Scripted::start(answer(response("200 OK", &["X-READY: Yes"], b""))).unwrap();
    assert_eq!(
        http(&shouting, "{ headers: { x-ready: 'Yes' } }"),
        "GO, a passed"
    );
    assert_eq!(
        http(&shouting, "{ headers: { X-Ready: 'yes' } }"),
        "NO-GO, a failed engine/expectation"
    );
}

/// Of two addresses that were expected one was enough.
#[test]
fn p14_a_list_is_the_whole_list() {
    let zone = Unbound::start(
        "shop.test",
        &[
            "a.shop.test. A 192.0.2.1",
            "b.shop.test. A 192.0.2.1",
            "b.shop.test. A 192.0.2.2",
            "b.shop.test. A 192.0.2.3",
        ],
    )
    .unwrap();
    for name in ["a", "b"] {
        let check = format!(
            "  a: {{ dns: {{ name: {name}.shop.test, server: '{}' }}, expect: {{ answers: [192.0.2.1, 192.0.2.2] }} }}\n",
            zone.address()
        );
        assert_eq!(
            judged(&gate(&check)),
            ["NO-GO", "a failed engine/expectation"],
            "{name}"
        );
    }
}

/// "Not reachable" was proved by every error, a misspelled host and a dead resolver among them.
#[test]
fn p15_a_port_is_closed_only_when_it_refuses() {
    let (nobody, silent) = (Fake::refuse().unwrap(), Fake::black_hole().unwrap());
    let wanted = |place: &str, state: &str| {
        let check =
            format!("  a: {{ tcp: '{place}', timeout: 300ms, expect: {{ state: {state} }} }}\n");
        judged(&gate(&check)).join(", ")
    };
    let closed = nobody.address().to_string();
    assert_eq!(wanted(&closed, "refused"), "GO, a passed");
    assert_eq!(wanted(&closed, "timeout"), "NO-GO, a failed net/refused");
    assert_eq!(
        wanted(&silent.address().to_string(), "refused"),
        "NO-GO, a failed net/timeout"
    );
    // Which of the two depends on whether the machine of the test has a resolver.
    let misspelled = wanted("no-such-host.invalid:80", "refused");
    assert!(
        [
            "NO-GO, a failed net/no_such_name",
            "HOLD, a unknown net/resolver"
        ]
        .contains(&misspelled.as_str()),
        "{misspelled}"
    );
    let open = Fake::echo().unwrap();
    assert_eq!(
        wanted(&open.address().to_string(), "refused"),
        "NO-GO, a failed engine/expectation"
    );
}

/// "Does not resolve" was proved by a server that fails, refuses, or is not there.
#[test]
fn p16_a_name_is_gone_only_when_its_server_says_so() {
    let zones = Zones::default()
        .zone("shop.test", &["a.shop.test. A 192.0.2.1"])
        .refuse("refused.test")
        .servfail("broken.test")
        .silent("silent.test")
        .start()
        .unwrap();
    let nobody = Fake::refuse().unwrap();
    let at = zones.address().to_string();
    for (name, server, expected) in [
        ("gone.shop.test", &at, "GO, a passed"),
        ("a.shop.test", &at, "NO-GO, a failed engine/expectation"),
        ("x.refused.test", &at, "NO-GO, a failed dns/refused"),
        ("x.broken.test", &at, "NO-GO, a failed dns/servfail"),
        ("x.silent.test", &at, "NO-GO, a failed dns/timeout"),
        (
            "gone.shop.test",
            &nobody.address().to_string(),
            "NO-GO, a failed net/refused",
        ),
    ] {
        let check = format!(
            "  a: {{ dns: {{ name: {name}, server: '{server}' }}, timeout: 500ms, expect: {{ rcode: nxdomain }} }}\n"
        );
        assert_eq!(
            judged(&gate(&check)).join(", "),
            expected,
            "{name} at {server}"
        );
    }
}

/// An empty list asserted nothing, and passed.
#[test]
fn p17_what_asserts_nothing_is_a_mistake() {
    for (expect, code) in [
        ("{ stderr: [] }", "config/empty_list"),
        ("{ lines: [] }", "config/empty_list"),
        ("{ stdout: '' }", "config/empty_matcher"),
        ("{ stdout: { contains: '' } }", "config/empty_matcher"),
        ("{ stdout: { matches: '' } }", "config/empty_matcher"),
        ("{ stdout: {} }", "config/empty_matcher"),
        ("{ lines: { all: {} } }", "config/empty_matcher"),
        ("{}", "config/empty_list"),
    ] {
        let check = format!("  a: {{ command: ['true'], expect: {expect} }}\n");
        let codes = if expect == "{ stdout: '' }" {
            // The text of no output is worth proving; it is compared, not left out.
            assert_eq!(judged(&gate(&check)), ["GO", "a passed"]);
            continue;
        } else {
            refused(&gate(&check))
        };
        assert_eq!(codes, [code], "{expect}");
    }
}

/// One format of the output always ended with 0, and another said "successful: false" whatever was so.
#[test]
fn p18_p19_no_format_changes_the_exit_code() {
    let checks = gate("  a: { command: ['false'] }\n  b: { command: ['true'] }\n");
    for arguments in [
        &["check"][..],
        &["check", "-q"],
        &["check", "-v"],
        &["check", "-o", "json"],
        &["check", "-o", "human"],
        &["check", "-q", "-o", "json=r.json"],
        &["check", "-o", "json", "-o", "human=r.txt"],
        &["check", "--log-level", "off", "--color", "always"],
        &["check", "--fail-fast"],
        &["check", "--wait", "100ms"],
        &["check", "--strict"],
    ] {
        let run = Gonogo::new(arguments).gate(&checks).run().exits(1);
        assert!(
            (run.stdout.clone() + &run.stderr).contains("NO-GO"),
            "{arguments:?}"
        );
        let fine = checks.replace("'false'", "'true'");
        Gonogo::new(arguments).gate(&fine).run().exits(0);
    }
    for arguments in [
        &["check", "--no-such-flag"][..],
        &["check", "-o", "xml"],
        &["chek"],
        &["check", "--deadline", "0s"],
        &[],
    ] {
        Gonogo::new(arguments).gate(&checks).run().exits(2);
    }
}

/// When a certificate expired the handshake failed, all facts about it vanished, and so did the alarm.
#[test]
fn p20_an_expired_certificate_fails_every_way_it_is_asked_about() {
    let ca = Ca::new();
    let issued = ca
        .leaf(&["shop.test"])
        .valid(Validity::ended_days_ago(3))
        .issue();
    let tls = TlsServer::start(&issued).unwrap();
    for expect in [
        "expires_in: over 14d",
        "expires_in: under 14d",
        "expires_in: under 0s",
        "issuer: { contains: x }",
    ] {
        let check = format!(
            "  a:\n    tls: {{ address: '127.0.0.1:{}', server_name: shop.test, roots: ca.pem }}\n    expect: {{ {expect} }}\n",
            tls.port()
        );
        let call = Gonogo::new(&["check", "-o", "json"])
            .gate(&gate(&check))
            .file("ca.pem", &ca.root_pem());
        assert_eq!(
            judged_with(call),
            ["NO-GO", "a failed tls/expired"],
            "{expect}"
        );
    }
    let web = Tls::new(&issued)
        .answer(response("200 OK", &[], b"ok"))
        .start()
        .unwrap();
    let check = format!(
        "  a:\n    http: {{ url: 'https://shop.test:{}/', address: '127.0.0.1:{0}', roots: ca.pem }}\n    expect: {{ tls.expires_in: under 14d }}\n",
        web.port()
    );
    let call = Gonogo::new(&["check", "-o", "json"])
        .gate(&gate(&check))
        .file("ca.pem", &ca.root_pem());
    assert_eq!(judged_with(call), ["NO-GO", "a failed tls/expired"]);
}

/// Of a name with several addresses one is looked at; which one must be in the report.
#[test]
fn p21_the_report_says_which_address_was_looked_at() {
    let web = server("200 OK", "ok");
    let check = format!("  a: {{ http: 'http://localhost:{}/' }}\n", web.port());
    let run = Gonogo::new(&["check", "-o", "json"])
        .gate(&gate(&check))
        .run()
        .exits(0);
    let address = format!("127.0.0.1:{}", web.port());
    assert_eq!(run.json()["checks"][0]["facts"]["address"], address);
}

/// Neither the chain nor the name of a certificate was verified unless one asked, and without a name in
/// the handshake another site's certificate was judged.
#[test]
fn p22_chain_and_name_are_verified_without_asking() {
    let (ca, other) = (Ca::new(), Ca::new());
    let tls = TlsServer::start(&ca.leaf(&["shop.test"]).issue()).unwrap();
    for (name, roots, expected) in [
        ("shop.test", &ca, "GO, a passed"),
        ("other.test", &ca, "NO-GO, a failed tls/wrong_name"),
        ("shop.test", &other, "NO-GO, a failed tls/untrusted_root"),
    ] {
        let check = format!(
            "  a: {{ tls: {{ address: '127.0.0.1:{}', server_name: {name}, roots: ca.pem }} }}\n",
            tls.port()
        );
        let call = Gonogo::new(&["check", "-o", "json"])
            .gate(&gate(&check))
            .file("ca.pem", &roots.root_pem());
        let told = judged_with(call).join(", ");
        assert_eq!(told, expected, "{name}");
    }
}

/// The program ended with 0 when time was up.
#[test]
fn p23_time_that_is_up_is_no_success() {
    let silent = Fake::hang().unwrap();
    for check in [
        "http: 'http://@/'",
        "tls: '@'",
        "redis: 'redis://@'",
        "postgres: 'postgres://u@@/d?sslmode=disable'",
        "tcp: { address: '@', banner: true }",
        "command: [sleep, '9']",
    ] {
        // In the URL of postgres the first sign parts the user from the place.
        let check = check
            .replace("u@@", "u%@")
            .replace('@', &silent.address().to_string())
            .replace("u%", "u@");
        let told = judged(&gate(&format!("  a: {{ {check}, timeout: 200ms }}\n")));
        let code = if check.starts_with("command") {
            "command/timeout"
        } else {
            "net/timeout"
        };
        assert_eq!(
            told,
            ["NO-GO".to_owned(), format!("a failed {code}")],
            "{check}"
        );
    }
    let script = vec![
        Step::Read,
        Step::Drip(b"HTTP/1.1 200 OK\r\n".to_vec(), Duration::from_millis(100)),
    ];
    let drip = Scripted::start(script).unwrap();
    let check = format!("  a: {{ http: '{}', timeout: 300ms }}\n", drip.url("/"));
    assert_eq!(judged(&gate(&check)), ["NO-GO", "a failed net/timeout"]);
}

/// A switch let a check go on after a bad certificate, and the program end with 0.
#[test]
fn p24_nothing_makes_a_bad_certificate_good() {
    for key in [
        "insecure: true",
        "verify: false",
        "skip_verify: true",
        "continue_after_certificate: true",
        "tls: { verify: false }",
    ] {
        let check = format!("  a: {{ http: {{ url: 'https://127.0.0.1:1/', {key} }} }}\n");
        assert_eq!(refused(&gate(&check)), ["config/unknown_key"], "{key}");
    }
    let ca = Ca::new();
    let tls = TlsServer::start(&ca.leaf(&["shop.test"]).issue()).unwrap();
    // A failure that is named makes that failure the answer, and no other.
    let check = format!(
        "  a: {{ tls: {{ address: '127.0.0.1:{}', server_name: other.test, roots: ca.pem }}, expect: {{ state: expired }} }}\n",
        tls.port()
    );
    let call = Gonogo::new(&["check", "-o", "json"])
        .gate(&gate(&check))
        .file("ca.pem", &ca.root_pem());
    assert_eq!(judged_with(call), ["NO-GO", "a failed tls/wrong_name"]);
}
