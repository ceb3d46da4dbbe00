//! Real servers: nginx for http, https and HTTP/2, Prometheus for an API.

use gonogo_kind::{Node, flow};
use gonogo_testkit::ca::{Ca, Validity};
use gonogo_testkit::nginx::{self, Nginx};
use gonogo_testkit::prometheus::Prometheus;
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

pub(super) struct Stack {
    pub(super) ca: Ca,
    pub(super) nginx: Nginx,
}

impl Stack {
    pub(super) fn start() -> Self {
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

    pub(super) fn https(&self, path: &str) -> Look {
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
    assert_eq!(observation.notes, ["the body begins with: no", note]);
    let (judged, observation) = http(&stack.http("/health")).judge().await;
    assert_eq!(judged.outcome, Outcome::Passed);
    assert_eq!(observation.notes, [note]);
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
