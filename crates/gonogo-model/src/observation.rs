//! What a probe brings back: facts, and the faults that kept it from more.

use serde::{Deserialize, Serialize};

use crate::{Code, Decimal, Value};

/// What one look at a fact gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// The fact was there.
    Value(Value),
    /// We looked, and it is not there.
    Absent,
    /// We could not look.
    Unreadable {
        /// Why, as a stable code.
        code: Code,
        /// Why, in words.
        message: String,
    },
}

impl From<Value> for Reading {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}

/// Something that went wrong while looking.
///
/// Its [`Code`] says whose fault it is: the subject's (the check failed) or ours (the check is unknown).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// The stable code, `<kind>/<name>` or `net/refused`.
    pub code: Code,
    /// What happened, with the particulars of this case, as a lowercase fragment.
    pub message: String,
    /// What to do, when the particulars allow a better hint than the code's own.
    pub hint: Option<String>,
    /// The facts in which this fault shows itself, with the values it gives them.
    ///
    /// A check that expects exactly such a value (`state: refused`) wants the fault.
    pub shows: Vec<(String, Value)>,
}

impl Fault {
    /// Returns a fault with the code's own hint.
    pub fn new(code: impl Into<Code>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            hint: None,
            shows: Vec::new(),
        }
    }

    /// Adds a fact in which the fault shows itself.
    #[must_use]
    pub fn shown_by(mut self, fact: &str, value: impl Into<String>) -> Self {
        self.shows
            .push((fact.to_owned(), Value::Text(value.into())));
        self
    }

    /// Replaces the code's own hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// A stretch of an attempt, for the report's time lines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Phase {
    /// Its name: `resolve`, `connect`, `tls`, `first_byte`, `transfer`, `login`, `query`, ...
    pub name: String,
    /// When it began, in seconds since the attempt began.
    pub start: Decimal,
    /// How long it took, in seconds.
    pub duration: Decimal,
}

/// Everything one attempt of a probe observed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// The facts, by name, in the order in which they are shown.
    pub facts: Vec<(String, Reading)>,
    /// What went wrong, the cause first.
    pub faults: Vec<Fault>,
    /// The stretches of the attempt, in order.
    pub phases: Vec<Phase>,
    /// Remarks for the report, such as "status only: no expectation looks at the body".
    pub notes: Vec<String>,
}

impl Observation {
    /// Returns an observation that is nothing but a fault.
    #[must_use]
    pub fn fault(fault: Fault) -> Self {
        Self {
            faults: vec![fault],
            ..Self::default()
        }
    }

    /// Records a fact; a later value of the same name replaces the earlier one.
    pub fn set(&mut self, name: &str, reading: impl Into<Reading>) {
        let reading = reading.into();
        match self.facts.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = reading,
            None => self.facts.push((name.to_owned(), reading)),
        }
    }

    /// Returns what is known of a fact.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Reading> {
        self.facts
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, reading)| reading)
    }
}
