//! A ledger in SQLite.

use gonogo_kind::ProbeCx;
use gonogo_model::Fault;

use super::codes;
use super::frameworks::{Column, ColumnType, Framework};
use super::ledger::{Ledger, MAX_ROWS, Table, quoted, rows};
use crate::sql::{SqliteError, SqliteFile};

/// Reads the ledger; a view of its name is none.
pub(super) async fn ledger(
    file: &SqliteFile,
    table: &Table,
    framework: &Framework,
    cx: &ProbeCx,
) -> Result<Ledger, Vec<Fault>> {
    let name = table.name.replace('\'', "''");
    let find = format!("SELECT type FROM sqlite_schema WHERE name = '{name}' COLLATE NOCASE");
    let columns: Vec<String> = framework.columns.iter().map(selected).collect();
    let (columns, from, limit) = (columns.join(", "), quoted(&table.name), MAX_ROWS + 1);
    let read = format!("SELECT {columns} FROM {from} LIMIT {limit}");
    let next = |answers: &[crate::sql::Answer]| match answers {
        [] => Some(find.clone()),
        [found] if is_table(found) => Some(read.clone()),
        _ => None,
    };
    let answers = file
        .ask(next, cx)
        .await
        .map_err(|error| faults_of(error, file))?;
    match answers.as_slice() {
        [_, answer] => rows(answer, table, framework).map(Ledger::Present),
        [found] if !found.is_empty() => {
            let message = format!("{} is not a table", table.name);
            Err(vec![Fault::new(codes::UNREADABLE_LEDGER, message)])
        }
        _ => Ok(Ledger::Absent),
    }
}

fn is_table(found: &crate::sql::Answer) -> bool {
    matches!(found.as_slice(), [row] if row.first().and_then(Option::as_deref) == Some("table"))
}

fn selected(column: &Column) -> String {
    let name = quoted(column.name);
    match column.ty {
        ColumnType::Plain | ColumnType::Boolean => format!("CAST({name} AS TEXT)"),
        ColumnType::Bytes => format!("lower(hex({name}))"),
    }
}

fn faults_of(error: SqliteError, file: &SqliteFile) -> Vec<Fault> {
    let path = file.shown();
    let fault = match error {
        SqliteError::Missing => Fault::new(codes::NO_DATABASE, format!("there is no file {path}")),
        SqliteError::Unreadable(why) => Fault::new(
            codes::UNREADABLE_LEDGER,
            format!("cannot read {path}: {why}"),
        ),
        SqliteError::Locked => Fault::new(codes::LOCKED, format!("{path} is being written")),
        SqliteError::Refused(words) => Fault::new(
            codes::UNREADABLE_LEDGER,
            format!("cannot read {path}: {words}"),
        ),
        SqliteError::Late(late) => late,
    };
    vec![fault]
}
