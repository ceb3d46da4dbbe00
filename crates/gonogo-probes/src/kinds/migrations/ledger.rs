//! The ledger of a tool, read from a database.

use gonogo_kind::ProbeCx;
use gonogo_model::Fault;

use super::codes;
use super::compare::Row;
use super::frameworks::Framework;
use super::{postgres, sqlite};

/// A database that holds a ledger.
#[derive(Debug)]
pub(super) enum Database {
    /// PostgreSQL.
    Postgres(postgres::Server),
    /// SQLite.
    Sqlite(crate::sql::SqliteFile),
}

/// Which table the ledger is.
#[derive(Debug)]
pub(super) struct Table {
    /// The schema; none when whichever has the table is meant. SQLite has none.
    pub(super) schema: Option<String>,
    /// The table.
    pub(super) name: String,
}

/// A ledger.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ledger {
    /// It is not there.
    Absent,
    /// It is there.
    Present(Vec<Row>),
}

impl Database {
    /// Reads the ledger.
    ///
    /// # Errors
    ///
    /// Faults, the cause first, of why it could not be read: nothing is known of the migrations then.
    pub(super) async fn ledger(
        &self,
        table: &Table,
        framework: &Framework,
        cx: &ProbeCx,
    ) -> Result<Ledger, Vec<Fault>> {
        match self {
            Self::Postgres(server) => server.ledger(table, framework, cx).await,
            Self::Sqlite(file) => sqlite::ledger(file, table, framework, cx).await,
        }
    }

    /// Returns what it is, without secrets.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Postgres(server) => format!("postgres://{}", server.target.shown()),
            Self::Sqlite(file) => format!("sqlite:{}", file.shown()),
        }
    }
}

/// Reads the rows that a database gave.
pub(super) fn rows(
    answer: &[Vec<Option<String>>],
    table: &Table,
    framework: &Framework,
) -> Result<Vec<Row>, Vec<Fault>> {
    let fault = |why: String| {
        let message = format!("{} is no ledger of {}: {why}", table.name, framework.word);
        vec![Fault::new(codes::UNREADABLE_LEDGER, message)]
    };
    if answer.len() > MAX_ROWS {
        return Err(fault(format!("it has more than {MAX_ROWS} rows")));
    }
    let mut rows = Vec::with_capacity(answer.len());
    for columns in answer {
        rows.push((framework.row)(columns).map_err(fault)?);
    }
    rows.sort_by(|one: &Row, other| one.key.cmp(&other.key));
    match rows.windows(2).find(|pair| pair[0].key == pair[1].key) {
        Some(pair) => Err(fault(format!("it has {} twice", pair[0].key.id()))),
        None => Ok(rows),
    }
}

/// Returns a name as SQL quotes it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The most rows that a ledger may have.
pub(super) const MAX_ROWS: usize = 20_000;
