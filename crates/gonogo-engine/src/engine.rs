//! The engine of one run: what stays between its rounds.

use std::time::{Duration, Instant};

use gonogo_model::{CheckIndex, CheckResult, Event, Id, Outcome, Recurrence, Redactor};
use tokio::sync::watch;

use crate::clock::RunClock;
use crate::plan::{Plan, index};
use crate::round::Round;
use crate::select::LeftOut;
use crate::slots::Slots;
use crate::stop::Stop;

/// How a run uses this machine.
#[derive(Debug, Clone)]
pub struct Options {
    /// `--jobs`: the most attempts in flight at once; by default as many as the machine allows.
    pub jobs: Option<usize>,
    /// The most attempts in flight at one origin (address and port); 10.
    pub per_origin: usize,
    /// `--fail-fast`: ends the round once a blocker has failed or a blocking group cannot be met.
    pub fail_fast: bool,
    /// How many descriptors this process may have open, after raising the limit.
    pub descriptors: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            jobs: None,
            per_origin: 10,
            fail_fast: false,
            descriptors: 1_024,
        }
    }
}

/// How a round ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoundEnd {
    /// Every check of the round was looked at, or skipped for what it needs.
    Complete,
    /// The deadline of the run came first.
    Deadline,
    /// `--fail-fast` ended it.
    FailFast,
    /// A signal ended it.
    Stopped(Stop),
}

/// Runs a plan, round by round.
#[derive(Debug)]
pub struct Engine<'p> {
    pub(crate) plan: &'p Plan,
    pub(crate) options: Options,
    pub(crate) clock: RunClock,
    pub(crate) redactor: Redactor,
    pub(crate) slots: Slots,
    /// What each check came to in the latest round that looked at it.
    pub(crate) settled: Vec<Option<Settled>>,
}

/// What a check came to.
#[derive(Debug)]
pub(crate) struct Settled {
    pub(crate) outcome: Outcome,
    pub(crate) recurrence: Recurrence,
    /// The root of a skip.
    pub(crate) blame: Option<Id>,
    /// When the attempt that decided began.
    pub(crate) looked: Option<Instant>,
    /// The whole result, while it is no pass: a later round that is cut short leaves it standing.
    pub(crate) open: Option<Box<CheckResult>>,
}

/// What can never pass in a run.
struct Lost {
    checks: Vec<bool>,
    groups: Vec<bool>,
}

impl<'p> Engine<'p> {
    /// Returns an engine that has not looked at anything yet.
    #[must_use]
    pub fn new(plan: &'p Plan, options: Options, clock: RunClock, redactor: Redactor) -> Self {
        Self {
            slots: Slots::new(options.jobs, options.descriptors),
            settled: plan.checks.iter().map(|_| None).collect(),
            plan,
            options,
            clock,
            redactor,
        }
    }

    /// Looks at `checks`, each until it has its outcome, and emits what happens.
    ///
    /// The first round of a run looks at [every check](Plan::checks). A later one looks again at some;
    /// the others stand as they were, also where they are needed. However the round ends, exactly one
    /// `CheckFinished` is emitted for each of its checks. After [`RoundEnd::Stopped`], whose event is
    /// emitted here, the caller starts no other round.
    pub async fn round(
        &mut self,
        round: u32,
        checks: &[CheckIndex],
        deadline: Instant,
        stop: &mut watch::Receiver<Option<Stop>>,
        emit: &mut dyn FnMut(Event),
    ) -> RoundEnd {
        Round::new(self, round, checks, emit)
            .run(deadline, stop)
            .await
    }

    /// Returns what a check came to in the latest round that looked at it.
    #[must_use]
    pub fn outcome(&self, check: CheckIndex) -> Option<Outcome> {
        let settled = self.settled.get(check.as_usize())?.as_ref();
        settled.map(|settled| settled.outcome)
    }

    /// Returns the checks that another round would look at again: planned to run, and not satisfied.
    #[must_use]
    pub fn open(&self) -> Vec<CheckIndex> {
        self.chosen(|settled| !settled.is_some_and(|settled| settled.outcome.satisfies()))
    }

    /// Returns whether waiting for another round is no use: a blocker that runs, or a blocking group,
    /// can never pass, or nothing that is open can.
    ///
    /// What failed with a permanent code stays as it is, and so does whatever needs that.
    #[must_use]
    pub fn hopeless(&self) -> bool {
        let (lost, open) = (self.lost(), self.open());
        let summary = self.plan.summary();
        let blocks = |place: usize| {
            let check = &summary.checks[place];
            check.group.is_none() && check.severity.blocks() && check.left_out.is_none()
        };
        (0..lost.checks.len()).any(|place| lost.checks[place] && blocks(place))
            || (0..lost.groups.len())
                .any(|group| lost.groups[group] && summary.groups[group].severity.blocks())
            || (!open.is_empty() && open.iter().all(|check| lost.checks[check.as_usize()]))
    }

    /// Finds what can never pass in this run.
    fn lost(&self) -> Lost {
        let graph = &self.plan.graph;
        let mut lost = Lost {
            checks: vec![false; self.settled.len()],
            groups: vec![false; graph.members.len()],
        };
        let mut can_pass: Vec<usize> = graph.members.iter().map(Vec::len).collect();
        let mut work: Vec<usize> = (0..self.settled.len())
            .filter(|&check| {
                let permanent = self.settled[check].as_ref().is_some_and(|settled| {
                    !settled.outcome.satisfies() && settled.recurrence == Recurrence::Permanent
                });
                let left_out = self.plan.checks[check].left_out;
                // Another shard may bring what this one leaves out.
                let is_given_up =
                    left_out.is_some_and(|why| !matches!(why, LeftOut::OtherShard { .. }));
                permanent || is_given_up
            })
            .collect();
        while let Some(check) = work.pop() {
            let passed = self.settled[check].as_ref();
            if passed.is_some_and(|settled| settled.outcome.satisfies())
                || std::mem::replace(&mut lost.checks[check], true)
            {
                continue;
            }
            work.extend(&graph.dependents[check]);
            if let Some(group) = graph.group_of[check] {
                can_pass[group] -= 1;
                let planned = &self.plan.summary().groups[group];
                let members = u32::try_from(planned.members.len()).unwrap_or(u32::MAX);
                let needed = planned.quorum.needed(members) as usize;
                if can_pass[group] < needed && !lost.groups[group] {
                    lost.groups[group] = true;
                    work.extend(&graph.group_dependents[group]);
                }
            }
        }
        lost
    }

    /// Returns the checks that passed and whose proof will be older than their `max_age` (`default` for those
    /// without one) at the moment `at`.
    ///
    /// The age of a proof counts from the start of the attempt that decided. A waiver is a decision and no
    /// proof: it does not grow old.
    #[must_use]
    pub fn older_than(&self, default: Duration, at: Instant) -> Vec<CheckIndex> {
        let mut stale = Vec::new();
        for (place, (planned, settled)) in self.plan.checks.iter().zip(&self.settled).enumerate() {
            let Some(settled) = settled else { continue };
            let Some(looked) = settled.looked else {
                continue;
            };
            let max_age = planned.max_age.unwrap_or(default);
            let is_pass = matches!(settled.outcome, Outcome::Passed | Outcome::Warned);
            if is_pass && at.saturating_duration_since(looked) > max_age {
                stale.push(index(place));
            }
        }
        stale
    }

    /// Returns when the attempt that decided a check began; none if it was never looked at.
    #[must_use]
    pub fn looked_at(&self, check: CheckIndex) -> Option<Instant> {
        self.settled.get(check.as_usize())?.as_ref()?.looked
    }

    fn chosen(&self, keep: impl Fn(Option<&Settled>) -> bool) -> Vec<CheckIndex> {
        let checks = self.plan.checks.iter().zip(&self.settled).enumerate();
        checks
            .filter(|(_, (planned, settled))| planned.left_out.is_none() && keep(settled.as_ref()))
            .map(|(place, _)| index(place))
            .collect()
    }
}
