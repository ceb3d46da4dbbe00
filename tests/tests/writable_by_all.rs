//! Gate files that everybody may change: told by `lint` and `check`, and refused by `check --strict`.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use gonogo_tests::{Finished, Gonogo};

const GATE: &str =
    "version: 1\ngate: g\ninclude: [more.yaml]\nchecks:\n  a: { command: [touch, ran] }\n";
const MORE: &str = "version: 1\nchecks:\n  b: { command: ['true'] }\n";

/// Runs a call with files of the given modes: the gate, the one that it includes, and their folder.
fn with(arguments: &[&str], [gate, more, folder]: [u32; 3]) -> Finished {
    let call = Gonogo::new(arguments).gate(GATE).file("more.yaml", MORE);
    for (name, mode) in [("probes.yaml", gate), ("more.yaml", more), (".", folder)] {
        fs::set_permissions(call.folder().join(name), Permissions::from_mode(mode)).unwrap();
    }
    call.run()
}

const TOLD: &str = "\
warning[config/writable_by_all]: everybody on this machine may change `probes.yaml`
 --> probes.yaml:1:1
  |
1 | version: 1
  | ^^^^^^^^^^
  |
  = help: Take the right to write from others: chmod o-w probes.yaml.

warning[config/writable_by_all]: everybody on this machine may change `more.yaml`
 --> more.yaml:1:1
  |
1 | version: 1
  | ^^^^^^^^^^
  |
  = help: Take the right to write from others: chmod o-w more.yaml.

";

#[test]
fn lint_and_check_tell_it() {
    let linted = with(&["lint"], [0o666, 0o602, 0o755]);
    assert_eq!((linted.code, linted.stdout.as_str()), (Some(0), TOLD));
    let run = with(&["check", "-q"], [0o666, 0o602, 0o755]);
    assert_eq!(run.code, Some(0));
    assert_eq!(run.stderr, TOLD);
}

#[test]
fn a_folder_that_is_open_to_all_counts_unless_its_files_are_kept_by_their_owners() {
    let run = with(&["check", "-q"], [0o644, 0o644, 0o777]);
    assert!(
        run.stderr.starts_with(
            "warning[config/writable_by_all]: everybody on this machine may replace `probes.yaml`: its folder is open to all\n"
        ),
        "{}",
        run.stderr
    );
    assert_eq!(run.stderr.matches("warning").count(), 2, "{}", run.stderr);
    let kept = with(&["check", "-q"], [0o644, 0o644, 0o1777]);
    assert_eq!((kept.code, kept.stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_strict_run_refuses_before_anything_runs() {
    let run = with(&["check", "--strict"], [0o666, 0o602, 0o755]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    assert_eq!(run.stderr.trim_end(), TOLD.trim_end());
    assert!(!run.folder.path().join("ran").exists());
}

/// The files that a gate in another folder includes were looked for in a folder that is not there.
#[test]
fn what_a_gate_in_another_folder_includes_is_looked_at_too() {
    let call = Gonogo::new(&["lint", "deploy/probes.yaml"])
        .file("deploy/probes.yaml", GATE)
        .file("deploy/more.yaml", MORE);
    let more = call.folder().join("deploy/more.yaml");
    fs::set_permissions(more, Permissions::from_mode(0o602)).unwrap();
    let linted = call.run().exits(0);
    let told = "warning[config/writable_by_all]: everybody on this machine may change `deploy/more.yaml`\n --> deploy/more.yaml:1:1\n";
    assert!(linted.stdout.starts_with(told), "{}", linted.stdout);
}
