//! A run beside its baseline: the formats that say so, compared with `golden/since/`, and those that do not.
//! `UPDATE_GOLDEN=1` writes the files anew.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod fixture;
#[path = "fixture/later.rs"]
mod later;

use std::path::Path;

use gonogo_model::Report;
use gonogo_report::diff::Since;
use gonogo_report::formats::{FORMATS, Format};
use gonogo_report::{View, human};

fn golden(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden/since")
        .join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, found).unwrap();
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        wanted == found,
        "{name} is otherwise; UPDATE_GOLDEN=1 writes it anew. Found:\n{found}"
    );
}

fn rendered(format: &Format, report: &Report, baseline: Option<Since<'_>>) -> String {
    let view = View {
        baseline,
        ..View::of(report)
    };
    String::from_utf8(format.render(&view)).unwrap()
}

#[test]
fn what_changed_is_told_where_people_read() {
    let [before, after] = later::runs();
    for name in ["human", "markdown", "sarif"] {
        let format = Format::named(name).unwrap();
        let since = |baseline| rendered(format, &after, Some(baseline));
        golden(&format!("{name}-later"), &since(Since::Run(&before)));
        golden(&format!("{name}-first"), &since(Since::Nothing));
    }
    let narrow = gonogo_report::Style {
        width: 40,
        ..gonogo_report::Style::PLAIN
    };
    let told = human::summary_since(&after, Some(Since::Run(&before)), &narrow);
    golden("human-later-40", &told);
}

#[test]
fn the_same_run_again_changed_nothing_and_another_gate_is_told() {
    let report = fixture::report();
    let markdown = Format::named("markdown").unwrap();
    let told = |before: &Report| {
        let text = rendered(markdown, &report, Some(Since::Run(before)));
        let told = text.split_once("\nSince ").unwrap().1;
        told.split_once("\n\n|").unwrap().0.to_owned()
    };
    assert_eq!(
        told(&report),
        "`run 01JD3KQ9 of 2026-11-20 03:00:00 UTC (NO-GO)`: 12 still open.\n"
    );
    let mut other = report.clone();
    other.record.header.environment = Some("pro|duction".to_owned());
    other.record.started.wall = "2027-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(
        told(&other),
        "`run 01JD3KQ9 of 2027-01-01 00:00:00 UTC (NO-GO)`: 12 still open.\n\n\
         - note: `the environment was pro\\u{7c}duction, and is staging`\n\
         - note: `that run is the later one`"
    );
}

#[test]
fn every_other_format_is_the_same_with_a_baseline() {
    let [before, after] = later::runs();
    let tells = ["human", "markdown", "buildkite", "html", "sarif"];
    for format in &FORMATS {
        let alone = rendered(format, &after, None);
        for baseline in [Since::Nothing, Since::Run(&before)] {
            let compared = rendered(format, &after, Some(baseline));
            assert_eq!(
                alone != compared,
                tells.contains(&format.name),
                "{}",
                format.name
            );
        }
    }
}

#[test]
fn a_baseline_full_of_harm_is_only_text() {
    let [mut before, after] = later::runs();
    let harm = "x\u{1b}[2J`|<img src=x>\n::error::y\n##vso[task.complete]";
    before.record.header.run_id = harm.to_owned();
    before.record.header.gate = harm.to_owned();
    for name in ["human", "markdown", "html"] {
        let format = Format::named(name).unwrap();
        let text = rendered(format, &after, Some(Since::Run(&before)));
        assert!(!text.contains('\u{1b}'), "{name}");
        assert!(!text.contains("\n::error"), "{name}");
        if name == "html" {
            assert!(!text.contains("<img"), "{name}");
        }
    }
}
