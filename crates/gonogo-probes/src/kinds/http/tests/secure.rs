//! TLS and HTTP/2: the certificate of the very connection, client certificates, what was agreed on.

use gonogo_kind::Node;
use gonogo_testkit::ca::{Ca, Usage, Validity};
use gonogo_testkit::fake::Fake;
use gonogo_testkit::folder::Folder;
use gonogo_testkit::tls;

use super::real::Stack;
use super::*;

#[tokio::test]
async fn https_speaks_http2_and_shows_the_certificate() {
    let stack = Stack::start();
    let (judged, observation) = stack
        .https("/echo")
        .expect("version", "'2'")
        .expect("tls.expires_in", "over 80d")
        .expect("tls.version", "at least 1.2")
        .expect("tls.alpn", "h2")
        .expect("tls.trusted", "true")
        .expect("tls.issuer", "{ contains: Test Intermediate }")
        .expect("timing.tls", "under 5s")
        .judge()
        .await;
    assert_eq!(told(&judged), (Outcome::Passed, "", ""));
    let port = stack.nginx.https_port();
    let agent = concat!("gonogo/", env!("CARGO_PKG_VERSION"));
    assert_eq!(
        text(&observation, "body"),
        format!("GET 127.0.0.1:{port} {agent} HTTP/2.0")
    );
    let phases: Vec<&str> = observation.phases.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(phases, ["connect", "tls", "first_byte", "transfer"]);

    let one = stack
        .https("/echo")
        .field("http_version", Node::plain("1.1"));
    let (judged, observation) = one.expect("version", "1.1").judge().await;
    assert_eq!(told(&judged), (Outcome::Passed, "", ""));
    assert!(text(&observation, "body").ends_with("HTTP/1.1"));
    let two = stack
        .https("/page.txt")
        .field("http_version", Node::plain("2"));
    let (judged, _) = two.expect("body_size", "6000B").judge().await;
    assert_eq!(told(&judged), (Outcome::Passed, "", ""), "gzip over HTTP/2");
}

#[tokio::test]
async fn the_same_connection_judges_the_certificate() {
    let stack = Stack::start();
    let port = stack.nginx.https_port();
    let at = |host: &str| {
        http(&format!("https://{host}/health"))
            .roots(&stack.ca.root_pem())
            .field("address", Node::plain(format!("127.0.0.1:{port}")))
    };
    let (judged, observation) = at("api.example.test").judge().await;
    assert_eq!(
        told(&judged),
        (Outcome::Passed, "", ""),
        "no name is resolved"
    );
    assert_eq!(text(&observation, "address"), format!("127.0.0.1:{port}"));
    let (judged, observation) = at("www.example.test").judge().await;
    assert_eq!(
        (judged.outcome, told(&judged).1),
        (Outcome::Failed, "tls/wrong_name")
    );
    assert_eq!(
        observation.get("tls.name_matches"),
        Some(&Value::Boolean(false).into())
    );
    assert_eq!(
        observation.get("status"),
        None,
        "nothing is asked of a wrong server"
    );
    let named = at("www.example.test").field("server_name", Node::plain("api.example.test"));
    assert_eq!(told(&named.judge().await.0), (Outcome::Passed, "", ""));

    let (judged, _) = stack.https("/").roots(&Ca::new().root_pem()).judge().await;
    assert_eq!(
        (judged.outcome, told(&judged).1),
        (Outcome::Failed, "tls/untrusted_root")
    );
    let url = format!("https://127.0.0.1:{}/", stack.nginx.http_port());
    let (judged, _) = http(&url).roots(&stack.ca.root_pem()).judge().await;
    assert_eq!(
        (judged.outcome, told(&judged).1),
        (Outcome::Failed, "tls/not_tls")
    );
}

#[tokio::test]
async fn an_expired_certificate_fails() {
    let ca = Ca::new();
    let issued = ca
        .leaf(&["127.0.0.1"])
        .valid(Validity::ended_days_ago(1))
        .issue();
    let server = tls::Setup::new(&issued)
        .answer(response("200 OK", &[], b""))
        .start()
        .unwrap();
    let url = format!("https://127.0.0.1:{}/", server.port());
    let (judged, observation) = http(&url).roots(&ca.root_pem()).judge().await;
    assert_eq!(
        (judged.outcome, told(&judged).1),
        (Outcome::Failed, "tls/expired")
    );
    assert_eq!(
        observation.get("tls.in_date"),
        Some(&Value::Boolean(false).into())
    );
    assert_eq!(server.received(), 0);
}

#[tokio::test]
async fn a_client_certificate_is_shown_where_it_is_asked_for() {
    let ca = Ca::new();
    let issued = ca.leaf(&["127.0.0.1"]).issue();
    let client = ca
        .leaf(&["client.example.test"])
        .usage(Usage::Client)
        .issue();
    let folder = Folder::new("http-client").unwrap();
    let cert = folder.write("client.pem", &client.chain_pem()).unwrap();
    let key = folder.write("key.pem", &client.key_pem()).unwrap();
    let server = tls::Setup::new(&issued)
        .client_ca(&ca.root_pem())
        .answer(response("200 OK", &[], b"hello"))
        .start()
        .unwrap();
    let url = format!("https://127.0.0.1:{}/", server.port());
    let plain = http(&url).roots(&ca.root_pem());
    let (judged, _) = plain.judge().await;
    assert_eq!(
        (judged.outcome, told(&judged).1),
        (Outcome::Failed, "tls/client_certificate"),
        "{judged:?}"
    );
    let shown = http(&url)
        .roots(&ca.root_pem())
        .field("client_cert", Node::plain(cert.display().to_string()))
        .field("client_key", Node::plain(key.display().to_string()));
    assert_eq!(told(&shown.judge().await.0), (Outcome::Passed, "", ""));
}

#[tokio::test]
async fn a_server_without_http2_fails_a_check_that_wants_it() {
    let ca = Ca::new();
    let issued = ca.leaf(&["127.0.0.1"]).issue();
    let server = tls::Setup::new(&issued).start().unwrap();
    let url = format!("https://127.0.0.1:{}/", server.port());
    let two = http(&url)
        .roots(&ca.root_pem())
        .field("http_version", Node::plain("2"));
    let message = "the server did not agree to h2 in the handshake";
    assert_eq!(
        told(&two.judge().await.0),
        (Outcome::Failed, "http/no_http2", message)
    );

    let old = server_one();
    let two = http(&old.url("/")).field("http_version", Node::plain("2"));
    let message = "the server answers in HTTP/1: \"HTTP/1.1 400 Bad Request\"";
    assert_eq!(
        told(&two.judge().await.0),
        (Outcome::Failed, "http/no_http2", message)
    );
}

fn server_one() -> Scripted {
    Scripted::start(vec![Step::Send(response("400 Bad Request", &[], b""))]).unwrap()
}

#[tokio::test]
async fn http2_that_breaks_off_says_why() {
    let settings = b"\0\0\0\x04\0\0\0\0\0".as_slice();
    let refused = b"\0\0\x04\x03\0\0\0\0\x01\0\0\0\x07".as_slice();
    let calm = b"\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\x0b".as_slice();
    for (frame, message) in [
        (
            refused,
            "stream error received: refused stream before processing any application logic",
        ),
        (
            calm,
            "connection error received: detected excessive load generating behavior",
        ),
    ] {
        let server = Scripted::start(vec![
            Step::Read,
            Step::Send([settings, frame].concat()),
            Step::Hang,
        ])
        .unwrap();
        let two = http(&server.url("/")).field("http_version", Node::plain("2"));
        assert_eq!(
            told(&two.judge().await.0),
            (Outcome::Failed, "http/http2", message)
        );
    }
    let hang = Fake::hang().unwrap();
    let url = format!("http://{}/", hang.address());
    let two = http(&url)
        .field("http_version", Node::plain("2"))
        .timeout(SHORT);
    let message = "timed out after 700ms in phase `first_byte`";
    assert_eq!(
        told(&two.judge().await.0),
        (Outcome::Failed, "net/timeout", message)
    );
}
