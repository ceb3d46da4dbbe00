//! The probe library: one folder a kind, and one table of them.
//!
//! # Invariants
//!
//! - A kind touches its own folder and its two lines in `registry.rs`; no kind imports a kind.
//! - Nothing here knows the engine, the gate file or a report.
//! - Every wait ends by the deadline of the attempt, and every answer has a size cap.

pub mod api;
mod json;
mod kinds;
mod net;
mod registry;
mod sql;
#[cfg(test)]
mod testing;

pub use net::{Link, Net, system_roots};
pub use registry::Kinds;
