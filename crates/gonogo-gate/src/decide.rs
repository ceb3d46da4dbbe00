//! The rule itself.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use gonogo_model::{
    CheckRecord, Counts, GroupState, GroupVerdict, Judgement, Outcome, PlannedGroup, RunRecord,
    Severity, Tally, Verdict,
};
use jiff::Timestamp;

use crate::reasons::reasons;

/// Judges a run.
#[must_use]
pub fn decide(record: &RunRecord) -> Judgement {
    let view = View::of(record);
    let verdict = verdict(&view);
    let valid_until = match verdict {
        Verdict::Go => valid_until(record),
        Verdict::Hold | Verdict::NoGo => None,
    };
    Judgement {
        verdict,
        reasons: match verdict {
            Verdict::Go => Vec::new(),
            Verdict::Hold | Verdict::NoGo => reasons(&view),
        },
        counts: counts(record),
        groups: view.groups.iter().map(GroupView::to_verdict).collect(),
        partial: view.partial,
        valid_until,
    }
}

/// The rule.
fn verdict(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::Go;
    for check in &view.blockers {
        verdict = verdict.min(of_blocker(check.result.outcome));
    }
    for group in view.blocking_groups() {
        verdict = verdict.min(of_group(group.state));
    }
    if view.partial || view.interrupted || !view.proved() {
        verdict = verdict.min(Verdict::Hold);
    }
    verdict
}

/// Returns the best verdict that a blocker of this outcome allows.
pub(crate) const fn of_blocker(outcome: Outcome) -> Verdict {
    match outcome {
        Outcome::Passed | Outcome::Warned | Outcome::Waived => Verdict::Go,
        Outcome::Unknown | Outcome::Skipped | Outcome::Awaiting => Verdict::Hold,
        Outcome::Failed => Verdict::NoGo,
    }
}

/// Returns the best verdict that a blocking group of this state allows.
pub(crate) const fn of_group(state: GroupState) -> Verdict {
    match state {
        GroupState::Met => Verdict::Go,
        GroupState::Undecided => Verdict::Hold,
        GroupState::NotMet => Verdict::NoGo,
    }
}

/// A record, with what decides set apart from what is only shown.
pub(crate) struct View<'r> {
    pub(crate) record: &'r RunRecord,
    /// Checks of severity blocker that belong to no group.
    pub(crate) blockers: Vec<&'r CheckRecord>,
    /// Every group, blocking or not.
    pub(crate) groups: Vec<GroupView<'r>>,
    pub(crate) partial: bool,
    pub(crate) interrupted: bool,
}

/// A group with what its members came to.
pub(crate) struct GroupView<'r> {
    pub(crate) plan: &'r PlannedGroup,
    pub(crate) members: Vec<Option<&'r CheckRecord>>,
    pub(crate) tally: Tally,
    pub(crate) state: GroupState,
}

impl<'r> View<'r> {
    fn of(record: &'r RunRecord) -> Self {
        let mut in_group: BTreeSet<usize> = BTreeSet::new();
        let mut groups = Vec::with_capacity(record.plan.groups.len());
        for plan in &record.plan.groups {
            // A set: a member that is listed twice counts once.
            let places: BTreeSet<usize> = plan.members.iter().map(|m| m.as_usize()).collect();
            in_group.extend(&places);
            groups.push(GroupView::of(record, plan, &places));
        }
        let alone = |(place, _): &(usize, &CheckRecord)| !in_group.contains(place);
        let checks = record.checks.iter().enumerate().filter(alone);
        Self {
            record,
            blockers: checks
                .map(|(_, check)| check)
                .filter(|check| check.plan.severity == Severity::Blocker)
                .collect(),
            groups,
            partial: record.checks.iter().any(|c| c.plan.left_out.is_some()),
            interrupted: record.interrupted.is_some(),
        }
    }

    pub(crate) fn blocking_groups(&self) -> impl Iterator<Item = &GroupView<'r>> {
        let groups = self.groups.iter();
        groups.filter(|group| group.plan.severity == Severity::Blocker)
    }

    /// Returns whether anything that decides was seen to be right.
    pub(crate) fn proved(&self) -> bool {
        let seen =
            |check: &CheckRecord| matches!(check.result.outcome, Outcome::Passed | Outcome::Warned);
        let by_group = |group: &GroupView<'_>| {
            group.state == GroupState::Met && group.members.iter().flatten().any(|c| seen(c))
        };
        self.blockers.iter().any(|check| seen(check)) || self.blocking_groups().any(by_group)
    }
}

impl<'r> GroupView<'r> {
    fn of(record: &'r RunRecord, plan: &'r PlannedGroup, places: &BTreeSet<usize>) -> Self {
        // A member that is not in the record has no outcome, and is undecided.
        let members: Vec<_> = places.iter().map(|&p| record.checks.get(p)).collect();
        let tally = Tally::of(members.iter().map(|m| m.map(|check| check.result.outcome)));
        Self {
            plan,
            members,
            state: tally.state(plan.quorum),
            tally,
        }
    }

    fn to_verdict(&self) -> GroupVerdict {
        GroupVerdict {
            id: self.plan.id.clone(),
            state: self.state,
            tally: self.tally,
            needed: self.plan.quorum.needed(self.tally.planned),
        }
    }
}

fn counts(record: &RunRecord) -> Counts {
    let mut by_outcome = BTreeMap::new();
    let mut flaky = 0;
    for check in &record.checks {
        let outcome = check.result.outcome.as_str().to_owned();
        *by_outcome.entry(outcome).or_insert(0) += 1;
        flaky += u32::from(check.result.flaky);
    }
    Counts {
        planned: u32::try_from(record.checks.len()).unwrap_or(u32::MAX),
        by_outcome,
        flaky,
    }
}

/// Returns until when a GO of this run holds; an end beyond every calendar is the calendar's end.
fn valid_until(record: &RunRecord) -> Option<Timestamp> {
    let valid_for = record.header.valid_for.as_ref()?;
    let nanos = valid_for.clone().shifted(9).to_i128().unwrap_or(0).max(0);
    let seconds = u64::try_from(nanos / NANOS).unwrap_or(u64::MAX);
    let rest = u32::try_from(nanos % NANOS).unwrap_or(0);
    let until = record
        .finished
        .wall
        .checked_add(Duration::new(seconds, rest));
    Some(until.unwrap_or(Timestamp::MAX))
}

const NANOS: i128 = 1_000_000_000;
