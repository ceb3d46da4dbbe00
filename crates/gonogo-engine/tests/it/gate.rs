//! Gates of a few lines, and what a round makes of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use futures_util::future::join;
use gonogo_engine::{Engine, Options, Plan, PlanError, RoundEnd, RunClock, Stop, plan};
use gonogo_kind::manifest::{Check, Group, Manifest};
use gonogo_kind::{Diagnostics, Expectation, Expectations, Fields, Matcher, Node};
use gonogo_model::{
    AttemptRecord, CheckIndex, CheckResult, Effect, Event, Id, Origin, Outcome, Quorum, Redactor,
    Selection, Severity, Strength,
};
use tokio::sync::watch;

use crate::probe::{Fake, KIND, Meter, Step};
use crate::time::{Clock, VirtualTime};

/// A gate under construction, and how it is run.
pub(crate) struct Gate {
    pub(crate) time: Arc<VirtualTime>,
    pub(crate) meter: Arc<Meter>,
    pub(crate) manifest: Manifest,
    pub(crate) selection: Selection,
    pub(crate) failed: Option<BTreeSet<Id>>,
    pub(crate) options: Options,
    pub(crate) deadline: Duration,
    pub(crate) stop_after: Option<Duration>,
}

pub(crate) fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

pub(crate) const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(crate) const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

pub(crate) fn gate() -> Gate {
    Gate {
        time: VirtualTime::new(),
        meter: Arc::default(),
        manifest: Manifest {
            gate: "test".to_owned(),
            release: None,
            file: "probes.yaml".to_owned(),
            file_digest: String::new(),
            files: Vec::new(),
            policies: Vec::new(),
            environment: None,
            phases: Vec::new(),
            tags: Vec::new(),
            variables: Vec::new(),
            secrets: Vec::new(),
            stand_ins: Vec::new(),
            redactor: Redactor::default(),
            valid_for: None,
            min_version: None,
            declared: Vec::new(),
            written: BTreeMap::new(),
            checks: Vec::new(),
            excluded: Vec::new(),
            groups: Vec::new(),
            waivers: Vec::new(),
        },
        selection: Selection::default(),
        failed: None,
        options: Options {
            descriptors: 20_000,
            ..Options::default()
        },
        deadline: secs(600),
        stop_after: None,
    }
}

/// A check and its probe, under construction.
pub(crate) struct Draft {
    pub(crate) check: Check,
    pub(crate) effect: Effect,
    pub(crate) origin: Option<String>,
}

impl Draft {
    pub(crate) fn needs(&mut self, ids: &[&str]) -> &mut Self {
        self.check.needs = ids.iter().map(|need| id(need)).collect();
        self
    }

    pub(crate) fn group(&mut self, group: &str) -> &mut Self {
        self.check.group = Some(id(group));
        self
    }

    pub(crate) fn severity(&mut self, severity: Severity) -> &mut Self {
        self.check.severity = severity;
        self
    }

    pub(crate) fn phases(&mut self, phases: &[&str]) -> &mut Self {
        self.check.phases = phases.iter().map(|&p| p.to_owned()).collect();
        self
    }

    pub(crate) fn tags(&mut self, tags: &[&str]) -> &mut Self {
        self.check.tags = tags.iter().map(|&t| t.to_owned()).collect();
        self
    }

    pub(crate) fn attempts(&mut self, attempts: u32) -> &mut Self {
        self.check.attempts = attempts;
        self
    }

    pub(crate) fn consecutive(&mut self, consecutive: u32) -> &mut Self {
        self.check.consecutive = consecutive;
        self
    }

    pub(crate) fn max_age(&mut self, max_age: Duration) -> &mut Self {
        self.check.max_age = Some(max_age);
        self
    }

    pub(crate) fn effect(&mut self, effect: Effect) -> &mut Self {
        self.effect = effect;
        self
    }

    pub(crate) fn origin(&mut self, origin: &str) -> &mut Self {
        self.origin = Some(origin.to_owned());
        self
    }
}

fn expectation(fact: &str, matcher: &str, strength: Strength) -> Expectation {
    let fact = KIND.fact(fact).unwrap();
    let mut diagnostics = Diagnostics::default();
    let matcher = Matcher::read(&Node::plain(matcher), fact.ty, &mut diagnostics).unwrap();
    Expectation {
        fact,
        matcher,
        strength,
        origin: Origin::Argument,
        message: None,
    }
}

impl Gate {
    /// Adds a blocker that takes these steps, one an attempt.
    pub(crate) fn check(self, name: &str, steps: impl IntoIterator<Item = Step>) -> Self {
        self.check_with(name, steps, |draft| draft)
    }

    /// Adds a check.
    pub(crate) fn check_with(
        mut self,
        name: &str,
        steps: impl IntoIterator<Item = Step>,
        with: impl FnOnce(&mut Draft) -> &mut Draft,
    ) -> Self {
        let probe = |effect, origin| {
            Arc::new(Fake {
                name: name.to_owned(),
                time: Arc::clone(&self.time),
                meter: Arc::clone(&self.meter),
                steps: steps.into_iter().collect(),
                effect,
                origin,
                attempts: AtomicUsize::new(0),
            })
        };
        let mut draft = Draft {
            effect: Effect::Reads,
            origin: None,
            check: Check {
                id: id(name),
                each_of: name.split_once('.').map(|(of, _)| id(of)),
                title: name.to_owned(),
                kind: &KIND,
                probe: Arc::new(Fake {
                    name: String::new(),
                    time: Arc::clone(&self.time),
                    meter: Arc::clone(&self.meter),
                    steps: Vec::new(),
                    effect: Effect::Reads,
                    origin: None,
                    attempts: AtomicUsize::new(0),
                }),
                expectations: Expectations {
                    list: vec![
                        expectation("ok", "true", Strength::Must),
                        expectation("good", "true", Strength::Should),
                    ],
                    ..Expectations::default()
                },
                options: BTreeMap::new(),
                fields: Fields::default(),
                written: BTreeMap::new(),
                stand_ins: Vec::new(),
                severity: Severity::Blocker,
                phases: Vec::new(),
                tags: Vec::new(),
                group: None,
                needs: Vec::new(),
                timeout: secs(10),
                attempts: 1,
                backoff: secs(1),
                consecutive: 1,
                max_age: None,
                owner: None,
                runbook: None,
                covers: Vec::new(),
                file: "gate.yaml".to_owned(),
                line: 1,
            },
        };
        with(&mut draft);
        draft.check.probe = probe(draft.effect, draft.origin);
        self.manifest.checks.push(draft.check);
        self
    }

    pub(crate) fn group(self, name: &str, quorum: Quorum) -> Self {
        self.group_of(name, quorum, Severity::Blocker)
    }

    pub(crate) fn group_of(mut self, name: &str, quorum: Quorum, severity: Severity) -> Self {
        self.manifest.groups.push(Group {
            id: id(name),
            title: name.to_owned(),
            severity,
            quorum,
            covers: Vec::new(),
            file: "gate.yaml".to_owned(),
            line: 1,
        });
        self
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    pub(crate) fn plan(&self) -> Result<Plan, PlanError> {
        plan(&self.manifest, &self.selection, self.failed.as_ref())
    }

    /// Runs the first round.
    pub(crate) fn run(&self) -> Ran {
        let plan = self.plan().unwrap();
        let mut engine = self.engine(&plan);
        self.round(&mut engine, 1, &plan.checks())
    }

    pub(crate) fn engine<'p>(&self, plan: &'p Plan) -> Engine<'p> {
        let clock = RunClock::start_by(Arc::new(Clock(Arc::clone(&self.time))));
        let redactor = self.manifest.redactor.clone();
        Engine::new(plan, self.options.clone(), clock, redactor)
    }

    pub(crate) fn round(&self, engine: &mut Engine<'_>, number: u32, checks: &[CheckIndex]) -> Ran {
        let mut events = Vec::new();
        let began = self.time.now();
        let (sender, mut stop) = watch::channel(None);
        let mut emit = |event| events.push(event);
        let deadline = self.time.at(self.deadline);
        let round = engine.round(number, checks, deadline, &mut stop, &mut emit);
        let end = match self.stop_after {
            None => self.time.block_on(round),
            Some(after) => {
                let signal = async {
                    self.time.sleep(self.time.at(after)).await;
                    sender.send_replace(Some(Stop::Terminate));
                };
                self.time.block_on(join(round, signal)).0
            }
        };
        Ran {
            ids: self
                .plan()
                .unwrap()
                .summary()
                .checks
                .iter()
                .map(|c| c.id.clone())
                .collect(),
            end,
            events,
            took: self.time.now() - began,
        }
    }
}

/// What a round did.
#[derive(Debug)]
pub(crate) struct Ran {
    ids: Vec<Id>,
    pub(crate) end: RoundEnd,
    pub(crate) events: Vec<Event>,
    pub(crate) took: Duration,
}

impl Ran {
    fn place(&self, name: &str) -> CheckIndex {
        let place = self.ids.iter().position(|id| id.as_str() == name).unwrap();
        CheckIndex(u32::try_from(place).unwrap())
    }

    /// Returns the one result of a check.
    pub(crate) fn result(&self, name: &str) -> &CheckResult {
        let place = self.place(name);
        let mut results = self.events.iter().filter_map(|event| match event {
            Event::CheckFinished { check, result, .. } if *check == place => Some(result),
            _ => None,
        });
        let result = results
            .next()
            .unwrap_or_else(|| panic!("{name} has no outcome"));
        assert!(results.next().is_none(), "{name} has two outcomes");
        result
    }

    pub(crate) fn outcome(&self, name: &str) -> Outcome {
        self.result(name).outcome
    }

    /// Returns what a result says, in one line: `skipped needs/not_passed because of x: message`.
    pub(crate) fn says(&self, name: &str) -> String {
        let result = self.result(name);
        let mut line = result.outcome.to_string();
        if let Some(code) = &result.code {
            line.push_str(&format!(" {code}"));
        }
        if let Some(blame) = &result.blame {
            line.push_str(&format!(" because of {blame}"));
        }
        if let Some(message) = &result.message {
            line.push_str(&format!(": {message}"));
        }
        line
    }

    pub(crate) fn attempts(&self, name: &str) -> Vec<&AttemptRecord> {
        let place = self.place(name);
        let attempts = self.events.iter().filter_map(|event| match event {
            Event::AttemptFinished { check, attempt, .. } if *check == place => Some(attempt),
            _ => None,
        });
        attempts.collect()
    }

    /// Returns the outcomes of a check's attempts.
    pub(crate) fn tried(&self, name: &str) -> Vec<Outcome> {
        self.attempts(name).iter().map(|a| a.outcome).collect()
    }

    /// Returns the checks in the order of their outcomes.
    pub(crate) fn finished(&self) -> Vec<&str> {
        let finished = self.events.iter().filter_map(|event| match event {
            Event::CheckFinished { check, .. } => Some(self.ids[check.as_usize()].as_str()),
            _ => None,
        });
        finished.collect()
    }
}
