//! Events as lines of JSON, `gonogo.events/1`: as they come from a run, or rebuilt from its record.
//!
//! Each line is one object with `event`, `time` and `elapsed` (seconds since the run began), and names
//! checks by their ids:
//!
//! | event | besides |
//! |---|---|
//! | `run_started` | `schema`, `run_id`, `tool`, `host`, `ci`, `plan` |
//! | `round_started` | `round`, `checks` |
//! | `check_started` | `check` |
//! | `attempt_finished` | `check`, `attempt` |
//! | `check_finished` | `check`, and what it came to, as in the report |
//! | `interrupted` | `signal` |
//! | `run_finished` | |
//! | `judged` | `verdict`, `exit_code`, `reasons`, `valid_until`, `counts`, `groups`, `waivers`, ... |
//!
//! `judged` is the last line, and only a whole run has it: a reader that does not find it knows nothing of
//! the verdict.

mod rebuild;

use std::io;

use gonogo_model::{CheckIndex, Event, ExitCode, Id, PlanSummary, Report, RunHeader, Stamp};
use serde_json::{Map, Value as Json, json};

use crate::json::{judgement, object, plan_document, result_alone, to_line};
use crate::plan;

pub use rebuild::rebuilt;

/// The name and version of the lines' format.
pub const SCHEMA: &str = "gonogo.events/1";

/// Writes events as lines, in the order in which they happen.
#[derive(Debug, Default)]
pub struct Lines {
    ids: Vec<Id>,
}

impl Lines {
    /// Returns a writer that has heard of no run yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the line of an event, with its end.
    #[must_use]
    pub fn line(&mut self, event: &Event) -> String {
        // What cannot be written as JSON cannot be built of these types.
        let line = self.document(event).and_then(|document| to_line(&document));
        line.expect("every event is an object")
    }

    fn document(&mut self, event: &Event) -> io::Result<Map<String, Json>> {
        Ok(match event {
            Event::RunStarted { at, header, plan } => {
                self.ids = plan.checks.iter().map(|check| check.id.clone()).collect();
                started(at, header, plan)?
            }
            Event::RoundStarted { at, round, checks } => {
                let checks: Vec<Json> = checks.iter().map(|check| self.id(*check)).collect();
                let mut line = begin("round_started", at);
                line.insert("round".to_owned(), (*round).into());
                line.insert("checks".to_owned(), checks.into());
                line
            }
            Event::CheckStarted { at, check } => {
                let mut line = begin("check_started", at);
                line.insert("check".to_owned(), self.id(*check));
                line
            }
            Event::AttemptFinished { at, check, attempt } => {
                let mut line = begin("attempt_finished", at);
                line.insert("check".to_owned(), self.id(*check));
                line.insert("attempt".to_owned(), serde_json::to_value(attempt)?);
                line
            }
            Event::CheckFinished { at, check, result } => {
                let mut line = begin("check_finished", at);
                line.insert("check".to_owned(), self.id(*check));
                let mut result = object(&result_alone(result))?;
                for told in ["attempts", "start", "elapsed", "duration", "age"] {
                    result.remove(told);
                }
                line.extend(result);
                line
            }
            Event::Interrupted { at, signal } => {
                let mut line = begin("interrupted", at);
                line.insert("signal".to_owned(), signal.as_str().into());
                line
            }
            Event::RunFinished { at } => begin("run_finished", at),
        })
    }

    fn id(&self, check: CheckIndex) -> Json {
        let id = self.ids.get(check.as_usize());
        id.map_or(Json::Null, |id| id.as_str().into())
    }
}

/// Returns the last line of a run: what it came to.
#[must_use]
pub fn judged(report: &Report) -> String {
    let line = judgement(report).and_then(|judgement| {
        let mut line = begin("judged", &report.record.finished);
        line.insert("exit_code".to_owned(), ExitCode::of(report).into());
        line.extend(judgement);
        to_line(&line)
    });
    line.expect("every judgement is an object")
}

fn begin(event: &str, at: &Stamp) -> Map<String, Json> {
    let elapsed = at.elapsed.to_string();
    let mut line = Map::new();
    line.insert("event".to_owned(), event.into());
    line.insert("time".to_owned(), at.wall.to_string().into());
    let elapsed = serde_json::Number::from_string_unchecked(elapsed);
    line.insert("elapsed".to_owned(), Json::Number(elapsed));
    line
}

fn started(at: &Stamp, header: &RunHeader, summary: &PlanSummary) -> io::Result<Map<String, Json>> {
    let mut line = begin("run_started", at);
    let plan = object(&plan_document(plan::SCHEMA, header, summary)?)?;
    let about = json!({
        "schema": SCHEMA,
        "run_id": header.run_id,
        "gate": header.gate,
        "release": header.release,
        "environment": header.environment,
        "tool": header.tool,
        "host": header.host,
        "ci": { "job": header.ci_job, "commit": header.commit, "branch": header.branch },
        "plan": plan,
    });
    line.extend(object(&about)?);
    Ok(line)
}
