//! Matchers: what a fact is compared with.
//!
//! A matcher is read once, for the type of its fact, so that one that can never fit is a mistake in the
//! gate file and not a failing check. Comparing has three answers inside: yes, no, and "does not fit"
//! (absent, of another type, one of several, nothing there). Neither a matcher nor its opposite holds for
//! what does not fit; this is what keeps `not DOWN` from passing on an error page.

mod answer;
mod comparison;
mod display;
mod found;
mod mend;
mod never;
mod operator;
mod part;
mod path;
mod read;
mod rule;
mod scalar;
mod seen;
mod shape;
mod strength;
mod vacuous;

use std::fmt;
use std::sync::Arc;

use gonogo_model::{Code, Reading, Value};

use self::answer::Answer;
use self::part::{Part, Selector};
use self::read::Reader;
use self::rule::Rule;
use self::seen::Seen;
use self::shape::Shape;
use crate::decl::FactType;
use crate::diagnostic::Diagnostics;
use crate::node::Node;

/// What a fact is compared with.
#[derive(Debug, Clone)]
pub struct Matcher {
    /// What must be so, one finding each; shared by the checks that expect the same.
    parts: Arc<[Part]>,
    /// How many bytes its patterns take.
    patterns: usize,
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

/// One part of a matcher: what a finding is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// The place in the fact: `$.db.connected`, `content-type`; none for the whole of it.
    pub place: Option<String>,
    /// The matcher for this place.
    pub wanted: String,
}

/// Returns the operators that a map may have as keys.
pub fn operators() -> impl Iterator<Item = &'static str> {
    shape::Operator::ALL.iter().map(|(word, _)| *word)
}

impl Matcher {
    /// Reads a matcher for a fact of type `ty`; mistakes go to `diagnostics`.
    pub fn read(node: &Node, ty: FactType, diagnostics: &mut Diagnostics) -> Option<Self> {
        let mut reader = Reader {
            diagnostics,
            patterns: 0,
        };
        let parts = reader.parts(node, Shape::of(ty))?;
        Some(Self {
            parts: parts.into(),
            patterns: reader.patterns,
        })
    }

    /// Returns how many bytes of memory its patterns take.
    #[must_use]
    pub const fn pattern_size(&self) -> usize {
        self.patterns
    }

    /// Compares a reading with the matcher.
    #[must_use]
    pub fn test(&self, reading: &Reading) -> Tested {
        let tested = self.test_all(reading);
        let mut got = Vec::new();
        for (leaf, tested) in tested {
            let place = |got: String| match leaf.place {
                Some(place) => format!("{place}: {got}"),
                None => got,
            };
            match tested {
                Tested::Holds { got: part } => got.push(place(part)),
                Tested::Fails { got } => return Tested::Fails { got: place(got) },
                Tested::Unreadable { .. } => return tested,
            }
        }
        Tested::Holds {
            got: got.join(", "),
        }
    }

    /// Compares a reading with each part of the matcher.
    #[must_use]
    pub fn test_all(&self, reading: &Reading) -> Vec<(Leaf, Tested)> {
        let test = |part: &Part| match reading {
            Reading::Value(value) => part.test(Seen::of(value)),
            Reading::Absent => match part.selector {
                Selector::Whole if part.rule.answer(None) == Answer::Yes => Tested::Holds {
                    got: "absent".to_owned(),
                },
                Selector::Whole | Selector::Path(_) | Selector::Header(_) | Selector::Key(_) => {
                    Tested::Fails {
                        got: "absent".to_owned(),
                    }
                }
            },
            Reading::Unreadable { code, message } => Tested::Unreadable {
                code: code.clone(),
                message: message.clone(),
            },
        };
        self.parts
            .iter()
            .map(|part| (part.leaf(), test(part)))
            .collect()
    }

    /// Returns the parts of the matcher, one finding each.
    #[must_use]
    pub fn leaves(&self) -> Vec<Leaf> {
        self.parts.iter().map(Part::leaf).collect()
    }

    /// Returns whether the matcher names an exact value, or one of several, and `word` is among them.
    #[must_use]
    pub fn names(&self, word: &str) -> bool {
        self.names_value(&Value::text(word))
    }

    /// Returns whether the matcher names an exact value, or one of several, and `value` is among them.
    #[must_use]
    pub fn names_value(&self, value: &Value) -> bool {
        self.exact_rule()
            .is_some_and(|rule| rule.answer(Some(Seen::of(value))) == Answer::Yes)
    }

    /// Returns whether the matcher names an exact value or one of several.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.exact_rule().is_some()
    }

    /// Returns the values that the matcher names exactly; none when it does more than that.
    #[must_use]
    pub fn exact_values(&self) -> Option<Vec<&Value>> {
        self.exact_rule()?.exact_values()
    }

    /// Returns whether the matcher holds whatever a fact of type `ty` is, as far as is easily seen.
    ///
    /// A size and a ratio are never negative, and neither is a duration that is a span; for one that
    /// lies ahead, such as `expires_in`, ask [`Expectation::is_vacuous`](crate::Expectation::is_vacuous).
    #[must_use]
    pub fn is_vacuous(&self, ty: FactType) -> bool {
        self.parts
            .iter()
            .all(|part| matches!(part.selector, Selector::Whole) && part.rule.is_vacuous(ty))
    }

    /// Returns whether the matcher holds for no span of time, which is never below zero.
    #[must_use]
    pub fn holds_for_no_span(&self) -> bool {
        let is_whole = |part: &Part| matches!(part.selector, Selector::Whole);
        self.parts
            .iter()
            .any(|part| is_whole(part) && part.rule.holds_for_no_span())
    }

    fn exact_rule(&self) -> Option<&Rule> {
        match &*self.parts {
            [
                Part {
                    selector: Selector::Whole,
                    rule,
                },
            ] if rule.exact_values().is_some() => Some(rule),
            _ => None,
        }
    }
}

impl Part {
    fn test(&self, whole: Seen<'_>) -> Tested {
        let got = self.found(whole);
        match self.answer(whole) {
            Answer::Yes => Tested::Holds { got },
            Answer::No | Answer::Moot => Tested::Fails { got },
        }
    }

    fn leaf(&self) -> Leaf {
        Leaf {
            place: self.selector.text().map(str::to_owned),
            wanted: self.rule.to_string(),
        }
    }
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.parts {
            [part] if part.selector.text().is_none() => fmt::Display::fmt(&part.rule, f),
            parts => {
                let parts: Vec<String> = parts.iter().map(Part::to_string).collect();
                write!(f, "{{ {} }}", parts.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests;
