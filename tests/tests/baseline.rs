//! `--baseline`: what changed since an earlier run, and never another verdict.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use gonogo_testkit::fake::Fake;
use gonogo_tests::{Finished, Gonogo};

const GATE: &str = "version: 1\ngate: shop\nvars: { a: '0', b: '1' }\nchecks:\n  a: { command: [sh, -c, 'exit ${a}'] }\n  b: { command: [sh, -c, 'exit ${b}'] }\n  c: { command: ['true'] }\n";

/// Returns the report of a run with the given exit codes of `a` and `b`.
fn report(a: &str, b: &str) -> String {
    let vars = [format!("a={a}"), format!("b={b}")];
    let arguments = ["check", "-o", "json", "--var", &vars[0], "--var", &vars[1]];
    Gonogo::new(&arguments).gate(GATE).run().stdout
}

/// Returns the rows about the run before, without what differs each time.
fn since(run: &Finished) -> String {
    let rows = run.stdout.split_once("\nsince ").unwrap().1;
    let (_, told) = rows
        .split_once(") ")
        .or_else(|| rows.split_once("):"))
        .unwrap_or(("", rows));
    let told = told.split_once("\n\n").unwrap().0;
    told.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_schedule_compares_each_run_with_the_one_before_it() {
    let call = |a: &str, b: &str, last: Option<&str>| {
        let vars = [format!("a={a}"), format!("b={b}")];
        let run = Gonogo::new(&[
            "check",
            "--var",
            &vars[0],
            "--var",
            &vars[1],
            "--baseline",
            "last.json",
            "-o",
            "json=last.json",
        ])
        .gate(GATE);
        let run = match last {
            Some(last) => run.file("last.json", last),
            None => run,
        };
        run.run()
    };
    let first = call("0", "1", None);
    assert_eq!(first.code, Some(1));
    assert!(
        first
            .stderr
            .contains("note: the baseline `last.json` is not there yet: everything is new\n"),
        "{}",
        first.stderr
    );
    assert!(
        first
            .stdout
            .contains("\nsince     there is no earlier one, and everything is new\n"),
        "{}",
        first.stdout
    );
    let last = first.folder.read("last.json");
    let second = call("2", "0", Some(&last));
    assert_eq!(second.code, Some(1));
    assert_eq!(since(&second), "1 worse, 1 fixed worse a fixed b");
    let last = second.folder.read("last.json");
    let third = call("0", "0", Some(&last));
    assert_eq!(
        third.code,
        Some(0),
        "what was wrong before does not count now"
    );
    assert_eq!(since(&third), "1 fixed fixed a");
    let last = third.folder.read("last.json");
    assert_eq!(since(&call("0", "0", Some(&last))), "nothing changed");
}

#[test]
fn a_saved_run_is_shown_beside_another() {
    let run = |format: &str| {
        Gonogo::new(&[
            "run",
            "show",
            "b.json",
            "--baseline",
            "a.json",
            "-o",
            format,
        ])
        .file("a.json", &report("0", "1"))
        .file("b.json", &report("2", "0"))
        .run()
    };
    let human = run("human");
    assert_eq!(human.code, Some(0));
    assert_eq!(since(&human), "1 worse, 1 fixed worse a fixed b");
    let markdown = run("markdown").stdout;
    assert!(
        markdown.contains(" (NO-GO)`: 1 worse, 1 fixed.\n\n- worse: `a`\n- fixed: `b`\n"),
        "{markdown}"
    );
    let sarif: serde_json::Value = serde_json::from_str(&run("sarif").stdout).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let states: Vec<&str> = results
        .iter()
        .map(|result| result["baselineState"].as_str().unwrap())
        .collect();
    assert!(
        states.contains(&"new") && states.contains(&"absent"),
        "{states:?}"
    );
    assert!(run("html").stdout.contains("<select id=\"change\">"));
}

#[test]
fn the_summary_of_a_ci_has_what_changed() {
    let run = Gonogo::new(&["check", "--baseline", "last.json"])
        .gate(GATE)
        .file("last.json", &report("0", "0"))
        .file("summary.md", "")
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_STEP_SUMMARY", "summary.md")
        .run();
    assert_eq!(run.code, Some(1));
    let summary = run.folder.read("summary.md");
    assert!(
        summary.contains(" (GO)`: 1 worse.\n\n- worse: `b`\n"),
        "{summary}"
    );
}

#[test]
fn a_baseline_that_proves_nothing_is_refused_before_any_traffic() {
    let whole = report("0", "0");
    let foreign = whole.replace("\"gate\": \"shop\"", "\"gate\": \"other\"");
    let schema = whole.replace("gonogo.run/1", "gonogo.run/9");
    let forged = report("2", "0").replace("\"verdict\": \"NO-GO\"", "\"verdict\": \"GO\"");
    let half = &whole[..whole.len() / 2];
    let deep = "[".repeat(100_000);
    let target = Fake::hang().unwrap();
    let gate = format!(
        "version: 1\ngate: shop\nchecks:\n  a: {{ tcp: '127.0.0.1:{}' }}\n",
        target.address().port()
    );
    for (name, baseline, code) in [
        ("other gate", foreign.as_str(), "config/other_gate"),
        ("other schema", &schema, "config/not_a_report"),
        ("edited", &forged, "config/not_a_report"),
        ("half", half, "config/not_a_report"),
        ("empty", "", "config/not_a_report"),
        ("deep", &deep, "config/not_a_report"),
        ("no JSON", "GO", "config/not_a_report"),
    ] {
        for command in [
            vec!["check", "--baseline", "last.json", "-o", "json=now.json"],
            vec!["run", "show", "now.json", "--baseline", "last.json"],
        ] {
            let mut run = Gonogo::new(&command)
                .gate(&gate)
                .file("last.json", baseline);
            if command[0] == "run" {
                run = run.file("now.json", &whole);
            }
            let run = run.run();
            assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{name}");
            assert!(
                run.stderr.starts_with(&format!("error[{code}]: last.json")),
                "{name}: {}",
                run.stderr
            );
            assert!(
                run.stderr.contains("\n  = help: "),
                "{name}: {}",
                run.stderr
            );
        }
    }
    assert_eq!(target.connections(), 0);
    let folder = Gonogo::new(&["check", "--baseline", "."]).gate(GATE).run();
    assert_eq!(folder.code, Some(2));
    assert!(
        folder.stderr.starts_with("error[config/unreadable_file]: "),
        "{}",
        folder.stderr
    );
}
