//! What follows from an attempt: another one, or the outcome of the check.

use std::time::Duration;

use gonogo_model::{CheckResult, Effect, Outcome, Recurrence};

use crate::plan::Planned;

/// The attempts of one check in one round.
#[derive(Debug, Default)]
pub(crate) struct Tries {
    /// How many attempts were counted.
    pub(crate) count: u32,
    failures: u32,
    passes_in_a_row: u32,
    /// The latest attempt that failed; an attempt that only could not look does not make it untrue.
    failed: Option<Box<CheckResult>>,
    /// The latest attempt of the row that warned.
    warned: Option<Box<CheckResult>>,
}

/// What follows from an attempt.
#[derive(Debug)]
pub(crate) enum Next {
    /// Another attempt after this wait.
    Again(Duration),
    /// The check has its outcome.
    Done(Box<CheckResult>),
}

impl Tries {
    /// Takes in what an attempt came to by itself.
    pub(crate) fn after(&mut self, rules: &Planned, result: CheckResult) -> Next {
        self.count += 1;
        match result.outcome {
            Outcome::Passed | Outcome::Warned => self.after_pass(rules, result),
            Outcome::Failed
            | Outcome::Unknown
            | Outcome::Skipped
            | Outcome::Waived
            | Outcome::Awaiting => self.after_failure(rules, result),
        }
    }

    /// Returns the attempt that failed, when nothing proved the contrary since.
    pub(crate) fn take_failed(&mut self) -> Option<Box<CheckResult>> {
        self.failed.take()
    }

    fn after_pass(&mut self, rules: &Planned, result: CheckResult) -> Next {
        self.passes_in_a_row += 1;
        let last = self.passes_in_a_row >= rules.consecutive;
        let mut result = Box::new(result);
        if result.outcome == Outcome::Warned {
            if !last {
                self.warned = Some(result);
                return Next::Again(rules.backoff);
            }
        } else if !last {
            return Next::Again(rules.backoff);
        } else if let Some(warned) = self.warned.take() {
            result = warned;
        }
        result.flaky = self.failed.is_some();
        Next::Done(result)
    }

    fn after_failure(&mut self, rules: &Planned, result: CheckResult) -> Next {
        self.failures += 1;
        self.passes_in_a_row = 0;
        self.warned = None;
        let permanent = result
            .code
            .as_ref()
            .is_some_and(|code| code.recurrence() == Recurrence::Permanent);
        let again = self.failures < rules.attempts && !permanent && rules.effect == Effect::Reads;
        match (again, result.outcome) {
            (true, Outcome::Failed) => {
                self.failed = Some(Box::new(result));
                Next::Again(rules.backoff)
            }
            (true, _) => Next::Again(rules.backoff),
            (false, _) => Next::Done(self.worst(result)),
        }
    }

    /// Ends the attempts with `last`: failed weighs more than unknown.
    pub(crate) fn worst(&mut self, last: CheckResult) -> Box<CheckResult> {
        match self.failed.take() {
            Some(mut failed) if last.outcome != Outcome::Failed => {
                let why = last.message.as_deref().unwrap_or("no reason is known");
                let note = format!("an attempt failed, and a later one could not look: {why}");
                failed.notes.push(note);
                failed
            }
            Some(_) | None => Box::new(last),
        }
    }
}
