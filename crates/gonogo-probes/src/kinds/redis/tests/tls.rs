//! Redis over TLS, and what happens when only one side speaks it.

use std::time::Duration;

use gonogo_model::Reading;
use gonogo_testkit::ca::{Ca, Usage, Validity};
use gonogo_testkit::folder::Folder;
use gonogo_testkit::redis::{Redis, Setup};

use super::{ask, assert_whole, fact, the_fault};
use crate::testing::look;

#[tokio::test]
async fn tls_is_verified_and_never_left_aside() {
    let ca = Ca::new();
    let leaf = ca.leaf(&["127.0.0.1"]).issue();
    let server = Setup::default()
        .tls(&leaf.chain_pem(), &leaf.key_pem(), None)
        .start()
        .unwrap();
    let url = server.url();
    let secured = look("redis", &[("url", &url)])
        .roots(&ca.root_pem())
        .observe()
        .await;
    assert_eq!(secured.faults, []);
    assert_whole(&secured);
    assert_eq!(fact(&secured, "tls"), true);
    assert_eq!(fact(&secured, "timing.tls"), "some");
    assert!(matches!(
        secured.get("tls.expires_in"),
        Some(Reading::Value(_))
    ));

    let stranger = look("redis", &[("url", &url)])
        .roots(&Ca::new().root_pem())
        .observe()
        .await;
    assert_eq!(stranger.faults[0].code.as_str(), "tls/untrusted_root");
    assert_eq!(fact(&stranger, "state"), "untrusted_root");

    // The server sends an alert and resets the connection; which of them comes first is chance.
    let plain = ask(&url.replace("rediss", "redis")).await;
    let fault = the_fault(&plain);
    match fault.code.as_str() {
        "redis/needs_tls" => {}
        "net/reset" | "net/closed" => {
            let hint = "Does the port speak TLS? Then the URL begins with rediss://. Otherwise look at the log of the server.";
            assert_eq!(fault.hint.as_deref(), Some(hint));
        }
        other => panic!("{other}: {}", fault.message),
    }

    let open = Redis::start().unwrap();
    let url = open.url().replace("redis", "rediss");
    let not_tls = look("redis", &[("url", &url)])
        .roots(&ca.root_pem())
        .timeout(Duration::from_millis(500))
        .observe()
        .await;
    // A plain server waits for the end of a line that may never come.
    let code = the_fault(&not_tls).code.as_str().to_owned();
    assert!(
        ["tls/not_tls", "net/timeout", "net/closed", "net/reset"].contains(&code.as_str()),
        "{code}"
    );
    assert_eq!(fact(&not_tls, "answers"), false);
}

#[tokio::test]
async fn an_expired_certificate_is_named() {
    let ca = Ca::new();
    let leaf = ca
        .leaf(&["127.0.0.1"])
        .valid(Validity::ended_days_ago(2))
        .issue();
    let server = Setup::default()
        .tls(&leaf.chain_pem(), &leaf.key_pem(), None)
        .start()
        .unwrap();
    let observation = look("redis", &[("url", &server.url())])
        .roots(&ca.root_pem())
        .observe()
        .await;
    assert_eq!(the_fault(&observation).code.as_str(), "tls/expired");
    assert_eq!(fact(&observation, "state"), "expired");
}

#[tokio::test]
async fn a_client_certificate_is_shown_when_it_is_asked_for() {
    let ca = Ca::new();
    let leaf = ca.leaf(&["127.0.0.1"]).issue();
    let server = Setup::default()
        .tls(&leaf.chain_pem(), &leaf.key_pem(), Some(&ca.root_pem()))
        .start()
        .unwrap();
    let url = server.url();
    let without = look("redis", &[("url", &url)])
        .roots(&ca.root_pem())
        .observe()
        .await;
    assert_eq!(the_fault(&without).code.as_str(), "tls/client_certificate");

    let client = ca.leaf(&["client"]).usage(Usage::Client).issue();
    let folder = Folder::new("client").unwrap();
    let cert = folder.write("client.pem", &client.chain_pem()).unwrap();
    let key = folder.write("client.key", &client.key_pem()).unwrap();
    let fields = [
        ("url", url.as_str()),
        ("client_cert", cert.to_str().unwrap()),
        ("client_key", key.to_str().unwrap()),
    ];
    let with = look("redis", &fields).roots(&ca.root_pem()).observe().await;
    assert_eq!(with.faults, []);
}
