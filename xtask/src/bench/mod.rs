//! `cargo xtask bench`: speed, memory and size, measured on loopback.
//!
//! `bench-farm` serves the targets, `bench-floor` does the least that a check can cost, and
//! `bench-stopwatch` runs one program and says what it cost. Here is what is measured, how often, and
//! that every measured run did what it should: exit code and counts of each are held against what must
//! come, or a fast failure would win. `docs/benchmarks.md` says what the figures mean.

mod counts;
mod databases;
mod farm;
mod figures;
mod gates;
mod hostile;
mod machine;
mod many;
mod reading;
mod size;
mod stand;
mod start;
mod suite;
mod table;
mod waiting;

pub(crate) use suite::run;
