//! The properties of the rule, over random records.

use gonogo_gate::decide;
use gonogo_model::codes::needs;
use gonogo_model::{
    CheckIndex, Code, GroupState, Judgement, Outcome, PlannedWaiver, Quorum, Severity, Verdict,
};
use proptest::prelude::*;

use crate::record::{Check, Run, check, id, until, waiver};

/// Returns how good an outcome is for the verdict; outcomes of one rank are as good as each other.
fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Passed | Outcome::Warned => 4,
        Outcome::Waived => 3,
        Outcome::Skipped | Outcome::Awaiting => 2,
        // It uses up a quarantine, as a failure does.
        Outcome::Unknown => 1,
        Outcome::Failed => 0,
    }
}

/// Returns what each check counts as: what it was, where a waiver is claimed that does not cover.
fn counted(run: &Run) -> Vec<Outcome> {
    let not_waived = decide(&run.record()).not_waived;
    let mut counted: Vec<Outcome> = run.checks.iter().map(|check| check.outcome).collect();
    for place in not_waived.iter().map(|place| place.as_usize()) {
        counted[place] = match run.checks[place].was {
            Some(Outcome::Failed) => Outcome::Failed,
            _ => Outcome::Unknown,
        };
    }
    counted
}

fn waivers() -> impl Strategy<Value = PlannedWaiver> {
    let checks = prop::collection::vec(0..12_u32, 0..6);
    let count = prop_oneof![2 => Just(None), 1 => (0..4_u32).prop_map(Some)];
    let codes = prop_oneof![3 => Just(None), 1 => Just(Some(needs::NOT_PASSED.code.to_owned()))];
    (checks, count, codes, 0..5_u8).prop_map(|(checks, quarantine, code, over)| {
        let mut waiver = PlannedWaiver {
            quarantine,
            code,
            ..waiver(checks)
        };
        if over == 0 {
            waiver.until = until("then", "2026-08-01T10:00:00Z");
        }
        waiver
    })
}

/// Returns a run with other checks, of which its waivers name the same as before.
fn moved(run: &Run, checks: Vec<Check>) -> Run {
    let new_place = |place: &CheckIndex| {
        let id = &run.checks.get(place.as_usize())?.id;
        let place = checks.iter().position(|check| check.id == *id)?;
        Some(CheckIndex(u32::try_from(place).unwrap()))
    };
    let waivers = run.waivers.iter().map(|waiver| PlannedWaiver {
        checks: waiver.checks.iter().filter_map(new_place).collect(),
        excluded: vec![id("elsewhere")],
        ..waiver.clone()
    });
    Run {
        waivers: waivers.collect(),
        checks,
        ..run.clone()
    }
}

fn outcomes() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        6 => Just(Outcome::Passed),
        1 => Just(Outcome::Warned),
        2 => Just(Outcome::Waived),
        1 => Just(Outcome::Unknown),
        1 => Just(Outcome::Skipped),
        1 => Just(Outcome::Awaiting),
        1 => Just(Outcome::Failed),
    ]
}

fn severities() -> impl Strategy<Value = Severity> {
    prop_oneof![
        4 => Just(Severity::Blocker),
        1 => Just(Severity::Warning),
        1 => Just(Severity::Info),
    ]
}

fn quorums() -> impl Strategy<Value = Quorum> {
    prop_oneof![
        Just(Quorum::All),
        Just(Quorum::Any),
        (0..5_u32).prop_map(Quorum::AtLeast),
        (0..=10_000_u32).prop_map(Quorum::AtLeastShare),
    ]
}

fn checks() -> impl Strategy<Value = Check> {
    let codes = prop_oneof![
        Just(None),
        Just(Some(Code::from(needs::NOT_PASSED))),
        Just(Some(Code::from(needs::FAIL_FAST))),
        Just(Some(Code::from(needs::INTERRUPTED))),
    ];
    let groups = prop_oneof![2 => Just(None), 1 => (0..3_usize).prop_map(Some)];
    let blames = prop_oneof![
        Just(None),
        (0..12_usize).prop_map(|i| Some(format!("c{i}"))),
        (0..3_usize).prop_map(|i| Some(format!("g{i}"))),
    ];
    let was = prop_oneof![
        4 => Just(Some(Outcome::Failed)),
        2 => Just(Some(Outcome::Unknown)),
        1 => Just(None),
    ];
    (
        outcomes(),
        severities(),
        groups,
        blames,
        codes,
        0..20_u8,
        was,
    )
        .prop_map(
            |(outcome, severity, group, blame, code, left_out, was)| Check {
                severity,
                was: was.filter(|_| outcome == Outcome::Waived),
                group,
                blame: blame.filter(|_| outcome == Outcome::Skipped),
                code: code.filter(|_| matches!(outcome, Outcome::Skipped | Outcome::Waived)),
                left_out: left_out == 0,
                ..check("x", outcome)
            },
        )
}

prop_compose! {
    fn runs()(
        mut checks in prop::collection::vec(checks(), 0..12),
        groups in prop::collection::vec((severities(), quorums()), 0..3),
        interrupted in (0..20_u8).prop_map(|n| n == 0),
        mut waivers in prop::collection::vec(waivers(), 0..4),
        ours in 0..4_u8,
    ) -> Run {
        for (i, check) in checks.iter_mut().enumerate() {
            check.id = format!("c{i}");
        }
        // Most records are ours: whatever is called waived is named by a waiver.
        if ours > 0 {
            waivers.insert(0, waiver(0..12));
        }
        Run { checks, groups, interrupted, valid_for: None, waivers }
    }
}

fn verdict(run: &Run) -> Verdict {
    decide(&run.record()).verdict
}

/// Returns whether a check decides by itself.
fn alone(run: &Run, check: &Check) -> bool {
    check.group.is_none_or(|group| group >= run.groups.len())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2_000,
        max_global_rejects: 100_000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_worse_outcome_never_improves_the_verdict(
        run in runs(),
        place in any::<prop::sample::Index>(),
        with in checks(),
    ) {
        prop_assume!(!run.checks.is_empty());
        let place = place.index(run.checks.len());
        let mut worse = run.clone();
        worse.checks[place].outcome = with.outcome;
        worse.checks[place].was = with.was;
        if rank(counted(&worse)[place]) <= rank(counted(&run)[place]) {
            prop_assert!(verdict(&worse) <= verdict(&run));
        }
    }

    /// A member that could not be looked at may make a group undecided which was not met without it:
    /// it might have passed. A failed member never helps.
    #[test]
    fn adding_a_check_that_is_not_passed_never_improves_the_verdict(
        run in runs(),
        added in checks(),
    ) {
        let counts = alone(&run, &added) || added.outcome == Outcome::Failed;
        prop_assume!(counts && !added.outcome.satisfies());
        let mut more = run.clone();
        more.checks.push(Check { id: "added".to_owned(), ..added });
        prop_assert!(verdict(&more) <= verdict(&run));
    }

    #[test]
    fn removing_a_check_that_passed_never_improves_the_verdict(
        run in runs(),
        place in any::<prop::sample::Index>(),
    ) {
        prop_assume!(!run.checks.is_empty());
        let place = place.index(run.checks.len());
        prop_assume!(run.checks[place].outcome == Outcome::Passed);
        // A check that was left out did not run; a record in which it passed anyway is not one of ours.
        prop_assume!(!run.checks[place].left_out);
        let mut checks = run.checks.clone();
        checks.remove(place);
        let less = moved(&run, checks);
        prop_assert!(verdict(&less) <= verdict(&run));
    }

    #[test]
    fn the_order_of_the_checks_makes_no_difference(
        (run, shuffled) in runs().prop_flat_map(|run| {
            let shuffled = Just(run.checks.clone()).prop_shuffle();
            (Just(run), shuffled)
        }),
    ) {
        let (other, run) = (moved(&run, shuffled), moved(&run, run.checks.clone()));
        let (one, other) = (decide(&run.record()), decide(&other.record()));
        let states = |judgement: &Judgement| -> Vec<_> {
            judgement.waivers.iter().map(|waiver| waiver.state).collect()
        };
        prop_assert_eq!(states(&one), states(&other));
        prop_assert_eq!(one.verdict, other.verdict);
        prop_assert_eq!(one.counts, other.counts);
        prop_assert_eq!(one.groups, other.groups);
    }

    #[test]
    fn checks_that_are_no_blockers_make_no_difference(mut run in runs(), outcome in outcomes()) {
        // All checks of one quarantine weigh the same: they are instances of one check.
        let light = |run: &Run, place: &CheckIndex| {
            let check = run.checks.get(place.as_usize());
            check.is_some_and(|c| alone(run, c) && c.severity != Severity::Blocker)
        };
        for i in 0..run.waivers.len() {
            let mut named = run.waivers[i].checks.clone();
            named.retain(|place| run.waivers[i].quarantine.is_none() || !light(&run, place));
            run.waivers[i].checks = named;
        }
        let mut other = run.clone();
        for check in &mut other.checks {
            if alone(&run, check) && check.severity != Severity::Blocker {
                check.outcome = outcome;
            }
        }
        prop_assert_eq!(verdict(&run), verdict(&other));
        let mut checks = other.checks.clone();
        checks.retain(|check| {
            check.left_out || !alone(&run, check) || check.severity == Severity::Blocker
        });
        let other = moved(&other, checks);
        prop_assert_eq!(verdict(&run), verdict(&other));
    }

    #[test]
    fn go_means_that_every_blocker_is_satisfied_and_something_proved(run in runs()) {
        let judgement = decide(&run.record());
        let counted = counted(&run);
        let blockers: Vec<_> = run
            .checks
            .iter()
            .zip(&counted)
            .filter(|(check, _)| alone(&run, check) && check.severity == Severity::Blocker)
            .collect();
        let groups = run.groups.iter().zip(&judgement.groups);
        let blocking: Vec<_> = groups
            .filter(|((severity, _), _)| *severity == Severity::Blocker)
            .map(|(_, group)| group)
            .collect();
        if judgement.verdict == Verdict::Go {
            prop_assert!(blockers.iter().all(|(_, outcome)| outcome.satisfies()));
            prop_assert!(blocking.iter().all(|group| group.state == GroupState::Met));
            prop_assert!(!run.interrupted && !judgement.partial);
            let seen = |(_, outcome): &(&Check, &Outcome)| rank(**outcome) == 4;
            let in_blocking = |(check, _): &(&Check, &Outcome)| {
                check.group.and_then(|g| run.groups.get(g)).is_some_and(|g| g.0.blocks())
            };
            let by_check = blockers.iter().any(seen);
            let mut all = run.checks.iter().zip(&counted);
            prop_assert!(by_check || all.any(|c| seen(&c) && in_blocking(&c)));
        }
        let wrong = blockers.iter().any(|(_, outcome)| **outcome == Outcome::Failed)
            || blocking.iter().any(|group| group.state == GroupState::NotMet);
        prop_assert_eq!(judgement.verdict == Verdict::NoGo, wrong);
    }

    #[test]
    fn the_verdict_is_the_worst_among_its_reasons(run in runs()) {
        let judgement = decide(&run.record());
        let worst = judgement.reasons.iter().map(|reason| reason.verdict).min();
        prop_assert_eq!(worst.unwrap_or(Verdict::Go), judgement.verdict);
        prop_assert!(judgement.reasons.is_sorted_by_key(|reason| reason.verdict));
        // Every blocker that is not satisfied is a reason, or follows from one.
        for (check, outcome) in run.checks.iter().zip(counted(&run)) {
            if alone(&run, check) && check.severity.blocks() && !outcome.satisfies() {
                let named = judgement.reasons.iter().any(|reason| {
                    reason.id.iter().chain(&reason.consequences).any(|id| id.as_str() == check.id)
                });
                prop_assert!(named, "{} is not named", check.id);
            }
        }
    }

    #[test]
    fn another_waiver_never_makes_a_verdict_worse(run in runs(), added in waivers()) {
        let mut more = run.clone();
        more.waivers.push(added);
        prop_assert!(verdict(&more) >= verdict(&run));
    }

    #[test]
    fn a_failure_that_no_waiver_names_is_a_no_go_whatever_is_waived(
        run in runs(),
        added in waivers(),
        place in any::<prop::sample::Index>(),
    ) {
        prop_assume!(!run.checks.is_empty());
        let place = place.index(run.checks.len());
        let mut run = run;
        run.waivers.push(added);
        for waiver in &mut run.waivers {
            waiver.checks.retain(|named| named.as_usize() != place);
        }
        run.checks[place].group = None;
        run.checks[place].severity = Severity::Blocker;
        for outcome in [Outcome::Failed, Outcome::Waived] {
            run.checks[place].outcome = outcome;
            run.checks[place].was = Some(Outcome::Failed);
            prop_assert_eq!(verdict(&run), Verdict::NoGo);
        }
    }

    #[test]
    fn the_judgement_of_a_stored_record_is_the_same(run in runs()) {
        let record = run.record();
        let stored = serde_json::to_string(&record).unwrap();
        let read = serde_json::from_str(&stored).unwrap();
        prop_assert_eq!(decide(&record), decide(&read));
    }
}
