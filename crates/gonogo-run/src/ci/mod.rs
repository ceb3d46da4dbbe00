//! The CI that a run is part of: which it is, and what it is told besides the outputs that were asked for.
//!
//! # Invariants
//!
//! - Only what a CI documents is used: commands in its log, and the files that it names.
//! - Nothing here changes a verdict or an exit code, except that a file which cannot be written whole is a lost
//!   output like any other.
//! - No secret is printed, not even for the CI to hide it: see `docs/adr/0013-ci.md`.

mod detect;
mod files;
mod log;
mod mistakes;

pub use detect::{Ci, Provider, detect};
pub use files::Told;
pub use mistakes::mistakes;

use std::hash::{BuildHasher as _, RandomState};

/// Returns a word that nobody can guess.
#[must_use]
pub fn unguessable() -> String {
    // Every `RandomState` has keys of its own, which the system has drawn.
    let draw = || RandomState::new().hash_one("a word");
    format!("{:016x}{:016x}", draw(), draw())
}
