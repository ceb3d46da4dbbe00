//! Needs and groups: what waits for what, and who is blamed.

use Outcome::{Failed, Passed, Skipped, Warned};
use gonogo_engine::RoundEnd;
use gonogo_model::codes::net;
use gonogo_model::{Outcome, Quorum, Severity};

use crate::gate::{gate, secs};
use crate::probe::Step::{After, Fail, Fault, Pass, Warn};

#[test]
fn a_check_starts_after_what_it_needs() {
    let gate = gate()
        .check_with("app", [Pass], |c| c.needs(&["database", "cache"]))
        .check_with("database", [After(secs(2), Box::new(Warn))], |c| {
            c.needs(&["disk"])
        })
        .check("cache", [After(secs(1), Box::new(Pass))])
        .check("disk", [Pass]);
    let ran = gate.run();
    assert_eq!(ran.end, RoundEnd::Complete);
    assert_eq!(gate.meter.order(), ["cache", "disk", "database", "app"]);
    assert_eq!(ran.finished(), ["disk", "cache", "database", "app"]);
    assert_eq!(ran.outcome("database"), Warned);
    assert_eq!(ran.outcome("app"), Passed);
    assert_eq!(ran.took, secs(2));
}

#[test]
fn a_skip_blames_the_root_and_not_the_neighbour() {
    let gate = gate()
        .check_with("d", [Pass], |c| c.needs(&["c"]))
        .check_with("c", [Pass], |c| c.needs(&["b"]))
        .check_with("b", [Pass], |c| c.needs(&["a"]))
        .check("a", [Fault(net::REFUSED, "connection refused".to_owned())]);
    let ran = gate.run();
    assert_eq!(ran.says("a"), "failed net/refused: connection refused");
    assert_eq!(
        ran.says("b"),
        "skipped needs/not_passed because of a: needs a, which failed"
    );
    assert_eq!(
        ran.says("c"),
        "skipped needs/not_passed because of a: needs b, which was skipped because of a"
    );
    assert_eq!(
        ran.says("d"),
        "skipped needs/not_passed because of a: needs c, which was skipped because of a"
    );
    assert_eq!(
        ran.result("d").hint.as_deref(),
        Some("Mend what it needs; the check itself was not looked at.")
    );
    assert_eq!(gate.meter.order(), ["a"]);
}

#[test]
fn a_diamond_is_looked_at_once_and_skipped_for_its_first_need() {
    let gate = gate()
        .check_with("top", [Pass], |c| c.needs(&["left", "right"]))
        .check_with("left", [After(secs(5), Box::new(Fail))], |c| {
            c.needs(&["base"])
        })
        .check_with(
            "right",
            [Fault(net::RESOLVER, "no resolver".to_owned())],
            |c| c.needs(&["base"]),
        )
        .check("base", [Pass]);
    let ran = gate.run();
    assert_eq!(gate.meter.order(), ["base", "left", "right"]);
    assert_eq!(
        ran.says("top"),
        "skipped needs/not_passed because of left: needs left, which failed"
    );
}

#[test]
fn a_group_is_met_with_its_quorum_and_not_later() {
    let gate = gate()
        .check_with("r.a", [Pass], |c| c.group("regions"))
        .check_with("r.b", [After(secs(1), Box::new(Pass))], |c| {
            c.group("regions")
        })
        .check_with("r.c", [After(secs(9), Box::new(Pass))], |c| {
            c.group("regions")
        })
        .check_with("app", [Pass], |c| c.needs(&["regions"]))
        .group("regions", Quorum::AtLeast(2));
    let ran = gate.run();
    assert_eq!(ran.finished(), ["r.a", "r.b", "app", "r.c"]);
    assert_eq!(gate.meter.starts()[3], gate.time.at(secs(1)));
}

#[test]
fn a_group_is_not_met_as_soon_as_too_few_can_pass() {
    let gate = gate()
        .check_with("r.a", [Fail], |c| c.group("regions"))
        .check_with(
            "r.b",
            [After(
                secs(1),
                Box::new(Fault(net::RESOLVER, "gone".into())),
            )],
            |c| c.group("regions"),
        )
        .check_with("r.c", [After(secs(9), Box::new(Pass))], |c| {
            c.group("regions")
        })
        .check_with("app", [Pass], |c| c.needs(&["regions"]))
        .check_with("page", [Pass], |c| c.needs(&["app"]))
        .group("regions", Quorum::AtLeast(2));
    let ran = gate.run();
    assert_eq!(ran.finished(), ["r.a", "r.b", "app", "page", "r.c"]);
    assert_eq!(
        ran.says("app"),
        "skipped needs/not_passed because of regions: needs regions, which has too few passes"
    );
    assert_eq!(
        ran.says("page"),
        "skipped needs/not_passed because of regions: \
         needs app, which was skipped because of regions"
    );
}

#[test]
fn a_group_whose_members_were_all_skipped_for_one_root_blames_that() {
    let gate = gate()
        .check_with("r.a", [Pass], |c| c.group("regions").needs(&["dns"]))
        .check_with("r.b", [Pass], |c| c.group("regions").needs(&["dns"]))
        .check_with("app", [Pass], |c| c.needs(&["regions"]))
        .check_with("dns", [Fail], |c| c.severity(Severity::Info))
        .group("regions", Quorum::Any);
    let ran = gate.run();
    assert_eq!(
        ran.says("app"),
        "skipped needs/not_passed because of dns: needs regions, which has too few passes because of dns"
    );
}

#[test]
fn what_is_left_out_is_skipped_with_what_needs_it() {
    let gate = gate()
        .check("a", [Pass])
        .check_with("b", [Pass], |c| c.needs(&["a"]))
        .check("c", [Pass])
        .with(|g| g.selection.skip = vec!["a".to_owned()]);
    let ran = gate.run();
    assert_eq!(ran.says("a"), "skipped needs/left_out: left out by --skip");
    assert_eq!(
        ran.says("b"),
        "skipped needs/not_passed because of a: needs a, which was left out"
    );
    assert_eq!(ran.outcome("c"), Passed);
}

#[test]
fn fail_fast_ends_the_round_with_the_first_blocker_that_failed() {
    let gate = gate()
        .check_with("info", [Fail], |c| c.severity(Severity::Info))
        .check_with("member", [Fail], |c| c.group("any"))
        .check_with("other", [After(secs(2), Box::new(Pass))], |c| {
            c.group("any")
        })
        .check("slow", [After(secs(3), Box::new(Pass))])
        .check("bad", [After(secs(1), Box::new(Fail))])
        .check_with("after", [Pass], |c| c.needs(&["slow"]))
        .group("any", Quorum::Any)
        .with(|g| g.options.fail_fast = true);
    let ran = gate.run();
    assert_eq!(ran.end, RoundEnd::FailFast);
    assert_eq!(ran.took, secs(1));
    assert_eq!(ran.outcome("info"), Failed);
    assert_eq!(ran.outcome("bad"), Failed);
    for name in ["other", "slow", "after"] {
        assert_eq!(
            ran.says(name),
            "skipped needs/fail_fast: the run was decided before this check"
        );
    }
    assert_eq!(ran.tried("slow"), [Skipped]);
    assert_eq!(gate.meter.in_flight(), 0);
}

#[test]
fn fail_fast_ends_the_round_with_a_blocking_group_that_cannot_be_met() {
    let gate = gate()
        .check_with("r.a", [Fail], |c| c.group("regions"))
        .check_with("r.b", [After(secs(1), Box::new(Fail))], |c| {
            c.group("regions")
        })
        .check_with("r.c", [After(secs(2), Box::new(Pass))], |c| {
            c.group("regions")
        })
        .check("slow", [After(secs(3), Box::new(Pass))])
        .group("regions", Quorum::AtLeast(2))
        .with(|g| g.options.fail_fast = true);
    let ran = gate.run();
    assert_eq!((ran.end, ran.took), (RoundEnd::FailFast, secs(1)));
}
