//! Fuzz targets: every reader of foreign text is fed what nobody would write.
//!
//! A [`Target`] reads an input and asserts what must hold of every input. Inputs come from its corpus,
//! `corpus/NAME/`, which is committed: as they stand, and then changed a little by `mutate`. What a
//! target returns is a [`Behaviour`]; an input that shows a new one is changed further. That is a coarse
//! stand-in for coverage, which on stable Rust nobody hands out, and it is enough to walk from one
//! diagnostic to the next.
//!
//! There are two ways to run them:
//!
//! - `cargo test -p gonogo-fuzz`: the whole corpus and a fixed number of mutations with a fixed seed, the
//!   same in every run;
//! - `cargo xtask fuzz [TARGET] [--minutes N]`: other mutations each time, for as long as wanted. What
//!   breaks a target is saved into its corpus, so that the test fails until it is mended.
//!
//! The runner is our own for want of another: libFuzzer, AFL and honggfuzz need nightly Rust or tools that
//! a clone does not bring along, and bolero, which wraps them, does not change a corpus on stable Rust but
//! draws bytes at random, of which none is ever a gate.

mod behaviour;
mod corpus;
mod mutate;
mod runner;
mod targets;
mod watch;

pub use behaviour::Behaviour;
pub use corpus::{Corpus, Input};
pub use runner::{Broken, Outcome, run};
pub use targets::{TARGETS, Target};
pub use watch::Watch;
