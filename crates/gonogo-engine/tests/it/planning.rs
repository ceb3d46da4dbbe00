//! From a manifest and a selection to a plan.

use std::collections::BTreeSet;

use gonogo_engine::{CODES, PlanError, digest};
use gonogo_model::{Effect, Excluded, Quorum, Severity, Strength};

use crate::gate::{Gate, gate, id};
use crate::probe::Step::Pass;

/// Returns what is planned, one word a check: `a`, or `-a` where it is left out.
fn planned(gate: &Gate) -> Vec<String> {
    let plan = gate.plan().unwrap();
    let checks = plan.summary().checks.iter();
    checks
        .map(|check| match check.left_out {
            Some(_) => format!("-{}", check.id),
            None => check.id.to_string(),
        })
        .collect()
}

fn excluded(gate: &Gate) -> Vec<String> {
    let plan = gate.plan().unwrap();
    let excluded = plan.summary().excluded.iter();
    excluded
        .map(|Excluded { id, reason }| format!("{id}: {reason}"))
        .collect()
}

/// Returns the refusal: code, message and hint.
fn refused(gate: &Gate) -> (&'static str, String, String) {
    let error = gate.plan().unwrap_err();
    (error.code(), error.to_string(), error.hint())
}

fn refusal(code: &'static str, message: &str, hint: &str) -> (&'static str, String, String) {
    (code, message.to_owned(), hint.to_owned())
}

fn phased() -> Gate {
    gate()
        .check_with("pre", [Pass], |c| c.phases(&["pre-deploy"]).tags(&["edge"]))
        .check_with("post", [Pass], |c| {
            c.phases(&["post-deploy"]).tags(&["edge"])
        })
        .check_with("always", [Pass], |c| c.tags(&["data"]))
        .with(|g| {
            g.manifest.phases = vec!["pre-deploy".to_owned(), "post-deploy".to_owned()];
            g.manifest.tags = vec!["edge".to_owned(), "data".to_owned(), "idle".to_owned()];
        })
}

fn in_phase(phase: &str) -> Gate {
    phased().with(|g| g.selection.phase = Some(phase.to_owned()))
}

#[test]
fn a_phase_selects_its_checks_and_those_of_all_phases() {
    let gate = in_phase("pre-deploy");
    assert_eq!(planned(&gate), ["pre", "always"]);
    assert_eq!(excluded(&gate), ["post: phase"]);
    assert!(!gate.plan().unwrap().is_partial());
}

#[test]
fn phases_must_be_known_and_named() {
    assert_eq!(
        refused(&phased()),
        refusal(
            "config/phase_missing",
            "checks of the gate belong to phases, and no phase was asked for",
            "Say which with --phase: pre-deploy, post-deploy."
        )
    );
    assert_eq!(
        refused(&in_phase("predeploy")),
        refusal(
            "config/selected_phase",
            "the gate has no phase \"predeploy\"",
            "Did you mean pre-deploy?"
        )
    );
    assert_eq!(
        refused(&in_phase("night")).2,
        "The gate has: pre-deploy, post-deploy."
    );
}

#[test]
fn tags_unite_and_intersect_with_the_phase() {
    let tagged = |tags: &[&str]| {
        let tags = tags.iter().map(|&t| t.to_owned()).collect();
        in_phase("pre-deploy").with(|g| g.selection.tags = tags)
    };
    assert_eq!(planned(&tagged(&["edge"])), ["pre"]);
    assert_eq!(planned(&tagged(&["edge", "data"])), ["pre", "always"]);
    assert_eq!(excluded(&tagged(&["edge"])), ["post: phase", "always: tag"]);
    assert_eq!(
        refused(&tagged(&["edeg"])),
        refusal(
            "config/selected_tag",
            "the gate has no tag \"edeg\"",
            "Did you mean edge?"
        )
    );
    assert_eq!(
        refused(&tagged(&["idle"])),
        refusal(
            "config/empty_selection",
            "nothing is left to run: no check of phase pre-deploy has tag idle",
            "A run without checks proves nothing; select at least one."
        )
    );
}

#[test]
fn what_a_tagged_check_needs_is_pulled_in() {
    let gate = gate()
        .check_with("app", [Pass], |c| c.tags(&["web"]).needs(&["regions"]))
        .check_with("r.eu", [Pass], |c| c.group("regions").needs(&["dns"]))
        .check_with("r.us", [Pass], |c| c.group("regions"))
        .check("dns", [Pass])
        .check("other", [Pass])
        .group("regions", Quorum::AtLeast(2))
        .with(|g| {
            g.manifest.tags = vec!["web".to_owned()];
            g.selection.tags = vec!["web".to_owned()];
        });
    assert_eq!(planned(&gate), ["app", "r.eu", "r.us", "dns"]);
    assert_eq!(excluded(&gate), ["other: tag"]);
}

#[test]
fn a_need_of_another_phase_is_refused() {
    let gate = in_phase("pre-deploy").check_with("app", [Pass], |c| c.needs(&["post"]));
    assert_eq!(
        refused(&gate),
        refusal(
            "config/need_out_of_phase",
            "app needs post, which is not in phase pre-deploy",
            "Add the phase to what is needed, or take it from the check that needs it."
        )
    );
}

#[test]
fn only_and_skip_leave_out_and_pull_in_what_is_needed() {
    let gate = |only: &[&str], skip: &[&str]| {
        let texts = |globs: &[&str]| globs.iter().map(|&g| g.to_owned()).collect();
        gate()
            .check("a", [Pass])
            .check_with("s.one", [Pass], |c| c.needs(&["a"]))
            .check("s.two", [Pass])
            .check_with("m", [Pass], |c| c.group("g"))
            .group("g", Quorum::All)
            .with(|g| {
                g.selection.only = texts(only);
                g.selection.skip = texts(skip);
            })
    };
    assert_eq!(
        planned(&gate(&["s.one"], &[])),
        ["a", "s.one", "-s.two", "-m"]
    );
    assert_eq!(planned(&gate(&["s"], &[])), ["a", "s.one", "s.two", "-m"]);
    assert_eq!(
        planned(&gate(&["s.*"], &["a"])),
        ["-a", "s.one", "s.two", "-m"]
    );
    assert_eq!(planned(&gate(&["g"], &[])), ["-a", "-s.one", "-s.two", "m"]);
    assert_eq!(
        planned(&gate(&[], &["s.t*", "m"])),
        ["a", "s.one", "-s.two", "-m"]
    );
    assert!(gate(&["s.one"], &[]).plan().unwrap().is_partial());
    assert_eq!(
        refused(&gate(&["s.onw"], &[])),
        refusal(
            "config/glob_matches_nothing",
            "--only \"s.onw\" matches no planned check",
            "Did you mean s.one?"
        )
    );
    assert_eq!(
        refused(&gate(&[], &["x*"])),
        refusal(
            "config/glob_matches_nothing",
            "--skip \"x*\" matches no planned check",
            "gonogo check --list shows the ids that are planned."
        )
    );
    assert_eq!(
        refused(&gate(&["a"], &["*"])).1,
        "nothing is left to run: --only and --skip leave out every planned check"
    );
}

#[test]
fn failed_leaves_out_what_was_not_open_and_read_only_what_does_more_than_look() {
    let gate = gate()
        .check("a", [Pass])
        .check_with("b", [Pass], |c| c.needs(&["a"]))
        .check("c", [Pass])
        .check_with("d", [Pass], |c| c.effect(Effect::Executes))
        .with(|g| {
            g.failed = Some(BTreeSet::from([id("b"), id("d"), id("gone")]));
            g.selection.read_only = true;
        });
    assert_eq!(planned(&gate), ["a", "b", "-c", "-d"]);
    let plan = gate.plan().unwrap();
    let left_out: Vec<_> = plan
        .summary()
        .checks
        .iter()
        .map(|c| c.left_out.as_deref())
        .collect();
    assert_eq!(
        left_out,
        [
            None,
            None,
            Some("left out by --failed"),
            Some("left out by --read-only: its probe executes")
        ]
    );
    let ran = gate.run();
    assert_eq!(
        ran.says("d"),
        "skipped needs/read_only: left out by --read-only: its probe executes"
    );
    let gate = gate.with(|g| {
        g.failed = Some(BTreeSet::new());
        g.selection.failed = Some("last.json".to_owned());
    });
    assert_eq!(
        refused(&gate).1,
        "nothing is left to run: no planned check is open in last.json"
    );
}

#[test]
fn strict_makes_blockers_of_warnings_and_musts_of_shoulds() {
    let gate = || {
        gate()
            .check_with("w", [Pass], |c| c.severity(Severity::Warning))
            .check_with("i", [Pass], |c| c.severity(Severity::Info))
            .check_with("m", [Pass], |c| c.group("g"))
            .group_of("g", Quorum::All, Severity::Warning)
    };
    assert_eq!(
        refused(&gate()),
        refusal(
            "config/no_blocker",
            "no check and no group of the plan is a blocker",
            "Only blockers decide: a plan without one could never say GO. Select more, or use --strict."
        )
    );
    let strict = gate().with(|g| g.selection.strict = true).plan().unwrap();
    let severities: Vec<_> = strict.summary().checks.iter().map(|c| c.severity).collect();
    assert_eq!(severities[..2], [Severity::Blocker, Severity::Info]);
    assert_eq!(strict.summary().groups[0].severity, Severity::Blocker);
    for expectation in &strict.summary().checks[0].expectations {
        assert_eq!(expectation.strength, Strength::Must);
    }
}

#[test]
fn a_warning_of_a_strict_run_fails() {
    let ran = gate()
        .check("a", [crate::probe::Step::Warn])
        .with(|g| g.selection.strict = true)
        .run();
    assert_eq!(ran.outcome("a"), gonogo_model::Outcome::Failed);
}

#[test]
fn a_gate_that_was_read_without_its_secrets_is_refused() {
    let gate = gate().check("a", [Pass]);
    gate.plan().unwrap();
    let gate = gate.with(|g| g.manifest.stand_ins = vec!["token".to_owned()]);
    assert_eq!(
        refused(&gate),
        refusal(
            "config/unset_secret",
            "the secret token has no value here",
            "Give the secret its value."
        )
    );
}

#[test]
fn an_empty_gate_and_a_member_without_weight_are_refused() {
    assert_eq!(
        refused(&gate()).1,
        "nothing is left to run: the gate has no check"
    );
    let member =
        gate()
            .check_with("m", [Pass], |c| c.group("g"))
            .group_of("g", Quorum::All, Severity::Info);
    assert_eq!(refused(&member).0, "config/no_blocker");
}

#[test]
fn a_quorum_that_cannot_be_had_is_refused() {
    let grouped = |quorum| {
        gate()
            .check_with("m", [Pass], |c| c.group("g"))
            .group("g", quorum)
    };
    assert_eq!(
        refused(&grouped(Quorum::AtLeast(2))),
        refusal(
            "config/group_quorum",
            "group g asks for 2 members, and the plan has 1",
            "Select all members of the group, or change its quorum."
        )
    );
    for quorum in [
        Quorum::AtLeast(0),
        Quorum::AtLeastShare(0),
        Quorum::AtLeastShare(10_001),
    ] {
        assert_eq!(refused(&grouped(quorum)).0, "config/group_quorum");
    }
}

#[test]
fn a_group_none_of_whose_members_is_planned_is_listed() {
    let gate = in_phase("pre-deploy")
        .check_with("m", [Pass], |c| c.phases(&["post-deploy"]).group("g"))
        .group("g", Quorum::All);
    assert_eq!(
        excluded(&gate),
        [
            "post: phase",
            "m: phase",
            "g: none of its members is planned"
        ]
    );
}

#[test]
fn circles_and_dangling_needs_are_refused_here_too() {
    let circle = gate()
        .check_with("a", [Pass], |c| c.needs(&["b"]))
        .check_with("b", [Pass], |c| c.needs(&["g"]))
        .check_with("m", [Pass], |c| c.group("g").needs(&["b"]))
        .group("g", Quorum::All);
    assert_eq!(
        refused(&circle).1,
        "checks need each other in a circle: b needs g needs m needs b"
    );
    let dangling = gate().check_with("a", [Pass], |c| c.needs(&["x"]));
    assert_eq!(
        dangling.plan().unwrap_err(),
        PlanError::Dangling {
            check: id("a"),
            need: id("x")
        }
    );
}

#[test]
fn the_digest_is_of_everything_but_itself() {
    let plan = || gate().check("a", [Pass]).plan().unwrap();
    let (one, two) = (plan(), plan());
    assert_eq!(one.summary().digest, two.summary().digest);
    assert_eq!(one.summary().digest.len(), 64);
    assert_eq!(digest(one.summary()), one.summary().digest);
    let stored = serde_json::to_string(one.summary()).unwrap();
    let read = serde_json::from_str(&stored).unwrap();
    assert_eq!(digest(&read), one.summary().digest);
    let other = gate()
        .check_with("a", [Pass], |c| c.attempts(2))
        .plan()
        .unwrap();
    assert_ne!(other.summary().digest, one.summary().digest);
}

#[test]
fn every_code_is_declared_well() {
    for decl in CODES {
        assert!(decl.code.starts_with("config/"), "{}", decl.code);
        assert!(
            decl.meaning.ends_with('.') && decl.hint.ends_with('.'),
            "{}",
            decl.code
        );
    }
}
