//! What a check of a database costs: the slope between 41 checks and one.

use super::figures::Figure;
use super::gates;
use super::stand::{Descriptors, Stand, Wanted, figure, pairs};
use super::table::{Goal, Table};
use crate::shell::Failure;

/// A PostgreSQL check with a login by SCRAM, and a Redis check.
pub(super) fn databases(stand: &Stand, table: &mut Table) -> Result<(), Failure> {
    for (kind, what, most) in [
        ("postgres", "PostgreSQL check (SCRAM)", 1.5),
        ("redis", "Redis check", 0.08),
    ] {
        // The servers of tests and demo; a machine without them still measures the rest.
        let farm = match stand.farm(&[&format!("{kind}:41")]) {
            Ok(farm) => farm,
            Err(failure) => {
                table.say(
                    format!("{what}: processor"),
                    format!("not measured: {failure}"),
                );
                continue;
            }
        };
        let urls = farm.urls(kind)?;
        let first = urls.get(..1).unwrap_or_default();
        let one = stand.write("one.yaml", &gates::plain(first, ""))?;
        let all = stand.write("all.yaml", &gates::plain(&urls, ""))?;
        let pairs = pairs(
            9,
            || stand.check(&all, Wanted::Passed(urls.len()), Descriptors::Usual),
            || stand.check(&one, Wanted::Passed(1), Descriptors::Usual),
        )?;
        table.add(
            format!("one more {what}: processor"),
            Figure::of(
                pairs
                    .iter()
                    .map(|(all, one)| (all.processor - one.processor) * 1e3 / 40.0),
            ),
            "ms",
            Goal::AtMost(most),
        );
        table.add(
            format!("one {what}, from start to verdict: processor"),
            figure(pairs.iter().map(|(_, one)| one), |cost| {
                cost.processor * 1e3
            }),
            "ms",
            Goal::None,
        );
    }
    Ok(())
}
