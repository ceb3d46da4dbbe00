//! `gonogo nagios`: the codes and the line that monitoring systems know.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::fs::File;

use gonogo_tests::{Finished, Gonogo};

const GATE: &str = "version: 1\ngate: plugin\nchecks:\n  first: { command: ['true'] }\n";

fn nagios(more: &str) -> Finished {
    Gonogo::new(&["nagios", "probes.yaml"])
        .gate(&format!("{GATE}{more}"))
        .run()
}

/// The first line without its times, which differ from run to run.
fn first(run: &Finished) -> String {
    let line = run.stdout.lines().next().unwrap();
    let words = line.split(' ').filter(|word| !word.ends_with("s;;;0"));
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_go_is_ok() {
    let run = nagios("").exits(0);
    assert_eq!(
        first(&run),
        "GONOGO OK - GO plugin: 1 passed | 'failed'=0;;;0;1 'unknown'=0;;;0;1 'skipped'=0;;;0;1 \
         'awaiting'=0;;;0;1 'waived'=0;;;0;1 'warned'=0;;;0;1 'passed'=1;;;0;1"
    );
    assert!(run.stdout.contains(" 'time'=0."), "{}", run.stdout);
    assert!(run.stdout.contains(" 'check_first'=0."), "{}", run.stdout);
    assert_eq!(run.stdout.lines().count(), 1);
    assert_eq!(run.stderr, "", "nothing comes before or beside the answer");
}

#[test]
fn a_go_that_somebody_should_look_at_is_a_warning() {
    for more in [
        "  info: { command: ['false'], severity: info }\n",
        "  slow: { command: ['true'], should: { duration: under 1ns } }\n",
    ] {
        let run = nagios(more).exits(1);
        assert!(
            run.stdout.starts_with("GONOGO WARNING - GO plugin: 1 "),
            "{}",
            run.stdout
        );
        assert_eq!(run.stdout.lines().count(), 2, "{}", run.stdout);
    }
}

#[test]
fn a_no_go_is_critical_and_a_hold_is_unknown() {
    let run = nagios("  wrong: { command: ['false'] }\n").exits(2);
    assert!(
        run.stdout
            .starts_with("GONOGO CRITICAL - NO-GO plugin: 1 failed, 1 passed | ")
    );
    assert!(run.stdout.contains("\nfailed wrong: "), "{}", run.stdout);
    let run = nagios("  absent: { command: [/no/such/program] }\n").exits(3);
    assert!(
        run.stdout
            .starts_with("GONOGO UNKNOWN - HOLD plugin: 1 unknown, 1 passed | ")
    );
}

#[test]
fn what_cannot_start_is_unknown_and_says_why() {
    let run = nagios("  wrong: { comand: ['false'] }\n").exits(3);
    assert!(
        run.stdout.starts_with("GONOGO UNKNOWN - could not start: "),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("probes.yaml"), "{}", run.stdout);

    let run = Gonogo::new(&["nagios", "missing.yaml"]).run().exits(3);
    assert!(
        run.stdout.starts_with("GONOGO UNKNOWN - could not start: "),
        "{}",
        run.stdout
    );

    for arguments in [
        &["nagios", "--no-such-flag"][..],
        &["--color", "never", "nagios", "a", "b"][..],
    ] {
        let run = Gonogo::new(arguments).run().exits(3);
        assert!(
            run.stdout.starts_with("GONOGO UNKNOWN - could not start: "),
            "{}",
            run.stdout
        );
    }
    // The codes of every other command are its own.
    let _other = Gonogo::new(&["check", "--no-such-flag"]).run().exits(2);
}

#[test]
fn help_is_no_failure() {
    let run = Gonogo::new(&["nagios", "--help"]).run().exits(0);
    assert!(run.stdout.contains("3  UNKNOWN"), "{}", run.stdout);
}

#[test]
fn an_answer_that_nobody_gets_is_unknown_unless_it_is_critical() {
    for (more, code) in [("", 3), ("  wrong: { command: ['false'] }\n", 2)] {
        let mut call = Gonogo::new(&["nagios"]).gate(&format!("{GATE}{more}"));
        let full = File::options().write(true).open("/dev/full").unwrap();
        call.command().stdout(full);
        let _run = call.run().exits(code);
    }
}

#[test]
fn nothing_that_a_program_says_begins_performance_data() {
    let gate = "  loud: { command: [sh, -c, \"printf 'x | evil=1\\\\nOK'; exit 7\"], \
                expect: { stdout: { is: 'y | evil=2' } } }\n";
    let run = nagios(gate).exits(2);
    assert_eq!(run.stdout.matches('|').count(), 1, "{}", run.stdout);
    assert!(!run.stdout.contains("\nOK"), "{}", run.stdout);
}
