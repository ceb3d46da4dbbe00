//! A condition, ready to be asked.

use gonogo_model::{Code as StableCode, Reading, Value};

use super::check::{Checked, Checker};
use super::code::Code;
use super::eval::{Failure, Known, Machine};
use super::hint::said;
use super::mistake::{CONSTANT, Mistake, TYPE};
use super::one_line::{Quotes, one_line};
use super::parser;
use super::scope::Scope;
use super::ty::Type;
use super::value::Val;
use crate::decl::FactDecl;
use crate::diagnostic::Level;
use crate::unit::show;

/// A condition that was read and found meaningful.
#[derive(Debug, Clone)]
pub struct Condition {
    text: String,
    code: Code,
    reads: Vec<&'static FactDecl>,
    /// How many bytes its patterns take.
    patterns: usize,
}

/// What came of asking a condition about facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tested {
    /// It holds.
    Holds {
        /// What was found, for people.
        got: String,
    },
    /// It does not, or something that it reads is absent, or it cannot be evaluated.
    Fails {
        /// What was found, for people.
        got: String,
    },
    /// A fact that it reads could not be read.
    Unreadable {
        /// The fact.
        fact: &'static str,
        /// Why.
        code: StableCode,
        /// Why, in words.
        message: String,
    },
}

impl Condition {
    /// Reads a condition; every mistake in it goes to `mistakes`, warnings among them.
    #[must_use]
    pub fn read(text: &str, scope: Scope<'_>, mistakes: &mut Vec<Mistake>) -> Option<Self> {
        let tree = match parser::parse(text) {
            Ok(tree) => tree,
            Err(mistake) => {
                mistakes.push(mistake);
                return None;
            }
        };
        let mut checker = Checker {
            scope,
            text,
            mistakes: Vec::new(),
            reads: Vec::new(),
            reads_variable: false,
            locals: Vec::new(),
            patterns: 0,
        };
        let checked = checker.check(&tree);
        let checked = checked.and_then(|checked| as_a_whole(&mut checker, checked));
        let has_errors = checker.mistakes.iter().any(|m| m.level == Level::Error);
        mistakes.append(&mut checker.mistakes);
        let condition = Self {
            text: text.to_owned(),
            code: checked?.code,
            reads: checker.reads,
            patterns: checker.patterns,
        };
        (!has_errors).then_some(condition)
    }

    /// Returns the condition as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the condition in one line, as it was written but for blanks and comments.
    #[must_use]
    pub fn shown(&self) -> String {
        one_line(&self.text, Quotes::AsWritten)
    }

    /// Returns the condition in one line that is the same for all that differ in blanks, comments and
    /// quotes alone.
    #[must_use]
    pub fn normal(&self) -> String {
        one_line(&self.text, Quotes::Alike)
    }

    /// Returns how many bytes of memory its patterns take.
    #[must_use]
    pub const fn pattern_size(&self) -> usize {
        self.patterns
    }

    /// Returns the facts that it reads, each once.
    #[must_use]
    pub fn facts(&self) -> &[&'static FactDecl] {
        &self.reads
    }

    /// Answers a condition over variables; none when one of them has no value here.
    ///
    /// # Errors
    ///
    /// Why it cannot be evaluated, as a lowercase fragment.
    pub fn decide(&self) -> Result<Option<bool>, String> {
        let mut machine = Machine::new(&self.text, &[], Known::Yes);
        match machine.run(&self.code) {
            Ok(Val::Boolean(yes)) => Ok(Some(yes)),
            Ok(other) => Err(format!(
                "it comes to {}, and not to true or false",
                other.show_with_type()
            )),
            Err(Failure::Unknown) => Ok(None),
            Err(Failure::Reason(reason)) => Err(reason),
        }
    }

    /// Asks the condition; `reading` knows the facts.
    ///
    /// A fact that is absent decides before anything is evaluated, and so does one that is unreadable.
    #[must_use]
    pub fn test<'r>(&self, reading: impl Fn(&str) -> Option<&'r Reading>) -> Tested {
        let mut facts: Vec<(&'static FactDecl, &Value)> = Vec::new();
        let mut unreadable = None;
        let mut absent = Vec::new();
        for fact in &self.reads {
            match reading(fact.name) {
                Some(Reading::Value(value)) => facts.push((fact, value)),
                // Whoever says nothing of a fact has not found it.
                Some(Reading::Absent) | None => absent.push(fact.name),
                Some(Reading::Unreadable { code, message }) => {
                    unreadable = unreadable.or(Some((fact.name, code, message)));
                }
            }
        }
        if !absent.is_empty() {
            let got: Vec<String> = absent
                .iter()
                .map(|name| format!("{name} is absent"))
                .collect();
            return Tested::Fails {
                got: got.join(", "),
            };
        }
        if let Some((fact, code, message)) = unreadable {
            return Tested::Unreadable {
                fact,
                code: code.clone(),
                message: message.clone(),
            };
        }
        let mut machine = Machine::new(&self.text, &facts, Known::Yes);
        let answer = machine.run(&self.code);
        let found = self.found(&facts);
        match answer {
            Ok(Val::Boolean(true)) => Tested::Holds { got: found },
            Ok(Val::Boolean(false)) => Tested::Fails { got: found },
            Ok(other) => {
                let got = format!(
                    "it comes to {}, and not to true or false",
                    other.show_with_type()
                );
                Tested::Fails { got }
            }
            Err(Failure::Reason(reason)) if found.is_empty() => Tested::Fails { got: reason },
            Err(Failure::Reason(reason)) => Tested::Fails {
                got: format!("{reason} ({found})"),
            },
            Err(Failure::Unknown) => Tested::Fails {
                got: "a variable has no value".to_owned(),
            },
        }
    }

    /// Says what was found at the places that the condition reads: `status 503, duration 120ms`.
    fn found(&self, facts: &[(&'static FactDecl, &Value)]) -> String {
        let mut places = Vec::new();
        self.code.places(&self.text, &mut places);
        let shown = places.into_iter().filter_map(|place| {
            let value = Machine::new(&self.text, facts, Known::Yes)
                .run(place)
                .ok()?;
            let name = said(&self.text, &place.at);
            Some(format!("{name} {}", value.show_whole()))
        });
        let shown: Vec<String> = shown.take(MAX_SHOWN).collect();
        show::shortened(&shown.join(", "))
    }
}

/// Holds that the whole is yes or no, and not always the same.
fn as_a_whole(checker: &mut Checker<'_>, checked: Checked) -> Option<Checked> {
    let all = checked.code.at.clone();
    if !checked.ty.may_be(&Type::Boolean) {
        let message = format!(
            "the condition comes to {}, and not to true or false",
            checked.ty.describe()
        );
        let said = checker.said(&all);
        return checker.mistake(
            Mistake::new(TYPE, message, all)
                .hint(format!("Compare it with something: `{said} == ...`.")),
        );
    }
    if checker.mistakes.iter().any(|m| m.level == Level::Error) {
        return None;
    }
    let of_facts = checker.scope.facts.are_there();
    if of_facts && checker.reads.is_empty() {
        return checker.mistake(
            Mistake::new(CONSTANT, "the condition reads no fact", all)
                .hint("It would say the same whatever is found."),
        );
    }
    if !of_facts && !checker.reads_variable {
        return checker.mistake(
            Mistake::new(CONSTANT, "the condition reads no variable", all)
                .hint("It would always say the same: leave out the `when`, or the check."),
        );
    }
    let mut machine = Machine::new(checker.text, &[], Known::No);
    let message = match machine.run(&checked.code) {
        Ok(Val::Boolean(true)) => "the condition holds whatever is found".to_owned(),
        Ok(Val::Boolean(false)) => "the condition never holds".to_owned(),
        Err(Failure::Reason(reason)) => format!("the condition never holds: {reason}"),
        Ok(_) | Err(Failure::Unknown) => return Some(checked),
    };
    checker.mistake(
        Mistake::new(CONSTANT, message, all)
            .hint("A condition that cannot be otherwise proves nothing."),
    )
}

/// How many of the facts that a condition reads are shown.
const MAX_SHOWN: usize = 8;
