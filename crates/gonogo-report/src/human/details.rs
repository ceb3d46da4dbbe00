//! What only a verbose summary tells of a check: facts and attempts.

use gonogo_model::{CheckRecord, Reading};

use super::block::{column, indent, label, labelled, long, short};
use crate::layout::{Lead, Page, Spans};
use crate::style::Role;
use crate::text;

/// Says everything else that is known: facts and attempts.
pub(super) fn details(page: &mut Page<'_>, check: &CheckRecord) {
    let result = &check.result;
    facts(page, &result.facts);
    if check.attempts.len() > 1 {
        attempts(page, check);
    }
    if !check.plan.covers.is_empty() {
        let covers = long(page, &check.plan.covers.join(", "));
        label(page, "covers", &Spans::body(&covers));
    }
}

/// Says what was observed; what is not there is named in one row.
fn facts(page: &mut Page<'_>, facts: &[(String, Reading)]) {
    let (absent, there): (Vec<_>, Vec<_>) = facts
        .iter()
        .partition(|(_, reading)| *reading == Reading::Absent);
    let columns = column(page, there.iter().map(|(name, _)| name.as_str()));
    for (i, (name, reading)) in there.into_iter().enumerate() {
        let body = match reading {
            Reading::Value(value) => {
                Spans::body(&text::shown(value, FACT, page.style().ellipsis()))
            }
            Reading::Absent => Spans::body("absent"),
            Reading::Unreadable { code, message } => Spans::new(Role::Notice, "not read")
                .and(Role::Body, &format!(": {code}: {}", long(page, message))),
        };
        let name = short(page, name);
        let fact = Lead {
            role: Role::Body,
            text: &name,
            columns,
        };
        let word = if i == 0 { "facts" } else { "" };
        page.row(indent(page), &[labelled(word), fact], &body);
    }
    if !absent.is_empty() {
        let names: Vec<String> = absent.iter().map(|(name, _)| short(page, name)).collect();
        label(page, "absent", &Spans::new(Role::Faint, &names.join(", ")));
    }
}

fn attempts(page: &mut Page<'_>, check: &CheckRecord) {
    for attempt in &check.attempts {
        let mut line = format!(
            "at {}, {}: ",
            text::took(&attempt.elapsed),
            text::took(&attempt.duration),
        );
        let outcome = (Role::of(attempt.outcome), attempt.outcome.as_str());
        let mut rest = String::new();
        if let Some(code) = &attempt.code {
            rest.push_str(&format!(", {code}"));
        }
        if let Some(message) = &attempt.message {
            rest.push_str(&format!(": {}", long(page, message)));
        }
        line = long(page, &line) + " ";
        let body = Spans::body(&line)
            .and(outcome.0, outcome.1)
            .and(Role::Body, &rest);
        label(
            page,
            &format!("try {}.{}", attempt.round, attempt.number),
            &body,
        );
    }
}

/// Of a longer fact the report file has the rest.
const FACT: usize = 240;
