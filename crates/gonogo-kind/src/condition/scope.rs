//! What a condition may name.

use super::ty::Type;
use crate::decl::{FactDecl, KindDecl};

/// What a condition may name: facts, variables, or both.
#[derive(Clone, Copy)]
pub struct Scope<'s> {
    /// The facts that are reached by their names.
    pub facts: Facts<'s>,
    /// The variables: by `vars.NAME` always, and by their names where there are no facts.
    pub variables: &'s dyn Variables,
}

/// The facts that a condition may name.
#[derive(Clone, Copy)]
pub enum Facts<'s> {
    /// None: it is a condition over variables.
    None,
    /// Those of a kind.
    Of(&'static KindDecl),
    /// Those of any of several kinds, where it is open which one it is about.
    OfAny(&'s [&'static KindDecl]),
}

impl<'s> Facts<'s> {
    /// Returns whether the condition is one over facts.
    pub(super) const fn are_there(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// Returns the kinds whose facts they are.
    pub(super) fn kinds(self) -> impl Iterator<Item = &'static KindDecl> + use<'s> {
        let (one, several) = match self {
            Self::None => (None, [].as_slice()),
            Self::Of(kind) => (Some(kind), [].as_slice()),
            Self::OfAny(kinds) => (None, kinds),
        };
        one.into_iter().chain(several.iter().copied())
    }

    /// Returns a fact, with its type where all kinds agree on it.
    pub(super) fn get(self, name: &str) -> Option<(&'static FactDecl, Type)> {
        let mut found = self.kinds().filter_map(|kind| kind.fact(name));
        let first = found.next()?;
        let ty = Type::from(first.ty);
        let agree = found.all(|other| Type::from(other.ty) == ty);
        Some((first, if agree { ty } else { Type::Dynamic }))
    }

    /// Returns whether one of the kinds has a fact.
    pub(super) fn have(self, name: &str) -> bool {
        self.kinds().any(|kind| kind.fact(name).is_some())
    }

    /// Returns the names of all facts.
    pub(super) fn names(self) -> impl Iterator<Item = &'static str> + Clone + use<> {
        let names: Vec<&'static str> = self
            .kinds()
            .flat_map(|kind| kind.facts.iter().map(|fact| fact.name))
            .collect();
        names.into_iter()
    }
}

/// Variables by name.
pub trait Variables {
    /// Returns what is known of a name.
    fn look_up(&self, name: &str) -> Named;

    /// Returns every name that a condition may use, for suggestions.
    fn names(&self) -> Vec<String>;
}

/// What is known of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// A variable with its text.
    Text(String),
    /// A variable that has no value here, which was reported.
    Nothing,
    /// A secret, which no condition may read.
    Secret,
    /// Nothing has this name here, and whoever extends the template in which the condition stands may
    /// bring it along.
    Open,
    /// Nothing has this name.
    Unknown,
}

/// No variables at all.
#[derive(Debug, Clone, Copy)]
pub struct NoVariables;

impl Variables for NoVariables {
    fn look_up(&self, _: &str) -> Named {
        Named::Unknown
    }

    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}

impl std::fmt::Debug for Scope<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scope")
            .field("facts", &self.facts)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Facts<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.kinds().map(|kind| kind.name))
            .finish()
    }
}
