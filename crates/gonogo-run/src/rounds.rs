//! The run itself: rounds of attempts until the verdict stands, and the report of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gonogo_engine::{Engine, Options, Plan, RunClock};
use gonogo_kind::manifest::Manifest;
use gonogo_model::codes::engine::STALE;
use gonogo_model::{
    CheckIndex, CheckResult, Event, Judgement, Outcome, Recorder, Report, RunHeader, Verdict,
};
use tokio::sync::watch;

use crate::header::header;
use crate::world::World;

pub use gonogo_engine::Stop;

/// How to run a plan.
#[derive(Debug, Clone)]
pub struct RunRequest {
    /// `--wait`: look again at what has not passed, until GO or until this time is up.
    pub wait: Option<Duration>,
    /// `--deadline`: the end of the whole run.
    pub deadline: Option<Duration>,
    /// `--fail-fast`.
    pub fail_fast: bool,
    /// `--jobs`.
    pub jobs: Option<usize>,
    /// How many descriptors this process may have.
    pub descriptors: u64,
}

impl RunRequest {
    /// Returns how long the whole run may take.
    #[must_use]
    pub fn patience(&self) -> Duration {
        self.deadline
            .unwrap_or(DEFAULT_DEADLINE + self.wait.unwrap_or_default())
    }
}

/// Everything that changes while a run goes on.
struct Run<'r> {
    engine: Engine<'r>,
    recorder: Recorder,
    clock: RunClock,
    plan: &'r Plan,
    stop: watch::Receiver<Option<Stop>>,
    deadline: Instant,
    /// Passes that were too old at the last look at the verdict.
    stale: Vec<CheckIndex>,
    /// Checks that the engine waived, and that the verdict does not count as waived.
    not_waived: Vec<CheckIndex>,
    on_event: &'r mut dyn FnMut(&Event),
}

/// Runs a plan, and returns the report: one outcome for every planned check, and the verdict.
pub async fn check(
    manifest: &Manifest,
    plan: &Plan,
    request: &RunRequest,
    world: &World,
    stop: watch::Receiver<Option<Stop>>,
    on_event: &mut dyn FnMut(&Event),
) -> Report {
    let clock = RunClock::start_by(Arc::new(world.time()));
    let header = Arc::new(RunHeader {
        shard: plan.shard(),
        ..header(manifest, world)
    });
    let options = Options {
        jobs: request.jobs,
        fail_fast: request.fail_fast,
        descriptors: request.descriptors,
        ..Options::default()
    };
    let began = clock.started();
    let mut run = Run {
        engine: Engine::new(plan, options, clock.clone(), manifest.redactor.clone()),
        recorder: Recorder::new(&header, plan.summary(), began.clone()),
        deadline: clock.began() + request.patience(),
        clock,
        plan,
        stop,
        stale: Vec::new(),
        not_waived: Vec::new(),
        on_event,
    };
    // The recorder has begun with the same: it need not hear of it.
    (run.on_event)(&Event::RunStarted {
        at: began,
        header,
        plan: Arc::clone(plan.summary()),
    });
    run.rounds(request.wait).await;
    let finished = Event::RunFinished {
        at: run.clock.stamp(),
    };
    run.tell(finished);
    let record = run.recorder.finish();
    let judgement = gonogo_gate::decide(&record);
    Report { record, judgement }
}

impl Run<'_> {
    fn tell(&mut self, event: Event) {
        (self.on_event)(&event);
        self.recorder.record(event);
    }

    async fn round(&mut self, number: u32, checks: &[CheckIndex]) {
        let (recorder, on_event) = (&mut self.recorder, &mut *self.on_event);
        let mut emit = |event: Event| {
            on_event(&event);
            recorder.record(event);
        };
        let _end = self
            .engine
            .round(number, checks, self.deadline, &mut self.stop, &mut emit)
            .await;
    }

    /// Makes rounds until GO, until nothing can change any more, or until time is up.
    async fn rounds(&mut self, wait: Option<Duration>) {
        let until = self.clock.now() + wait.unwrap_or_default();
        let mut backoff = FIRST_BACKOFF;
        let mut paused = FIRST_BACKOFF;
        let mut number = 1;
        self.round(number, &self.plan.checks()).await;
        loop {
            self.take_back_waivers();
            if self.is_settled() {
                if self.confirm(&mut number, wait.map(|_| paused)).await {
                    return;
                }
                continue;
            }
            let left = until
                .min(self.deadline)
                .saturating_duration_since(self.clock.now());
            let over = self.recorder.so_far().interrupted.is_some() || left < SHORTEST_BACKOFF;
            let open = self.open();
            if over || open.is_empty() || self.engine.hopeless() {
                return;
            }
            // Half of what is left, so that the last look is close to the end.
            paused = backoff.min(left / 2);
            if self.pause(paused).await {
                return;
            }
            backoff = (backoff * 2).min(LONGEST_BACKOFF);
            number += 1;
            self.round(number, &open).await;
        }
    }

    /// Returns the checks that another round looks at, in the order of the plan.
    fn open(&self) -> Vec<CheckIndex> {
        let mut open = self.engine.open();
        open.extend(&self.stale);
        open.extend(&self.not_waived);
        open.sort_unstable();
        open.dedup();
        open
    }

    /// Returns whether the run has all that it can have: a GO, or of a shard that everything it runs passed.
    fn is_settled(&self) -> bool {
        match self.judged().verdict {
            Verdict::Go => true,
            Verdict::Hold => self.plan.shard().is_some() && self.open().is_empty(),
            Verdict::NoGo => false,
        }
    }

    fn judged(&self) -> Judgement {
        gonogo_gate::decide(self.recorder.so_far())
    }

    /// Tells of the checks that the verdict does not count as waived what they are without their waiver.
    ///
    /// While a round goes on nobody knows how many checks of a quarantine will not pass.
    fn take_back_waivers(&mut self) {
        self.not_waived = self.judged().not_waived;
        for check in self.not_waived.clone() {
            let checks = &self.recorder.so_far().checks;
            if let Some(check_record) = checks.get(check.as_usize()) {
                let result = unwaived(check_record.result.clone());
                self.settle(check, result);
            }
        }
    }

    fn settle(&mut self, check: CheckIndex, result: CheckResult) {
        let at = self.clock.stamp();
        self.tell(Event::CheckFinished { at, check, result });
    }

    /// Looks again at every pass that is too old to prove anything now; returns whether all is said.
    ///
    /// While some are looked at others may grow old that are good for a short time only, so there are a
    /// few such rounds. A pass that is still too old after them is unknown: its proof does not reach to
    /// the verdict.
    async fn confirm(&mut self, number: &mut u32, default_age: Option<Duration>) -> bool {
        let age = default_age.unwrap_or(Duration::MAX);
        let mut old = self.engine.older_than(age, self.clock.now());
        if old.is_empty() {
            return true;
        }
        for _ in 0..CONFIRMING_ROUNDS {
            *number += 1;
            self.round(*number, &old).await;
            self.take_back_waivers();
            old = self.engine.older_than(Duration::MAX, self.clock.now());
            if old.is_empty() || !self.is_settled() {
                break;
            }
        }
        self.stale = old;
        for check in self.stale.clone() {
            let message =
                "the pass is older than max_age allows, and looking again took longer still";
            let result = CheckResult::bare(Outcome::Unknown, STALE.into(), message);
            let result = self.plan.waived(check, result, self.clock.started().wall);
            self.settle(check, result);
        }
        // After a confirming round the answer stands when it is GO again; otherwise waiting goes on.
        default_age.is_none() || self.is_settled()
    }

    /// Waits, and returns whether a signal ended the wait.
    async fn pause(&mut self, wait: Duration) -> bool {
        let until = self.clock.now() + wait;
        let stopped = tokio::select! {
            () = self.clock.sleep_until(until) => None,
            // Without a sender nobody can stop the run any more.
            stop = self.stop.wait_for(Option::is_some) => stop.ok().and_then(|stop| *stop),
        };
        let Some(stop) = stopped else { return false };
        let event = Event::Interrupted {
            at: self.clock.stamp(),
            signal: stop.as_str().to_owned(),
        };
        self.tell(event);
        true
    }
}

/// Returns a result that is not waived after all.
fn unwaived(mut result: CheckResult) -> CheckResult {
    result.outcome = result.was.take().unwrap_or(Outcome::Unknown);
    result.notes.push(TOO_MANY.to_owned());
    result
}

const TOO_MANY: &str = "more checks of the quarantine did not pass than it covers: it covers none";
/// So often passes are looked at again before a GO.
const CONFIRMING_ROUNDS: u32 = 3;
/// The whole run ends by then unless `--deadline` says otherwise.
const DEFAULT_DEADLINE: Duration = Duration::from_secs(600);
/// The pauses between the rounds of a wait begin here and double.
const FIRST_BACKOFF: Duration = Duration::from_secs(1);
/// With less time left than this another round makes no sense.
const SHORTEST_BACKOFF: Duration = Duration::from_millis(100);
const LONGEST_BACKOFF: Duration = Duration::from_secs(10);
