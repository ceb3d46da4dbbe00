//! Tests of `migrations`, each state on a real PostgreSQL and a real SQLite file.

mod hostile;
mod states;
mod untouched;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use gonogo_model::{Observation, Reading};
use gonogo_testkit::postgres::Postgres;
use serde_json::json;
use sha2::{Digest as _, Sha384};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

use crate::testing::{Look, look};

/// A folder of one test, removed with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("gonogo-migrations-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(folder.join("migrations")).unwrap();
        Self(folder)
    }

    fn path(&self) -> &Path {
        &self.0
    }

    fn migrations(&self) -> PathBuf {
        self.0.join("migrations")
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.migrations().join(name), text).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // It is in the system's temporary folder.
        let _left = std::fs::remove_dir_all(&self.0);
    }
}

/// A row of a ledger, as sqlx 0.9 writes it.
struct Row {
    version: i64,
    description: &'static str,
    succeeded: bool,
    sql: &'static str,
}

const fn row(version: i64, description: &'static str, sql: &'static str) -> Row {
    Row {
        version,
        description,
        succeeded: true,
        sql,
    }
}

const fn half_done(version: i64, description: &'static str, sql: &'static str) -> Row {
    Row {
        succeeded: false,
        ..row(version, description, sql)
    }
}

fn checksum(sql: &str) -> String {
    let digest = Sha384::digest(sql.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the statements by which sqlx 0.9 makes its ledger on PostgreSQL.
fn postgres_ledger(rows: &[Row]) -> String {
    let mut sql = "CREATE TABLE IF NOT EXISTS _sqlx_migrations (
        version BIGINT PRIMARY KEY,
        description TEXT NOT NULL,
        installed_on TIMESTAMPTZ NOT NULL DEFAULT now(),
        success BOOLEAN NOT NULL,
        checksum BYTEA NOT NULL,
        execution_time BIGINT NOT NULL
    );"
    .to_owned();
    for row in rows {
        sql.push_str(&format!(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES ({}, '{}', {}, decode('{}', 'hex'), 7448297);",
            row.version,
            row.description,
            row.succeeded,
            checksum(row.sql)
        ));
    }
    sql
}

/// Returns the same on SQLite.
fn sqlite_ledger(rows: &[Row]) -> String {
    let mut sql = "CREATE TABLE IF NOT EXISTS _sqlx_migrations (
        version BIGINT PRIMARY KEY,
        description TEXT NOT NULL,
        installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
        success BOOLEAN NOT NULL,
        checksum BLOB NOT NULL,
        execution_time BIGINT NOT NULL
    );"
    .to_owned();
    for row in rows {
        sql.push_str(&format!(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES ({}, '{}', {}, X'{}', 7448297);",
            row.version,
            row.description,
            row.succeeded,
            checksum(row.sql)
        ));
    }
    sql
}

async fn sqlite(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true);
    options.connect().await.unwrap()
}

async fn execute(connection: &mut SqliteConnection, sql: impl Into<String>) {
    let sql = AssertSqlSafe(sql.into());
    sqlx::raw_sql(sql).execute(connection).await.unwrap();
}

/// Makes an SQLite file by these statements and returns its path.
async fn sqlite_file(folder: &Folder, sql: &str) -> PathBuf {
    let path = folder.path().join("app.db");
    let mut connection = sqlite(&path).await;
    execute(&mut connection, sql).await;
    connection.close().await.unwrap();
    path
}

/// A shared server with a database and a role of one test.
struct Base {
    server: Arc<Postgres>,
    name: String,
    url: String,
}

fn base() -> Base {
    let server = Postgres::shared().unwrap();
    let name = Postgres::fresh_name("migrations");
    let url = server.database(&name, "hunter22").unwrap();
    Base { server, name, url }
}

impl Base {
    /// Runs SQL in the database as its owner.
    fn sql(&self, sql: &str) -> String {
        let sql = format!("SET ROLE {};\n{sql}", self.name);
        self.server.sql(&self.name, &sql).unwrap()
    }
}

fn check(url: &str, folder: &Folder) -> Look {
    check_dir(url, &folder.migrations())
}

fn check_dir(url: &str, dir: &Path) -> Look {
    let fields = [
        ("url", url),
        ("tool", "sqlx"),
        ("dir", dir.to_str().unwrap()),
    ];
    look("migrations", &fields)
}

/// Returns everything that was observed, but for times.
fn seen(observation: &Observation) -> serde_json::Value {
    let facts = observation
        .facts
        .iter()
        .filter(|(name, _)| name != "duration");
    let facts = facts.map(|(name, reading)| {
        let shown = match reading {
            Reading::Value(value) => value.to_json(),
            Reading::Absent => json!("(absent)"),
            Reading::Unreadable { code, message } => json!(format!("({code}) {message}")),
        };
        (name.clone(), shown)
    });
    serde_json::Value::Object(facts.collect())
}

/// Returns the faults as code and message.
fn faults(observation: &Observation) -> Vec<(String, String)> {
    let faults = observation.faults.iter();
    faults
        .map(|fault| (fault.code.to_string(), fault.message.clone()))
        .collect()
}

const ONE: &str = "CREATE TABLE users (id INTEGER PRIMARY KEY);\n";
const TWO: &str =
    "ALTER TABLE users ADD COLUMN name TEXT;\nALTER TABLE users ADD COLUMN mail TEXT;\n";
const THREE: &str = "CREATE INDEX users_by_name ON users (name);\n";

/// Writes three migrations, one of them reversible.
fn three_migrations(folder: &Folder) {
    folder.write("0001_create_users.sql", ONE);
    folder.write("0002_add_columns.up.sql", TWO);
    folder.write(
        "0002_add_columns.down.sql",
        "ALTER TABLE users DROP COLUMN name;\n",
    );
    folder.write("0003_add_index.sql", THREE);
    folder.write("README.md", "Not a migration.\n");
}

/// The rows of the three.
const fn three_rows() -> [Row; 3] {
    [
        row(1, "create users", ONE),
        row(2, "add columns", TWO),
        row(3, "add index", THREE),
    ]
}
