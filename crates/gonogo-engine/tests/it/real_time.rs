//! The clocks of this machine and tokio's timers, once.

use std::time::Instant;

use gonogo_engine::{Engine, Options, RoundEnd, RunClock};
use gonogo_model::{CheckIndex, Event, Outcome, Redactor};
use tokio::sync::watch;

use crate::gate::{gate, millis, secs};
use crate::probe::Step::{Fail, Hangs, Pass};

/// A retry waits for its backoff, and a probe that ignores its deadline is stopped.
#[test]
fn a_round_by_the_clocks_of_this_machine() {
    let gate = gate()
        .check_with("retry", [Fail, Pass], |c| c.attempts(2))
        .check("overruns", [Hangs])
        .with(|g| {
            g.manifest.checks[0].backoff = millis(5);
            g.manifest.checks[1].timeout = millis(5);
        });
    let plan = gate.plan().unwrap();
    let clock = RunClock::start();
    let mut engine = Engine::new(&plan, Options::default(), clock, Redactor::default());
    let mut events = Vec::new();
    let mut emit = |event| events.push(event);
    let (_sender, mut stop) = watch::channel(None);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let began = Instant::now();
    let checks = plan.checks();
    let deadline = began + secs(600);
    let end = runtime.block_on(engine.round(1, &checks, deadline, &mut stop, &mut emit));
    assert_eq!(end, RoundEnd::Complete);
    let looked = engine.looked_at(CheckIndex(0)).unwrap();
    assert!(looked >= began + millis(5));
    let outcomes: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::CheckFinished { check, result, .. } => {
                let code = result.code.as_ref().map(|code| code.as_str().to_owned());
                Some((check.0, result.outcome, code))
            }
            _ => None,
        })
        .collect();
    let overran = Some("engine/overran".to_owned());
    assert_eq!(
        outcomes,
        [(0, Outcome::Passed, None), (1, Outcome::Unknown, overran)]
    );
}
