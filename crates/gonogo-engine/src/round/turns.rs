//! The loop of a round: starting attempts, waiting, taking in what ended.

use std::cmp::Reverse;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use gonogo_kind::BoxFuture;
use gonogo_model::codes::engine;
use gonogo_model::{AttemptRecord, CheckResult, Code, Effect, Event, Outcome};
use jiff::Timestamp;
use tokio::sync::watch;

use crate::attempt::{End, Ended, attempt, ran_out};
use crate::clean;
use crate::engine::RoundEnd;
use crate::plan::index;
use crate::round::cut::Cut;
use crate::round::state::{Round, State};
use crate::stop::Stop;
use crate::tries::Next;

impl Round<'_, '_> {
    /// Runs the round to its end.
    pub(crate) async fn run(
        mut self,
        deadline: Instant,
        stop: &mut watch::Receiver<Option<Stop>>,
    ) -> RoundEnd {
        let clock = self.engine.clock.clone();
        let mut at_deadline = clock.sleep_until(deadline);
        let stop_now = stop.clone();
        let stopped = asked_to_stop(stop);
        tokio::pin!(stopped);
        let mut alarm: Option<(Instant, BoxFuture<'static, ()>)> = None;
        self.open();
        loop {
            // Copied out: the lock of the channel must not be held while events are emitted.
            let signal = *stop_now.borrow();
            if let Some(signal) = signal {
                return self.stop(signal);
            }
            if self.unsettled > 0 && clock.now() >= deadline {
                self.cut(Cut::Deadline);
                return RoundEnd::Deadline;
            }
            if self.decided && self.unsettled > 0 {
                self.cut(Cut::FailFast);
                return RoundEnd::FailFast;
            }
            self.start();
            if self.unsettled == 0 {
                return RoundEnd::Complete;
            }
            if self.in_flight.is_empty() && self.later.is_empty() {
                self.lose_the_rest();
                return RoundEnd::Complete;
            }
            let next = self.later.peek().map(|Reverse((until, _))| *until);
            if next != alarm.as_ref().map(|(until, _)| *until) {
                alarm = next.map(|until| (until, clock.sleep_until(until)));
            }
            tokio::select! {
                biased;
                signal = &mut stopped => return self.stop(signal),
                () = &mut at_deadline => {}
                () = ring(&mut alarm) => {
                    alarm = None;
                    self.wake();
                }
                Some(ended) = self.in_flight.next() => self.take_in(ended),
            }
        }
    }

    /// Starts attempts while there are slots and checks for them.
    fn start(&mut self) {
        while self.in_flight.len() < self.engine.slots.limit() {
            let Some(check) = self.queue.pop() else {
                return;
            };
            let at = self.engine.clock.stamp();
            let look = &mut self.looks[check];
            look.state = State::InFlight(self.engine.clock.now(), at.wall);
            if !look.started {
                look.started = true;
                let check = index(check);
                (self.emit)(Event::CheckStarted { at, check });
            }
            let planned = &self.plan.checks[check];
            let clock = self.engine.clock.clone();
            let attempt = attempt(check, planned, self.number, clock);
            self.in_flight.push(Box::pin(attempt));
        }
    }

    /// Queues the checks whose wait for another attempt is over.
    fn wake(&mut self) {
        let now = self.engine.clock.now();
        while let Some(&Reverse((until, check))) = self.later.peek() {
            if until > now {
                return;
            }
            self.later.pop();
            if self.looks[check].state == State::Waiting {
                self.queue.push(check, self.plan.checks[check].origin);
            }
        }
    }

    /// Takes in an attempt that ended.
    fn take_in(&mut self, ended: Ended) {
        let Ended {
            check,
            began,
            wall,
            end,
        } = ended;
        let now = self.engine.clock.now();
        let planned = &self.plan.checks[check];
        self.queue.release(planned.origin);
        self.looks[check].state = State::Waiting;
        let unknown = |decl, message: String| {
            let message = clean::line(&self.engine.redactor, message);
            CheckResult::bare(Outcome::Unknown, Code::from(decl), message)
        };
        let (result, phases) = match end {
            End::Judged(both) => {
                let (judged, mut observation) = *both;
                if planned.effect == Effect::Reads
                    && let Some(why) = ran_out(&judged, &observation)
                {
                    return self.turn_away(check, began, now, why);
                }
                self.engine.slots.ended_well();
                self.looks[check].turned_away = 0;
                self.looks[check].first_turned_away = None;
                let phases = std::mem::take(&mut observation.phases);
                let redactor = &self.engine.redactor;
                let mut result = clean::result(redactor, planned.kind, judged, observation);
                if result.hint.is_none() && !result.outcome.satisfies() {
                    result.hint = result.code.as_ref().and_then(clean::hint_of);
                }
                (result, phases)
            }
            End::Panicked(text) => {
                let message = format!("the probe panicked: {text}");
                (unknown(engine::PANIC, message), Vec::new())
            }
            End::Overran => {
                let timeout = planned.timeout;
                let message = format!("the probe was still running after its {timeout:?}");
                (unknown(engine::OVERRAN, message), Vec::new())
            }
        };
        let attempt = AttemptRecord {
            phases,
            ..self.attempt_record(check, (began, wall), now, &result)
        };
        self.emit_attempt(check, attempt);
        match self.looks[check].tries.after(planned, result) {
            Next::Again(wait) => self.later.push(Reverse((now + wait, check))),
            Next::Done(result) => self.finish(check, *result, Some(began)),
        }
    }

    /// Makes an attempt again that found no descriptor: later, not counted, and with fewer at once.
    fn turn_away(&mut self, check: usize, began: Instant, now: Instant, why: String) {
        let in_flight = self.in_flight.len();
        self.engine.slots.ran_out(began, in_flight, now);
        let look = &mut self.looks[check];
        look.turned_away += 1;
        let since = *look.first_turned_away.get_or_insert(now);
        let patience = self.plan.checks[check].timeout * PATIENCE;
        let wait = pause(check, look.turned_away);
        if now + wait <= since + patience {
            self.later.push(Reverse((now + wait, check)));
            return;
        }
        let result = self.no_slot(check, &clean::line(&self.engine.redactor, why));
        self.finish(check, *result, None);
    }

    fn no_slot(&mut self, check: usize, why: &str) -> Box<CheckResult> {
        let look = &mut self.looks[check];
        let times = look.turned_away;
        let message = format!("no descriptor was left at {times} attempts: {why}");
        let result = CheckResult::bare(Outcome::Unknown, engine::NO_SLOT.into(), message);
        look.tries.worst(result)
    }

    pub(super) fn attempt_record(
        &self,
        check: usize,
        (began, wall): (Instant, Timestamp),
        now: Instant,
        result: &CheckResult,
    ) -> AttemptRecord {
        let run_began = self.engine.clock.began();
        AttemptRecord {
            round: self.number,
            number: self.looks[check].tries.count + 1,
            start: wall,
            elapsed: began.saturating_duration_since(run_began).into(),
            duration: now.saturating_duration_since(began).into(),
            outcome: result.outcome,
            code: result.code.clone(),
            message: result.message.clone(),
            phases: Vec::new(),
        }
    }

    pub(super) fn emit_attempt(&mut self, check: usize, attempt: AttemptRecord) {
        let at = self.engine.clock.stamp();
        let check = index(check);
        (self.emit)(Event::AttemptFinished { at, check, attempt });
    }
}

/// Waits for a signal; for ever, if nobody can send one any more.
async fn asked_to_stop(stop: &mut watch::Receiver<Option<Stop>>) -> Stop {
    let signal = match stop.wait_for(Option::is_some).await {
        Ok(signal) => *signal,
        Err(_closed) => None,
    };
    match signal {
        Some(signal) => signal,
        None => std::future::pending().await,
    }
}

/// Waits for the alarm, if there is one.
async fn ring(alarm: &mut Option<(Instant, BoxFuture<'static, ()>)>) {
    match alarm {
        Some((_, sleeping)) => sleeping.await,
        None => std::future::pending().await,
    }
}

/// Returns how long an attempt waits that found no descriptor: doubled each time, and spread out so
/// that those who were turned away together do not come back together.
fn pause(check: usize, times: u32) -> Duration {
    let full = (FIRST_PAUSE * 2_u32.saturating_pow(times.min(10) - 1)).min(LONGEST_PAUSE);
    // The mixing step of SplitMix64: no randomness is needed, only a spread.
    let mut mixed = (check as u64)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add(u64::from(times));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^= mixed >> 31;
    let share = u32::try_from(mixed % 512).unwrap_or(0);
    full / 2 + full * share / 1024
}

const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// How many times its timeout a check waits for a descriptor.
const PATIENCE: u32 = 3;
