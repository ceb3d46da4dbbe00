//! The records of all shards of a run, joined into one: pure, and independent of their order.
//!
//! # Invariants
//!
//! - Whatever is not as it must be becomes a fault in the record, and a record with a fault is never GO: the
//!   gate reads the faults, so that every output and everybody who judges the record again comes to the same.
//! - A check is what its owner says, or what a shard says that needs it, if that is worse.
//! - A shard that is of another run, too old, of the future or edited adds nothing to the record but its fault.
//!   One that was interrupted, or is there twice, adds what it found as well: a failure is a failure.
//! - What no shard speaks for is skipped, and never passed.

mod join;
mod merged;
mod part;
mod sound;

pub use join::merge;
pub use merged::{MergeFault, Merged, MergedShard};
pub use part::{MergeTerms, Part};
