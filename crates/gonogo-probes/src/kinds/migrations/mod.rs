//! `migrations`: to be built.

mod codes;
mod config;
mod facts;
mod probe;
#[cfg(test)]
mod tests;

use gonogo_kind::{KindDecl, Looks};

pub(crate) use config::compile;

/// The declaration of `migrations`.
pub(crate) static KIND: KindDecl = KindDecl {
    name: "migrations",
    summary: "",
    manual: "",
    looks: Looks::AtEvidence,
    schemes: &[],
    short: "url",
    fields: config::FIELDS,
    facts: facts::FACTS,
    state: None,
    built_in: facts::BUILT_IN,
    codes: codes::ALL,
    examples: &[],
};
