//! The probe of `migrations`.

use std::path::PathBuf;

use gonogo_kind::{BoxFuture, Probe, ProbeCx};
use gonogo_model::{CodeDecl, Effect, Fault, Observation, Reading, Value};

use super::compare::{Comparison, Expected, Known, compare};
use super::frameworks::Framework;
use super::ledger::{Database, Ledger, Table};
use super::{codes, disk};
use crate::net::within;

/// Compares the migrations of a folder with the ledger of a database.
#[derive(Debug)]
pub(super) struct MigrationsProbe {
    pub(super) database: Database,
    pub(super) table: Table,
    pub(super) folder: PathBuf,
    pub(super) framework: &'static Framework,
}

impl Probe for MigrationsProbe {
    fn effect(&self) -> Effect {
        Effect::Reads
    }

    fn subject(&self) -> String {
        format!("{} in {}", self.table.name, self.database.shown())
    }

    fn origin(&self) -> Option<String> {
        match &self.database {
            Database::Postgres(server) => Some(server.target.place.to_string()),
            Database::Sqlite(_) => None,
        }
    }

    fn observe<'a>(&'a self, cx: &'a ProbeCx) -> BoxFuture<'a, Observation> {
        Box::pin(async move {
            match self.look(cx).await {
                Ok((expected, ledger)) => self.tell(&expected, &ledger, cx),
                Err(faults) => unknown(faults),
            }
        })
    }
}

impl MigrationsProbe {
    async fn look(&self, cx: &ProbeCx) -> Result<(Vec<Expected>, Ledger), Vec<Fault>> {
        let (folder, framework) = (self.folder.clone(), self.framework);
        let reading = tokio::task::spawn_blocking(move || disk::read(&folder, framework));
        let expected = within("files", cx, reading)
            .await
            .map_err(|late| vec![late])?
            .unwrap_or_else(|_panic| {
                Err(Fault::new(
                    codes::UNREADABLE_DIR,
                    "reading the folder crashed",
                ))
            })
            .map_err(|fault| vec![fault])?;
        let ledger = Box::pin(self.database.ledger(&self.table, framework, cx)).await?;
        Ok((expected, ledger))
    }

    fn tell(&self, expected: &[Expected], ledger: &Ledger, cx: &ProbeCx) -> Observation {
        let (word, rows) = match ledger {
            Ledger::Absent => ("absent", [].as_slice()),
            Ledger::Present(rows) if rows.is_empty() => ("empty", [].as_slice()),
            Ledger::Present(rows) => ("present", rows.as_slice()),
        };
        if expected.is_empty() && rows.is_empty() {
            let folder = self.folder.display();
            let (table, tool) = (&self.table.name, self.framework.word);
            let message =
                format!("{folder} holds no migration of {tool}, and the ledger {table} is {word}");
            return unknown(vec![Fault::new(codes::NOTHING, message)]);
        }
        let compared = compare(expected, rows);
        let mut observation = Observation {
            faults: self.faults(&compared, word),
            ..Observation::default()
        };
        let state = observation.faults.first().map_or("applied", state_word);
        observation.set("state", Value::text(state));
        for (name, known) in [
            ("applied", &compared.applied),
            ("pending", &compared.pending),
            ("out_of_order", &compared.out_of_order),
            ("modified", &compared.modified),
            ("failed", &compared.failed),
            ("missing_on_disk", &compared.missing_on_disk),
        ] {
            observation.set(
                name,
                Value::texts(known.iter().map(|known| known.id.as_str())),
            );
            observation.set(&format!("{name}_count"), count(known.len()));
        }
        let newest = rows.iter().rev().find(|row| row.succeeded);
        let newest = newest.map(|row| Value::text(row.key.id()));
        observation.set("ledger", Value::text(word));
        observation.set("newest", newest.map_or(Reading::Absent, Reading::Value));
        observation.set("total", count(expected.len()));
        observation.set("duration", Value::duration(cx.started().elapsed()));
        observation
    }

    /// Returns what is wrong, worst first; each fault shows itself in the state it stands for.
    fn faults(&self, compared: &Comparison, ledger: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut add = |code: &'static CodeDecl, what: &str, known: &[Known]| {
            if !known.is_empty() {
                let fault =
                    Fault::new(code, format!("{}{what}: {}", counted(known), listed(known)));
                let word = state_word(&fault);
                faults.push(fault.shown_by("state", word));
            }
        };
        add(codes::FAILED, " did not succeed", &compared.failed);
        add(
            codes::MODIFIED,
            " changed since applied",
            &compared.modified,
        );
        add(
            codes::MISSING_ON_DISK,
            " in the ledger, not on disk",
            &compared.missing_on_disk,
        );
        add(
            codes::OUT_OF_ORDER,
            " pending before the newest applied",
            &compared.out_of_order,
        );
        let pending = match ledger {
            "present" => " pending".to_owned(),
            other => format!(" pending, the ledger {} is {other}", self.table.name),
        };
        let in_order: Vec<Known> = compared
            .pending
            .iter()
            .filter(|known| !compared.out_of_order.contains(known))
            .cloned()
            .collect();
        add(codes::PENDING, &pending, &in_order);
        faults
            .into_iter()
            .map(|fault| match self.hint(&fault, compared) {
                Some(hint) => fault.with_hint(hint),
                None => fault,
            })
            .collect()
    }

    /// Returns a better hint than the code's own, where the particulars give one.
    fn hint(&self, fault: &Fault, compared: &Comparison) -> Option<String> {
        match fault.code.as_str() {
            "migrations/pending" => Some(format!(
                "Run `{}` before the release, or expect `state: pending` where that is the step before.",
                self.framework.apply
            )),
            "migrations/modified" if compared.only_line_endings == compared.modified => Some(
                "Only line endings differ: check the files out as they were applied (.gitattributes, `*.sql text eol=lf`)."
                    .to_owned(),
            ),
            "migrations/missing_on_disk" if compared.ahead == compared.missing_on_disk => Some(
                "All of them are newer than the newest on disk: the database is ahead of this release. In a rollback that may be meant; then expect `state: missing_on_disk`."
                    .to_owned(),
            ),
            _ => None,
        }
    }
}

/// Returns the word of a state by the code that stands for it.
fn state_word(fault: &Fault) -> &'static str {
    let code = fault.code.decl().map_or("", |decl| decl.code);
    code.split_once('/').map_or(code, |(_, word)| word)
}

/// Says that nothing is known, and why.
///
/// A server that refuses is the fault of a check that looks at it; here it only keeps us from looking.
fn unknown(faults: Vec<Fault>) -> Observation {
    let faults = faults.into_iter().map(|fault| Fault {
        code: fault.code.as_ours(),
        shows: Vec::new(),
        ..fault
    });
    Observation {
        faults: faults.collect(),
        ..Observation::default()
    }
}

fn counted(known: &[Known]) -> String {
    match known.len() {
        1 => "1 migration".to_owned(),
        several => format!("{several} migrations"),
    }
}

/// Lists migrations with their names, and how many more there are.
fn listed(known: &[Known]) -> String {
    let shown: Vec<String> = known
        .iter()
        .take(SHOWN)
        .map(|known| format!("{} ({})", known.id, known.name))
        .collect();
    let shown = shown.join(", ");
    match known.len().checked_sub(SHOWN) {
        None | Some(0) => shown,
        Some(more) => format!("{shown}, and {more} more"),
    }
}

fn count(number: usize) -> Value {
    Value::integer(u64::try_from(number).unwrap_or(u64::MAX))
}

const SHOWN: usize = 5;
