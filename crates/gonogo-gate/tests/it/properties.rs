//! The properties of the rule, over random records.

use gonogo_gate::decide;
use gonogo_model::codes::needs;
use gonogo_model::{Code, GroupState, Outcome, Quorum, Severity, Verdict};
use proptest::prelude::*;

use crate::record::{Check, Run, check};

/// Returns how good an outcome is for the verdict; outcomes of one rank are as good as each other.
fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Passed | Outcome::Warned => 3,
        Outcome::Waived => 2,
        Outcome::Unknown | Outcome::Skipped | Outcome::Awaiting => 1,
        Outcome::Failed => 0,
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
    (outcomes(), severities(), groups, blames, codes, 0..20_u8).prop_map(
        |(outcome, severity, group, blame, code, left_out)| Check {
            severity,
            group,
            blame: blame.filter(|_| outcome == Outcome::Skipped),
            code: code.filter(|_| outcome == Outcome::Skipped),
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
    ) -> Run {
        for (i, check) in checks.iter_mut().enumerate() {
            check.id = format!("c{i}");
        }
        Run { checks, groups, interrupted, valid_for: None }
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
        outcome in outcomes(),
    ) {
        prop_assume!(!run.checks.is_empty());
        let place = place.index(run.checks.len());
        let mut worse = run.clone();
        if rank(outcome) <= rank(worse.checks[place].outcome) {
            worse.checks[place].outcome = outcome;
        }
        prop_assert!(verdict(&worse) <= verdict(&run));
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
        let mut less = run.clone();
        less.checks.remove(place);
        prop_assert!(verdict(&less) <= verdict(&run));
    }

    #[test]
    fn the_order_of_the_checks_makes_no_difference(
        (run, shuffled) in runs().prop_flat_map(|run| {
            let shuffled = Just(run.checks.clone()).prop_shuffle();
            (Just(run), shuffled)
        }),
    ) {
        let other = Run { checks: shuffled, ..run.clone() };
        let (one, other) = (decide(&run.record()), decide(&other.record()));
        prop_assert_eq!(one.verdict, other.verdict);
        prop_assert_eq!(one.counts, other.counts);
        prop_assert_eq!(one.groups, other.groups);
    }

    #[test]
    fn checks_that_are_no_blockers_make_no_difference(run in runs(), outcome in outcomes()) {
        let mut other = run.clone();
        for check in &mut other.checks {
            if alone(&run, check) && check.severity != Severity::Blocker {
                check.outcome = outcome;
            }
        }
        prop_assert_eq!(verdict(&run), verdict(&other));
        other.checks.retain(|check| {
            check.left_out || !alone(&run, check) || check.severity == Severity::Blocker
        });
        prop_assert_eq!(verdict(&run), verdict(&other));
    }

    #[test]
    fn go_means_that_every_blocker_is_satisfied_and_something_proved(run in runs()) {
        let judgement = decide(&run.record());
        let blockers: Vec<_> = run
            .checks
            .iter()
            .filter(|check| alone(&run, check) && check.severity == Severity::Blocker)
            .collect();
        let groups = run.groups.iter().zip(&judgement.groups);
        let blocking: Vec<_> = groups
            .filter(|((severity, _), _)| *severity == Severity::Blocker)
            .map(|(_, group)| group)
            .collect();
        if judgement.verdict == Verdict::Go {
            prop_assert!(blockers.iter().all(|check| check.outcome.satisfies()));
            prop_assert!(blocking.iter().all(|group| group.state == GroupState::Met));
            prop_assert!(!run.interrupted && !judgement.partial);
            let seen = |check: &&Check| rank(check.outcome) == 3;
            let in_blocking = |check: &&Check| {
                check.group.and_then(|g| run.groups.get(g)).is_some_and(|g| g.0.blocks())
            };
            let by_check = blockers.iter().any(seen);
            prop_assert!(by_check || run.checks.iter().any(|c| seen(&c) && in_blocking(&c)));
        }
        let wrong = blockers.iter().any(|check| check.outcome == Outcome::Failed)
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
        for check in &run.checks {
            if alone(&run, check) && check.severity.blocks() && !check.outcome.satisfies() {
                let named = judgement.reasons.iter().any(|reason| {
                    reason.id.iter().chain(&reason.consequences).any(|id| id.as_str() == check.id)
                });
                prop_assert!(named, "{} is not named", check.id);
            }
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
