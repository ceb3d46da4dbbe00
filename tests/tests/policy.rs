//! Policies with the built binary: they hold, they add up, and nothing in the gate loosens them.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::fs;
use std::path::{Path, PathBuf};

use gonogo_tests::{Finished, Gonogo};

const GATE: &str = "\
version: 1
gate: shop
checks:
  api:
    command: [touch, ran]
";

fn with(arguments: &[&str], gate: &str, policy: &str) -> Finished {
    Gonogo::new(arguments)
        .gate(gate)
        .file("floor.yaml", policy)
        .run()
}

fn ran(finished: &Finished) -> bool {
    finished.folder.path().join("ran").exists()
}

#[test]
fn a_gate_that_keeps_to_its_policies_is_judged() {
    let policy =
        "version: 1\npolicy: { require: { checks: [api] }, allow: { kinds: [command] } }\n";
    let arguments = ["check", "--policy", "floor.yaml", "-o", "json=report.json"];
    let run = with(&arguments, GATE, policy);
    assert_eq!((run.code, ran(&run)), (Some(0), true), "{}", run.stderr);
    let report = fs::read_to_string(run.folder.path().join("report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["policies"][0]["file"], "floor.yaml");
    assert_eq!(
        report["policies"][0]["digest"].as_str().map(str::len),
        Some(64)
    );
}

#[test]
fn one_that_breaks_a_policy_is_refused_by_check_plan_and_lint_before_anything_runs() {
    let told = "error[config/policy_forbidden]: `api` starts a program, and the policy allows none
 --> probes.yaml:4:3
  |
4 |   api:
  |   ^^^^
  |
 ::: floor.yaml:2:21
  |
2 | policy: { commands: false }
  |                     ----- the policy says so here
  |
  = help: Prove it by a kind that only looks.
";
    let policy = "version: 1\npolicy: { commands: false }\n";
    for command in ["check", "plan", "lint"] {
        let run = with(&[command, "--policy", "floor.yaml"], GATE, policy);
        assert_eq!((run.code, ran(&run)), (Some(2), false));
        let text = if command == "lint" {
            &run.stdout
        } else {
            &run.stderr
        };
        assert_eq!(text.trim_end(), told.trim_end(), "{command}");
    }
}

#[test]
fn a_policy_file_that_cannot_be_read_whole_is_never_no_policy() {
    for (policy, code) in [
        ("", "config/empty_file"),
        ("version: 1\n", "config/missing_key"),
        ("version: 1\npolicy: {}\n", "config/empty_list"),
        (
            "version: 1\npolicy: { comands: false }\n",
            "config/unknown_key",
        ),
        ("version: 1\npolicy: { commands: \n", "config/syntax"),
    ] {
        let run = with(&["check", "--policy", "floor.yaml"], GATE, policy);
        assert_eq!((run.code, ran(&run)), (Some(2), false), "{policy}");
        assert!(
            run.stderr.starts_with(&format!("error[{code}]")),
            "{policy}: {}",
            run.stderr
        );
    }
    let run = with(&["check", "--policy", "missing.yaml"], GATE, "");
    assert_eq!((run.code, ran(&run)), (Some(2), false));
    assert!(
        run.stderr.starts_with(
            "error[config/unreadable_file]: cannot read the policy file `missing.yaml`"
        ),
        "{}",
        run.stderr
    );
}

#[test]
fn what_the_gate_says_about_policies_takes_no_rule_away() {
    let loose = format!("{GATE}policy: {{ commands: true, allow: {{ kinds: [command] }} }}\n");
    let policy = "version: 1\npolicy: { commands: false }\n";
    let run = with(&["check", "--policy", "floor.yaml"], &loose, policy);
    assert_eq!((run.code, ran(&run)), (Some(2), false));
    let strict = format!("{GATE}policy: {{ commands: false }}\n");
    let policy = "version: 1\npolicy: { commands: true }\n";
    let run = with(&["check", "--policy", "floor.yaml"], &strict, policy);
    assert_eq!((run.code, ran(&run)), (Some(2), false));
}

#[test]
fn a_forbidden_command_of_a_secret_is_not_run() {
    let gate = "\
version: 1
gate: shop
secrets: { token: { command: [touch, ran] } }
checks:
  api:
    http: { url: 'http://127.0.0.1:1/', headers: { x-token: '${token}' } }
";
    let policy = "version: 1\npolicy: { commands: false }\n";
    let run = with(&["check", "--policy", "floor.yaml"], gate, policy);
    assert_eq!((run.code, ran(&run)), (Some(2), false));
    assert!(
        run.stderr
            .starts_with("error[config/policy_forbidden]: the secret `token` comes from a command"),
        "{}",
        run.stderr
    );
}

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../examples")
        .join(name)
}

#[test]
fn the_examples_come_to_the_verdicts_that_they_state() {
    let read = |file: &str| fs::read_to_string(example(file)).unwrap();
    let run = with(
        &["check", "--policy", "floor.yaml", "--phase", "pre-deploy"],
        &read("policy/probes.yaml"),
        &read("policy/floor.yaml"),
    );
    let missing = read("policy/probes.yaml").replace("  api:\n", "  apj:\n");
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let run = with(
        &["check", "--policy", "floor.yaml", "--phase", "pre-deploy"],
        &missing,
        &read("policy/floor.yaml"),
    );
    assert_eq!(run.code, Some(2));
    let run = Gonogo::new(&["check", "--env", "staging", "--phase", "canary"])
        .gate(&read("environments/probes.yaml"))
        .run();
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
}
