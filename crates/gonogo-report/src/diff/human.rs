//! A difference as text for people.

use gonogo_model::{CheckRecord, Report};

use super::{Change, Changed, Difference, took};
use crate::human::word_row;
use crate::layout::{Page, Spans};
use crate::style::{Role, Style};
use crate::tell::Told;
use crate::text;

/// Returns what changed, what matters most first, and a last line that says it all.
#[must_use]
pub fn human(difference: &Difference<'_>, style: &Style) -> String {
    let mut page = Page::new(style);
    for changed in &difference.changes {
        row(&mut page, changed);
    }
    page.gap();
    for told in difference.reservations() {
        word_row(&mut page, "note", Role::Notice, &Spans::body(&told));
    }
    let verdict = |report: &Report| {
        let verdict = report.judgement.verdict;
        style.paint(Role::Verdict(verdict), verdict.as_str())
    };
    let (before, after) = (verdict(difference.before), verdict(difference.after));
    let gate = text::line(
        &difference.after.record.header.gate,
        LONGEST,
        style.ellipsis(),
    );
    page.into_text()
        + &format!(
            "{before} -> {after}  {}  {}\n",
            style.paint(Role::Name, &gate),
            difference.summary()
        )
}

fn row(page: &mut Page<'_>, changed: &Changed<'_>) {
    let was = changed.before.map(outcome);
    let is = changed.after.map(outcome);
    let mut told = match (was, is) {
        (Some(was), Some(is)) if was == is => is.to_owned(),
        (Some(was), Some(is)) => format!("{was} -> {is}"),
        (None, Some(is)) => format!("new, {is}"),
        (Some(was), None) => format!("was {was}"),
        (None, None) => String::new(),
    };
    if let Some(why) = changed.why(page.style().ellipsis()) {
        told.push_str(&format!("; {why}"));
    }
    let body = Spans::new(Role::Name, changed.id.as_str()).and(Role::Body, &format!("  {told}"));
    word_row(page, changed.change.as_str(), changed.change.role(), &body);
}

impl Changed<'_> {
    /// Returns what is to be said beside the outcomes: what is wrong now, or how long it takes.
    pub(super) fn why(&self, ellipsis: &str) -> Option<String> {
        let after = self.after?;
        if let (Change::Slower, Some(before)) = (self.change, self.before) {
            let [before, after] = [took(before)?, took(after)?].map(text::took);
            return Some(format!("{before} -> {after}"));
        }
        let result = &after.result;
        let told = Told {
            outcome: result.outcome,
            code: result.code.as_ref(),
            message: result.message.as_deref(),
            findings: &result.findings,
        };
        Some(told.line(LONGEST, ellipsis)).filter(|told| !told.is_empty())
    }
}

impl Difference<'_> {
    /// Returns how many checks changed in which way: `1 worse, 2 fixed, 12 unchanged`.
    pub(super) fn summary(&self) -> String {
        let mut parts: Vec<String> = Change::ALL
            .iter()
            .map(|change| (self.count(*change), change.as_str()))
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        parts.push(format!("{} unchanged", self.unchanged));
        parts.join(", ")
    }
}

pub(super) fn outcome(check: &CheckRecord) -> &'static str {
    check.result.outcome.as_str()
}

impl Change {
    pub(crate) const fn role(self) -> Role {
        match self {
            Self::Worse => Role::Bad,
            Self::Fixed => Role::Good,
            Self::StillOpen | Self::Gone | Self::Slower => Role::Notice,
            Self::New | Self::Other => Role::Faint,
        }
    }
}

const LONGEST: usize = 200;
