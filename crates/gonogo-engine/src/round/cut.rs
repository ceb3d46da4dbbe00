//! The end of a round that comes before the end of its checks.

use gonogo_model::codes::{engine, needs};
use gonogo_model::{CheckResult, Event, Outcome};

use crate::engine::RoundEnd;
use crate::round::state::{Round, State};
use crate::stop::Stop;

/// Why a round ends before its checks do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    Deadline,
    FailFast,
    Stopped,
}

impl Round<'_, '_> {
    pub(super) fn stop(&mut self, signal: Stop) -> RoundEnd {
        let at = self.engine.clock.stamp();
        (self.emit)(Event::Interrupted {
            at,
            signal: signal.as_str().to_owned(),
        });
        self.cut(Cut::Stopped);
        RoundEnd::Stopped(signal)
    }

    /// Drops what is in flight, and gives every check that has none its outcome.
    pub(super) fn cut(&mut self, cut: Cut) {
        self.in_flight.clear();
        let now = self.engine.clock.now();
        for check in 0..self.looks.len() {
            let state = self.looks[check].state;
            let in_flight = match state {
                State::Outside | State::Settled => continue,
                State::Waiting => None,
                State::InFlight(began, wall) => Some((began, wall)),
            };
            let result = self.cut_result(check, cut, in_flight.is_some());
            if let Some(began) = in_flight {
                let attempt = self.attempt_record(check, began, now, &result);
                self.emit_attempt(check, attempt);
            }
            let result = self.still_standing(check, cut, result);
            self.settle(check, *result, None);
        }
        self.skips.clear();
    }

    /// Makes the result of a check that the end of the round leaves without one.
    fn cut_result(&self, check: usize, cut: Cut, in_flight: bool) -> CheckResult {
        let look = &self.looks[check];
        let (decl, outcome, message) = match cut {
            Cut::Stopped => (
                needs::INTERRUPTED,
                Outcome::Skipped,
                "the run was interrupted".to_owned(),
            ),
            Cut::FailFast => (
                needs::FAIL_FAST,
                Outcome::Skipped,
                "the run was decided before this check".to_owned(),
            ),
            Cut::Deadline if !look.started => (
                needs::DEADLINE,
                Outcome::Skipped,
                "the deadline of the run came before the check could start".to_owned(),
            ),
            Cut::Deadline if in_flight => (
                engine::RUN_DEADLINE,
                Outcome::Unknown,
                "the deadline of the run came during an attempt".to_owned(),
            ),
            Cut::Deadline if look.turned_away > 0 && look.tries.count == 0 => (
                engine::NO_SLOT,
                Outcome::Unknown,
                format!(
                    "no descriptor was left at {} attempts, and the deadline of the run came",
                    look.turned_away
                ),
            ),
            Cut::Deadline => (
                engine::RUN_DEADLINE,
                Outcome::Unknown,
                "the deadline of the run came before the next attempt".to_owned(),
            ),
        };
        CheckResult::bare(outcome, decl.into(), message)
    }

    /// Returns what is left standing of a check that is cut short: what an attempt of this round, or
    /// else the round before, proved wrong is not undone by a look that did not end.
    fn still_standing(
        &mut self,
        check: usize,
        cut: Cut,
        cut_short: CheckResult,
    ) -> Box<CheckResult> {
        let attempted = match cut {
            Cut::Deadline => self.looks[check].tries.take_failed(),
            Cut::FailFast | Cut::Stopped => None,
        };
        let before = self.engine.settled[check]
            .as_mut()
            .and_then(|settled| settled.open.take());
        match attempted.or(before) {
            Some(mut standing) => {
                let why = cut_short.message.unwrap_or_default();
                let note = format!("this is the latest look that ended: {why}");
                if !standing.notes.contains(&note) {
                    standing.notes.push(note);
                }
                standing
            }
            None => Box::new(cut_short),
        }
    }

    /// Gives an outcome to checks that nothing will ever start: a bug, and no reason to wait for ever.
    pub(super) fn lose_the_rest(&mut self) {
        for check in 0..self.looks.len() {
            if self.looks[check].state == State::Waiting {
                let message = "nothing was left to run, and the check never became ready";
                let result =
                    CheckResult::bare(Outcome::Unknown, engine::LOST.into(), message.to_owned());
                self.settle(check, result, None);
            }
        }
    }
}
