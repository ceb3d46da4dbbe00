//! Writes the page of the canonical run, or of a run of so many checks: `page [COUNT] > page.html`.
#![expect(clippy::unwrap_used, reason = "it is for the tests of the house")]

#[path = "../tests/fixture/mod.rs"]
mod fixture;
#[path = "../tests/fixture/large.rs"]
mod large;

use std::io::Write as _;

use gonogo_report::{Format, View};

fn main() {
    let count = std::env::args().nth(1).map(|count| count.parse().unwrap());
    let report = count.map_or_else(fixture::report, large::report);
    let page = Format::named("html").unwrap().render(&View::of(&report));
    std::io::stdout().write_all(&page).unwrap();
}
