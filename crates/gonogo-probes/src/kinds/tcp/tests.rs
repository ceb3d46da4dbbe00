//! Tests of `tcp`.

use std::time::{Duration, Instant};

use gonogo_model::{Fault, Observation, Outcome, Reading, Value, codes};
use gonogo_testkit::fake::Fake;

use super::codes::LONG_BANNER;
use crate::testing::look;

/// Returns what is the same at every look: facts but times, and faults.
fn steady(observation: &Observation) -> (Vec<(&str, Reading)>, Vec<Fault>) {
    let facts = observation
        .facts
        .iter()
        .map(|(name, reading)| match reading {
            Reading::Value(Value::Duration(_)) => (name.as_str(), Value::text("some time").into()),
            other => (name.as_str(), other.clone()),
        })
        .collect();
    (facts, observation.faults.clone())
}

fn phases(observation: &Observation) -> Vec<&str> {
    observation.phases.iter().map(|p| p.name.as_str()).collect()
}

fn text(text: impl Into<String>) -> Reading {
    Value::text(text).into()
}

#[tokio::test]
async fn an_open_port_passes() {
    let server = Fake::hang().unwrap();
    let address = server.address().to_string();
    let (judged, observation) = look("tcp", &[("address", &address)])
        .built_in()
        .judge()
        .await;
    let expected = vec![
        ("state", text("open")),
        ("connect", text("some time")),
        ("address", text(&address)),
    ];
    assert_eq!(steady(&observation), (expected, vec![]));
    assert_eq!(phases(&observation), ["connect"]);
    assert_eq!(judged.outcome, Outcome::Passed);
}

#[tokio::test]
async fn a_name_is_resolved_and_every_address_tried() {
    let server = Fake::hang().unwrap();
    let address = format!("localhost:{}", server.port());
    let observation = look("tcp", &[("address", &address)]).observe().await;
    assert_eq!(
        observation.get("address"),
        Some(&text(server.address().to_string()))
    );
    assert_eq!(phases(&observation), ["resolve", "connect"]);
}

#[tokio::test]
async fn a_closed_port_fails_unless_it_is_wanted() {
    let server = Fake::refuse().unwrap();
    let address = server.address().to_string();
    let check = look("tcp", &[("address", &address)]);
    let fault = Fault::new(
        codes::net::REFUSED,
        format!("connection failed: {address}: refused"),
    )
    .shown_by("state", "refused");

    let (judged, observation) = look("tcp", &[("address", &address)])
        .built_in()
        .judge()
        .await;
    assert_eq!(
        steady(&observation),
        (vec![("state", text("refused"))], vec![fault])
    );
    assert_eq!(judged.outcome, Outcome::Failed);
    assert_eq!(judged.code, Some(codes::net::REFUSED.into()));
    assert_eq!(
        judged.message,
        Some(format!("connection failed: {address}: refused"))
    );
    assert_eq!(judged.hint.as_deref(), Some(codes::net::REFUSED.hint));

    let (judged, _) = check.expect("state", "refused").judge().await;
    assert_eq!(judged.outcome, Outcome::Passed);
    assert_eq!(judged.faults, vec![]);
}

#[tokio::test]
async fn a_port_that_is_wanted_closed_must_not_be_open() {
    let server = Fake::hang().unwrap();
    let address = server.address().to_string();
    let (judged, _) = look("tcp", &[("address", &address)])
        .expect("state", "refused")
        .judge()
        .await;
    assert_eq!(judged.outcome, Outcome::Failed);
    assert_eq!(
        judged.message.as_deref(),
        Some("state is open, expected refused")
    );
}

#[tokio::test]
async fn a_port_that_is_wanted_closed_must_not_be_silent() {
    let hole = Fake::black_hole().unwrap();
    let address = hole.address().to_string();
    let (judged, _) = look("tcp", &[("address", &address)])
        .timeout(Duration::from_millis(300))
        .expect("state", "refused")
        .judge()
        .await;
    assert_eq!(judged.outcome, Outcome::Failed);
    assert_eq!(judged.code, Some(codes::net::TIMEOUT.into()));
}

#[tokio::test]
async fn packets_that_are_dropped_end_at_the_deadline() {
    let hole = Fake::black_hole().unwrap();
    let address = hole.address().to_string();
    let begin = Instant::now();
    let (judged, observation) = look("tcp", &[("address", &address)])
        .timeout(Duration::from_millis(300))
        .built_in()
        .judge()
        .await;
    assert!(begin.elapsed() < Duration::from_secs(5));
    let message = format!("timed out after 300ms in phase `connect` ({address}: no answer)");
    let fault = Fault::new(codes::net::TIMEOUT, &message).shown_by("state", "timeout");
    assert_eq!(
        steady(&observation),
        (vec![("state", text("timeout"))], vec![fault])
    );
    assert_eq!(judged.outcome, Outcome::Failed);
    assert_eq!(judged.message, Some(message));
}

#[tokio::test]
async fn a_machine_without_a_route_has_not_looked() {
    // TCP to a group of hosts: the kernel has no route for it, on every machine.
    let (judged, observation) = look("tcp", &[("address", "224.0.0.1:9")])
        .built_in()
        .judge()
        .await;
    assert_eq!(judged.outcome, Outcome::Unknown);
    assert_eq!(judged.code, Some(codes::net::UNREACHABLE.into()));
    assert_eq!(
        judged.message.as_deref(),
        Some("connection failed: 224.0.0.1:9: network is unreachable")
    );
    assert_eq!(observation.get("state"), None);

    let (judged, _) = look("tcp", &[("address", "224.0.0.1:9")])
        .expect("state", "[refused, unreachable]")
        .judge()
        .await;
    assert_eq!(judged.outcome, Outcome::Passed);
}

#[tokio::test]
async fn a_name_that_does_not_exist_fails_or_the_resolver_is_dead() {
    let (judged, observation) = look("tcp", &[("address", "nowhere.invalid:9")])
        .built_in()
        .judge()
        .await;
    // Without a resolver this machine cannot tell; it must say so and must not blame the name.
    match judged.outcome {
        Outcome::Failed => {
            assert_eq!(judged.code, Some(codes::net::NO_SUCH_NAME.into()));
            assert_eq!(observation.get("state"), Some(&text("no_such_name")));
            assert_eq!(
                judged.message.as_deref(),
                Some("no address for the name `nowhere.invalid`")
            );
        }
        other => {
            assert_eq!(other, Outcome::Unknown);
            assert_eq!(judged.code, Some(codes::net::RESOLVER.into()));
            assert_eq!(observation.get("state"), None);
        }
    }
}

#[tokio::test]
async fn a_banner_is_its_first_line() {
    for (sent, line) in [
        (&b"SSH-2.0-OpenSSH_9.2\r\nmore"[..], "SSH-2.0-OpenSSH_9.2"),
        (b"no end", "no end"),
        (b"\n", ""),
        (b"\xff\x1b[2J\n", "\u{fffd}\u{1b}[2J"),
    ] {
        let server = Fake::say(sent).unwrap();
        let address = server.address().to_string();
        let observation = look("tcp", &[("address", &address), ("banner", "true")])
            .observe()
            .await;
        let expected = vec![
            ("state", text("open")),
            ("connect", text("some time")),
            ("address", text(&address)),
            ("first_byte", text("some time")),
            ("banner", text(line)),
        ];
        assert_eq!(steady(&observation), (expected, vec![]));
        assert_eq!(phases(&observation), ["connect", "banner"]);
    }
}

#[tokio::test]
async fn a_banner_is_read_when_an_expectation_looks_at_it() {
    let server = Fake::say("220 mail ready\r\n").unwrap();
    let address = server.address().to_string();
    let (judged, _) = look("tcp", &[("address", &address)])
        .expect("banner", "220 mail ready")
        .judge()
        .await;
    assert_eq!(judged.outcome, Outcome::Passed);
}

#[tokio::test]
async fn what_is_sent_comes_before_the_banner() {
    let server = Fake::echo().unwrap();
    let address = server.address().to_string();
    let observation = look("tcp", &[("address", &address), ("send", "ping\r\n")])
        .observe()
        .await;
    assert_eq!(observation.get("banner"), Some(&text("ping")));
}

#[tokio::test]
async fn a_server_that_takes_the_connection_and_says_nothing_fails() {
    let begin = Instant::now();
    for (server, fault) in [
        (
            Fake::hang().unwrap(),
            Fault::new(
                codes::net::TIMEOUT,
                "timed out after 300ms in phase `banner`",
            ),
        ),
        (
            Fake::drip("x", Duration::from_millis(20)).unwrap(),
            Fault::new(
                codes::net::TIMEOUT,
                "timed out after 300ms in phase `banner`",
            ),
        ),
        (
            Fake::eof().unwrap(),
            Fault::new(
                codes::net::CLOSED,
                "the server closed the connection without a word in phase `banner`",
            ),
        ),
        (
            Fake::answer_with_reset().unwrap(),
            Fault::new(
                codes::net::RESET,
                "connection reset by the other side in phase `banner`",
            ),
        ),
    ] {
        let address = server.address().to_string();
        let (judged, observation) = look("tcp", &[("address", &address), ("send", "hello?")])
            .timeout(Duration::from_millis(300))
            .built_in()
            .judge()
            .await;
        assert_eq!(observation.faults, vec![fault]);
        assert_eq!(observation.get("state"), Some(&text("open")));
        assert_eq!(judged.outcome, Outcome::Failed);
    }
    assert!(begin.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn a_flood_is_cut_and_never_taken_for_a_line() {
    let server = Fake::endless(vec![b'a'; 4096]).unwrap();
    let address = server.address().to_string();
    let (judged, observation) = look("tcp", &[("address", &address)])
        .expect_node("banner", &contains("a"))
        .judge()
        .await;
    let unreadable = Reading::Unreadable {
        code: LONG_BANNER.into(),
        message: "the first line is longer than 4 KiB".to_owned(),
    };
    assert_eq!(observation.get("banner"), Some(&unreadable));
    assert_eq!(judged.outcome, Outcome::Unknown);
    assert_eq!(judged.code, Some(LONG_BANNER.into()));
}

/// Returns the matcher `{ contains: TEXT }`.
fn contains(text: &str) -> gonogo_kind::Node {
    use gonogo_kind::{Entry, Node, NodeValue, Span, Spanned};
    let key = Spanned {
        value: "contains".to_owned(),
        span: Span::NOWHERE,
    };
    Node {
        value: NodeValue::Map(vec![Entry {
            key,
            value: Node::plain(text),
        }]),
        span: Span::NOWHERE,
    }
}
