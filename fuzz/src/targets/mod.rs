//! The targets: one file each, named like its corpus.

mod against;
mod conditions;
mod gate;
mod lines;
mod loader;
mod matchers;
mod policies;
mod structure;
mod units;
mod var_files;
mod waivers;

use crate::behaviour::Behaviour;

/// A reader of foreign text, and what must hold of it whatever it reads.
#[derive(Debug)]
pub struct Target {
    /// Its name, and that of its corpus.
    pub name: &'static str,
    /// What it reads, in a few words.
    pub what: &'static str,
    /// Reads an input; panics when something does not hold.
    pub check: fn(&[u8]) -> Behaviour,
    /// Words that it listens to.
    pub words: &'static [&'static str],
    /// How many mutations the test tries, so that it takes seconds.
    pub tries: u64,
}

/// Every target, by name.
pub const TARGETS: &[Target] = &[
    against::TARGET,
    conditions::TARGET,
    lines::TARGET,
    loader::TARGET,
    matchers::TARGET,
    policies::TARGET,
    structure::TARGET,
    units::TARGET,
    var_files::TARGET,
    waivers::TARGET,
];
