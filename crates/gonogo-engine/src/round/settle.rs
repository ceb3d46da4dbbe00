//! Outcomes, and what follows from them: who may start now, who never will, and who is to blame.

use std::time::Instant;

use crate::engine::Settled;
use crate::graph::Node;
use crate::plan::index;
use crate::round::state::{Round, State, met};
use gonogo_model::codes::{engine, needs};
use gonogo_model::{CheckResult, Code, Event, GroupState, Id, Outcome, Recurrence, Tally};

impl Round<'_, '_> {
    /// Settles what is left out, and queues what needs nothing more.
    pub(super) fn open(&mut self) {
        for check in 0..self.looks.len() {
            if self.looks[check].state == State::Waiting
                && self.plan.checks[check].left_out.is_none()
            {
                self.if_ready(check);
            }
        }
        for check in 0..self.looks.len() {
            if let (State::Waiting, Some(left_out)) =
                (self.looks[check].state, self.plan.checks[check].left_out)
            {
                let result =
                    CheckResult::bare(Outcome::Skipped, left_out.code().into(), left_out.reason());
                self.settle(check, result, None);
            }
        }
        self.skip_the_blocked();
    }

    /// Settles a check, and whatever that makes ready or impossible.
    pub(super) fn finish(&mut self, check: usize, result: CheckResult, looked: Option<Instant>) {
        self.settle(check, result, looked);
        self.skip_the_blocked();
    }

    /// Skips the checks that need something that did not pass, and those that need these.
    ///
    /// A queue and no recursion: a chain of needs may be as long as a gate has checks.
    fn skip_the_blocked(&mut self) {
        while let Some(check) = self.skips.pop_front() {
            let result = self.blocked(check);
            self.settle(check, result, None);
        }
    }

    /// Gives a check its outcome for this round.
    pub(super) fn settle(&mut self, check: usize, result: CheckResult, looked: Option<Instant>) {
        self.looks[check].state = State::Settled;
        self.unsettled -= 1;
        let began = self.engine.clock.started().wall;
        let result = self.plan.waived(index(check), result, began);
        let outcome = result.outcome;
        let is_pass = matches!(outcome, Outcome::Passed | Outcome::Warned);
        let code = result.code.as_ref();
        self.engine.settled[check] = Some(Settled {
            outcome,
            recurrence: code.map_or(Recurrence::Transient, Code::recurrence),
            blame: result.blame.clone(),
            looked,
            open: (!is_pass).then(|| Box::new(result.clone())),
        });
        let at = self.engine.clock.stamp();
        (self.emit)(Event::CheckFinished {
            at,
            check: index(check),
            result,
        });
        if let Some(group) = self.plan.graph.group_of[check] {
            self.count_member(group, outcome);
        } else if outcome == Outcome::Failed && self.plan.summary().checks[check].severity.blocks()
        {
            self.decided |= self.engine.options.fail_fast;
        }
        for place in 0..self.plan.graph.dependents[check].len() {
            self.one_need_less(self.plan.graph.dependents[check][place]);
        }
    }

    fn count_member(&mut self, group: usize, outcome: Outcome) {
        let look = &mut self.groups[group];
        look.unsettled -= 1;
        look.passes += u32::from(outcome.satisfies());
        look.failures += u32::from(outcome == Outcome::Failed);
        let planned = &self.plan.summary().groups[group];
        let members = u32::try_from(planned.members.len()).unwrap_or(u32::MAX);
        let tally = Tally {
            planned: members,
            passes: look.passes,
            undecided: members - look.passes - look.failures,
        };
        if tally.state(planned.quorum) == GroupState::NotMet && planned.severity.blocks() {
            self.decided |= self.engine.options.fail_fast;
        }
        if look.met.is_none() {
            look.met = met(look, planned.quorum.needed(members));
            if look.met.is_some() {
                for place in 0..self.plan.graph.group_dependents[group].len() {
                    self.one_need_less(self.plan.graph.group_dependents[group][place]);
                }
            }
        }
    }

    /// Takes note that one of a check's needs is settled.
    fn one_need_less(&mut self, check: usize) {
        let look = &mut self.looks[check];
        look.waits_for = look.waits_for.saturating_sub(1);
        if look.state == State::Waiting && self.plan.checks[check].left_out.is_none() {
            self.if_ready(check);
        }
    }

    /// Queues a check if all its needs are settled and satisfied, and skips it if they are not.
    fn if_ready(&mut self, check: usize) {
        if self.looks[check].waits_for > 0 {
            return;
        }
        let needs = &self.plan.graph.needs[check];
        if needs.iter().all(|&need| self.satisfied(need) == Some(true)) {
            self.queue.push(check, self.plan.checks[check].origin);
        } else {
            self.skips.push_back(check);
        }
    }

    /// Makes the result of a check that needs something that did not pass.
    fn blocked(&self, check: usize) -> CheckResult {
        let summary = self.plan.summary();
        let mut needs = self.plan.graph.needs[check].iter();
        let Some(&need) = needs.find(|&&need| self.satisfied(need) != Some(true)) else {
            return CheckResult::bare(
                Outcome::Unknown,
                engine::LOST.into(),
                "the check was to be skipped, and everything it needs passed",
            );
        };
        let (id, what, root) = match need {
            Node::Check(of) => {
                let settled = self.engine.settled[of].as_ref();
                let what = match settled.map(|settled| settled.outcome) {
                    Some(Outcome::Failed) => "failed",
                    Some(Outcome::Awaiting) => "awaits a signature",
                    Some(Outcome::Skipped) if self.plan.checks[of].left_out.is_some() => {
                        "was left out"
                    }
                    Some(Outcome::Skipped) => "was skipped",
                    Some(Outcome::Unknown) | None => "is unknown",
                    Some(Outcome::Passed | Outcome::Warned | Outcome::Waived) => "passed",
                };
                let blame = settled.and_then(|settled| settled.blame.clone());
                (&summary.checks[of].id, what, blame)
            }
            Node::Group(of) => {
                let blame = self.common_blame(of);
                // Whether it is not met or undecided is for the verdict to say, at the end.
                (&summary.groups[of].id, "has too few passes", blame)
            }
        };
        let message = match &root {
            Some(root) => format!("needs {id}, which {what} because of {root}"),
            None => format!("needs {id}, which {what}"),
        };
        CheckResult {
            blame: Some(root.unwrap_or_else(|| id.clone())),
            ..CheckResult::bare(Outcome::Skipped, needs::NOT_PASSED.into(), message)
        }
    }

    /// Returns the root to which every settled member that did not pass points, if it is one.
    fn common_blame(&self, group: usize) -> Option<Id> {
        let members = self.plan.graph.members[group].iter();
        let mut roots = members
            .filter_map(|&member| self.engine.settled[member].as_ref())
            .filter(|settled| !settled.outcome.satisfies())
            .map(|settled| settled.blame.as_ref());
        let first = roots.next()??;
        roots.all(|root| root == Some(first)).then(|| first.clone())
    }
}
