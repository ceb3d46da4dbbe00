//! From an observation and expectations to an outcome.

use gonogo_model::{Code, Fault, Finding, Observation, Outcome};

use crate::expectation::Expectations;

/// What an attempt comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The outcome: passed, warned, failed or unknown.
    pub outcome: Outcome,
    /// The code of what decided, when it is not passed.
    pub code: Option<Code>,
    /// What decided, in one line.
    pub message: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
    /// Every expectation compared with its fact.
    pub findings: Vec<Finding>,
    /// The faults that nobody wanted.
    pub faults: Vec<Fault>,
}

/// Judges one observation.
#[must_use]
pub fn judge(expectations: &Expectations, observation: &Observation) -> Judged {
    let _ = (expectations, observation);
    Judged {
        outcome: Outcome::Unknown,
        code: None,
        message: None,
        hint: None,
        findings: Vec::new(),
        faults: Vec::new(),
    }
}
