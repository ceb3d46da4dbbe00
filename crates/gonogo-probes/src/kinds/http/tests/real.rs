//! Real servers: nginx for http, https and HTTP/2, Prometheus for an API.

use gonogo_kind::{Node, flow};
use gonogo_testkit::ca::{Ca, Usage, Validity};
use gonogo_testkit::fake::Fake;
use gonogo_testkit::folder::Folder;
use gonogo_testkit::http::Tunnel;
use gonogo_testkit::nginx::{self, Nginx};
use gonogo_testkit::process::free_port;
use gonogo_testkit::prometheus::Prometheus;
use gonogo_testkit::tls;
use serde_json::json;

use super::*;

const SITE: &str = r#"
    location = /health { default_type application/json; return 200 '{"status": "ok"}'; }
    location = /down { return 503 'no'; }
    location = /echo { return 200 '$request_method $http_host $http_user_agent $server_protocol'; }
    location = /old { return 301 https://127.0.0.1:$https_port/health; }
    location = /empty { return 204; }
    gzip on; gzip_min_length 1; gzip_types text/plain;
"#;

struct Stack {
    ca: Ca,
    nginx: Nginx,
}

impl Stack {
    fn start() -> Self {
        let ca = Ca::with_intermediate();
        let issued = ca
            .leaf(&["127.0.0.1", "api.example.test"])
            .valid(Validity::days(90))
            .issue();
        let nginx = nginx::Setup::default()
            .site(SITE)
            .file("page.txt", &"hello\n".repeat(1000))
            .tls(&issued.chain_pem(), &issued.key_pem())
            .start()
            .unwrap();
        Self { ca, nginx }
    }

    fn http(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.nginx.http_port())
    }

    fn https(&self, path: &str) -> Look {
        let url = format!("https://127.0.0.1:{}{path}", self.nginx.https_port());
        http(&url).roots(&self.ca.root_pem())
    }
}

#[tokio::test]
async fn a_health_endpoint_passes() {
    let stack = Stack::start();
    let (judged, observation) = http(&stack.http("/health"))
        .expect("json", "{ $.status: ok }")
        .expect("duration", "under 5s")
        .expect("timing.connect", "under 5s")
        .expect("timing.first_byte", "under 5s")
        .expect("timing.transfer", "under 5s")
        .expect("headers", "{ Server: { starts_with: nginx } }")
        .judge()
        .await;
    assert_eq!(told(&judged), (Outcome::Passed, "", ""));
    let mut seen = seen(&observation, stack.nginx.http_port());
    let facts = seen["facts"].as_array_mut().unwrap();
    let headers = facts.iter().position(|fact| fact[0] == "headers").unwrap();
    let names: Vec<_> = facts[headers][1]["value"]["map"]
        .as_array()
        .unwrap()
        .iter()
        .map(|header| header[0].clone())
        .collect();
    assert_eq!(
        names,
        [
            "server",
            "date",
            "content-type",
            "content-length",
            "connection"
        ]
    );
    facts.remove(headers);
    facts.retain(|fact| !(fact[0].as_str().unwrap().starts_with("tls.") && fact[1] == "absent"));
    let phase = |name: &str| json!({"name": name, "start": 0, "duration": 0});
    assert_eq!(
        seen,
        json!({
            "facts": [
                ["address", {"value": {"text": "127.0.0.1:PORT"}}],
                ["status", {"value": {"integer": 200}}],
                ["version", {"value": {"text": "1.1"}}],
                ["content_type", {"value": {"text": "application/json"}}],
                ["location", "absent"],
                ["redirects", {"value": {"list": []}}],
                ["duration", {"value": {"text": "(time)"}}],
                ["timing.resolve", "absent"],
                ["timing.connect", {"value": {"text": "(time)"}}],
                ["timing.tls", "absent"],
                ["timing.first_byte", {"value": {"text": "(time)"}}],
                ["timing.transfer", {"value": {"text": "(time)"}}],
                ["body_size", {"value": {"size": 16}}],
                ["body", {"value": {"text": "{\"status\": \"ok\"}"}}],
                ["json", {"value": {"json": {"status": "ok"}}}],
            ],
            "faults": [],
            "phases": [phase("connect"), phase("first_byte"), phase("transfer")],
            "notes": [],
        })
    );
}

#[tokio::test]
async fn a_wrong_status_fails_and_a_status_alone_is_said_to_be_one() {
    let stack = Stack::start();
    let (judged, observation) = http(&stack.http("/down")).judge().await;
    let message = "status is 503, expected 200..299";
    assert_eq!(
        told(&judged),
        (Outcome::Failed, "engine/expectation", message)
    );
    let note = "status only: no expectation looks at the body";
    assert_eq!(observation.notes, [note]);
    let (judged, observation) = http(&stack.http("/health")).judge().await;
    assert_eq!(judged.outcome, Outcome::Passed);
    assert_eq!(observation.notes, [note]);
}

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
async fn methods_and_bodies_reach_the_server() {
    let stack = Stack::start();
    let head = http(&stack.http("/health")).field("method", Node::plain("HEAD"));
    let (judged, observation) = head.judge().await;
    assert_eq!(told(&judged), (Outcome::Passed, "", ""));
    for fact in ["body", "body_size", "json"] {
        assert_eq!(observation.get(fact), Some(&Reading::Absent));
    }
    let post = stack.https("/echo").field("method", Node::plain("POST"));
    let (_, observation) = post
        .field("body", Node::plain("x".repeat(100_000)))
        .judge()
        .await;
    assert!(
        text(&observation, "body").starts_with("POST "),
        "{observation:?}"
    );
    let (judged, observation) = http(&stack.http("/empty")).judge().await;
    assert_eq!(told(&judged), (Outcome::Passed, "", ""));
    assert_eq!(text(&observation, "body"), "");
}

#[tokio::test]
async fn gzip_is_asked_for_and_undone() {
    let stack = Stack::start();
    let (judged, _) = http(&stack.http("/page.txt"))
        .expect("headers", "{ content-encoding: gzip }")
        .expect("body_size", "6000B")
        .expect("body", "{ contains: hello }")
        .judge()
        .await;
    assert_eq!(told(&judged), (Outcome::Passed, "", ""));
    let plain = http(&stack.http("/page.txt")).field("decompress", Node::plain("false"));
    let (judged, _) = plain
        .expect("headers", "{ content-encoding: { absent: true } }")
        .judge()
        .await;
    assert_eq!(told(&judged), (Outcome::Passed, "", ""));
}

#[tokio::test]
async fn a_redirect_to_https_is_followed_when_asked() {
    let stack = Stack::start();
    let (judged, observation) = http(&stack.http("/old"))
        .roots(&stack.ca.root_pem())
        .field("follow", Node::plain("1"))
        .expect("json", "{ $.status: ok }")
        .expect("tls.trusted", "true")
        .judge()
        .await;
    assert_eq!(told(&judged), (Outcome::Passed, "", ""));
    let there = format!("https://127.0.0.1:{}/health", stack.nginx.https_port());
    assert_eq!(
        observation.get("redirects"),
        Some(&Value::texts([there]).into())
    );
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

#[tokio::test]
async fn nobody_there_fails_and_names_the_address() {
    let port = free_port().unwrap();
    let (judged, observation) = http(&format!("http://127.0.0.1:{port}/")).judge().await;
    let message = format!("connection failed: 127.0.0.1:{port}: refused");
    assert_eq!(
        told(&judged),
        (Outcome::Failed, "net/refused", message.as_str())
    );
    assert_eq!(observation.facts, []);
    let gone = http("http://nobody.invalid/").timeout(Duration::from_secs(5));
    let (judged, _) = gone.judge().await;
    assert_ne!(judged.outcome, Outcome::Passed);
}

#[tokio::test]
async fn a_unix_socket_is_a_place_like_any_other() {
    let folder = Folder::new("http-socket").unwrap();
    let socket = folder.path().join("s");
    let nginx = nginx::Setup::default()
        .site(&format!("listen unix:{};", socket.display()))
        .site("location / { return 200 '$http_host'; }")
        .start()
        .unwrap();
    assert_ne!(nginx.http_port(), 0);
    let look = http("http://docker/version")
        .field("unix_socket", Node::plain(socket.display().to_string()));
    let (judged, observation) = look.expect("body", "docker").judge().await;
    assert_eq!(told(&judged), (Outcome::Passed, "", ""));
    assert_eq!(text(&observation, "address"), socket.display().to_string());

    let nowhere = folder.path().join("nowhere");
    let look =
        http("http://docker/").field("unix_socket", Node::plain(nowhere.display().to_string()));
    let message = format!("there is no socket {}", nowhere.display());
    assert_eq!(
        told(&look.judge().await.0),
        (Outcome::Failed, "net/refused", message.as_str())
    );
}

#[tokio::test]
async fn a_proxy_is_used_where_the_check_names_one() {
    let stack = Stack::start();
    let tunnel = Tunnel::start().unwrap();
    let proxy = format!("http://me:canary@127.0.0.1:{}", tunnel.port());
    let look = stack
        .https("/health")
        .field("proxy", Node::plain(proxy.clone()));
    let (judged, observation) = look.judge().await;
    assert_eq!(told(&judged), (Outcome::Passed, "", ""));
    let phases: Vec<&str> = observation.phases.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(
        phases,
        ["connect", "tunnel", "tls", "first_byte", "transfer"]
    );
    let port = stack.nginx.https_port();
    assert_eq!(
        tunnel.requests(),
        [format!(
            "CONNECT 127.0.0.1:{port} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nProxy-Authorization: Basic bWU6Y2FuYXJ5\r\n\r\n"
        )]
    );

    let plain = good(&[], b"from the proxy");
    let look = http("http://example.test/a?b").field(
        "proxy",
        Node::plain(plain.url("").replace("http://", "http://me:canary@")),
    );
    let (judged, _) = look.expect("body", "from the proxy").judge().await;
    assert_eq!(told(&judged), (Outcome::Passed, "", ""));
    let request = plain.requests().concat();
    assert!(
        request.starts_with("GET http://example.test/a?b HTTP/1.1\r\nhost: example.test\r\n"),
        "{request}"
    );
    assert!(
        request.contains("proxy-authorization: Basic bWU6Y2FuYXJ5\r\n"),
        "{request}"
    );
}

#[tokio::test]
async fn a_proxy_in_the_way_is_unknown() {
    let through = |proxy: &str| {
        http("https://example.test/")
            .field("proxy", Node::plain(proxy))
            .timeout(SHORT)
    };
    let port = free_port().unwrap();
    let (judged, _) = through(&format!("http://127.0.0.1:{port}")).judge().await;
    let message =
        format!("the proxy 127.0.0.1:{port}: connection failed: 127.0.0.1:{port}: refused");
    assert_eq!(
        told(&judged),
        (Outcome::Unknown, "http/proxy", message.as_str())
    );

    for (script, why) in [
        (
            answer("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"),
            "no tunnel to example.test:443: HTTP/1.1 407 Proxy Authentication Required",
        ),
        (answer("hello\r\n\r\n"), "its answer is not HTTP"),
        (
            vec![Step::Read],
            "the connection broke: unexpected end of file",
        ),
        (
            vec![Step::Read, Step::Endless("x".repeat(1000).into())],
            "its answer is too large",
        ),
        (vec![Step::Hang], "timed out after 700ms in phase `tunnel`"),
    ] {
        let server = Scripted::start(script).unwrap();
        let (judged, _) = through(&server.url("")).judge().await;
        let message = format!("the proxy 127.0.0.1:{}: {why}", server.port());
        assert_eq!(
            told(&judged),
            (Outcome::Unknown, "http/proxy", message.as_str())
        );
    }
}

#[tokio::test]
async fn prometheus_answers_as_an_api() {
    let prometheus = Prometheus::start().unwrap();
    let url = |path: &str| format!("http://127.0.0.1:{}{path}", prometheus.port());
    let ready = http(&url("/-/ready")).expect("body", "{ contains: Ready }");
    assert_eq!(told(&ready.judge().await.0), (Outcome::Passed, "", ""));
    let query = http(&url("/api/v1/query?query=1%2B1")).expect_node(
        "json",
        &flow::read("{ $.status: success, '$.data.result[1]': '2' }").unwrap(),
    );
    assert_eq!(told(&query.judge().await.0), (Outcome::Passed, "", ""));
}
