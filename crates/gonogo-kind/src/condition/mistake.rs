//! What is wrong with a condition, and where in its text.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Level};
use crate::node::Span;

/// A mistake in the text of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The stable code: `config/bad_condition`.
    pub code: &'static str,
    /// Whether it keeps the gate from running.
    pub level: Level,
    /// What is wrong, as a lowercase fragment.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Where it stands in the text, in bytes.
    pub at: Range<usize>,
}

impl Mistake {
    /// Returns an error.
    pub(super) fn new(code: &'static str, message: impl Into<String>, at: Range<usize>) -> Self {
        Self {
            code,
            level: Level::Error,
            message: message.into(),
            hint: None,
            at,
        }
    }

    /// Sets the hint.
    #[must_use]
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Returns the mistake as one of a gate file; `place` finds a stretch of the text in the file.
    #[must_use]
    pub fn diagnostic(self, place: impl FnOnce(Range<usize>) -> Span) -> Diagnostic {
        Diagnostic {
            level: self.level,
            hint: self.hint,
            ..Diagnostic::error(self.code, self.message, place(self.at))
        }
    }
}

/// The condition cannot be read as an expression, or names what does not exist.
pub(super) const BAD: &str = "config/bad_condition";
/// The types of its parts do not go together, or it does not come to yes or no.
pub(super) const TYPE: &str = "config/condition_type";
/// It says the same whatever is found.
pub(super) const CONSTANT: &str = "config/constant_condition";
