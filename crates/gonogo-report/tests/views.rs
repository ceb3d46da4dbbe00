//! What the views do over time, and with much to tell.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod fixture;

use std::sync::Arc;
use std::time::Duration;

use gonogo_model::codes::net;
use gonogo_model::{CheckIndex, CheckRecord, Event, Outcome, PlanSummary, Report, Verdict};
use gonogo_report::live::Live;
use gonogo_report::plain::Plain;
use gonogo_report::{Style, Verbosity, human, plan};

fn starts(plan: PlanSummary) -> Event {
    Event::RunStarted {
        at: fixture::stamp("0"),
        header: Arc::new(fixture::run_header()),
        plan: Arc::new(plan),
    }
}

fn round(round: u32, checks: &[u32]) -> Event {
    Event::RoundStarted {
        at: fixture::stamp("1"),
        round,
        checks: checks.iter().copied().map(CheckIndex).collect(),
    }
}

fn ends(place: u32, check: &CheckRecord) -> Event {
    Event::CheckFinished {
        at: fixture::stamp("1.5"),
        check: CheckIndex(place),
        result: check.result.clone(),
    }
}

/// A plan of the first four checks, none of which needs another.
fn small() -> (PlanSummary, Vec<CheckRecord>) {
    let mut checks = fixture::checks();
    checks.truncate(4);
    let mut plan = fixture::plan();
    plan.groups.clear();
    plan.checks.truncate(4);
    (plan, checks)
}

#[test]
fn a_later_round_says_only_what_is_new() {
    let (plan, checks) = small();
    let mut plain = Plain::new(&Style::PLAIN);
    plain.on_event(&starts(plan));
    assert_eq!(plain.on_event(&round(1, &[0, 1, 2, 3])), "");
    let first = plain.on_event(&ends(0, &checks[0]));
    assert!(first.starts_with("failed    database"), "{first}");
    assert_eq!(
        plain.on_event(&round(2, &[0, 1])),
        "round     2, 2 checks again: database, service.core\n"
    );
    assert_eq!(plain.on_event(&ends(0, &checks[0])), "");
    let mut mended = checks[0].clone();
    mended.result.outcome = Outcome::Passed;
    mended.result.code = None;
    mended.result.message = None;
    assert_eq!(plain.on_event(&ends(0, &mended)), "passed    database\n");
}

#[test]
fn a_silent_run_says_what_it_waits_for() {
    let (plan, checks) = small();
    let mut plain = Plain::new(&Style::PLAIN);
    plain.on_event(&starts(plan));
    plain.on_event(&round(1, &[0, 1, 2, 3]));
    plain.on_event(&ends(0, &checks[0]));
    plain.on_event(&Event::CheckStarted {
        at: fixture::stamp("2"),
        check: CheckIndex(2),
    });
    assert_eq!(plain.idle(Duration::from_secs(31)), None);
    assert_eq!(
        plain.idle(Duration::from_secs(40)).unwrap(),
        "waiting                 40s      3 checks not finished, running: edge-cert\n"
    );
    assert_eq!(plain.idle(Duration::from_secs(41)), None);
}

#[test]
fn a_later_round_shows_why_a_check_is_looked_at_again() {
    let (plan, checks) = small();
    let mut live = Live::new(&Style::PLAIN, None);
    live.on_event(&starts(plan));
    live.on_event(&round(1, &[0, 1, 2, 3]));
    for (place, check) in (0..).zip(&checks) {
        live.on_event(&ends(place, check));
    }
    live.on_event(&round(2, &[0, 1, 2, 3]));
    live.on_event(&Event::CheckStarted {
        at: fixture::stamp("12"),
        check: CheckIndex(0),
    });
    let frame = live.frame(Duration::from_secs(14), 90, 12);
    assert_eq!(
        frame,
        "\
0 of 4 checks  14s  round 2  beluga 2026.11.3 (staging, pre-deploy, read-only)
running   database      2.0s  last: net/refused: 10.0.0.7:5432 refused the connection
waiting   service.core  for its turn
waiting   and 2 more
"
    );
    assert_eq!(live.clear(), "\r\u{1b}[4A\u{1b}[J");
    assert_eq!(live.clear(), "");
}

#[test]
fn a_frame_drawn_on_a_wider_screen_is_erased_whole() {
    let (plan, _) = small();
    let mut live = Live::new(&Style::PLAIN, None);
    live.on_event(&starts(plan));
    let wide = live.frame(Duration::ZERO, 200, 6);
    let columns = wide.lines().next().unwrap().len();
    assert_eq!(wide.lines().count(), 2);
    let narrow = live.frame(Duration::ZERO, 20, 6);
    let rows = columns.div_ceil(20) + wide.lines().nth(1).unwrap().len().div_ceil(20);
    assert!(
        narrow.starts_with(&format!("\r\u{1b}[{rows}A\u{1b}[J")),
        "{narrow:?}"
    );
}

#[test]
fn whatever_comes_out_every_check_is_told_of_once() {
    for turn in 0..49 {
        let mut report = fixture::report();
        let count = report.record.checks.len();
        for place in 0..count {
            let outcome = Outcome::ALL[(place * (turn / 7 + 1) + turn) % Outcome::ALL.len()];
            let root = report.record.checks[(place + turn) % count].plan.id.clone();
            let result = &mut report.record.checks[place].result;
            result.outcome = outcome;
            result.blame = (outcome == Outcome::Skipped && turn % 2 == 0).then_some(root);
        }
        let style = Style {
            width: 200,
            verbosity: Verbosity::Verbose,
            ..Style::PLAIN
        };
        let text = human::summary(&report, &style);
        for check in &report.record.checks {
            let (id, outcome) = (check.plan.id.as_str(), check.result.outcome);
            let told = text.lines().filter(|line| {
                let words: Vec<&str> = line.split([' ', ',']).filter(|w| !w.is_empty()).collect();
                let is_list = words.first() == Some(&"skipped");
                words.starts_with(&[outcome.as_str(), id])
                    || is_list && outcome == Outcome::Skipped && words.contains(&id)
            });
            assert_eq!(told.count(), 1, "{turn}: {outcome} {id}\n{text}");
        }
    }
}

/// A report of many checks that all fail in the same way.
fn outage(count: usize) -> Report {
    let mut report = fixture::report();
    let down = report.record.checks[8].clone();
    report.record.plan.groups.clear();
    report.judgement.groups.clear();
    report.judgement.reasons.clear();
    report.record.checks = (0..count)
        .map(|number| {
            let mut check = down.clone();
            check.plan.id = fixture::id(&format!("service.n{number}"));
            check.plan.group = None;
            check
        })
        .collect();
    report.judgement.counts.planned = u32::try_from(count).unwrap();
    let planned = report.judgement.counts.planned;
    report.judgement.counts.by_outcome = [("failed".to_owned(), planned)].into();
    report.judgement.verdict = Verdict::NoGo;
    report
}

#[test]
fn an_outage_of_everything_stays_readable() {
    let text = human::summary(&outage(20_000), &Style::PLAIN);
    assert!(text.lines().count() < 130, "{text}");
    assert!(
        text.contains("\n          and 19940 more; -v shows all\n"),
        "{text}"
    );
    assert_eq!(text.matches(net::TIMEOUT.meaning).count(), 1);
    assert_eq!(text.matches("hint     as for service.n0\n").count(), 9);
    let verdict = "NO-GO  beluga 2026.11.3 (staging, pre-deploy, read-only)  20000 failed";
    assert!(text.lines().last().unwrap().starts_with(verdict), "{text}");
}

#[test]
fn a_live_view_of_a_large_plan_is_drawn_in_time() {
    let report = outage(20_000);
    let mut plan = report.record.plan.clone();
    plan.checks = report
        .record
        .checks
        .iter()
        .map(|c| c.plan.clone())
        .collect();
    // Each check needs the one before it: the longest chain there can be.
    for place in 1..plan.checks.len() {
        let before = plan.checks[place - 1].id.clone();
        plan.checks[place].needs = vec![before];
    }
    plan.checks.reverse();
    let ordered = plan::plan_text(&plan, &fixture::run_header(), &Style::PLAIN);
    assert!(
        ordered.starts_with("1    service.n0"),
        "{}",
        ordered.lines().next().unwrap()
    );
    let mut live = Live::new(&Style::PLAIN, None);
    live.on_event(&starts(plan));
    let frame = live.frame(Duration::from_secs(1), 80, 24);
    assert_eq!(frame.lines().count(), 6, "{frame}");
}
