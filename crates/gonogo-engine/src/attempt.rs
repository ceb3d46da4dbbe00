//! One attempt: a probe looks, and what it saw is judged.

use std::time::{Duration, Instant};

use futures_util::future::{Either, select};
use gonogo_kind::{Judged, ProbeCx, judge};
use gonogo_model::{Code, Fault, Observation, Outcome, Reading, Recurrence};
use jiff::Timestamp;

use crate::clock::RunClock;
use crate::contain::{Contained, contained};
use crate::plan::Planned;

/// An attempt that ended by itself, or was ended by the guard.
#[derive(Debug)]
pub(crate) struct Ended {
    /// The place of the check in the plan.
    pub(crate) check: usize,
    /// When it began.
    pub(crate) began: Instant,
    /// When it began, by the wall clock.
    pub(crate) wall: Timestamp,
    /// How it ended.
    pub(crate) end: End,
}

/// How an attempt ended.
#[derive(Debug)]
pub(crate) enum End {
    /// The probe observed, and was judged.
    Judged(Box<(Judged, Observation)>),
    /// The probe panicked, with this text.
    Panicked(String),
    /// The probe did not stop at its deadline.
    Overran,
}

/// Makes one attempt.
///
/// The clock starts when the attempt is first polled, not when it was queued.
pub(crate) async fn attempt(check: usize, planned: &Planned, round: u32, clock: RunClock) -> Ended {
    let began = clock.now();
    let wall = clock.wall();
    let cx = ProbeCx::new(began, planned.timeout, wall, round);
    let end = match contained(|| planned.probe.observe(&cx)) {
        Ok(looking) => guarded(Contained::new(looking), planned, &cx, &clock).await,
        Err(text) => End::Panicked(text),
    };
    Ended {
        check,
        began,
        wall,
        end,
    }
}

/// Waits for the probe, and a little longer than the deadline it was given.
async fn guarded(
    mut looking: Contained<'_, Observation>,
    planned: &Planned,
    cx: &ProbeCx,
    clock: &RunClock,
) -> End {
    loop {
        let limit = cx.deadline() + GRACE;
        match select(&mut looking, clock.sleep_until(limit)).await {
            Either::Left((Ok(observation), _)) => {
                let judged = contained(|| judge(&planned.expectations, &observation));
                return match judged {
                    Ok(judged) => End::Judged(Box::new((judged, observation))),
                    Err(text) => End::Panicked(text),
                };
            }
            Either::Left((Err(text), _)) => return End::Panicked(text),
            // A wait of our own doing may have moved the deadline in the meantime.
            Either::Right(_) if cx.deadline() + GRACE > limit => {}
            Either::Right(_) => return End::Overran,
        }
    }
}

/// Returns the fault that says that we ran out of something of our own, if that kept the attempt
/// from passing: it is made again and not counted.
pub(crate) fn ran_out(judged: &Judged, observation: &Observation) -> Option<String> {
    match judged.outcome {
        Outcome::Passed | Outcome::Warned => return None,
        Outcome::Failed
        | Outcome::Unknown
        | Outcome::Skipped
        | Outcome::Waived
        | Outcome::Awaiting => {}
    }
    let of_code = |code: &Code| code.recurrence() == Recurrence::Requeue;
    let of_fault = |fault: &&Fault| of_code(&fault.code);
    if let Some(fault) = observation.faults.iter().find(of_fault) {
        return Some(fault.message.clone());
    }
    observation
        .facts
        .iter()
        .find_map(|(_, reading)| match reading {
            Reading::Unreadable { code, message } if of_code(code) => Some(message.clone()),
            Reading::Unreadable { .. } | Reading::Value(_) | Reading::Absent => None,
        })
}

/// How much longer than its deadline a probe may take to notice it.
const GRACE: Duration = Duration::from_millis(250);
