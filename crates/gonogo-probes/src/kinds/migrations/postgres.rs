//! A ledger in PostgreSQL.

use std::sync::Arc;

use gonogo_kind::{ProbeCx, RootsSource};
use gonogo_model::Fault;

use super::codes;
use super::frameworks::{Column, ColumnType, Framework};
use super::ledger::{Ledger, MAX_ROWS, Table, quoted, rows};
use crate::net::Net;
use crate::net::tls::Identity;
use crate::sql::{Opened, SearchPath, Session, SqlError, Stage, Target};

/// A server, a database of it and a role.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) target: Target,
    pub(super) roots: Arc<RootsSource>,
    pub(super) identity: Option<Identity>,
    pub(super) net: Arc<Net>,
}

impl Server {
    pub(super) async fn ledger(
        &self,
        table: &Table,
        framework: &Framework,
        cx: &ProbeCx,
    ) -> Result<Ledger, Vec<Fault>> {
        let mut opened = Opened::default();
        let identity = self.identity.as_ref();
        let session = Session::open(
            &self.target,
            &self.roots,
            identity,
            &self.net,
            cx,
            &mut opened,
        );
        let mut session = session.await.map_err(faults_of)?;
        let ledger = read(&mut session, table, framework, cx).await?;
        session.rollback(cx).await.map_err(faults_of)?;
        session.close(cx).await;
        Ok(ledger)
    }
}

/// Finds the table in the catalog, which everybody may read, and reads it if the role may.
///
/// A name alone would not do: it is not resolved in a schema that the role may not use, and what is
/// hidden would look absent. Row security is off, so that hidden rows are an error and not a gap.
async fn read(
    session: &mut Session,
    table: &Table,
    framework: &Framework,
    cx: &ProbeCx,
) -> Result<Ledger, Vec<Fault>> {
    session
        .begin(SearchPath::Ours, cx)
        .await
        .map_err(faults_of)?;
    let found = session.ask(find(table), cx).await.map_err(faults_of)?;
    let (schema, may_read) = match found.as_slice() {
        [] => return Ok(Ledger::Absent),
        [row] => match row.as_slice() {
            [Some(schema), Some(may_read)] => (schema, may_read == "true"),
            _ => return Err(unreadable("the catalog gives no names")),
        },
        several => {
            let schemas = several.iter().filter_map(|row| row.first()?.as_deref());
            let schemas = schemas.collect::<Vec<_>>().join(", ");
            let message = format!("the table {} is in several schemas: {schemas}", table.name);
            return Err(vec![Fault::new(codes::AMBIGUOUS, message)]);
        }
    };
    if !may_read {
        let message = format!("the role may not read {schema}.{}", table.name);
        return Err(vec![Fault::new(codes::MISSING_GRANT, message)]);
    }
    let columns: Vec<String> = framework.columns.iter().map(selected).collect();
    let (columns, limit) = (columns.join(", "), MAX_ROWS + 1);
    let from = format!("{}.{}", quoted(schema), quoted(&table.name));
    let sql = format!("SELECT {columns} FROM {from} LIMIT {limit}");
    let answer = session.ask(sql, cx).await.map_err(faults_of)?;
    rows(&answer, table, framework).map(Ledger::Present)
}

fn find(table: &Table) -> String {
    let name = literal(&table.name);
    let in_schema = match &table.schema {
        Some(schema) => format!("n.nspname = {}", literal(schema)),
        None => "n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'".to_owned(),
    };
    format!(
        "SELECT n.nspname::text,
                (has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'))::text
           FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace,
                set_config('row_security', 'off', true)
          WHERE c.relname = {name} AND c.relkind IN ('r', 'p') AND {in_schema}
          ORDER BY 1 LIMIT 10"
    )
}

fn selected(column: &Column) -> String {
    let name = quoted(column.name);
    match column.ty {
        ColumnType::Plain => format!("{name}::text"),
        ColumnType::Boolean => format!("CASE WHEN {name} THEN '1' ELSE '0' END"),
        ColumnType::Bytes => format!("encode({name}, 'hex')"),
    }
}

/// Returns a text as a literal of SQL, whatever `standard_conforming_strings` says.
fn literal(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('\'', "''");
    format!("E'{escaped}'")
}

fn faults_of(error: SqlError) -> Vec<Fault> {
    let (code, message) = match error {
        SqlError::Net(faults) => return faults,
        SqlError::NoTls => (
            codes::UNREADABLE_LEDGER,
            "the server refuses to speak TLS".to_owned(),
        ),
        SqlError::Garbage(what) => (
            codes::UNREADABLE_LEDGER,
            format!("what should be PostgreSQL {what}"),
        ),
        SqlError::Server(stage, refusal) => {
            let code = match (stage, refusal.sqlstate.as_str()) {
                (_, "3D000") => codes::NO_DATABASE,
                (Stage::Login, state) if state.starts_with("28") || state == "42501" => {
                    codes::LOGIN_REFUSED
                }
                (Stage::Query, "42501") => codes::MISSING_GRANT,
                (Stage::Query, "55P03") => codes::LOCKED,
                (Stage::Login | Stage::Query, _) => codes::UNREADABLE_LEDGER,
            };
            let message = format!("{} (SQLSTATE {})", refusal.message, refusal.sqlstate);
            (code, message)
        }
        SqlError::TooLarge(what) | SqlError::BadRows(what) => (codes::UNREADABLE_LEDGER, what),
        SqlError::NotReadOnly(word) => (
            codes::UNREADABLE_LEDGER,
            format!("transaction_read_only is `{word}` in a transaction that began READ ONLY"),
        ),
    };
    vec![Fault::new(code, message)]
}

fn unreadable(why: &str) -> Vec<Fault> {
    vec![Fault::new(codes::UNREADABLE_LEDGER, why)]
}
