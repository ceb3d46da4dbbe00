//! Any other receiver: what the run came to as JSON, for programs.

use gonogo_model::{Reason, Report};
use serde_json::{Map, Value as Json, json};

use super::letter::{Job, Letter, cut};
use super::news::News;
use crate::text;

/// What is put around the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Envelope {
    /// `type`, `timestamp` and `data`, as Standard Webhooks advises.
    Plain,
    /// CloudEvents 1.0 in structured mode.
    CloudEvents,
}

/// A body and its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// The content type.
    pub content_type: &'static str,
    /// The body.
    pub body: String,
}

/// Returns the body of a request to a receiver of webhooks.
#[must_use]
pub fn webhook(report: &Report, news: Option<&News>, envelope: Envelope) -> Payload {
    let record = &report.record;
    let time = record.finished.wall.to_string();
    let data = data(report, news);
    match envelope {
        Envelope::Plain => Payload {
            content_type: "application/json",
            body: json!({ "type": "gonogo.verdict", "timestamp": time, "data": data }).to_string(),
        },
        Envelope::CloudEvents => Payload {
            content_type: "application/cloudevents+json",
            body: json!({
                "specversion": "1.0",
                "id": record.header.run_id,
                "source": source(&record.header.gate),
                "type": "io.github.gonogo-gate.verdict",
                "subject": report.judgement.verdict.as_str(),
                "time": time,
                "datacontenttype": "application/json",
                "data": data,
            })
            .to_string(),
        },
    }
}

fn data(report: &Report, news: Option<&News>) -> Json {
    let letter = Letter::of(report, news);
    let (record, judgement) = (&report.record, &report.judgement);
    let header = &record.header;
    let shown = |text: &Option<String>| text.as_deref().map(one_line);
    let mut counts = Map::new();
    counts.insert("planned".to_owned(), json!(judgement.counts.planned));
    for (outcome, count) in &judgement.counts.by_outcome {
        counts.insert(outcome.clone(), json!(count));
    }
    let (reasons, left_out) = reasons(&judgement.reasons);
    json!({
        "verdict": judgement.verdict.as_str(),
        "previous_verdict": news.and_then(|news| news.before).map(|verdict| verdict.as_str()),
        "changed": news.is_some(),
        "worse": news.map(|news| ids(&news.worse)).unwrap_or_default(),
        "fixed": news.map(|news| ids(&news.fixed)).unwrap_or_default(),
        "gate": one_line(&header.gate),
        "release": shown(&header.release),
        "environment": shown(&header.environment),
        "phase": shown(&record.plan.selection.phase),
        "run_id": letter.run_id,
        "started": record.started.wall.to_string(),
        "finished": record.finished.wall.to_string(),
        "valid_until": judgement.valid_until.map(|until| until.to_string()),
        "partial": judgement.partial,
        "interrupted": record.interrupted.is_some(),
        "counts": counts,
        "reasons": reasons,
        "reasons_left_out": left_out,
        "job": letter.job.map(|(Job::Address(job) | Job::Name(job))| job),
        "commit": shown(&header.commit),
        "file": one_line(&header.file),
        "plan_digest": one_line(&record.plan.digest),
        "tool": letter.tool,
    })
}

fn ids(ids: &[gonogo_model::Id]) -> Vec<&str> {
    ids.iter().take(MOST_IDS).map(|id| id.as_str()).collect()
}

fn reasons(reasons: &[Reason]) -> (Vec<Json>, usize) {
    let told = reasons.iter().take(MOST_REASONS).map(|reason| {
        json!({
            "verdict": reason.verdict.as_str(),
            "id": reason.id.as_ref().map(|id| id.as_str()),
            "code": reason.code.as_str(),
            "message": one_line(&reason.message),
            "skipped": reason.consequences.len(),
        })
    });
    (told.collect(), reasons.len().saturating_sub(MOST_REASONS))
}

/// Returns the source of an event: a URI that names the gate, whatever it is called.
fn source(gate: &str) -> String {
    let mut uri = "urn:gonogo:gate:".to_owned();
    for byte in cut(gate, MOST_NAME).bytes() {
        match byte {
            b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => uri.push(char::from(b)),
            b => uri.push_str(&format!("%{b:02X}")),
        }
    }
    uri
}

fn one_line(text: &str) -> String {
    cut(&text::escape(text.trim()), MOST_TEXT)
}

/// CloudEvents asks every intermediary to take 64 KiB, and none to take more.
const MOST_REASONS: usize = 50;
const MOST_IDS: usize = 200;
const MOST_TEXT: usize = 300;
const MOST_NAME: usize = 100;
