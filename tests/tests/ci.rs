//! A run in the job of each CI: what its log says, which files are written, and what later steps learn.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::fs;
use std::path::Path;

use gonogo_tests::{Finished, Gonogo};
use regex_automata::meta::Regex;

const GATE: &str = "version: 1
gate: shop
checks:
  first: { command: ['true'], title: The first }
  deciding: { command: ['false'], owner: ops }
";

/// What people read, in every CI.
const HUMAN: &str = "\
failed    deciding
          exit_code  is 1, expected 0  (built in)
          owner    ops
          at       command false, probes.yaml:5

passed    first

NO-GO  shop  1 failed, 1 passed in TIME
";

const PASSED: &str = "passed  first  TIME  exit_code is 0, expected 0\n";

/// Puts words in the place of what is otherwise in every run.
fn steady(text: &str, folder: &Path) -> String {
    let mut text = text.replace(folder.to_str().unwrap(), "FOLDER");
    for (pattern, word) in [
        (r"\b\d{8}T\d{6}Z-[0-9a-f]{12}\b", "RUN"),
        (r"[0-9a-f]{32}", "WORD"),
        (r"<?\b\d+(\.\d+)?m?s\b", "TIME"),
        (r"duration='\d+'", "duration='TIME'"),
        (r"section_start:\d+", "section_start:NOW"),
        (r"section_end:\d+", "section_end:NOW"),
    ] {
        let mut steady = String::new();
        let mut done = 0;
        for found in Regex::new(pattern).unwrap().find_iter(&text) {
            steady.push_str(&text[done..found.start()]);
            steady.push_str(word);
            done = found.end();
        }
        steady.push_str(&text[done..]);
        text = steady;
    }
    text
}

/// Runs the gate in a job, and returns the run with its steady standard output.
fn job(arguments: &[&str], variables: &[(&str, &str)]) -> (Finished, String) {
    let mut call = Gonogo::new(arguments).gate(GATE).env("CI", "true");
    for (name, value) in variables {
        call = call.env(name, value);
    }
    let run = call.run();
    let shown = steady(&run.stdout, run.folder.path());
    (run, shown)
}

#[test]
fn github_gets_annotations_a_summary_and_outputs() {
    let call = Gonogo::new(&["check", "-o", "json=report.json"])
        .gate(GATE)
        .file("summary.md", "before\n")
        .file("outputs", "before=1\n")
        .env("GITHUB_ACTIONS", "true");
    let at = |name: &str| call.folder().join(name).display().to_string();
    let (root, summary, outputs) = (
        call.folder().parent().unwrap().display().to_string(),
        at("summary.md"),
        at("outputs"),
    );
    let folder = call
        .folder()
        .file_name()
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned();
    let run = call
        .env("GITHUB_WORKSPACE", &root)
        .env("GITHUB_STEP_SUMMARY", &summary)
        .env("GITHUB_OUTPUT", &outputs)
        .env("GITHUB_SERVER_URL", "https://github.com")
        .env("GITHUB_REPOSITORY", "acme/shop")
        .env("GITHUB_RUN_ID", "17")
        .env("GITHUB_SHA", "8c709bd")
        .run()
        .exits(1);
    let place = run.folder.path();
    assert_eq!(
        steady(&run.stdout, place),
        format!(
            "{HUMAN}::group::1 check passed\n::stop-commands::WORD\n{PASSED}::WORD::\n::endgroup::\n\
             ::error file={folder}/probes.yaml,line=5,title=failed%3A deciding::exit_code is 1, expected 0%0Aowner: ops%0Aat: command false\n"
        )
    );
    let summary = run.folder.read("summary.md");
    assert!(summary.starts_with("before\n"), "{summary}");
    assert!(
        summary.contains("NO-GO") && summary.contains("deciding"),
        "{summary}"
    );
    assert_eq!(
        steady(&run.folder.read("outputs"), place),
        "before=1\n\
         verdict<<gonogo_WORD\nNO-GO\ngonogo_WORD\n\
         exit_code<<gonogo_WORD\n1\ngonogo_WORD\n\
         run_id<<gonogo_WORD\nRUN\ngonogo_WORD\n\
         report<<gonogo_WORD\nFOLDER/report.json\ngonogo_WORD\n"
    );
    let report: serde_json::Value = serde_json::from_str(&run.folder.read("report.json")).unwrap();
    assert_eq!(
        report["ci"]["job"],
        "https://github.com/acme/shop/actions/runs/17"
    );
    assert_eq!(report["ci"]["commit"], "8c709bd");
}

#[test]
fn gitlab_gets_a_folded_section() {
    let (run, shown) = job(
        &["check", "-o", "json=report.json"],
        &[("GITLAB_CI", "true")],
    );
    let run = run.exits(1);
    assert_eq!(
        shown,
        format!(
            "{HUMAN}\u{1b}[0Ksection_start:NOW:gonogo_passed[collapsed=true]\r\u{1b}[0K1 check passed\n{PASSED}\u{1b}[0Ksection_end:NOW:gonogo_passed\r\u{1b}[0K\n\
             report    FOLDER/report.json; GitLab keeps it if the job says `artifacts: {{ when: always, paths: [...] }}`\n"
        )
    );
    assert!(!run.stderr.contains('\u{1b}'), "{}", run.stderr);
}

#[test]
fn azure_gets_issues_a_summary_and_variables() {
    let call = Gonogo::new(&["check"]).gate(GATE).env("TF_BUILD", "True");
    let folder = call.folder().display().to_string();
    let run = call
        .env("AGENT_TEMPDIRECTORY", &folder)
        .env("BUILD_SOURCESDIRECTORY", &folder)
        .run()
        .exits(1);
    assert_eq!(
        steady(&run.stdout, run.folder.path()),
        format!(
            "{HUMAN}##[group]1 check passed\n{PASSED}##[endgroup]\n\
             ##vso[task.logissue type=error;sourcepath=probes.yaml;linenumber=5;code=engine/expectation]failed: deciding%0Aexit_code is 1, expected 0%0Aowner: ops%0Aat: command false\n\
             ##vso[task.uploadsummary]FOLDER/gonogo-RUN.md\n\
             ##vso[task.setvariable variable=verdict;isOutput=true]NO-GO\n\
             ##vso[task.setvariable variable=exit_code;isOutput=true]1\n\
             ##vso[task.setvariable variable=run_id;isOutput=true]RUN\n"
        )
    );
    let summaries: Vec<_> = fs::read_dir(run.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "md"))
        .collect();
    assert_eq!(summaries.len(), 1, "{summaries:?}");
    assert!(fs::read_to_string(&summaries[0]).unwrap().contains("NO-GO"));
}

#[test]
fn teamcity_gets_tests_and_a_build_problem() {
    let (run, shown) = job(&["check"], &[("TEAMCITY_VERSION", "2026.1")]);
    drop(run.exits(1));
    assert_eq!(
        shown,
        format!(
            "{HUMAN}##teamcity[testSuiteStarted name='gonogo: shop']\n\
             ##teamcity[testStarted name='first']\n\
             ##teamcity[testFinished name='first' duration='TIME']\n\
             ##teamcity[testStarted name='deciding']\n\
             ##teamcity[testFailed name='deciding' message='failed: exit_code is 1, expected 0' details='exit_code is 1, expected 0|nowner: ops|nat: command false']\n\
             ##teamcity[testFinished name='deciding' duration='TIME']\n\
             ##teamcity[testSuiteFinished name='gonogo: shop']\n\
             ##teamcity[buildProblem description='NO-GO  shop  1 failed, 1 passed in TIME|ndeciding: engine/expectation: exit_code is 1, expected 0' identity='gonogo_shop']\n\
             ##teamcity[buildStatus text='NO-GO  shop  1 failed, 1 passed in TIME; {{build.status.text}}']\n"
        )
    );
}

#[test]
fn buildkite_gets_groups() {
    let (run, shown) = job(&["check"], &[("BUILDKITE", "true")]);
    drop(run.exits(1));
    assert_eq!(
        shown,
        format!("+++ :x: NO-GO  shop\n{HUMAN}--- 1 check passed\n{PASSED}")
    );
}

#[test]
fn jenkins_and_circleci_get_what_people_read() {
    for variables in [
        [
            ("JENKINS_URL", "https://ci.example.com/"),
            ("GIT_COMMIT", "8c709bd"),
        ],
        [("CIRCLECI", "true"), ("CIRCLE_SHA1", "8c709bd")],
    ] {
        let (run, shown) = job(&["check", "-o", "json=report.json"], &variables);
        let run = run.exits(1);
        assert_eq!(shown, HUMAN);
        let report: serde_json::Value =
            serde_json::from_str(&run.folder.read("report.json")).unwrap();
        assert_eq!(report["ci"]["commit"], "8c709bd");
    }
}

#[test]
fn no_ci_and_other_commands_tell_a_ci_nothing() {
    let here = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_STEP_SUMMARY", "summary.md"),
        ("GITHUB_OUTPUT", "outputs"),
    ];
    let (run, shown) = job(&["check", "--no-ci"], &here);
    let run = run.exits(1);
    assert_eq!(shown, HUMAN);
    let probe = ["probe", "command", "['true']", "--no-ci"];
    let (probed, _) = job(&probe, &here);
    let probed = probed.exits(0);
    for run in [&run, &probed] {
        assert!(!run.stdout.contains("::"), "{}", run.stdout);
        assert!(!run.folder.path().join("summary.md").exists());
        assert!(!run.folder.path().join("outputs").exists());
    }
    let (linted, _) = job(&["lint"], &here);
    assert_eq!(linted.exits(0).stdout, "");
}

/// Three mistakes: one at a line, one in an included file, one of the gate as a whole.
const WRONG: &str = "version: 1
gate: shop
include: [more.yaml]
checks:
  first: { command: ['true'], expects: { exit_code: 0 } }
";

/// Runs a gate that cannot start, in a folder of the repository; returns what the job's log says beside what people read.
fn refused(gate: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Vec<String> {
    let mut all = vec!["check", "deploy/probes.yaml"];
    all.extend(arguments);
    let mut call = Gonogo::new(&all).file("deploy/probes.yaml", gate).file(
        "deploy/more.yaml",
        "version: 1\nchecks:\n  more: { tcp: 'a:b' }\n",
    );
    for (name, value) in variables {
        call = call.env(name, value);
    }
    let run = call.run().exits(2);
    assert_eq!(run.stdout, "");
    let said = run.stderr.split("error[").next().unwrap();
    assert_ne!(said.len(), run.stderr.len(), "people are told as well");
    said.lines().map(str::to_owned).collect()
}

#[test]
fn a_gate_that_cannot_start_is_told_at_the_lines_of_its_files() {
    let key = "a check has no key `expects`";
    let port = "address: `a:b` is not host:port: a port is 1 to 65535";
    let example = "For example `address: db.example.com:5432`.";
    assert_eq!(
        refused(WRONG, &[], &[("GITHUB_ACTIONS", "true")]),
        [
            format!(
                "::error file=deploy/probes.yaml,line=5,title=cannot start%3A config/unknown_key::{key}%0ADid you mean `expect`?"
            ),
            format!(
                "::error file=deploy/more.yaml,line=3,title=cannot start%3A config/wrong_type::{port}%0A{example}"
            ),
        ]
    );
    assert_eq!(
        refused(WRONG, &[], &[("TF_BUILD", "True")]),
        [
            format!(
                "##vso[task.logissue type=error;sourcepath=deploy/probes.yaml;linenumber=5;code=config/unknown_key]cannot start: config/unknown_key%0A{key}%0ADid you mean `expect`?"
            ),
            format!(
                "##vso[task.logissue type=error;sourcepath=deploy/more.yaml;linenumber=3;code=config/wrong_type]cannot start: config/wrong_type%0A{port}%0A{example}"
            ),
        ]
    );
    let key = format!(
        "deploy/probes.yaml:5: cannot start: config/unknown_key|n{key}|nDid you mean `expect`?"
    );
    let port = format!("deploy/more.yaml:3: cannot start: config/wrong_type|n{port}|n{example}");
    assert_eq!(
        refused(WRONG, &[], &[("TEAMCITY_VERSION", "2026.1")]),
        [
            format!("##teamcity[message text='{key}' status='ERROR']"),
            format!("##teamcity[buildProblem description='{key}']"),
            format!("##teamcity[message text='{port}' status='ERROR']"),
            format!("##teamcity[buildProblem description='{port}']"),
        ]
    );
    for silent in [
        ("GITLAB_CI", "true"),
        ("BUILDKITE", "true"),
        ("CIRCLECI", "true"),
        ("JENKINS_URL", "https://ci.example.com"),
    ] {
        assert_eq!(refused(WRONG, &[], &[silent]), [""; 0]);
    }
    for quiet in ["-q", "--no-ci"] {
        let told = refused(WRONG, &[quiet], &[("GITHUB_ACTIONS", "true")]);
        assert_eq!(told, [""; 0]);
    }
}

#[test]
fn of_many_mistakes_the_last_that_is_told_says_how_many_there_are_more() {
    let wrong = |number| format!("  c{number}: {{ command: ['true'], nokey: 1 }}\n");
    let checks: String = (0..13).map(wrong).collect();
    let gate = format!("version: 1\ngate: shop\nchecks:\n{checks}");
    for (ci, own) in [
        ("GITHUB_ACTIONS", "::error "),
        ("TF_BUILD", "##vso[task.logissue "),
    ] {
        let told = refused(&gate, &[], &[(ci, "true")]);
        assert_eq!(told.iter().filter(|line| line.starts_with(own)).count(), 10);
        let last = "%0Aand 3 more like this, in the log and the report";
        assert!(told[9].ends_with(last), "{}", told[9]);
    }
    let told = refused(&gate, &[], &[("TEAMCITY_VERSION", "1")]);
    assert_eq!(told.len(), 21);
    assert_eq!(
        told[20],
        "##teamcity[message text='and 3 more like this, in the log' status='WARNING']"
    );
}

#[test]
fn a_request_that_cannot_be_met_is_told_without_a_line() {
    let here = [("GITHUB_ACTIONS", "true")];
    let gate = "version: 1\ngate: shop\nchecks:\n  first: { command: ['true'] }\n";
    assert_eq!(
        refused(gate, &["--only", "nothing"], &here),
        [
            "::error title=cannot start%3A config/glob_matches_nothing::--only \"nothing\" matches no planned check%0Agonogo check --list shows the ids that are planned."
        ]
    );
    let (run, _) = job(&["check", "nosuch.yaml"], &here);
    let told = "::error title=cannot start%3A config/unreadable_file::cannot read the gate file `nosuch.yaml`: ";
    assert!(run.exits(2).stderr.starts_with(told));
}

#[test]
fn no_text_of_a_gate_that_cannot_start_is_an_order_or_a_secret() {
    let gate = "version: 1
gate: shop
secrets: { token: { env: TOKEN } }
checks:
  \"a\\n::add-mask::x\": { command: ['true'] }
  b: { command: ['true'], \"x\\r\\n##vso[task.complete result=Succeeded]\": 1 }
  c: { command: ['true'], \"y']\\n##teamcity[buildStatus status='SUCCESS']\": 1 }
  d: { command: ['true'], \"correct-horse,line=1::z\": 1 }
";
    for (ci, own) in [
        ("GITHUB_ACTIONS", "::error "),
        ("TF_BUILD", "##vso[task.logissue "),
        ("TEAMCITY_VERSION", "##teamcity["),
    ] {
        let told = refused(gate, &[], &[(ci, "true"), ("TOKEN", "correct-horse")]);
        assert!(told.len() >= 4, "{told:?}");
        for line in told {
            let rest = line.strip_prefix(own).unwrap_or_else(|| panic!("{line}"));
            assert!(!rest.contains("##"), "{line}");
            assert!(!rest.contains("correct-horse"), "{line}");
            if ci == "GITHUB_ACTIONS" {
                let properties = rest.split("::").next().unwrap();
                assert_eq!(properties.matches("line=").count(), 1, "{line}");
            }
        }
    }
}

#[test]
fn probe_tells_the_ci_too() {
    let (run, shown) = job(
        &["probe", "command", "['false']"],
        &[("GITHUB_ACTIONS", "true"), ("GITHUB_OUTPUT", "outputs")],
    );
    let run = run.exits(1);
    let last = shown.lines().last().unwrap();
    assert!(
        last.starts_with("::error title=failed%3A command::"),
        "{shown}"
    );
    assert!(run.folder.read("outputs").contains("\nNO-GO\n"));
}

#[test]
fn a_format_on_standard_output_stays_what_it_is() {
    for variables in [
        [("GITHUB_ACTIONS", "true")],
        [("TF_BUILD", "true")],
        [("GITLAB_CI", "true")],
        [("BUILDKITE", "true")],
        [("TEAMCITY_VERSION", "1")],
    ] {
        let (run, _) = job(&["check", "-o", "json"], &variables);
        let run = run.exits(1);
        assert_eq!(run.json()["verdict"], "NO-GO");
        assert!(run.stderr.contains("1 check passed") || run.stderr.contains("##teamcity["));
    }
    // What was asked for in so many words is not told twice.
    let (run, shown) = job(&["check", "-o", "github"], &[("GITHUB_ACTIONS", "true")]);
    let run = run.exits(1);
    assert_eq!(shown.matches("::error ").count(), 1);
    assert!(!run.stderr.contains("::"), "{}", run.stderr);
}

#[test]
fn quiet_is_a_line_and_the_files() {
    let (run, shown) = job(
        &["check", "-q"],
        &[
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_STEP_SUMMARY", "summary.md"),
            ("GITHUB_OUTPUT", "outputs"),
        ],
    );
    let run = run.exits(1);
    assert_eq!(shown, "NO-GO  shop  1 failed, 1 passed in TIME\n");
    assert!(run.folder.read("summary.md").contains("NO-GO"));
    assert!(run.folder.read("outputs").contains("\nNO-GO\n"));
}

#[test]
fn a_file_of_the_ci_that_cannot_be_written_is_a_lost_output() {
    for (verdict, code) in [("true", 4), ("false", 1), ("/no/such/program", 4)] {
        let gate = format!("version: 1\ngate: shop\nchecks:\n  a: {{ command: [{verdict:?}] }}\n");
        for variable in ["GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"] {
            for path in ["/dev/full", "no/such/folder/file", "."] {
                let run = Gonogo::new(&["check", "-o", "json=report.json"])
                    .gate(&gate)
                    .env("GITHUB_ACTIONS", "true")
                    .env(variable, path)
                    .run()
                    .exits(code);
                assert!(
                    run.stderr.contains("error[output/"),
                    "{path}: {}",
                    run.stderr
                );
                assert!(run.folder.read("report.json").ends_with("}\n"));
            }
        }
    }
}

#[test]
fn the_exit_code_that_later_steps_learn_is_the_one_of_the_process() {
    for (program, exit) in [("true", 0), ("false", 1), ("/no/such/program", 3)] {
        for (extra, code) in [
            (None, exit),
            (Some("json=/dev/full"), if exit == 1 { 1 } else { 4 }),
        ] {
            let mut arguments = vec!["check"];
            arguments.extend(extra.iter().flat_map(|path| ["-o", path]));
            let run = Gonogo::new(&arguments)
                .gate(&format!(
                    "version: 1\ngate: shop\nchecks:\n  a: {{ command: [{program:?}] }}\n"
                ))
                .env("GITHUB_ACTIONS", "true")
                .env("GITHUB_OUTPUT", "outputs")
                .run()
                .exits(code);
            let outputs = run.folder.read("outputs");
            let lines: Vec<&str> = outputs.lines().collect();
            let at = lines
                .iter()
                .position(|line| line.starts_with("exit_code<<"))
                .unwrap();
            assert_eq!(lines[at + 1], code.to_string());
        }
    }
}

#[test]
fn a_target_gives_no_orders_to_a_ci() {
    let orders = "::set-output name=verdict::GO\\n##vso[task.setvariable variable=verdict]GO\\n##teamcity[buildStatus status=\\\"SUCCESS\\\"]\\n+++ GO\\nverdict=GO\\n";
    let gate = format!(
        "version: 1\ngate: shop\nchecks:\n  a:\n    title: '::add-path::/tmp ##[set-env name=x]y'\n    command: [sh, -c, 'printf \"{orders}\"; printf \"{orders}\" >&2; exit 1']\n    expect: {{ stdout: ok, stderr: ok }}\n"
    );
    for (name, own) in [
        (
            "GITHUB_ACTIONS",
            &[
                "::group::",
                "::endgroup::",
                "::error ",
                "::stop-commands::",
                "::WORD::",
            ][..],
        ),
        (
            "TF_BUILD",
            &[
                "##vso[task.logissue ",
                "##vso[task.setvariable variable=verdict;isOutput=true]NO-GO",
                "##vso[task.setvariable variable=exit_code;",
                "##vso[task.setvariable variable=run_id;",
            ],
        ),
        ("TEAMCITY_VERSION", &["##teamcity["]),
        ("GITLAB_CI", &[]),
        ("BUILDKITE", &["+++ :x: NO-GO"]),
    ] {
        let run = Gonogo::new(&["check", "-v"])
            .gate(&gate)
            .env(name, "true")
            .env("GITHUB_OUTPUT", "outputs")
            .run()
            .exits(1);
        let shown = format!("{}{}", run.stdout, run.stderr);
        for line in steady(&shown, run.folder.path())
            .lines()
            .map(str::trim_start)
        {
            let ours = own.iter().find(|order| line.starts_with(*order));
            let rest = &line[ours.map_or(0, |order| order.len())..];
            assert!(
                !rest.contains("##vso[") && !rest.contains("##[") && !rest.contains("##teamcity["),
                "{line}"
            );
            let begins = line.starts_with("::set") || line.starts_with("::add");
            assert!(ours.is_some() || !begins, "{line}");
        }
        let groups = shown.lines().filter(|line| line.starts_with("+++ "));
        assert_eq!(groups.count(), usize::from(name == "BUILDKITE"), "{shown}");
        if name == "GITHUB_ACTIONS" {
            let outputs = run.folder.read("outputs");
            assert!(!outputs.contains("verdict=GO"), "{outputs}");
        }
    }
}

#[test]
fn secrets_are_not_told_to_a_ci() {
    let gate = "version: 1\ngate: shop\nsecrets: { token: { env: TOKEN } }\nchecks:\n  a:\n    command: { argv: [sh, -c, 'echo $TOKEN; exit 1'], env: { TOKEN: '${token}' } }\n    expect: { stdout: ok }\n";
    for name in [
        "GITHUB_ACTIONS",
        "TF_BUILD",
        "TEAMCITY_VERSION",
        "GITLAB_CI",
        "BUILDKITE",
    ] {
        let run = Gonogo::new(&["check", "-v"])
            .gate(gate)
            .env(name, "true")
            .env("TOKEN", "hunter2-hunter2")
            .env("GITHUB_STEP_SUMMARY", "summary.md")
            .env("GITHUB_OUTPUT", "outputs")
            .run()
            .exits(1);
        let mut all = format!("{}{}", run.stdout, run.stderr);
        for file in ["summary.md", "outputs"] {
            all.push_str(&fs::read_to_string(run.folder.path().join(file)).unwrap_or_default());
        }
        assert!(!all.contains("hunter2"), "{all}");
    }
}
