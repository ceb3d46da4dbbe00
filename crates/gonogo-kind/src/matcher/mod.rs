//! Matchers: what a fact is compared with.

use std::fmt;

use gonogo_model::{Code, Reading};

use crate::decl::FactType;
use crate::diagnostic::Diagnostics;
use crate::node::Node;

/// What a fact is compared with.
#[derive(Debug, Clone)]
pub struct Matcher {
    wanted: String,
}

/// What came of comparing a fact with a matcher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tested {
    /// It is as wanted.
    Holds {
        /// What was found, for people.
        got: String,
    },
    /// It is otherwise, or absent.
    Fails {
        /// What was found, for people.
        got: String,
    },
    /// It could not be read.
    Unreadable {
        /// Why.
        code: Code,
        /// Why, in words.
        message: String,
    },
}

impl Matcher {
    /// Reads a matcher for a fact of type `ty`; mistakes go to `diagnostics`.
    pub fn read(node: &Node, ty: FactType, diagnostics: &mut Diagnostics) -> Option<Self> {
        let _ = (ty, diagnostics);
        Some(Self {
            wanted: node.as_scalar()?.text.clone(),
        })
    }

    /// Compares a reading with the matcher.
    #[must_use]
    pub fn test(&self, reading: &Reading) -> Tested {
        let _ = reading;
        Tested::Fails {
            got: "not built".to_owned(),
        }
    }

    /// Returns whether the matcher names an exact value, or one of several, and `word` is among them.
    #[must_use]
    pub fn names(&self, word: &str) -> bool {
        self.wanted == word
    }

    /// Returns whether the matcher names an exact value or one of several.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        true
    }
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.wanted)
    }
}
