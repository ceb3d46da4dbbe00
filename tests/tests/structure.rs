//! Gates of several files, as a user runs them.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;
use std::time::{Duration, Instant};

use gonogo_tests::{Gonogo, workspace};
use serde_json::{Value, json};

const MAIN: &str = "version: 1
gate: shop
include: [\"checks/*.yaml\"]
checks:
  here: { command: [\"true\"] }
";

const EDGE: &str = "version: 1
templates:
  quick: { timeout: 5s, expect: { duration: under 4s } }
checks:
  edge: { extends: quick, command: [\"true\"], needs: [here] }
";

fn example(arguments: &[&str]) -> Gonogo {
    let mut call = Gonogo::new(arguments);
    for name in [
        "probes.yaml",
        "checks/services.yaml",
        "checks/templates.yaml",
    ] {
        let text = fs::read_to_string(workspace().join("examples/structure").join(name)).unwrap();
        call = call.file(name, &text);
    }
    call
}

#[test]
fn the_example_is_what_its_header_says() {
    let report = example(&["check", "--phase", "post-deploy", "-o", "json"])
        .run()
        .exits(0);
    let report: Value = serde_json::from_str(&report.stdout).unwrap();
    assert_eq!(report["verdict"], "GO");
    let checks: Vec<(&str, &str)> = report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| (c["id"].as_str().unwrap(), c["file"].as_str().unwrap()))
        .collect();
    assert_eq!(
        checks,
        [
            ("domain", "probes.yaml"),
            ("service.auth", "checks/services.yaml"),
            ("service.core", "checks/services.yaml"),
            ("service.mcp", "checks/services.yaml"),
            ("search.a", "checks/services.yaml"),
            ("search.b", "checks/services.yaml"),
            ("search.c", "checks/services.yaml"),
        ]
    );
    assert_eq!(report["groups"][0]["file"], "checks/services.yaml");
    let lint = example(&["lint"]).run().exits(0);
    assert_eq!(
        lint.stderr,
        "probes.yaml: 7 checks, no mistake, no warning\n"
    );
}

#[test]
fn a_plan_says_where_every_expectation_comes_from() {
    let plan = example(&["plan", "--phase", "pre-deploy", "-o", "json"])
        .run()
        .exits(0);
    let plan: Value = serde_json::from_str(&plan.stdout).unwrap();
    let origins: Vec<(&str, &Value)> = plan["checks"][1]["expectations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["fact"].as_str().unwrap(), &e["origin"]))
        .collect();
    let template = |name: &str, line: u32| json!({ "from": "template", "name": name, "file": "checks/templates.yaml", "line": line });
    assert_eq!(
        origins,
        [
            ("exit_code", &json!({ "from": "built_in" })),
            ("duration", &template("quick", 7)),
            ("stdout", &template("answer", 14)),
            ("duration", &template("answer", 15)),
        ]
    );
    let text = example(&["plan", "--phase", "pre-deploy"])
        .run()
        .exits(0)
        .stdout;
    assert!(
        text.contains("under 4s  (template quick, checks/templates.yaml:7)"),
        "{text}"
    );
    assert!(
        text.contains("search.a, search.b, search.c, by phase"),
        "{text}"
    );
}

#[test]
fn every_file_is_listed_with_its_digest() {
    let call = Gonogo::new(&["check", "-o", "json"])
        .gate(MAIN)
        .file("checks/edge.yaml", EDGE);
    let run = call.run().exits(0);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let sums = |arguments: &str| {
        let output = Command::new("sh")
            .args(["-c", arguments])
            .current_dir(run.folder.path())
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.split_whitespace().next().unwrap().to_owned()
    };
    assert_eq!(
        report["files"],
        json!([
            { "file": "probes.yaml", "digest": sums("sha256sum probes.yaml") },
            { "file": "checks/edge.yaml", "digest": sums("sha256sum checks/edge.yaml") },
        ])
    );
    assert_eq!(
        report["digests"]["file"],
        sums("sha256sum probes.yaml checks/edge.yaml | sha256sum")
    );
}

#[test]
fn a_reviewed_plan_is_void_when_an_included_file_changes() {
    let plan = |edge: &str| {
        let call = Gonogo::new(&["plan", "-o", "json"])
            .gate(MAIN)
            .file("checks/edge.yaml", edge);
        call.run().exits(0).stdout
    };
    let reviewed = plan(EDGE);
    let check = |edge: &str| {
        Gonogo::new(&["check", "--plan", "plan.json"])
            .gate(MAIN)
            .file("checks/edge.yaml", edge)
            .file("plan.json", &reviewed)
            .run()
    };
    let _same = check(EDGE).exits(0);
    let changed = check(&EDGE.replace("under 4s", "under 5s")).exits(2);
    assert!(
        changed.stderr.contains("config/plan_changed"),
        "{}",
        changed.stderr
    );
    assert!(changed.stderr.contains("check edge"), "{}", changed.stderr);
}

#[test]
fn nothing_but_regular_files_of_the_folder_is_opened() {
    let outside = Gonogo::new(&[]).file("secret.yaml", "token: canary-4711\n");
    let call = Gonogo::new(&["lint"]).gate(
        "version: 1
gate: shop
include: [pipe.yaml, zero.yaml, link.yaml, folder/secret.yaml, dead.yaml, closed.yaml]
checks:
  here: { command: [\"true\"] }
",
    );
    let at = |name: &str| call.folder().join(name);
    let made = Command::new("mkfifo")
        .arg(at("pipe.yaml"))
        .status()
        .unwrap();
    assert!(made.success());
    symlink("/dev/zero", at("zero.yaml")).unwrap();
    symlink(outside.folder().join("secret.yaml"), at("link.yaml")).unwrap();
    symlink(outside.folder(), at("folder")).unwrap();
    symlink("nowhere.yaml", at("dead.yaml")).unwrap();
    fs::create_dir(at("closed.yaml")).unwrap();
    let began = Instant::now();
    let run = call.run().exits(2);
    assert!(began.elapsed() < Duration::from_secs(5));
    assert!(!run.stdout.contains("canary"), "{}", run.stdout);
    let told: Vec<&str> = run
        .stdout
        .lines()
        .filter(|l| l.starts_with("error"))
        .collect();
    assert_eq!(
        told,
        [
            "error[config/unreadable_file]: `pipe.yaml` cannot be included: is no regular file",
            "error[config/bad_include]: `zero.yaml` is behind a link that leads out of the gate's folder",
            "error[config/bad_include]: `link.yaml` is behind a link that leads out of the gate's folder",
            "error[config/bad_include]: `folder/secret.yaml` is behind a link that leads out of the gate's folder",
            "error[config/unreadable_file]: `dead.yaml` cannot be included: No such file or directory (os error 2)",
            "error[config/unreadable_file]: `closed.yaml` cannot be included: is a folder",
        ]
    );
}

#[test]
fn a_gate_on_standard_input_includes_from_the_current_folder() {
    let run = Gonogo::new(&["check", "-", "-o", "json"])
        .input(MAIN)
        .file("checks/edge.yaml", EDGE)
        .run()
        .exits(0);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["files"][1]["file"], "checks/edge.yaml");
    assert_eq!(report["checks"].as_array().unwrap().len(), 2);
}

#[test]
fn paths_are_relative_to_the_file_in_which_they_stand() {
    let run = Gonogo::new(&["check", "ci/probes.yaml", "-o", "json"])
        .file(
            "ci/probes.yaml",
            "version: 1\ngate: shop\ninclude: team/data.yaml\n",
        )
        .file(
            "ci/team/data.yaml",
            "version: 1
secrets: { token: { file: token.txt } }
checks:
  data: { command: { argv: [test, -f, token.txt], cwd: . } }
  used: { command: { argv: [\"true\"], env: { TOKEN: \"${token}\" } } }
",
        )
        .file("ci/team/token.txt", "canary-4711\n")
        .run()
        .exits(0);
    assert!(!run.stdout.contains("canary"));
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["checks"][0]["file"], "ci/team/data.yaml");
}

#[test]
fn a_selection_that_leaves_nothing_is_no_run() {
    let gate = "version: 1
gate: shop
phases: [pre-deploy, post-deploy]
tags: [edge, data]
checks:
  here: { command: [\"true\"], phases: [pre-deploy], tags: [edge] }
  there: { command: [\"true\"], phases: [post-deploy], tags: [data] }
";
    for arguments in [
        &["check", "--phase", "pre-deploy", "--tag", "data"][..],
        &["check", "--phase", "pre-deploy", "--only", "nothing*"],
        &["check", "--phase", "pre-deploy", "--skip", "*"],
    ] {
        let run = Gonogo::new(arguments).gate(gate).run().exits(2);
        assert_eq!(run.stdout, "", "{arguments:?}");
    }
}
