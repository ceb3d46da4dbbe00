//! What changed since the baseline, in a few rows.

use gonogo_model::Report;

use super::block::{names, word_row};
use crate::diff::{FIRST, NAMED, Since};
use crate::layout::{Page, Spans};
use crate::style::Role;

/// Tells how many checks changed since the baseline, and the names of those that got worse or better.
pub(super) fn since(page: &mut Page<'_>, report: &Report, baseline: Option<Since<'_>>) {
    let Some(baseline) = baseline else { return };
    let Some(difference) = baseline.difference(report) else {
        return word_row(page, "since", Role::Faint, &Spans::body(FIRST));
    };
    let told = format!("{}: {}", difference.earlier(), difference.told());
    word_row(page, "since", Role::Faint, &Spans::body(&told));
    for warning in difference.warnings() {
        word_row(page, "note", Role::Notice, &Spans::body(&warning));
    }
    let most = if page.style().is_verbose() {
        usize::MAX
    } else {
        MOST_NAMES
    };
    for change in NAMED {
        let ids = difference.ids(change);
        if !ids.is_empty() {
            let body = Spans::new(Role::Name, &names(&ids, most));
            word_row(page, change.as_str(), change.role(), &body);
        }
    }
}

const MOST_NAMES: usize = 12;
