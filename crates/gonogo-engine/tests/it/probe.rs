//! A probe that does what a test tells it.

use std::any::Any;
use std::fmt;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gonogo_kind::{BoxFuture, FactDecl, FactType, KindDecl, Looks, Probe, ProbeCx, TextChoice};
use gonogo_model::codes::net;
use gonogo_model::{CodeDecl, Decimal, Effect, Fault, Observation, Phase, Reading, Value};

use crate::time::VirtualTime;

/// The kind of every check of these tests.
pub(crate) static KIND: KindDecl = KindDecl {
    name: "fake",
    summary: "Does what a test tells it.",
    manual: "",
    looks: Looks::Directly,
    schemes: &[],
    short: "name",
    fields: &[],
    facts: &[
        FactDecl {
            name: "ok",
            ty: FactType::Boolean,
            sentence: "Whether all is well.",
            example: "true",
        },
        FactDecl {
            name: "good",
            ty: FactType::Boolean,
            sentence: "Whether all is as it should be.",
            example: "true",
        },
        FactDecl {
            name: "state",
            ty: FactType::Choice(&[TextChoice {
                word: "refused",
                sentence: "Nobody is there.",
            }]),
            sentence: "What went wrong.",
            example: "refused",
        },
        FactDecl {
            name: "answer",
            ty: FactType::Json,
            sentence: "What it said.",
            example: "{}",
        },
    ],
    state: Some("state"),
    built_in: &[],
    worth: &[],
    codes: &[],
    examples: &[],
};

/// A failure that stays.
pub(crate) const REFUSED_LOGIN: &CodeDecl = &CodeDecl::subject(
    "fake/refused_login",
    "The login was refused.",
    "Look at the password.",
)
.permanent();

/// What one attempt does.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// Passes.
    Pass,
    /// Passes what must hold, and not what should.
    Warn,
    /// Does not hold.
    Fail,
    /// Reports a fault.
    Fault(&'static CodeDecl, String),
    /// Takes this long first.
    After(Duration, Box<Self>),
    /// Waits until its deadline, as a good probe does, and reports a timeout.
    TimesOut,
    /// Never ends.
    Hangs,
    /// Panics with a text.
    Panics(String),
    /// Panics with a payload whose destructor panics too.
    PanicsTwice,
    /// Panics before it returns a future.
    PanicsAtOnce,
    /// Passes, and panics when it is dropped.
    PanicsInDrop,
    /// Never ends, and panics when it is dropped.
    HangsAndPanicsInDrop,
    /// Moves its deadline by so much, and passes in the middle of that.
    Excused(Duration),
    /// Observes this.
    Observes(Observation),
}

/// What all probes of a test have in common.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    in_flight: AtomicUsize,
    most: AtomicUsize,
    /// How many may be in flight before the next finds no descriptor; 0 means any number.
    pub(crate) descriptors: AtomicUsize,
    started: Mutex<Vec<(String, Instant)>>,
}

impl Meter {
    pub(crate) fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }

    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::SeqCst)
    }

    /// Returns the probes in the order in which they were looked through.
    pub(crate) fn order(&self) -> Vec<String> {
        let started = self.started.lock().unwrap();
        started.iter().map(|(name, _)| name.clone()).collect()
    }

    /// Returns when attempts began.
    pub(crate) fn starts(&self) -> Vec<Instant> {
        let started = self.started.lock().unwrap();
        started.iter().map(|(_, at)| *at).collect()
    }
}

/// A probe that does what a test tells it, the last step again and again.
pub(crate) struct Fake {
    pub(crate) name: String,
    pub(crate) time: Arc<VirtualTime>,
    pub(crate) meter: Arc<Meter>,
    pub(crate) steps: Vec<Step>,
    pub(crate) effect: Effect,
    pub(crate) origin: Option<String>,
    pub(crate) attempts: AtomicUsize,
}

impl fmt::Debug for Fake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Probe for Fake {
    fn effect(&self) -> Effect {
        self.effect
    }

    fn subject(&self) -> String {
        format!("subject of {}", self.name)
    }

    fn origin(&self) -> Option<String> {
        self.origin.clone()
    }

    fn observe<'a>(&'a self, cx: &'a ProbeCx) -> BoxFuture<'a, Observation> {
        let attempt = self.attempts.fetch_add(1, Ordering::SeqCst);
        let step = self.steps.get(attempt).or(self.steps.last()).unwrap();
        let mut started = self.meter.started.lock().unwrap();
        started.push((self.name.clone(), cx.started()));
        drop(started);
        if matches!(step, Step::PanicsAtOnce) {
            quietly("no future today");
        }
        Box::pin(async move {
            let in_flight = InFlight::new(&self.meter);
            let most = self.meter.descriptors.load(Ordering::SeqCst);
            if most > 0 && in_flight.number > most {
                let fault = Fault::new(net::NO_DESCRIPTORS, "too many open files");
                return Observation::fault(fault);
            }
            self.take(step, cx).await
        })
    }
}

impl Fake {
    fn take<'a>(&'a self, step: &'a Step, cx: &'a ProbeCx) -> BoxFuture<'a, Observation> {
        Box::pin(async move {
            match step {
                Step::Pass => saw(true, true),
                Step::Warn => saw(true, false),
                Step::Fail => saw(false, true),
                Step::Fault(decl, message) => Observation::fault(Fault::new(*decl, message)),
                Step::After(wait, then) => {
                    self.time.sleep(self.time.now() + *wait).await;
                    self.take(then, cx).await
                }
                Step::TimesOut => {
                    self.time.sleep(cx.deadline()).await;
                    Observation::fault(Fault::new(net::TIMEOUT, "no answer in time"))
                }
                Step::Hangs => std::future::pending().await,
                Step::Panics(text) => quietly(text.clone()),
                Step::PanicsTwice => quietly(PanicsWhenDropped),
                Step::PanicsAtOnce => unreachable!("it panicked before"),
                Step::PanicsInDrop => {
                    let _late = PanicsWhenDropped;
                    saw(true, true)
                }
                Step::HangsAndPanicsInDrop => {
                    let _late = PanicsWhenDropped;
                    std::future::pending().await
                }
                Step::Excused(wait) => {
                    cx.excuse(*wait);
                    self.time.sleep(cx.deadline() - *wait / 2).await;
                    saw(true, true)
                }
                Step::Observes(observation) => observation.clone(),
            }
        })
    }
}

/// Panics without the words of the hook, which would fill the screen.
fn quietly(payload: impl Any + Send) -> ! {
    resume_unwind(Box::new(payload))
}

struct PanicsWhenDropped;

impl Drop for PanicsWhenDropped {
    fn drop(&mut self) {
        quietly("not without a fight".to_owned());
    }
}

struct InFlight<'m> {
    meter: &'m Meter,
    number: usize,
}

impl<'m> InFlight<'m> {
    fn new(meter: &'m Meter) -> Self {
        let number = meter.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
        meter.most.fetch_max(number, Ordering::SeqCst);
        Self { meter, number }
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.meter.in_flight.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Returns what a probe saw.
pub(crate) fn saw(ok: bool, good: bool) -> Observation {
    Observation {
        facts: vec![
            ("ok".to_owned(), Reading::Value(Value::Boolean(ok))),
            ("good".to_owned(), Reading::Value(Value::Boolean(good))),
        ],
        phases: vec![Phase {
            name: "connect".to_owned(),
            start: Decimal::ZERO,
            duration: Decimal::ZERO,
        }],
        ..Observation::default()
    }
}
