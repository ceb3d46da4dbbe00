//! A difference as GitHub Flavored Markdown: a comment of a pull request.

use super::human::outcome;
use super::{Changed, Difference};
use crate::formats::code_span;
use crate::text::count;

/// Returns the difference as Markdown in at most so many bytes; what is left out is counted.
#[must_use]
pub fn markdown(difference: &Difference<'_>, max_bytes: usize) -> String {
    let (before, after) = (difference.before, difference.after);
    let mut text = format!(
        "## gonogo: {} -> {}\n\n{} {}\n\n",
        before.judgement.verdict,
        after.judgement.verdict,
        code_span(&after.record.header.gate),
        difference.summary()
    );
    for told in difference.reservations() {
        text.push_str(&format!("- {}\n", code_span(&told)));
    }
    if !text.ends_with("\n\n") {
        text.push('\n');
    }
    if !difference.changes.is_empty() {
        text.push_str("| change | check | was | is | why |\n|---|---|---|---|---|\n");
    }
    let runs = format!(
        "\nRun {} of {}, after run {} of {}.\n",
        code_span(&after.record.header.run_id),
        after.record.started.wall,
        code_span(&before.record.header.run_id),
        before.record.started.wall,
    );
    let room = max_bytes.saturating_sub(runs.len() + RESERVE);
    for (shown, changed) in difference.changes.iter().enumerate() {
        let row = row(changed);
        if text.len() + row.len() > room {
            let left = difference.changes.len() - shown;
            text.push_str(&format!("\nand {} more\n", count(left, "change")));
            break;
        }
        text.push_str(&row);
    }
    text.push_str(&runs);
    text
}

fn row(changed: &Changed<'_>) -> String {
    let word = |check: Option<_>| check.map_or("-", outcome);
    let why = changed.why("...").unwrap_or_default();
    format!(
        "| {} | {} | {} | {} | {} |\n",
        changed.change.as_str(),
        code_span(changed.id.as_str()),
        word(changed.before),
        word(changed.after),
        code_span(&why)
    )
}

/// Room for the line that says how much is left out.
const RESERVE: usize = 100;
