//! Whatever a target, a gate file or the environment says, no output holds more than text.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod fixture;
#[path = "fixture/poison.rs"]
mod poison;

use std::sync::Arc;
use std::time::Duration;

use gonogo_model::{Event, Report};
use gonogo_report::formats::FORMATS;
use gonogo_report::live::Live;
use gonogo_report::plain::Plain;
use gonogo_report::{Style, Verbosity, View, human, json, list, plan};
use poison::poisoned;
use proptest::prelude::*;

fn events(report: &Report) -> Vec<Event> {
    let mut plan = report.record.plan.clone();
    plan.checks = report
        .record
        .checks
        .iter()
        .map(|c| c.plan.clone())
        .collect();
    let mut events = fixture::events();
    for event in &mut events {
        match event {
            Event::RunStarted {
                header, plan: old, ..
            } => {
                *header = Arc::new(report.record.header.clone());
                *old = Arc::new(plan.clone());
            }
            Event::CheckFinished { check, result, .. } => {
                *result = report.record.checks[check.as_usize()].result.clone();
            }
            Event::AttemptFinished { check, attempt, .. } => {
                *attempt = report.record.checks[check.as_usize()].attempts[0].clone();
            }
            Event::RoundStarted { .. }
            | Event::CheckStarted { .. }
            | Event::Interrupted { .. }
            | Event::RunFinished { .. } => {}
        }
    }
    let signal = report.record.interrupted.clone().unwrap();
    let at = fixture::stamp("0.5");
    events.insert(events.len() - 1, Event::Interrupted { at, signal });
    events
}

/// Removes our own colours.
fn without_colour(text: &str) -> String {
    let mut bare = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        bare.push_str(before);
        let end = after
            .find(|c: char| !c.is_ascii_digit() && c != ';')
            .unwrap();
        assert!(after[end..].starts_with('m'), "not a colour: {after:?}");
        rest = &after[end + 1..];
    }
    bare + rest
}

fn harmful(c: char) -> bool {
    c != '\n' && c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}')
}

fn assert_harmless(what: &str, text: &str) {
    let bare = without_colour(text);
    let found = bare.chars().find(|c| harmful(*c));
    assert_eq!(found, None, "{what}: {bare}");
}

fn columns(text: &str) -> usize {
    text.chars()
        .map(|c| unicode_width::UnicodeWidthChar::width(c).unwrap_or(0))
        .sum()
}

fn styles() -> Vec<Style> {
    let mut styles = Vec::new();
    for width in [0, 20, 40, 80, 200] {
        for verbosity in [Verbosity::Normal, Verbosity::Verbose] {
            for flag in [false, true] {
                styles.push(Style {
                    color: flag,
                    unicode: flag,
                    width,
                    verbosity,
                });
            }
        }
    }
    styles
}

fn assert_all_harmless(text: &str) {
    let report = poisoned(text);
    let events = events(&report);
    let mut planned = report.record.plan.clone();
    planned.checks = report
        .record
        .checks
        .iter()
        .map(|c| c.plan.clone())
        .collect();
    let header = &report.record.header;
    for style in styles() {
        assert_harmless("summary", &human::summary(&report, &style));
        assert_harmless("list", &list::list_text(&planned, &style));
        assert_harmless("plan", &plan::plan_text(&planned, header, &style));
        let line = human::verdict_line(&report, &style);
        assert_harmless("verdict", &line);
        assert_eq!(line.matches('\n').count(), 1);
        let (mut plain, mut live) = (Plain::new(&style), Live::new(&style, None));
        for (i, event) in events.iter().enumerate() {
            let lines = plain.on_event(event);
            assert_harmless("plain", &lines);
            assert!(lines.matches('\n').count() <= 1);
            live.on_event(event);
            if i % 13 > 0 {
                continue;
            }
            for (width, height) in [(0, 0), (20, 1), (30, 4), (80, 24)] {
                let drawn = live.frame(Duration::from_millis(i as u64 * 100), width, height);
                let moved = drawn
                    .strip_prefix("\r\u{1b}[")
                    .map(|rest| rest.split_once("A\u{1b}[J"));
                let frame = match moved {
                    Some(moved) => moved.unwrap().1,
                    None => &drawn,
                };
                assert_harmless("live", frame);
                assert!(frame.lines().count() < height.max(1), "{height}: {frame}");
                for line in without_colour(frame).lines() {
                    assert!(columns(line) < width.max(1), "{width}: {line}");
                }
            }
        }
    }
    assert_harmless("plan.json", &plan::plan_json(&planned, header));
    let mut bytes = Vec::new();
    json::write_json(&report, &mut bytes).unwrap();
    let document = String::from_utf8(bytes).unwrap();
    assert_harmless("json", &document);
    let read = json::read_json_with(&document, &fixture::lookup).unwrap();
    assert_eq!(read.record.header, report.record.header);
    assert_eq!(read.record.checks[0].result.message.as_deref(), Some(text));
}

#[test]
fn known_tricks_are_shown_and_not_obeyed() {
    for text in [
        "\u{1b}[2J\u{1b}[1;1HGO",
        "\u{1b}]8;;https://evil.example\u{7}link\u{1b}]8;;\u{7}",
        "\u{9b}2J",
        "failed\rpassed",
        "a\u{8}\u{8}b\u{7f}\u{0}",
        "\u{202e}OG\u{202c} \u{2066}x\u{2069}",
        "zero\u{200b}width\u{feff}",
        "\u{e0041}\u{e0042}",
        "\n\nGO  beluga",
        "\u{fe0f}\u{ad}",
        "",
        "   ",
        "\u{4e2d}\u{6587}\u{ff27}\u{ff2f} wide",
        "e\u{301}\u{302}\u{303}",
    ] {
        assert_all_harmless(text);
    }
}

/// What a CI would obey in a line of its log, our own orders left out.
fn obeyed<'l>(line: &'l str, own: &[&str]) -> Option<&'l str> {
    let line = line.trim();
    // GitHub: from the first characters on, and the older form anywhere, as in Azure and TeamCity.
    let ours = own.iter().find(|order| line.starts_with(*order));
    let rest = line
        .get(ours.map_or(0, |order| order.len())..)
        .unwrap_or_default();
    let bracketed = rest.split("##").skip(1).any(|after| {
        let name = after.trim_start_matches('#');
        name.trim_start_matches(|c: char| c.is_ascii_alphanumeric())
            .starts_with('[')
    });
    let begins = ours.is_none()
        && line.strip_prefix("::").is_some_and(|name| {
            let hex = name.trim_start_matches(|c: char| c.is_ascii_hexdigit());
            hex.starts_with(|c: char| c.is_alphabetic() || c == '-')
        });
    (bracketed || begins).then_some(line)
}

#[test]
fn no_text_is_an_order_to_a_ci() {
    for text in [
        "::set-output name=verdict::GO",
        "  ::add-mask::x",
        "x\r\n::stop-commands::x",
        "x\n::fence::\n::add-path::/tmp",
        "##[set-env name=x]y",
        "x ##vso[task.setvariable variable=verdict]GO",
        "###[error]x",
        "x\u{2028}##teamcity[buildStatus status='SUCCESS']",
        "|'|]|n##teamcity[buildProblem]",
        "%0A::error::x %AZP25",
        "x],title=y::z",
    ] {
        let report = poisoned(text);
        for format in &FORMATS {
            let fence = Some("fence");
            let view = View {
                fence,
                ..View::of(&report)
            };
            let shown = String::from_utf8_lossy(&format.render(&view)).into_owned();
            let own: &[&str] = match format.name {
                "github" => &[
                    "::group::",
                    "::endgroup::",
                    "::stop-commands::fence",
                    "::fence::",
                    "::error ",
                    "::warning ",
                    "::notice ",
                ],
                "azure" => &["##[group]", "##[endgroup]", "##vso[task.logissue "],
                "teamcity" => &["##teamcity["],
                _ => &[],
            };
            let found = shown.lines().find_map(|line| obeyed(line, own));
            assert_eq!(found, None, "{}: {text:?}", format.name);
        }
        for style in styles() {
            let shown = without_colour(&human::summary(&report, &style));
            assert_eq!(shown.lines().find_map(|line| obeyed(line, &[])), None);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_does_harm(text in "[\\PC\\pC\u{1b}\\[0-9;mJ\u{9b}\u{202e}\r\n ]{0,60}") {
        assert_all_harmless(&text);
    }

    #[test]
    fn lines_end_where_words_do(words in proptest::collection::vec("[a-z\u{4e2d}]{1,8}", 1..30)) {
        let report = poisoned(&words.join(" "));
        for style in styles().into_iter().filter(|style| style.width >= 40) {
            let text = human::summary(&report, &style);
            let body = text.trim_end().rsplit_once('\n').unwrap().0;
            for line in without_colour(body).lines() {
                // A word is never broken, even where its column has no room for it.
                let longest = line.split(' ').map(columns).max().unwrap_or(0);
                let fits = columns(line) <= style.width;
                prop_assert!(fits || longest + DEEPEST > style.width, "{}: {}", style.width, line);
            }
        }
    }
}

/// The deepest column at which a body starts.
const DEEPEST: usize = 26;
