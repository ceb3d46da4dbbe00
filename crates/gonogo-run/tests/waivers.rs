//! A waiver from the day on which it is granted to the day after its end, by a clock of the test.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use gonogo_model::{Outcome, Report, Verdict, WaiverState};
use gonogo_probes::Kinds;
use gonogo_run::{GateRequest, PlanRequest, RunRequest, World, check, open, plan};
use gonogo_testkit::folder::Folder;
use jiff::Timestamp;

const GATE: &str = "version: 1
gate: shop
valid_for: 4h
checks:
  api: { command: ['true'] }
  region: { command: ['false'] }
";

const WAIVED: &str = "waivers: [{ check: region, reason: moving out, owner: ops, ticket: OPS-42, until: 2027-01-31 }]\n";

/// Runs a gate at a moment; returns what `lint` says, the report, and the summary for people.
fn at(now: fn() -> Timestamp, gate: &str) -> (String, Report, String) {
    let folder = Folder::new("waivers").unwrap();
    let file = folder.path().join("probes.yaml");
    std::fs::write(&file, gate).unwrap();
    let world = World {
        now,
        ..World::real()
    };
    let request = GateRequest {
        file: file.display().to_string(),
        resolve_secrets: true,
        ..GateRequest::default()
    };
    let opened = open(&request, &world, &Kinds::new()).unwrap();
    let said = opened.render(false);
    let manifest = opened.loaded.manifest.unwrap();
    let planned = plan(&manifest, &PlanRequest::default(), &world).unwrap();
    let request = RunRequest {
        wait: None,
        deadline: None,
        fail_fast: false,
        jobs: None,
        descriptors: 1_024,
    };
    let (_sender, stop) = tokio::sync::watch::channel(None);
    let mut on_event = |_: &gonogo_model::Event| {};
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let run = check(&manifest, &planned, &request, &world, stop, &mut on_event);
    let report = runtime.block_on(run);
    let summary = gonogo_report::human::summary(&report, &gonogo_report::Style::PLAIN);
    let place = file.display().to_string();
    (
        said.replace(&place, "probes.yaml"),
        report,
        summary.replace(&place, "probes.yaml"),
    )
}

fn last_hour() -> Timestamp {
    "2027-01-31T23:00:00Z".parse().unwrap()
}

fn next_day() -> Timestamp {
    "2027-02-01T00:00:00Z".parse().unwrap()
}

fn region(report: &Report) -> (Outcome, Option<Outcome>) {
    let result = &report.record.checks[1].result;
    (result.outcome, result.was)
}

#[test]
fn a_failing_check_keeps_the_release_until_somebody_answers_for_it() {
    let (_, report, _) = at(last_hour, GATE);
    assert_eq!(report.judgement.verdict, Verdict::NoGo);
    let (said, report, summary) = at(last_hour, &format!("{GATE}{WAIVED}"));
    assert_eq!(said, "");
    assert_eq!(report.judgement.verdict, Verdict::Go);
    assert_eq!(region(&report), (Outcome::Waived, Some(Outcome::Failed)));
    let told = "waiver    region  used, ops until 2027-01-31 (less than a day left): moving out";
    assert!(summary.contains(told), "{summary}");
    assert!(
        summary.contains("GO  shop  1 waived, 1 passed"),
        "{summary}"
    );
    // The GO would hold for four hours, and what it stands on ends in one.
    assert_eq!(report.judgement.valid_until, Some(next_day()));
}

#[test]
fn the_day_after_its_end_a_waiver_covers_nothing_and_the_reason_says_so() {
    let (said, report, summary) = at(next_day, &format!("{GATE}{WAIVED}"));
    assert!(
        said.starts_with(
            "warning[config/expired_waiver]: this waiver of ops is over: it ended 2027-01-31\n"
        ),
        "{said}"
    );
    let judgement = &report.judgement;
    assert_eq!(
        (judgement.verdict, judgement.valid_until),
        (Verdict::NoGo, None)
    );
    assert_eq!(region(&report), (Outcome::Failed, None));
    let reason = &judgement.reasons[0];
    assert_eq!(
        (reason.code.as_str(), reason.message.as_str()),
        (
            "engine/expectation",
            "exit_code is 1, expected 0; its waiver ended 2027-01-31"
        )
    );
    assert_eq!(judgement.waivers[0].state, WaiverState::Expired);
    for told in [
        "note     the waiver of ops ended 2027-01-31: moving out (OPS-42)",
        "waiver    region  expired, ops until 2027-01-31 (less than a day ago): moving\n          out (OPS-42)\n",
        "NO-GO  shop  1 failed, 1 passed",
    ] {
        assert!(summary.contains(told), "{told}\n{summary}");
    }
}

/// The record begins when the run begins: what decides about waivers is what the report says.
#[test]
fn the_report_says_when_the_run_began_by_the_same_clock() {
    let (_, report, _) = at(last_hour, &format!("{GATE}{WAIVED}"));
    assert_eq!(report.record.started.wall, last_hour());
    assert!(report.record.header.run_id.starts_with("20270131T230000Z-"));
}
