//! Where time passes by waiting: how much longer than the wait itself does it take?

use super::gates;
use super::stand::{Descriptors, Stand, Wanted, figure, pairs, runs};
use super::table::{Goal, Table};
use crate::shell::Failure;

/// All black holes are looked at at once: hardly more than one timeout passes.
pub(super) fn holes(stand: &Stand, table: &mut Table) -> Result<(), Failure> {
    let farm = stand.farm(&["hole:1000"])?;
    let gate = stand.write(
        "holes.yaml",
        &gates::plain(&farm.urls("hole")?, "defaults: { timeout: 1s }"),
    )?;
    let costs = runs(5, || {
        stand.check(&gate, Wanted::TimedOut(1000), Descriptors::Usual)
    })?;
    let wall = figure(&costs, |cost| cost.wall);
    table.add(
        "1,000 black holes, timeout 1 s: wall",
        wall,
        "s",
        Goal::AtMost(1.15),
    );
    table.add(
        "1,000 black holes: wall over the timeout",
        wall.less(1.0).times(1e3),
        "ms",
        Goal::AtMost(150.0),
    );
    table.add(
        "1,000 black holes: processor",
        figure(&costs, |cost| cost.processor * 1e3),
        "ms",
        Goal::None,
    );
    Ok(())
}

/// With few descriptors there are waves, and nobody is blamed for it.
pub(super) fn descriptors(stand: &Stand, table: &mut Table) -> Result<(), Failure> {
    let few = Descriptors::AtMost(256);
    {
        let farm = stand.farm(&["hole:1000"])?;
        let gate = stand.write(
            "holes.yaml",
            &gates::plain(&farm.urls("hole")?, "defaults: { timeout: 1s }"),
        )?;
        let costs = runs(3, || stand.check(&gate, Wanted::TimedOut(1000), few))?;
        // 256 less what is kept in reserve leave room for five waves.
        table.add(
            "1,000 black holes, 256 descriptors: wall",
            figure(&costs, |cost| cost.wall),
            "s",
            Goal::AtMost(5.75),
        );
    }
    let farm = stand.farm(&["http:1000", "slow:1000"])?;
    for (kind, what) in [("http", "healthy"), ("slow", "healthy, 50 ms slow")] {
        let gate = stand.write("few.yaml", &gates::plain(&farm.urls(kind)?, ""))?;
        let costs = runs(5, || stand.check(&gate, Wanted::Passed(1000), few))?;
        table.say(
            format!("1,000 {what} HTTP targets, 256 descriptors: not passed"),
            format!("none, in {} runs", costs.len()),
        );
        table.add(
            format!("1,000 {what} HTTP targets, 256 descriptors: wall"),
            figure(&costs, |cost| cost.wall),
            "s",
            Goal::None,
        );
    }
    Ok(())
}

/// Targets that think for 50 ms are waited for all at once.
pub(super) fn slow(stand: &Stand, table: &mut Table) -> Result<(), Failure> {
    let farm = stand.farm(&["slow:1000"])?;
    let gate = stand.write("slow.yaml", &gates::plain(&farm.urls("slow")?, ""))?;
    let list = farm.list("slow");
    let pairs = pairs(
        7,
        || stand.check(&gate, Wanted::Passed(1000), Descriptors::Usual),
        || stand.floor(&farm, &list),
    )?;
    table.add(
        "1,000 HTTP targets that take 50 ms: wall",
        figure(pairs.iter().map(|(a, _)| a), |cost| cost.wall),
        "s",
        Goal::AtMost(0.25),
    );
    table.add(
        "the floor on the same: wall",
        figure(pairs.iter().map(|(_, b)| b), |cost| cost.wall),
        "s",
        Goal::None,
    );
    Ok(())
}
