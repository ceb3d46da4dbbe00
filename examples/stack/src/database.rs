//! The migrations of the sample stack, and the SQLite database that has them.

use std::fs;
use std::path::{Path, PathBuf};

use sqlx::Connection as _;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::stack::Trouble;

/// The migrations that are applied.
const MIGRATIONS: &[(&str, &str)] = &[
    (
        "20261001090000_create_accounts.sql",
        "create table accounts (id integer primary key, email text not null unique);\n",
    ),
    (
        "20261008090000_create_credits.sql",
        "create table credits (account integer not null references accounts (id), balance integer not null);\n",
    ),
    (
        "20261015090000_index_credits.sql",
        "create index credits_account on credits (account);\n",
    ),
];

/// The migration that nobody has applied.
const PENDING: (&str, &str) = (
    "20261120090000_create_invoices.sql",
    "create table invoices (id integer primary key);\n",
);

/// A folder of migrations.
#[derive(Debug)]
pub(crate) struct Migrations(pub(crate) PathBuf);

impl Migrations {
    /// Writes the migrations into a folder.
    pub(crate) fn write(dir: &Path) -> Result<Self, Trouble> {
        let folder = dir.join("migrations");
        fs::create_dir_all(&folder)?;
        for (name, sql) in MIGRATIONS {
            fs::write(folder.join(name), sql)?;
        }
        Ok(Self(folder))
    }

    /// Returns sqlx's own migrator for the folder.
    pub(crate) async fn migrator(&self) -> Result<Migrator, Trouble> {
        Migrator::new(self.0.as_path())
            .await
            .map_err(|error| Trouble::new(format!("cannot read the migrations: {error}")))
    }

    /// Adds a migration that is not applied, or takes it away.
    pub(crate) fn set_pending(&self, pending: bool) -> Result<(), Trouble> {
        let path = self.0.join(PENDING.0);
        if pending {
            fs::write(path, PENDING.1)?
        } else {
            fs::remove_file(path)?
        }
        Ok(())
    }

    /// Edits a migration that is applied, or takes the edit back.
    pub(crate) fn set_edited(&self, edited: bool) -> Result<(), Trouble> {
        let (name, sql) = MIGRATIONS[1];
        let text = if edited {
            sql.replace("not null);", "not null default 0);")
        } else {
            sql.to_owned()
        };
        fs::write(self.0.join(name), text)?;
        Ok(())
    }
}

/// Creates a SQLite database that has the migrations, and returns its path.
pub(crate) async fn create(dir: &Path, migrations: &Migrations) -> Result<PathBuf, Trouble> {
    let path = dir.join("sample.db");
    let options = SqliteConnectOptions::new()
        .filename(&path)
        .create_if_missing(true);
    let failed = |error: &dyn std::fmt::Display| {
        Trouble::new(format!("cannot create the SQLite database: {error}"))
    };
    let mut connection = SqliteConnection::connect_with(&options)
        .await
        .map_err(|error| failed(&error))?;
    migrations
        .migrator()
        .await?
        .run(&mut connection)
        .await
        .map_err(|error| failed(&error))?;
    connection.close().await.map_err(|error| failed(&error))?;
    Ok(path)
}
