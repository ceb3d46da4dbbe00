//! Which of the outcomes that a record calls waived are waived, and what became of each waiver.
//!
//! The record is not believed: a check counts as waived if a waiver of the plan names it, was not over
//! when the run began, covers all that went wrong, and is not exhausted. Otherwise the check is judged by
//! what it was.

use std::collections::BTreeSet;

use gonogo_model::codes::waiver as codes;
use gonogo_model::{
    CheckIndex, CheckRecord, CodeDecl, Outcome, PlannedWaiver, RunRecord, WaiverState,
    WaiverVerdict,
};

/// What the waivers of a plan make of a record.
pub(crate) struct Waivers {
    /// By the place of the check.
    judged: Vec<Judged>,
    pub(crate) verdicts: Vec<WaiverVerdict>,
}

/// A check with its waivers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judged {
    /// What counts: the outcome of the record, unless that claims a waiver and has none.
    pub(crate) outcome: Outcome,
    /// The place of the waiver that would cover it, were it not for its count.
    covered_by: Option<usize>,
    pub(crate) doubt: Option<Doubt>,
}

/// Why a check is not waived although the record says so, or a waiver names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// The record says so, and no waiver covers it.
    NotCovered,
    /// The quarantine at this place covers fewer than the number that is given.
    Exhausted(usize, u32),
    /// The waiver at this place was over.
    Expired(usize),
}

impl Waivers {
    pub(crate) fn of(record: &RunRecord) -> Self {
        let checks = record.checks.iter();
        let mut waivers = Self {
            judged: checks.map(Judged::unwaived).collect(),
            verdicts: Vec::with_capacity(record.plan.waivers.len()),
        };
        waivers.find_coverage(record, |waiver| waiver.quarantine.is_none());
        waivers.find_coverage(record, |waiver| waiver.quarantine.is_some());
        for (place, waiver) in record.plan.waivers.iter().enumerate() {
            let verdict = waivers.judge(record, place, waiver);
            waivers.verdicts.push(verdict);
        }
        waivers
    }

    /// Returns what a check counts as.
    pub(crate) fn judged(&self, place: usize) -> Option<Judged> {
        self.judged.get(place).copied()
    }

    /// Returns the checks that the record calls waived and that are not.
    pub(crate) fn not_waived(&self, record: &RunRecord) -> Vec<CheckIndex> {
        let checks = record.checks.iter().zip(&self.judged).zip(0..);
        checks
            .filter(|((check, judged), _)| {
                check.result.outcome == Outcome::Waived && judged.outcome != Outcome::Waived
            })
            .map(|(_, place)| CheckIndex(place))
            .collect()
    }

    /// Finds for each check that did not pass the first waiver that covers it.
    fn find_coverage(&mut self, record: &RunRecord, chosen: impl Fn(&PlannedWaiver) -> bool) {
        let began = record.started.wall;
        let waivers = record.plan.waivers.iter().enumerate();
        for (place, waiver) in waivers.filter(|(_, waiver)| chosen(waiver)) {
            for check in &waiver.checks {
                let at = check.as_usize();
                let (Some(check), Some(judged)) = (record.checks.get(at), self.judged.get_mut(at))
                else {
                    continue;
                };
                if truth(check).is_none() || judged.covered_by.is_some() {
                    continue;
                }
                if waiver.covers(&check.result, began) {
                    judged.covered_by = Some(place);
                } else if waiver.until.is_over(began) && judged.doubt.is_none() {
                    judged.doubt = Some(Doubt::Expired(place));
                }
            }
        }
    }

    /// Grants a waiver to the checks that claim it, or to none of them.
    fn judge(&mut self, record: &RunRecord, place: usize, waiver: &PlannedWaiver) -> WaiverVerdict {
        let by_this = |check: &CheckIndex| {
            let judged = self.judged.get(check.as_usize());
            judged.is_some_and(|judged| judged.covered_by == Some(place))
        };
        // A set: a check that is named twice counts once.
        let covered: BTreeSet<CheckIndex> = waiver.checks.iter().copied().filter(by_this).collect();
        let many = u32::try_from(covered.len()).unwrap_or(u32::MAX);
        let is_exhausted = waiver.quarantine.is_some_and(|count| many > count);
        let mut waives = Vec::new();
        for check in covered {
            let at = check.as_usize();
            let claims = record.checks.get(at).map(|c| c.result.outcome) == Some(Outcome::Waived);
            let Some(judged) = self.judged.get_mut(at) else {
                continue;
            };
            judged.doubt = is_exhausted.then_some(Doubt::Exhausted(place, many));
            if claims && !is_exhausted {
                judged.outcome = Outcome::Waived;
                waives.push(check);
            }
        }
        let state = if is_exhausted {
            WaiverState::Exhausted
        } else if waives.is_empty() {
            idle(record, waiver)
        } else {
            WaiverState::Used
        };
        WaiverVerdict {
            state,
            code: code(state).map(Into::into),
            waives,
        }
    }
}

impl Judged {
    /// Returns the place of the waiver by which a check counts as waived.
    pub(crate) fn waived_by(&self) -> Option<usize> {
        self.covered_by.filter(|_| self.outcome == Outcome::Waived)
    }

    /// Judges a check as if there were no waiver.
    fn unwaived(check: &CheckRecord) -> Self {
        let claims = check.result.outcome == Outcome::Waived;
        Self {
            // A record that does not say what it was is not one of ours.
            outcome: match check.result.outcome {
                Outcome::Waived => truth(check).unwrap_or(Outcome::Unknown),
                outcome => outcome,
            },
            covered_by: None,
            doubt: claims.then_some(Doubt::NotCovered),
        }
    }
}

/// Returns what a check came to by itself, if a waiver can cover that.
fn truth(check: &CheckRecord) -> Option<Outcome> {
    let truth = match check.result.outcome {
        Outcome::Waived => check.result.was?,
        outcome => outcome,
    };
    match truth {
        Outcome::Failed | Outcome::Unknown => Some(truth),
        Outcome::Passed
        | Outcome::Warned
        | Outcome::Skipped
        | Outcome::Waived
        | Outcome::Awaiting => None,
    }
}

/// Says why a waiver covers nothing.
fn idle(record: &RunRecord, waiver: &PlannedWaiver) -> WaiverState {
    let named = waiver.checks.iter();
    let planned = named.filter_map(|check| record.checks.get(check.as_usize()));
    let mut looked_at = planned
        .filter(|check| check.plan.left_out.is_none())
        .peekable();
    if waiver.checks.is_empty() && waiver.excluded.is_empty() {
        WaiverState::Orphaned
    } else if waiver.until.is_over(record.started.wall) {
        WaiverState::Expired
    } else if looked_at.peek().is_none() {
        WaiverState::NotInRun
    } else if looked_at
        .all(|check| matches!(check.result.outcome, Outcome::Passed | Outcome::Warned))
    {
        WaiverState::Unneeded
    } else {
        WaiverState::Unused
    }
}

const fn code(state: WaiverState) -> Option<&'static CodeDecl> {
    match state {
        WaiverState::Exhausted => Some(codes::EXHAUSTED),
        WaiverState::Expired => Some(codes::EXPIRED),
        WaiverState::Orphaned => Some(codes::ORPHANED),
        WaiverState::Unneeded => Some(codes::UNNEEDED),
        WaiverState::Used | WaiverState::Unused | WaiverState::NotInRun => None,
    }
}
