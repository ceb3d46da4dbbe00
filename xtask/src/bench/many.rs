//! Many checks against targets that answer at once, next to the floor.

use std::path::Path;

use super::farm::Farm;
use super::gates;
use super::stand::{Cost, Descriptors, Stand, Wanted, figure, pairs, ratio, runs};
use super::table::{Goal, Table};
use crate::shell::Failure;

/// 1,000 HTTP checks next to the floor; 10,000 for how it grows.
pub(super) fn http(stand: &Stand, table: &mut Table) -> Result<(), Failure> {
    let farm = stand.farm(&["http:1000"])?;
    let urls = farm.urls("http")?;
    let gate = stand.write("http.yaml", &gates::plain(&urls, ""))?;
    let pairs = measure(stand, &farm, "http", &gate)?;
    tell(table, "HTTP", &pairs, 1.5);
    let thousand = figure(pairs.iter().map(|(a, _)| a), |cost| cost.processor);

    let ten: Vec<String> = (0..10).flat_map(|_| urls.iter().cloned()).collect();
    let gate = stand.write("http-10000.yaml", &gates::plain(&ten, ""))?;
    let costs = runs(3, || {
        stand.check(&gate, Wanted::Passed(10_000), Descriptors::Usual)
    })?;
    table.add(
        "10,000 HTTP checks: processor, in that of 1,000",
        figure(&costs, |cost| cost.processor).times(1.0 / thousand.median),
        "x",
        Goal::AtMost(11.0),
    );
    table.add(
        "10,000 HTTP checks: peak memory",
        figure(&costs, |cost| cost.peak),
        "MiB",
        Goal::AtMost(memory(10_000.0)),
    );
    Ok(())
}

/// 1,000 HTTPS checks next to the floor, with all certificates different, and all the same.
pub(super) fn https(stand: &Stand, table: &mut Table) -> Result<(), Failure> {
    for (kind, what, most) in [
        ("https", "HTTPS, 1,000 certificates", 1.15),
        ("shared", "HTTPS, one certificate", 0.8),
    ] {
        let farm = stand.farm(&[&format!("{kind}:1000")])?;
        let top = gates::roots(&farm.roots(), false);
        let gate = stand.write(
            &format!("{kind}.yaml"),
            &gates::plain(&farm.urls(kind)?, &top),
        )?;
        let pairs = measure(stand, &farm, kind, &gate)?;
        tell(table, what, &pairs, most);
    }
    Ok(())
}

fn measure(
    stand: &Stand,
    farm: &Farm,
    kind: &str,
    gate: &Path,
) -> Result<Vec<(Cost, Cost)>, Failure> {
    let list = farm.list(kind);
    pairs(
        9,
        || stand.check(gate, Wanted::Passed(1000), Descriptors::Usual),
        || stand.floor(farm, &list),
    )
}

fn tell(table: &mut Table, what: &str, pairs: &[(Cost, Cost)], most: f64) {
    let gonogo: Vec<Cost> = pairs.iter().map(|(a, _)| *a).collect();
    let floor: Vec<Cost> = pairs.iter().map(|(_, b)| *b).collect();
    let what = format!("1,000 {what}");
    let mut add = |name: &str, figure, unit, goal| {
        table.add(format!("{what}: {name}"), figure, unit, goal);
    };
    add(
        "processor",
        figure(&gonogo, |cost| cost.processor * 1e3),
        "ms",
        Goal::None,
    );
    add(
        "processor of the floor",
        figure(&floor, |cost| cost.processor * 1e3),
        "ms",
        Goal::None,
    );
    add(
        "processor, in that of the floor",
        ratio(pairs, |cost| cost.processor),
        "x",
        Goal::AtMost(most),
    );
    add(
        "wall",
        figure(&gonogo, |cost| cost.wall * 1e3),
        "ms",
        Goal::None,
    );
    add(
        "wall, in that of the floor",
        ratio(pairs, |cost| cost.wall),
        "x",
        Goal::AtMost(1.15),
    );
    add(
        "peak memory",
        figure(&gonogo, |cost| cost.peak),
        "MiB",
        Goal::AtMost(memory(1000.0)),
    );
    add(
        "peak memory of the floor",
        figure(&floor, |cost| cost.peak),
        "MiB",
        Goal::None,
    );
}

/// Returns how much memory so many checks may take, 1,000 of them in flight: 8 MiB, 32 KiB for each
/// in flight, and 1 KiB for each check.
fn memory(checks: f64) -> f64 {
    8.0 + (32.0 * 1000.0 + checks) / 1024.0
}
