//! Every way in which a certificate can be wrong.

use gonogo_model::{Outcome, codes};
use gonogo_testkit::ca::{Ca, Issued, Key, Usage, Validity};
use gonogo_testkit::openssl::{self, Openssl};
use gonogo_testkit::tls::{Setup, TlsServer};

use super::{fact, faults, good, localhost, outcome, verdict};
use crate::testing::look;

/// Looks at a server that presents a certificate, and returns what was seen with the outcome.
async fn present(issued: &Issued, ca: &Ca) -> (gonogo_kind::Judged, gonogo_model::Observation) {
    let server = TlsServer::start(issued).unwrap();
    localhost(server.port(), ca).built_in().judge().await
}

#[tokio::test]
async fn a_good_certificate_passes_and_is_told_in_full() {
    let ca = Ca::with_intermediate();
    let issued = ca
        .leaf(&["localhost", "127.0.0.1"])
        .serial(&[0, 1, 0xab])
        .issue();
    let server = TlsServer::start(&issued).unwrap();
    let (judged, observation) = localhost(server.port(), &ca).built_in().judge().await;
    assert_eq!(judged.outcome, Outcome::Passed);
    let address = server.address().to_string();
    let validity = issued.validity();
    let (from, until) = (validity.from.to_string(), validity.until.to_string());
    let lifetime = (validity.until.as_second() - validity.from.as_second()).to_string();
    let expected = [
        ("address", address.as_str()),
        ("trusted", "true"),
        ("name_matches", "true"),
        ("in_date", "true"),
        ("version", "1.3"),
        ("alpn", "absent"),
        ("cipher", "TLS_AES_256_GCM_SHA384"),
        ("not_after", &until),
        ("not_before", &from),
        ("lifetime", &lifetime),
        ("subject", "CN=localhost"),
        ("issuer", "CN=Test Intermediate"),
        ("sans", r#"["localhost","127.0.0.1"]"#),
        ("serial", "01ab"),
        ("key_type", "ecdsa"),
        ("key_bits", "256"),
        ("signature_algorithm", "ecdsa-sha256"),
        ("chain_length", "2"),
        ("chain", r#"["CN=localhost","CN=Test Intermediate"]"#),
        ("anchor", "CN=Test Root"),
        ("state", "ok"),
    ];
    for (name, value) in expected {
        let shown = fact(&observation, name);
        assert_eq!(shown.trim_matches('"'), value, "{name}");
    }
    assert_eq!(observation.facts.len(), super::super::facts::FACTS.len());
    assert_eq!(fact(&observation, "fingerprint").len(), 64);
    let names: Vec<&str> = observation.phases.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["connect", "tls"]);
    assert_eq!(observation.notes, Vec::<String>::new());
    assert_eq!(server.received(), 0, "nothing is sent beside the handshake");
}

#[tokio::test]
async fn an_expired_certificate() {
    let ca = Ca::new();
    let issued = ca
        .leaf(&["localhost"])
        .valid(Validity::ended_days_ago(3))
        .issue();
    let (judged, observation) = present(&issued, &ca).await;
    assert_eq!(verdict(&observation), ["expired", "true", "true", "false"]);
    let message = format!(
        "the server's certificate expired on {}",
        issued.validity().until
    );
    assert_eq!(faults(&observation), [("tls/expired", message.as_str())]);
    assert_eq!(outcome(&judged), (Outcome::Failed, "tls/expired"));
    assert_eq!(judged.message, Some(message));
    assert_eq!(judged.hint.as_deref(), Some(codes::tls::EXPIRED.hint));
    // Three days, and the seconds since.
    assert!(fact(&observation, "expires_in").starts_with("-2592"));
    assert_eq!(fact(&observation, "version"), "\"1.3\"");
}

#[tokio::test]
async fn a_failure_that_is_wanted_passes_and_no_other_does() {
    let ca = Ca::new();
    let expired = ca
        .leaf(&["localhost"])
        .valid(Validity::ended_days_ago(3))
        .issue();
    let server = TlsServer::start(&expired).unwrap();
    let (judged, _) = localhost(server.port(), &ca)
        .expect("state", "expired")
        .judge()
        .await;
    assert_eq!(outcome(&judged), (Outcome::Passed, ""));
    let (judged, _) = localhost(server.port(), &ca)
        .expect("state", "wrong_name")
        .judge()
        .await;
    assert_eq!(outcome(&judged), (Outcome::Failed, "tls/expired"));

    let both = ca
        .leaf(&["other.test"])
        .valid(Validity::ended_days_ago(3))
        .issue();
    let server = TlsServer::start(&both).unwrap();
    let (judged, _) = localhost(server.port(), &ca)
        .expect("state", "expired")
        .judge()
        .await;
    assert_eq!(outcome(&judged), (Outcome::Failed, "tls/wrong_name"));
}

#[tokio::test]
async fn a_certificate_of_the_future() {
    let ca = Ca::new();
    let issued = ca
        .leaf(&["localhost"])
        .valid(Validity::begins_in_days(2))
        .issue();
    let (judged, observation) = present(&issued, &ca).await;
    assert_eq!(
        verdict(&observation),
        ["not_yet_valid", "true", "true", "false"]
    );
    let start = format!(
        "the server's certificate is not valid before {}; ",
        issued.validity().from
    );
    assert!(judged.message.unwrap().starts_with(&start));
}

#[tokio::test]
async fn a_certificate_for_other_names() {
    let ca = Ca::new();
    for (names, message) in [
        (
            &["other.test", "192.0.2.1"][..],
            "the certificate is for other.test, 192.0.2.1, not for `localhost`",
        ),
        (
            &["a.test", "b.test", "c.test", "d.test", "e.test"],
            "the certificate is for a.test, b.test, c.test and 2 more, not for `localhost`",
        ),
        (
            &[],
            "the certificate carries no name that counts (a subject does not), not `localhost`",
        ),
    ] {
        let issued = ca.leaf(names).subject("localhost").issue();
        let (judged, observation) = present(&issued, &ca).await;
        assert_eq!(
            verdict(&observation),
            ["wrong_name", "true", "false", "true"]
        );
        assert_eq!(outcome(&judged), (Outcome::Failed, "tls/wrong_name"));
        assert_eq!(judged.message.as_deref(), Some(message));
    }
}

#[tokio::test]
async fn an_address_is_a_name_of_its_own() {
    let ca = Ca::new();
    let server = TlsServer::start(&ca.leaf(&["127.0.0.1"]).issue()).unwrap();
    let address = server.address().to_string();
    let by_address = look("tls", &[("address", &address)]).roots(&ca.root_pem());
    assert_eq!(
        by_address.built_in().judge().await.0.outcome,
        Outcome::Passed
    );
    let (judged, _) = localhost(server.port(), &ca).built_in().judge().await;
    assert_eq!(outcome(&judged), (Outcome::Failed, "tls/wrong_name"));
}

#[tokio::test]
async fn a_wildcard_stands_for_one_label() {
    let ca = Ca::new();
    let server = TlsServer::start(&ca.leaf(&["*.example.test"]).issue()).unwrap();
    let address = server.address().to_string();
    for (name, state) in [
        ("api.example.test", "ok"),
        ("a.b.example.test", "wrong_name"),
        ("example.test", "wrong_name"),
    ] {
        let check = look("tls", &[("address", &address), ("server_name", name)]);
        let observation = check.roots(&ca.root_pem()).observe().await;
        assert_eq!(fact(&observation, "state"), state, "{name}");
    }
}

#[tokio::test]
async fn a_certificate_that_signed_itself() {
    let ca = Ca::new();
    for issued in [
        ca.leaf(&["localhost"]).self_signed().issue(),
        ca.leaf(&["localhost"]).self_signed().as_ca().issue(),
    ] {
        let (judged, observation) = present(&issued, &ca).await;
        assert_eq!(
            verdict(&observation),
            ["self_signed", "false", "true", "true"]
        );
        assert_eq!(outcome(&judged), (Outcome::Failed, "tls/self_signed"));
        assert_eq!(
            judged.message.as_deref(),
            Some("`CN=localhost` is signed by itself and not trusted")
        );
        assert_eq!(fact(&observation, "anchor"), "absent");

        // The hint says: name the certificate in roots.
        let server = TlsServer::start(&issued).unwrap();
        let (judged, observation) = localhost(server.port(), &ca)
            .roots(&issued.pem())
            .built_in()
            .judge()
            .await;
        assert_eq!(outcome(&judged), (Outcome::Passed, ""));
        assert_eq!(fact(&observation, "anchor"), "CN=localhost");
    }
}

#[tokio::test]
async fn everything_that_is_wrong_is_told() {
    let ca = Ca::new();
    let issued = ca
        .leaf(&["other.test"])
        .valid(Validity::ended_days_ago(3))
        .self_signed()
        .issue();
    let (judged, observation) = present(&issued, &ca).await;
    assert_eq!(
        verdict(&observation),
        ["self_signed", "false", "false", "false"]
    );
    let codes: Vec<&str> = faults(&observation)
        .into_iter()
        .map(|(code, _)| code)
        .collect();
    assert_eq!(codes, ["tls/self_signed", "tls/expired", "tls/wrong_name"]);
    assert_eq!(
        judged.message.as_deref(),
        Some("`CN=other.test` is signed by itself and not trusted (and 2 more)")
    );
}

#[tokio::test]
async fn a_root_that_nobody_trusts() {
    let ca = Ca::new();
    let stranger = Ca::setup("Stranger").intermediate(Validity::long(1)).make();
    let issued = good(&stranger);
    let (judged, observation) = present(&issued, &ca).await;
    assert_eq!(
        verdict(&observation),
        ["untrusted_root", "false", "true", "true"]
    );
    assert_eq!(
        judged.message.as_deref(),
        Some(
            "the chain ends at `CN=Stranger Intermediate`, whose issuer `CN=Stranger Root` is not trusted here"
        )
    );
    let server = Setup::new(&issued)
        .and(stranger.root_der())
        .start()
        .unwrap();
    let (judged, _) = localhost(server.port(), &ca).built_in().judge().await;
    assert_eq!(outcome(&judged), (Outcome::Failed, "tls/untrusted_root"));
    assert_eq!(
        judged.message.as_deref(),
        Some("the chain ends at `CN=Stranger Root`, which is not trusted here")
    );
}

#[tokio::test]
async fn a_root_that_was_made_anew_under_the_same_name() {
    let (old, new) = (Ca::new(), Ca::new());
    let (judged, observation) = present(&good(&old), &new).await;
    assert_eq!(
        verdict(&observation),
        ["untrusted_root", "false", "true", "true"]
    );
    assert_eq!(
        judged.message.as_deref(),
        Some("the issuer `CN=Test Root` has the name of a trusted root, but another key")
    );
}

#[tokio::test]
async fn an_intermediate_that_is_not_sent() {
    let ca = Ca::with_intermediate();
    let server = Setup::new(&good(&ca))
        .without_intermediates()
        .start()
        .unwrap();
    let (judged, observation) = localhost(server.port(), &ca).built_in().judge().await;
    assert_eq!(
        verdict(&observation),
        ["missing_intermediate", "false", "true", "true"]
    );
    assert_eq!(
        outcome(&judged),
        (Outcome::Failed, "tls/missing_intermediate")
    );
    assert_eq!(
        judged.message.as_deref(),
        Some(
            "the server sends no certificate of the issuer `CN=Test Intermediate`, and that is no trusted root"
        )
    );
    assert_eq!(
        judged.hint.as_deref(),
        Some(
            "Configure the full chain on the server (certificate first, then the intermediates); if the issuer is your own root, name its file in roots."
        )
    );
}

#[tokio::test]
async fn an_intermediate_or_a_root_that_has_expired() {
    for (ca, name) in [
        (
            Ca::setup("Test")
                .intermediate(Validity::ended_days_ago(2))
                .make(),
            "CN=Test Intermediate",
        ),
        (
            Ca::setup("Test").root(Validity::ended_days_ago(2)).make(),
            "CN=Test Root",
        ),
    ] {
        let issued = ca
            .leaf(&["localhost"])
            .valid(Validity {
                from: Validity::ended_days_ago(60).until,
                ..Validity::days(90)
            })
            .issue();
        let (judged, observation) = present(&issued, &ca).await;
        assert_eq!(
            verdict(&observation),
            ["expired", "true", "true", "false"],
            "{name}"
        );
        let until = Validity::ended_days_ago(2).until.to_string();
        let message = judged.message.unwrap();
        let start = format!("`{name}`, which the chain depends on, expired on ");
        assert!(
            message.starts_with(&start) && message.len() == start.len() + until.len(),
            "{message}"
        );
        assert!(
            fact(&observation, "expires_in").starts_with("-1728"),
            "the first end on the path counts"
        );
    }
}

#[tokio::test]
async fn an_expired_certificate_that_nobody_needs_is_a_remark() {
    let ca = Ca::new();
    let unused = Ca::setup("Old").root(Validity::ended_days_ago(100)).make();
    let server = Setup::new(&good(&ca))
        .and(unused.root_der())
        .start()
        .unwrap();
    let (judged, observation) = localhost(server.port(), &ca).built_in().judge().await;
    assert_eq!(outcome(&judged), (Outcome::Passed, ""));
    assert_eq!(observation.notes.len(), 1);
    assert!(
        observation.notes[0].starts_with("the server also sends `CN=Old Root`, which expired on ")
    );
}

#[tokio::test]
async fn a_certificate_that_ends_soon_is_a_warning() {
    let ca = Ca::new();
    let issued = ca.leaf(&["localhost"]).valid(Validity::days(10)).issue();
    let (judged, _) = present(&issued, &ca).await;
    assert_eq!(outcome(&judged), (Outcome::Warned, "engine/expectation"));
    let server = TlsServer::start(&issued).unwrap();
    let (judged, _) = localhost(server.port(), &ca)
        .built_in()
        .expect("expires_in", "over 14d")
        .judge()
        .await;
    assert_eq!(outcome(&judged), (Outcome::Failed, "engine/expectation"));
}

#[tokio::test]
async fn a_ca_as_a_server() {
    let ca = Ca::new();
    let issued = ca.leaf(&["localhost"]).as_ca().issue();
    let (judged, observation) = present(&issued, &ca).await;
    assert_eq!(
        verdict(&observation),
        ["ca_as_leaf", "false", "true", "true"]
    );
    assert_eq!(
        judged.message.as_deref(),
        Some("`CN=localhost` is the certificate of a CA")
    );
}

#[tokio::test]
async fn a_certificate_for_something_else() {
    let ca = Ca::new();
    for usage in [Usage::Client, Usage::CodeSigning] {
        let issued = ca.leaf(&["localhost"]).usage(usage).issue();
        let (judged, observation) = present(&issued, &ca).await;
        assert_eq!(
            verdict(&observation),
            ["wrong_usage", "false", "true", "true"]
        );
        assert_eq!(
            judged.message.as_deref(),
            Some("the extended key usage of the chain does not allow servers")
        );
    }
    let (judged, observation) = present(&ca.leaf(&["localhost"]).any_usage().issue(), &ca).await;
    assert_eq!(outcome(&judged), (Outcome::Passed, ""));
    assert_eq!(
        observation.notes,
        ["the certificate does not say that it is for servers (no extended key usage)"]
    );
}

#[tokio::test]
async fn a_certificate_that_breaks_the_rules() {
    let ca = Ca::new();
    let issued = ca.leaf(&["localhost"]).critical_extension().issue();
    let server = Openssl::serve(&issued.pem(), &issued.key_pem(), [] as [&str; 0]).unwrap();
    let (judged, observation) = localhost(server.port(), &ca).built_in().judge().await;
    assert_eq!(fact(&observation, "state"), "bad_certificate");
    assert_eq!(outcome(&judged), (Outcome::Failed, "tls/bad_certificate"));
    assert!(
        judged
            .message
            .unwrap()
            .contains("it has a critical extension that is not known")
    );
}

#[tokio::test]
async fn the_key_is_told_as_it_is() {
    let ca = Ca::new();
    let rsa = openssl::key(&["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]).unwrap();
    for (key, key_type, bits) in [
        (Key::P384, "ecdsa", "384"),
        (Key::Ed25519, "ed25519", "256"),
        (Key::Pem(rsa), "rsa", "2048"),
    ] {
        let issued = ca.leaf(&["localhost"]).key(key).issue();
        let (judged, observation) = present(&issued, &ca).await;
        assert_eq!(outcome(&judged), (Outcome::Passed, ""), "{key_type}");
        assert_eq!(fact(&observation, "key_type"), key_type);
        assert_eq!(fact(&observation, "key_bits"), bits);
    }
}

#[tokio::test]
async fn roots_that_are_no_roots_are_ours() {
    let ca = Ca::new();
    let server = TlsServer::start(&good(&ca)).unwrap();
    let broken = "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n";
    for (pem, message) in [
        ("", "no trusted root was found"),
        (broken, "cannot read `roots.pem`: "),
    ] {
        let (judged, observation) = localhost(server.port(), &ca)
            .roots(pem)
            .built_in()
            .judge()
            .await;
        assert_eq!(outcome(&judged), (Outcome::Unknown, "tls/no_roots"));
        assert!(judged.message.unwrap().starts_with(message));
        assert_eq!(fact(&observation, "state"), "not there");
    }
}

#[tokio::test]
async fn a_thousand_names_are_no_trouble() {
    let ca = Ca::new();
    let names: Vec<String> = (0..1000).map(|n| format!("n{n}.example.test")).collect();
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.push("localhost");
    let (judged, observation) = present(&ca.leaf(&names).issue(), &ca).await;
    assert_eq!(outcome(&judged), (Outcome::Passed, ""));
    assert!(fact(&observation, "sans").contains("n999.example.test"));
}
