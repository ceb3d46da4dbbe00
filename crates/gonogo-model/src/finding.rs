//! An expectation compared with its fact.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Code;

/// Whether an expectation must hold or should hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// From `expect` or built in: without it the check fails.
    Must,
    /// From `should`: without it the check warns.
    Should,
}

impl Strength {
    /// Returns the strength's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Should => "should",
        }
    }
}

/// Whether an expectation held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// The fact was there and is as expected.
    Yes,
    /// The fact is otherwise, or absent.
    No,
    /// The fact could not be read.
    Unreadable,
}

/// Where an expectation comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The kind brings it along.
    BuiltIn,
    /// A line of the gate file.
    File {
        /// The file's name as it was given.
        file: String,
        /// The line, from 1.
        line: u32,
    },
    /// A line of a template that the check extends.
    Template {
        /// The template's name.
        name: String,
        /// The file in which it stands.
        file: String,
        /// The line, from 1.
        line: u32,
    },
    /// An argument on the command line.
    Argument,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn => f.write_str("built in"),
            Self::File { file, line } => write!(f, "{file}:{line}"),
            Self::Template { name, file, line } => write!(f, "template {name}, {file}:{line}"),
            Self::Argument => f.write_str("command line"),
        }
    }
}

/// One expectation compared with its fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The fact, with the path into it: `status`, `json $.db.connected`, `headers content-type`.
    pub fact: String,
    /// Whether it must or should hold.
    pub strength: Strength,
    /// What was wanted, in the words of the gate file: `under 500ms`.
    pub wanted: String,
    /// What was found, shortened, in units people read: `734ms`, `absent`, `not read`.
    pub got: String,
    /// Whether it held.
    pub held: Held,
    /// The code of a fact that could not be read.
    pub code: Option<Code>,
    /// Where the expectation comes from.
    pub origin: Origin,
    /// The author's own words for when it does not hold.
    pub message: Option<String>,
}

impl Finding {
    /// What stands in the place of a fact when the finding is about several: the key of the gate file.
    pub const ASSERT: &'static str = "assert";

    /// Returns whether it is about a condition over several facts.
    #[must_use]
    pub fn is_assertion(&self) -> bool {
        self.fact == Self::ASSERT
    }
}
