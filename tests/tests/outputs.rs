//! One verdict: the same in every format and in the exit code, and never lost without a word.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::fs::File;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use gonogo_tests::{Gonogo, VERDICTS, gate_of};

/// A gate of commands that comes to GO, NO-GO or HOLD.
fn gate(verdict: &str) -> String {
    gate_of("outputs", verdict)
}

#[test]
fn every_format_and_the_exit_code_say_the_same() {
    for (verdict, code) in VERDICTS {
        let human = Gonogo::new(&["check"])
            .gate(&gate(verdict))
            .run()
            .exits(code);
        let last = human.stdout.trim_end().lines().last().unwrap().to_owned();
        assert!(last.starts_with(&format!("{verdict}  outputs")), "{last}");

        let json = Gonogo::new(&["check", "-o", "json"])
            .gate(&gate(verdict))
            .run()
            .exits(code);
        assert_eq!(json.json()["verdict"], verdict);
        assert!(
            json.stderr.contains(&format!("{verdict}  outputs")),
            "the human view moves: {}",
            json.stderr
        );

        let both = Gonogo::new(&["check", "-o", "json=report.json", "-q"])
            .gate(&gate(verdict))
            .run()
            .exits(code);
        assert!(both.stdout.starts_with(verdict), "{}", both.stdout);
        let report = both.folder.read("report.json");
        let report: serde_json::Value = serde_json::from_str(&report).unwrap();
        assert_eq!(report["verdict"], verdict);
        assert_eq!(report["schema"], "gonogo.run/1");

        let shown = Gonogo::new(&["run", "show", "report.json", "-q"])
            .file("report.json", &report.to_string())
            .run();
        assert_eq!(shown.exits(0).stdout, both.stdout);
    }
}

#[test]
fn a_report_that_cannot_be_written_is_exit_4_unless_it_is_a_no_go() {
    for (verdict, code) in [("GO", 4), ("NO-GO", 1), ("HOLD", 4)] {
        for target in [
            "json=/dev/full",
            "json=no/such/folder/report.json",
            "json=.",
        ] {
            let run = Gonogo::new(&["check", "-o", target])
                .gate(&gate(verdict))
                .run()
                .exits(code);
            assert!(
                run.stderr.contains("error[output/"),
                "{target}: {}",
                run.stderr
            );
            assert!(
                run.stdout.contains(&format!("{verdict}  outputs")),
                "{target}: the verdict is still told"
            );
        }
    }
}

#[test]
fn one_lost_report_does_not_keep_the_other_from_being_written() {
    let run = Gonogo::new(&["check", "-o", "json=/dev/full", "-o", "json=kept.json"])
        .gate(&gate("GO"))
        .run()
        .exits(4);
    let kept: serde_json::Value = serde_json::from_str(&run.folder.read("kept.json")).unwrap();
    assert_eq!(kept["verdict"], "GO");
}

#[test]
fn standard_output_that_is_full_or_closed_is_exit_4_unless_it_is_a_no_go() {
    for (verdict, code) in [("GO", 4), ("NO-GO", 1), ("HOLD", 4)] {
        for format in [&["check"][..], &["check", "-o", "json"][..]] {
            let mut full = Gonogo::new(format).gate(&gate(verdict));
            full.command()
                .stdout(File::options().write(true).open("/dev/full").unwrap());
            let full = full.run().exits(code);
            assert!(
                full.stderr.contains("error[output/incomplete]"),
                "{}",
                full.stderr
            );

            let mut closed = Gonogo::new(format).gate(&gate(verdict));
            let (reader, writer) = std::io::pipe().unwrap();
            drop(reader);
            closed.command().stdout(Stdio::from(writer));
            let closed = closed.run().exits(code);
            assert!(!closed.stderr.contains("panic"), "{}", closed.stderr);
        }
    }
}

#[test]
fn a_report_replaces_the_old_one_whole_and_is_for_the_owner_only() {
    let call = Gonogo::new(&["check", "-o", "json=report.json"])
        .gate(&gate("GO"))
        .file("report.json", "old");
    let run = call.run().exits(0);
    let path = run.folder.path().join("report.json");
    assert!(std::fs::read_to_string(&path).unwrap().ends_with("}\n"));
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let left: Vec<_> = std::fs::read_dir(run.folder.path())
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(
        left.len(),
        2,
        "nothing but the gate and the report: {left:?}"
    );
}

#[test]
fn a_pipe_gets_plain_text() {
    let run = Gonogo::new(&["check"]).gate(&gate("NO-GO")).run().exits(1);
    for text in [&run.stdout, &run.stderr] {
        assert!(
            !text.chars().any(|c| c.is_control() && c != '\n'),
            "{text:?}"
        );
    }
}

#[test]
fn two_formats_cannot_both_have_standard_output() {
    let run = Gonogo::new(&["check", "-o", "json", "-o", "human"])
        .gate(&gate("GO"))
        .run()
        .exits(2);
    assert_eq!(
        run.stderr,
        "error[config/two_outputs]: two formats want standard output\n  \
         = help: Give all but one a file: -o json=report.json.\n"
    );
    assert_eq!(run.stdout, "");
}

#[test]
fn two_formats_cannot_have_one_file() {
    for (first, second) in [
        ("json=report", "human=report"),
        ("json=report", "json=./report"),
    ] {
        let run = Gonogo::new(&["check", "-o", first, "-o", second])
            .gate(&gate("GO"))
            .run()
            .exits(2);
        assert!(
            run.stderr.contains("error[config/two_outputs]"),
            "{}",
            run.stderr
        );
        assert!(!run.folder.path().join("report").exists());
    }
}

#[test]
fn a_saved_run_is_not_shown_twice_in_one_place() {
    let saved = Gonogo::new(&["check", "-o", "json"])
        .gate(&gate("GO"))
        .run()
        .exits(0);
    let run = Gonogo::new(&["run", "show", "run.json", "-o", "json", "-o", "human"])
        .file("run.json", &saved.stdout)
        .run()
        .exits(2);
    assert!(
        run.stderr.contains("error[config/two_outputs]"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_report_on_the_descriptor_of_standard_output_replaces_nothing() {
    let mut call = Gonogo::new(&["check", "-q", "-o", "json=/dev/stdout"]).gate(&gate("GO"));
    let path = call.folder().join("out");
    let out = File::options()
        .append(true)
        .create(true)
        .open(&path)
        .unwrap();
    call.command().stdout(out);
    let run = call.run().exits(0);
    let text = run.folder.read("out");
    assert!(text.starts_with("GO  outputs"), "{text}");
    assert!(text.contains("\"gonogo.run/1\""), "{text}");
    assert!(std::path::Path::new("/dev/stdout").is_symlink());
}
