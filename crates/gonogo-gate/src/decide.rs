//! The rule itself.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::{
    CheckRecord, Counts, GroupState, GroupVerdict, Judgement, Outcome, PlannedGroup, RunRecord,
    Severity, Tally, Verdict,
};

use crate::holding::valid_until;
use crate::reasons::reasons;
use crate::waivers::{Judged, Waivers};

/// Judges a run.
#[must_use]
pub fn decide(record: &RunRecord) -> Judgement {
    let waivers = Waivers::of(record);
    let view = View::of(record, &waivers);
    let verdict = verdict(&view);
    let valid_until = match verdict {
        Verdict::Go => valid_until(&view),
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
        not_waived: waivers.not_waived(record),
        partial: view.partial,
        valid_until,
        waivers: waivers.verdicts,
    }
}

/// The rule.
fn verdict(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::Go;
    for check in &view.blockers {
        verdict = verdict.min(of_blocker(check.outcome()));
    }
    for group in view.blocking_groups() {
        verdict = verdict.min(of_group(group.state));
    }
    if view.partial || view.interrupted || view.unmerged || !view.proved() {
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
    pub(crate) blockers: Vec<Weighed<'r>>,
    /// Every group, blocking or not.
    pub(crate) groups: Vec<GroupView<'r>>,
    pub(crate) partial: bool,
    pub(crate) interrupted: bool,
    /// Whether shards were merged of which not every one is there once, sound and of this run.
    pub(crate) unmerged: bool,
}

/// A check with what counts of it.
#[derive(Clone, Copy)]
pub(crate) struct Weighed<'r> {
    pub(crate) record: &'r CheckRecord,
    pub(crate) judged: Judged,
}

impl Weighed<'_> {
    /// Returns what the check counts as.
    pub(crate) const fn outcome(&self) -> Outcome {
        self.judged.outcome
    }

    /// Returns whether it was seen to be right; a waiver is a decision and no proof.
    const fn is_proved(&self) -> bool {
        matches!(self.outcome(), Outcome::Passed | Outcome::Warned)
    }
}

/// A group with what its members came to.
pub(crate) struct GroupView<'r> {
    pub(crate) plan: &'r PlannedGroup,
    pub(crate) members: Vec<Option<Weighed<'r>>>,
    pub(crate) tally: Tally,
    pub(crate) state: GroupState,
}

impl<'r> View<'r> {
    fn of(record: &'r RunRecord, waivers: &Waivers) -> Self {
        let weighed = |place: usize| {
            Some(Weighed {
                record: record.checks.get(place)?,
                judged: waivers.judged(place)?,
            })
        };
        let mut in_group: BTreeSet<usize> = BTreeSet::new();
        let mut groups = Vec::with_capacity(record.plan.groups.len());
        for plan in &record.plan.groups {
            // A set: a member that is listed twice counts once.
            let places: BTreeSet<usize> = plan.members.iter().map(|m| m.as_usize()).collect();
            in_group.extend(&places);
            groups.push(GroupView::of(
                plan,
                places.into_iter().map(weighed).collect(),
            ));
        }
        let alone = (0..record.checks.len()).filter(|place| !in_group.contains(place));
        Self {
            record,
            blockers: alone
                .filter_map(weighed)
                .filter(|check| check.record.plan.severity == Severity::Blocker)
                .collect(),
            groups,
            // A shard by itself is a part, even one that happens to have every check.
            partial: record.header.shard.is_some()
                || record.checks.iter().any(|c| c.plan.left_out.is_some()),
            interrupted: record.interrupted.is_some(),
            unmerged: record.merged.as_ref().is_some_and(|m| !m.is_whole()),
        }
    }

    pub(crate) fn blocking_groups(&self) -> impl Iterator<Item = &GroupView<'r>> {
        let groups = self.groups.iter();
        groups.filter(|group| group.plan.severity == Severity::Blocker)
    }

    /// Returns the checks on which a verdict stands: blockers, and the members of blocking groups.
    pub(crate) fn decisive(&self) -> impl Iterator<Item = &Weighed<'r>> {
        let members = self.blocking_groups().flat_map(|group| &group.members);
        self.blockers.iter().chain(members.flatten())
    }

    /// Returns whether anything that decides was seen to be right.
    pub(crate) fn proved(&self) -> bool {
        let by_group = |group: &GroupView<'_>| {
            let mut members = group.members.iter().flatten();
            group.state == GroupState::Met && members.any(Weighed::is_proved)
        };
        self.blockers.iter().any(Weighed::is_proved) || self.blocking_groups().any(by_group)
    }
}

impl<'r> GroupView<'r> {
    fn of(plan: &'r PlannedGroup, members: Vec<Option<Weighed<'r>>>) -> Self {
        // A member that is not in the record has no outcome, and is undecided.
        let outcomes = members
            .iter()
            .map(|member| member.map(|check| check.outcome()));
        let tally = Tally::of(outcomes);
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
