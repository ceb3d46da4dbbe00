//! `policy`: what a gate must have and may do, said by the gate itself and by files that it cannot change.
//!
//! Every policy can only ask for more: all of them hold together, and nothing in the gate takes a rule of
//! another away. A rule that is broken is a mistake like any other: exit 2 before any traffic.

mod hold;
mod host;
mod read;

pub(crate) use hold::hold;
pub(crate) use read::{EFFECTS, all, files};
