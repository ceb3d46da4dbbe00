//! Pushes against servers that do what real ones will not do on demand.

use gonogo_testkit::ca::Ca;
use gonogo_testkit::http::{Scripted, Step, answer, response};
use gonogo_testkit::tls::Setup;

use super::*;

fn push(format: &str, text: &str) -> Result<Option<Push>, String> {
    let env = |name: &str| (name == "PUSH").then(|| "https://u:secret-1@x:1/secret-2".into());
    Push::parse(Format::named(format).unwrap(), text, &env)
}

fn no_roots() -> RootsSource {
    RootsSource {
        system: false,
        files: Vec::new(),
    }
}

fn sent(push: &Push, bytes: &[u8]) -> Result<(), String> {
    push.send_within(Duration::from_secs(10), &no_roots(), bytes)
}

fn pushed(format: &str, server: &Scripted, bytes: &[u8]) -> Result<(), String> {
    sent(&push(format, &server.url("/in")).unwrap().unwrap(), bytes)
}

#[test]
fn what_is_no_url_is_a_file() {
    for (format, path) in [
        ("json", "report.json"),
        ("otlp", "trace.json"),
        ("otlp", "/tmp/a://b"),
        ("otlp", "./env:PUSH"),
        ("prometheus", "C:/metrics"),
        ("tap", "-://x"),
    ] {
        assert_eq!(push(format, path), Ok(None), "{path}");
    }
}

#[test]
fn a_url_that_leads_nowhere_is_a_mistake() {
    for (format, url, wrong) in [
        (
            "json",
            "https://x/",
            "`json` is written to a file; only `otlp` and `prometheus` go to a URL",
        ),
        (
            "sarif",
            "env:PUSH",
            "`sarif` is written to a file; only `otlp` and `prometheus` go to a URL",
        ),
        (
            "human",
            "s3://x/y",
            "`human` is written to a file; only `otlp` and `prometheus` go to a URL",
        ),
        (
            "otlp",
            "env:OTHER",
            "the environment has no OTHER, or it is empty",
        ),
        (
            "otlp",
            "grpc://x:4317",
            "expected an http or https URL, found the scheme `grpc`",
        ),
        (
            "otlp",
            "http://x:4318",
            "the URL has no path; a collector takes traces at /v1/traces",
        ),
        (
            "prometheus",
            "http://x:9091/",
            "the URL has no path; a Pushgateway takes metrics at /metrics/job/NAME",
        ),
        (
            "prometheus",
            "http:///x:y",
            "expected a URL, found invalid port number",
        ),
    ] {
        assert_eq!(push(format, url), Err(wrong.to_owned()), "{url}");
    }
}

#[test]
fn nothing_of_a_url_is_shown_but_the_server() {
    for url in ["env:PUSH", "https://u:secret-1@x:1/secret-2?a=secret-3"] {
        let push = push("otlp", url).unwrap().unwrap();
        assert_eq!(format!("{push:?}"), "Push(https://x:1)");
        assert_eq!(push.quoted(b"secret-4"), "", "{url}");
    }
}

#[test]
fn an_answer_is_quoted_without_the_password_and_without_harm() {
    let url = "http://user:s%20ecret-1@x:1/in";
    let push = push("prometheus", url).unwrap().unwrap();
    let echoed = "s ecret-1 s%20ecret-1 dXNlcjpzIGVjcmV0LTE= \u{1b}[2J\n##vso[x]";
    assert_eq!(
        push.quoted(echoed.as_bytes()),
        "[redacted] [redacted] [redacted] \\u{1b}[2J\\n#\\u{23}vso[x]"
    );
    // What is too short to be looked for could stand anywhere.
    let short = Push::parse(
        Format::named("otlp").unwrap(),
        "http://user:abc@x/in",
        &|_| None,
    );
    assert_eq!(short.unwrap().unwrap().quoted(b"abc"), "");
}

#[test]
fn what_a_server_does_not_take_is_told() {
    let ok = |body: &str| response("200 OK", &[], body.as_bytes());
    for (format, script, told) in [
        (
            "prometheus",
            answer(response("202 Accepted", &[], b"")),
            None,
        ),
        ("otlp", answer(ok("{}")), None),
        ("otlp", answer(ok("")), None),
        ("otlp", answer(ok(r#"{"partialSuccess":{}}"#)), None),
        (
            "otlp",
            answer(ok(
                r#"{"partialSuccess":{"rejectedSpans":"0","errorMessage":"old"}}"#,
            )),
            None,
        ),
        (
            "otlp",
            answer(ok(
                r#"{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}}"#,
            )),
            Some("spans that were not taken: 2: too old"),
        ),
        (
            "otlp",
            answer(ok(r#"{"partialSuccess":{"rejectedSpans":3}}"#)),
            Some("spans that were not taken: 3: "),
        ),
        (
            "otlp",
            answer(ok("<html>welcome</html>")),
            Some("what answered is no collector: expected a JSON object"),
        ),
        (
            "prometheus",
            answer(response("400 Bad Request", &[], b"inconsistent metrics\n")),
            Some("answered with status 400: inconsistent metrics"),
        ),
        (
            "prometheus",
            answer(response("404 Not Found", &[], b"")),
            Some("answered with status 404: a Pushgateway takes metrics at /metrics/job/NAME"),
        ),
        (
            "otlp",
            answer(response("401 Unauthorized", &[], b"")),
            Some("answered with status 401: the user or password is missing or wrong"),
        ),
        (
            "otlp",
            answer(response(
                "307 Temporary Redirect",
                &["Location: /other"],
                b"",
            )),
            Some("answered with status 307: a redirect, and none is followed"),
        ),
        (
            "otlp",
            answer(ok(&" ".repeat(MOST + 1))),
            Some("api/too_large: the answer is larger than 65536 bytes"),
        ),
        (
            "otlp",
            vec![Step::Read],
            Some("net/closed: connection closed by the other side in phase `first_byte`"),
        ),
    ] {
        let server = Scripted::start(script).unwrap();
        let wanted = told.map_or(Ok(()), |told| Err(told.to_owned()));
        assert_eq!(pushed(format, &server, b"{}\n"), wanted);
        assert_eq!(server.requests().len(), 1, "nothing is sent twice");
    }
}

#[test]
fn every_line_is_a_request_until_one_is_not_taken() {
    let ok = answer(response("200 OK", &[], b"{}"));
    let bad = answer(response("503 Service Unavailable", &[], b"busy"));
    let server = Scripted::start_with(|_| vec![ok, bad]).unwrap();
    let sent = pushed("otlp", &server, b"{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n");
    assert_eq!(sent, Err("answered with status 503: busy".to_owned()));
    let bodies = server.requests();
    let bodies = bodies.iter().map(|r| r.split("\r\n\r\n").nth(1).unwrap());
    assert_eq!(bodies.collect::<Vec<_>>(), ["{\"a\":1}\n", "{\"b\":2}\n"]);
}

#[test]
fn a_server_that_says_nothing_is_waited_for_until_the_deadline() {
    let body = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".to_vec();
    for script in [
        vec![Step::Read, Step::Hang],
        vec![Step::Read, Step::Send(body), Step::Hang],
    ] {
        let server = Scripted::start(script).unwrap();
        let push = push("otlp", &server.url("/in")).unwrap().unwrap();
        let late = push.send_within(Duration::from_millis(300), &no_roots(), b"{}\n");
        let late = late.unwrap_err();
        assert!(late.starts_with("net/timeout: "), "{late}");
    }
}

#[test]
fn a_server_is_trusted_by_the_roots_and_by_nothing_else() {
    let ca = Ca::new();
    let server = Setup::new(&ca.leaf(&["localhost"]).issue());
    let server = server.answer(response("200 OK", &[], b"")).start().unwrap();
    let url = format!("https://localhost:{}/in", server.port());
    let push = push("prometheus", &url).unwrap().unwrap();
    let send = |pem: &str| {
        let roots = RootsSource {
            system: false,
            files: vec![("ca.pem".into(), pem.as_bytes().into())],
        };
        push.send_within(Duration::from_secs(10), &roots, b"x 1\n")
    };
    assert_eq!(send(&ca.root_pem()), Ok(()));
    let refused = send(&Ca::new().root_pem()).unwrap_err();
    assert!(refused.starts_with("tls/"), "{refused}");
}
