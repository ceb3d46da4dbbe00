//! Reading a gate file.

use std::ffi::OsStr;

use super::gates;
use super::stand::{Stand, figure, runs};
use super::table::{Goal, Table};
use crate::shell::Failure;

/// `gonogo lint` of large gates, from the start of the program to its end.
pub(super) fn lint(stand: &Stand, table: &mut Table) -> Result<(), Failure> {
    for (count, shown, most) in [(1_000, "1,000", 15.0), (10_000, "10,000", 150.0)] {
        let gate = stand.write("rich.yaml", &gates::rich(count))?;
        let costs = runs(9, || {
            stand.gonogo(&[OsStr::new("lint"), gate.as_os_str()], 0)
        })?;
        let what = format!("lint of {shown} checks");
        table.add(
            format!("{what}: processor"),
            figure(&costs, |cost| cost.processor * 1e3),
            "ms",
            Goal::AtMost(most),
        );
        table.add(
            format!("{what}: peak memory"),
            figure(&costs, |cost| cost.peak),
            "MiB",
            Goal::None,
        );
    }
    Ok(())
}
