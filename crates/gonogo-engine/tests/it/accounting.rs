//! Plan accounting, over random gates: one outcome for every planned check, whatever happens.

use std::collections::BTreeMap;

use gonogo_engine::RoundEnd;
use gonogo_model::codes::net;
use gonogo_model::{Event, Outcome, Quorum, Severity};
use proptest::prelude::*;

use crate::gate::{Gate, gate, millis};
use crate::probe::{REFUSED_LOGIN, Step};

fn steps() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => Just(Step::Pass),
        1 => Just(Step::Warn),
        2 => Just(Step::Fail),
        1 => Just(Step::Fault(net::RESOLVER, "silent".to_owned())),
        1 => Just(Step::Fault(REFUSED_LOGIN, "refused".to_owned())),
        1 => Just(Step::Fault(net::NO_DESCRIPTORS, "none left".to_owned())),
        1 => Just(Step::TimesOut),
        1 => Just(Step::Hangs),
        1 => Just(Step::Panics("oh".to_owned())),
        1 => Just(Step::PanicsInDrop),
        1 => Just(Step::HangsAndPanicsInDrop),
        2 => (0..3_000_u64).prop_map(|n| Step::After(millis(n), Box::new(Step::Pass))),
    ]
}

#[derive(Debug, Clone)]
struct Drawn {
    script: Vec<usize>,
    needs: Vec<prop::sample::Index>,
    group: Option<usize>,
    severity: bool,
    attempts: u32,
    consecutive: u32,
    origin: u8,
    skip: bool,
}

fn drawn(scripts: usize) -> impl Strategy<Value = Drawn> {
    (
        prop::collection::vec(0..scripts, 1..4),
        prop::collection::vec(any::<prop::sample::Index>(), 0..3),
        prop::option::weighted(0.3, 0..2_usize),
        any::<bool>(),
        (1..4_u32, 1..3_u32),
        0..4_u8,
        prop::bool::weighted(0.1),
    )
        .prop_map(
            |(script, needs, group, severity, (attempts, consecutive), origin, skip)| Drawn {
                script,
                needs,
                group,
                severity,
                attempts,
                consecutive,
                origin,
                skip,
            },
        )
}

/// Builds a gate whose checks need only checks before them, and groups none of them is in.
fn build(scripts: &[Step], checks: &[Drawn]) -> Gate {
    let mut gate = gate().check("c0", [Step::Pass]);
    let mut groups = [0_u32; 2];
    for (i, drawn) in checks.iter().enumerate() {
        let steps = drawn.script.iter().map(|&s| scripts[s].clone());
        let needs: Vec<String> = drawn
            .needs
            .iter()
            .map(|n| format!("c{}", n.index(i + 1)))
            .collect();
        let needs: Vec<&str> = needs.iter().map(String::as_str).collect();
        gate = gate.check_with(&format!("c{}", i + 1), steps, |c| {
            c.needs(&needs)
                .attempts(drawn.attempts)
                .consecutive(drawn.consecutive);
            if drawn.origin > 0 {
                c.origin(&format!("host:{}", drawn.origin));
            }
            if let Some(group) = drawn.group {
                groups[group] += 1;
                c.group(&format!("g{group}"));
            }
            if drawn.severity {
                c
            } else {
                c.severity(Severity::Info)
            }
        });
        if drawn.skip {
            gate.selection.skip.push(format!("c{}", i + 1));
        }
    }
    for (group, members) in groups.into_iter().enumerate() {
        if members > 0 {
            let name = format!("g{group}");
            gate = gate
                .group(&name, Quorum::AtLeast(members.div_ceil(2)))
                .check_with(&format!("after-{name}"), [Step::Pass], |c| {
                    c.needs(&[&name])
                });
        }
    }
    gate
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_planned_check_has_one_outcome(
        scripts in prop::collection::vec(steps(), 8),
        checks in prop::collection::vec(drawn(8), 0..25),
        jobs in prop::option::of(1..5_usize),
        fail_fast in prop::bool::weighted(0.2),
        deadline in prop_oneof![Just(600_000_u64), 0..20_000_u64],
        stop_after in prop::option::weighted(0.2, 0..20_000_u64),
    ) {
        let gate = build(&scripts, &checks).with(|g| {
            g.options.jobs = jobs;
            g.options.fail_fast = fail_fast;
            g.options.per_origin = 2;
            g.deadline = millis(deadline);
            g.stop_after = stop_after.map(millis);
        });
        let plan = gate.plan().unwrap();
        let mut engine = gate.engine(&plan);
        let first = gate.round(&mut engine, 1, &plan.checks());
        account(&gate, &first.events, plan.checks().len())?;
        if first.end == RoundEnd::Complete {
            prop_assert!(gate.time.elapsed() <= millis(deadline.max(stop_after.unwrap_or(0))));
            let gate = gate.with(|g| g.stop_after = None);
            let open = engine.open();
            let second = gate.round(&mut engine, 2, &open);
            account(&gate, &second.events, open.len())?;
        }
    }
}

/// Returns what every check came to.
fn outcomes(gate: &Gate) -> Vec<Outcome> {
    let plan = gate.plan().unwrap();
    let mut engine = gate.engine(&plan);
    gate.round(&mut engine, 1, &plan.checks());
    plan.checks()
        .into_iter()
        .filter_map(|check| engine.outcome(check))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// With the time that everything needs, neither the slots nor the order of completion decide.
    #[test]
    fn the_number_of_slots_makes_no_difference(
        scripts in prop::collection::vec(steps(), 8),
        checks in prop::collection::vec(drawn(8), 0..25),
        jobs in 1..5_usize,
    ) {
        let with = |jobs| {
            build(&scripts, &checks).with(|g| {
                g.options.jobs = jobs;
                g.deadline = millis(10_000_000);
            })
        };
        prop_assert_eq!(outcomes(&with(None)), outcomes(&with(Some(jobs))));
    }
}

/// Holds a round's events against its promise.
fn account(gate: &Gate, events: &[Event], checks: usize) -> Result<(), TestCaseError> {
    let mut outcomes = BTreeMap::new();
    let mut started = BTreeMap::new();
    for event in events {
        match event {
            Event::CheckStarted { check, .. } => {
                prop_assert!(started.insert(*check, ()).is_none(), "started twice");
                prop_assert!(!outcomes.contains_key(check), "started after its outcome");
            }
            Event::AttemptFinished { check, .. } => {
                prop_assert!(started.contains_key(check), "an attempt before the start");
                prop_assert!(
                    !outcomes.contains_key(check),
                    "an attempt after the outcome"
                );
            }
            Event::CheckFinished { check, result, .. } => {
                prop_assert!(
                    outcomes.insert(*check, result.outcome).is_none(),
                    "two outcomes"
                );
                if result.outcome != Outcome::Passed {
                    prop_assert!(result.code.is_some() && result.message.is_some());
                }
                if result.outcome.satisfies() {
                    prop_assert!(started.contains_key(check), "passed without a look");
                }
            }
            Event::RunStarted { .. }
            | Event::RoundStarted { .. }
            | Event::Interrupted { .. }
            | Event::RunFinished { .. } => {}
        }
    }
    prop_assert_eq!(outcomes.len(), checks);
    prop_assert_eq!(gate.meter.in_flight(), 0);
    Ok(())
}
