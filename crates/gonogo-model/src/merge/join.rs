//! Joining the checks of all shards.

use jiff::Timestamp;

use super::merged::{Merged, MergedShard};
use super::part::{MergeTerms, Part, Piece, Sorted, sorted};
use crate::codes::{engine, shard};
use crate::{
    CheckRecord, CheckResult, Decimal, Outcome, PlanSummary, PlannedCheck, RunHeader, RunRecord,
    Stamp, quantity,
};

/// Joins the records of shards into one; none when no file holds a shard at all.
///
/// Whatever is wrong with a file, or with all of them together, is a fault of the record.
#[must_use]
pub fn merge(parts: Vec<Part>, terms: &MergeTerms) -> Option<RunRecord> {
    let sorted = sorted(parts, terms)?;
    let started = started(&sorted);
    let checks = checks(&sorted, &started, terms);
    let Sorted {
        reference,
        count,
        pieces,
        faults,
    } = sorted;
    let ends = pieces.iter().map(|piece| {
        let offset = offset(&piece.record, &started);
        Stamp {
            wall: piece.record.finished.wall,
            elapsed: later(&piece.record.finished.elapsed, &offset),
        }
    });
    let finished = ends.fold(started.clone(), |last, end| Stamp {
        wall: last.wall.max(end.wall),
        elapsed: last.elapsed.max(end.elapsed),
    });
    Some(RunRecord {
        header: RunHeader {
            run_id: terms.run_id.clone(),
            host: None,
            ci_job: terms.ci_job.clone(),
            shard: None,
            ..reference.header
        },
        plan: PlanSummary {
            checks: Vec::new(),
            ..reference.plan
        },
        checks,
        started,
        finished,
        rounds: pieces.iter().map(|p| p.record.rounds).max().unwrap_or(0),
        interrupted: None,
        merged: Some(Merged {
            count,
            shards: pieces.into_iter().map(part_of).collect(),
            faults,
        }),
    })
}

fn part_of(piece: Piece) -> MergedShard {
    let record = piece.record;
    MergedShard {
        index: piece.shard.index,
        file: piece.file,
        run_id: record.header.run_id,
        started: record.started.wall,
        finished: record.finished.wall,
        host: record.header.host,
        ci_job: record.header.ci_job,
    }
}

/// Returns when the first shard began.
fn started(sorted: &Sorted) -> Stamp {
    let walls = sorted.pieces.iter().map(|piece| piece.record.started.wall);
    Stamp {
        wall: walls.min().unwrap_or(sorted.reference.started.wall),
        elapsed: 0.into(),
    }
}

fn checks(sorted: &Sorted, started: &Stamp, terms: &MergeTerms) -> Vec<CheckRecord> {
    let plans = plans(sorted);
    plans
        .into_iter()
        .enumerate()
        .map(|(place, (plan, owner))| {
            let runs = |piece: &&Piece| piece.runs.get(place) == Some(&true);
            let seen: Vec<&Piece> = sorted.pieces.iter().filter(runs).collect();
            joined(place, plan, owner, &seen, (started, terms))
        })
        .collect()
}

/// Returns the planned checks as they were before they were divided, each with the shard that owns it.
fn plans(sorted: &Sorted) -> Vec<(PlannedCheck, u32)> {
    let record = sorted
        .pieces
        .first()
        .map_or(&sorted.reference, |p| &p.record);
    let plans = record.checks.iter().map(|check| &check.plan);
    let division = crate::Division::of(plans.clone(), &record.plan.groups, sorted.count);
    let whole = plans.enumerate().map(|(place, plan)| {
        let reason = division.reason(place);
        let plan = PlannedCheck {
            left_out: plan.left_out.clone().filter(|why| *why != reason),
            ..plan.clone()
        };
        (plan, division.owner(place).unwrap_or_default())
    });
    whole.collect()
}

/// Returns what a check came to: what its owner says, or what is worse.
fn joined(
    place: usize,
    plan: PlannedCheck,
    owner: u32,
    seen: &[&Piece],
    (started, terms): (&Stamp, &MergeTerms),
) -> CheckRecord {
    let of = |piece: &Piece| piece.record.checks.get(place).cloned();
    let found: Vec<(&Piece, CheckRecord)> = seen
        .iter()
        .filter_map(|piece| Some((*piece, of(piece)?)))
        .collect();
    let is_owned = found.iter().any(|(piece, _)| piece.shard.index == owner);
    let worst = found
        .iter()
        .min_by_key(|(piece, check)| (rank(check.result.outcome), piece.shard.index != owner));
    let mut joined = match worst {
        Some((piece, check)) if is_owned || rank(check.result.outcome) <= SKIPPED => {
            rebased(check, &offset(&piece.record, started))
        }
        // A shard that only needs the check does not vouch for it.
        Some(_) | None => unowned(&plan, owner),
    };
    joined.plan = plan;
    if let Some(stale) = stale(&joined, terms.now) {
        joined.result = stale;
    }
    if found.len() > 1 {
        joined.result.notes.push(note(&found, owner));
    }
    joined
}

/// Says of a check that several shards ran what each of them saw.
fn note(found: &[(&Piece, CheckRecord)], owner: u32) -> String {
    let told: Vec<String> = found
        .iter()
        .take(SHOWN)
        .map(|(piece, check)| {
            let index = piece.shard.index;
            let owns = if index == owner { ", its owner" } else { "" };
            format!("shard {index}{owns}: {}", check.result.outcome)
        })
        .collect();
    let more = match found.len() - told.len() {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    format!(
        "run by several shards, and the worst counts: {}{more}",
        told.join("; ")
    )
}

fn unowned(plan: &PlannedCheck, owner: u32) -> CheckRecord {
    let message = format!("shard {owner}, which owns the check, is not part of the merge");
    CheckRecord {
        plan: plan.clone(),
        result: CheckResult::bare(Outcome::Skipped, shard::MISSING.into(), message),
        attempts: Vec::new(),
        start: None,
        elapsed: None,
        duration: None,
    }
}

/// Takes back a pass that is too old by the time of the merge.
fn stale(check: &CheckRecord, now: Timestamp) -> Option<CheckResult> {
    let max_age = check.plan.max_age.as_ref()?;
    let decided = check.attempts.last()?;
    if !matches!(check.result.outcome, Outcome::Passed | Outcome::Warned) {
        return None;
    }
    let age = seconds(decided.start, now);
    (age > *max_age).then(|| {
        let message = format!(
            "the pass was {} old when the shards were merged, and max_age is {}",
            quantity::duration(&age),
            quantity::duration(max_age)
        );
        CheckResult::bare(Outcome::Unknown, engine::STALE.into(), message)
    })
}

/// Returns how many seconds lie between two moments.
fn seconds(from: Timestamp, to: Timestamp) -> Decimal {
    Decimal::scaled(to.duration_since(from).as_nanos(), -9)
}

/// Returns how many seconds after the beginning of all a shard's own clock stood at zero.
fn offset(record: &RunRecord, started: &Stamp) -> Decimal {
    seconds(started.wall, record.started.wall).minus(&record.started.elapsed)
}

fn later(elapsed: &Decimal, offset: &Decimal) -> Decimal {
    elapsed.minus(&offset.clone().negated())
}

/// Returns a check with its times since the beginning of all.
fn rebased(check: &CheckRecord, offset: &Decimal) -> CheckRecord {
    let mut check = check.clone();
    check.elapsed = check.elapsed.map(|elapsed| later(&elapsed, offset));
    for attempt in &mut check.attempts {
        attempt.elapsed = later(&attempt.elapsed, offset);
    }
    check
}

/// Returns how bad an outcome is; the lowest is the worst.
const fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Failed => 0,
        Outcome::Unknown => 1,
        Outcome::Skipped => SKIPPED,
        Outcome::Awaiting => 3,
        Outcome::Waived => 4,
        Outcome::Warned => 5,
        Outcome::Passed => 6,
    }
}

const SKIPPED: u8 = 2;
const SHOWN: usize = 20;
