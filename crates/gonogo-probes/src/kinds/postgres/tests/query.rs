//! What a `query:` gives.

use super::*;
use std::time::{Duration, Instant};

use gonogo_model::Outcome;

#[tokio::test]
async fn rows_keep_names_types_and_digits() {
    let base = base();
    let (judged, observation) = base
        .query(
            "SELECT 12345678901234567890::numeric AS big, 1.50::numeric AS exact, 'x' AS text, NULL AS nothing,
                    true AS yes, ARRAY[1, 2] AS list, '{\"k\": [1.0]}'::jsonb AS json,
                    '2026-01-02 03:04:05+00'::timestamptz AS time, 'NaN'::float8 AS odd;",
        )
        .expect("value", "12345678901234567890")
        .expect("row_count", "1")
        .judge()
        .await;
    assert_eq!(judged.outcome, Outcome::Passed, "{judged:?}");
    let rows = value(&observation, "rows").to_json().to_string();
    assert_eq!(
        rows,
        r#"[{"big":12345678901234567890,"exact":1.50,"text":"x","nothing":null,"yes":true,"list":[1,2],"json":{"k":[1.0]},"time":"2026-01-02T03:04:05+00:00","odd":"NaN"}]"#
    );
    assert_eq!(observation.notes, [] as [&str; 0]);
    assert_eq!(observation.phases.last().unwrap().name, "query");
    assert!(matches!(
        value(&observation, "timing.query"),
        Value::Duration(_)
    ));
}

#[tokio::test]
async fn a_wrong_value_fails() {
    let base = base();
    base.sql("CREATE TABLE jobs (failed bool); INSERT INTO jobs VALUES (true), (true), (false); GRANT SELECT ON jobs TO public");
    let (judged, _) = base
        .query("SELECT count(*) FROM jobs WHERE failed")
        .expect("value", "0")
        .judge()
        .await;
    assert_eq!(judged.outcome, Outcome::Failed);
    assert_eq!(judged.findings[0].got, "2");
}

#[tokio::test]
async fn no_row_has_no_value() {
    let base = base();
    let (judged, observation) = base
        .query("SELECT 1 WHERE false")
        .expect("value", "0")
        .judge()
        .await;
    assert_eq!(judged.outcome, Outcome::Failed);
    assert_eq!(observation.get("value"), Some(&Reading::Absent));
    assert_eq!(value(&observation, "row_count"), Value::integer(0));
    assert_eq!(value(&observation, "rows").to_json(), json!([]));
}

#[tokio::test]
async fn a_query_that_nobody_looks_at_still_must_work() {
    let base = base();
    let (judged, observation) = base.query("SELECT 1").built_in().judge().await;
    assert_eq!(judged.outcome, Outcome::Passed);
    assert_eq!(
        observation.notes,
        ["no expectation looks at the rows of the query"]
    );
    let (judged, observation) = base.query("SELECT * FROM nowhere").built_in().judge().await;
    assert_eq!(judged.outcome, Outcome::Failed);
    assert_eq!(judged.code.unwrap().as_str(), "postgres/query_failed");
    assert_eq!(
        judged.message.unwrap(),
        "relation \"nowhere\" does not exist (SQLSTATE 42P01)"
    );
    assert_eq!(value(&observation, "answers"), Value::Boolean(true));
}

#[tokio::test]
async fn a_table_that_the_role_may_not_read_is_unknown() {
    let base = base();
    base.sql("CREATE TABLE secrets (x int)");
    let (judged, _) = base
        .query("SELECT count(*) FROM secrets")
        .built_in()
        .expect("value", "0")
        .judge()
        .await;
    assert_eq!(judged.outcome, Outcome::Unknown);
    assert_eq!(judged.code.unwrap().as_str(), "postgres/missing_grant");
    assert_eq!(
        judged.message.unwrap(),
        "permission denied for table secrets (SQLSTATE 42501)"
    );
}

#[tokio::test]
async fn a_mistake_in_the_query_is_unknown() {
    let base = base();
    let (judged, _) = base.query("SELEKT 1").expect("value", "1").judge().await;
    assert_eq!(judged.outcome, Outcome::Unknown);
    assert_eq!(judged.code.unwrap().as_str(), "postgres/bad_query");
    assert_eq!(
        judged.message.unwrap(),
        "syntax error at or near \"1\" (SQLSTATE 42601)"
    );
    let (judged, _) = base
        .query("SELECT 1 AS n, 2 AS n")
        .expect("value", "1")
        .judge()
        .await;
    assert_eq!(judged.outcome, Outcome::Unknown);
    assert_eq!(judged.code.unwrap().as_str(), "postgres/bad_rows");
}

#[tokio::test]
async fn too_many_rows_are_not_counted_wrong() {
    let base = base();
    let (judged, observation) = base
        .query("SELECT x FROM generate_series(1, 100000) AS x")
        .expect("row_count", "at least 1")
        .judge()
        .await;
    assert_eq!(judged.outcome, Outcome::Unknown);
    assert_eq!(judged.code.unwrap().as_str(), "postgres/answer_too_large");
    assert_eq!(
        judged.message.unwrap(),
        "cannot read row_count: the query gives more than 1000 rows"
    );
    assert_eq!(value(&observation, "value"), Value::Json(json!(1)));
    let whole = base
        .query("SELECT x FROM generate_series(1, 1000) AS x")
        .observe()
        .await;
    assert_eq!(value(&whole, "row_count"), Value::integer(1000));
    let (judged, _) = base
        .query("SELECT repeat('x', 9000000)")
        .expect("row_count", "1")
        .judge()
        .await;
    assert_eq!(judged.outcome, Outcome::Unknown);
    assert_eq!(judged.message.unwrap(), "the answer is larger than 8 MiB");
}

#[tokio::test]
async fn endless_notices_end() {
    let base = base();
    base.sql(
        "CREATE FUNCTION noise() RETURNS int LANGUAGE plpgsql AS $$
         BEGIN LOOP RAISE WARNING '%', repeat('canary', 1000); END LOOP; END $$;
         GRANT EXECUTE ON FUNCTION noise TO public;",
    );
    let observation = base.query("SELECT noise()").observe().await;
    assert_eq!(codes(&observation), ["postgres/answer_too_large"]);
    assert!(!format!("{observation:?}").contains("canary"));
}

/// Waits until no session of the gate does anything in the database any more.
fn quiet(base: &Base, patience: Duration) {
    let begin = Instant::now();
    let active = format!(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = '{}' AND application_name = 'gonogo'",
        base.name
    );
    while base.server.sql("postgres", &active).unwrap() != "0" {
        assert!(begin.elapsed() < patience, "a session of the gate goes on");
    }
}

#[tokio::test]
async fn a_query_that_takes_too_long_is_cancelled_on_the_server() {
    let base = base();
    for query in [
        "SELECT pg_sleep(60)",
        "SELECT set_config('statement_timeout', '0', false), pg_sleep(60)",
    ] {
        let begin = Instant::now();
        let (judged, _) = base
            .query(query)
            .timeout(Duration::from_millis(2500))
            .built_in()
            .judge()
            .await;
        assert!(begin.elapsed() < Duration::from_secs(4));
        assert_eq!(judged.outcome, Outcome::Failed);
        assert_eq!(judged.code.unwrap().as_str(), "postgres/query_timeout");
        assert_eq!(
            judged.message.unwrap(),
            "canceling statement due to statement timeout (SQLSTATE 57014)"
        );
        quiet(&base, Duration::from_secs(2));
    }
}

#[tokio::test]
async fn an_attempt_that_is_dropped_leaves_nothing_running() {
    let base = base();
    let look = base
        .query("SELECT pg_sleep(60)")
        .timeout(Duration::from_millis(1500));
    let dropped = tokio::time::timeout(Duration::from_millis(300), look.observe()).await;
    assert!(dropped.is_err());
    quiet(&base, Duration::from_secs(4));
}
