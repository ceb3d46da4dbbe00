//! The one line that says it all.

use gonogo_model::{Outcome, Report, RunHeader, Selection};

use crate::style::{Role, Style};
use crate::text;

/// Returns the verdict on one line, never wrapped: `NO-GO  beluga dev  2 failed, 14 passed in 1.2s`.
#[must_use]
pub fn verdict_line(report: &Report, style: &Style) -> String {
    let (record, judgement) = (&report.record, &report.judgement);
    let verdict = judgement.verdict;
    let mut parts = counts(report);
    let took = record.finished.elapsed.minus(&record.started.elapsed);
    if let Some(last) = parts.last_mut() {
        last.push_str(&format!(" in {}", text::took(&took)));
    }
    if judgement.partial {
        parts.push("partial".to_owned());
    }
    if let Some(merged) = &record.merged {
        parts.push(format!(
            "{} of {} shards",
            merged.numbers().len(),
            merged.count
        ));
    }
    if let Some(signal) = &record.interrupted {
        let signal = text::line(signal, 20, style.ellipsis());
        parts.push(format!("interrupted by {signal}"));
    }
    if let Some(until) = judgement.valid_until {
        parts.push(format!("valid until {until}"));
    }
    let subject = subject_of_the_run(&record.header, &record.plan.selection, style);
    format!(
        "{}  {}  {}\n",
        style.paint(Role::Verdict(verdict), verdict.as_str()),
        style.paint(Role::Name, &subject),
        parts.join(", ")
    )
}

/// Returns what a run is about: `beluga dev (staging, pre-deploy)`.
pub(crate) fn subject_of_the_run(
    header: &RunHeader,
    selection: &Selection,
    style: &Style,
) -> String {
    let short = |text: &str| text::line(text, LONGEST_NAME, style.ellipsis());
    let mut subject = short(&header.gate);
    if let Some(release) = &header.release {
        subject.push(' ');
        subject.push_str(&short(release));
    }
    let mut circumstances: Vec<String> = Vec::new();
    circumstances.extend(header.environment.as_deref().map(short));
    circumstances.extend(selection.phase.as_deref().map(short));
    circumstances.extend(header.shard.map(|shard| format!("shard {shard}")));
    if selection.read_only {
        circumstances.push("read-only".to_owned());
    }
    if selection.strict {
        circumstances.push("strict".to_owned());
    }
    if !circumstances.is_empty() {
        subject.push_str(&format!(" ({})", circumstances.join(", ")));
    }
    subject
}

/// Returns the counts, worst first, zeros left out.
pub(crate) fn counts(report: &Report) -> Vec<String> {
    let counts = &report.judgement.counts;
    let mut parts = Vec::new();
    for outcome in WORST_FIRST {
        let count = counts.of(outcome);
        if count > 0 {
            parts.push(format!("{count} {outcome}"));
        }
    }
    if counts.flaky > 0
        && let Some(last) = parts.last_mut()
    {
        last.push_str(&format!(" ({} flaky)", counts.flaky));
    }
    if parts.is_empty() {
        parts.push("no check".to_owned());
    }
    parts
}

/// What passed comes last, so that the number of flaky ones can follow it.
const WORST_FIRST: [Outcome; 7] = [
    Outcome::Failed,
    Outcome::Unknown,
    Outcome::Skipped,
    Outcome::Awaiting,
    Outcome::Waived,
    Outcome::Warned,
    Outcome::Passed,
];
const LONGEST_NAME: usize = 60;
