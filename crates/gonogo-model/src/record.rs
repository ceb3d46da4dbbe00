//! The record of a run, and the pure recorder that folds events into it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::codes::engine;
use crate::{
    Code, Decimal, Event, Fault, Finding, Id, Merged, Outcome, Phase, PlanSummary, PlannedCheck,
    Reading, Shard, Stamp,
};

/// What is known of a run before anything ran.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunHeader {
    /// The run's own id.
    pub run_id: String,
    /// The gate's name.
    pub gate: String,
    /// The gate file as it was given, `-` for standard input.
    pub file: String,
    /// SHA-256 over the gate file and those that it includes, in hexadecimal.
    pub file_digest: String,
    /// The gate file and those that it includes, in the order in which they were read.
    #[serde(default)]
    pub files: Vec<GateFile>,
    /// The policy files that the gate keeps to, besides its own policy.
    #[serde(default)]
    pub policies: Vec<GateFile>,
    /// What is judged.
    pub release: Option<String>,
    /// The environment that was asked for.
    pub environment: Option<String>,
    /// Who judged.
    pub tool: Tool,
    /// The machine that judged.
    pub host: Option<String>,
    /// The pipeline's job, where there is one.
    pub ci_job: Option<String>,
    /// The run of the pipeline, which its jobs share.
    #[serde(default)]
    pub ci_run: Option<String>,
    /// The commit, where it is known.
    pub commit: Option<String>,
    /// The branch, where a CI or the repository tells it.
    #[serde(default)]
    pub branch: Option<String>,
    /// Variables with their origin; secrets by name only.
    pub variables: Vec<Variable>,
    /// The names of the secrets.
    pub secrets: Vec<String>,
    /// Seconds for which a GO holds, when the gate says so.
    pub valid_for: Option<Decimal>,
    /// Which part of the plan the run is, when it is one.
    #[serde(default)]
    pub shard: Option<Shard>,
}

/// A file that a gate was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateFile {
    /// Its name: the gate file as it was given, an included one behind the folder of the gate file.
    pub file: String,
    /// SHA-256 of its text, in hexadecimal.
    pub digest: String,
}

/// The program that made a record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// `gonogo`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// A variable of the gate file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Where the value comes from: `default`, `env TARGET_HOST`, `environments.staging`, `--var`, a file.
    pub origin: String,
}

/// One attempt of a check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AttemptRecord {
    /// The round it belongs to, from 1.
    pub round: u32,
    /// Its number within the round, from 1.
    pub number: u32,
    /// When it began.
    pub start: Timestamp,
    /// When it began, in seconds since the run began.
    pub elapsed: Decimal,
    /// How long it took, in seconds.
    pub duration: Decimal,
    /// What it would have come to by itself.
    pub outcome: Outcome,
    /// The code of what went wrong.
    pub code: Option<Code>,
    /// What went wrong.
    pub message: Option<String>,
    /// Its stretches.
    pub phases: Vec<Phase>,
}

/// What a check came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckResult {
    /// The outcome.
    pub outcome: Outcome,
    /// What the outcome would be without a waiver.
    pub was: Option<Outcome>,
    /// The code of what went wrong.
    pub code: Option<Code>,
    /// What went wrong, in one line.
    pub message: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
    /// Whether an earlier attempt of the same round failed.
    pub flaky: bool,
    /// The check or group that is to blame for a skip: the root, not the neighbour.
    pub blame: Option<Id>,
    /// The facts of the attempt that decided.
    pub facts: Vec<(String, Reading)>,
    /// The findings of the attempt that decided.
    pub findings: Vec<Finding>,
    /// What went wrong besides.
    pub faults: Vec<Fault>,
    /// Remarks for the report.
    pub notes: Vec<String>,
}

impl CheckResult {
    /// Returns a result without facts.
    #[must_use]
    pub fn bare(outcome: Outcome, code: Code, message: impl Into<String>) -> Self {
        let hint = code.decl().map(|decl| decl.hint.to_owned());
        Self {
            outcome,
            was: None,
            code: Some(code),
            message: Some(message.into()),
            hint,
            flaky: false,
            blame: None,
            facts: Vec::new(),
            findings: Vec::new(),
            faults: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// A check of the plan with what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckRecord {
    /// What was planned.
    pub plan: PlannedCheck,
    /// What came of it.
    pub result: CheckResult,
    /// Its attempts, oldest first.
    pub attempts: Vec<AttemptRecord>,
    /// When it first started.
    pub start: Option<Timestamp>,
    /// When it started, in seconds since the run began.
    pub elapsed: Option<Decimal>,
    /// From its start to its outcome, in seconds.
    pub duration: Option<Decimal>,
}

/// The whole of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// What was known before anything ran.
    pub header: RunHeader,
    /// The plan, without its checks, which stand in `checks`.
    pub plan: PlanSummary,
    /// Exactly one record for every planned check, in the order of the plan.
    pub checks: Vec<CheckRecord>,
    /// When the run began.
    pub started: Stamp,
    /// When the run ended.
    pub finished: Stamp,
    /// How many rounds there were.
    pub rounds: u32,
    /// The signal that ended the run early.
    pub interrupted: Option<String>,
    /// What the record was merged from, when several shards made it.
    #[serde(default)]
    pub merged: Option<Merged>,
}

/// Folds events into a run record.
///
/// The recorder is the plan's accountant: it holds one record for every planned check from the start,
/// and a check of which nothing is heard stays *unknown*, however the run ends.
#[derive(Debug, Clone)]
pub struct Recorder {
    record: RunRecord,
}

impl Recorder {
    /// Returns a recorder for a run that commits to `plan` at `started`.
    #[must_use]
    pub fn new(header: &RunHeader, plan: &PlanSummary, started: Stamp) -> Self {
        let record = RunRecord {
            header: header.clone(),
            plan: PlanSummary {
                digest: plan.digest.clone(),
                checks: Vec::new(),
                groups: plan.groups.clone(),
                waivers: plan.waivers.clone(),
                excluded: plan.excluded.clone(),
                selection: plan.selection.clone(),
            },
            checks: plan.checks.iter().map(CheckRecord::unheard).collect(),
            finished: started.clone(),
            started,
            rounds: 0,
            interrupted: None,
            merged: None,
        };
        Self { record }
    }

    /// Takes one event in.
    pub fn record(&mut self, event: Event) {
        let record = &mut self.record;
        let at = match event {
            Event::RunStarted { at, header, plan } => {
                *self = Self::new(&header, &plan, at);
                return;
            }
            Event::RoundStarted { at, round, checks } => {
                record.rounds = round;
                for check in checks {
                    if let Some(check) = record.checks.get_mut(check.as_usize()) {
                        check.doubt();
                    }
                }
                at
            }
            Event::CheckStarted { at, check } => {
                if let Some(check) = record.checks.get_mut(check.as_usize()) {
                    check.start.get_or_insert(at.wall);
                    check.elapsed.get_or_insert_with(|| at.elapsed.clone());
                }
                at
            }
            Event::AttemptFinished { at, check, attempt } => {
                if let Some(check) = record.checks.get_mut(check.as_usize()) {
                    check.keep(attempt);
                }
                at
            }
            Event::CheckFinished { at, check, result } => {
                if let Some(check) = record.checks.get_mut(check.as_usize()) {
                    check.result = result;
                    let began = check.elapsed.as_ref();
                    check.duration = began.map(|began| at.elapsed.minus(began));
                }
                at
            }
            Event::Interrupted { at, signal } => {
                record.interrupted.get_or_insert(signal);
                at
            }
            Event::RunFinished { at } => at,
        };
        record.finished = at;
    }

    /// Returns the record as it stands: one outcome for every planned check.
    #[must_use]
    pub const fn so_far(&self) -> &RunRecord {
        &self.record
    }

    /// Returns the record: one outcome for every planned check.
    #[must_use]
    pub fn finish(self) -> RunRecord {
        self.record
    }
}

impl CheckRecord {
    /// Returns the record of a check of which nothing was heard yet.
    fn unheard(plan: &PlannedCheck) -> Self {
        Self {
            plan: plan.clone(),
            result: CheckResult::bare(
                Outcome::Unknown,
                engine::LOST.into(),
                "the run ended without an outcome for this check",
            ),
            attempts: Vec::new(),
            start: None,
            elapsed: None,
            duration: None,
        }
    }

    /// Returns how old the proof of a pass is at a moment, in seconds, by the monotonic clock.
    ///
    /// It counts from the start of the attempt that decided.
    #[must_use]
    pub fn age(&self, at: &Stamp) -> Option<Decimal> {
        let is_pass = |outcome| matches!(outcome, Outcome::Passed | Outcome::Warned);
        let decided = self.attempts.last()?;
        (is_pass(self.result.outcome) && is_pass(decided.outcome))
            .then(|| at.elapsed.minus(&decided.elapsed))
    }

    /// Takes back a pass that is looked at again: it stands once it is told again, and not before.
    fn doubt(&mut self) {
        if matches!(self.result.outcome, Outcome::Passed | Outcome::Warned) {
            self.result = Self::unheard(&self.plan).result;
        }
    }

    /// Keeps an attempt; of a long wait the first and the latest are kept.
    fn keep(&mut self, attempt: AttemptRecord) {
        if self.attempts.len() >= MAX_ATTEMPTS {
            self.attempts.remove(MAX_ATTEMPTS / 2);
        }
        self.attempts.push(attempt);
    }
}

/// More attempts than this are not kept one by one.
const MAX_ATTEMPTS: usize = 50;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CheckIndex, Selection, Severity};

    fn stamp(second: i64) -> Stamp {
        Stamp {
            wall: Timestamp::from_second(second).unwrap(),
            elapsed: second.into(),
        }
    }

    fn planned(name: &str) -> PlannedCheck {
        PlannedCheck {
            id: Id::new(name).unwrap(),
            title: name.to_owned(),
            kind: "tcp".to_owned(),
            subject: String::new(),
            effect: crate::Effect::Reads,
            severity: Severity::Blocker,
            phases: Vec::new(),
            tags: Vec::new(),
            group: None,
            needs: Vec::new(),
            owner: None,
            runbook: None,
            covers: Vec::new(),
            expectations: Vec::new(),
            options: std::collections::BTreeMap::default(),
            timeout: 10.into(),
            attempts: 1,
            backoff: 0.into(),
            consecutive: 1,
            max_age: None,
            left_out: None,
            file: "probes.yaml".to_owned(),
            line: 1,
        }
    }

    fn recorder() -> Recorder {
        let plan = PlanSummary {
            digest: String::new(),
            checks: vec![planned("a"), planned("b")],
            groups: Vec::new(),
            waivers: Vec::new(),
            excluded: Vec::new(),
            selection: Selection::default(),
        };
        Recorder::new(&RunHeader::default(), &plan, stamp(0))
    }

    fn finished(check: u32, outcome: Outcome) -> Event {
        Event::CheckFinished {
            at: stamp(3),
            check: CheckIndex(check),
            result: CheckResult {
                code: None,
                ..CheckResult::bare(outcome, engine::LOST.into(), "told")
            },
        }
    }

    fn outcomes(recorder: &Recorder) -> Vec<Outcome> {
        let checks = recorder.so_far().checks.iter();
        checks.map(|check| check.result.outcome).collect()
    }

    fn attempt(number: u32) -> AttemptRecord {
        AttemptRecord {
            round: 1,
            number,
            start: stamp(1).wall,
            elapsed: 1.into(),
            duration: 0.into(),
            outcome: Outcome::Failed,
            code: None,
            message: None,
            phases: Vec::new(),
        }
    }

    #[test]
    fn a_check_of_which_nothing_was_heard_is_unknown() {
        let mut recorder = recorder();
        recorder.record(finished(1, Outcome::Passed));
        recorder.record(Event::RunFinished { at: stamp(9) });
        let record = recorder.finish();
        let told: Vec<_> = record
            .checks
            .iter()
            .map(|check| (check.plan.id.as_str(), check.result.outcome))
            .collect();
        assert_eq!(told, [("a", Outcome::Unknown), ("b", Outcome::Passed)]);
        assert_eq!(record.checks[0].result.code, Some(engine::LOST.into()));
        assert_eq!(record.finished, stamp(9));
    }

    #[test]
    fn a_pass_that_is_looked_at_again_stands_only_once_it_is_told_again() {
        let mut recorder = recorder();
        recorder.record(finished(0, Outcome::Passed));
        recorder.record(finished(1, Outcome::Failed));
        recorder.record(Event::RoundStarted {
            at: stamp(4),
            round: 2,
            checks: vec![CheckIndex(0), CheckIndex(1), CheckIndex(7)],
        });
        assert_eq!(outcomes(&recorder), [Outcome::Unknown, Outcome::Failed]);
        recorder.record(finished(0, Outcome::Warned));
        assert_eq!(outcomes(&recorder), [Outcome::Warned, Outcome::Failed]);
        assert_eq!(recorder.so_far().rounds, 2);
    }

    #[test]
    fn checks_that_are_not_in_the_plan_change_nothing() {
        let mut recorder = recorder();
        recorder.record(finished(2, Outcome::Passed));
        recorder.record(finished(u32::MAX, Outcome::Passed));
        recorder.record(Event::CheckStarted {
            at: stamp(1),
            check: CheckIndex(2),
        });
        assert_eq!(outcomes(&recorder), [Outcome::Unknown, Outcome::Unknown]);
    }

    #[test]
    fn an_outcome_without_a_start_has_no_duration() {
        let mut recorder = recorder();
        recorder.record(finished(0, Outcome::Passed));
        recorder.record(Event::CheckStarted {
            at: stamp(1),
            check: CheckIndex(1),
        });
        recorder.record(finished(1, Outcome::Passed));
        let durations: Vec<_> = recorder
            .finish()
            .checks
            .into_iter()
            .map(|check| check.duration)
            .collect();
        assert_eq!(durations, [None, Some(2.into())]);
    }

    #[test]
    fn of_many_attempts_the_first_and_the_latest_are_kept() {
        let mut recorder = recorder();
        let most = u32::try_from(MAX_ATTEMPTS).unwrap();
        for number in 1..=3 * most {
            recorder.record(Event::AttemptFinished {
                at: stamp(1),
                check: CheckIndex(0),
                attempt: attempt(number),
            });
        }
        let record = recorder.finish();
        let kept: Vec<u32> = record.checks[0].attempts.iter().map(|a| a.number).collect();
        let half = most / 2;
        let wanted: Vec<u32> = (1..=half).chain(3 * most - half + 1..=3 * most).collect();
        assert_eq!(kept, wanted);
    }

    #[test]
    fn the_first_signal_is_the_one_that_is_told() {
        let mut recorder = recorder();
        for signal in ["TERM", "INT"] {
            recorder.record(Event::Interrupted {
                at: stamp(1),
                signal: signal.to_owned(),
            });
        }
        assert_eq!(recorder.finish().interrupted.as_deref(), Some("TERM"));
    }
}
