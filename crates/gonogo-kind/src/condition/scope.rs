//! What a condition may name.

use crate::decl::KindDecl;

/// What a condition may name: the facts of a kind, variables, or both.
#[derive(Clone, Copy)]
pub struct Scope<'s> {
    /// The kind whose facts are reached by their names; none for a condition over variables.
    pub kind: Option<&'static KindDecl>,
    /// The variables: by `vars.NAME` always, and by their names where there are no facts.
    pub variables: &'s dyn Variables,
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
            .field("kind", &self.kind.map(|kind| kind.name))
            .finish_non_exhaustive()
    }
}
