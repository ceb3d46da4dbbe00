//! Stable codes: what can go wrong, whose fault it is, and what to do about it.
//!
//! A code is `<area>/<snake_case_name>`. The codes that do not belong to one kind are declared here,
//! one file an area; a kind declares its own beside its probe. A code once released keeps its meaning.

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

pub mod api;
pub mod engine;
pub mod gate;
pub mod needs;
pub mod net;
pub mod notify;
pub mod output;
pub mod shard;
pub mod tls;
pub mod waiver;

/// Whose fault a code speaks of, which decides between *failed* and *unknown*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Blame {
    /// The subject of the check is wrong: *failed*.
    Subject,
    /// We could not look: *unknown*.
    Us,
}

/// What another attempt can be expected to bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Recurrence {
    /// It may pass by itself: try again.
    Transient,
    /// It stays until somebody acts (an expired certificate, a refused login): do not try again.
    Permanent,
    /// We ran out of something of our own: try again without counting the attempt.
    Requeue,
}

/// The declaration of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CodeDecl {
    /// The code.
    pub code: &'static str,
    /// Whose fault it is.
    pub blame: Blame,
    /// What another attempt can be expected to bring.
    pub recurrence: Recurrence,
    /// What it means, in one sentence.
    pub meaning: &'static str,
    /// What to do about it.
    pub hint: &'static str,
}

impl CodeDecl {
    /// Declares a code for which the subject is to blame and which may pass by itself.
    #[must_use]
    pub const fn subject(code: &'static str, meaning: &'static str, hint: &'static str) -> Self {
        Self {
            code,
            blame: Blame::Subject,
            recurrence: Recurrence::Transient,
            meaning,
            hint,
        }
    }

    /// Declares a code for which we are to blame.
    #[must_use]
    pub const fn ours(code: &'static str, meaning: &'static str, hint: &'static str) -> Self {
        Self {
            code,
            blame: Blame::Us,
            recurrence: Recurrence::Transient,
            meaning,
            hint,
        }
    }

    /// Says that another attempt will bring the same.
    #[must_use]
    pub const fn permanent(mut self) -> Self {
        self.recurrence = Recurrence::Permanent;
        self
    }

    /// Says that the attempt is to be made again without being counted.
    #[must_use]
    pub const fn requeue(mut self) -> Self {
        self.recurrence = Recurrence::Requeue;
        self
    }
}

/// A code as it stands in a record: declared in this program, or read from a report of another version.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Code {
    text: Cow<'static, str>,
    decl: Option<&'static CodeDecl>,
}

impl Code {
    /// Returns the code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the declaration; a code that was read from a report has none.
    #[must_use]
    pub const fn decl(&self) -> Option<&'static CodeDecl> {
        self.decl
    }

    /// Returns whose fault it is; of an undeclared code we know nothing, so it is ours.
    #[must_use]
    pub fn blame(&self) -> Blame {
        self.decl.map_or(Blame::Us, |decl| decl.blame)
    }

    /// Returns the same code as one of ours.
    ///
    /// A service that refuses a connection has failed where it is the subject; where it only holds the
    /// evidence about something else, its refusal keeps us from looking.
    #[must_use]
    pub fn as_ours(&self) -> Self {
        static OURS: LazyLock<Vec<CodeDecl>> = LazyLock::new(|| {
            let shared = SHARED.iter().copied().flatten();
            let ours = shared.map(|decl| CodeDecl {
                blame: Blame::Us,
                ..**decl
            });
            ours.collect()
        });
        let decl = OURS.iter().find(|decl| decl.code == self.text);
        Self {
            text: self.text.clone(),
            decl: decl.or(self.decl),
        }
    }

    /// Returns what another attempt can be expected to bring.
    #[must_use]
    pub fn recurrence(&self) -> Recurrence {
        self.decl
            .map_or(Recurrence::Transient, |decl| decl.recurrence)
    }
}

impl From<&'static CodeDecl> for Code {
    fn from(decl: &'static CodeDecl) -> Self {
        Self {
            text: Cow::Borrowed(decl.code),
            decl: Some(decl),
        }
    }
}

impl From<String> for Code {
    fn from(text: String) -> Self {
        let decl = SHARED
            .iter()
            .copied()
            .flatten()
            .copied()
            .find(|decl| decl.code == text);
        Self {
            text: Cow::Owned(text),
            decl,
        }
    }
}

impl From<Code> for String {
    fn from(code: Code) -> Self {
        code.text.into_owned()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

/// Every code that does not belong to one kind, by area.
pub const SHARED: &[&[&CodeDecl]] = &[
    engine::ALL,
    gate::ALL,
    needs::ALL,
    net::ALL,
    notify::ALL,
    api::ALL,
    output::ALL,
    shard::ALL,
    tls::ALL,
    waiver::ALL,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_as_ours_blames_nobody_else() {
        let expired = Code::from(tls::EXPIRED);
        let ours = expired.as_ours();
        assert_eq!(ours.as_str(), "tls/expired");
        assert_eq!((expired.blame(), ours.blame()), (Blame::Subject, Blame::Us));
        assert_eq!(ours.recurrence(), Recurrence::Permanent);
        assert_eq!(ours.decl().map(|decl| decl.hint), Some(tls::EXPIRED.hint));
    }

    #[test]
    fn codes_are_unique_and_well_formed() {
        let mut seen = std::collections::BTreeSet::new();
        for decl in SHARED.iter().copied().flatten() {
            assert!(seen.insert(decl.code), "{} is declared twice", decl.code);
            let (area, name) = decl.code.split_once('/').expect("area/name");
            for part in [area, name] {
                assert!(
                    part.bytes()
                        .all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit()),
                    "{part}"
                );
            }
            assert!(
                decl.meaning.ends_with('.') && decl.hint.ends_with(['.', '?']),
                "{}",
                decl.code
            );
        }
    }
}
