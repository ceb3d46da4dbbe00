//! The canonical run in every view, compared with files; `UPDATE_GOLDEN=1` writes them anew.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod fixture;

use std::path::Path;
use std::time::Duration;

use gonogo_report::live::Live;
use gonogo_report::plain::Plain;
use gonogo_report::{Style, Verbosity, graph, human, json, list, plan};

fn style(width: usize) -> Style {
    Style {
        width,
        ..Style::PLAIN
    }
}

fn golden(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        wanted == found,
        "{name} is otherwise; UPDATE_GOLDEN=1 writes it anew. Found:\n{found}"
    );
}

#[test]
fn summaries() {
    let report = fixture::report();
    for width in [40, 80, 120] {
        let text = human::summary(&report, &style(width));
        golden(&format!("summary-{width}.txt"), &text);
    }
    let color = Style {
        color: true,
        unicode: true,
        ..style(80)
    };
    golden("summary-80-color.txt", &human::summary(&report, &color));
    let verbose = Style {
        verbosity: Verbosity::Verbose,
        ..style(80)
    };
    golden("summary-80-verbose.txt", &human::summary(&report, &verbose));
    golden(
        "summary-go.txt",
        &human::summary(&fixture::go(), &style(80)),
    );
    golden(
        "summary-interrupted.txt",
        &human::summary(&fixture::interrupted(), &style(80)),
    );
}

#[test]
fn colour_changes_nothing_but_colour() {
    let report = fixture::report();
    let color = Style {
        color: true,
        ..style(80)
    };
    let mut bare = String::new();
    let mut rest = human::summary(&report, &color);
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        bare.push_str(before);
        rest = after.split_once('m').unwrap().1.to_owned();
    }
    bare.push_str(&rest);
    assert_eq!(bare, human::summary(&report, &style(80)));
}

#[test]
fn verdict_lines() {
    let lines: String = [fixture::report(), fixture::go(), fixture::interrupted()]
        .iter()
        .map(|report| human::verdict_line(report, &style(80)))
        .collect();
    golden("verdict.txt", &lines);
}

#[test]
fn plain_lines() {
    let mut plain = Plain::new(&style(80));
    let lines: String = fixture::events()
        .iter()
        .map(|e| plain.on_event(e))
        .collect();
    golden("plain.txt", &lines);
}

#[test]
fn json_report() {
    let mut bytes = Vec::new();
    json::write_json(&fixture::report(), &mut bytes).unwrap();
    golden("report.json", &String::from_utf8(bytes).unwrap());
}

#[test]
fn plans_and_lists() {
    let (summary, header) = (fixture::plan(), fixture::run_header());
    golden(
        "plan-80.txt",
        &plan::plan_text(&summary, &header, &style(80)),
    );
    golden(
        "plan-40.txt",
        &plan::plan_text(&summary, &header, &style(40)),
    );
    let document = plan::plan_json(&summary, &header);
    golden("plan.json", &document);
    assert_eq!(
        plan::read_plan(&document).map(|plan| plan.digest),
        Ok(summary.digest.clone())
    );
    golden("list.txt", &list::list_text(&summary, &style(80)));
}

#[test]
fn live_frames() {
    let mut live = Live::new(&style(80), Some(Duration::from_secs(60)));
    let events = fixture::events();
    let mut frames = String::new();
    for count in [4, 12, 20, events.len()] {
        let mut live = Live::new(&style(80), Some(Duration::from_secs(60)));
        for event in events.iter().take(count) {
            live.on_event(event);
        }
        for height in [24, 8] {
            let frame = live.frame(Duration::from_millis(4250), 80, height);
            let frame = frame.replace('\u{1b}', "ESC").replace('\r', "CR");
            frames.push_str(&format!("--- {count} events, {height} rows\n{frame}"));
        }
    }
    live.on_event(&events[0]);
    assert_eq!(live.clear(), "");
    golden("live-80.txt", &frames);
}

#[test]
fn graphs() {
    let plan = fixture::plan();
    golden("plan.mmd", &graph::mermaid(&plan));
    golden("plan.dot", &graph::dot(&plan));
    let mut hostile = plan;
    let titles = [
        "end --> n1[\"x\"]",
        "<script>alert(1)</script> &amp; \\N \\\"",
        "two\nlines; subgraph a \u{1b}[2J `b` #35; %% c",
        "\"] } digraph { a -> b",
    ];
    for (check, title) in hostile.checks.iter_mut().zip(titles.iter().cycle()) {
        check.title = (*title).to_owned();
        check.left_out = Some("--only \"x\"]".to_owned());
    }
    golden("plan-hostile.mmd", &graph::mermaid(&hostile));
    golden("plan-hostile.dot", &graph::dot(&hostile));
}
