//! Every way in which a server can fail to make a handshake.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gonogo_kind::{Probe as _, ProbeCx, RootsSource};
use gonogo_model::Outcome;
use gonogo_testkit::ca::Ca;
use gonogo_testkit::fake::Fake;
use gonogo_testkit::nginx;
use gonogo_testkit::openssl::{self, Openssl};
use gonogo_testkit::tls::{Setup, TlsServer};

use super::super::probe::Tls;
use super::{fact, faults, good, localhost, outcome, verdict};
use crate::net::Net;
use crate::net::tls::{TlsOptions, handshake, server_name};

#[tokio::test]
async fn openssl_is_a_real_server() {
    let ca = Ca::with_intermediate();
    let issued = good(&ca);
    for (arguments, version) in [(vec![], "\"1.3\""), (vec!["-tls1_2"], "\"1.2\"")] {
        let server = Openssl::serve(&issued.chain_pem(), &issued.key_pem(), arguments).unwrap();
        let (judged, observation) = localhost(server.port(), &ca).built_in().judge().await;
        assert_eq!(faults(&observation), []);
        assert_eq!(outcome(&judged), (Outcome::Passed, ""));
        assert_eq!(fact(&observation, "version"), version);
        assert_eq!(
            fact(&observation, "chain"),
            r#"["CN=localhost","CN=Test Intermediate"]"#
        );
    }
}

#[tokio::test]
async fn nginx_is_a_real_server_and_its_plain_port_is_none() {
    let ca = Ca::with_intermediate();
    let issued = good(&ca);
    let server = nginx::Setup::default()
        .tls(&issued.chain_pem(), &issued.key_pem())
        .start()
        .unwrap();
    let (judged, observation) = localhost(server.https_port(), &ca).built_in().judge().await;
    assert_eq!(faults(&observation), []);
    assert_eq!(outcome(&judged), (Outcome::Passed, ""));

    let (judged, observation) = localhost(server.http_port(), &ca).built_in().judge().await;
    assert_eq!(outcome(&judged), (Outcome::Failed, "tls/not_tls"));
    assert_eq!(
        judged.message.as_deref(),
        Some("the server answers in plain HTTP: \"HTTP/1.1 400 Bad Request\"")
    );
    assert_eq!(
        verdict(&observation),
        ["not_tls", "not there", "not there", "not there"]
    );
}

const P256: &[&str] = &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
const P521: &[&str] = &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp521r1"];

#[tokio::test]
async fn weak_keys_and_signatures() {
    let ca = Ca::new();
    let weak_root = openssl::authority(&["-newkey", "rsa:1024"]).unwrap();
    let root = openssl::authority(P256).unwrap();
    let sha1 = [P256, &["-sha1"]].concat();
    let small = openssl::self_signed(&["-newkey", "rsa:1024"]).unwrap();
    for (pair, roots, version, message) in [
        (
            &small,
            &small,
            "-tls1_3",
            "`CN=localhost` has an RSA key of 1024 bits",
        ),
        (
            &small,
            &small,
            "-tls1_2",
            "`CN=localhost` has an RSA key of 1024 bits",
        ),
        (
            &openssl::signed_by(&root, &["-newkey", "rsa:1024"]).unwrap(),
            &root,
            "-tls1_3",
            "`CN=localhost` has an RSA key of 1024 bits",
        ),
        (
            &openssl::signed_by(&root, &sha1).unwrap(),
            &root,
            "-tls1_3",
            "`CN=localhost` has the signature algorithm ecdsa-sha1",
        ),
        (
            &openssl::signed_by(&weak_root, P256).unwrap(),
            &weak_root,
            "-tls1_3",
            "`CN=OpenSSL Root` has an RSA key of 1024 bits",
        ),
    ] {
        let lax = [version, "-cipher", "ALL:@SECLEVEL=0"];
        let server = Openssl::serve(&pair.certificate, &pair.key, lax).unwrap();
        let check = localhost(server.port(), &ca).roots(&roots.certificate);
        let (judged, _) = check.built_in().judge().await;
        assert_eq!(
            outcome(&judged),
            (Outcome::Failed, "tls/weak"),
            "{message}: {judged:?}"
        );
        assert_eq!(judged.message.as_deref(), Some(message));
    }
}

#[tokio::test]
async fn what_cannot_be_verified_here_is_unknown() {
    let ca = Ca::new();
    let root = openssl::authority(P521).unwrap();
    let pair = openssl::signed_by(&root, P256).unwrap();
    let server = Openssl::serve(&pair.certificate, &pair.key, [] as [&str; 0]).unwrap();
    let check = localhost(server.port(), &ca).roots(&root.certificate);
    let (judged, observation) = check.built_in().judge().await;
    assert_eq!(
        faults(&observation),
        [(
            "tls/unsupported",
            "gonogo cannot verify a signature of the chain (ecdsa-sha256)"
        )]
    );
    assert_eq!(outcome(&judged), (Outcome::Unknown, "tls/unsupported"));
}

#[tokio::test]
async fn a_server_of_old_versions() {
    let ca = Ca::new();
    let issued = good(&ca);
    let server = Openssl::serve(
        &issued.chain_pem(),
        &issued.key_pem(),
        ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"],
    )
    .unwrap();
    let (judged, observation) = localhost(server.port(), &ca).built_in().judge().await;
    assert_eq!(outcome(&judged), (Outcome::Failed, "tls/version"));
    assert_eq!(fact(&observation, "state"), "version");
    assert_eq!(
        judged.message.as_deref(),
        Some("the server refuses TLS 1.2 and 1.3 (alert protocol_version)")
    );
}

#[tokio::test]
async fn a_version_that_is_expected() {
    let ca = Ca::new();
    let server = Setup::new(&good(&ca)).tls12().start().unwrap();
    let (judged, _) = localhost(server.port(), &ca)
        .built_in()
        .expect("version", "at least 1.3")
        .judge()
        .await;
    assert_eq!(outcome(&judged), (Outcome::Failed, "engine/expectation"));
    assert_eq!(
        judged.message.as_deref(),
        Some("version is 1.2, expected at least 1.3")
    );
}

#[tokio::test]
async fn protocols_inside_tls() {
    let ca = Ca::new();
    let server = Setup::new(&good(&ca)).alpn(&["h2"]).start().unwrap();
    let offer = |protocols: &str| {
        let node = gonogo_kind::Node {
            value: gonogo_kind::NodeValue::List(vec![gonogo_kind::Node::plain(protocols)]),
            span: gonogo_kind::Span::NOWHERE,
        };
        localhost(server.port(), &ca).field("alpn", node)
    };
    let observation = offer("h2").observe().await;
    assert_eq!(fact(&observation, "alpn"), "h2");
    let observation = offer("mqtt").observe().await;
    assert_eq!(
        faults(&observation),
        [(
            "tls/handshake",
            "the server broke off the handshake with the alert no_application_protocol"
        )]
    );
}

#[tokio::test]
async fn servers_that_are_none() {
    let ca = Ca::new();
    for (server, code, message) in [
        (
            Fake::tls_alert(40).unwrap(),
            "tls/handshake",
            "the server broke off the handshake with the alert handshake_failure",
        ),
        (
            Fake::tls_alert(112).unwrap(),
            "tls/handshake",
            "the server does not know the name that was asked for (alert unrecognised_name)",
        ),
        (
            Fake::tls_alert(70).unwrap(),
            "tls/version",
            "the server refuses TLS 1.2 and 1.3 (alert protocol_version)",
        ),
        (
            Fake::http_banner().unwrap(),
            "tls/not_tls",
            "the server answers in plain HTTP: \"HTTP/1.1 400 Bad Request\"",
        ),
        (
            Fake::say("SSH-2.0-OpenSSH_9.2\r\n").unwrap(),
            "tls/not_tls",
            "the server answers in SSH: \"SSH-2.0-OpenSSH_9.2\"",
        ),
        (
            Fake::eof().unwrap(),
            "net/closed",
            "connection closed by the other side in phase `tls`",
        ),
        (
            Fake::answer_with_reset().unwrap(),
            "net/reset",
            "connection reset by the other side in phase `tls`",
        ),
        (
            Fake::echo().unwrap(),
            "tls/handshake",
            "the handshake broke off: received unexpected handshake message: got ClientHello when expecting ServerHello or HelloRetryRequest",
        ),
    ] {
        let (judged, observation) = localhost(server.port(), &ca).built_in().judge().await;
        assert_eq!(faults(&observation), [(code, message)]);
        assert_eq!(outcome(&judged), (Outcome::Failed, code));
        let (_, word) = code.split_once('/').unwrap();
        assert_eq!(
            verdict(&observation),
            [word, "not there", "not there", "not there"]
        );
    }
    let refused = Fake::refuse().unwrap();
    let (judged, observation) = localhost(refused.port(), &ca).built_in().judge().await;
    assert_eq!(outcome(&judged), (Outcome::Failed, "net/refused"));
    assert_eq!(fact(&observation, "state"), "refused");
}

#[tokio::test]
async fn garbage_is_an_answer_but_not_tls() {
    let ca = Ca::new();
    for server in [
        Fake::garbage().unwrap(),
        Fake::endless(vec![0xff; 65536]).unwrap(),
    ] {
        let (judged, _) = localhost(server.port(), &ca).built_in().judge().await;
        assert_eq!(outcome(&judged), (Outcome::Failed, "tls/not_tls"));
    }
    // The head of a record, then nonsense.
    let mut record = vec![22, 3, 3, 0, 80];
    record.extend([7; 80]);
    let server = Fake::say(record).unwrap();
    let (judged, _) = localhost(server.port(), &ca).built_in().judge().await;
    assert_eq!(outcome(&judged), (Outcome::Failed, "tls/handshake"));
}

#[tokio::test]
async fn a_slow_server_ends_at_the_deadline() {
    let ca = Ca::new();
    let begin = Instant::now();
    for server in [
        Fake::hang().unwrap(),
        // Half the head of a record, and then nothing.
        Fake::say([22, 3, 3]).unwrap(),
        // A long record, a byte at a time.
        Fake::drip([22, 3, 3, 60, 0], Duration::from_millis(10)).unwrap(),
    ] {
        let (judged, observation) = localhost(server.port(), &ca)
            .timeout(Duration::from_millis(400))
            .built_in()
            .judge()
            .await;
        assert_eq!(outcome(&judged), (Outcome::Failed, "net/timeout"));
        assert_eq!(
            judged.message.as_deref(),
            Some("timed out after 400ms in phase `tls`")
        );
        assert_eq!(fact(&observation, "state"), "timeout");
    }
    let hole = Fake::black_hole().unwrap();
    let (judged, _) = localhost(hole.port(), &ca)
        .timeout(Duration::from_millis(300))
        .built_in()
        .judge()
        .await;
    let message = format!(
        "timed out after 300ms in phase `connect` ({}: no answer)",
        hole.address()
    );
    assert_eq!(judged.message, Some(message));
    assert!(begin.elapsed() < Duration::from_secs(10));
}

/// The engine polls all attempts in one task, and the runtime rations what a task may do in one go: what
/// is beyond that is put off, also the hello of a handshake.
#[tokio::test]
async fn a_hello_that_is_put_off_is_still_sent() {
    let ca = Ca::new();
    let server = TlsServer::start(&good(&ca)).unwrap();
    let options = TlsOptions {
        name: server_name("localhost").unwrap(),
        roots: Arc::new(RootsSource {
            system: false,
            files: vec![("roots.pem".into(), ca.root_pem().as_bytes().into())],
        }),
        identity: None,
        alpn: Vec::new(),
    };
    let net = Net::new();
    let cx = ProbeCx::new(
        Instant::now(),
        Duration::from_secs(10),
        jiff::Timestamp::now(),
        1,
    );
    for rationed in [false, true] {
        let address = ("127.0.0.1", server.port());
        let stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let permits = tokio::sync::Semaphore::new(1_000);
        while rationed && tokio::task::coop::has_budget_remaining() {
            permits.acquire().await.unwrap().forget();
        }
        let secured = handshake(stream, &options, &net, &cx).await;
        assert!(secured.is_ok(), "{secured:?}");
    }
}

#[tokio::test]
async fn hanging_servers_do_not_keep_the_others_waiting() {
    let ca = Ca::new();
    let hang = Fake::say([22, 3, 3]).unwrap();
    let server = TlsServer::start(&good(&ca)).unwrap();
    let roots = Arc::new(RootsSource {
        system: false,
        files: vec![("roots.pem".into(), ca.root_pem().as_bytes().into())],
    });
    let net = Net::new();
    let begin = Instant::now();
    let observe = |port| {
        let options = TlsOptions {
            name: server_name("localhost").unwrap(),
            roots: Arc::clone(&roots),
            identity: None,
            alpn: Vec::new(),
        };
        let (host, net) = ("127.0.0.1".to_owned(), Arc::clone(&net));
        let probe = Tls {
            host,
            port,
            options,
            net,
        };
        async move {
            let timeout = Duration::from_secs(30);
            let cx = ProbeCx::new(begin, timeout, jiff::Timestamp::now(), 1);
            probe.observe(&cx).await
        }
    };
    let stuck: Vec<_> = (0..100)
        .map(|_| tokio::spawn(observe(hang.port())))
        .collect();
    let observation = observe(server.port()).await;
    assert_eq!(fact(&observation, "state"), "ok");
    assert!(begin.elapsed() < Duration::from_secs(15));
    for task in stuck {
        task.abort();
    }
}
