//! One round: the loop that starts attempts, waits, and settles checks.
//!
//! Everything happens in one task. Attempts in flight are futures of this task, so that ending the
//! round drops them all, and events have one writer and one order.

mod cut;
mod settle;
mod state;
mod turns;

pub(crate) use state::Round;
