//! How long it takes from the start of the program to its answer.

use std::ffi::OsStr;

use super::gates;
use super::stand::{Cost, Descriptors, Stand, Wanted, figure, runs};
use super::table::{Goal, Table};
use crate::shell::Failure;

/// One check, help, and a mistake in the file.
pub(super) fn start(stand: &Stand, table: &mut Table) -> Result<(), Failure> {
    let farm = stand.farm(&["http:1", "https:1"])?;
    // The system's roots as well: that is what a gate without `tls:` loads.
    let roots = gates::roots(&farm.roots(), true);
    for (kind, what, top, processor, wall) in [
        ("http", "HTTP", "", 3.0, 5.0),
        (
            "https",
            "HTTPS (roots of the system)",
            roots.as_str(),
            5.0,
            8.0,
        ),
    ] {
        let gate = stand.write("one.yaml", &gates::plain(&farm.urls(kind)?, top))?;
        let costs = runs(RUNS, || {
            stand.check(&gate, Wanted::Passed(1), Descriptors::Usual)
        })?;
        tell(table, &format!("one {what} check"), &costs, processor, wall);
        let list = farm.list(kind);
        let costs = runs(RUNS, || stand.floor(&farm, &list))?;
        table.add(
            format!("one {kind} check of the floor: processor"),
            figure(&costs, |cost| cost.processor * 1e3),
            "ms",
            Goal::None,
        );
    }
    let costs = runs(RUNS, || stand.gonogo(&[OsStr::new("--help")], 0))?;
    tell(table, "--help", &costs, 2.0, 5.0);
    let gate = stand.write("mistake.yaml", MISTAKE)?;
    let costs = runs(RUNS, || {
        stand.gonogo(&[OsStr::new("check"), gate.as_os_str()], 2)
    })?;
    tell(table, "a mistake in the file", &costs, 2.0, 5.0);
    Ok(())
}

fn tell(table: &mut Table, what: &str, costs: &[Cost], processor: f64, wall: f64) {
    table.add(
        format!("{what}: processor"),
        figure(costs, |cost| cost.processor * 1e3),
        "ms",
        Goal::AtMost(processor),
    );
    table.add(
        format!("{what}: wall"),
        figure(costs, |cost| cost.wall * 1e3),
        "ms",
        Goal::AtMost(wall),
    );
}

const RUNS: usize = 21;
const MISTAKE: &str = "version: 1\ngate: bench\nchecks:\n  a:\n    htp: http://127.0.0.1\n";
