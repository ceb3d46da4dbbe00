//! Waivers and quarantines, from the file to the verdict and the report.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::fs;

use gonogo_tests::{Finished, Gonogo, judged, judged_with, workspace};
use serde_json::{Value, json};

/// A gate whose waivers come to every state, the end of which nobody lives to see.
const EVERY_STATE: &str = "version: 1
gate: shop
phases: [deploy, rollback]
checks:
  api: { command: ['true'] }
  region:
    each: [eu, us, ap]
    command: [test, '${each}', '!=', ap]
  search:
    each: [a, b]
    command: ['false']
    severity: warning
    quarantine: { reason: flaky under load, owner: search-team, until: 2999-12-31, count: 1 }
  legacy: { command: ['false'], severity: warning }
  undo: { command: ['true'], phases: [rollback] }
waivers:
  - { check: region.ap, code: engine/expectation, reason: moving out, owner: ops, ticket: OPS-42, until: 2999-12-31 }
  - { check: 'region.?u', reason: moving in, owner: ops, until: 2999-12-31 }
  - { check: legacy, reason: who needs it, owner: nobody, until: 2020-02-29 }
  - { check: mainframe, reason: it was there, owner: ops, until: 2999-12-31 }
  - { check: undo, reason: not tried yet, owner: ops, until: 2999-12-31 }
";

fn every_state(arguments: &[&str]) -> Finished {
    let mut call = vec!["check", "--phase", "deploy"];
    call.extend(arguments);
    Gonogo::new(&call).gate(EVERY_STATE).run().exits(0)
}

/// Takes out what differs from run to run: times, and how many days there are until 2999.
fn steady(text: &str) -> String {
    let mut steady = String::new();
    for word in text.split_inclusive([' ', '\n']) {
        let bare = word.trim_end().trim_start_matches('(');
        let is_count = bare.parse::<u64>().is_ok_and(|days| days > 1_000);
        let is_time = ["ms", "s"].iter().any(|unit| {
            let number = bare.strip_suffix(unit).unwrap_or_default();
            number.trim_start_matches('<').parse::<f64>().is_ok()
        });
        if is_count || is_time {
            steady.push_str(&word.replace(bare, "N"));
        } else {
            steady.push_str(word);
        }
    }
    steady
}

#[test]
fn people_are_told_of_every_waiver() {
    let run = every_state(&[]);
    assert_eq!(
        steady(&run.stdout),
        "failed    search.a  (warning, does not block)
          exit_code  is 1, expected 0  (built in)
          note     in quarantine by search-team until 2999-12-31: flaky under load
          note     more checks of the quarantine did not pass than it covers: it covers none
          at       command false, probes.yaml:9

failed    search.b  (warning, does not block)
          exit_code  is 1, expected 0  (built in)
          note     in quarantine by search-team until 2999-12-31: flaky under load
          note     more checks of the quarantine did not pass than it covers: it covers none
          at       command false, probes.yaml:9

failed    legacy  (warning, does not block)
          exit_code  is 1, expected 0  (built in)
          note     the waiver of nobody ended 2020-02-29: who needs it
          at       command false, probes.yaml:14

waived    region.ap
          failed without the waiver
          exit_code  is 1, expected 0  (built in)
          note     waived by ops until 2999-12-31: moving out (OPS-42)
          at       command test ap != ap, probes.yaml:6

passed    api, region.eu, region.us
excluded  by phase: undo
waiver    quarantine of search  exhausted, search-team until 2999-12-31 (N days left): flaky
          under load
waiver    legacy  expired, nobody until 2020-02-29 (N days ago): who needs it
waiver    region.ap  used, ops until 2999-12-31 (N days left): moving out (OPS-42)
waiver    mainframe  orphaned, ops until 2999-12-31 (N days left): it was there
waiver    region.?u  unneeded, ops until 2999-12-31 (N days left): moving in

GO  shop (deploy)  3 failed, 1 waived, 3 passed in N
"
    );
}

#[test]
fn the_report_holds_every_waiver() {
    let report = every_state(&["-o", "json"]).json();
    let waiver = |check: &str, reason: &str, owner: &str, line: u32| {
        json!({
            "check": check, "checks": [], "excluded": [], "code": null, "reason": reason,
            "owner": owner, "ticket": null, "until": "2999-12-31",
            "ends": "3000-01-01T00:00:00Z", "quarantine": null, "file": "probes.yaml",
            "line": line, "state": null, "state_code": null, "waives": [],
        })
    };
    let with = |mut waiver: Value, rest: Value| {
        for (key, value) in rest.as_object().unwrap() {
            waiver[key] = value.clone();
        }
        waiver
    };
    let expected = [
        with(
            waiver("region.ap", "moving out", "ops", 17),
            json!({ "checks": ["region.ap"], "code": "engine/expectation", "ticket": "OPS-42",
                    "state": "used", "waives": ["region.ap"] }),
        ),
        with(
            waiver("region.?u", "moving in", "ops", 18),
            json!({ "checks": ["region.eu"], "state": "unneeded", "state_code": "waiver/unneeded" }),
        ),
        with(
            waiver("legacy", "who needs it", "nobody", 19),
            json!({ "checks": ["legacy"], "until": "2020-02-29", "ends": "2020-03-01T00:00:00Z",
                    "state": "expired", "state_code": "waiver/expired" }),
        ),
        with(
            waiver("mainframe", "it was there", "ops", 20),
            json!({ "state": "orphaned", "state_code": "waiver/orphaned" }),
        ),
        with(
            waiver("undo", "not tried yet", "ops", 21),
            json!({ "excluded": ["undo"], "state": "not_in_run" }),
        ),
        with(
            waiver("search", "flaky under load", "search-team", 13),
            json!({ "checks": ["search.a", "search.b"], "quarantine": 1, "state": "exhausted",
                    "state_code": "waiver/exhausted" }),
        ),
    ];
    assert_eq!(report["waivers"], json!(expected));
    let of = |check: usize| {
        let check = &report["checks"][check];
        json!([check["id"], check["outcome"], check["was"], check["code"]])
    };
    assert_eq!(
        of(3),
        json!(["region.ap", "waived", "failed", "engine/expectation"])
    );
    assert_eq!(
        of(4),
        json!(["search.a", "failed", null, "engine/expectation"])
    );
    assert_eq!(report["counts"]["waived"], 1);
}

#[test]
fn a_saved_run_with_waivers_is_shown_as_it_was_seen() {
    let text = every_state(&[]).stdout;
    let saved = every_state(&["-o", "json"]).stdout;
    let shown = Gonogo::new(&["run", "show", "run.json"])
        .file("run.json", &saved)
        .run()
        .exits(0);
    assert_eq!(steady(&shown.stdout), steady(&text));
}

/// What is waived is not open; what its quarantine does not cover is.
#[test]
fn failed_does_not_look_again_at_what_is_waived() {
    let saved = every_state(&["-o", "json"]).stdout;
    let again = Gonogo::new(&[
        "check", "--phase", "deploy", "--failed", "run.json", "-o", "json",
    ])
    .gate(EVERY_STATE)
    .file("run.json", &saved)
    .run()
    .exits(3);
    assert_eq!(
        again.outcomes(),
        [
            "api skipped needs/left_out",
            "region.eu skipped needs/left_out",
            "region.us skipped needs/left_out",
            "region.ap skipped needs/left_out",
            "search.a failed engine/expectation",
            "search.b failed engine/expectation",
            "legacy failed engine/expectation",
        ]
    );
}

#[test]
fn a_report_that_calls_something_waived_without_a_waiver_was_edited() {
    let gate =
        "version: 1\ngate: g\nchecks:\n  a: { command: ['true'] }\n  b: { command: ['false'] }\n";
    let saved = Gonogo::new(&["check", "-o", "json"])
        .gate(gate)
        .run()
        .exits(1)
        .stdout;
    let mut report: Value = serde_json::from_str(&saved).unwrap();
    report["checks"][1]["outcome"] = json!("waived");
    report["checks"][1]["was"] = json!("failed");
    report["counts"]["failed"] = json!(0);
    report["counts"]["waived"] = json!(1);
    report["verdict"] = json!("GO");
    report["reasons"] = json!([]);
    let shown = Gonogo::new(&["run", "show", "run.json"])
        .file("run.json", &report.to_string())
        .run()
        .exits(2);
    assert_eq!(
        shown.stderr.trim_end(),
        "error[config/not_a_report]: run.json: the report contradicts itself, so it was edited: check b is waived, and no waiver of its plan covers it"
    );
}

fn gate(checks: &str, waivers: &str) -> String {
    format!("version: 1\ngate: g\nchecks:\n{checks}waivers:\n{waivers}")
}

const TWO: &str = "  a: { command: ['false'] }\n  b: { command: ['true'] }\n";
const A: &str = "  - { check: a, reason: x, owner: y, until: 2999-01-01 }\n";

#[test]
fn no_flag_changes_what_a_waiver_does() {
    for arguments in [
        &["check"][..],
        &["check", "--strict"],
        &["check", "--fail-fast"],
        &["check", "--wait", "1h"],
        &["check", "--jobs", "1"],
    ] {
        let mut arguments = arguments.to_vec();
        arguments.extend(["-o", "json"]);
        let call = Gonogo::new(&arguments).gate(&gate(TWO, A));
        assert_eq!(
            judged_with(call),
            ["GO", "a waived engine/expectation", "b passed"],
            "{arguments:?}"
        );
    }
}

#[test]
fn what_needs_a_waived_check_runs() {
    let checks = format!("{TWO}  c: {{ command: ['true'], needs: [a] }}\n");
    assert_eq!(
        judged(&gate(&checks, A)),
        ["GO", "a waived engine/expectation", "b passed", "c passed"]
    );
}

#[test]
fn a_gate_in_which_everything_is_waived_is_held() {
    let waivers = "  - { check: '*', reason: x, owner: y, until: 2999-01-01 }\n";
    let all = TWO.replace("true", "false");
    let run = Gonogo::new(&["check", "-o", "json"])
        .gate(&gate(&all, waivers))
        .run()
        .exits(3);
    assert_eq!(run.json()["reasons"][0]["code"], "gate/nothing_proved");
}

/// A waiver with a code is for that and nothing else.
#[test]
fn a_failure_of_another_kind_is_not_waived() {
    let waivers =
        "  - { check: a, code: command/timeout, reason: slow, owner: y, until: 2999-01-01 }\n";
    let run = Gonogo::new(&["check", "-o", "json"])
        .gate(&gate(TWO, waivers))
        .run()
        .exits(1);
    assert_eq!(run.outcomes(), ["a failed engine/expectation", "b passed"]);
    assert_eq!(
        run.json()["checks"][0]["notes"],
        json!(["the waiver of y covers command/timeout and nothing else"])
    );
    // Nor is a crash of the probe's program covered by what was granted for a wrong answer.
    let killed = "  a: { command: [sh, -c, 'kill -9 $$'] }\n  b: { command: ['true'] }\n";
    let waivers =
        "  - { check: a, code: engine/expectation, reason: wrong, owner: y, until: 2999-01-01 }\n";
    assert_eq!(
        judged(&gate(killed, waivers)),
        ["NO-GO", "a failed command/killed", "b passed"]
    );
    let waivers =
        "  - { check: a, code: command/killed, reason: killed, owner: y, until: 2999-01-01 }\n";
    assert_eq!(
        judged(&gate(killed, waivers)),
        ["GO", "a waived command/killed", "b passed"]
    );
}

#[test]
fn what_is_unknown_can_be_waived_and_what_is_skipped_cannot() {
    let checks = "  gone: { command: [/no/such/program] }\n  b: { command: ['true'] }\n  c: { command: ['true'], needs: [d] }\n  d: { command: ['false'], severity: warning }\n";
    let waivers = "  - { check: gone, reason: x, owner: y, until: 2999-01-01 }\n  - { check: c, reason: x, owner: y, until: 2999-01-01 }\n";
    assert_eq!(
        judged(&gate(checks, waivers)),
        [
            "HOLD",
            "gone waived command/cannot_start",
            "b passed",
            "c skipped needs/not_passed",
            "d failed engine/expectation",
        ]
    );
}

#[test]
fn a_waived_check_still_runs_with_its_retries() {
    let call = |run| {
        let checks = format!(
            "  a: {{ http: 'http://127.0.0.1:1/', retry: {{ attempts: 3, backoff: 1ms }} }}\n{}",
            "  b: { command: ['true'] }\n"
        );
        Gonogo::new(&["check", "-o", "json"])
            .gate(&gate(&checks, run))
            .run()
            .exits(0)
            .json()
    };
    let report = call(A);
    assert_eq!(report["checks"][0]["outcome"], "waived");
    assert_eq!(report["checks"][0]["code"], "net/refused");
    let attempts = report["checks"][0]["attempts"].as_array().unwrap();
    let outcomes: Vec<_> = attempts.iter().map(|a| a["outcome"].clone()).collect();
    assert_eq!(outcomes, ["failed", "failed", "failed"]);
}

#[test]
fn a_quarantine_covers_its_count_and_no_more() {
    let of = |failing: &str, count: u32| {
        judged(&format!(
            "version: 1\ngate: g\nchecks:\n  b: {{ command: ['true'] }}\n  s:\n    each: [x, y, z]\n    command: [sh, -c, 'case {failing} in *${{each}}*) exit 1;; esac']\n    quarantine: {{ reason: flaky, owner: ops, until: 2999-01-01, count: {count} }}\n"
        ))
    };
    assert_eq!(
        of("y", 1),
        [
            "GO",
            "b passed",
            "s.x passed",
            "s.y waived engine/expectation",
            "s.z passed"
        ]
    );
    assert_eq!(of("yz", 2)[0], "GO",);
    assert_eq!(
        of("yz", 1),
        [
            "NO-GO",
            "b passed",
            "s.x passed",
            "s.y failed engine/expectation",
            "s.z failed engine/expectation"
        ]
    );
}

/// With --wait a quarantine that is exhausted is looked at again, and one that is not is left alone.
#[test]
fn wait_looks_again_at_an_exhausted_quarantine() {
    let gate = "version: 1
gate: g
checks:
  b: { command: ['true'] }
  s:
    each: [x, y]
    command: [sh, -c, 'echo > ${each}.$$; test ${each} = x && test $(ls x.* | wc -l) -ge 2']
    quarantine: { reason: flaky, owner: ops, until: 2999-01-01, count: 1 }
";
    let call = Gonogo::new(&["check", "--wait", "60s", "-o", "json"]).gate(gate);
    assert_eq!(
        judged_with(call),
        [
            "GO",
            "b passed",
            "s.x passed",
            "s.y waived engine/expectation"
        ]
    );
}

#[test]
fn a_plan_shows_its_waivers_and_is_bound_to_them() {
    let with = gate(TWO, A);
    let plan = Gonogo::new(&["plan"]).gate(&with).run().exits(0).stdout;
    let shown = "waiver for a
     covers    a
     until     2999-01-01
     reason    x
     owner     y
     at        probes.yaml:7
";
    assert!(plan.contains(shown), "{plan}");
    let saved = Gonogo::new(&["plan", "-o", "json"])
        .gate(&with)
        .run()
        .exits(0)
        .stdout;
    let run = |gate: &str| {
        Gonogo::new(&["check", "--plan", "plan.json"])
            .gate(gate)
            .file("plan.json", &saved)
            .run()
    };
    assert!(run(&with).exits(0).stdout.contains("GO  g"));
    for other in [
        with.replace("2999-01-01", "2999-01-02"),
        with.replace("owner: y", "owner: z"),
        gate(
            TWO,
            "  - { check: b, reason: x, owner: y, until: 2999-01-01 }\n",
        ),
    ] {
        let refused = run(&other).exits(2).stderr;
        assert!(
            refused.contains("error[config/plan_changed]")
                && refused.contains("its waivers are others"),
            "{refused}"
        );
    }
}

#[test]
fn a_secret_in_a_waiver_is_not_told() {
    let gate = "version: 1
gate: g
secrets: { token: { env: TOKEN } }
checks:
  a: { command: ['false'] }
  b: { http: { url: 'http://127.0.0.1:1/', headers: { authorization: '${token}' } }, severity: info }
  c: { command: ['true'] }
waivers:
  - { check: a, reason: \"canary-4711\\e[2J\", owner: canary-4711, ticket: 'https://x:canary-4712@t.example.com/1', until: 2999-01-01 }
";
    for arguments in [
        &["check"][..],
        &["check", "-v"],
        &["check", "-o", "json"],
        &["plan"],
        &["plan", "-o", "json"],
    ] {
        let run = Gonogo::new(arguments)
            .gate(gate)
            .env("TOKEN", "canary-4711")
            .run()
            .exits(0);
        let said = format!("{}{}", run.stdout, run.stderr);
        assert!(!said.contains("canary-"), "{arguments:?}: {said}");
        assert!(!said.contains('\u{1b}'), "{arguments:?}: {said}");
    }
}

/// Waivers may stand in a file of their own, which other people own.
#[test]
fn waivers_come_from_an_included_file_and_say_so() {
    let gate = "version: 1\ngate: g\ninclude: [waivers.yaml]\nchecks:\n  a: { command: ['false'] }\n  b: { command: ['true'] }\n";
    let waivers = "version: 1\nwaivers:\n  - { check: a, reason: x, owner: y, until: 2999-01-01 }\n  - { check: z, reason: x, owner: y, until: 2999-01-01 }\n";
    let run = Gonogo::new(&["check", "-o", "json"])
        .gate(gate)
        .file("waivers.yaml", waivers)
        .run()
        .exits(0);
    assert_eq!(run.outcomes(), ["a waived engine/expectation", "b passed"]);
    let waiver = &run.json()["waivers"][0];
    assert_eq!(
        (waiver["file"].as_str(), waiver["line"].as_u64()),
        (Some("waivers.yaml"), Some(3))
    );
    let lint = Gonogo::new(&["lint"])
        .gate(gate)
        .file("waivers.yaml", waivers)
        .run()
        .exits(0);
    assert!(
        lint.stdout.starts_with(
            "warning[config/orphaned_waiver]: no check of the gate is called `z`\n --> waivers.yaml:4:14\n"
        ),
        "{}",
        lint.stdout
    );
    let direct = gate.replace("include: [waivers.yaml]", "waivers: waivers.yaml");
    let refused = Gonogo::new(&["check"])
        .gate(&direct)
        .file("waivers.yaml", waivers)
        .run()
        .exits(2);
    assert!(
        refused
            .stderr
            .contains("Include the file: `include: [waivers.yaml]`"),
        "{}",
        refused.stderr
    );
}

/// A check that its `when` excludes is still one of the gate.
#[test]
fn a_waiver_for_an_excluded_check_is_not_orphaned() {
    let gate = "version: 1
gate: g
vars: { region: eu }
checks:
  a: { command: ['true'] }
  b: { command: ['false'], when: 'region == \"us\"' }
waivers: [{ check: b, reason: x, owner: y, until: 2999-01-01 }]
";
    let run = Gonogo::new(&["check", "-o", "json"])
        .gate(gate)
        .run()
        .exits(0);
    let waiver = &run.json()["waivers"][0];
    assert_eq!(
        (&waiver["state"], &waiver["excluded"]),
        (&json!("not_in_run"), &json!(["b"]))
    );
}

#[test]
fn a_template_puts_each_of_its_checks_into_a_quarantine_of_its_own() {
    let gate = "version: 1
gate: g
templates:
  flaky: { quarantine: { reason: flaky, owner: ops, until: 2999-01-01, count: 1 } }
checks:
  a: { command: ['false'], extends: flaky }
  b: { command: ['false'], extends: flaky }
  c: { command: ['true'] }
";
    assert_eq!(
        judged(gate),
        [
            "GO",
            "a waived engine/expectation",
            "b waived engine/expectation",
            "c passed"
        ]
    );
}

#[test]
fn the_example_is_what_its_header_says() {
    let example = fs::read_to_string(workspace().join("examples/waivers/probes.yaml")).unwrap();
    assert!(example.contains("# Verdict: GO,"));
    assert_eq!(
        judged(&example),
        [
            "GO",
            "api passed",
            "region.eu passed",
            "region.us passed",
            "region.ap waived engine/expectation",
            "search.a passed",
            "search.b waived engine/expectation",
            "search.c passed",
        ]
    );
}
