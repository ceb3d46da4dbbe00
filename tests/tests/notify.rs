//! `notify`: who is told what a run came to, and that this never changes what it came to.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use gonogo_testkit::ca::Ca;
use gonogo_testkit::fake::Fake;
use gonogo_testkit::folder::Folder;
use gonogo_testkit::http::{Scripted, Step, answer, response};
use gonogo_testkit::tls::Setup;
use gonogo_tests::{Finished, Gonogo, program};
use serde_json::{Value as Json, json};

const KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A gate of one check that ends with the exit code `a`, and these receivers.
fn gate(receivers: &str) -> String {
    format!(
        "version: 1\ngate: shop\nrelease: r1\nvars: {{ a: '0' }}\nsecrets: {{ hook: {{ env: HOOK }}, key: {{ env: KEY }} }}\n\
         notify:\n{receivers}\n  spare: {{ webhook: \"${{hook}}\", secret: \"${{key}}\", on: problem }}\n\
         checks:\n  a: {{ command: [sh, -c, 'exit ${{a}}'] }}\n"
    )
}

fn call(arguments: &[&str], receivers: &str, hook: &str) -> Gonogo {
    let words = [&["check"], arguments].concat();
    Gonogo::new(&words)
        .gate(&gate(receivers))
        .env("HOOK", hook)
        .env("KEY", KEY)
}

fn ok() -> Scripted {
    Scripted::start(answer(response("200 OK", &[], b"ok"))).unwrap()
}

/// Returns the head of a request without what differs each time, and its body.
fn parts(request: &str) -> (Vec<String>, Json) {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let differs = ["host:", "content-length:", "webhook-"];
    let head = head
        .lines()
        .filter(|line| !differs.iter().any(|d| line.starts_with(d)));
    (
        head.map(str::to_owned).collect(),
        serde_json::from_str(body).unwrap(),
    )
}

fn run_id(report: &Finished) -> String {
    let report: Json = serde_json::from_str(&report.stdout).unwrap();
    report["run_id"].as_str().unwrap().to_owned()
}

#[test]
fn slack_gets_one_request_and_standard_error_nothing() {
    let server = ok();
    let call = call(
        &["-o", "json"],
        "  ops: { slack: \"${hook}\" }",
        &server.url("/T0/B0/x"),
    );
    let run = call.run();
    assert_eq!(run.code, Some(0));
    assert!(!run.stderr.contains("told"), "{}", run.stderr);
    let requests = server.requests();
    assert_eq!(requests.len(), 1, "the spare one wants to hear of problems");
    let (head, mut body) = parts(&requests[0]);
    let agent = format!("user-agent: gonogo/{}", env!("CARGO_PKG_VERSION"));
    assert_eq!(
        head,
        [
            "POST /T0/B0/x HTTP/1.1",
            "content-type: application/json",
            "accept: */*",
            agent.as_str(),
        ]
    );
    let told = body["blocks"][1]["text"]["text"].take();
    assert!(told.as_str().unwrap().starts_with("1 passed in "), "{told}");
    let foot = body["blocks"][2]["elements"][0]["text"].take();
    let tool = concat!("`gonogo ", env!("CARGO_PKG_VERSION"), "`");
    assert_eq!(foot, json!(format!("run `{}`, {tool}", run_id(&run))));
    assert_eq!(
        body,
        json!({
            "text": "GO: shop r1",
            "blocks": [
                { "type": "header", "text": { "type": "plain_text", "text": "GO: shop r1", "emoji": false } },
                { "type": "section", "text": { "type": "mrkdwn", "text": null, "verbatim": true } },
                { "type": "context", "elements": [{ "type": "mrkdwn", "text": null, "verbatim": true }] },
            ],
            "unfurl_links": false,
            "unfurl_media": false,
        })
    );
}

#[test]
fn a_webhook_is_signed_and_every_receiver_is_told() {
    let server = ok();
    let receivers = "  bus: { webhook: \"${hook}\", secret: \"${key}\", format: cloudevents, headers: { x-team: ops } }\n  \
                     chat: { discord: \"${hook}\" }\n  office: { teams: \"${hook}\" }";
    let run = call(
        &["-v", "-o", "json", "--var", "a=3"],
        receivers,
        &server.url("/in"),
    )
    .run();
    assert_eq!(run.code, Some(1));
    let told: Vec<&str> = run
        .stderr
        .lines()
        .filter(|line| line.starts_with("told "))
        .collect();
    assert_eq!(
        told,
        [
            "told bus (webhook, 127.0.0.1)",
            "told chat (discord, 127.0.0.1)",
            "told office (teams, 127.0.0.1)",
            "told spare (webhook, 127.0.0.1)",
        ]
    );
    let requests = server.requests();
    assert_eq!(requests.len(), 4);
    let of = |what: &str| {
        requests
            .iter()
            .find(|request| request.contains(what))
            .unwrap()
    };
    let event = of("application/cloudevents+json");
    let header = |name: &str| {
        let line = event
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap().to_owned()
    };
    assert_eq!(header("webhook-id"), format!("{}.bus", run_id(&run)));
    assert_eq!(header("x-team"), "ops");
    assert!(header("webhook-signature").starts_with("v1,"));
    let (_, body) = parts(event);
    assert_eq!(body["data"]["verdict"], "NO-GO");
    assert_eq!(body["data"]["reasons"][0]["id"], "a");
    assert_eq!(body["id"], run_id(&run));
    assert!(of("allowed_mentions").contains("\"username\":\"gonogo\""));
    assert!(of("AdaptiveCard").contains("\"version\":\"1.4\""));
}

#[test]
fn on_change_a_run_that_is_as_before_is_no_news() {
    let server = ok();
    let receivers = "  ops: { slack: \"${hook}\" }";
    let report = |a: &str| {
        let var = format!("a={a}");
        call(
            &["--no-notify", "-o", "json", "--var", &var],
            receivers,
            &server.url("/"),
        )
        .run()
        .stdout
    };
    let (good, bad) = (report("0"), report("3"));
    assert_eq!(server.requests(), [""; 0], "--no-notify tells nobody");
    let compared = |a: &str, last: &str| {
        let var = format!("a={a}");
        let arguments = ["-v", "-o", "json", "--baseline", "last.json", "--var", &var];
        let run = call(&arguments, receivers, &server.url("/"))
            .file("last.json", last)
            .run();
        let line = run.stderr.lines().find(|line| line.contains("told ops"));
        line.map(str::to_owned)
    };
    let not_due = "not told ops (slack, 127.0.0.1): there is nothing that it wants to know";
    assert_eq!(compared("0", &good).as_deref(), Some(not_due));
    assert_eq!(server.requests().len(), 0);
    assert_eq!(
        compared("0", &bad).as_deref(),
        Some("told ops (slack, 127.0.0.1)")
    );
    assert!(
        server.requests()[0].contains("before: `NO-GO`\\nfixed: `a`"),
        "{:?}",
        server.requests()
    );
    // The spare receiver is told of the problem, whatever is new.
    assert_eq!(compared("3", &bad).as_deref(), Some(not_due));
    assert_eq!(server.requests().len(), 2);
}

/// What a receiver does wrong, and what is said of it.
fn failures() -> Vec<(String, Box<dyn std::any::Any + Sync>, &'static str)> {
    let refuse = Fake::refuse().unwrap();
    let hang = Fake::hang().unwrap();
    let gone = Scripted::start(answer(response("404 Not Found", &[], b"no_service\n"))).unwrap();
    let elsewhere = response("302 Found", &["Location: http://127.0.0.1:1/"], b"");
    let moved = Scripted::start(answer(elsewhere)).unwrap();
    let echo = response(
        "400 Bad Request",
        &[],
        b"bad hook canary-token-in-the-path-1 \x1b[31m",
    );
    let echo = Scripted::start(answer(echo)).unwrap();
    let flood = vec![
        Step::Read,
        Step::Send(b"HTTP/1.1 500 Oops\r\n\r\n".to_vec()),
        Step::Endless(b"::error::x".to_vec()),
    ];
    let flood = Scripted::start(flood).unwrap();
    let limited = Scripted::start(answer(response(
        "429 Slow Down",
        &["Retry-After: 3600"],
        b"",
    )))
    .unwrap();
    let url = |port: u16| format!("http://127.0.0.1:{port}/canary-token-in-the-path-1");
    vec![
        (
            url(refuse.port()),
            Box::new(refuse),
            "warning[net/refused]: ops (slack, 127.0.0.1) was not told: connection refused in phase `connect`",
        ),
        (
            url(hang.port()),
            Box::new(hang),
            "warning[net/timeout]: ops (slack, 127.0.0.1) was not told: timed out after 10s in phase `first_byte`",
        ),
        (
            url(gone.port()),
            Box::new(gone),
            "warning[notify/refused]: ops (slack, 127.0.0.1) was not told: the receiver answered 404: no_service",
        ),
        (
            url(moved.port()),
            Box::new(moved),
            "warning[notify/refused]: ops (slack, 127.0.0.1) was not told: the receiver answered 302, a redirect, which is not followed",
        ),
        (
            url(echo.port()),
            Box::new(echo),
            "warning[notify/refused]: ops (slack, 127.0.0.1) was not told: the receiver answered 400: bad hook [redacted] \\u{1b}[31m",
        ),
        (
            url(flood.port()),
            Box::new(flood),
            "warning[notify/refused]: ops (slack, 127.0.0.1) was not told: the receiver answered 500: \\u{3a}:error::x::error::x::error::x::error::x::error::x::error::x::error::x::error::x::error::x::error::x::error::x::error::x",
        ),
        (
            url(limited.port()),
            Box::new(limited),
            "warning[notify/refused]: ops (slack, 127.0.0.1) was not told: the receiver answered 429",
        ),
        (
            String::new(),
            Box::new(()),
            "warning[notify/no_secret]: ops (slack) was not told: the secret `hook` has no value: HOOK is not set, or empty",
        ),
    ]
}

#[test]
fn what_does_not_get_through_is_always_shown_and_changes_nothing() {
    let failures = failures();
    std::thread::scope(|scope| {
        for (url, _held, line) in &failures {
            let (url, line) = (url.as_str(), *line);
            scope.spawn(move || {
                for (a, code) in [("0", 0), ("3", 1)] {
                    let var = format!("a={a}");
                    let run = call(&["-q", "--var", &var], "  ops: { slack: \"${hook}\" }", url);
                    let run = run.run();
                    assert_eq!(run.code, Some(code), "{line}: {}", run.stderr);
                    assert!(
                        run.stderr.lines().any(|said| said == line),
                        "{line}: {}",
                        run.stderr
                    );
                    let all = run.stdout + &run.stderr;
                    assert!(!all.contains("canary"), "{all}");
                }
            });
        }
    });
}

#[test]
fn a_receiver_that_asks_for_it_is_told_again() {
    let busy = response("429 Too Many Requests", &["Retry-After: 0.1"], b"");
    let server =
        Scripted::start_with(|_| vec![answer(busy), answer(response("204 No Content", &[], b""))])
            .unwrap();
    let began = Instant::now();
    let receivers = "  bus: { webhook: \"${hook}\", secret: \"${key}\" }";
    let run = call(&["-v"], receivers, &server.url("/")).run();
    assert!(
        run.stderr.contains("\ntold bus (webhook, 127.0.0.1)\n"),
        "{}",
        run.stderr
    );
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    let id = |request: &str| {
        request
            .lines()
            .find(|l| l.starts_with("webhook-id"))
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        id(&requests[0]),
        id(&requests[1]),
        "a receiver can tell that it knows it"
    );
    assert!(began.elapsed() < Duration::from_secs(9));
}

#[test]
fn a_receiver_is_trusted_by_the_roots_of_the_gate() {
    let ca = Ca::new();
    let issued = ca.leaf(&["localhost"]).issue();
    let server = Setup::new(&issued)
        .answer(response("200 OK", &[], b""))
        .start()
        .unwrap();
    let url = format!("https://localhost:{}/in", server.port());
    let run = |gate: &str| {
        Gonogo::new(&["check", "-v"])
            .gate(gate)
            .file("ca.pem", &ca.root_pem())
            .env("HOOK", &url)
            .env("KEY", KEY)
            .run()
    };
    let gate = gate("  ops: { slack: \"${hook}\" }");
    let trusting = run(&format!("{gate}tls: {{ roots: ca.pem }}\n"));
    assert!(
        trusting.stderr.contains("\ntold ops (slack, localhost)\n"),
        "{}",
        trusting.stderr
    );
    let received = server.received();
    let stranger = run(&gate);
    assert!(
        stranger
            .stderr
            .contains("\nwarning[tls/missing_intermediate]: ops (slack, localhost) was not told: "),
        "{}",
        stranger.stderr
    );
    assert_eq!((stranger.code, server.received()), (Some(0), received));
}

#[test]
fn a_run_that_says_little_of_the_gate_tells_nobody() {
    let server = ok();
    let receivers = "  ops: { slack: \"${hook}\", on: always }";
    let partial = call(&["--skip", "b"], receivers, &server.url("/"));
    let partial = partial
        .gate(&(gate(receivers) + "  b: { command: ['true'] }\n"))
        .run();
    assert_eq!(partial.code, Some(3));
    assert!(
        partial
            .stderr
            .contains("\nnote: nobody was told: the run is partial\n"),
        "{}",
        partial.stderr
    );
    let refused = call(&["--phase", "none"], receivers, &server.url("/")).run();
    assert_eq!(refused.code, Some(2));
    assert_eq!(server.requests(), [""; 0]);
}

#[test]
fn a_ci_shows_what_did_not_get_through() {
    let refuse = Fake::refuse().unwrap();
    let url = format!("http://127.0.0.1:{}/", refuse.port());
    let run = call(&[], "  ops: { slack: \"${hook}\" }", &url)
        .env("GITHUB_ACTIONS", "true")
        .run();
    let line = "::warning title=gonogo::warning[net/refused]: ops (slack, 127.0.0.1) was not told: connection refused in phase `connect`";
    assert!(
        run.stderr.lines().any(|said| said == line),
        "{}",
        run.stderr
    );
}

#[test]
fn a_plan_lists_the_receivers_and_its_digest_does_not_depend_on_them() {
    let plan = |gate: &str| {
        Gonogo::new(&["plan"])
            .gate(gate)
            .env("HOOK", "https://hooks.x.test/y")
            .env("KEY", KEY)
            .run()
            .stdout
    };
    let told = plan(&gate("  ops: { slack: \"${hook}\" }"));
    assert!(
        told.ends_with(
            "tells     ops, by slack, on change\ntells     spare, by webhook, on problem\n"
        ),
        "{told}"
    );
    assert!(!told.contains("hooks.x.test"), "{told}");
    let other = plan(&gate("  all: { discord: \"${hook}\" }"));
    let digest = |text: &str| {
        text.lines()
            .find(|l| l.starts_with("plan "))
            .unwrap()
            .to_owned()
    };
    assert_eq!(digest(&told), digest(&other));
}

#[test]
fn the_example_is_what_its_header_says() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../examples/notify/probes.yaml"
    );
    let run = |arguments: &[&str]| Gonogo::new(&[&["check", path], arguments].concat()).run();
    let told = run(&[]);
    let lost = told
        .stderr
        .lines()
        .filter(|line| line.starts_with("warning[notify/no_secret]: "));
    // One wants to hear of problems only.
    assert_eq!((told.code, lost.count()), (Some(0), 4), "{}", told.stderr);
    let quiet = run(&["--no-notify", "-q"]);
    assert_eq!((quiet.code, quiet.stderr.as_str()), (Some(0), ""));
    let linted = Gonogo::new(&["lint", path])
        .env("SLACK_HOOK", "https://hooks.x.test/abc")
        .run();
    assert_eq!(linted.code, Some(0), "{}", linted.stderr);
}

/// Starts a call, waits for a line on one of its streams, sends SIGINT, and returns the exit code and the
/// rest of standard error.
fn interrupted(gate: &str, hook: &str, awaited: (Stream, &str)) -> (Option<i32>, String) {
    let folder = Folder::new("notify").unwrap();
    folder.write("probes.yaml", gate).unwrap();
    let mut child = Command::new(program("gonogo"))
        .args(["check"])
        .current_dir(folder.path())
        .env("HOOK", hook)
        .env("KEY", KEY)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut talk = BufReader::new(child.stderr.take().unwrap());
    let mut data = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.starts_with(awaited.1) {
        line.clear();
        let read = match awaited.0 {
            Stream::Out => data.read_line(&mut line),
            Stream::Err => talk.read_line(&mut line),
        };
        assert_ne!(read.unwrap(), 0, "`{}` comes", awaited.1);
    }
    let kill = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(kill.success());
    let mut rest = String::new();
    talk.read_to_string(&mut rest).unwrap();
    (child.wait().unwrap().code(), rest)
}

#[derive(Clone, Copy)]
enum Stream {
    Out,
    Err,
}

#[test]
fn a_signal_ends_the_telling_and_not_the_verdict() {
    let silent = Fake::hang().unwrap();
    let hook = format!("http://127.0.0.1:{}/", silent.port());
    let gate = gate("  ops: { slack: \"${hook}\" }").replace("'0'", "'3'");
    let began = Instant::now();
    // The verdict is written before anybody is told.
    let (code, told) = interrupted(&gate, &hook, (Stream::Out, "NO-GO"));
    assert_eq!(code, Some(1));
    let line = "warning[notify/stopped]: ops (slack, 127.0.0.1) was not told: a signal came before the notice was sent\n";
    assert!(told.contains(line), "{told}");
    assert!(began.elapsed() < Duration::from_secs(9));
}

#[test]
fn an_interrupted_run_tells_nobody() {
    let server = ok();
    let silent = Fake::hang().unwrap();
    let gate = gate("  ops: { slack: \"${hook}\", on: always }")
        + &format!(
            "  quick: {{ command: ['true'] }}\n  silent: {{ http: 'http://127.0.0.1:{}/', timeout: 60s }}\n",
            silent.port()
        );
    let (code, told) = interrupted(&gate, &server.url("/"), (Stream::Err, "passed"));
    assert_eq!(code, Some(130));
    assert!(
        told.contains("note: nobody was told: the run was interrupted\n"),
        "{told}"
    );
    assert_eq!(server.requests(), [""; 0]);
}
