//! Whether a shard says what a shard of its plan can say, and nothing else.

use super::part::MergeTerms;
use crate::codes::shard;
use crate::{
    CheckRecord, CodeDecl, Division, Outcome, PlanSummary, PlannedCheck, RunRecord, Shard,
};

/// Returns which checks a shard runs, and why its record cannot be that of such a shard.
///
/// The plan of the record must have the digest that it claims: so nothing of a check, its expectations or its
/// severity was changed, and no check is missing or added.
pub(super) fn unsound(
    record: &RunRecord,
    shard: Shard,
    terms: &MergeTerms,
) -> (Vec<bool>, Option<(&'static CodeDecl, String)>) {
    let plans = record.checks.iter().map(|check| &check.plan);
    let division = Division::of(plans, &record.plan.groups, shard.count);
    let runs = division.runs_in(shard.index);
    let edited = |why: String| Some((shard::EDITED, why));
    let checks = record.checks.iter().enumerate().zip(&runs);
    let mut plan = PlanSummary {
        checks: Vec::with_capacity(record.checks.len()),
        ..record.plan.clone()
    };
    for ((place, check), runs) in checks {
        let reason = division.reason(place);
        let is_left = check.plan.left_out.as_ref() == Some(&reason);
        if !*runs && !is_untouched(check) {
            let id = &check.plan.id;
            let why = format!(
                "speaks for {id}, which belongs to shard {}",
                owner(&division, place)
            );
            return (Vec::new(), edited(why));
        }
        plan.checks.push(PlannedCheck {
            left_out: check.plan.left_out.clone().filter(|_| *runs || !is_left),
            ..check.plan.clone()
        });
    }
    if (terms.digest)(&plan) != record.plan.digest {
        let why = "does not hold the plan whose digest it names".to_owned();
        return (Vec::new(), edited(why));
    }
    (runs, None)
}

fn owner(division: &Division, place: usize) -> u32 {
    division.owner(place).unwrap_or_default()
}

/// Returns whether a record says of a check that it was left out, and no more.
fn is_untouched(check: &CheckRecord) -> bool {
    check.plan.left_out.is_some()
        && check.result.outcome == Outcome::Skipped
        && check.attempts.is_empty()
        && check.start.is_none()
}
