//! Renders events and reports: everything a person or a pipeline sees of a run.
//!
//! # Invariants
//!
//! - Renders, never decides: every word about the verdict comes from the [`Judgement`].
//! - Whatever comes from a target, a gate file or the environment is hostile text. It is escaped here,
//!   at the sink, whether or not somebody escaped it before: no output holds a control character, a
//!   direction mark or an invisible character, but for line ends and our own colours and cursor moves.
//! - Colour never carries a meaning of its own.
//! - Nothing is printed here: every renderer returns text.
//!
//! [`Judgement`]: gonogo_model::Judgement

pub mod diff;
pub mod events;
pub mod formats;
pub mod graph;
pub mod human;
pub mod json;
pub mod list;
pub mod live;
pub mod nagios;
pub mod notice;
pub mod plain;
pub mod plan;
pub mod roll;

mod annotation;
mod inert;
mod layout;
mod mistakes;
mod style;
mod tell;
mod text;

pub use formats::{Format, View};
pub use inert::inert;
pub use layout::row;
pub use mistakes::Mistake;
pub use style::{Style, Verbosity};
pub use text::escape;
