//! Waivers and quarantines: what they do to the verdict, and what becomes of them.

use gonogo_gate::decide;
use gonogo_model::codes::{engine, net, tls, waiver as codes};
use gonogo_model::{
    CheckIndex, Code, Decimal, Fault, GroupState, Id, Judgement, Outcome, PlannedWaiver, Quorum,
    Severity, Verdict, WaiverState, WaiverVerdict,
};

use crate::record::{Run, check, id, run, until, waiver};
use Outcome::{Awaiting, Failed, Passed, Skipped, Unknown, Waived, Warned};
use Verdict::{Go, Hold, NoGo};
use WaiverState::{Exhausted, Expired, NotInRun, Orphaned, Unneeded, Unused, Used};

fn expired(checks: impl IntoIterator<Item = u32>) -> PlannedWaiver {
    PlannedWaiver {
        until: until("2026-07-31", "2026-08-01T00:00:00Z"),
        ..waiver(checks)
    }
}

fn quarantine(count: u32, checks: impl IntoIterator<Item = u32>) -> PlannedWaiver {
    PlannedWaiver {
        quarantine: Some(count),
        ..waiver(checks)
    }
}

fn states(run: &Run) -> Vec<WaiverState> {
    let waivers = decide(&run.record()).waivers;
    waivers.into_iter().map(|waiver| waiver.state).collect()
}

/// Returns the verdict, and each reason as `id code: message`.
fn told(judgement: &Judgement) -> (Verdict, Vec<String>) {
    let reasons = judgement.reasons.iter().map(|reason| {
        let about = reason.id.as_ref().map_or("the run", Id::as_str);
        format!("{about} {}: {}", reason.code, reason.message)
    });
    (judgement.verdict, reasons.collect())
}

#[test]
fn a_waiver_covers_what_failed_and_what_is_unknown() {
    for was in [Failed, Unknown] {
        let run = run([check("a", Waived).was(was), check("b", Passed)]).waiver(waiver([0]));
        let judgement = decide(&run.record());
        assert_eq!(judgement.verdict, Go, "{was}");
        let used = WaiverVerdict {
            state: Used,
            code: None,
            waives: vec![CheckIndex(0)],
        };
        assert_eq!(judgement.waivers, [used]);
        assert_eq!(judgement.not_waived, []);
    }
}

#[test]
fn everything_waived_proves_nothing() {
    let run = run([check("a", Waived), check("b", Waived)]).waiver(waiver([0, 1]));
    let (verdict, reasons) = told(&decide(&run.record()));
    assert_eq!(verdict, Hold);
    assert_eq!(
        reasons,
        ["the run gate/nothing_proved: no blocker passed in this run"]
    );
}

#[test]
fn a_record_that_claims_a_waiver_is_not_believed() {
    let claims = |was: Option<Outcome>, waivers: &[PlannedWaiver]| {
        let mut claimed = check("a", Waived).code(tls::EXPIRED);
        claimed.was = was;
        let mut run = run([claimed, check("b", Passed)]);
        run.waivers = waivers.to_vec();
        let judgement = decide(&run.record());
        assert_eq!(judgement.not_waived, [CheckIndex(0)]);
        told(&judgement)
    };
    let reason =
        "a waiver/not_covered: the check is WAS; it is called waived, and no waiver covers it";
    let of = |was: &str| vec![reason.replace("WAS", was)];
    let other_code = PlannedWaiver {
        code: Some("net/refused".to_owned()),
        ..waiver([0])
    };
    for waivers in [
        &[][..],
        &[waiver([1])],
        &[expired([0])],
        &[other_code],
        &[waiver([7])],
    ] {
        assert_eq!(claims(Some(Failed), waivers), (NoGo, of("failed")));
        assert_eq!(claims(Some(Unknown), waivers), (Hold, of("unknown")));
    }
    // What a waiver cannot cover, or nobody knows.
    for was in [
        None,
        Some(Passed),
        Some(Skipped),
        Some(Awaiting),
        Some(Waived),
    ] {
        assert_eq!(claims(was, &[waiver([0])]), (Hold, of("unknown")));
    }
}

#[test]
fn a_waiver_with_a_code_covers_that_and_nothing_beside_it() {
    let of = |faults: &[Fault]| {
        let run = run([check("a", Waived).code(tls::EXPIRED), check("b", Passed)]);
        let mut record = run
            .waiver(PlannedWaiver {
                code: Some("tls/expired".to_owned()),
                ..waiver([0])
            })
            .record();
        record.checks[0].result.faults = faults.to_vec();
        decide(&record).verdict
    };
    let expired = Fault::new(tls::EXPIRED, "it ended yesterday");
    assert_eq!(of(std::slice::from_ref(&expired)), Go);
    assert_eq!(
        of(&[expired, Fault::new(tls::WRONG_NAME, "it is for others")]),
        NoGo
    );
}

#[test]
fn a_waiver_ends_at_its_moment_by_the_start_of_the_run() {
    // The run of these tests begins at ten.
    for (ends, verdict) in [
        ("2026-08-01T10:00:00Z", NoGo),
        ("2026-08-01T10:00:00.000000001Z", Go),
    ] {
        let run = run([check("a", Waived), check("b", Passed)]).waiver(PlannedWaiver {
            until: until("then", ends),
            ..waiver([0])
        });
        assert_eq!(decide(&run.record()).verdict, verdict, "{ends}");
    }
}

#[test]
fn a_check_whose_waiver_is_over_fails_as_it_would_and_says_so() {
    let run = run([check("a", Failed).code(net::REFUSED), check("b", Passed)])
        .waiver(expired([0, 1]))
        .waiver(waiver([1]));
    let judgement = decide(&run.record());
    assert_eq!(
        told(&judgement),
        (
            NoGo,
            vec!["a net/refused: a says so; its waiver ended 2026-07-31".to_owned()]
        )
    );
    assert_eq!(
        judgement.waivers[0],
        WaiverVerdict {
            state: Expired,
            code: Some(codes::EXPIRED.into()),
            waives: Vec::new(),
        }
    );
}

#[test]
fn an_exhausted_quarantine_covers_none() {
    let of = |count| {
        let checks = [
            check("r.eu", Waived).code(net::REFUSED),
            check("r.us", Waived).was(Unknown).code(net::RESOLVER),
            check("r.ap", Passed),
        ];
        let judgement = decide(&run(checks).waiver(quarantine(count, [0, 1, 2])).record());
        let state = judgement.waivers[0].state;
        (state, judgement.not_waived.clone(), told(&judgement))
    };
    assert_eq!(of(2), (Used, Vec::new(), (Go, Vec::new())));
    let reasons = [
        "r.eu waiver/exhausted: the check is failed (net/refused); its quarantine covers 1 at once, and 2 did not pass",
        "r.us waiver/exhausted: the check is unknown (net/resolver); its quarantine covers 1 at once, and 2 did not pass",
    ];
    assert_eq!(
        of(1),
        (
            Exhausted,
            vec![CheckIndex(0), CheckIndex(1)],
            (NoGo, reasons.map(str::to_owned).to_vec())
        )
    );
}

/// So the verdict stands when the record no longer says waived.
#[test]
fn what_is_told_of_an_exhausted_quarantine_changes_nothing() {
    let quarantined = |outcome| {
        let checks = [
            check("r.eu", outcome),
            check("r.us", outcome),
            check("b", Passed),
        ];
        let judgement = decide(&run(checks).waiver(quarantine(1, [0, 1])).record());
        (judgement.verdict, judgement.waivers)
    };
    assert_eq!(quarantined(Waived), quarantined(Failed));
    assert_eq!(quarantined(Failed).0, NoGo);
}

#[test]
fn a_waiver_of_the_gate_leaves_the_count_of_a_quarantine_alone() {
    let checks = [
        check("r.eu", Waived),
        check("r.us", Waived),
        check("b", Passed),
    ];
    let run = run(checks)
        .waiver(waiver([1]))
        .waiver(quarantine(1, [0, 1]));
    let judgement = decide(&run.record());
    assert_eq!(judgement.verdict, Go);
    let waives: Vec<_> = judgement.waivers.iter().map(|w| w.waives.clone()).collect();
    assert_eq!(waives, [[CheckIndex(1)], [CheckIndex(0)]]);
}

#[test]
fn the_first_waiver_that_covers_is_used() {
    let run = run([check("a", Waived).code(net::REFUSED), check("b", Passed)])
        .waiver(expired([0]))
        .waiver(PlannedWaiver {
            code: Some("net/timeout".to_owned()),
            ..waiver([0])
        })
        .waiver(waiver([0]))
        .waiver(waiver([0, 1]));
    assert_eq!(states(&run), [Expired, Unused, Used, Unused]);
}

#[test]
fn what_became_of_a_waiver() {
    let run = run([
        check("failed", Waived),
        check("passed", Passed),
        check("warned", Warned),
        check("skipped", Skipped),
        check("left-out", Skipped).left_out(),
    ]);
    for (waiver, state, code) in [
        (waiver([0]), Used, None),
        (waiver([0, 1]), Used, None),
        (waiver([1, 2]), Unneeded, Some(codes::UNNEEDED)),
        // What a run leaves out says nothing about the need for its waiver.
        (waiver([1, 4]), Unneeded, Some(codes::UNNEEDED)),
        (waiver([1, 3]), Unused, None),
        (waiver([3]), Unused, None),
        (waiver([4]), NotInRun, None),
        (
            PlannedWaiver {
                excluded: vec![id("canary")],
                ..waiver([])
            },
            NotInRun,
            None,
        ),
        (waiver([]), Orphaned, Some(codes::ORPHANED)),
        (expired([]), Orphaned, Some(codes::ORPHANED)),
        (expired([0]), Expired, Some(codes::EXPIRED)),
        (expired([1]), Expired, Some(codes::EXPIRED)),
        (quarantine(1, [0, 1]), Used, None),
        (quarantine(1, [1]), Unneeded, Some(codes::UNNEEDED)),
    ] {
        let judgement = decide(&run.clone().waiver(waiver.clone()).record());
        let found = &judgement.waivers[0];
        assert_eq!(
            (found.state, found.code.clone()),
            (state, code.map(Code::from)),
            "{waiver:?}"
        );
    }
}

#[test]
fn a_waived_member_counts_for_its_group() {
    let of = |waiver| {
        let checks = [
            check("r.eu", Passed).member_of(0),
            check("r.us", Waived).member_of(0),
            check("r.ap", Waived).member_of(0),
        ];
        let run = run(checks)
            .group(Severity::Blocker, Quorum::AtLeast(2))
            .waiver(waiver);
        let judgement = decide(&run.record());
        (judgement.verdict, judgement.groups[0].state)
    };
    assert_eq!(of(quarantine(2, [0, 1, 2])), (Go, GroupState::Met));
    assert_eq!(of(quarantine(1, [0, 1, 2])), (NoGo, GroupState::NotMet));
    assert_eq!(of(waiver([1])), (Go, GroupState::Met));
}

#[test]
fn a_failure_that_nobody_claimed_to_be_waived_stays_one() {
    let run = run([check("a", Failed), check("b", Passed)]).waiver(waiver([0]));
    assert_eq!(decide(&run.record()).verdict, NoGo);
    assert_eq!(states(&run), [Unused]);
}

#[test]
fn odd_waivers_have_a_verdict_too() {
    let twice = run([check("a", Waived), check("b", Passed)]).waiver(quarantine(1, [0, 0, 99]));
    assert_eq!(decide(&twice.record()).verdict, Go);
    let nothing = run([check("a", Waived), check("b", Passed)]).waiver(quarantine(0, [0]));
    assert_eq!(decide(&nothing.record()).verdict, NoGo);
}

fn valid_until(run: &Run) -> Option<String> {
    let until = decide(&run.record()).valid_until;
    until.map(|until| until.to_string())
}

#[test]
fn a_go_holds_no_longer_than_a_waiver_it_stands_on() {
    let holds = |severity, waiver| {
        let checks = [check("a", Waived).severity(severity), check("b", Passed)];
        let mut run = run(checks).waiver(waiver);
        run.valid_for = Some(Decimal::from(86_400));
        valid_until(&run).unwrap()
    };
    let blocker = Severity::Blocker;
    assert_eq!(holds(blocker, waiver([0])), "2026-08-02T00:00:00Z");
    let soon = PlannedWaiver {
        until: until("soon", "2026-08-01T10:00:03Z"),
        ..waiver([0])
    };
    // It ended while the run went on: the GO is over as it is said.
    assert_eq!(holds(blocker, soon.clone()), "2026-08-01T10:00:03Z");
    assert_eq!(holds(Severity::Info, soon), "2026-08-02T10:00:05Z");
    assert_eq!(holds(Severity::Info, waiver([1])), "2026-08-02T10:00:05Z");
}

#[test]
fn a_gate_that_does_not_say_how_long_a_go_holds_gets_no_end_from_a_waiver() {
    let run = run([check("a", Waived), check("b", Passed)]).waiver(waiver([0]));
    assert_eq!(valid_until(&run), None);
}

#[test]
fn a_go_holds_no_longer_than_its_evidence_is_good() {
    let holds = |severity, max_age: Option<u32>, looked: &str| {
        let run = Run {
            valid_for: Some(Decimal::from(3_600)),
            ..run([check("a", Passed).severity(severity), check("b", Passed)])
        };
        let mut record = run.record();
        record.finished.elapsed = Decimal::from(5);
        record.checks[0].plan.max_age = max_age.map(Decimal::from);
        let mut attempt = |outcome, elapsed: &str| {
            let mut attempt = crate::record::attempt(outcome);
            attempt.elapsed = elapsed.parse().unwrap();
            record.checks[0].attempts.push(attempt);
        };
        attempt(Failed, "0.5");
        attempt(Passed, looked);
        decide(&record).valid_until.unwrap().to_string()
    };
    let blocker = Severity::Blocker;
    assert_eq!(holds(blocker, None, "1"), "2026-08-01T11:00:05Z");
    assert_eq!(holds(blocker, Some(60), "1"), "2026-08-01T10:01:01Z");
    assert_eq!(holds(blocker, Some(60), "4.75"), "2026-08-01T10:01:04.75Z");
    assert_eq!(holds(blocker, Some(7_200), "1"), "2026-08-01T11:00:05Z");
    assert_eq!(
        holds(Severity::Warning, Some(60), "1"),
        "2026-08-01T11:00:05Z"
    );
    // Older than it may be at the end of the run: the end of the run is the end of the GO.
    assert_eq!(holds(blocker, Some(2), "1"), "2026-08-01T10:00:05Z");
}

#[test]
fn an_expectation_can_be_what_a_waiver_is_for() {
    let run = run([
        check("a", Waived).code(engine::EXPECTATION),
        check("b", Passed),
    ]);
    let of = |code: &str| {
        let waiver = PlannedWaiver {
            code: Some(code.to_owned()),
            ..waiver([0])
        };
        decide(&run.clone().waiver(waiver).record()).verdict
    };
    assert_eq!(of("engine/expectation"), Go);
    assert_eq!(of("net/refused"), NoGo);
}
