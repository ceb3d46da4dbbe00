//! Environments, phases with values of their own, and secrets that programs print, with the built binary.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::os::unix::fs::PermissionsExt as _;

use gonogo_tests::{Finished, Gonogo};

const GATE: &str = "\
version: 1
gate: shop
vars: { name: { env: NAME }, wanted: one }
environments:
  production: { vars: { name: prod } }
  staging: { vars: { name: stage } }
phases:
  pre-deploy:
  canary: { vars: { name: '${name}-canary' } }
checks:
  told:
    command: [echo, '${name}']
    expect: { stdout: { contains: '${name}' } }
";

fn json(finished: &Finished) -> serde_json::Value {
    serde_json::from_str(&finished.stdout).unwrap()
}

#[test]
fn the_environment_and_its_values_stand_in_the_report_and_the_plan() {
    let run = Gonogo::new(&[
        "check", "--env", "staging", "--phase", "canary", "-o", "json",
    ])
    .gate(GATE)
    .run();
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let report = json(&run);
    assert_eq!(report["environment"], "staging");
    assert_eq!(
        report["variables"],
        serde_json::json!([
            { "name": "name", "value": "stage-canary", "origin": "phases.canary" },
            { "name": "wanted", "value": "one", "origin": "gate file" },
        ])
    );
    assert!(
        run.stderr.contains("shop (staging, canary)"),
        "{}",
        run.stderr
    );
    let plan = Gonogo::new(&["plan", "--env", "production"])
        .gate(GATE)
        .run();
    assert_eq!(plan.code, Some(0), "{}", plan.stderr);
    assert!(
        plan.stdout
            .contains("variable  name = prod  (environments.production)"),
        "{}",
        plan.stdout
    );
    assert!(plan.stdout.contains("shop (production)"), "{}", plan.stdout);
}

#[test]
fn a_gate_with_environments_is_not_judged_without_one() {
    for command in ["check", "plan"] {
        let run = Gonogo::new(&[command]).gate(GATE).run();
        assert_eq!(run.code, Some(2));
        assert_eq!(
            run.stderr,
            "error[config/no_environment]: the gate has environments (production and staging), and none was chosen
 --> probes.yaml:4:1
  |
4 | environments:
  | ^^^^^^^^^^^^
  |
  = help: Say for which one it is to be judged: `--env NAME`.
"
        );
    }
    let run = Gonogo::new(&["lint"]).gate(GATE).run();
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
}

#[test]
fn a_reviewed_plan_brings_its_environment_and_phase_along() {
    let plan = Gonogo::new(&[
        "plan", "--env", "staging", "--phase", "canary", "-o", "json",
    ])
    .gate(GATE)
    .run();
    assert_eq!(plan.code, Some(0), "{}", plan.stderr);
    let run = Gonogo::new(&["check", "--plan", "plan.json"])
        .gate(GATE)
        .file("plan.json", &plan.stdout)
        .run();
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(
        run.stdout.contains("shop (staging, canary)"),
        "{}",
        run.stdout
    );
    let other = Gonogo::new(&["check", "--plan", "plan.json", "--env", "production"])
        .gate(GATE)
        .file("plan.json", &plan.stdout)
        .run();
    assert_eq!(other.code, Some(2));
    assert_eq!(
        other.stderr,
        "error[config/plan_changed]: plan.json is a plan of the environment `staging`, and this is the environment `production`\n  = help: Leave `--env` out, or review the plan of the other environment.\n"
    );
}

const VAULT: &str = "\
version: 1
gate: shop
vars: { path: deploy }
secrets: { token: { command: [./vault, '${path}'], inherit: [PATH, VAULT_ADDR] } }
checks:
  told:
    command: { argv: [printenv, TOKEN], env: { TOKEN: '${token}' } }
    expect: { stdout: { contains: '${token}' } }
";

fn with_vault(arguments: &[&str], gate: &str, script: &str) -> Finished {
    let call = Gonogo::new(arguments)
        .gate(gate)
        .env("VAULT_ADDR", "x")
        .env("UNNAMED", "y")
        .file("vault", &format!("#!/bin/sh\ntouch ran\n{script}\n"));
    let vault = call.folder().join("vault");
    std::fs::set_permissions(vault, std::fs::Permissions::from_mode(0o755)).unwrap();
    call.run()
}

fn ran(finished: &Finished) -> bool {
    finished.folder.path().join("ran").exists()
}

#[test]
fn a_program_prints_a_secret_and_check_alone_runs_it() {
    let script = "[ \"$1\" = deploy ] && echo \"canary-4711-$VAULT_ADDR$UNNAMED\"";
    let run = with_vault(&["check", "-v", "-o", "json=report.json"], VAULT, script);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    assert!(ran(&run));
    let report = std::fs::read_to_string(run.folder.path().join("report.json")).unwrap();
    for text in [&run.stdout, &run.stderr, &report] {
        assert!(!text.contains("canary-4711"), "{text}");
    }
    let lint = with_vault(&["lint"], VAULT, script);
    assert_eq!(lint.code, Some(0), "{}{}", lint.stdout, lint.stderr);
    assert_eq!(lint.stdout, "");
    assert!(!ran(&lint));
    for arguments in [&["plan"][..], &["check", "--list"]] {
        let run = with_vault(arguments, VAULT, script);
        assert_eq!(run.code, Some(2));
        assert!(!ran(&run));
        assert_eq!(
            run.stderr,
            "error[config/secret_not_run]: the secret `token` comes from a command, which only a run of the gate starts\n  = help: `gonogo check` runs it; `gonogo lint` reads the gate without it.\n"
        );
    }
}

#[test]
fn a_gate_with_a_mistake_runs_no_program() {
    let run = with_vault(
        &["check"],
        &VAULT.replace("stdout:", "stdotu:"),
        "echo canary-4711",
    );
    assert_eq!(run.code, Some(2));
    assert!(!ran(&run));
    assert!(
        run.stderr.starts_with("error[config/unknown_fact]"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_program_that_prints_no_secret_is_exit_2_and_its_words_betray_nothing() {
    let script = "echo canary-4711; echo 'denied for canary-4711' >&2; exit 3";
    let run = with_vault(&["check"], VAULT, script);
    assert_eq!(run.code, Some(2));
    assert_eq!(
        run.stderr,
        "error[config/secret_command]: the secret `token` cannot be had from `./vault`: it ended with exit code 3
 --> probes.yaml:4:12
  |
4 | secrets: { token: { command: [./vault, '${path}'], inherit: [PATH, VAULT_ADDR] } }
  |            ^^^^^
  |
  = help: It said: denied for [redacted].
"
    );
    let run = with_vault(&["check"], VAULT, "exit 0");
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.starts_with(
            "error[config/unset_secret]: the secret `token` has no value: `./vault` printed nothing"
        ),
        "{}",
        run.stderr
    );
}
