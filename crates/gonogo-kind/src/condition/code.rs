//! A condition, resolved and checked: what is evaluated.

use std::ops::Range;
use std::sync::Arc;

use super::functions::Function;
use super::syntax::Binary;
use super::value::Val;
use crate::pattern::Pattern;

/// A part of a condition and its place in the text.
#[derive(Debug, Clone)]
pub(super) struct Code {
    pub(super) op: Op,
    pub(super) at: Range<usize>,
}

/// What a part does.
#[derive(Debug, Clone)]
pub(super) enum Op {
    Constant(Val<'static>),
    /// A variable's text; none when it has no value here.
    Variable(Option<Arc<str>>),
    /// A fact, by its place among those that the condition reads.
    Fact(usize),
    /// The name of a macro, by its place among those that are in force.
    Local(usize),
    Not(Box<Code>),
    Negate(Box<Code>),
    And(Vec<Code>),
    Or(Vec<Code>),
    Choose(Box<[Code; 3]>),
    Binary(Binary, Box<[Code; 2]>),
    Member(Box<Code>, String),
    Index(Box<[Code; 2]>),
    /// Whether a map has a key.
    Has(Box<Code>, String),
    List(Vec<Code>),
    Map(Vec<(Code, Code)>),
    Call(Function, Vec<Code>),
    Matches(Box<Code>, Pattern),
    Each(Macro, Box<Each>),
}

/// What is said of each part of a list, or of each key of a map.
#[derive(Debug, Clone)]
pub(super) struct Each {
    pub(super) range: Code,
    /// The condition of all but `map`, which may have one.
    pub(super) test: Option<Code>,
    /// What `map` makes of each.
    pub(super) made: Option<Code>,
}

/// A macro over the parts of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Macro {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
}

impl Macro {
    /// Returns the macro of a name.
    pub(super) fn of(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.name() == name)
    }

    /// Returns its name.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Exists => "exists",
            Self::ExistsOne => "exists_one",
            Self::Filter => "filter",
            Self::Map => "map",
        }
    }

    /// Every macro.
    pub(super) const ALL: &'static [Self] = &[
        Self::All,
        Self::Exists,
        Self::ExistsOne,
        Self::Filter,
        Self::Map,
    ];
}

impl Code {
    /// Returns whether this is a fact, or a place in one that is named in full.
    pub(super) fn is_place(&self) -> bool {
        match &self.op {
            Op::Fact(_) => true,
            Op::Member(whole, _) => whole.is_place(),
            Op::Index(parts) => {
                let [whole, index] = &**parts;
                matches!(index.op, Op::Constant(_)) && whole.is_place()
            }
            _ => false,
        }
    }

    /// Adds every place in a fact that is read, once for each way in which it is written.
    pub(super) fn places<'c>(&'c self, text: &str, places: &mut Vec<&'c Self>) {
        if self.is_place() {
            let same = |other: &&Self| text.get(other.at.clone()) == text.get(self.at.clone());
            if !places.iter().any(same) {
                places.push(self);
            }
            return;
        }
        self.each_part(&mut |part| part.places(text, places));
    }

    fn each_part<'c>(&'c self, visit: &mut dyn FnMut(&'c Self)) {
        match &self.op {
            Op::Constant(_) | Op::Variable(_) | Op::Fact(_) | Op::Local(_) => {}
            Op::Not(part)
            | Op::Negate(part)
            | Op::Member(part, _)
            | Op::Has(part, _)
            | Op::Matches(part, _) => visit(part),
            Op::And(parts) | Op::Or(parts) | Op::List(parts) | Op::Call(_, parts) => {
                parts.iter().for_each(visit);
            }
            Op::Choose(parts) => parts.iter().for_each(visit),
            Op::Binary(_, parts) | Op::Index(parts) => parts.iter().for_each(visit),
            Op::Map(entries) => {
                for (key, value) in entries {
                    visit(key);
                    visit(value);
                }
            }
            Op::Each(_, each) => {
                visit(&each.range);
                each.test.iter().chain(&each.made).for_each(visit);
            }
        }
    }
}
