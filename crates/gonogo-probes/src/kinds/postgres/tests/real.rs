//! What a real server does.

use super::*;

#[tokio::test]
async fn a_server_that_answers_is_described() {
    let base = base();
    let observation = base.look().observe().await;
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
            "connections_max": 37,
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
    assert_eq!(observation.get("tls.version"), Some(&Reading::Absent));
    assert!(matches!(
        value(&observation, "duration"),
        Value::Duration(_)
    ));
}
