//! Saved runs and plans that were edited, cut off, or belong to something else.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use gonogo_tests::Gonogo;
use serde_json::{Value, json};

const GATE: &str = "version: 1\ngate: g\nchecks:\n  bad: { command: ['false'] }\n  good: { command: ['true'] }\n  member: { command: ['true'], group: pair }\n  other: { command: ['true'], group: pair }\ngroups: { pair: { at_least: 1 } }\n";

/// Changes a report.
type Edit = fn(&mut Value);

/// Returns the report of the gate.
fn report() -> Value {
    Gonogo::new(&["check", "-o", "json"])
        .gate(GATE)
        .run()
        .exits(1)
        .json()
}

/// Shows a report, and returns why that is refused.
fn refused(report: &Value) -> String {
    let run = Gonogo::new(&["run", "show", "run.json"])
        .file("run.json", &report.to_string())
        .run()
        .exits(2);
    assert_eq!(run.stdout, "");
    let said = run
        .stderr
        .strip_prefix("error[config/not_a_report]: run.json: ");
    said.unwrap_or(&run.stderr).trim_end().to_owned()
}

#[test]
fn a_verdict_that_was_edited_is_noticed() {
    let edits: [(&str, Edit); 9] = [
        ("its checks come to NO-GO, and it says GO", |r| {
            r["verdict"] = json!("GO")
        }),
        ("its checks come to NO-GO, and it says HOLD", |r| {
            r["verdict"] = json!("HOLD")
        }),
        ("it says NO-GO without a reason", |r| {
            r["reasons"] = json!([])
        }),
        ("check bad is passed, and its findings do not say so", |r| {
            r["checks"][0]["outcome"] = json!("passed");
            r["counts"]["passed"] = json!(4);
            r["counts"]["failed"] = json!(0);
            r["verdict"] = json!("GO");
            r["reasons"] = json!([]);
        }),
        ("its checks come to GO, and it says NO-GO", |r| {
            r["checks"][0]["severity"] = json!("info")
        }),
        ("`partial` is not what its checks say", |r| {
            r["partial"] = json!(true)
        }),
        ("it counts 1 checks as failed and holds 0", |r| {
            drop(r["checks"].as_array_mut().unwrap().remove(0))
        }),
        ("group pair is not what its members say", |r| {
            r["groups"][0]["passes"] = json!(1)
        }),
        (
            "`valid_until` is not what its end and `valid_for` say",
            |r| r["valid_until"] = json!("2040-01-01T00:00:00Z"),
        ),
    ];
    for (why, edit) in edits {
        let mut edited = report();
        edit(&mut edited);
        assert_eq!(
            refused(&edited),
            format!("the report contradicts itself, so it was edited: {why}")
        );
    }
}

#[test]
fn a_report_as_it_was_is_shown() {
    let run = Gonogo::new(&["run", "show", "run.json", "-q"])
        .file("run.json", &report().to_string())
        .run()
        .exits(0);
    assert!(
        run.stdout.starts_with("NO-GO  g  1 failed, 3 passed"),
        "{}",
        run.stdout
    );
}

#[test]
fn what_a_report_holds_is_shown_and_not_obeyed() {
    let mut hostile = report();
    let evil = "\u{1b}[2J\u{1b}]0;x\u{7}\r\n::error::x\u{202e}\u{9b}2J";
    hostile["gate"] = json!(evil);
    for name in [
        "title", "subject", "message", "hint", "owner", "runbook", "file",
    ] {
        hostile["checks"][0][name] = json!(evil);
    }
    let file = hostile.to_string();
    for arguments in [
        &["run", "show", "run.json"][..],
        &["run", "show", "run.json", "-v"],
    ] {
        let run = Gonogo::new(arguments)
            .file("run.json", &file)
            .run()
            .exits(0);
        let obeyed = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!run.stdout.contains(obeyed), "{:?}", run.stdout);
        assert!(
            !run.stdout
                .lines()
                .any(|line| line.trim_start().starts_with("::")),
            "{}",
            run.stdout
        );
    }
}

#[test]
fn a_report_larger_than_a_gate_may_be_is_read() {
    let mut large = report();
    large["checks"][1]["notes"] = json!(["x".repeat(5 << 20)]);
    Gonogo::new(&["run", "show", "run.json", "-q"])
        .file("run.json", &large.to_string())
        .run()
        .exits(0);
}

#[test]
fn the_report_of_another_gate_selects_nothing_here() {
    let other = report().to_string();
    let run = Gonogo::new(&["check", "--failed", "run.json"])
        .gate(&GATE.replace("gate: g", "gate: mine"))
        .file("run.json", &other)
        .run()
        .exits(2);
    assert_eq!(
        run.stderr,
        "error[config/other_gate]: run.json is of the gate `g`, and this gate is `mine`\n  \
         = help: Name the report of an earlier run of this gate.\n"
    );
}

#[test]
fn a_file_of_another_kind_is_named_for_what_it_is() {
    let report = report().to_string();
    for (option, text, why) in [
        (
            "--plan",
            report.as_str(),
            "its format is gonogo.run/1, and gonogo.plan/1 is wanted here",
        ),
        (
            "--plan",
            "{}",
            "not written by gonogo: it has no \"schema\": \"gonogo.plan/1\"",
        ),
        (
            "--plan",
            "",
            "the file ends in the middle: it was not written whole",
        ),
        (
            "--failed",
            "{\"schema\": \"gonogo.plan/1\"}",
            "its format is gonogo.plan/1, and gonogo.run/1 is wanted here",
        ),
        (
            "--failed",
            &report[..report.len() / 2],
            "the file ends in the middle: it was not written whole",
        ),
        (
            "--failed",
            &"[".repeat(100_000),
            "not JSON: recursion limit exceeded at line 1 column 128",
        ),
    ] {
        let run = Gonogo::new(&["check", option, "saved.json"])
            .gate(GATE)
            .file("saved.json", text)
            .run()
            .exits(2);
        assert!(run.stderr.contains(why), "{option} {}", run.stderr);
    }
}

#[test]
fn a_plan_that_changed_says_where() {
    let gate = "version: 1\ngate: g\nchecks:\n  a: { command: ['true'] }\n  b: { command: ['true'], group: pair }\n  c: { command: ['true'], group: pair }\ngroups: { pair: { at_least: 1 } }\n";
    let plan = Gonogo::new(&["plan", "-o", "json"])
        .gate(gate)
        .run()
        .exits(0)
        .stdout;
    for (from, to, what) in [
        (
            "a: { command: ['true']",
            "a: { command: ['false']",
            "check a has another `subject`",
        ),
        (
            "a: { command",
            "a: { timeout: 9s, command",
            "check a has another `timeout`",
        ),
        (
            "a: { command: ['true']",
            "a: { command: ['true'], expect: { exit_code: 1 }",
            "check a has another `expectations`",
        ),
        (
            "a: { command: ['true']",
            "a: { command: { argv: ['true'], stdin: x }",
            "check a has another `options`",
        ),
        ("  a:", "\n  a:", "check a has another `line`"),
        ("  a: { command: ['true'] }\n", "", "check a is gone"),
        (
            "at_least: 1",
            "at_least: 2",
            "group pair has another `quorum`",
        ),
        (
            "checks:\n",
            "checks:\n  d: { command: ['true'] }\n",
            "check d is new",
        ),
    ] {
        let changed = gate.replace(from, to);
        assert_ne!(changed, gate, "{from}");
        let run = Gonogo::new(&["check", "--plan", "plan.json"])
            .gate(&changed)
            .file("plan.json", &plan)
            .run()
            .exits(2);
        let said = format!(
            "error[config/plan_changed]: the gate is no longer the one that was reviewed: {what} (plan.json has "
        );
        assert!(run.stderr.starts_with(&said), "{what}: {}", run.stderr);
    }
}

#[test]
fn a_reviewed_plan_is_not_mixed_with_another_selection() {
    let gate = "version: 1\ngate: g\nchecks:\n  a: { command: [touch, touched] }\n";
    let plan = Gonogo::new(&["plan", "-o", "json"])
        .gate(gate)
        .run()
        .exits(0)
        .stdout;
    for flag in [
        "--read-only",
        "--strict",
        "--only=a",
        "--skip=a",
        "--phase=x",
        "--tag=x",
        "--failed=run.json",
    ] {
        let call = Gonogo::new(&["check", "--plan", "plan.json", flag])
            .gate(gate)
            .file("plan.json", &plan);
        let run = call.run().exits(2);
        assert!(
            run.stderr.contains("cannot be used with"),
            "{flag}: {}",
            run.stderr
        );
        assert!(!run.folder.path().join("touched").exists(), "{flag}");
    }
}
