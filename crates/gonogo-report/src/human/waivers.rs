//! What became of the waivers: who answers for which, why, and how long still.

use gonogo_model::{Id, PlannedWaiver, Report, WaiverState, WaiverVerdict};

use super::block::{label, long, names, short, word_row};
use crate::layout::{Page, Spans};
use crate::style::Role;
use crate::text;

/// Tells the waivers: those that somebody should act on before those that do their work.
pub(crate) fn waivers(page: &mut Page<'_>, report: &Report) {
    let (record, judgement) = (&report.record, &report.judgement);
    let mut told: Vec<_> = record.plan.waivers.iter().zip(&judgement.waivers).collect();
    told.sort_by_key(|(_, verdict)| urgency(verdict.state));
    let all = page.style().is_verbose();
    told.retain(|(_, verdict)| all || is_worth_a_row(verdict.state));
    let most = if all { usize::MAX } else { MOST };
    for (waiver, verdict) in told.iter().take(most) {
        row(page, report, waiver, verdict);
    }
    if let Some(left) = told.len().checked_sub(most).filter(|left| *left > 0) {
        let more = format!("and {}; -v shows all", text::count(left, "more waiver"));
        word_row(page, "", Role::Body, &Spans::body(&more));
    }
}

fn row(page: &mut Page<'_>, report: &Report, waiver: &PlannedWaiver, verdict: &WaiverVerdict) {
    let ids = |places: &[gonogo_model::CheckIndex]| -> Vec<&Id> {
        let checks = &report.record.checks;
        let known = places
            .iter()
            .filter_map(|place| checks.get(place.as_usize()));
        known.map(|check| &check.plan.id).collect()
    };
    let role = role(verdict.state);
    let mut body = Spans::default();
    if waiver.quarantine.is_some() {
        body.push(Role::Body, "quarantine of ");
    }
    body.push(Role::Name, &short(page, &waiver.check));
    body.push(role, &format!("  {}", verdict.state));
    let waives = ids(&verdict.waives);
    if waives.len() > 1 || waives.iter().any(|id| id.as_str() != waiver.check) {
        let waives = names(
            &waives,
            if page.style().is_verbose() {
                usize::MAX
            } else {
                NAMES
            },
        );
        body.push(Role::Body, " by ");
        body.push(Role::Name, &waives);
    }
    let left = time_left(waiver, report);
    let terms = format!(
        ", {} until {} ({left})",
        short(page, &waiver.owner),
        waiver.until
    );
    body.push(Role::Body, &terms);
    body.push(Role::Body, &format!(": {}", long(page, &why(waiver))));
    word_row(page, "waiver", role, &body);
    if !page.style().is_verbose() {
        return;
    }
    if let Some(decl) = verdict.code.as_ref().and_then(|code| code.decl()) {
        let body = Spans::new(role, decl.code).and(Role::Body, &format!(": {}", decl.meaning));
        label(page, "state", &body);
        label(page, "hint", &Spans::new(Role::Advice, decl.hint));
    }
    if let Some(code) = &waiver.code {
        label(page, "covers", &Spans::body(&short(page, code)));
    }
    if let Some(count) = waiver.quarantine {
        label(page, "covers", &Spans::body(&format!("{count} at once")));
    }
    let excluded: Vec<&Id> = waiver.excluded.iter().collect();
    for (word, ids) in [("names", ids(&waiver.checks)), ("excluded", excluded)] {
        if !ids.is_empty() {
            label(page, word, &Spans::body(&names(&ids, usize::MAX)));
        }
    }
    let at = format!("{}:{}", short(page, &waiver.file), waiver.line);
    label(page, "at", &Spans::new(Role::Faint, &at));
}

fn why(waiver: &PlannedWaiver) -> String {
    match &waiver.ticket {
        Some(ticket) => format!("{} ({ticket})", waiver.reason),
        None => waiver.reason.clone(),
    }
}

/// Says how long a waiver lasts still, counted from the start of the run, which decides about it.
pub(crate) fn time_left(waiver: &PlannedWaiver, report: &Report) -> String {
    let seconds = waiver.until.ends.as_second() - report.record.started.wall.as_second();
    let days = usize::try_from(seconds.abs() / DAY).unwrap_or(usize::MAX);
    match (waiver.until.is_over(report.record.started.wall), days) {
        (false, 0) => "less than a day left".to_owned(),
        (false, days) => format!("{} left", text::count(days, "day")),
        (true, 0) => "less than a day ago".to_owned(),
        (true, days) => format!("{} ago", text::count(days, "day")),
    }
}

const fn urgency(state: WaiverState) -> u8 {
    match state {
        WaiverState::Exhausted => 0,
        WaiverState::Expired => 1,
        WaiverState::Used => 2,
        WaiverState::Orphaned => 3,
        WaiverState::Unneeded => 4,
        WaiverState::Unused => 5,
        WaiverState::NotInRun => 6,
    }
}

const fn is_worth_a_row(state: WaiverState) -> bool {
    match state {
        WaiverState::Exhausted
        | WaiverState::Expired
        | WaiverState::Used
        | WaiverState::Orphaned
        | WaiverState::Unneeded => true,
        WaiverState::Unused | WaiverState::NotInRun => false,
    }
}

const fn role(state: WaiverState) -> Role {
    match state {
        WaiverState::Exhausted | WaiverState::Expired => Role::Bad,
        WaiverState::Used | WaiverState::Orphaned | WaiverState::Unneeded => Role::Notice,
        WaiverState::Unused | WaiverState::NotInRun => Role::Faint,
    }
}

const DAY: i64 = 24 * 60 * 60;
/// So many waivers have a row each.
const MOST: usize = 20;
const NAMES: usize = 6;
