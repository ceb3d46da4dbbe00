//! What takes a row or two in a summary: the skipped, the passed, the excluded, the met groups.

use std::collections::BTreeMap;

use gonogo_model::{CheckRecord, GroupVerdict, Id, Outcome, PlanSummary, PlannedGroup, Reason};

use super::block::{group_word, names, tally, word_row};
use crate::layout::{Page, Spans};
use crate::style::Role;
use crate::text;

/// Checks that are skipped for one cause.
struct Skipped<'r> {
    cause: String,
    hint: Option<&'r str>,
    ids: Vec<&'r Id>,
}

/// Tells the skipped checks that nothing above accounts for, those with one cause together.
pub(crate) fn skipped(page: &mut Page<'_>, checks: &[&CheckRecord]) {
    let mut causes: Vec<Skipped<'_>> = Vec::new();
    for check in checks {
        let result = &check.result;
        let decl = result.code.as_ref().and_then(|code| code.decl());
        let cause = match (&result.blame, decl, &result.message) {
            (Some(root), _, _) => format!("because of {root}"),
            (None, Some(decl), _) => format!("{}: {}", decl.code, decl.meaning),
            (None, None, Some(message)) => line(page, message),
            (None, None, None) => "no reason is given".to_owned(),
        };
        match causes.iter_mut().find(|known| known.cause == cause) {
            Some(known) => known.ids.push(&check.plan.id),
            None => causes.push(Skipped {
                cause,
                hint: result.hint.as_deref().or(decl.map(|decl| decl.hint)),
                ids: vec![&check.plan.id],
            }),
        }
    }
    for Skipped { cause, hint, ids } in causes {
        page.gap();
        let (word, role) = (Outcome::Skipped.as_str(), Role::of(Outcome::Skipped));
        let most = most(page);
        let body = Spans::body(&format!("{}: ", text::count(ids.len(), "check")))
            .and(Role::Name, &names(&ids, most));
        word_row(page, word, role, &body);
        word_row(page, "", role, &Spans::body(&cause));
        if let Some(hint) = hint {
            word_row(page, "", role, &Spans::new(Role::Advice, &line(page, hint)));
        }
    }
}

/// Tells the checks that passed only after a retry.
pub(crate) fn flaky(page: &mut Page<'_>, checks: &[&CheckRecord]) {
    for check in checks.iter().filter(|check| check.result.flaky) {
        let attempts = check.attempts.iter();
        let before = attempts.rev().find(|attempt| !attempt.outcome.satisfies());
        let mut told = format!("  passed on attempt {}", check.attempts.len());
        if let Some(code) = before.and_then(|attempt| attempt.code.as_ref()) {
            told.push_str(&format!("; before: {code}"));
        }
        if let Some(message) = before.and_then(|attempt| attempt.message.as_ref()) {
            told.push_str(&format!(": {}", line(page, message)));
        }
        let body = Spans::new(Role::Name, check.plan.id.as_str()).and(Role::Body, &told);
        word_row(page, "flaky", Role::Notice, &body);
    }
}

/// Tells which checks passed, by name.
pub(crate) fn passed(page: &mut Page<'_>, checks: &[&CheckRecord]) {
    let ids: Vec<&Id> = checks.iter().map(|check| &check.plan.id).collect();
    if !ids.is_empty() {
        let body = Spans::body(&names(&ids, most(page)));
        word_row(
            page,
            Outcome::Passed.as_str(),
            Role::of(Outcome::Passed),
            &body,
        );
    }
}

/// Tells the groups that have their quorum.
pub(crate) fn met(page: &mut Page<'_>, groups: &[(&PlannedGroup, &GroupVerdict)]) {
    for (group, verdict) in groups {
        let body = Spans::new(Role::Name, &format!("group {}", group.id))
            .and(Role::Body, &format!("  {}", tally(verdict)));
        let (word, role) = group_word(verdict);
        word_row(page, word, role, &body);
    }
}

/// Tells which checks of the file were not judged, and why.
pub(crate) fn excluded(page: &mut Page<'_>, plan: &PlanSummary) {
    let mut reasons: BTreeMap<&str, Vec<&Id>> = BTreeMap::new();
    for excluded in &plan.excluded {
        let ids = reasons.entry(&excluded.reason).or_default();
        ids.push(&excluded.id);
    }
    for (reason, ids) in reasons {
        let by = format!("by {}: ", line(page, reason));
        let body = Spans::new(Role::Faint, &(by + &names(&ids, most(page))));
        word_row(page, "excluded", Role::Faint, &body);
    }
}

/// Tells what is wrong with the run as a whole.
pub(crate) fn run(page: &mut Page<'_>, reasons: &[&Reason]) {
    for reason in reasons {
        let body = Spans::new(Role::Notice, reason.code.as_str())
            .and(Role::Body, &format!(": {}", line(page, &reason.message)));
        word_row(page, "run", Role::Notice, &body);
        if let Some(decl) = reason.code.decl() {
            let hint = Spans::new(Role::Advice, decl.hint);
            word_row(page, "", Role::Body, &hint);
        }
    }
}

fn line(page: &Page<'_>, text: &str) -> String {
    text::line(text, LONGEST, page.style().ellipsis())
}

fn most(page: &Page<'_>) -> usize {
    if page.style().is_verbose() {
        usize::MAX
    } else {
        NAMES
    }
}

const NAMES: usize = 24;
const LONGEST: usize = 300;
