//! Every format, on standard output and in a file: one exit code, one verdict, and nothing lost without a word.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use gonogo_report::formats::FORMATS;
use gonogo_tests::{Gonogo, VERDICTS, gate_of};
use serde_json::Value;

/// A gate of commands that comes to GO, NO-GO or HOLD.
fn gate(verdict: &str) -> String {
    gate_of("formats", verdict)
}

/// A format on standard output, or in a file.
fn output(format: &str, path: Option<&str>) -> String {
    match path {
        None => format.to_owned(),
        Some(path) => format!("{format}={path}"),
    }
}

/// An output for Prometheus always ended with 0, and one in JSON called everything a failure.
#[test]
fn p18_p19_the_exit_code_is_the_same_whatever_the_format() {
    for (verdict, code) in VERDICTS {
        for format in &FORMATS {
            for path in [None, Some("report")] {
                let run = Gonogo::new(&["check", "-o", &output(format.name, path)])
                    .gate(&gate(verdict))
                    .run()
                    .exits(code);
                let (data, talk) = match path {
                    Some(path) => (run.folder.read(path), run.stdout),
                    None if format.is_human() => (run.stdout.clone(), run.stdout),
                    None => (run.stdout, run.stderr),
                };
                assert!(!data.is_empty(), "{}", format.name);
                assert!(
                    talk.contains(&format!("{verdict}  formats")),
                    "{} {path:?}: people see the verdict: {talk}",
                    format.name
                );
            }
        }
    }
}

/// A misspelled name and a selection without a check ended with 0 in some formats, and with nothing to see.
#[test]
fn g18_what_cannot_start_is_exit_2_in_every_format_and_writes_none() {
    let typo = "version: 1\ngate: typo\nchecks:\n  first: { comand: ['true'] }\n";
    let none = "version: 1\ngate: none\nchecks: {}\n";
    for format in &FORMATS {
        for gate in [typo, none] {
            let run = Gonogo::new(&["check", "-o", format.name])
                .gate(gate)
                .run()
                .exits(2);
            assert_eq!(run.stdout, "", "{}", format.name);
            assert!(
                run.stderr.contains("error["),
                "{}: {}",
                format.name,
                run.stderr
            );
        }
        let call = ["check", "-o", format.name, "--only", "nothing-*"];
        let run = Gonogo::new(&call).gate(&gate("GO")).run().exits(2);
        assert_eq!(run.stdout, "", "{}", format.name);
    }
}

/// TAP with a plan for each file, in which a warning was a failure and what came after an empty file was lost.
#[test]
fn g27_a_gate_of_several_files_has_one_plan_and_a_warning_is_no_failure() {
    let gate = "version: 1\ngate: several\ninclude: [more.yaml, last.yaml]\nchecks:\n  first: { command: ['true'] }\n";
    let more =
        "version: 1\nchecks:\n  slow: { command: ['true'], should: { duration: under 1ns } }\n";
    let run = Gonogo::new(&["check", "-o", "tap"])
        .gate(gate)
        .file("more.yaml", more)
        .file(
            "last.yaml",
            "version: 1\nchecks:\n  last: { command: ['true'] }\n",
        )
        .run();
    let points: Vec<&str> = run
        .stdout
        .lines()
        .filter(|line| !line.starts_with(' '))
        .collect();
    assert_eq!(
        points,
        [
            "TAP version 14",
            "1..4",
            "ok 1 - first",
            "ok 2 - slow",
            "ok 3 - last",
            "ok 4 - verdict of several: GO"
        ],
        "{}",
        run.stderr
    );
}

/// A message whose line ends and percent signs were not escaped gave orders to the runner of GitHub.
#[test]
fn g26_no_message_ends_its_annotation_or_begins_a_command() {
    let harm =
        "x%0A::set-output name=verdict::GO\\n::error file=a,line=1::b\\r\\n##[error]c 100%25";
    let gate = format!(
        "version: 1\ngate: orders\nchecks:\n  first:\n    command: [printf, '%b', '{harm}']\n    expect: {{ stdout: fine }}\n"
    );
    for format in ["github", "human"] {
        let run = Gonogo::new(&["check", "-o", format])
            .gate(&gate)
            .env("GITHUB_ACTIONS", "true")
            .run()
            .exits(1);
        let all = format!("{}{}", run.stdout, run.stderr);
        let commands: Vec<&str> = all
            .lines()
            .filter(|line| line.trim_start().starts_with("::") || line.contains("##["))
            .collect();
        // One line, every percent sign of the message escaped, and its line ends shown as text.
        let message = r"x%250A::set-output name=verdict::GO\n::error file=a,line=1::b\r\n#\u{23}[error]c 100%2525";
        let command = message.replace(r"\n", r"\\n").replace(r"\r", r"\\r");
        let wanted = format!(
            "::error file=probes.yaml,line=4,title=failed%3A first::stdout is {message}, expected fine%0Aat: command printf %25b \"{command}\""
        );
        assert_eq!(commands, [wanted], "{format}: {all}");
    }
}

/// Takes out the word, another each time, between which GitHub obeys nothing.
fn fenceless(text: &str) -> String {
    let fence = text
        .lines()
        .find_map(|line| line.strip_prefix("::stop-commands::"));
    fence.map_or_else(|| text.to_owned(), |fence| text.replace(fence, "FENCE"))
}

#[test]
fn a_saved_run_is_shown_in_every_format() {
    for (verdict, code) in VERDICTS {
        let mut arguments = vec!["check".to_owned(), "-q".to_owned()];
        for format in FORMATS.iter().filter(|format| !format.is_human()) {
            arguments.extend(["-o".to_owned(), output(format.name, Some(format.name))]);
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let run = Gonogo::new(&arguments)
            .gate(&gate(verdict))
            .run()
            .exits(code);
        let saved = run.folder.read("json");
        for format in FORMATS.iter().filter(|format| !format.is_human()) {
            let shown = Gonogo::new(&["run", "show", "run.json", "-o", format.name])
                .file("run.json", &saved)
                .run()
                .exits(0);
            assert_eq!(
                fenceless(&shown.stdout),
                fenceless(&run.folder.read(format.name)),
                "{}: a saved run looks as it looked when it ran",
                format.name
            );
        }
    }
}

/// The lines of events; of each its kind and check.
fn told(lines: &str) -> Vec<(String, String)> {
    let lines = lines.lines().map(|line| {
        let line: Value = serde_json::from_str(line).unwrap();
        let word = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
        (word("event"), word("check"))
    });
    lines.collect()
}

#[test]
fn events_as_they_come_are_those_that_a_record_is_rebuilt_to() {
    let run = Gonogo::new(&["check", "-o", "jsonl", "-o", "json=run.json"])
        .gate(&gate("NO-GO"))
        .run()
        .exits(1);
    let saved = run.folder.read("run.json");
    let shown = Gonogo::new(&["run", "show", "run.json", "-o", "jsonl"])
        .file("run.json", &saved)
        .run()
        .exits(0);
    let (mut live, mut rebuilt) = (told(&run.stdout), told(&shown.stdout));
    assert_eq!(live.first().unwrap().0, "run_started");
    assert_eq!(live.last().unwrap().0, "judged");
    live.sort();
    rebuilt.sort();
    assert_eq!(live, rebuilt);
}

#[test]
fn events_come_while_the_run_goes_on() {
    let gate = "version: 1\ngate: slow\nchecks:\n  slow: { command: [cat, gate.pipe] }\n";
    let mut call = Gonogo::new(&["check", "-o", "jsonl"]).gate(gate);
    let pipe = call.folder().join("gate.pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let mut child = call.command().spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let started = lines.by_ref().map(Result::unwrap);
    let mut started = started.skip_while(|line| !line.contains("\"check_started\""));
    let line: Value = serde_json::from_str(&started.next().unwrap()).unwrap();
    assert_eq!(line["check"], "slow");
    // The command waits until somebody opens its pipe, so the run cannot have ended.
    File::options()
        .write(true)
        .open(&pipe)
        .unwrap()
        .write_all(b"x")
        .unwrap();
    let last = started.last().unwrap();
    let last: Value = serde_json::from_str(&last).unwrap();
    assert_eq!(
        (&last["event"], &last["verdict"]),
        (&"judged".into(), &"GO".into())
    );
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn an_output_that_gets_lost_is_exit_4_and_keeps_no_other_from_being_written() {
    for (verdict, code) in [("GO", 4), ("NO-GO", 1), ("HOLD", 4)] {
        for format in &FORMATS {
            for lost in ["/dev/full", "no/such/folder/report", "."] {
                let lost = output(format.name, Some(lost));
                let call = [
                    "check",
                    "-o",
                    &lost,
                    "-o",
                    "json=kept.json",
                    "-o",
                    "tap=kept.tap",
                ];
                let run = Gonogo::new(&call).gate(&gate(verdict)).run().exits(code);
                assert!(
                    run.stderr.contains("error[output/"),
                    "{lost}: {}",
                    run.stderr
                );
                assert!(
                    run.stdout.contains(&format!("{verdict}  formats")),
                    "{lost}"
                );
                let kept: Value = serde_json::from_str(&run.folder.read("kept.json")).unwrap();
                assert_eq!(kept["verdict"], verdict, "{lost}");
                let tap = run.folder.read("kept.tap");
                assert!(
                    tap.contains(&format!("verdict of formats: {verdict}")),
                    "{tap}"
                );
            }
        }
    }
}

#[test]
fn standard_output_that_is_full_or_closed_is_exit_4_in_every_format() {
    for (verdict, code) in [("GO", 4), ("NO-GO", 1), ("HOLD", 4)] {
        for format in &FORMATS {
            let call = || {
                Gonogo::new(&["check", "-o", format.name, "-o", "json=kept.json"])
                    .gate(&gate(verdict))
            };
            let mut full = call();
            full.command()
                .stdout(File::options().write(true).open("/dev/full").unwrap());
            let (reader, writer) = std::io::pipe().unwrap();
            drop(reader);
            let mut closed = call();
            closed.command().stdout(Stdio::from(writer));
            for run in [full.run().exits(code), closed.run().exits(code)] {
                let stderr = &run.stderr;
                assert!(stderr.contains("error[output/incomplete]"), "{stderr}");
                assert!(!stderr.contains("panic"), "{stderr}");
                let kept: Value = serde_json::from_str(&run.folder.read("kept.json")).unwrap();
                assert_eq!(kept["verdict"], verdict, "{}", format.name);
            }
        }
    }
}
