//! The events of a run, from its record.

use std::sync::Arc;

use gonogo_model::{CheckIndex, CheckRecord, Decimal, Event, PlanSummary, RunRecord, Stamp};
use jiff::SignedDuration;

/// Returns the events from which a recorder makes this record again, in the order of their times.
///
/// What a record does not keep is not told: what a check came to in rounds before its last, and when a
/// signal came.
#[must_use]
pub fn rebuilt(record: &RunRecord) -> Vec<Event> {
    let checks: Vec<CheckIndex> = (0..).map(CheckIndex).take(record.checks.len()).collect();
    let mut events = vec![round(1, &record.started, checks.clone())];
    events.extend((2..=record.rounds).filter_map(|number| later_round(record, number)));
    for (index, check) in checks.into_iter().zip(&record.checks) {
        events.extend(of_check(record, index, check));
    }
    // Stable: what happened at the same time stays in order, rounds before checks.
    events.sort_by(|left, right| at(left).elapsed.cmp(&at(right).elapsed));
    let begin = Event::RunStarted {
        at: record.started.clone(),
        header: Arc::new(record.header.clone()),
        plan: Arc::new(PlanSummary {
            checks: record.checks.iter().map(|c| c.plan.clone()).collect(),
            ..record.plan.clone()
        }),
    };
    events.insert(0, begin);
    events.extend(record.interrupted.iter().map(|signal| Event::Interrupted {
        at: record.finished.clone(),
        signal: signal.clone(),
    }));
    events.push(Event::RunFinished {
        at: record.finished.clone(),
    });
    events
}

const fn at(event: &Event) -> &Stamp {
    match event {
        Event::RunStarted { at, .. }
        | Event::RoundStarted { at, .. }
        | Event::CheckStarted { at, .. }
        | Event::AttemptFinished { at, .. }
        | Event::CheckFinished { at, .. }
        | Event::Interrupted { at, .. }
        | Event::RunFinished { at } => at,
    }
}

fn round(round: u32, at: &Stamp, checks: Vec<CheckIndex>) -> Event {
    Event::RoundStarted {
        at: at.clone(),
        round,
        checks,
    }
}

/// Returns the start of a round of which attempts are kept.
fn later_round(record: &RunRecord, number: u32) -> Option<Event> {
    let mut start: Option<&Decimal> = None;
    let mut checks = Vec::new();
    for (index, check) in (0..).map(CheckIndex).zip(&record.checks) {
        let mut attempts = check.attempts.iter();
        if let Some(first) = attempts.find(|attempt| attempt.round == number) {
            checks.push(index);
            if start.is_none_or(|start| first.elapsed < *start) {
                start = Some(&first.elapsed);
            }
        }
    }
    Some(round(number, &stamp(record, start?), checks))
}

fn of_check(record: &RunRecord, index: CheckIndex, check: &CheckRecord) -> Vec<Event> {
    let mut events = Vec::new();
    let mut now = record.finished.elapsed.clone();
    if let Some(start) = &check.elapsed {
        now = start.clone();
        events.push(Event::CheckStarted {
            at: stamp(record, start),
            check: index,
        });
    }
    for attempt in &check.attempts {
        now = later(&now, plus(&attempt.elapsed, &attempt.duration));
        events.push(Event::AttemptFinished {
            at: stamp(record, &now),
            check: index,
            attempt: attempt.clone(),
        });
    }
    if let (Some(start), Some(duration)) = (&check.elapsed, &check.duration) {
        now = plus(start, duration);
    }
    events.push(Event::CheckFinished {
        at: stamp(record, &now),
        check: index,
        result: check.result.clone(),
    });
    events
}

fn plus(left: &Decimal, right: &Decimal) -> Decimal {
    left.minus(&right.clone().negated())
}

fn later(left: &Decimal, right: Decimal) -> Decimal {
    if right > *left { right } else { left.clone() }
}

/// Returns the moment so many seconds after the run began, as far as clocks reach.
fn stamp(record: &RunRecord, elapsed: &Decimal) -> Stamp {
    let since = elapsed.minus(&record.started.elapsed);
    let nanos = since.shifted(9).truncated().to_i128();
    let nanos = nanos.and_then(|nanos| i64::try_from(nanos).ok());
    let start = record.started.wall;
    let wall = start.checked_add(SignedDuration::from_nanos(nanos.unwrap_or(0)));
    Stamp {
        wall: wall.unwrap_or(start),
        elapsed: elapsed.clone(),
    }
}
