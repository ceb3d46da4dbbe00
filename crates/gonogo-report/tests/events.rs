//! Events as lines: what a run writes as it goes on, and what is rebuilt from its record.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod fixture;

use gonogo_model::{Recorder, Report};
use gonogo_report::View;
use gonogo_report::events::{Lines, SCHEMA, judged, rebuilt};
use gonogo_report::formats::Format;
use serde_json::Value;

fn lines(report: &Report) -> Vec<Value> {
    let text = Format::named("jsonl").unwrap().render(&View::of(report));
    let text = String::from_utf8(text).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    lines.collect()
}

#[test]
fn a_recorder_makes_the_same_record_of_rebuilt_events() {
    for report in [fixture::report(), fixture::go(), fixture::interrupted()] {
        let mut recorder = Recorder::new(
            &report.record.header,
            &fixture::plan(),
            report.record.started.clone(),
        );
        for event in rebuilt(&report.record) {
            recorder.record(event);
        }
        assert_eq!(recorder.finish(), report.record);
    }
}

#[test]
fn a_round_begins_with_its_first_attempt() {
    let mut report = fixture::report();
    report.record.rounds = 2;
    let check = &mut report.record.checks[1];
    let mut again = check.attempts[0].clone();
    again.round = 2;
    again.elapsed = "3".parse().unwrap();
    check.attempts.push(again);
    check.duration = Some("3.5".parse().unwrap());
    let lines = lines(&report);
    let round = lines.iter().position(|line| line["round"] == 2).unwrap();
    assert_eq!(lines[round]["checks"], serde_json::json!(["service.core"]));
    assert_eq!(lines[round]["elapsed"], 3);
    let finished = lines
        .iter()
        .position(|line| line["event"] == "check_finished" && line["check"] == "service.core");
    assert!(finished.unwrap() > round);
    let mut elapsed: Vec<f64> = lines
        .iter()
        .map(|l| l["elapsed"].as_f64().unwrap())
        .collect();
    let told = elapsed.clone();
    elapsed.sort_by(f64::total_cmp);
    assert_eq!(told, elapsed);
}

#[test]
fn a_run_is_told_from_its_plan_to_its_verdict() {
    let report = fixture::report();
    let lines = lines(&report);
    let (first, last) = (&lines[0], lines.last().unwrap());
    assert_eq!(first["event"], "run_started");
    assert_eq!(first["schema"], SCHEMA);
    assert_eq!(first["plan"]["checks"].as_array().unwrap().len(), 18);
    assert_eq!(last["event"], "judged");
    assert_eq!(last["verdict"], "NO-GO");
    assert_eq!(last["exit_code"], 1);
    let ends: Vec<&Value> = lines
        .iter()
        .filter(|l| l["event"] == "check_finished")
        .collect();
    let mut told: Vec<&str> = ends.iter().map(|l| l["check"].as_str().unwrap()).collect();
    told.sort_unstable();
    let checks = report.record.checks.iter();
    let mut planned: Vec<&str> = checks.map(|c| c.plan.id.as_str()).collect();
    planned.sort_unstable();
    assert_eq!(told, planned, "one outcome for every planned check");
    assert!(lines.iter().all(|line| line["time"].is_string()));
}

#[test]
fn every_event_is_one_line() {
    let mut lines = Lines::new();
    for event in fixture::events() {
        let line = lines.line(&event);
        assert_eq!(line.matches('\n').count(), 1, "{line}");
        serde_json::from_str::<Value>(&line).unwrap();
    }
    assert_eq!(judged(&fixture::go()).matches('\n').count(), 1);
}
