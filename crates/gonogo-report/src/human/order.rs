//! In which order a summary tells what happened.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::{
    CheckRecord, GroupState, GroupVerdict, Id, Outcome, PlannedGroup, Reason, Report, Severity,
    Verdict,
};

/// One thing that is not in order.
#[derive(Debug)]
pub(crate) enum Item<'r> {
    /// A check, and the checks that are skipped because of it.
    Check(&'r CheckRecord, Vec<&'r Id>),
    /// A group that is not met or undecided, and the checks that are skipped because of it.
    Group(&'r PlannedGroup, &'r GroupVerdict, Vec<&'r Id>),
}

/// A summary's material, sorted.
#[derive(Debug, Default)]
pub(crate) struct Order<'r> {
    /// What is not in order, root causes first.
    pub(crate) open: Vec<Item<'r>>,
    /// Skipped checks that no item above accounts for.
    pub(crate) skipped: Vec<&'r CheckRecord>,
    /// Checks that a waiver covers.
    pub(crate) waived: Vec<&'r CheckRecord>,
    /// Checks with a `should` that does not hold.
    pub(crate) warned: Vec<&'r CheckRecord>,
    /// Checks that passed, in the order of the plan.
    pub(crate) passed: Vec<&'r CheckRecord>,
    /// Groups that have their quorum.
    pub(crate) met: Vec<(&'r PlannedGroup, &'r GroupVerdict)>,
    /// What is wrong with the run as a whole.
    pub(crate) run: Vec<&'r Reason>,
}

impl<'r> Order<'r> {
    pub(crate) fn of(report: &'r Report) -> Self {
        Sorter::new(report).sort()
    }
}

struct Sorter<'r> {
    report: &'r Report,
    checks: BTreeMap<&'r Id, &'r CheckRecord>,
    groups: BTreeMap<&'r Id, (&'r PlannedGroup, &'r GroupVerdict)>,
    /// Skipped checks by the check or group that is to blame.
    blamed: BTreeMap<&'r Id, Vec<&'r Id>>,
    told: BTreeSet<&'r Id>,
    order: Order<'r>,
}

impl<'r> Sorter<'r> {
    fn new(report: &'r Report) -> Self {
        let checks = &report.record.checks;
        let mut blamed: BTreeMap<&Id, Vec<&Id>> = BTreeMap::new();
        for check in checks {
            if let (Outcome::Skipped, Some(root)) = (check.result.outcome, &check.result.blame) {
                blamed.entry(root).or_default().push(&check.plan.id);
            }
        }
        let verdicts: BTreeMap<&Id, &GroupVerdict> =
            report.judgement.groups.iter().map(|v| (&v.id, v)).collect();
        let groups = report.record.plan.groups.iter();
        Self {
            report,
            checks: checks.iter().map(|c| (&c.plan.id, c)).collect(),
            groups: groups
                .filter_map(|g| Some((&g.id, (g, *verdicts.get(&g.id)?))))
                .collect(),
            blamed,
            told: BTreeSet::new(),
            order: Order::default(),
        }
    }

    fn sort(mut self) -> Order<'r> {
        let reasons = &self.report.judgement.reasons;
        let decisive = |verdict| reasons.iter().filter(move |r| r.verdict == verdict);
        for reason in decisive(Verdict::NoGo).chain(decisive(Verdict::Hold)) {
            self.reason(reason);
        }
        self.rest(Outcome::Failed);
        self.rest(Outcome::Unknown);
        self.rest(Outcome::Awaiting);
        self.remaining_groups();
        for check in &self.report.record.checks {
            if self.told.contains(&check.plan.id) {
                continue;
            }
            match check.result.outcome {
                Outcome::Skipped => self.order.skipped.push(check),
                Outcome::Waived => self.order.waived.push(check),
                Outcome::Warned => self.order.warned.push(check),
                Outcome::Passed => self.order.passed.push(check),
                Outcome::Failed | Outcome::Unknown | Outcome::Awaiting => {}
            }
        }
        self.order
    }

    fn reason(&mut self, reason: &'r Reason) {
        let Some(id) = &reason.id else {
            self.order.run.push(reason);
            return;
        };
        if let Some(check) = self.checks.get(id).copied() {
            // A skipped check is a consequence: it is told under its root, or with its like.
            if check.result.outcome != Outcome::Skipped {
                self.check(check, &reason.consequences);
            }
        } else if let Some((group, verdict)) = self.groups.get(id).copied() {
            self.open_group(group, verdict, &reason.consequences);
        } else {
            self.order.run.push(reason);
        }
    }

    fn check(&mut self, check: &'r CheckRecord, consequences: &'r [Id]) {
        if self.told.insert(&check.plan.id) {
            let skipped = self.consequences(&check.plan.id, consequences);
            self.order.open.push(Item::Check(check, skipped));
        }
    }

    /// Tells a group, then its members that are not in order.
    fn open_group(
        &mut self,
        group: &'r PlannedGroup,
        verdict: &'r GroupVerdict,
        consequences: &'r [Id],
    ) {
        if !self.told.insert(&group.id) {
            return;
        }
        let skipped = self.consequences(&group.id, consequences);
        self.order.open.push(Item::Group(group, verdict, skipped));
        for wanted in [Outcome::Failed, Outcome::Unknown, Outcome::Awaiting] {
            for member in &group.members {
                let check = self.report.record.checks.get(member.as_usize());
                if let Some(check) = check.filter(|c| c.result.outcome == wanted) {
                    self.check(check, &[]);
                }
            }
        }
    }

    fn consequences(&mut self, root: &Id, named: &'r [Id]) -> Vec<&'r Id> {
        let blamed = self.blamed.get(root).cloned().unwrap_or_default();
        let all = named.iter().chain(blamed).filter(|id| {
            let check = self.checks.get(*id);
            check.is_some_and(|check| check.result.outcome == Outcome::Skipped)
        });
        let all: Vec<&Id> = all.collect();
        all.into_iter().filter(|id| self.told.insert(id)).collect()
    }

    /// Tells what no reason is about: checks that are no blockers, members of groups that are met.
    fn rest(&mut self, outcome: Outcome) {
        let checks = &self.report.record.checks;
        for weight in [Severity::Blocker, Severity::Warning, Severity::Info] {
            let of_weight = checks
                .iter()
                .filter(|c| c.result.outcome == outcome && c.plan.severity == weight);
            for check in of_weight {
                self.check(check, &[]);
            }
        }
    }

    fn remaining_groups(&mut self) {
        for group in &self.report.record.plan.groups {
            let Some((group, verdict)) = self.groups.get(&group.id).copied() else {
                continue;
            };
            match verdict.state {
                GroupState::Met => self.order.met.push((group, verdict)),
                GroupState::NotMet | GroupState::Undecided => self.open_group(group, verdict, &[]),
            }
        }
    }
}
