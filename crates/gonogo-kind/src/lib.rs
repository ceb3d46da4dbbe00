//! The contract of a probe kind.
//!
//! A kind is one declaration ([`KindDecl`]: its fields, facts, built-in expectations and codes) and one
//! function that turns read fields into a [`Probe`]. From the declaration everything else follows:
//! reading the gate file, the JSON Schema, `explain`, the reference page, suggestions for typos.
//!
//! A probe observes; it never judges. Judging is here, once for all kinds: [`Matcher`]s compare facts
//! with what the gate file wants, and [`judge()`] makes an outcome of it.
//!
//! # Invariants
//!
//! - No tokio, no protocol client, no printing, no file access.
//! - Judging is pure: the same observation and expectations give the same outcome.
//! - Whatever a person wrote keeps its [`Span`], so that a mistake is shown where it stands.

pub mod condition;
mod decl;
mod diagnostic;
mod expectation;
mod field;
pub mod flow;
mod glob;
mod judge;
pub mod manifest;
pub mod matcher;
mod node;
mod pattern;
mod probe;
mod suggest;
pub mod unit;

pub use decl::{
    BuiltIn, Example, FactDecl, FactType, Hold, KindDecl, KindTable, Looks, TextChoice, Worth,
};
pub use diagnostic::{Diagnostic, Diagnostics, Fix, Level};
pub use expectation::{ASSERT, Assertion, Expectation, Expectations, built_in};
pub use field::{
    Choice, FieldDecl, FieldMistake, FieldType, FieldValue, Fields, ReadCx, RootsSource,
    SecretText, read_field, to_json,
};
pub use glob::glob_matches;
pub use judge::{Judged, judge};
pub use matcher::Matcher;
pub use node::{Entry, FileId, Node, NodeValue, Scalar, ScalarStyle, Span, Spanned};
pub use pattern::Pattern;
pub use probe::{BoxFuture, Probe, ProbeCx};
pub use suggest::{closest, slip};
