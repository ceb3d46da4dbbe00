//! The client against servers that do what real ones will not do on demand.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gonogo_kind::{ProbeCx, RootsSource};
use gonogo_model::Fault;
use gonogo_testkit::ca::{Ca, Validity};
use gonogo_testkit::fake::Fake;
use gonogo_testkit::http::{Scripted, Step, answer, response};
use gonogo_testkit::tls::{Setup, TlsServer};

use super::{Answer, Client, Request, Target};
use crate::net::Net;

const SECRET: &str = "s3cr3t-t0ken";

fn roots(pem: &str) -> Arc<RootsSource> {
    Arc::new(RootsSource {
        system: false,
        files: vec![("roots.pem".into(), pem.as_bytes().into())],
    })
}

fn context(timeout: Duration) -> ProbeCx {
    ProbeCx::new(Instant::now(), timeout, jiff::Timestamp::now(), 1)
}

async fn send_within(
    timeout: Duration,
    request: &Request,
    roots: Arc<RootsSource>,
) -> Result<Answer, Fault> {
    let client = Client::new(Net::new(), roots);
    let sent = client.send(request, &context(timeout)).await;
    let shown = format!("{sent:?} {request:?} {client:?}");
    assert!(!shown.contains(SECRET), "{shown}");
    sent
}

async fn send(request: &Request) -> Result<Answer, Fault> {
    send_within(Duration::from_secs(10), request, roots("")).await
}

fn get(url: &str) -> Request {
    Request::get(Target::parse(url).unwrap())
}

/// A URL whose user, path and query are all secret.
fn secret_url(port: u16) -> String {
    format!("http://user:{SECRET}@127.0.0.1:{port}/{SECRET}?token={SECRET}")
}

fn code_and_message(fault: &Fault) -> (&str, &str) {
    (fault.code.as_str(), &fault.message)
}

#[tokio::test]
async fn a_request_is_sent_as_it_was_asked_for() {
    let server = Scripted::start(answer(response("204 No Content", &["X-A: 1"], b""))).unwrap();
    let target = Target::parse(&server.url("/in?a=1")).unwrap();
    let request = Request::post(target, "application/json", "{}").header("x-b", "2");
    let answer = send(&request).await.unwrap();
    assert_eq!((answer.status, answer.header("x-a")), (204, Some("1")));
    let names: Vec<&str> = answer.phases.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["resolve", "connect", "first_byte", "transfer"]);
    assert_eq!(answer.whole().unwrap(), b"");
    let expected = format!(
        "POST /in?a=1 HTTP/1.1\r\ncontent-type: application/json\r\nx-b: 2\r\naccept: */*\r\n\
         user-agent: gonogo/{}\r\nhost: 127.0.0.1:{}\r\ncontent-length: 2\r\n\r\n{{}}",
        env!("CARGO_PKG_VERSION"),
        server.port()
    );
    assert_eq!(server.requests(), [expected]);
}

#[tokio::test]
async fn the_user_of_a_url_becomes_a_header() {
    let server = Scripted::start(answer(response("200 OK", &[], b"{}"))).unwrap();
    let answer = send(&get(&secret_url(server.port()))).await.unwrap();
    assert_eq!(answer.whole().unwrap(), b"{}");
    let request = server.requests().concat();
    assert!(
        request.contains("\r\nauthorization: Basic dXNlcjpzM2NyM3QtdDBrZW4=\r\n"),
        "{request}"
    );
    assert!(request.starts_with(&format!("GET /{SECRET}?token={SECRET} HTTP/1.1\r\n")));
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_nobody_follows_it() {
    let elsewhere = Scripted::start(answer(response("200 OK", &[], b"stolen"))).unwrap();
    let location = format!("Location: {}", elsewhere.url("/"));
    let server = Scripted::start(answer(response("302 Found", &[&location], b"go"))).unwrap();
    let answer = send(&get(&server.url("/"))).await.unwrap();
    assert_eq!(answer.status, 302);
    assert_eq!(answer.whole().unwrap(), b"go");
    assert_eq!(elsewhere.requests(), [""; 0]);
}

#[tokio::test]
async fn a_flood_ends_at_the_limit() {
    let endless = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunk = format!("400\r\n{}\r\n", "x".repeat(1024));
    let script = vec![
        Step::Read,
        Step::Send(endless.into()),
        Step::Endless(chunk.into()),
    ];
    let server = Scripted::start(script).unwrap();
    let answer = send(&get(&server.url("/")).limit(1500)).await.unwrap();
    assert_eq!((answer.status, answer.beginning().len()), (200, 1500));
    let fault = answer.whole().unwrap_err();
    assert_eq!(
        code_and_message(&fault),
        ("api/too_large", "the answer is larger than 1500 bytes")
    );
    let exact = Scripted::start(answer_of(1500)).unwrap();
    let answer = send(&get(&exact.url("/")).limit(1500)).await.unwrap();
    assert_eq!(answer.whole().unwrap().len(), 1500);
}

fn answer_of(length: usize) -> Vec<Step> {
    answer(response("200 OK", &[], &vec![b'x'; length]))
}

#[tokio::test]
async fn a_wait_ends_in_the_phase_in_which_the_server_is_silent() {
    let short = Duration::from_millis(300);
    let hang = Fake::hang().unwrap();
    let ca = Ca::new();
    let https = format!("https://localhost:{}/", hang.port());
    let fault = send_within(short, &get(&https), roots(&ca.root_pem())).await;
    assert_eq!(
        code_and_message(&fault.unwrap_err()),
        ("net/timeout", "timed out after 300ms in phase `tls`")
    );
    let fault = send_within(short, &get(&secret_url(hang.port())), roots("")).await;
    assert_eq!(
        code_and_message(&fault.unwrap_err()),
        ("net/timeout", "timed out after 300ms in phase `first_byte`")
    );
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab";
    let script = vec![Step::Read, Step::Send(head.into()), Step::Hang];
    let server = Scripted::start(script).unwrap();
    let answer = send_within(short, &get(&server.url("/")), roots("")).await;
    let answer = answer.unwrap();
    assert_eq!(answer.beginning(), b"ab");
    assert_eq!(
        code_and_message(&answer.whole().unwrap_err()),
        ("net/timeout", "timed out after 300ms in phase `transfer`")
    );
}

#[tokio::test]
async fn what_breaks_has_a_code_and_no_url() {
    let refuse = Fake::refuse().unwrap();
    let eof = Fake::answer_then_drop("").unwrap();
    let reset = Fake::answer_with_reset().unwrap();
    let noise = Fake::answer_then_drop("220 mail.test ESMTP\r\n").unwrap();
    let lies = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n";
    let lies = Fake::answer_then_drop(lies).unwrap();
    for (port, code, message) in [
        (
            refuse.port(),
            "net/refused",
            "connection refused in phase `connect`",
        ),
        (
            eof.port(),
            "net/closed",
            "connection closed by the other side in phase `first_byte`",
        ),
        (
            reset.port(),
            "net/reset",
            "connection reset by the other side in phase `first_byte`",
        ),
        (
            noise.port(),
            "api/not_http",
            "the answer breaks the rules of HTTP: invalid HTTP version parsed",
        ),
        (
            lies.port(),
            "api/not_http",
            "the answer breaks the rules of HTTP: invalid content-length parsed",
        ),
    ] {
        let fault = send(&get(&secret_url(port))).await.unwrap_err();
        assert_eq!(code_and_message(&fault), (code, message));
    }
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_told_from_a_dead_server() {
    let fault = send(&get("http://no-such-name.invalid/")).await;
    let fault = fault.unwrap_err();
    assert!(
        ["net/no_such_name", "net/resolver"].contains(&fault.code.as_str()),
        "{fault:?}"
    );
}

#[tokio::test]
async fn a_body_that_breaks_off_is_never_whole() {
    let cut = Fake::answer_then_drop("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").unwrap();
    let url = format!("http://127.0.0.1:{}/", cut.port());
    let answer = send(&get(&url)).await.unwrap();
    assert_eq!(answer.beginning(), b"abc");
    assert_eq!(
        code_and_message(&answer.whole().unwrap_err()),
        (
            "net/closed",
            "connection closed by the other side in phase `transfer`"
        )
    );
    let bad = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n";
    let bad = Fake::answer_then_drop(bad).unwrap();
    let url = format!("http://127.0.0.1:{}/", bad.port());
    let fault = send(&get(&url)).await.unwrap().whole().unwrap_err();
    assert_eq!(fault.code.as_str(), "api/not_http", "{fault:?}");
}

#[tokio::test]
async fn a_server_is_trusted_by_our_roots_and_gets_nothing_otherwise() {
    let ca = Ca::new();
    let good = ca.leaf(&["localhost"]).issue();
    let old = ca
        .leaf(&["localhost"])
        .valid(Validity::ended_days_ago(3))
        .issue();
    let other = ca.leaf(&["other.test"]).issue();
    let trusted = roots(&ca.root_pem());
    let stranger = roots(&Ca::new().root_pem());
    let ok = response("200 OK", &[], b"ok");
    for (issued, roots, code) in [
        (&good, &trusted, None),
        (&old, &trusted, Some("tls/expired")),
        (&other, &trusted, Some("tls/wrong_name")),
        (&good, &stranger, Some("tls/untrusted_root")),
    ] {
        let server = Setup::new(issued).answer(ok.clone()).start().unwrap();
        let url = format!("https://localhost:{}/{SECRET}", server.port());
        let sent = send_within(Duration::from_secs(10), &get(&url), Arc::clone(roots)).await;
        match (sent, code) {
            (Ok(answer), None) => {
                let names: Vec<&str> = answer.phases.iter().map(|p| p.name.as_str()).collect();
                assert_eq!(
                    names,
                    ["resolve", "connect", "tls", "first_byte", "transfer"]
                );
                assert_eq!(answer.whole().unwrap(), b"ok");
            }
            (Err(fault), Some(code)) => {
                assert_eq!(fault.code.as_str(), code, "{fault:?}");
                assert_eq!(server.received(), 0, "not a byte of the request is sent");
            }
            (sent, code) => panic!("{sent:?}, and not {code:?}"),
        }
    }
}

#[tokio::test]
async fn what_is_not_tls_or_speaks_it_without_being_asked_is_named() {
    let ca = Ca::new();
    let plain = Fake::http_banner().unwrap();
    let url = format!("https://localhost:{}/", plain.port());
    let fault = send_within(Duration::from_secs(10), &get(&url), roots(&ca.root_pem())).await;
    assert_eq!(fault.unwrap_err().code.as_str(), "tls/not_tls");
    let secured = TlsServer::start(&ca.leaf(&["localhost"]).issue()).unwrap();
    let url = format!("http://localhost:{}/", secured.port());
    let fault = send(&get(&url)).await.unwrap_err();
    assert_eq!(fault.code.as_str(), "api/not_http", "{fault:?}");
}

#[tokio::test]
async fn without_a_root_nothing_is_sent() {
    let server = TlsServer::start(&Ca::new().leaf(&["localhost"]).issue()).unwrap();
    let url = format!("https://localhost:{}/", server.port());
    let fault = send(&get(&url)).await.unwrap_err();
    assert_eq!(fault.code.as_str(), "tls/no_roots");
    assert_eq!(server.handshakes(), 0);
}

#[tokio::test]
async fn a_header_that_http_does_not_allow_is_refused_without_repeating_it() {
    let server = Scripted::start(answer_of(0)).unwrap();
    let request = get(&server.url("/")).header("x-a", format!("{SECRET}\r\nx-b: 1"));
    let fault = send(&request).await.unwrap_err();
    assert_eq!(
        code_and_message(&fault),
        (
            "net/io",
            "a header of the request has a name or value that HTTP does not allow"
        )
    );
    assert_eq!(server.requests(), [""; 0]);
}

#[test]
fn a_target_is_an_http_url_and_shows_no_more_than_where_it_is() {
    for (url, shown, host, port) in [
        ("http://a.test/x", "http://a.test:80", "a.test", 80),
        ("https://u:p@a.test?q", "https://a.test:443", "a.test", 443),
        ("http://[::1]:8080/", "http://[::1]:8080", "::1", 8080),
    ] {
        let target = Target::parse(url).unwrap();
        assert_eq!(target.to_string(), shown);
        assert_eq!((target.host(), target.port()), (host, port));
    }
    for (url, why) in [
        (
            "ftp://a/",
            "expected an http or https URL, found the scheme `ftp`",
        ),
        (
            "a.test/x",
            "expected a URL with its scheme, such as https://",
        ),
        ("http://", "expected a URL, found empty host"),
        (
            "http://a:99999/",
            "expected a URL, found invalid port number",
        ),
    ] {
        assert_eq!(Target::parse(url).unwrap_err(), why);
    }
}
