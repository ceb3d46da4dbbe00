//! Secured connections.

use super::*;

use gonogo_model::Outcome;
use gonogo_testkit::ca::{Ca, Usage, Validity};
use gonogo_testkit::postgres::Setup;

fn server(ca: &Ca, names: &[&str], validity: Validity) -> Postgres {
    let issued = ca.leaf(names).valid(validity).issue();
    let server = Setup::default()
        .tls(&issued.chain_pem(), &issued.key_pem())
        .start()
        .unwrap();
    server.database("app", "hunter22").unwrap();
    server
}

fn at(server: &Postgres, host: &str, parameters: &str) -> Look {
    let url = format!(
        "postgres://app:hunter22@{host}:{}/app{parameters}",
        server.port()
    );
    look("postgres", &[("url", &url)]).built_in()
}

#[tokio::test]
async fn a_certificate_is_verified_by_the_roots_of_the_gate_alone() {
    let ca = Ca::new();
    let server = server(&ca, &["127.0.0.1", "localhost"], Validity::days(90));
    for host in ["127.0.0.1", "localhost"] {
        let (judged, observation) = at(&server, host, "?sslmode=verify-full")
            .roots(&ca.root_pem())
            .expect("tls", "true")
            .expect("tls.trusted", "true")
            .expect("tls.expires_in", "over 80d")
            .judge()
            .await;
        assert_eq!(judged.outcome, Outcome::Passed, "{judged:?}");
        assert!(matches!(
            value(&observation, "timing.tls"),
            Value::Duration(_)
        ));
        let phases: Vec<_> = observation.phases.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(phases[phases.len() - 3..], ["connect", "tls", "login"]);
    }
    let other = Ca::new();
    // Without a root of the issuer's name, an intermediate may be what is missing.
    for (roots, code) in [
        (None, "tls/missing_intermediate"),
        (Some(other.root_pem()), "tls/untrusted_root"),
    ] {
        let look = at(&server, "127.0.0.1", "?sslmode=verify-full");
        let look = match &roots {
            Some(pem) => look.roots(pem),
            None => look,
        };
        let (judged, observation) = look.judge().await;
        assert_eq!(judged.outcome, Outcome::Failed);
        assert_eq!(judged.code.unwrap().as_str(), code);
        assert_eq!(
            observation.get("tls.trusted"),
            Some(&Value::Boolean(false).into())
        );
    }
}

#[tokio::test]
async fn the_root_may_stand_in_the_url() {
    let ca = Ca::new();
    let server = server(&ca, &["127.0.0.1"], Validity::days(90));
    let file = server.socket_folder().join("root.pem");
    std::fs::write(&file, ca.root_pem()).unwrap();
    // As libpq has it, a root that is named makes `require` verify the chain.
    for mode in ["verify-full", "verify-ca", "require"] {
        let parameters = format!("?sslmode={mode}&sslrootcert={}", file.display());
        let (judged, _) = at(&server, "127.0.0.1", &parameters).judge().await;
        assert_eq!(judged.outcome, Outcome::Passed, "{mode} {judged:?}");
    }
    std::fs::write(&file, Ca::new().root_pem()).unwrap();
    let parameters = format!("?sslmode=require&sslrootcert={}", file.display());
    let (judged, _) = at(&server, "127.0.0.1", &parameters).judge().await;
    assert_eq!(judged.code.unwrap().as_str(), "tls/untrusted_root");
}

#[tokio::test]
async fn each_mode_demands_what_it_says() {
    let ca = Ca::new();
    let server = server(&ca, &["db.example"], Validity::days(90));
    for (mode, roots, code) in [
        ("verify-full", Some(ca.root_pem()), Some("tls/wrong_name")),
        ("verify-ca", Some(ca.root_pem()), None),
        ("verify-ca", None, Some("tls/missing_intermediate")),
        ("require", None, None),
        ("disable", None, None),
    ] {
        let look = at(&server, "127.0.0.1", &format!("?sslmode={mode}"));
        let look = match &roots {
            Some(pem) => look.roots(pem),
            None => look,
        };
        let (judged, observation) = look.judge().await;
        let code = code.map(str::to_owned);
        assert_eq!(judged.code.map(|code| code.to_string()), code, "{mode}");
        if code.is_none() {
            assert_eq!(judged.outcome, Outcome::Passed, "{mode}");
            assert_eq!(
                value(&observation, "tls"),
                Value::Boolean(mode != "disable")
            );
        }
    }
}

#[tokio::test]
async fn an_expired_certificate_fails_for_good() {
    let ca = Ca::new();
    let server = server(&ca, &["127.0.0.1"], Validity::ended_days_ago(3));
    for mode in ["verify-full", "verify-ca"] {
        let (judged, observation) = at(&server, "127.0.0.1", &format!("?sslmode={mode}"))
            .roots(&ca.root_pem())
            .judge()
            .await;
        assert_eq!(judged.outcome, Outcome::Failed);
        assert_eq!(judged.code.unwrap().as_str(), "tls/expired");
        assert_eq!(
            observation.get("tls.in_date"),
            Some(&Value::Boolean(false).into())
        );
        assert_eq!(
            observation.get("answers"),
            Some(&Value::Boolean(false).into())
        );
    }
}

#[tokio::test]
async fn a_role_may_show_itself_by_a_certificate() {
    let ca = Ca::new();
    let issued = ca.leaf(&["127.0.0.1"]).issue();
    let server = Setup::default()
        .tls(&issued.chain_pem(), &issued.key_pem())
        .client_ca(&ca.root_pem())
        .hba("hostssl all all 127.0.0.1/32 cert")
        .start()
        .unwrap();
    server
        .sql(
            "postgres",
            "CREATE ROLE app LOGIN; CREATE DATABASE app OWNER app",
        )
        .unwrap();
    let client = ca.leaf(&["app"]).usage(Usage::Client).issue();
    let (cert, key) = (
        server.socket_folder().join("c.pem"),
        server.socket_folder().join("k.pem"),
    );
    std::fs::write(&cert, client.chain_pem()).unwrap();
    std::fs::write(&key, client.key_pem()).unwrap();
    let url = format!(
        "postgres://app@127.0.0.1:{}/app?sslmode=verify-full",
        server.port()
    );
    let fields = [
        ("url", url.as_str()),
        ("client_cert", cert.to_str().unwrap()),
        ("client_key", key.to_str().unwrap()),
    ];
    let (judged, _) = look("postgres", &fields)
        .roots(&ca.root_pem())
        .built_in()
        .judge()
        .await;
    assert_eq!(judged.outcome, Outcome::Passed, "{judged:?}");
    let (judged, _) = look("postgres", &fields[..1])
        .roots(&ca.root_pem())
        .built_in()
        .judge()
        .await;
    assert_eq!(judged.outcome, Outcome::Failed);
    assert_eq!(judged.code.unwrap().as_str(), "postgres/login_refused");
    assert_eq!(
        judged.message.unwrap(),
        "connection requires a valid client certificate (SQLSTATE 28000)"
    );
}

#[tokio::test]
async fn a_server_without_tls_is_not_talked_to_in_plain_text() {
    let base = base();
    for mode in ["require", "verify-ca", "verify-full"] {
        let (judged, _) = look(
            "postgres",
            &[("url", &format!("{}?sslmode={mode}", base.url))],
        )
        .built_in()
        .judge()
        .await;
        assert_eq!(judged.outcome, Outcome::Failed);
        assert_eq!(judged.code.unwrap().as_str(), "postgres/no_tls", "{mode}");
    }
}
