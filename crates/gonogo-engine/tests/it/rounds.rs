//! Rounds after the first, as `--wait` makes them.

use Outcome::{Failed, Passed, Skipped, Unknown};
use gonogo_engine::RoundEnd;
use gonogo_model::{CheckIndex, Outcome, Quorum, Severity};

use crate::gate::{gate, millis, secs};
use crate::probe::REFUSED_LOGIN;
use crate::probe::Step::{After, Fail, Fault, Hangs, Pass};

#[test]
fn a_later_round_looks_again_at_what_is_open_and_leaves_the_rest() {
    let gate = gate()
        .check("steady", [Pass])
        .check("late", [Fail, Pass])
        .check_with("after", [Pass], |c| c.needs(&["late", "steady"]));
    let plan = gate.plan().unwrap();
    let mut engine = gate.engine(&plan);
    let first = gate.round(&mut engine, 1, &plan.checks());
    assert_eq!(
        (first.outcome("late"), first.outcome("after")),
        (Failed, Skipped)
    );
    assert_eq!(engine.open(), [CheckIndex(1), CheckIndex(2)]);
    assert!(!engine.hopeless());

    let open = engine.open();
    let second = gate.round(&mut engine, 2, &open);
    assert_eq!(second.finished(), ["late", "after"]);
    assert_eq!(second.outcome("late"), Passed);
    assert!(
        !second.result("late").flaky,
        "flaky is about attempts of one round"
    );
    assert_eq!(second.attempts("late")[0].round, 2);
    assert_eq!(engine.open(), []);
    assert_eq!(engine.outcome(CheckIndex(0)), Some(Passed));
}

#[test]
fn a_round_that_is_cut_short_leaves_what_the_one_before_saw() {
    let gate = gate()
        .check("bad", [Fail, Hangs])
        .check("good", [Pass, Hangs])
        .check_with("after", [Pass], |c| c.needs(&["bad"]))
        .with(|g| g.deadline = secs(5));
    let plan = gate.plan().unwrap();
    let mut engine = gate.engine(&plan);
    gate.round(&mut engine, 1, &plan.checks());
    let second = gate.round(&mut engine, 2, &plan.checks());
    assert_eq!(second.end, RoundEnd::Deadline);
    assert_eq!(second.outcome("bad"), Failed);
    assert_eq!(second.tried("bad"), [Unknown]);
    assert_eq!(
        second.result("bad").notes,
        ["this is the latest look that ended: the deadline of the run came during an attempt"]
    );
    assert_eq!(second.outcome("good"), Unknown, "an old pass is no proof");
    assert_eq!(
        second.says("after"),
        "skipped needs/not_passed because of bad: needs bad, which failed"
    );
}

#[test]
fn a_pass_grows_old() {
    let gate = gate()
        .check("quick", [Pass])
        .check_with("patient", [Pass], |c| c.max_age(secs(60)))
        .check_with("strict", [After(secs(2), Box::new(Pass))], |c| {
            c.max_age(secs(1))
        })
        .check("bad", [Fail]);
    let plan = gate.plan().unwrap();
    let mut engine = gate.engine(&plan);
    gate.round(&mut engine, 1, &plan.checks());
    let older = |after| engine.older_than(secs(5), gate.time.at(after));
    assert_eq!(older(millis(500)), []);
    assert_eq!(older(secs(2)), [CheckIndex(2)]);
    assert_eq!(older(secs(6)), [CheckIndex(0), CheckIndex(2)]);
    assert_eq!(
        older(secs(61)),
        [CheckIndex(0), CheckIndex(1), CheckIndex(2)]
    );
    assert_eq!(engine.looked_at(CheckIndex(2)), Some(gate.time.at(secs(0))));
}

#[test]
fn waiting_is_no_use_once_something_that_decides_can_never_pass() {
    let refused = || Fault(REFUSED_LOGIN, "wrong password".to_owned());
    let hopeless = |gate: crate::gate::Gate| {
        let plan = gate.plan().unwrap();
        let mut engine = gate.engine(&plan);
        gate.round(&mut engine, 1, &plan.checks());
        engine.hopeless()
    };
    assert!(hopeless(gate().check("a", [refused()]).check("b", [Fail])));
    let behind = |severity| {
        gate()
            .check_with("login", [refused()], |c| c.severity(Severity::Info))
            .check_with("app", [Pass], |c| c.needs(&["login"]).severity(severity))
            .check("other", [Fail])
    };
    assert!(hopeless(behind(Severity::Blocker)));
    assert!(!hopeless(behind(Severity::Warning)));
    let grouped = |quorum| {
        gate()
            .check_with("r.a", [refused()], |c| c.group("regions"))
            .check_with("r.b", [Fail], |c| c.group("regions"))
            .group("regions", quorum)
    };
    assert!(hopeless(grouped(Quorum::All)));
    assert!(!hopeless(grouped(Quorum::Any)));
}
