//! What keeps us from looking, and what must not be mistaken for an answer.

use super::*;
use std::time::Duration;

use gonogo_model::Outcome;
use gonogo_testkit::fake::Fake;
use sqlx::postgres::{PgConnectOptions, PgConnection};

/// Asserts that nothing is known, for this reason, and that no fact says otherwise.
async fn unknown(check: Look, code: &str, message: &str) {
    let (judged, observation) = check.built_in().judge().await;
    assert_eq!(judged.outcome, Outcome::Unknown, "{judged:?}");
    assert_eq!(judged.code.unwrap().as_str(), code);
    assert_eq!(judged.message.unwrap(), message);
    assert_eq!(observation.facts, []);
}

#[tokio::test]
async fn a_ledger_that_the_role_may_not_read_is_not_an_empty_one() {
    let folder = Folder::new();
    three_migrations(&folder);
    let base = base();
    base.server
        .sql(&base.name, &postgres_ledger(&three_rows()))
        .unwrap();
    unknown(
        check(&base.url, &folder),
        "migrations/missing_grant",
        "the role may not read public._sqlx_migrations",
    )
    .await;
    // Nor is one in a schema that the role may not use, though its name cannot be resolved there.
    let hidden = super::base();
    let sql = postgres_ledger(&three_rows()).replace("_sqlx_migrations", "hidden._sqlx_migrations");
    hidden
        .server
        .sql(&hidden.name, &format!("CREATE SCHEMA hidden;{sql}"))
        .unwrap();
    unknown(
        check(&hidden.url, &folder),
        "migrations/missing_grant",
        "the role may not read hidden._sqlx_migrations",
    )
    .await;
}

#[tokio::test]
async fn rows_that_a_policy_hides_are_an_error() {
    let folder = Folder::new();
    three_migrations(&folder);
    let base = base();
    let (name, sql) = (&base.name, postgres_ledger(&three_rows()));
    let policy = format!(
        "{sql} GRANT SELECT ON _sqlx_migrations TO {name};
         ALTER TABLE _sqlx_migrations ENABLE ROW LEVEL SECURITY;
         CREATE POLICY few ON _sqlx_migrations USING (version = 1);"
    );
    base.server.sql(name, &policy).unwrap();
    unknown(
        check(&base.url, &folder),
        "migrations/missing_grant",
        "query would be affected by row-level security policy for table \"_sqlx_migrations\" (SQLSTATE 42501)",
    )
    .await;
}

#[tokio::test]
async fn a_ledger_in_two_schemas_is_ambiguous() {
    let folder = Folder::new();
    three_migrations(&folder);
    let base = base();
    base.sql(&postgres_ledger(&three_rows()));
    base.sql("CREATE SCHEMA other; CREATE TABLE other._sqlx_migrations (LIKE _sqlx_migrations);");
    unknown(
        check(&base.url, &folder),
        "migrations/ambiguous",
        "the table _sqlx_migrations is in several schemas: other, public",
    )
    .await;
}

#[tokio::test]
async fn a_table_of_another_tool_is_no_ledger() {
    let folder = Folder::new();
    three_migrations(&folder);
    let base = base();
    base.sql("CREATE TABLE _sqlx_migrations (version bigint);");
    unknown(
        check(&base.url, &folder),
        "migrations/unreadable_ledger",
        "column \"description\" does not exist (SQLSTATE 42703)",
    )
    .await;
    let sql = "CREATE TABLE _sqlx_migrations (version, description, success, checksum);
               INSERT INTO _sqlx_migrations VALUES ('one', 'a', 1, X'00');";
    let file = sqlite_file(&folder, sql).await;
    unknown(
        check(&format!("sqlite:{}", file.display()), &folder),
        "migrations/unreadable_ledger",
        "_sqlx_migrations is no ledger of sqlx: version `one` is no whole number",
    )
    .await;
}

#[tokio::test]
async fn a_view_is_no_ledger() {
    let folder = Folder::new();
    three_migrations(&folder);
    let endless = "CREATE VIEW _sqlx_migrations AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)
                   SELECT x AS version, '' AS description, 1 AS success, X'' AS checksum FROM n;";
    let file = sqlite_file(&folder, endless).await;
    unknown(
        check(&format!("sqlite:{}", file.display()), &folder),
        "migrations/unreadable_ledger",
        "_sqlx_migrations is not a table",
    )
    .await;
}

#[tokio::test]
async fn a_ledger_that_is_held_is_locked() {
    let folder = Folder::new();
    three_migrations(&folder);
    let base = base();
    base.sql(&postgres_ledger(&three_rows()));
    let options: PgConnectOptions = base.url.parse().unwrap();
    let mut holder = PgConnection::connect_with(&options).await.unwrap();
    let lock = "BEGIN; LOCK TABLE _sqlx_migrations IN ACCESS EXCLUSIVE MODE";
    sqlx::raw_sql(lock).execute(&mut holder).await.unwrap();
    unknown(
        check(&base.url, &folder).timeout(Duration::from_millis(900)),
        "migrations/locked",
        "canceling statement due to lock timeout (SQLSTATE 55P03)",
    )
    .await;

    let path = sqlite_file(&folder, &sqlite_ledger(&three_rows())).await;
    let mut holder = sqlite(&path).await;
    execute(&mut holder, "BEGIN EXCLUSIVE").await;
    unknown(
        check(&format!("sqlite:{}", path.display()), &folder).timeout(Duration::from_millis(900)),
        "migrations/locked",
        &format!("{} is being written", path.display()),
    )
    .await;
    holder.close().await.unwrap();
}

#[tokio::test]
async fn a_server_that_cannot_be_asked_says_nothing_about_migrations() {
    let folder = Folder::new();
    three_migrations(&folder);
    let base = base();
    let url = |user: &str, database: &str| base.server.url(user, "wrong", database);
    unknown(
        check(&url(&base.name, &base.name), &folder),
        "migrations/login_refused",
        &format!(
            "password authentication failed for user \"{}\" (SQLSTATE 28P01)",
            base.name
        ),
    )
    .await;
    let missing = base.server.url(&base.name, "hunter22", "nowhere");
    unknown(
        check(&missing, &folder),
        "migrations/no_database",
        "database \"nowhere\" does not exist (SQLSTATE 3D000)",
    )
    .await;
    for (fake, code, message) in [
        (
            Fake::refuse().unwrap(),
            "net/refused",
            "connection failed: ADDRESS: refused",
        ),
        (
            Fake::hang().unwrap(),
            "net/timeout",
            "timed out after 300ms in phase `login`",
        ),
        (
            Fake::eof().unwrap(),
            "net/closed",
            "connection closed by the other side in phase `login`",
        ),
        (
            Fake::http_banner().unwrap(),
            "migrations/unreadable_ledger",
            "what should be PostgreSQL answers with `HTTP/1.1 400 Bad Request`",
        ),
    ] {
        let address = fake.address().to_string();
        let check = check(&format!("postgres://u@{address}/d"), &folder);
        let check = check.timeout(Duration::from_millis(300));
        unknown(check, code, &message.replace("ADDRESS", &address)).await;
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_unreadable() {
    let folder = Folder::new();
    three_migrations(&folder);
    let path = folder.path().join("app.db");
    let url = format!("sqlite:{}", path.display());
    std::fs::write(&path, "PK\u{3}\u{4} something else").unwrap();
    let message = format!(
        "cannot read {}: it is not an SQLite database",
        path.display()
    );
    unknown(
        check(&url, &folder),
        "migrations/unreadable_ledger",
        &message,
    )
    .await;
    std::fs::write(&path, b"SQLite format 3\0 and then nothing").unwrap();
    let (judged, _) = check(&url, &folder).built_in().judge().await;
    assert_eq!(judged.outcome, Outcome::Unknown);
    assert_eq!(
        judged.code.unwrap().as_str(),
        "migrations/unreadable_ledger"
    );
    let message = format!("cannot read {}: it is not a file", folder.path().display());
    let url = format!("sqlite:{}", folder.path().display());
    unknown(
        check(&url, &folder),
        "migrations/unreadable_ledger",
        &message,
    )
    .await;
    // An empty file is an empty database.
    std::fs::write(&path, "").unwrap();
    let url = format!("sqlite:{}", path.display());
    let (judged, _) = check(&url, &folder).built_in().judge().await;
    assert_eq!(judged.code.unwrap().as_str(), "migrations/pending");
}

#[tokio::test]
async fn a_folder_that_the_tool_would_refuse_is_unknown() {
    let folder = Folder::new();
    let file = sqlite_file(&folder, &sqlite_ledger(&three_rows())).await;
    let url = format!("sqlite:{}", file.display());
    let nowhere = folder.path().join("nowhere");
    unknown(
        check_dir(&url, &nowhere),
        "migrations/unreadable_dir",
        &format!(
            "cannot read the folder {}: No such file or directory (os error 2)",
            nowhere.display()
        ),
    )
    .await;
    for (name, bytes, why) in [
        (
            "create_users.sql",
            &b"SELECT 1;"[..],
            "its name does not begin with a whole number",
        ),
        ("0001_latin.sql", b"SELECT '\xe9';", "it is not UTF-8"),
        (
            "1_create_users_again.sql",
            b"SELECT 1;",
            "it has the version 1, and so has 1_create_users_again.sql",
        ),
    ] {
        let folder = Folder::new();
        if name.starts_with("1_") {
            three_migrations(&folder);
        }
        folder.write(name, bytes);
        let (judged, _) = check(&url, &folder).built_in().judge().await;
        assert_eq!(judged.outcome, Outcome::Unknown);
        assert_eq!(judged.code.unwrap().as_str(), "migrations/bad_file");
        let message = judged.message.unwrap();
        if name.starts_with("1_") {
            assert!(
                message.contains(": it has the version 1, and so has "),
                "{message}"
            );
        } else {
            assert_eq!(message, format!("{name}: {why}"));
        }
    }
}
