//! `postgres`: to be built.

mod codes;
mod config;
mod facts;
mod probe;
#[cfg(test)]
mod tests;

use gonogo_kind::{KindDecl, Looks};

pub(crate) use config::compile;

/// The declaration of `postgres`.
pub(crate) static KIND: KindDecl = KindDecl {
    name: "postgres",
    summary: "",
    manual: "",
    looks: Looks::Directly,
    schemes: &["postgres", "postgresql"],
    short: "url",
    fields: config::FIELDS,
    facts: facts::FACTS,
    state: None,
    built_in: facts::BUILT_IN,
    codes: codes::ALL,
    examples: &[],
};
