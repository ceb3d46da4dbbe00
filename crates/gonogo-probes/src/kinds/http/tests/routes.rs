//! Where connections go: nowhere, to a socket, through a proxy.

use gonogo_kind::Node;
use gonogo_testkit::folder::Folder;
use gonogo_testkit::http::Tunnel;
use gonogo_testkit::nginx;
use gonogo_testkit::process::free_port;

use super::real::Stack;
use super::*;

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
