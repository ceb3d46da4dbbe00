//! From a manifest to a plan, and from a plan to events.
//!
//! [`plan()`] decides what will run and commits to it: a [`Plan`] has a digest and never changes.
//! [`Engine::round`] looks at checks of the plan, as many at once as this machine allows, and emits
//! [events](gonogo_model::Event): exactly one [`CheckFinished`](gonogo_model::Event::CheckFinished)
//! for every check of the round, however the round ends.
//!
//! # Invariants
//!
//! - Nothing here decides a verdict, formats an output or knows YAML or a kind.
//! - One task, one writer of events, one order; no detached task outlives a round.
//! - Every wait has an end: the attempt's deadline with a guard around it, and the round's deadline.
//! - A panic of a probe is contained and becomes the outcome *unknown* of its check.
//! - No text of a probe reaches an event before the redactor has seen it.

mod attempt;
mod clean;
mod clock;
mod codes;
mod contain;
mod digest;
mod engine;
mod graph;
mod plan;
mod plan_error;
mod queue;
mod round;
mod select;
mod shard;
mod slots;
mod stop;
mod tries;
mod waive;

pub use clock::{RunClock, SystemTime, Time};
pub use codes::ALL as CODES;
pub use digest::digest;
pub use engine::{Engine, Options, RoundEnd};
pub use gonogo_model::Selection;
pub use plan::{Plan, plan};
pub use plan_error::PlanError;
pub use stop::Stop;
