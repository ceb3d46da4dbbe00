//! How many at once: slots, origins, descriptors; and gates of every size.

use std::sync::atomic::Ordering;

use Outcome::{Failed, Passed, Skipped};
use gonogo_model::Outcome;
use gonogo_model::codes::net;

use crate::gate::{gate, millis, secs};
use crate::probe::Step::{After, Fail, Fault, Pass, TimesOut};

#[test]
fn a_thousand_attempts_hang_at_once() {
    let mut gate = gate();
    for n in 0..1_000 {
        gate = gate.check(&format!("c{n}"), [TimesOut]);
    }
    let ran = gate.run();
    assert_eq!(gate.meter.most(), 1_000);
    assert_eq!(ran.took, secs(10), "no longer than the timeout");
    assert_eq!(ran.says("c999"), "failed net/timeout: no answer in time");
}

#[test]
fn no_more_than_the_machine_or_the_person_allows() {
    for (jobs, descriptors, most) in [(None, 256, 224), (Some(7), 256, 7), (None, 5_000, 1_000)] {
        let mut gate = gate().with(|g| {
            g.options.jobs = jobs;
            g.options.descriptors = descriptors;
        });
        for n in 0..1_100 {
            gate = gate.check(&format!("c{n}"), [After(secs(1), Box::new(Pass))]);
        }
        gate.run();
        assert_eq!(gate.meter.most(), most);
    }
}

#[test]
fn an_origin_has_a_limit_of_its_own_and_blocks_nobody_else() {
    let mut gate = gate().with(|g| g.options.jobs = Some(12));
    let slow = || [After(secs(1), Box::new(Pass))];
    for n in 0..30 {
        gate = gate.check_with(&format!("busy{n}"), slow(), |c| c.origin("10.0.0.1:443"));
    }
    for n in 0..4 {
        gate = gate.check_with(&format!("other{n}"), slow(), |c| c.origin("10.0.0.2:443"));
    }
    let ran = gate.run();
    assert_eq!(ran.took, secs(3));
    let order = gate.meter.order();
    assert!(
        order[..12]
            .iter()
            .filter(|name| name.starts_with("busy"))
            .count()
            == 10
    );
    assert_eq!(order[10..12], ["other0", "other1"]);
    assert_eq!(
        order[12..24]
            .iter()
            .filter(|name| name.starts_with("busy"))
            .count(),
        10
    );
}

#[test]
fn an_attempt_without_a_descriptor_is_made_again_and_not_counted() {
    let mut gate = gate();
    gate.meter.descriptors.store(50, Ordering::SeqCst);
    for n in 0..400 {
        gate = gate.check(&format!("c{n}"), [After(millis(100), Box::new(Pass))]);
    }
    let ran = gate.run();
    for n in 0..400 {
        let name = format!("c{n}");
        assert_eq!(ran.outcome(&name), Passed, "{name}");
        assert_eq!(ran.tried(&name), [Passed]);
        assert!(!ran.result(&name).flaky);
    }
    assert!(ran.took < secs(10), "{:?}", ran.took);
}

#[test]
fn a_check_that_never_gets_a_descriptor_is_unknown_and_not_failed() {
    let none = || Fault(net::NO_DESCRIPTORS, "too many open files".to_owned());
    let gate = gate()
        .check("a", [none()])
        .check_with("b", [Fail, none()], |c| c.attempts(2))
        .check_with("c", [none(), Pass], |c| {
            c.effect(gonogo_model::Effect::Writes)
        });
    let ran = gate.run();
    let result = ran.result("a");
    assert_eq!(result.outcome, Outcome::Unknown);
    assert_eq!(result.code.as_ref().unwrap().as_str(), "engine/no_slot");
    let message = result.message.as_deref().unwrap();
    assert!(
        message.starts_with("no descriptor was left at "),
        "{message}"
    );
    assert!(
        message.ends_with(" attempts: too many open files"),
        "{message}"
    );
    assert!(
        ran.took <= secs(31),
        "three times its timeout: {:?}",
        ran.took
    );
    assert!(
        ran.took >= secs(28),
        "three times its timeout: {:?}",
        ran.took
    );
    assert!(ran.tried("a").is_empty());
    assert_eq!(ran.outcome("b"), Failed);
    // A probe with an effect is not sent twice, whatever kept it from its end.
    assert_eq!(
        ran.says("c"),
        "unknown net/no_descriptors: too many open files"
    );
}

#[test]
fn twenty_thousand_checks_with_a_chain_of_five_thousand() {
    let mut gate = gate().check("chain0", [Pass]);
    for n in 1..5_000 {
        let before = format!("chain{}", n - 1);
        gate = gate.check_with(&format!("chain{n}"), [Pass], |c| c.needs(&[&before]));
    }
    for n in 0..15_000 {
        let origin = format!("10.0.0.{}:80", n % 3);
        gate = gate.check_with(&format!("wide{n}"), [Pass], |c| c.origin(&origin));
    }
    let began = std::time::Instant::now();
    let plan = gate.plan().unwrap();
    let mut engine = gate.engine(&plan);
    let ran = gate.round(&mut engine, 1, &plan.checks());
    assert_eq!(ran.finished().len(), 20_000);
    assert!(engine.open().is_empty());
    // Some seconds unoptimised on a busy machine; anything quadratic takes minutes.
    assert!(began.elapsed() < secs(60), "{:?}", began.elapsed());
}

#[test]
fn a_long_chain_is_skipped_as_a_whole() {
    let mut gate = gate().check("chain0", [Fail]);
    for n in 1..5_000 {
        let before = format!("chain{}", n - 1);
        gate = gate.check_with(&format!("chain{n}"), [Pass], |c| c.needs(&[&before]));
    }
    let ran = gate.run();
    assert_eq!(ran.outcome("chain4999"), Skipped);
    assert_eq!(
        ran.result("chain4999").blame.as_ref().unwrap().as_str(),
        "chain0"
    );
}
