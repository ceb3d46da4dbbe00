//! A difference as JSON: `gonogo.diff/1`.

use gonogo_model::{CheckRecord, Decimal, Report};
use serde::Serialize;

use super::{Change, Changed, Difference, took};
use crate::json::to_text;

/// Returns the difference as JSON; times are in seconds.
#[must_use]
pub fn json(difference: &Difference<'_>) -> String {
    let document = Document {
        schema: "gonogo.diff/1",
        before: Run::of(difference.before),
        after: Run::of(difference.after),
        reservations: difference.reservations(),
        counts: Change::ALL
            .iter()
            .map(|change| (change.as_str().to_owned(), difference.count(*change).into()))
            .chain([("unchanged".to_owned(), difference.unchanged.into())])
            .collect(),
        changes: difference.changes.iter().map(Entry::of).collect(),
    };
    to_text(&document).expect("memory takes every byte")
}

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    before: Run,
    after: Run,
    reservations: Vec<String>,
    counts: serde_json::Map<String, serde_json::Value>,
    changes: Vec<Entry>,
}

#[derive(Serialize)]
struct Run {
    run_id: String,
    gate: String,
    release: Option<String>,
    environment: Option<String>,
    started: String,
    verdict: &'static str,
}

impl Run {
    fn of(report: &Report) -> Self {
        let header = &report.record.header;
        Self {
            run_id: header.run_id.clone(),
            gate: header.gate.clone(),
            release: header.release.clone(),
            environment: header.environment.clone(),
            started: report.record.started.wall.to_string(),
            verdict: report.judgement.verdict.as_str(),
        }
    }
}

#[derive(Serialize)]
struct Entry {
    id: String,
    change: &'static str,
    before: Option<Side>,
    after: Option<Side>,
}

impl Entry {
    fn of(changed: &Changed<'_>) -> Self {
        Self {
            id: changed.id.to_string(),
            change: changed.change.as_str(),
            before: changed.before.map(Side::of),
            after: changed.after.map(Side::of),
        }
    }
}

/// A check in one of the runs.
#[derive(Serialize)]
struct Side {
    outcome: &'static str,
    code: Option<String>,
    message: Option<String>,
    /// Of the attempt that decided, where it is a measurement.
    duration: Option<Decimal>,
}

impl Side {
    fn of(check: &CheckRecord) -> Self {
        Self {
            outcome: check.result.outcome.as_str(),
            code: check.result.code.as_ref().map(ToString::to_string),
            message: check.result.message.clone(),
            duration: took(check).cloned(),
        }
    }
}
