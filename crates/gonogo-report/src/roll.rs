//! The roll of what passed: one line for each check, with what it was compared with.

use gonogo_model::{CheckRecord, Held, Outcome, Report};

use crate::text;

/// Returns one line for each check that passed, `most` of them and the count of the rest.
#[must_use]
pub fn passed(report: &Report, most: usize) -> Vec<String> {
    let all: Vec<&CheckRecord> = report
        .record
        .checks
        .iter()
        .filter(|check| check.result.outcome == Outcome::Passed)
        .collect();
    let mut lines: Vec<String> = all.iter().take(most).map(|check| line(check)).collect();
    if let Some(more) = all.len().checked_sub(most).filter(|more| *more > 0) {
        lines.push(format!("and {more} more"));
    }
    lines
}

/// Returns the title of the roll: `4 checks passed`.
#[must_use]
pub fn title(report: &Report) -> String {
    let passed = report.judgement.counts.of(Outcome::Passed) as usize;
    format!("{} passed", text::count(passed, "check"))
}

fn line(check: &CheckRecord) -> String {
    let mut line = format!("passed  {}", check.plan.id);
    if let Some(duration) = &check.duration {
        line.push_str(&format!("  {}", text::took(duration)));
    }
    let proved: Vec<String> = check
        .result
        .findings
        .iter()
        .filter(|finding| finding.held == Held::Yes)
        .take(MOST_FINDINGS)
        .map(|finding| match finding.is_assertion() {
            true => format!("{} holds", finding.wanted),
            false => format!(
                "{} is {}, expected {}",
                finding.fact, finding.got, finding.wanted
            ),
        })
        .collect();
    if !proved.is_empty() {
        line.push_str(&format!("  {}", proved.join("; ")));
    }
    text::line(&line, LINE, "...")
}

const MOST_FINDINGS: usize = 10;
const LINE: usize = 400;
