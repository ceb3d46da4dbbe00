//! Waivers: what the engine makes of an outcome, and when it asks.

use Outcome::{Failed, Passed, Skipped, Unknown, Waived};
use gonogo_engine::RoundEnd;
use gonogo_kind::manifest::Waiver;
use gonogo_model::codes::net;
use gonogo_model::{CheckIndex, Outcome, Quorum, Severity, Until};

use crate::gate::{Gate, gate, id, secs};
use crate::probe::REFUSED_LOGIN;
use crate::probe::Step::{After, Fail, Fault, Hangs, Pass};

/// Returns a waiver that ends a day after the runs of these tests begin, on the first of August.
fn waiver(checks: &[&str]) -> Waiver {
    Waiver {
        check: checks.join(" "),
        checks: checks.iter().map(|check| id(check)).collect(),
        code: None,
        reason: "moving out".to_owned(),
        owner: "ops".to_owned(),
        ticket: None,
        until: until("2026-08-02T10:00:00Z"),
        quarantine: None,
        file: "probes.yaml".to_owned(),
        line: 9,
    }
}

fn until(ends: &str) -> Until {
    Until {
        text: ends.to_owned(),
        ends: ends.parse().unwrap(),
    }
}

trait Waives {
    fn waive(self, waiver: Waiver) -> Self;
}

impl Waives for Gate {
    fn waive(self, waiver: Waiver) -> Self {
        self.with(|gate| gate.manifest.waivers.push(waiver))
    }
}

fn resolver() -> crate::probe::Step {
    Fault(net::RESOLVER, "the resolver is silent".to_owned())
}

#[test]
fn a_waived_check_is_looked_at_as_often_as_any_other() {
    let ran = gate()
        .check_with("a", [Fail], |c| c.attempts(3))
        .check_with("b", [Fail, Pass], |c| c.attempts(3))
        .check("c", [resolver()])
        .waive(waiver(&["a", "b", "c"]))
        .run();
    assert_eq!(ran.tried("a"), [Failed, Failed, Failed]);
    let a = ran.result("a");
    assert_eq!((a.outcome, a.was), (Waived, Some(Failed)));
    assert_eq!(a.code.as_ref().unwrap().as_str(), "engine/expectation");
    assert_eq!(
        a.message.as_deref(),
        Some("ok is false, expected true"),
        "everything else stays"
    );
    assert_eq!(
        a.notes,
        ["waived by ops until 2026-08-02T10:00:00Z: moving out"]
    );
    assert!(!a.findings.is_empty() && a.hint.is_some());
    let b = ran.result("b");
    assert_eq!((b.outcome, b.was, b.flaky), (Passed, None, true));
    assert_eq!(b.notes.len(), 0);
    let c = ran.result("c");
    assert_eq!((c.outcome, c.was), (Waived, Some(Unknown)));
}

#[test]
fn what_needs_a_waived_check_runs_and_what_is_skipped_is_not_waived() {
    let ran = gate()
        .check("a", [Fail])
        .check_with("b", [Pass], |c| c.needs(&["a"]))
        .check("x", [Fail])
        .check_with("y", [Pass], |c| c.needs(&["x"]))
        .waive(waiver(&["a", "b", "y"]))
        .run();
    assert_eq!(
        (ran.outcome("a"), ran.outcome("b")),
        (Waived, Passed),
        "waived satisfies a need"
    );
    assert_eq!(
        ran.says("y"),
        "skipped needs/not_passed because of x: needs x, which failed"
    );
}

#[test]
fn a_waiver_is_over_or_not_by_the_start_of_the_run() {
    let of = |ends: &str| {
        let ran = gate()
            .check("slow", [After(secs(8), Box::new(Fail))])
            .waive(Waiver {
                until: until(ends),
                ..waiver(&["slow"])
            })
            .run();
        let result = ran.result("slow");
        (result.outcome, result.notes.clone())
    };
    assert_eq!(
        of("2026-08-01T10:00:00Z"),
        (
            Failed,
            vec!["the waiver of ops ended 2026-08-01T10:00:00Z: moving out".to_owned()]
        )
    );
    // It ends while the check is looked at.
    assert_eq!(of("2026-08-01T10:00:05Z").0, Waived);
}

#[test]
fn a_code_limits_a_waiver() {
    let of = |code: &str| {
        let ran = gate()
            .check("a", [resolver()])
            .waive(Waiver {
                code: Some(code.to_owned()),
                ..waiver(&["a"])
            })
            .run();
        let result = ran.result("a");
        (result.outcome, result.notes.clone())
    };
    assert_eq!(of("net/resolver").0, Waived);
    assert_eq!(
        of("net/refused"),
        (
            Unknown,
            vec!["the waiver of ops covers net/refused and nothing else".to_owned()]
        )
    );
}

#[test]
fn a_waived_failure_is_no_reason_to_end_early() {
    let fast = |gate: Gate| gate.with(|g| g.options.fail_fast = true);
    let single = fast(
        gate()
            .check("a", [Fail])
            .check("b", [After(secs(5), Box::new(Pass))]),
    );
    assert_eq!(single.run().end, RoundEnd::FailFast);
    let waived = gate()
        .check("a", [Fail])
        .check("b", [After(secs(5), Box::new(Pass))])
        .waive(waiver(&["a"]));
    let ran = fast(waived).run();
    assert_eq!((ran.end, ran.outcome("b")), (RoundEnd::Complete, Passed));
    let group = gate()
        .check_with("r.a", [Fail], |c| c.group("r"))
        .check_with("r.b", [After(secs(5), Box::new(Pass))], |c| c.group("r"))
        .group("r", Quorum::All)
        .waive(waiver(&["r.a"]));
    assert_eq!(fast(group).run().end, RoundEnd::Complete);
}

#[test]
fn a_waived_check_is_settled_for_good() {
    let refused = || Fault(REFUSED_LOGIN, "wrong password".to_owned());
    let gate = gate()
        .check("a", [refused()])
        .check("b", [Fail, Pass])
        .waive(waiver(&["a"]));
    let plan = gate.plan().unwrap();
    let mut engine = gate.engine(&plan);
    gate.round(&mut engine, 1, &plan.checks());
    assert_eq!(engine.open(), [CheckIndex(1)]);
    assert!(
        !engine.hopeless(),
        "a permanent failure that is waived loses nothing"
    );
    assert_eq!(
        engine.older_than(secs(1), gate.time.at(secs(100))),
        [],
        "a waiver is no proof that grows old, and nothing else passed"
    );
    gate.round(&mut engine, 2, &[CheckIndex(1)]);
    assert_eq!(engine.open(), []);
}

/// An old failure stands when the next look is cut short, and so does its waiver.
#[test]
fn a_round_that_is_cut_short_leaves_what_was_waived() {
    let gate = gate()
        .check("a", [Fail, Hangs])
        .waive(waiver(&["a"]))
        .with(|g| g.deadline = secs(5));
    let plan = gate.plan().unwrap();
    let mut engine = gate.engine(&plan);
    gate.round(&mut engine, 1, &plan.checks());
    let second = gate.round(&mut engine, 2, &plan.checks());
    assert_eq!(second.end, RoundEnd::Deadline);
    let result = second.result("a");
    assert_eq!((result.outcome, result.was), (Waived, Some(Failed)));
    assert_eq!(
        result.notes,
        [
            "waived by ops until 2026-08-02T10:00:00Z: moving out",
            "this is the latest look that ended: the deadline of the run came during an attempt"
        ]
    );
}

#[test]
fn what_is_left_out_is_skipped_whatever_waives_it() {
    let ran = gate()
        .check("a", [Fail])
        .check("b", [Pass])
        .waive(waiver(&["a"]))
        .with(|g| g.selection.only = vec!["b".to_owned()])
        .run();
    assert_eq!((ran.outcome("a"), ran.outcome("b")), (Skipped, Passed));
}

#[test]
fn a_plan_holds_its_waivers_with_those_of_checks_last() {
    let quarantine = Waiver {
        quarantine: Some(1),
        ..waiver(&["a"])
    };
    let gate = gate()
        .check_with("a", [Fail], |c| c.tags(&["t"]))
        .check("b", [Pass])
        .with(|g| {
            g.manifest.tags = vec!["t".to_owned()];
            g.selection.tags = vec!["t".to_owned()];
        })
        .waive(quarantine)
        .waive(Waiver {
            owner: "the gate".to_owned(),
            ..waiver(&["a", "b", "when-not"])
        });
    let plan = gate.plan().unwrap();
    let planned = &plan.summary().waivers;
    let told: Vec<_> = planned
        .iter()
        .map(|w| (w.owner.as_str(), w.checks.clone(), w.excluded.clone()))
        .collect();
    assert_eq!(
        told,
        [
            (
                "the gate",
                vec![CheckIndex(0)],
                vec![id("b"), id("when-not")]
            ),
            ("ops", vec![CheckIndex(0)], vec![]),
        ]
    );
    assert_eq!(
        gate.run().result("a").notes,
        ["waived by the gate until 2026-08-02T10:00:00Z: moving out"]
    );
}

#[test]
fn a_waiver_is_part_of_the_digest() {
    let digest = |change: &dyn Fn(&mut Waiver)| {
        let mut waiver = waiver(&["a"]);
        change(&mut waiver);
        let gate = gate().check("a", [Fail]).check("b", [Pass]).waive(waiver);
        gate.plan().unwrap().summary().digest.clone()
    };
    let plain = digest(&|_| {});
    assert_eq!(plain, digest(&|_| {}));
    let changes: [&dyn Fn(&mut Waiver); 7] = [
        &|w| w.checks = vec![id("b")],
        &|w| w.code = Some("net/refused".to_owned()),
        &|w| w.reason = "staying".to_owned(),
        &|w| w.owner = "you".to_owned(),
        &|w| w.ticket = Some("1".to_owned()),
        &|w| w.until = until("2026-08-02T10:00:01Z"),
        &|w| w.quarantine = Some(1),
    ];
    for change in changes {
        assert_ne!(plain, digest(change));
    }
}

#[test]
fn strict_leaves_a_waiver_as_it_is() {
    let ran = gate()
        .check_with("a", [Fail], |c| c.severity(Severity::Warning))
        .check("b", [Pass])
        .waive(waiver(&["a"]))
        .with(|g| g.selection.strict = true)
        .run();
    assert_eq!(ran.outcome("a"), Waived);
}
