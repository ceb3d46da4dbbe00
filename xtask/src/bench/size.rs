//! The size of the program, stripped as it is released.

use super::figures::Figure;
use super::stand::Stand;
use super::table::{Goal, Table};
use crate::shell::Failure;

/// The size of the file.
pub(super) fn size(stand: &Stand, table: &mut Table) -> Result<(), Failure> {
    let bytes = std::fs::metadata(stand.programs.join("gonogo"))?.len();
    table.add(
        "the program, stripped",
        Figure::of([bytes as f64 / 1e6]),
        "MB",
        Goal::AtMost(12.0),
    );
    Ok(())
}
