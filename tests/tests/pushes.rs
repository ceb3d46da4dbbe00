//! Outputs that go to a server: what it gets, and that one which does not take them is never overlooked.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use gonogo_testkit::http::{Scripted, answer, response};
use gonogo_testkit::pushgateway::Pushgateway;
use gonogo_tests::{Finished, Gonogo, VERDICTS, gate_of};
use serde_json::Value;

const PASSWORD: &str = "correct-horse";

/// A server that takes everything.
fn taking() -> Scripted {
    Scripted::start(answer(response("200 OK", &[], b""))).unwrap()
}

/// A URL with a password in it.
fn with_password(server: &Scripted, path: &str) -> String {
    format!("http://user:{PASSWORD}@127.0.0.1:{}{path}", server.port())
}

fn assert_hidden(run: &Finished) {
    for text in [&run.stdout, &run.stderr] {
        assert!(!text.contains(PASSWORD), "{text}");
        assert!(!text.contains("dXNlcjpjb3JyZWN0LWhvcnNl"), "{text}");
    }
}

/// The head of a request without what the machine and the version put in, and its body.
fn parts(request: &str) -> (Vec<&str>, &str) {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let own = ["user-agent", "host", "content-length", "accept"];
    let is_own = |line: &&str| !own.iter().any(|name| line.starts_with(name));
    (head.lines().filter(is_own).collect(), body)
}

#[test]
fn a_collector_gets_the_trace_and_a_pushgateway_the_metrics() {
    for (format, path, wanted) in [
        (
            "otlp",
            "/v1/traces",
            ["POST /v1/traces HTTP/1.1", "content-type: application/json"],
        ),
        (
            "prometheus",
            "/metrics/job/gonogo",
            [
                "PUT /metrics/job/gonogo HTTP/1.1",
                "content-type: text/plain; version=0.0.4",
            ],
        ),
    ] {
        let server = taking();
        let plain = format!("{format}={}", server.url(path));
        let file = format!("{format}=kept");
        let run = Gonogo::new(&["check", "-o", &plain, "-o", &file])
            .gate(&gate_of("pushes", "GO"))
            .run()
            .exits(0);
        let from_env = format!("{format}=env:SERVER");
        let hidden = Gonogo::new(&["check", "-o", &from_env])
            .gate(&gate_of("pushes", "GO"))
            .env("SERVER", &with_password(&server, path))
            .run()
            .exits(0);
        assert_hidden(&hidden);
        let requests = server.requests();
        let (head, body) = parts(&requests[0]);
        assert_eq!(head, wanted);
        assert_eq!(body, run.folder.read("kept"), "what a file gets, too");
        let (head, _) = parts(&requests[1]);
        let user = "authorization: Basic dXNlcjpjb3JyZWN0LWhvcnNl";
        assert!(head.contains(&user), "{head:?}");
        assert_eq!(requests.len(), 2);
    }
}

#[test]
fn a_pushgateway_shows_the_last_run_and_nothing_of_the_one_before() {
    let gateway = Pushgateway::start().unwrap();
    let push = format!("prometheus={}", gateway.url("/metrics/job/gonogo/team/a"));
    let series = |verdict: &str, gate: &str, value: u32| {
        format!(
            "gonogo_gate_verdict{{environment=\"\",gate=\"{gate}\",instance=\"\",job=\"gonogo\",team=\"a\",verdict=\"{verdict}\"}} {value}\n"
        )
    };
    for (verdict, code) in VERDICTS {
        Gonogo::new(&["check", "-o", &push])
            .gate(&gate_of(&verdict.to_lowercase(), verdict))
            .run()
            .exits(code);
        let metrics = gateway.metrics().unwrap();
        for (other, _) in VERDICTS {
            let value = u32::from(other == verdict);
            let line = series(other, &verdict.to_lowercase(), value);
            assert!(metrics.contains(&line), "{line}{metrics}");
            if other != verdict {
                let gate = format!("gate=\"{}\"", other.to_lowercase());
                assert!(!metrics.contains(&gate), "{gate}: {metrics}");
            }
        }
    }
    // The gateway itself says what it does not take.
    let bad = format!("prometheus={}", gateway.url("/metrics/jobs/gonogo"));
    let run = Gonogo::new(&["check", "-o", &bad])
        .gate(&gate_of("pushes", "GO"))
        .run()
        .exits(4);
    let told = "answered with status 404: a Pushgateway takes metrics at /metrics/job/NAME";
    assert!(run.stderr.contains(told), "{}", run.stderr);
}

#[test]
fn what_a_server_does_not_take_is_exit_4_and_every_other_output_is_written() {
    let echo = format!("no {PASSWORD}, no dXNlcjpjb3JyZWN0LWhvcnNl\n\x1b[2J::error::x");
    let refusing = response("403 Forbidden", &[], echo.as_bytes());
    let moved = response("302 Found", &["Location: http://127.0.0.1:9/"], b"");
    for (verdict, code) in [("GO", 4), ("NO-GO", 1), ("HOLD", 4)] {
        for (script, told) in [
            (
                answer(refusing.clone()),
                "answered with status 403: the user or password is missing or wrong: no [redacted], no [redacted]\\n\\u{1b}[2J::error::x",
            ),
            (
                answer(moved.clone()),
                "answered with status 302: a redirect, and none is followed",
            ),
            (Vec::new(), "net/closed: "),
        ] {
            let server = Scripted::start(script).unwrap();
            let push = format!("otlp={}", with_password(&server, "/v1/traces"));
            let call = [
                "check",
                "-o",
                &push,
                "-o",
                "json=kept.json",
                "-o",
                "tap=kept.tap",
            ];
            let run = Gonogo::new(&call)
                .gate(&gate_of("pushes", verdict))
                .run()
                .exits(code);
            let place = format!("http://127.0.0.1:{}", server.port());
            let line = format!("error[output/not_taken]: cannot write `{place}`: ");
            let stderr = &run.stderr;
            let complaint = stderr.lines().find_map(|l| l.strip_prefix(line.as_str()));
            let complaint = complaint.unwrap_or_else(|| panic!("{stderr}"));
            assert!(complaint.starts_with(told), "{complaint}");
            assert_hidden(&run);
            let kept: Value = serde_json::from_str(&run.folder.read("kept.json")).unwrap();
            assert_eq!(kept["verdict"], verdict);
            let tap = run.folder.read("kept.tap");
            let last = format!("verdict of pushes: {verdict}");
            assert!(tap.contains(&last), "{tap}");
        }
    }
}

#[test]
fn a_url_that_cannot_be_meant_is_refused_before_anything_runs_and_not_repeated() {
    let url = format!("http://user:{PASSWORD}@127.0.0.1:9");
    for (output, told) in [
        (
            format!("json={url}/in"),
            "`json` is written to a file; only `otlp` and `prometheus` go to a URL",
        ),
        (
            format!("otlp={url}"),
            "the URL has no path; a collector takes traces at /v1/traces",
        ),
        (
            format!("jsn={url}/in"),
            "there is no format `jsn`; did you mean `json`?",
        ),
        (
            format!("otlp=ftp://user:{PASSWORD}@x/in"),
            "expected an http or https URL, found the scheme `ftp`",
        ),
        (
            "otlp=env:NOT_THERE".to_owned(),
            "the environment has no NOT_THERE, or it is empty",
        ),
        (
            "sarif=env:NOT_THERE".to_owned(),
            "`sarif` is written to a file; only `otlp` and `prometheus` go to a URL",
        ),
    ] {
        let gate = "version: 1\ngate: pushes\nchecks:\n  a: { command: [touch, ran] }\n";
        let run = Gonogo::new(&["check", "-o", &output])
            .gate(gate)
            .run()
            .exits(2);
        assert!(run.stderr.contains(told), "{}", run.stderr);
        assert_eq!(run.stdout, "");
        assert_hidden(&run);
        assert!(!run.folder.path().join("ran").exists());
    }
}

#[test]
fn a_saved_run_is_pushed_as_it_was() {
    let run = Gonogo::new(&["check", "-o", "json=run.json", "-o", "otlp=trace"])
        .gate(&gate_of("pushes", "NO-GO"))
        .run()
        .exits(1);
    let server = taking();
    let push = format!("otlp={}", server.url("/v1/traces"));
    Gonogo::new(&["run", "show", "run.json", "-o", &push])
        .file("run.json", &run.folder.read("run.json"))
        .run()
        .exits(0);
    let requests = server.requests();
    assert_eq!(parts(&requests[0]).1, run.folder.read("trace"));
}

#[test]
fn no_proxy_of_the_environment_gets_what_is_pushed() {
    let (server, proxy) = (taking(), taking());
    let push = format!("otlp={}", server.url("/v1/traces"));
    let mut call = Gonogo::new(&["check", "-o", &push]).gate(&gate_of("pushes", "GO"));
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        call = call.env(name, &proxy.url("/"));
    }
    call.run().exits(0);
    assert_eq!((server.requests().len(), proxy.requests().len()), (1, 0));
}
