//! What a real server does.

use super::*;

use gonogo_kind::Judged;
use gonogo_model::Outcome;
use gonogo_testkit::postgres::Setup;
use sqlx::Connection as _;
use sqlx::postgres::{PgConnectOptions, PgConnection};

#[tokio::test]
async fn a_server_that_answers_is_described() {
    let base = base();
    let (judged, observation) = base.look().built_in().judge().await;
    assert_eq!(judged.outcome, Outcome::Passed, "{judged:?}");
    assert_eq!(observation.faults, []);
    let version = base.sql("SHOW server_version");
    assert_eq!(
        steady(&observation),
        json!({
            "tls": false,
            "answers": true,
            "role": "primary",
            "read_only": false,
            "version": version.split(' ').next(),
            "server_version": version,
            "database": base.name,
            "user": base.name,
            "superuser": false,
            "connections_max": 97,
            "connections": "(postgres/missing_grant)",
            "connections_used": "(postgres/missing_grant)",
            "rows": "(absent)",
            "row_count": "(absent)",
            "value": "(absent)",
        })
    );
    let phases: Vec<_> = observation.phases.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(phases, ["connect", "login"]);
    assert_eq!(observation.get("timing.resolve"), Some(&Reading::Absent));
    assert_eq!(observation.get("timing.query"), Some(&Reading::Absent));
    assert_eq!(observation.get("tls.version"), Some(&Reading::Absent));
    assert!(matches!(
        value(&observation, "duration"),
        Value::Duration(_)
    ));
}

/// Asserts the outcome and what decided it.
fn decided(judged: &Judged, outcome: Outcome, code: &str, message: &str) {
    assert_eq!(judged.outcome, outcome, "{judged:?}");
    assert_eq!(judged.code.as_ref().map(|code| code.as_str()), Some(code));
    assert_eq!(judged.message.as_deref(), Some(message));
}

#[tokio::test]
async fn a_login_that_is_refused_fails_for_good() {
    let base = base();
    let name = &base.name;
    let login = |url: String| async move {
        let (judged, observation) = look("postgres", &[("url", &url)]).built_in().judge().await;
        assert_eq!(
            observation.get("answers"),
            Some(&Value::Boolean(false).into())
        );
        judged
    };
    let judged = login(base.server.url(name, "wrong", name)).await;
    let message = format!("password authentication failed for user \"{name}\" (SQLSTATE 28P01)");
    decided(&judged, Outcome::Failed, "postgres/login_refused", &message);
    assert_eq!(
        judged.hint.unwrap(),
        super::super::codes::LOGIN_REFUSED.hint
    );

    let judged = login(base.server.url(name, "hunter22", "nowhere")).await;
    let message = "database \"nowhere\" does not exist (SQLSTATE 3D000)";
    decided(
        &judged,
        Outcome::Failed,
        "postgres/no_such_database",
        message,
    );

    base.sql(&format!(
        "REVOKE CONNECT ON DATABASE {name} FROM public, {name}"
    ));
    let judged = login(base.url.clone()).await;
    let message = format!("permission denied for database \"{name}\" (SQLSTATE 42501)");
    decided(&judged, Outcome::Failed, "postgres/login_refused", &message);

    base.sql(&format!(
        "GRANT CONNECT ON DATABASE {name} TO {name}; ALTER ROLE {name} CONNECTION LIMIT 0"
    ));
    let judged = login(base.url.clone()).await;
    let message = format!("too many connections for role \"{name}\" (SQLSTATE 53300)");
    decided(
        &judged,
        Outcome::Failed,
        "postgres/too_many_connections",
        &message,
    );
}

#[tokio::test]
async fn a_role_with_powers_beyond_the_database_is_a_warning() {
    let base = base();
    for power in [
        "SUPERUSER",
        "NOSUPERUSER REPLICATION",
        "NOREPLICATION; GRANT pg_execute_server_program TO",
        "NOREPLICATION; REVOKE pg_execute_server_program FROM X; GRANT pg_write_server_files TO",
    ] {
        let name = &base.name;
        let sql = match power.split_once(';') {
            Some((attribute, grants)) => {
                format!(
                    "ALTER ROLE {name} {attribute};{} {name}",
                    grants.replace('X', name)
                )
            }
            None => format!("ALTER ROLE {name} {power}"),
        };
        base.sql(&sql);
        let (judged, observation) = base.look().built_in().judge().await;
        assert_eq!(
            observation.get("superuser"),
            Some(&Value::Boolean(true).into()),
            "{power}"
        );
        assert_eq!(judged.outcome, Outcome::Warned, "{power} {judged:?}");
    }
}

#[tokio::test]
async fn connections_are_counted_by_who_may_see_them() {
    let server = Setup::default().start().unwrap();
    let url = server.database("watcher", "hunter22").unwrap();
    server
        .sql("postgres", "GRANT pg_read_all_stats TO watcher")
        .unwrap();
    let options: PgConnectOptions = url.parse().unwrap();
    let mut others = Vec::new();
    for _ in 0..3 {
        others.push(PgConnection::connect_with(&options).await.unwrap());
    }
    let (judged, observation) = look("postgres", &[("url", &url)])
        .expect("connections_used", "under 80%")
        .judge()
        .await;
    assert_eq!(judged.outcome, Outcome::Passed, "{judged:?}");
    assert_eq!(value(&observation, "connections"), Value::integer(4));
    assert_eq!(value(&observation, "connections_max"), Value::integer(97));
    assert_eq!(
        value(&observation, "connections_used")
            .to_json()
            .to_string(),
        "0.041237"
    );
    server
        .sql("postgres", "REVOKE pg_read_all_stats FROM watcher")
        .unwrap();
    let (judged, _) = look("postgres", &[("url", &url)])
        .expect("connections_used", "under 80%")
        .judge()
        .await;
    let message = "cannot read connections_used: the role may not see the sessions of others";
    decided(&judged, Outcome::Unknown, "postgres/missing_grant", message);
}

#[tokio::test]
async fn a_standby_is_a_replica() {
    let server = Setup::default().standby().start().unwrap();
    let url = format!(
        "postgres:///postgres?host={}&port={}&user=postgres",
        server.socket_folder().display(),
        server.port()
    );
    let (judged, observation) = look("postgres", &[("url", &url)])
        .expect("role", "primary")
        .judge()
        .await;
    decided(
        &judged,
        Outcome::Failed,
        "engine/expectation",
        "role is replica, expected primary",
    );
    assert_eq!(value(&observation, "role"), Value::text("replica"));
    assert_eq!(value(&observation, "read_only"), Value::Boolean(true));
    assert_eq!(value(&observation, "superuser"), Value::Boolean(true));
}

#[tokio::test]
async fn a_database_that_was_set_read_only_says_so() {
    let base = base();
    base.sql(&format!(
        "ALTER DATABASE {} SET default_transaction_read_only = on",
        base.name
    ));
    let observation = base.look().observe().await;
    assert_eq!(value(&observation, "read_only"), Value::Boolean(true));
    assert_eq!(value(&observation, "role"), Value::text("primary"));
}

#[tokio::test]
async fn nobody_elses_functions_answer_for_the_server() {
    let base = base();
    base.sql(&format!(
        "CREATE SCHEMA evil AUTHORIZATION {name};
         CREATE FUNCTION evil.pg_is_in_recovery() RETURNS bool LANGUAGE sql AS 'SELECT true';
         CREATE TABLE evil.pg_roles AS SELECT * FROM pg_roles WHERE false;
         ALTER ROLE {name} SET search_path = evil, pg_catalog;",
        name = base.name
    ));
    let observation = base
        .query("SELECT current_setting('search_path')")
        .observe()
        .await;
    assert_eq!(value(&observation, "role"), Value::text("primary"));
    assert_eq!(value(&observation, "superuser"), Value::Boolean(false));
    // The question of the gate is asked where the role looks.
    assert_eq!(
        value(&observation, "value"),
        Value::Json(json!("evil, pg_catalog"))
    );
}

#[tokio::test]
async fn a_password_may_hold_anything() {
    let base = base();
    base.sql(&format!(
        "ALTER ROLE {} PASSWORD 'p@ss/w%rd? \u{e9}#'",
        base.name
    ));
    let url = base
        .server
        .url(&base.name, "p%40ss%2Fw%25rd%3F%20%C3%A9%23", &base.name);
    let observation = look("postgres", &[("url", &url)]).observe().await;
    assert_eq!(observation.faults, []);
    base.sql(&format!(
        "SET password_encryption = 'md5'; ALTER ROLE {} PASSWORD 'old'",
        base.name
    ));
    // pg_hba.conf says scram: an old digest is refused.
    let url = base.server.url(&base.name, "old", &base.name);
    let observation = look("postgres", &[("url", &url)]).observe().await;
    assert_eq!(codes(&observation), ["postgres/login_refused"]);
}

#[tokio::test]
async fn a_server_that_was_stopped_refuses() {
    let server = Setup::default().start().unwrap();
    let url = server.database("app", "hunter22").unwrap();
    server.stop();
    let (judged, observation) = look("postgres", &[("url", &url)]).built_in().judge().await;
    let message = format!("connection failed: 127.0.0.1:{}: refused", server.port());
    decided(&judged, Outcome::Failed, "net/refused", &message);
    assert_eq!(
        observation.get("answers"),
        Some(&Value::Boolean(false).into())
    );
    let socket = format!("postgres://app@%2Fnowhere/app?port={}", server.port());
    let observation = look("postgres", &[("url", &socket)]).observe().await;
    assert_eq!(codes(&observation), ["net/refused"]);
    let message = format!(
        "connection failed: there is no socket /nowhere/.s.PGSQL.{}",
        server.port()
    );
    assert_eq!(observation.faults[0].message, message);
}
