//! Rounds, selections and plans: ways to run a gate that never make it weaker.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use gonogo_testkit::fake::Fake;
use gonogo_testkit::folder::Folder;
use gonogo_tests::Gonogo;

/// A command that passes from its third run on, counted in a file.
const THIRD_TIME: &str = "version: 1
gate: waiting
checks:
  steady: { command: ['true'] }
  slow-start:
    command: [sh, -c, 'echo x >> runs; test $(wc -l < runs) -ge 3']
";

#[test]
fn wait_looks_again_until_go() {
    let run = Gonogo::new(&["check", "--wait", "60s", "-o", "json"])
        .gate(THIRD_TIME)
        .run()
        .exits(0);
    assert_eq!(run.outcomes(), ["steady passed", "slow-start passed"]);
    let report = run.json();
    assert_eq!(report["checks"][1]["attempts"].as_array().unwrap().len(), 3);
    assert!(
        report["checks"][0]["attempts"].as_array().unwrap().len() >= 2,
        "an old pass is confirmed before GO"
    );
}

#[test]
fn without_wait_one_round_decides() {
    let run = Gonogo::new(&["check", "-o", "json"])
        .gate(THIRD_TIME)
        .run()
        .exits(1);
    assert_eq!(
        run.outcomes(),
        ["steady passed", "slow-start failed engine/expectation"]
    );
}

#[test]
fn wait_ends_at_once_when_waiting_cannot_help() {
    let plain = Fake::http_banner().unwrap();
    let gate = format!(
        "version: 1\ngate: waiting\nchecks:\n  edge: {{ tls: '127.0.0.1:{}' }}\n",
        plain.port()
    );
    let run = Gonogo::new(&["check", "--wait", "1h", "-o", "json"])
        .gate(&gate)
        .run()
        .exits(1);
    assert_eq!(run.outcomes(), ["edge failed tls/not_tls"]);
}

#[test]
fn fail_fast_skips_the_rest_by_name() {
    let silent = Fake::hang().unwrap();
    let gate = format!(
        "version: 1\ngate: fast\nchecks:\n  wrong: {{ command: ['false'] }}\n  silent: {{ http: 'http://127.0.0.1:{}/', timeout: 60s }}\n",
        silent.port()
    );
    let run = Gonogo::new(&["check", "--fail-fast", "-o", "json"])
        .gate(&gate)
        .run()
        .exits(1);
    assert_eq!(
        run.outcomes(),
        [
            "wrong failed engine/expectation",
            "silent skipped needs/fail_fast"
        ]
    );
}

#[test]
fn the_deadline_of_the_run_ends_everything() {
    let silent = Fake::hang().unwrap();
    let gate = format!(
        "version: 1\ngate: late\nchecks:\n  silent: {{ http: 'http://127.0.0.1:{}/', timeout: 60s }}\n  later: {{ command: ['true'], needs: [silent] }}\n",
        silent.port()
    );
    let run = Gonogo::new(&["check", "--deadline", "300ms", "-o", "json"])
        .gate(&gate)
        .run()
        .exits(3);
    assert_eq!(
        run.outcomes(),
        [
            "silent unknown engine/run_deadline",
            "later skipped needs/deadline"
        ]
    );
}

const THREE: &str = "version: 1
gate: three
tags: [t]
checks:
  a: { command: ['true'] }
  b: { command: ['true'], needs: [a], tags: [t] }
  c: { command: ['true'], severity: warning }
";

#[test]
fn what_is_left_out_stays_in_the_plan_and_the_run_is_at_best_hold() {
    for (flag, value, outcomes) in [
        (
            "--only",
            "b",
            ["a passed", "b passed", "c skipped needs/left_out"],
        ),
        (
            "--skip",
            "b",
            ["a passed", "b skipped needs/left_out", "c passed"],
        ),
        (
            "--skip",
            "c",
            ["a passed", "b passed", "c skipped needs/left_out"],
        ),
    ] {
        let run = Gonogo::new(&["check", flag, value, "-o", "json"])
            .gate(THREE)
            .run()
            .exits(3);
        assert_eq!(run.outcomes(), outcomes, "{flag} {value}");
        assert_eq!(run.json()["partial"], true);
    }
    let read_only = Gonogo::new(&["check", "--read-only", "-o", "json"])
        .gate(THREE)
        .run()
        .exits(3);
    assert_eq!(
        read_only.outcomes(),
        [
            "a skipped needs/read_only",
            "b skipped needs/read_only",
            "c skipped needs/read_only"
        ]
    );
}

#[test]
fn a_tag_brings_what_it_needs_along_and_is_a_whole_gate() {
    let run = Gonogo::new(&["check", "--tag", "t", "-o", "json"])
        .gate(THREE)
        .run()
        .exits(0);
    assert_eq!(run.outcomes(), ["a passed", "b passed"]);
    assert_eq!(run.json()["excluded"][0]["id"], "c");
}

#[test]
fn strict_makes_a_warning_a_blocker() {
    let gate = "version: 1\ngate: strict\nchecks:\n  a: { command: ['true'] }\n  b: { command: ['false'], severity: warning }\n  \
                c: { command: [echo, x], should: { stdout: { contains: y } } }\n";
    let lax = Gonogo::new(&["check", "-o", "json"])
        .gate(gate)
        .run()
        .exits(0);
    assert_eq!(
        lax.outcomes(),
        [
            "a passed",
            "b failed engine/expectation",
            "c warned engine/expectation"
        ]
    );
    let strict = Gonogo::new(&["check", "--strict", "-o", "json"])
        .gate(gate)
        .run()
        .exits(1);
    assert_eq!(
        strict.outcomes(),
        [
            "a passed",
            "b failed engine/expectation",
            "c failed engine/expectation"
        ]
    );
}

#[test]
fn a_reviewed_plan_runs_as_it_was_or_not_at_all() {
    let plan = Gonogo::new(&["plan", "-o", "json"])
        .gate(THREE)
        .run()
        .exits(0)
        .stdout;
    let same = Gonogo::new(&["check", "--plan", "plan.json", "-q"])
        .gate(THREE)
        .file("plan.json", &plan);
    assert!(same.run().exits(0).stdout.starts_with("GO  three"));
    for changed in [
        THREE.replace(
            "a: { command: ['true'] }",
            "a: { command: ['true', '--weaker'] }",
        ),
        THREE
            .replace("  a: { command: ['true'] }\n", "")
            .replace("needs: [a], ", ""),
        THREE.replace(", severity: warning", ""),
    ] {
        let run = Gonogo::new(&["check", "--plan", "plan.json"])
            .gate(&changed)
            .file("plan.json", &plan)
            .run()
            .exits(2);
        assert!(
            run.stderr.contains("error[config/plan_changed]"),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn failed_runs_again_what_did_not_pass() {
    let folder = Folder::new("failed").unwrap();
    let flag = folder.path().join("mended");
    let gate = format!(
        "version: 1\ngate: again\nchecks:\n  good: {{ command: ['true'] }}\n  bad: {{ command: [test, -e, '{}'] }}\n",
        flag.display()
    );
    let first = Gonogo::new(&["check", "-o", "json"])
        .gate(&gate)
        .run()
        .exits(1)
        .stdout;
    std::fs::write(&flag, "").unwrap();
    let again = Gonogo::new(&["check", "--failed", "run.json", "-o", "json"])
        .gate(&gate)
        .file("run.json", &first);
    let again = again.run().exits(3);
    assert_eq!(
        again.outcomes(),
        ["good skipped needs/left_out", "bad passed"]
    );
}

#[test]
fn list_shows_the_checks_and_runs_none() {
    let silent = Fake::echo().unwrap();
    let gate = format!(
        "version: 1\ngate: list\nchecks:\n  port: {{ tcp: '127.0.0.1:{}' }}\n",
        silent.port()
    );
    let run = Gonogo::new(&["check", "--list"]).gate(&gate).run().exits(0);
    assert!(run.stdout.contains("port"), "{}", run.stdout);
    assert_eq!(silent.connections(), 0);
}

#[test]
fn a_pass_older_than_its_max_age_is_looked_at_again_and_unknown_when_that_takes_too_long() {
    // The slow check makes the quick one old, and looking at the quick one again takes longer than its age allows.
    let gate = "version: 1
gate: aging
checks:
  quick: { command: [sh, -c, 'test ! -e again || sleep 0.3; touch again'], max_age: 100ms }
  slow: { command: [sleep, '0.3'] }
";
    let run = Gonogo::new(&["check", "-o", "json"])
        .gate(gate)
        .run()
        .exits(3);
    assert_eq!(
        run.outcomes(),
        ["quick unknown engine/stale", "slow passed"]
    );
    let fresh = gate
        .replace("test ! -e again || sleep 0.3; touch again", "exit 0")
        .replace("100ms", "200ms");
    let run = Gonogo::new(&["check", "-o", "json"])
        .gate(&fresh)
        .run()
        .exits(0);
    assert_eq!(
        run.json()["checks"][0]["attempts"]
            .as_array()
            .unwrap()
            .len(),
        2,
        "looked at again before GO"
    );
}

/// The check that is good for a moment only is looked at after the one that takes long, not before.
#[test]
fn a_pass_that_is_good_for_a_moment_is_confirmed_last() {
    let gate = "version: 1
gate: aging
checks:
  quick: { command: ['true'], max_age: 200ms }
  slow: { command: [sleep, '0.4'], max_age: 300ms }
  steady: { command: [sh, -c, 'echo x >> runs; test $(wc -l < runs) -ge 2'] }
";
    // The slow one is never young enough, since its own look takes longer than its age allows; and the
    // quick one that is looked at beside it grows old meanwhile.
    let held = Gonogo::new(&["check", "--wait", "2s", "-o", "json"])
        .gate(gate)
        .run()
        .exits(3);
    assert_eq!(
        held.outcomes(),
        [
            "quick unknown engine/stale",
            "slow unknown engine/stale",
            "steady passed"
        ]
    );
    let young = gate.replace("300ms", "10s");
    let run = Gonogo::new(&["check", "--wait", "60s", "-o", "json"])
        .gate(&young)
        .run()
        .exits(0);
    let report = run.json();
    let age = |check: usize| report["checks"][check]["age"].as_f64().unwrap();
    assert!(age(0) <= 0.2, "{}", age(0));
    assert!(report["duration"].as_f64().unwrap() < 30.0);
}

/// A look that was too slow once is no reason to give up while there is time.
#[test]
fn wait_goes_on_after_a_pass_that_grew_old() {
    let gate = "version: 1
gate: aging
checks:
  moody: { command: [sh, -c, 'echo x >> runs; n=$(wc -l < runs); test $n -lt 2 -o $n -gt 4 || sleep 0.3'], max_age: 100ms }
  slow: { command: [sleep, '0.3'], max_age: 1m }
";
    let run = Gonogo::new(&["check", "--wait", "60s", "-o", "json"])
        .gate(gate)
        .run()
        .exits(0);
    assert_eq!(run.outcomes(), ["moody passed", "slow passed"]);
    let once = Gonogo::new(&["check", "-o", "json"])
        .gate(gate)
        .run()
        .exits(3);
    assert_eq!(
        once.outcomes(),
        ["moody unknown engine/stale", "slow passed"]
    );
}

#[test]
fn a_reviewed_plan_takes_no_selection_that_it_would_not_follow() {
    for flag in [
        &["--read-only"][..],
        &["--strict"],
        &["--phase", "canary"],
        &["--tag", "data"],
        &["--only", "a"],
        &["--skip", "a"],
        &["--failed", "run.json"],
    ] {
        let mut arguments = vec!["check", "--plan", "plan.json"];
        arguments.extend(flag);
        let run = Gonogo::new(&arguments)
            .gate("version: 1\ngate: plan\nchecks:\n  a: { command: ['true'] }\n")
            .run()
            .exits(2);
        assert!(
            run.stderr.contains("cannot be used with"),
            "{flag:?}: {}",
            run.stderr
        );
    }
}
