//! The verdict: one pure function from a run record to a judgement.
//!
//! No clock, no I/O, no options: the same record gives the same judgement, today and when it is
//! replayed in a year. Every output and the exit code read what [`decide()`] says, and nothing else decides.
//!
//! # The rule
//!
//! - **NO-GO** if a blocker failed, or a blocking group is not met.
//! - else **HOLD** if a blocker is unknown, skipped or awaiting, a blocking group is undecided, the run
//!   is partial or interrupted, it is a shard, it was merged of shards that are not each there once, sound
//!   and of one run, or nothing was proved;
//! - else **GO**.
//!
//! A *blocker* is a check of severity blocker that belongs to no group: members weigh nothing by
//! themselves, their group does. Something *was proved* if a blocker passed or warned, or a blocking
//! group is met and one of its members passed or warned; a waiver is a decision and no proof.
//!
//! # Properties, each held by a test
//!
//! - Making an outcome worse never improves the verdict, nor does adding a check that failed, or a
//!   blocker that is not passed, nor removing a check that passed.
//! - The order of the checks makes no difference.
//! - Outcomes of checks that are no blockers and no members make no difference.
//! - Every record, however odd, has a verdict; GO comes only with every blocker satisfied and something
//!   proved.
//! - The verdict is the worst among its reasons; GO has none.

mod decide;
mod holding;
mod reasons;
mod waivers;

pub use decide::decide;
