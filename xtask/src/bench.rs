//! `cargo xtask bench`: speed, memory and size, measured.

use crate::shell::Failure;

/// Runs the benchmarks and prints a table.
pub(crate) fn run(_arguments: &[&str]) -> Result<(), Failure> {
    Err(Failure::new("there is no benchmark"))
}
