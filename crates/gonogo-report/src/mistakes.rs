//! What a CI shows of a gate that could not start: each mistake at its line of the gate file.

use crate::annotation::{Annotation, Level};
use crate::text;

/// One mistake that kept a run from starting, or a warning beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Whether it is what kept the run from starting.
    pub is_error: bool,
    /// The stable code: `config/unknown_key`.
    pub code: String,
    /// The file and the line, for what stands in one.
    pub place: Option<(String, u32)>,
    /// What is wrong, and what to do, line by line; without secrets, not yet escaped.
    pub text: Vec<String>,
}

impl Mistake {
    pub(crate) fn annotation(&self) -> Annotation {
        let (level, title) = if self.is_error {
            (Level::Error, format!("cannot start: {}", self.code))
        } else {
            (Level::Warning, self.code.clone())
        };
        let line = |text: &String| text::line(text, LINE, "...");
        let (file, at) = self.place.clone().unzip();
        Annotation {
            level,
            title: line(&title),
            code: Some(self.code.clone()),
            file: file.unwrap_or_default(),
            line: at,
            text: self.text.iter().map(line).collect(),
        }
    }
}

/// A line longer than this is for the log.
const LINE: usize = 400;
