//! Why the verdict is not GO: root causes first, and what follows from each.

use std::collections::{HashMap, HashSet};

use gonogo_model::codes::{engine, gate, needs, shard, waiver};
use gonogo_model::{
    CheckRecord, Code, CodeDecl, GroupState, Id, MergeFault, Outcome, PlannedWaiver, Reason,
    RunRecord, Verdict,
};

use crate::decide::{GroupView, View, Weighed, of_blocker, of_group};
use crate::waivers::Doubt;

/// Lists the reasons: failed blockers, groups not met, then what could not be looked at, then what
/// awaits a signature, then what concerns the whole run, and blockers that were skipped.
///
/// A skipped check stands among the consequences of its reason, and is a reason of its own only if that
/// is not in the list.
pub(crate) fn reasons(view: &View<'_>) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let of_outcome = |outcome| {
        let blockers = view.blockers.iter();
        blockers.filter(move |check| check.outcome() == outcome)
    };
    let of_state = |state| {
        let groups = view.blocking_groups();
        groups.filter(move |group| group.state == state)
    };
    let of_check = |check: &Weighed<'_>| of_check(check, &view.record.plan.waivers);
    reasons.extend(of_outcome(Outcome::Failed).map(of_check));
    reasons.extend(of_state(GroupState::NotMet).map(about_group));
    reasons.extend(of_outcome(Outcome::Unknown).map(of_check));
    reasons.extend(of_state(GroupState::Undecided).map(about_group));
    reasons.extend(of_outcome(Outcome::Awaiting).map(of_check));
    let about_items = !reasons.is_empty();
    if view.interrupted {
        let signal = view.record.interrupted.as_deref().unwrap_or_default();
        let message = format!("the run was interrupted by {signal}");
        reasons.push(about_run(gate::INTERRUPTED, message));
    }
    reasons.extend(parts(view.record));
    reasons.extend(faults(view));
    let explained = attach_consequences(view, &mut reasons);
    let rest =
        of_outcome(Outcome::Skipped).filter(|check| !explained.contains(&check.record.plan.id));
    let skipped: Vec<Reason> = rest.map(of_check).collect();
    if !about_items && skipped.is_empty() && !view.proved() {
        let message = "no blocker passed in this run".to_owned();
        reasons.push(about_run(gate::NOTHING_PROVED, message));
    }
    reasons.extend(skipped);
    reasons
}

/// Says what part of the plan the run is, if it is not the whole.
fn parts(record: &RunRecord) -> Vec<Reason> {
    let planned = record.checks.len();
    let left_out = |elsewhere: bool| {
        let checks = record.checks.iter();
        let checks = checks
            .filter(|check| check.plan.left_out.is_some() && is_elsewhere(check) == elsewhere);
        checks.count()
    };
    let mut reasons = Vec::new();
    if let Some(shard) = record.header.shard {
        let message = format!(
            "this is shard {} of {}: {} of {planned} planned checks were left to others",
            shard.index,
            shard.count,
            left_out(true)
        );
        reasons.push(about_run(gate::SHARD, message));
    }
    let count = match record.header.shard {
        Some(_) => left_out(false),
        None => left_out(false) + left_out(true),
    };
    if count > 0 {
        let message = format!("{count} of {planned} planned checks were left out");
        reasons.push(about_run(gate::PARTIAL, message));
    }
    reasons
}

fn is_elsewhere(check: &CheckRecord) -> bool {
    let code = check.result.code.as_ref().map(Code::as_str);
    code == Some(needs::OTHER_SHARD.code)
}

/// Says what is wrong with the shards that the run was merged from.
fn faults(view: &View<'_>) -> Vec<Reason> {
    let Some(merged) = view.record.merged.as_ref().filter(|_| view.unmerged) else {
        return Vec::new();
    };
    let fault = |fault: &MergeFault| Reason {
        id: None,
        code: fault.code.clone(),
        message: fault.message.clone(),
        verdict: Verdict::Hold,
        consequences: Vec::new(),
    };
    let faults: Vec<Reason> = merged.faults.iter().map(fault).collect();
    if !faults.is_empty() {
        return faults;
    }
    let message = format!("the record is not made of shards 1 to {}", merged.count);
    vec![about_run(shard::MISSING, message)]
}

fn of_check(check: &Weighed<'_>, waivers: &[PlannedWaiver]) -> Reason {
    let (check, outcome, doubt) = (check.record, check.outcome(), check.judged.doubt);
    let own_code = check.result.code.clone().unwrap_or_else(|| {
        Code::from(match outcome {
            Outcome::Failed => engine::EXPECTATION,
            Outcome::Skipped => needs::NOT_PASSED,
            Outcome::Awaiting => gate::AWAITING,
            Outcome::Unknown | Outcome::Passed | Outcome::Warned | Outcome::Waived => engine::LOST,
        })
    });
    let message = check.result.message.clone();
    let message = message.unwrap_or_else(|| format!("the check is {outcome}"));
    let (code, message) = match doubt {
        Some(doubt) => doubted(doubt, waivers, own_code, &message),
        None => (own_code, message),
    };
    Reason {
        id: Some(check.plan.id.clone()),
        code,
        message,
        verdict: of_blocker(outcome),
        consequences: Vec::new(),
    }
}

/// Adds to the message of a check why its waiver does not help.
///
/// An expired waiver leaves the check its code: it fails as it would without one.
fn doubted(
    doubt: Doubt,
    waivers: &[PlannedWaiver],
    own_code: Code,
    message: &str,
) -> (Code, String) {
    match doubt {
        Doubt::NotCovered => {
            let message = format!("{message}; it is called waived, and no waiver covers it");
            (waiver::NOT_COVERED.into(), message)
        }
        Doubt::Exhausted(place, many) => {
            let count = waivers.get(place).and_then(|waiver| waiver.quarantine);
            let message = format!(
                "{message} ({own_code}); its quarantine covers {} at once, and {many} did not pass",
                count.unwrap_or_default()
            );
            (waiver::EXHAUSTED.into(), message)
        }
        Doubt::Expired(place) => {
            let ended = waivers.get(place).map_or("", |waiver| &waiver.until.text);
            (own_code, format!("{message}; its waiver ended {ended}"))
        }
    }
}

fn about_group(group: &GroupView<'_>) -> Reason {
    let tally = group.tally;
    let failed = tally.planned - tally.passes - tally.undecided;
    let needed = group.plan.quorum.needed(tally.planned);
    let decl = match group.state {
        GroupState::NotMet => gate::GROUP_NOT_MET,
        GroupState::Undecided | GroupState::Met => gate::GROUP_UNDECIDED,
    };
    Reason {
        id: Some(group.plan.id.clone()),
        code: decl.into(),
        message: format!(
            "{needed} of {} members must pass: {} passed, {failed} failed, {} undecided",
            tally.planned, tally.passes, tally.undecided
        ),
        verdict: of_group(group.state),
        consequences: Vec::new(),
    }
}

fn about_run(decl: &'static CodeDecl, message: String) -> Reason {
    Reason {
        id: None,
        code: decl.into(),
        message,
        verdict: Verdict::Hold,
        consequences: Vec::new(),
    }
}

/// Puts each skipped check below the reason it was skipped for, and returns those that found one.
fn attach_consequences<'r>(view: &View<'r>, reasons: &mut [Reason]) -> HashSet<&'r Id> {
    let by_id: HashMap<Id, usize> = reasons
        .iter()
        .enumerate()
        .filter_map(|(place, reason)| Some((reason.id.clone()?, place)))
        .collect();
    let about = |reasons: &[Reason], decl: &CodeDecl| {
        let mut reasons = reasons.iter();
        reasons.position(|reason| reason.code.as_str() == decl.code)
    };
    let interrupted = about(reasons, gate::INTERRUPTED);
    let partial = about(reasons, gate::PARTIAL);
    let elsewhere = about(reasons, gate::SHARD);
    let missing = about(reasons, shard::MISSING);
    let decided = reasons.iter().position(|r| r.verdict == Verdict::NoGo);
    let mut explained = HashSet::new();
    for check in &view.record.checks {
        if check.result.outcome != Outcome::Skipped {
            continue;
        }
        let code = check.result.code.as_ref().map_or("", Code::as_str);
        let reason = match &check.result.blame {
            Some(blame) => by_id.get(blame).copied(),
            None if code == needs::OTHER_SHARD.code => elsewhere.or(partial),
            None if check.plan.left_out.is_some() => partial,
            None if code == shard::MISSING.code => missing,
            None if code == needs::INTERRUPTED.code => interrupted,
            None if code == needs::FAIL_FAST.code => decided,
            None => None,
        };
        if let Some(reason) = reason.and_then(|place| reasons.get_mut(place)) {
            reason.consequences.push(check.plan.id.clone());
            explained.insert(&check.plan.id);
        }
    }
    explained
}
