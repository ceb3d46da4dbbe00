//! Conditions: CEL over facts (`assert`) or over variables (`when`).
//!
//! The language is the part of the Common Expression Language that a gate needs, checked before anything
//! runs and evaluated exactly; `docs/adr/0007-cel.md` says why it is read and evaluated here. What is
//! different from CEL is different so that a condition cannot lie:
//!
//! - Numbers are exact: `0.1 + 0.2 == 0.3`, whole numbers of any size, no `/` that cuts off a fraction.
//! - Quantities have units: a duration is compared with a duration, never with a number.
//! - Values of different types are neither equal nor unequal, except that nothing is equal to null.
//! - `all`, `exists` and `exists_one` over nothing prove nothing.
//! - What fails while it is evaluated makes the condition not hold, with the reason.
//!
//! From text to answer: `lexer`, `parser` (what was written, `syntax`), `check` and `names`
//! (what it means, `code`), `eval`. Everything that calls itself is as deep as the parser allows.

mod arithmetic;
mod check;
mod code;
mod compare;
mod convert;
mod equal;
mod escape;
mod eval;
mod exact;
mod functions;
mod hint;
mod lexer;
mod mistake;
mod names;
mod one_line;
mod parser;
mod read;
mod scope;
mod syntax;
mod ty;
mod value;

pub use mistake::Mistake;
pub use read::{Condition, Tested};
pub use scope::{Facts, Named, NoVariables, Scope, Variables};

#[cfg(test)]
mod tests;
