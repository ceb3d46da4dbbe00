//! How far a run is, folded from its events.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use gonogo_model::{
    AttemptRecord, CheckIndex, CheckResult, Event, GroupState, Id, Outcome, PlanSummary,
    PlannedCheck, RunHeader, Selection, Tally,
};

use crate::tell::Told;
use crate::text;

/// How far a run is.
#[derive(Debug)]
pub(super) struct Progress {
    pub(super) header: Arc<RunHeader>,
    pub(super) plan: Arc<PlanSummary>,
    pub(super) round: u32,
    /// The signal that asked the run to stop.
    pub(super) stopping: Option<String>,
    checks: Vec<CheckProgress>,
    targets: BTreeMap<Id, Target>,
    /// How many checks have ended, so that the latest are known.
    ended: usize,
    ellipsis: &'static str,
}

/// How far a check is.
#[derive(Debug, Clone, Default)]
pub(super) struct CheckProgress {
    pub(super) state: State,
    /// What the last attempt that did not pass said, or why the check ended as it did.
    pub(super) last: String,
    /// Attempts that ended in this round.
    pub(super) attempts: u32,
}

/// Where a check stands in this round.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum State {
    /// It has not started.
    #[default]
    Waiting,
    /// It runs since so long after the start of the run.
    Running(Duration),
    /// It has an outcome, the how manieth of the run.
    Done(Outcome, usize),
}

/// What a need is about.
#[derive(Debug, Clone, Copy)]
enum Target {
    Check(usize),
    Group(usize),
}

impl Progress {
    pub(super) fn new(ellipsis: &'static str) -> Self {
        Self {
            header: Arc::default(),
            plan: Arc::new(PlanSummary {
                digest: String::new(),
                checks: Vec::new(),
                groups: Vec::new(),
                waivers: Vec::new(),
                excluded: Vec::new(),
                selection: Selection::default(),
            }),
            round: 1,
            stopping: None,
            checks: Vec::new(),
            targets: BTreeMap::new(),
            ended: 0,
            ellipsis,
        }
    }

    pub(super) fn on_event(&mut self, event: &Event) {
        match event {
            Event::RunStarted { header, plan, .. } => self.begin(header, plan),
            Event::RoundStarted { round, checks, .. } => {
                self.round = *round;
                for index in checks {
                    if let Some(check) = self.checks.get_mut(index.as_usize()) {
                        check.state = State::Waiting;
                        check.attempts = 0;
                    }
                }
            }
            Event::CheckStarted { at, check } => {
                let since = Duration::try_from_secs_f64(at.elapsed.approximate());
                if let Some(check) = self.checks.get_mut(check.as_usize()) {
                    check.state = State::Running(since.unwrap_or_default());
                }
            }
            Event::AttemptFinished { check, attempt, .. } => self.attempt(*check, attempt),
            Event::CheckFinished { check, result, .. } => self.finished(*check, result),
            Event::Interrupted { signal, .. } => {
                self.stopping = Some(text::line(signal, 20, self.ellipsis));
            }
            Event::RunFinished { .. } => {}
        }
    }

    fn begin(&mut self, header: &Arc<RunHeader>, plan: &Arc<PlanSummary>) {
        self.header = Arc::clone(header);
        self.plan = Arc::clone(plan);
        self.checks = vec![CheckProgress::default(); plan.checks.len()];
        let checks = plan.checks.iter().enumerate();
        let groups = plan.groups.iter().enumerate();
        self.targets = checks
            .map(|(place, check)| (check.id.clone(), Target::Check(place)))
            .chain(groups.map(|(place, group)| (group.id.clone(), Target::Group(place))))
            .collect();
    }

    fn attempt(&mut self, index: CheckIndex, attempt: &AttemptRecord) {
        let told = Told {
            outcome: attempt.outcome,
            code: attempt.code.as_ref(),
            message: attempt.message.as_deref(),
            findings: &[],
        };
        let told = told.line(MESSAGE, self.ellipsis);
        if let Some(check) = self.checks.get_mut(index.as_usize()) {
            check.attempts = attempt.number;
            if !attempt.outcome.satisfies() {
                check.last = told;
            }
        }
    }

    fn finished(&mut self, index: CheckIndex, result: &CheckResult) {
        let told = Told {
            outcome: result.outcome,
            code: result.code.as_ref(),
            message: result.message.as_deref(),
            findings: &result.findings,
        };
        let told = told.line(MESSAGE, self.ellipsis);
        self.ended += 1;
        if let Some(check) = self.checks.get_mut(index.as_usize()) {
            check.state = State::Done(result.outcome, self.ended);
            check.last = told;
        }
    }

    /// Returns every check with how far it is.
    pub(super) fn checks(&self) -> impl Iterator<Item = (&PlannedCheck, &CheckProgress)> {
        self.plan.checks.iter().zip(&self.checks)
    }

    /// Returns for each group whether it has its quorum by now.
    pub(super) fn groups_met(&self) -> Vec<bool> {
        let groups = self.plan.groups.iter();
        let met = groups.map(|group| {
            let members = group.members.iter().map(|m| self.outcome(m.as_usize()));
            Tally::of(members).state(group.quorum) == GroupState::Met
        });
        met.collect()
    }

    /// Returns what a check still waits for.
    pub(super) fn unmet<'c>(&self, check: &'c PlannedCheck, groups_met: &[bool]) -> Vec<&'c Id> {
        let is_open = |id: &&Id| match self.targets.get(*id) {
            Some(Target::Check(place)) => !self.outcome(*place).is_some_and(Outcome::satisfies),
            Some(Target::Group(place)) => groups_met.get(*place) != Some(&true),
            None => false,
        };
        check.needs.iter().filter(is_open).collect()
    }

    fn outcome(&self, place: usize) -> Option<Outcome> {
        match self.checks.get(place)?.state {
            State::Done(outcome, _) => Some(outcome),
            State::Waiting | State::Running(_) => None,
        }
    }
}

const MESSAGE: usize = 200;
