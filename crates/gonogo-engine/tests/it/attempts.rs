//! Attempts: retries, rows of passes, deadlines, panics.

use Outcome::{Failed, Passed, Skipped, Unknown, Warned};
use gonogo_engine::{RoundEnd, Stop};
use gonogo_model::codes::net;
use gonogo_model::{Effect, Event, Outcome};

use crate::gate::{gate, millis, secs};
use crate::probe::REFUSED_LOGIN;
use crate::probe::Step::{
    After, Excused, Fail, Fault, Hangs, HangsAndPanicsInDrop, Panics, PanicsAtOnce, PanicsInDrop,
    PanicsTwice, Pass, TimesOut, Warn,
};

fn resolver() -> crate::probe::Step {
    Fault(net::RESOLVER, "the resolver is silent".to_owned())
}

#[test]
fn a_retry_that_passes_is_flaky() {
    let gate = gate().check_with("a", [Fail, resolver(), Pass], |c| c.attempts(3));
    let ran = gate.run();
    assert_eq!(ran.tried("a"), [Failed, Unknown, Passed]);
    assert_eq!(ran.outcome("a"), Passed);
    assert!(ran.result("a").flaky);
    let starts: Vec<_> = (0..3).map(|n| gate.time.at(secs(n))).collect();
    assert_eq!(
        gate.meter.starts(),
        starts,
        "the backoff lies between attempts"
    );
    let numbers: Vec<_> = ran
        .attempts("a")
        .iter()
        .map(|a| (a.round, a.number))
        .collect();
    assert_eq!(numbers, [(1, 1), (1, 2), (1, 3)]);
}

#[test]
fn a_pass_after_an_attempt_that_could_not_look_is_not_flaky() {
    let ran = gate()
        .check_with("a", [resolver(), Pass], |c| c.attempts(2))
        .run();
    assert_eq!(ran.outcome("a"), Passed);
    assert!(!ran.result("a").flaky);
}

#[test]
fn attempts_end_with_the_last_one() {
    let ran = gate().check_with("a", [Fail], |c| c.attempts(3)).run();
    assert_eq!(ran.tried("a"), [Failed, Failed, Failed]);
    assert_eq!((ran.outcome("a"), ran.took), (Failed, secs(2)));
}

#[test]
fn a_failure_is_not_undone_by_an_attempt_that_could_not_look() {
    let ran = gate()
        .check_with("a", [Fail, resolver()], |c| c.attempts(2))
        .run();
    assert_eq!(ran.tried("a"), [Failed, Unknown]);
    assert_eq!(ran.outcome("a"), Failed);
    assert_eq!(
        ran.result("a").notes,
        ["an attempt failed, and a later one could not look: the resolver is silent"]
    );
}

#[test]
fn permanent_codes_and_probes_with_effects_are_not_retried() {
    let refused = || Fault(REFUSED_LOGIN, "wrong password".to_owned());
    let ran = gate()
        .check_with("login", [refused(), Pass], |c| c.attempts(3))
        .check_with("writes", [Fail, Pass], |c| {
            c.attempts(3).effect(Effect::Writes)
        })
        .check_with("runs", [resolver(), Pass], |c| {
            c.attempts(3).effect(Effect::Executes)
        })
        .check_with("loads", [Fail, Pass], |c| {
            c.attempts(3).effect(Effect::Loads)
        })
        .run();
    assert_eq!(
        ran.says("login"),
        "failed fake/refused_login: wrong password"
    );
    assert_eq!(
        ran.result("login").hint.as_deref(),
        Some("Look at the password.")
    );
    for name in ["login", "writes", "loads"] {
        assert_eq!(ran.tried(name), [Failed], "{name}");
    }
    assert_eq!(ran.tried("runs"), [Unknown]);
}

#[test]
fn a_row_of_passes_starts_again_after_a_failure_and_uses_up_an_attempt() {
    let steps = [Pass, Pass, Fail, Pass, Warn, Pass];
    let ran = gate()
        .check_with("a", steps, |c| c.consecutive(3).attempts(2))
        .run();
    assert_eq!(
        ran.tried("a"),
        [Passed, Passed, Failed, Passed, Warned, Passed]
    );
    assert_eq!(ran.outcome("a"), Warned, "one of the row warned");
    assert!(ran.result("a").flaky);
    assert_eq!(ran.took, secs(5));
}

#[test]
fn a_row_of_passes_without_retries_ends_with_the_first_failure() {
    let ran = gate()
        .check_with("a", [Pass, Pass, Fail, Pass], |c| c.consecutive(3))
        .run();
    assert_eq!(ran.tried("a"), [Passed, Passed, Failed]);
    assert_eq!(ran.outcome("a"), Failed);
}

#[test]
fn an_attempt_that_times_out_breaks_a_row_and_uses_up_an_attempt() {
    let steps = || [Pass, TimesOut, Pass, Warn, Pass];
    let ran = gate()
        .check_with("a", steps(), |c| c.consecutive(2).attempts(2))
        .run();
    assert_eq!(ran.tried("a"), [Passed, Failed, Passed, Warned]);
    assert_eq!((ran.outcome("a"), ran.result("a").flaky), (Warned, true));
    // Ten seconds for the one that timed out, and a second between attempts.
    assert_eq!(ran.took, secs(13));
    let ran = gate()
        .check_with("a", steps(), |c| c.consecutive(3).attempts(1))
        .run();
    assert_eq!(ran.says("a"), "failed net/timeout: no answer in time");
    assert_eq!(ran.took, secs(11));
}

#[test]
fn what_could_not_look_breaks_a_row_too() {
    let ran = gate()
        .check_with("a", [Pass, resolver(), Pass, Pass], |c| {
            c.consecutive(2).attempts(2)
        })
        .run();
    assert_eq!(ran.tried("a"), [Passed, Unknown, Passed, Passed]);
    assert_eq!((ran.outcome("a"), ran.result("a").flaky), (Passed, false));
}

#[test]
fn a_row_that_is_cut_by_the_deadline_is_no_pass() {
    let ran = gate()
        .check_with("a", [Pass], |c| c.consecutive(10))
        .with(|g| g.deadline = millis(3_500))
        .run();
    assert_eq!(ran.end, RoundEnd::Deadline);
    assert_eq!(ran.tried("a"), [Passed; 4]);
    assert_eq!(
        ran.says("a"),
        "unknown engine/run_deadline: the deadline of the run came before the next attempt"
    );
}

#[test]
fn a_wait_between_attempts_holds_no_slot() {
    let gate = gate()
        .check_with("a", [Fail, Pass], |c| c.attempts(2))
        .check("b", [After(millis(400), Box::new(Pass))])
        .check("c", [After(millis(400), Box::new(Pass))])
        .with(|g| g.options.jobs = Some(1));
    let ran = gate.run();
    assert_eq!(gate.meter.order(), ["a", "b", "c", "a"]);
    assert_eq!(gate.meter.most(), 1);
    assert_eq!(ran.took, secs(1));
}

#[test]
fn a_probe_that_ignores_its_deadline_is_stopped_from_outside() {
    let gate = gate()
        .check("hangs", [Hangs])
        .check("good", [TimesOut])
        .check("angry", [HangsAndPanicsInDrop]);
    let ran = gate.run();
    assert_eq!(ran.took, millis(10_250));
    assert_eq!(
        ran.says("hangs"),
        "unknown engine/overran: the probe was still running after its 10s"
    );
    assert_eq!(ran.outcome("angry"), Unknown);
    assert_eq!(ran.says("good"), "failed net/timeout: no answer in time");
    assert_eq!(gate.meter.in_flight(), 0);
}

#[test]
fn a_deadline_that_was_excused_is_waited_for() {
    let ran = gate().check("a", [Excused(secs(5))]).run();
    assert_eq!(ran.outcome("a"), Passed);
    assert_eq!(ran.took, millis(12_500));
}

#[test]
fn a_panic_is_the_outcome_of_its_check_and_of_no_other() {
    let gate = gate()
        .check_with("text", [Panics("index out of bounds".to_owned())], |c| {
            c.attempts(3)
        })
        .check("twice", [PanicsTwice])
        .check("at-once", [PanicsAtOnce])
        .check("in-drop", [PanicsInDrop])
        .check("fine", [After(secs(1), Box::new(Pass))]);
    let ran = gate.run();
    for (name, message) in [
        ("text", "index out of bounds"),
        ("twice", "without a text"),
        ("at-once", "no future today"),
        ("in-drop", "not without a fight"),
    ] {
        assert_eq!(
            ran.says(name),
            format!("unknown engine/panic: the probe panicked: {message}")
        );
        assert_eq!(ran.tried(name), [Unknown]);
    }
    assert_eq!(ran.outcome("fine"), Passed);
    assert_eq!(gate.meter.in_flight(), 0);
}

#[test]
fn the_deadline_of_the_run_ends_everything() {
    let gate = gate()
        .check("done", [Pass])
        .check("in-flight", [Hangs])
        .check("angry", [HangsAndPanicsInDrop])
        .check_with("waits", [Fail], |c| c.attempts(9))
        .check_with("could-not", [resolver()], |c| c.attempts(9))
        .check_with("retries", [Fail, Hangs], |c| c.attempts(2))
        .check("queued", [Pass])
        .check_with("needs", [Pass], |c| c.needs(&["in-flight"]))
        .with(|g| {
            g.deadline = millis(2_500);
            g.options.jobs = Some(5);
        });
    let ran = gate.run();
    assert_eq!((ran.end, ran.took), (RoundEnd::Deadline, millis(2_500)));
    assert_eq!(ran.outcome("done"), Passed);
    for name in ["in-flight", "angry"] {
        assert_eq!(
            ran.says(name),
            "unknown engine/run_deadline: the deadline of the run came during an attempt"
        );
        assert_eq!(ran.tried(name), [Unknown]);
    }
    assert_eq!(ran.outcome("waits"), Failed);
    assert_eq!(
        ran.result("waits").notes,
        ["this is the latest look that ended: \
          the deadline of the run came before the next attempt"]
    );
    assert_eq!(
        ran.says("could-not"),
        "unknown engine/run_deadline: the deadline of the run came before the next attempt"
    );
    assert_eq!(ran.tried("retries"), [Failed, Unknown]);
    assert_eq!(ran.outcome("retries"), Failed);
    assert_eq!(
        ran.says("needs"),
        "skipped needs/deadline: the deadline of the run came before the check could start"
    );
    assert_eq!(gate.meter.in_flight(), 0);
}

#[test]
fn a_deadline_that_is_over_starts_nothing() {
    let gate = gate().check("a", [Pass]).with(|g| g.deadline = secs(0));
    let ran = gate.run();
    assert_eq!(ran.end, RoundEnd::Deadline);
    assert_eq!(
        ran.says("a"),
        "skipped needs/deadline: the deadline of the run came before the check could start"
    );
    assert_eq!(gate.meter.order(), Vec::<String>::new());
}

#[test]
fn a_signal_ends_everything_at_once() {
    let gate = gate()
        .check("done", [Pass])
        .check("in-flight", [Hangs])
        .check_with("waits", [Fail], |c| c.attempts(99))
        .check_with("needs", [Pass], |c| c.needs(&["in-flight"]))
        .with(|g| g.stop_after = Some(millis(4_500)));
    let ran = gate.run();
    assert_eq!(
        (ran.end, ran.took),
        (RoundEnd::Stopped(Stop::Terminate), millis(4_500))
    );
    assert_eq!(ran.outcome("done"), Passed);
    for name in ["in-flight", "waits", "needs"] {
        assert_eq!(
            ran.says(name),
            "skipped needs/interrupted: the run was interrupted"
        );
    }
    assert_eq!(ran.tried("in-flight"), [Skipped]);
    let interrupted =
        |event: &&Event| matches!(event, Event::Interrupted { signal, .. } if signal == "TERM");
    assert_eq!(ran.events.iter().filter(interrupted).count(), 1);
    assert_eq!(gate.meter.in_flight(), 0);
}
