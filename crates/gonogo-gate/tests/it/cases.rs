//! The rule, case by case.

use std::collections::BTreeMap;

use gonogo_gate::decide;
use gonogo_model::codes::{gate, needs, net};
use gonogo_model::{
    Code, Counts, Decimal, GroupState, GroupVerdict, Judgement, Outcome, Quorum, Reason, Severity,
    Tally, Verdict,
};
use gonogo_model::{CodeDecl, codes::engine};

use crate::record::{Run, check, id, run, waiver};
use Outcome::{Awaiting, Failed, Passed, Skipped, Unknown, Waived, Warned};
use Verdict::{Go, Hold, NoGo};

fn verdict(run: &Run) -> Verdict {
    decide(&run.record()).verdict
}

fn reason(
    about: Option<&str>,
    decl: &'static CodeDecl,
    message: &str,
    verdict: Verdict,
    consequences: &[&str],
) -> Reason {
    Reason {
        id: about.map(id),
        code: decl.into(),
        message: message.to_owned(),
        verdict,
        consequences: consequences.iter().map(|c| id(c)).collect(),
    }
}

#[test]
fn one_blocker_gives_the_verdict_of_its_outcome() {
    for (outcome, expected) in [
        (Passed, Go),
        (Warned, Go),
        (Failed, NoGo),
        (Unknown, Hold),
        (Skipped, Hold),
        (Awaiting, Hold),
        // Nothing was proved.
        (Waived, Hold),
    ] {
        let alone = run([check("a", outcome)]).waiver(waiver([0]));
        assert_eq!(verdict(&alone), expected, "{outcome}");
        let proved = match outcome {
            Waived => Go,
            Passed | Warned | Failed | Unknown | Skipped | Awaiting => expected,
        };
        let with_proof = run([check("a", outcome), check("b", Passed)]).waiver(waiver([0]));
        assert_eq!(verdict(&with_proof), proved, "{outcome} beside a pass");
    }
}

#[test]
fn an_empty_record_is_held_for_want_of_proof() {
    let judgement = decide(&run([]).record());
    let expected = Judgement {
        verdict: Hold,
        reasons: vec![reason(
            None,
            gate::NOTHING_PROVED,
            "no blocker passed in this run",
            Hold,
            &[],
        )],
        counts: Counts::default(),
        groups: Vec::new(),
        waivers: Vec::new(),
        not_waived: Vec::new(),
        partial: false,
        valid_until: None,
    };
    assert_eq!(judgement, expected);
}

#[test]
fn a_pass_that_is_no_blocker_proves_nothing() {
    for severity in [Severity::Warning, Severity::Info] {
        assert_eq!(verdict(&run([check("a", Passed).severity(severity)])), Hold);
    }
}

#[test]
fn a_member_weighs_nothing_by_itself() {
    let members = [
        check("a", Failed).member_of(0),
        check("b", Passed).member_of(0),
    ];
    let any = run(members.clone()).group(Severity::Blocker, Quorum::Any);
    assert_eq!(verdict(&any), Go);
    let all = run(members.clone()).group(Severity::Blocker, Quorum::All);
    assert_eq!(verdict(&all), NoGo);
    let warning = run(members).group(Severity::Warning, Quorum::All);
    assert_eq!(verdict(&warning), Hold, "a warning group proves nothing");
}

#[test]
fn a_group_of_waivers_is_met_and_proves_nothing() {
    let group = run([check("a", Waived).member_of(0)])
        .group(Severity::Blocker, Quorum::All)
        .waiver(waiver([0]));
    let judgement = decide(&group.record());
    assert_eq!(judgement.verdict, Hold);
    assert_eq!(judgement.groups[0].state, GroupState::Met);
    assert_eq!(judgement.reasons[0].code, Code::from(gate::NOTHING_PROVED));
}

#[test]
fn a_group_that_is_not_met_proves_nothing_by_the_members_that_passed() {
    let group = run([
        check("a", Passed).member_of(0),
        check("b", Unknown).member_of(0),
    ])
    .group(Severity::Blocker, Quorum::All);
    assert_eq!(verdict(&group), Hold);
}

#[test]
fn partial_and_interrupted_runs_are_at_best_held() {
    let partial = run([
        check("a", Passed),
        check("b", Skipped)
            .severity(Severity::Info)
            .left_out()
            .code(needs::LEFT_OUT),
    ]);
    let judgement = decide(&partial.record());
    assert_eq!((judgement.verdict, judgement.partial), (Hold, true));
    assert_eq!(
        judgement.reasons,
        [reason(
            None,
            gate::PARTIAL,
            "1 of 2 planned checks were left out",
            Hold,
            &["b"]
        )]
    );

    let mut interrupted = run([
        check("a", Passed),
        check("b", Skipped).code(needs::INTERRUPTED),
    ]);
    interrupted.interrupted = true;
    let judgement = decide(&interrupted.record());
    assert_eq!(judgement.verdict, Hold);
    assert_eq!(
        judgement.reasons,
        [reason(
            None,
            gate::INTERRUPTED,
            "the run was interrupted by INT",
            Hold,
            &["b"]
        )]
    );

    interrupted.checks.push(check("c", Failed));
    assert_eq!(verdict(&interrupted), NoGo);
}

#[test]
fn a_go_holds_as_long_as_the_gate_says() {
    let mut go = run([check("a", Passed)]);
    assert_eq!(decide(&go.record()).valid_until, None);
    for (seconds, until) in [
        ("3600", "2026-08-01T11:00:05Z"),
        ("0.5", "2026-08-01T10:00:05.5Z"),
        ("1e12", "9999-12-30T22:00:00.999999999Z"),
    ] {
        go.valid_for = Some(seconds.parse::<Decimal>().unwrap());
        let until: Option<jiff::Timestamp> = Some(until.parse().unwrap());
        assert_eq!(decide(&go.record()).valid_until, until);
    }
    go.checks.push(check("b", Unknown));
    assert_eq!(decide(&go.record()).valid_until, None);
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "one record, and the whole judgement of it"
)]
fn reasons_start_with_root_causes_and_carry_what_follows_from_them() {
    let run = run([
        check("app", Skipped)
            .code(needs::NOT_PASSED)
            .blames("database"),
        check("signed", Awaiting),
        check("resolver", Unknown).code(net::RESOLVER),
        check("database", Failed).code(net::REFUSED),
        check("report", Skipped)
            .severity(Severity::Info)
            .code(needs::NOT_PASSED)
            .blames("database"),
        check("cached", Skipped)
            .code(needs::NOT_PASSED)
            .blames("cache"),
        check("cache", Failed).severity(Severity::Warning),
        check("late", Skipped).code(needs::DEADLINE),
        check("eu", Failed).member_of(0),
        check("us", Failed).member_of(0),
        check("ap", Unknown).member_of(1),
        check("in-eu", Skipped).code(needs::NOT_PASSED).blames("g0"),
        check("stopped", Skipped).code(needs::FAIL_FAST),
        check("crashed", Unknown).code(engine::PANIC),
    ])
    .group(Severity::Blocker, Quorum::Any)
    .group(Severity::Blocker, Quorum::Any);
    let judgement = decide(&run.record());
    let expected = Judgement {
        verdict: NoGo,
        reasons: vec![
            reason(
                Some("database"),
                net::REFUSED,
                "database says so",
                NoGo,
                &["app", "report", "stopped"],
            ),
            reason(
                Some("g0"),
                gate::GROUP_NOT_MET,
                "1 of 2 members must pass: 0 passed, 2 failed, 0 undecided",
                NoGo,
                &["in-eu"],
            ),
            reason(
                Some("resolver"),
                net::RESOLVER,
                "resolver says so",
                Hold,
                &[],
            ),
            reason(Some("crashed"), engine::PANIC, "crashed says so", Hold, &[]),
            reason(
                Some("g1"),
                gate::GROUP_UNDECIDED,
                "1 of 1 members must pass: 0 passed, 0 failed, 1 undecided",
                Hold,
                &[],
            ),
            reason(Some("signed"), gate::AWAITING, "signed says so", Hold, &[]),
            reason(
                Some("cached"),
                needs::NOT_PASSED,
                "cached says so",
                Hold,
                &[],
            ),
            reason(Some("late"), needs::DEADLINE, "late says so", Hold, &[]),
        ],
        counts: Counts {
            planned: 14,
            by_outcome: BTreeMap::from([
                ("awaiting".to_owned(), 1),
                ("failed".to_owned(), 4),
                ("skipped".to_owned(), 6),
                ("unknown".to_owned(), 3),
            ]),
            flaky: 0,
        },
        groups: vec![
            GroupVerdict {
                id: id("g0"),
                state: GroupState::NotMet,
                tally: Tally {
                    planned: 2,
                    passes: 0,
                    undecided: 0,
                },
                needed: 1,
            },
            GroupVerdict {
                id: id("g1"),
                state: GroupState::Undecided,
                tally: Tally {
                    planned: 1,
                    passes: 0,
                    undecided: 1,
                },
                needed: 1,
            },
        ],
        waivers: Vec::new(),
        not_waived: Vec::new(),
        partial: false,
        valid_until: None,
    };
    assert_eq!(judgement, expected);
}

#[test]
fn odd_records_have_a_verdict_too() {
    let group = run([check("a", Passed).member_of(0)]).group(Severity::Blocker, Quorum::AtLeast(2));
    let mut record = group.record();
    // Listed twice, a member counts once; a member outside the record is undecided.
    let member = record.plan.groups[0].members[0];
    record.plan.groups[0].members.push(member);
    assert_eq!(decide(&record).verdict, NoGo);
    record.plan.groups[0]
        .members
        .push(gonogo_model::CheckIndex(99));
    assert_eq!(decide(&record).verdict, Hold);
    // A check that names a group which the plan does not have stands for itself.
    let lonely = run([check("a", Failed).member_of(7)]);
    assert_eq!(verdict(&lonely), NoGo);
    // A quorum of nothing is not met by nobody.
    let empty = run([check("a", Passed)]).group(Severity::Blocker, Quorum::All);
    assert_eq!(verdict(&empty), NoGo);
}
