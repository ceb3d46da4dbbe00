//! Servers that want to know who asks.

use gonogo_model::Outcome;
use gonogo_testkit::ca::{Ca, Issued, Usage};
use gonogo_testkit::folder::Folder;
use gonogo_testkit::openssl::Openssl;
use gonogo_testkit::tls::{Setup, TlsServer};

use super::{faults, good, localhost, outcome};
use crate::testing::Look;

/// Adds a certificate to a look.
fn showing(look: Look, folder: &Folder, issued: &Issued) -> Look {
    let certificate = folder.write("client.pem", &issued.chain_pem()).unwrap();
    let key = folder.write("client.key", &issued.key_pem()).unwrap();
    let node = |path: std::path::PathBuf| gonogo_kind::Node::plain(path.display().to_string());
    look.field("client_cert", node(certificate))
        .field("client_key", node(key))
}

fn client(ca: &Ca) -> Issued {
    ca.leaf(&["gate.test"]).usage(Usage::Client).issue()
}

#[tokio::test]
async fn a_server_that_demands_a_certificate_refuses_who_has_none() {
    let ca = Ca::new();
    for setup in [
        Setup::new(&good(&ca)),
        Setup::new(&good(&ca)).without_tickets(),
    ] {
        let server = setup.client_ca(&ca.root_pem()).start().unwrap();
        let (judged, observation) = localhost(server.port(), &ca).built_in().judge().await;
        assert_eq!(
            outcome(&judged),
            (Outcome::Failed, "tls/client_certificate")
        );
        assert_eq!(
            faults(&observation),
            [(
                "tls/client_certificate",
                "the server requires a client certificate (alert certificate_required)"
            )]
        );
    }
    let server = Setup::new(&good(&ca))
        .client_ca(&ca.root_pem())
        .tls12()
        .start()
        .unwrap();
    let (judged, _) = localhost(server.port(), &ca).built_in().judge().await;
    assert_eq!(
        outcome(&judged),
        (Outcome::Failed, "tls/client_certificate")
    );
}

#[tokio::test]
async fn a_certificate_that_the_server_accepts() {
    let ca = Ca::new();
    for setup in [
        Setup::new(&good(&ca)),
        Setup::new(&good(&ca)).tls12(),
        Setup::new(&good(&ca)).without_tickets(),
    ] {
        let folder = Folder::new("client").unwrap();
        let server = setup.client_ca(&ca.root_pem()).start().unwrap();
        let check = showing(localhost(server.port(), &ca), &folder, &client(&ca));
        let (judged, observation) = check.built_in().judge().await;
        assert_eq!(faults(&observation), []);
        assert_eq!(outcome(&judged), (Outcome::Passed, ""));
    }
}

#[tokio::test]
async fn a_certificate_that_the_server_refuses() {
    let ca = Ca::new();
    let stranger = Ca::setup("Stranger").make();
    for setup in [Setup::new(&good(&ca)), Setup::new(&good(&ca)).tls12()] {
        let folder = Folder::new("client").unwrap();
        let server = setup.client_ca(&ca.root_pem()).start().unwrap();
        let check = showing(localhost(server.port(), &ca), &folder, &client(&stranger));
        let (judged, _) = check.built_in().judge().await;
        assert_eq!(
            outcome(&judged),
            (Outcome::Failed, "tls/client_certificate")
        );
        assert!(
            judged
                .message
                .unwrap()
                .starts_with("the server refuses the client certificate (alert ")
        );
    }
}

#[tokio::test]
async fn a_server_with_tickets_needs_no_second_word() {
    let ca = Ca::new();
    let folder = Folder::new("client").unwrap();
    let server = Setup::new(&good(&ca))
        .client_ca(&ca.root_pem())
        .start()
        .unwrap();
    let begin = std::time::Instant::now();
    for _ in 0..10 {
        let check = showing(localhost(server.port(), &ca), &folder, &client(&ca));
        assert_eq!(faults(&check.observe().await), []);
    }
    // Half a second each, if the tickets went unnoticed.
    assert!(begin.elapsed() < std::time::Duration::from_millis(4500));
}

#[tokio::test]
async fn openssl_demands_a_certificate_too() {
    let ca = Ca::new();
    let folder = Folder::new("client").unwrap();
    let root = folder.write("root.pem", &ca.root_pem()).unwrap();
    let issued = good(&ca);
    let arguments = [
        "-Verify",
        "1",
        "-verify_return_error",
        "-CAfile",
        root.to_str().unwrap(),
    ];
    let server = Openssl::serve(&issued.chain_pem(), &issued.key_pem(), arguments).unwrap();
    let (judged, _) = localhost(server.port(), &ca).built_in().judge().await;
    assert_eq!(
        outcome(&judged),
        (Outcome::Failed, "tls/client_certificate")
    );
    let check = showing(localhost(server.port(), &ca), &folder, &client(&ca));
    let (judged, observation) = check.built_in().judge().await;
    assert_eq!(faults(&observation), []);
    assert_eq!(outcome(&judged), (Outcome::Passed, ""));
}

#[tokio::test]
async fn our_certificate_is_not_shown_to_a_server_that_is_not_good() {
    let (ca, stranger) = (Ca::new(), Ca::setup("Stranger").make());
    let folder = Folder::new("client").unwrap();
    let server = Setup::new(&good(&stranger))
        .client_ca(&ca.root_pem())
        .start()
        .unwrap();
    let check = showing(localhost(server.port(), &ca), &folder, &client(&ca));
    let (judged, observation) = check.built_in().judge().await;
    let codes: Vec<&str> = faults(&observation)
        .into_iter()
        .map(|(code, _)| code)
        .collect();
    assert_eq!(codes, ["tls/missing_intermediate"]);
    assert_eq!(judged.outcome, Outcome::Failed);
    assert_eq!(server.handshakes(), 0);
}

#[tokio::test]
async fn a_certificate_and_a_key_must_belong_together() {
    let ca = Ca::new();
    let server = TlsServer::start(&good(&ca)).unwrap();
    let folder = Folder::new("client").unwrap();
    let (one, other) = (client(&ca), client(&ca));
    let write = |name: &str, text: &str| {
        let path = folder.write(name, text).unwrap();
        gonogo_kind::Node::plain(path.display().to_string())
    };
    let encrypted =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n";
    for (key, field, message) in [
        (
            other.key_pem(),
            "client_key",
            "is not the key of the certificate in client_cert",
        ),
        (encrypted.to_owned(), "client_key", "is encrypted"),
        (
            "nonsense".to_owned(),
            "client_key",
            "holds no PEM private key",
        ),
    ] {
        let check = localhost(server.port(), &ca)
            .field("client_cert", write("one.pem", &one.pem()))
            .field("client_key", write("key.pem", &key));
        let mistakes = check.compile().unwrap_err();
        assert_eq!(mistakes.len(), 1);
        assert_eq!(
            (mistakes[0].field, mistakes[0].message.as_str()),
            (field, message)
        );
    }
    let alone = localhost(server.port(), &ca).field("client_cert", write("one.pem", &one.pem()));
    assert_eq!(
        alone.compile().unwrap_err()[0].message,
        "needs `client_key` beside it"
    );
}
