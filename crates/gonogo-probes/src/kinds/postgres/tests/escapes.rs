//! A `query:` cannot leave its SELECT.
//!
//! Each attempt is judged by what it left behind: files, tables, large objects, sequences, settings,
//! the log and the configuration of the server.

use super::*;
use std::path::PathBuf;

use gonogo_testkit::postgres::Setup;

/// A server of its own, since some escapes would change the whole of it.
struct Prison {
    server: Postgres,
    url: String,
    file: PathBuf,
}

fn prison() -> Prison {
    let server = Setup::default().start().unwrap();
    let url = server.database("inmate", "hunter22").unwrap();
    server
        .sql(
            "inmate",
            "SET ROLE inmate;
             CREATE TABLE kept (x int); INSERT INTO kept VALUES (1);
             CREATE SEQUENCE numbers;
             CREATE FUNCTION writes() RETURNS int LANGUAGE sql AS
                 $$ INSERT INTO kept VALUES (2) RETURNING x $$;
             CREATE FUNCTION goes_read_write() RETURNS int LANGUAGE plpgsql AS
                 $$ BEGIN SET TRANSACTION READ WRITE; INSERT INTO kept VALUES (3); RETURN 1; END $$;",
        )
        .unwrap();
    // The server's own user may write there.
    let file = server.socket_folder().join("escaped");
    Prison { server, url, file }
}

impl Prison {
    /// Returns everything that an escape could have changed.
    fn state(&self) -> String {
        let state = self.server.sql(
            "inmate",
            "SELECT (SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class WHERE relowner = 'inmate'::regrole),
                    (SELECT string_agg(x::text, ',') FROM kept),
                    (SELECT last_value || ' ' || is_called FROM numbers),
                    (SELECT count(*) FROM pg_largeobject_metadata),
                    (SELECT count(*) FROM pg_roles),
                    (SELECT count(*) FROM pg_db_role_setting),
                    (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'),
                    pg_walfile_name(pg_current_wal_lsn()),
                    pg_conf_load_time()",
        );
        state.unwrap()
    }

    async fn holds(&self, query: &str, code: Option<&str>) {
        let before = self.state();
        let query = query.replace("FILE", self.file.to_str().unwrap());
        let observation = look("postgres", &[("url", &self.url), ("query", &query)])
            .observe()
            .await;
        let expected: Vec<_> = code.into_iter().collect();
        assert_eq!(
            codes(&observation),
            expected,
            "{query} {:?}",
            observation.faults
        );
        assert_eq!(self.state(), before, "{query}");
        assert!(!self.file.exists(), "{query}");
        assert_eq!(
            observation.get("superuser"),
            Some(&Value::Boolean(false).into())
        );
    }
}

#[tokio::test]
async fn the_six_escapes_lead_nowhere() {
    let prison = prison();
    for (query, code) in [
        (
            "COPY (SELECT 1) TO PROGRAM 'touch FILE'",
            Some("postgres/bad_query"),
        ),
        ("COPY (SELECT 1) TO 'FILE'", Some("postgres/bad_query")),
        // Possible in a read-only transaction of PostgreSQL 15; rolled back.
        ("SELECT lo_create(4711)", None),
        ("SELECT pg_switch_wal()", Some("postgres/missing_grant")),
        ("SELECT pg_reload_conf()", Some("postgres/missing_grant")),
        ("BEGIN READ WRITE", Some("postgres/bad_query")),
    ] {
        prison.holds(query, code).await;
    }
}

#[tokio::test]
async fn the_parenthesis_cannot_be_left() {
    let prison = prison();
    for (query, code) in [
        ("SELECT 1) AS x; DROP TABLE kept; --", "postgres/bad_query"),
        (
            "SELECT 1) AS x; COMMIT; BEGIN; CREATE TABLE escaped (x int); COMMIT; SELECT * FROM (SELECT 1",
            "postgres/bad_query",
        ),
        ("SELECT 1; DROP TABLE kept", "postgres/bad_query"),
        ("SELECT 1 INTO escaped", "postgres/bad_query"),
        ("SELECT 1) AS x -- ", "postgres/bad_query"),
        ("SELECT 1 /*", "postgres/bad_query"),
        ("SELECT $$", "postgres/bad_query"),
        ("SELECT '", "postgres/bad_query"),
        ("DROP TABLE kept", "postgres/bad_query"),
        ("DO $$ BEGIN DELETE FROM kept; END $$", "postgres/bad_query"),
        ("CALL x()", "postgres/bad_query"),
        ("SET ROLE postgres", "postgres/bad_query"),
        ("EXPLAIN ANALYZE DELETE FROM kept", "postgres/bad_query"),
        ("SELECT $1", "postgres/query_failed"),
    ] {
        prison.holds(query, Some(code)).await;
    }
    // These stay inside, and are read.
    for query in [
        "SELECT 1 AS x -- a remark",
        "SELECT 1) AS a CROSS JOIN (SELECT 2",
        "VALUES (1)",
        "TABLE kept;",
    ] {
        prison.holds(query, None).await;
    }
}

#[tokio::test]
async fn a_select_cannot_write() {
    let prison = prison();
    for (query, code) in [
        (
            "WITH gone AS (DELETE FROM kept RETURNING x) SELECT * FROM gone",
            Some("postgres/bad_query"),
        ),
        ("SELECT writes()", Some("postgres/bad_query")),
        ("SELECT goes_read_write()", Some("postgres/query_failed")),
        ("SELECT nextval('numbers')", Some("postgres/bad_query")),
        ("SELECT x FROM kept FOR UPDATE", Some("postgres/bad_query")),
        (
            "SELECT set_config('transaction_read_only', 'off', true), writes()",
            Some("postgres/query_failed"),
        ),
        (
            "SELECT set_config('default_transaction_read_only', 'off', false), writes()",
            Some("postgres/bad_query"),
        ),
        (
            "SELECT set_config('role', 'postgres', false)",
            Some("postgres/missing_grant"),
        ),
        (
            "SELECT set_config('session_authorization', 'postgres', false)",
            Some("postgres/missing_grant"),
        ),
        (
            "SELECT pg_read_file('/etc/passwd')",
            Some("postgres/missing_grant"),
        ),
        (
            "SELECT lo_import('/etc/passwd')",
            Some("postgres/missing_grant"),
        ),
        (
            "SELECT lo_export(lo_create(0), 'FILE')",
            Some("postgres/missing_grant"),
        ),
        (
            "SELECT pg_create_physical_replication_slot('escaped', true)",
            Some("postgres/missing_grant"),
        ),
        ("SELECT set_config('work_mem', '1GB', false)", None),
        ("SELECT pg_advisory_lock(1)", None),
        ("SELECT pg_notify('a', 'b')", None),
    ] {
        prison.holds(query, code).await;
    }
}
