//! Situations in which some other gate lets a release through, each judged here for what it is.
//!
//! One test, one situation that was seen to turn missing or bad evidence into a pass in an engine that
//! decides on deployments.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use gonogo_testkit::fake::Fake;
use gonogo_tests::{Gonogo, judged, judged_with, refused, refused_with};
use serde_json::json;

/// Makes a gate of these lines.
fn gate(lines: &str) -> String {
    format!("version: 1\ngate: false-go\n{lines}")
}

/// A check that could not be run was logged and left out of the results, and the rest passed.
#[test]
fn g1_a_check_that_cannot_run_stays_in_the_report() {
    let checks = "checks:\n  gone: { command: [/no/such/program] }\n  unread: { migrations: { url: 'sqlite:no-such.db', tool: sqlx, dir: no-such-folder } }\n  fine: { command: ['true'] }\n";
    assert_eq!(
        judged(&gate(checks)),
        [
            "HOLD",
            "gone unknown command/cannot_start",
            "unread unknown migrations/unreadable_dir",
            "fine passed"
        ]
    );
}

/// When no outcome of a list matched there was no result at all, only a line in a log.
#[test]
fn g2_a_fact_that_fits_nothing_fails() {
    let check = "checks:\n  a: { command: [printf, purple], expect: { stdout: { one_of: [green, red] } } }\n";
    assert_eq!(
        judged(&gate(check)),
        ["NO-GO", "a failed engine/expectation"]
    );
}

/// A misspelled kind of check was dropped without a word.
#[test]
fn g3_a_misspelled_kind_is_a_mistake() {
    for kind in ["htpp", "HTTP", "Tcp", "postgresql", "exec"] {
        let checks = format!(
            "checks:\n  a: {{ command: ['true'] }}\n  b: {{ {kind}: 'http://127.0.0.1:1/' }}\n"
        );
        let codes = refused(&gate(&checks));
        assert!(
            codes.contains(&"config/unknown_key".to_owned()) || codes == ["config/no_kind"],
            "{kind}: {codes:?}"
        );
    }
}

/// A specification without checks, or with all of them excluded, was a warning and exit 0.
#[test]
fn g4_nothing_to_check_is_a_mistake() {
    for text in ["", "checks: {}\n", "checks:\n", "phases: [x]\nchecks: {}\n"] {
        let codes = refused(&gate(text));
        assert!(!codes.is_empty(), "{text}");
    }
    assert_eq!(refused(""), ["config/empty_file"]);
    assert_eq!(refused("# nothing\n"), ["config/empty_file"]);
    let one = gate("tags: [x, y]\nchecks:\n  a: { command: ['true'], tags: [x] }\n");
    for arguments in [
        &["check", "--skip", "*"][..],
        &["check", "--tag", "y"],
        &["check", "--only", "b"],
        &["check", "--tag", "z"],
        &["check", "--phase", "z"],
    ] {
        let codes = refused_with(Gonogo::new(arguments).gate(&one));
        assert_eq!(codes.len(), 1, "{arguments:?}");
    }
}

/// A run that was ended before its first measurement was successful.
#[test]
fn g8_an_interrupted_run_is_held() {
    let checks = gate(
        "checks:\n  fine: { command: ['true'] }\n  stops: { command: [sh, -c, 'kill -TERM $PPID; sleep 9'], needs: [fine] }\n  after: { command: ['true'], needs: [stops] }\n",
    );
    let run = Gonogo::new(&["check", "-o", "json"])
        .gate(&checks)
        .run()
        .exits(143);
    assert_eq!(
        run.outcomes(),
        [
            "fine passed",
            "stops skipped needs/interrupted",
            "after skipped needs/interrupted"
        ]
    );
    let report = run.json();
    assert_eq!(
        (&report["verdict"], &report["interrupted"]),
        (&json!("HOLD"), &json!(true))
    );
    assert_eq!(report["reasons"][0]["code"], "gate/interrupted");
}

/// A metric with neither a condition of success nor one of failure was successful.
#[test]
fn g9_a_check_without_any_expectation_is_a_mistake() {
    for check in [
        "{ command: ['true'], expect: {} }",
        "{ command: ['true'], should: {} }",
        "{ title: nothing }",
        "{}",
    ] {
        let codes = refused(&gate(&format!("checks:\n  a: {check}\n")));
        assert!(!codes.is_empty(), "{check}");
    }
    // What should be so only warns, and the built-in expectations stay in force.
    let wishes = "checks:\n  a: { command: ['false'], should: { duration: over 1h } }\n";
    assert_eq!(
        judged(&gate(wishes)),
        ["NO-GO", "a failed engine/expectation"]
    );
}

/// Errors did not count as failures, so that some of both stayed below both limits.
#[test]
fn g10_failed_and_unknown_never_add_up_to_a_pass() {
    let failed = "f: { command: ['false'] }";
    let unknown = "u: { command: [/no/such/program] }";
    let passed = "p: { command: ['true'] }";
    for (checks, verdict) in [
        (vec![passed, unknown], "HOLD"),
        (vec![passed, failed], "NO-GO"),
        (vec![passed, failed, unknown], "NO-GO"),
        (vec![failed, unknown], "NO-GO"),
    ] {
        let text = format!("checks:\n  {}\n", checks.join("\n  "));
        assert_eq!(judged(&gate(&text))[0], verdict, "{text}");
        let members = text.replace(" }", ", group: g }");
        let quorum = checks.len();
        let all = format!("{members}groups: {{ g: {{ at_least: {quorum} }} }}\n");
        assert_eq!(judged(&gate(&all))[0], verdict, "{all}");
    }
}

/// An outcome that a later version had added counted as a success.
#[test]
fn g11_an_unknown_word_in_a_report_is_refused() {
    let report = Gonogo::new(&["check", "-o", "json"])
        .gate(&gate("checks: { a: { command: ['true'] } }\n"))
        .run()
        .exits(0)
        .stdout;
    for (from, to) in [
        ("\"outcome\": \"passed\"", "\"outcome\": \"fine\""),
        ("\"verdict\": \"GO\"", "\"verdict\": \"go\""),
        ("gonogo.run/1", "gonogo.run/9"),
    ] {
        let run = Gonogo::new(&["run", "show", "r.json"])
            .file("r.json", &report.replace(from, to))
            .run()
            .exits(2);
        assert!(
            run.stderr.starts_with("error[config/not_a_report]"),
            "{}",
            run.stderr
        );
    }
}

/// Without a file of objectives the evaluation passed, since there was none.
#[test]
fn g12_a_gate_that_is_not_there_is_a_mistake() {
    assert_eq!(
        refused_with(Gonogo::new(&["check"])),
        ["config/unreadable_file"]
    );
    assert_eq!(
        refused_with(Gonogo::new(&["check", "other.yaml"])),
        ["config/unreadable_file"]
    );
    assert_eq!(
        refused_with(Gonogo::new(&["check", "-"]).input("")),
        ["config/empty_file"]
    );
}

/// Where every objective was for information only, the score was the full one.
#[test]
fn g13_a_gate_in_which_nothing_blocks_is_a_mistake() {
    for checks in [
        "checks: { a: { command: ['true'], severity: info } }\n",
        "checks: { a: { command: ['true'], severity: warning } }\n",
        "checks: { a: { command: ['true'], group: g } }\ngroups: { g: { severity: warning } }\n",
    ] {
        assert_eq!(refused(&gate(checks)), ["config/no_blocker"], "{checks}");
    }
    // Nor does what is left of a gate after a phase was chosen.
    let phases = gate(
        "phases: [before, after]\nchecks:\n  a: { command: ['true'], phases: [before] }\n  b: { command: ['true'], severity: info }\n",
    );
    assert_eq!(
        refused_with(Gonogo::new(&["check", "--phase", "after"]).gate(&phases)),
        ["config/no_blocker"]
    );
}

/// A group of metrics without any data had the full score.
#[test]
fn g15_a_group_of_which_nothing_is_known_is_undecided() {
    let checks = "checks:\n  a: { command: [/no/such/program], group: g }\n  b: { command: [/no/such/program], group: g }\n  c: { command: ['true'] }\ngroups: { g: { at_least: 1 } }\n";
    assert_eq!(
        judged(&gate(checks)),
        [
            "HOLD",
            "a unknown command/cannot_start",
            "b unknown command/cannot_start",
            "c passed"
        ]
    );
    for quorum in ["0", "0%", "3", "101%", "none"] {
        let codes = refused(&gate(
            &checks.replace("at_least: 1", &format!("at_least: {quorum}")),
        ));
        assert_eq!(codes.len(), 1, "{quorum}: {codes:?}");
    }
}

/// A list that could not be read was an empty list, and nothing in it was wrong.
#[test]
fn g16_what_cannot_be_listed_is_not_empty() {
    let refusing = Fake::refuse().unwrap();
    let checks = format!(
        "checks:\n  a: {{ migrations: {{ url: 'postgres://u@{}/d?sslmode=disable', tool: sqlx, dir: . }} }}\n",
        refusing.address()
    );
    let told = judged(&gate(&checks)).join(", ");
    assert!(told.starts_with("HOLD, a unknown "), "{told}");
}

/// What was skipped counted as a success and was not shown; what came after an abort was not there.
#[test]
fn g17_what_is_skipped_is_there_and_holds() {
    let checks = "checks:\n  a: { command: ['false'], severity: info }\n  b: { command: ['true'], needs: [a] }\n  c: { command: ['true'], needs: [b] }\n  d: { command: ['true'] }\n";
    let run = Gonogo::new(&["check", "-o", "json"])
        .gate(&gate(checks))
        .run()
        .exits(3);
    assert_eq!(
        run.outcomes(),
        [
            "a failed engine/expectation",
            "b skipped needs/not_passed",
            "c skipped needs/not_passed",
            "d passed"
        ]
    );
    let report = run.json();
    assert_eq!(report["checks"][1]["blame"], "a");
    assert_eq!(report["checks"][2]["blame"], "a");
    for word in ["a ", "b, c"] {
        assert!(run.stderr.contains(word), "{}", run.stderr);
    }
}

/// A misspelled namespace selected no rules, and none failed.
#[test]
fn g18_a_misspelled_selection_is_a_mistake() {
    let checks = gate(
        "tags: [data]\nphases: [canary]\nchecks:\n  a: { command: ['false'], tags: [data], phases: [canary] }\n",
    );
    for (option, word, code) in [
        ("--tag", "dat", "config/selected_tag"),
        ("--phase", "canari", "config/selected_phase"),
        ("--only", "b*", "config/glob_matches_nothing"),
        ("--skip", "b*", "config/glob_matches_nothing"),
        ("--failed", "no.json", "config/unreadable_file"),
        ("--var", "x=1", "config/unknown_variable"),
        ("--var-file", "no.yaml", "config/unreadable_file"),
        ("--plan", "no.json", "config/unreadable_file"),
    ] {
        let mut arguments = vec!["check", option, word];
        if option != "--phase" {
            arguments.extend(["--phase", "canary"]);
        }
        if option == "--plan" {
            arguments.truncate(3);
        }
        let codes = refused_with(Gonogo::new(&arguments).gate(&checks));
        assert_eq!(codes, [code], "{arguments:?}");
    }
}

/// A job that a condition skipped counted as a success of the job that was required.
#[test]
fn g21_a_required_check_that_was_left_out_holds() {
    let checks = gate("checks:\n  reads: { tcp: '@' }\n  runs: { command: ['true'] }\n");
    let open = Fake::echo().unwrap();
    let checks = checks.replace('@', &open.address().to_string());
    for (arguments, code) in [
        (
            &["check", "-o", "json", "--read-only"][..],
            "needs/read_only",
        ),
        (&["check", "-o", "json", "--skip", "runs"], "needs/left_out"),
        (
            &["check", "-o", "json", "--only", "reads"],
            "needs/left_out",
        ),
    ] {
        let told = judged_with(Gonogo::new(arguments).gate(&checks));
        assert_eq!(
            told,
            [
                "HOLD".to_owned(),
                "reads passed".to_owned(),
                format!("runs skipped {code}")
            ]
        );
    }
}

/// One switch made skipped and failed controls exit 0.
#[test]
fn g22_no_switch_changes_what_an_exit_code_means() {
    let held = gate("checks:\n  a: { command: [/no/such/program] }\n");
    let failing = gate("checks:\n  a: { command: ['false'] }\n");
    for arguments in [
        &["check"][..],
        &["check", "-q"],
        &["check", "--strict"],
        &["check", "--fail-fast"],
        &["check", "-o", "json"],
        &["check", "--jobs", "1"],
        &["check", "--wait", "50ms"],
    ] {
        Gonogo::new(arguments).gate(&held).run().exits(3);
        Gonogo::new(arguments).gate(&failing).run().exits(1);
    }
}

/// An exception with an empty name exempted everything.
#[test]
fn g18_a_waiver_names_what_it_is_for() {
    for (check, code) in [
        ("check: ''", "config/empty_value"),
        ("check: null", "config/empty_value"),
        ("check: []", "config/wrong_type"),
        ("code: engine/expectation", "config/missing_key"),
    ] {
        let checks = format!(
            "checks:\n  a: {{ command: ['false'] }}\nwaivers: [{{ {check}, reason: x, owner: y, until: 2099-01-01 }}]\n"
        );
        assert_eq!(refused(&gate(&checks)), [code], "{check}");
    }
}

/// A waiver that had run out still waived.
#[test]
fn g23_a_waiver_that_is_over_waives_nothing() {
    let of = |until: &str| {
        judged(&gate(&format!(
            "checks:\n  a: {{ command: ['false'] }}\n  b: {{ command: ['true'] }}\nwaivers: [{{ check: a, reason: x, owner: y, until: {until} }}]\n"
        )))
    };
    assert_eq!(
        of("2020-01-01"),
        ["NO-GO", "a failed engine/expectation", "b passed"]
    );
    assert_eq!(
        of("2099-01-01"),
        ["GO", "a waived engine/expectation", "b passed"]
    );
}

/// The sample that everybody copies warned where the code would have denied.
#[test]
fn g25_a_check_blocks_unless_the_gate_says_otherwise() {
    assert_eq!(
        judged(&gate("checks: { a: { command: ['false'] } }\n"))[0],
        "NO-GO"
    );
}

/// A line break in a message made commands of what follows, for whoever reads the log of the job.
#[test]
fn g26_what_a_target_says_begins_no_line() {
    let evil = "\\r\\n::error::x\\n::set-output name=a::b\\n##[group]\\n\\033[2J\\342\\200\\256";
    let checks = gate(&format!(
        "checks:\n  a: {{ command: [printf, '{evil}'], expect: {{ stdout: ok }} }}\n  b: {{ command: [sh, -c, 'printf ''{evil}'' >&2; exit 1'] }}\n"
    ));
    for arguments in [
        &["check"][..],
        &["check", "-v"],
        &["check", "-o", "json"],
        &["check", "-v", "--log-level", "trace"],
    ] {
        let run = Gonogo::new(arguments).gate(&checks).run().exits(1);
        for line in run.stdout.lines().chain(run.stderr.lines()) {
            let line = line.trim_start();
            assert!(
                !line.starts_with("::") && !line.starts_with("##["),
                "{arguments:?}: {line}"
            );
            assert!(
                !line.contains(|c: char| c.is_control() || c == '\u{202e}'),
                "{arguments:?}: {line:?}"
            );
        }
    }
}
