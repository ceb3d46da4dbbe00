//! `gonogo lint --fix`: what it writes, what it says, and what it leaves alone.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use gonogo_tests::Gonogo;

const GATE: &str = "\
# The gate of the shop.
version: \"1\"
gate: shop
secrets:
  url: { env: URL }
  old: { env: OLD }
checks:
  api:            # the edge
    http: https://api.example.com/health
    expect:
      duration: > 500ms
      bodi: { contains: ok }
    needs: []
    severity: warnin
  db:
    postgres: ${url}
    owner: nobody knows
    expects: { rolle: primary }
    colour: red
";

const MENDED: &str = "\
# The gate of the shop.
version: 1
gate: shop
secrets:
  url: { env: URL }
  old: { env: OLD }
checks:
  api:            # the edge
    http: https://api.example.com/health
    expect:
      duration: \"> 500ms\"
      body: { contains: ok }
    severity: warning
  db:
    postgres: ${url}
    owner: nobody knows
    expect: { role: primary }
    colour: red
";

#[test]
fn what_is_mended_and_what_is_left_is_told() {
    let done = Gonogo::new(&["lint", "--fix"])
        .env("URL", "postgres://app:canary-1@db.example.com/app")
        .gate(GATE)
        .run()
        .exits(2);
    assert_eq!(
        done.stdout,
        "\
probes.yaml:2: `version: \"1\"` -> `version: 1`
probes.yaml:11: `duration: > 500ms` -> `duration: \"> 500ms\"`
probes.yaml:12: `bodi: { contains: ok }` -> `body: { contains: ok }`
probes.yaml:13: `needs: []` -> taken out
probes.yaml:14: `severity: warnin` -> `severity: warning`
probes.yaml:18: `expects: { rolle: primary }` -> `expect: { role: primary }`

error[config/unknown_key]: a check has no key `colour`
  --> probes.yaml:18:5
   |
18 |     colour: red
   |     ^^^^^^
   |
   = help: The kinds are command, dns, env, http, migrations, postgres, redis, tcp and tls.

"
    );
    assert_eq!(
        done.stderr,
        "probes.yaml: 6 lines mended\nprobes.yaml: 1 mistake, no warning\n"
    );
    let path = done.folder.path().join("probes.yaml");
    assert_eq!(fs::read_to_string(path).unwrap(), MENDED);
}

#[test]
fn what_lint_says_names_what_can_be_mended() {
    let done = Gonogo::new(&["lint"])
        .gate("version: 1\ngate: g\nchecks: { a: { htp: x } }\n")
        .run()
        .exits(2);
    let hint = "   = help: Did you mean `http`? (lint --fix mends this)";
    assert!(
        done.stdout
            .lines()
            .any(|line| line.trim_start() == hint.trim_start()),
        "{}",
        done.stdout
    );
}

#[test]
fn standard_input_is_mended_onto_standard_output() {
    let done = Gonogo::new(&["lint", "--fix", "-"])
        .env("URL", "postgres://app:canary-1@db.example.com/app")
        .input(GATE)
        .run()
        .exits(2);
    assert_eq!(done.stdout, MENDED);
    assert!(done.stderr.contains("-:13: `needs: []` -> taken out\n"));
    assert!(done.stderr.ends_with("-: 1 mistake, no warning\n"));
}

#[test]
fn a_gate_without_a_mistake_is_not_written() {
    let gate = "version: 1\ngate: g\nchecks: { a: { tcp: \"db.example.com:1\" } }\n";
    let call = Gonogo::new(&["lint", "--fix"]).gate(gate);
    let path = call.folder().join("probes.yaml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    let before = fs::metadata(&path).unwrap().modified().unwrap();
    let done = call.run().exits(0);
    assert_eq!(done.stdout, "");
    assert_eq!(
        done.stderr,
        "probes.yaml: 1 check, no mistake, no warning\n"
    );
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), before);
}

#[test]
fn links_and_modes_are_kept_and_nothing_is_left_beside() {
    let call = Gonogo::new(&["lint", "--fix", "link.yaml"]).gate(GATE);
    let (file, link) = (
        call.folder().join("probes.yaml"),
        call.folder().join("link.yaml"),
    );
    fs::set_permissions(&file, fs::Permissions::from_mode(0o664)).unwrap();
    symlink("probes.yaml", &link).unwrap();
    let done = call.run().exits(2);
    assert_eq!(fs::read_to_string(&file).unwrap(), MENDED);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o664
    );
    let mut names: Vec<_> = fs::read_dir(done.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["link.yaml", "probes.yaml"]);
}

#[test]
fn a_file_that_must_not_be_written_stays_and_is_told() {
    let call = Gonogo::new(&["lint", "--fix"]).gate(GATE);
    let path = call.folder().join("probes.yaml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let done = call.run().exits(2);
    assert_eq!(
        done.stderr,
        "error[output/unwritable]: cannot write the gate file `probes.yaml`: permission denied\n  = help: Nothing was changed: `gonogo lint --fix - < FILE` prints the mended text.\n"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), GATE);
}

#[test]
fn a_secret_in_a_mended_line_is_not_shown() {
    let gate = "version: 1\ngate: g\nchecks:\n  a: { postgres: postgres://app:canary-1@db.example.com/app[0] }\n";
    let done = Gonogo::new(&["lint", "--fix"]).gate(gate).run();
    assert!(!done.stdout.contains("canary"), "{}", done.stdout);
    assert!(!done.stderr.contains("canary"), "{}", done.stderr);
    assert!(
        done.stdout.starts_with("probes.yaml:4: `"),
        "{}",
        done.stdout
    );
}

const SPLIT: &str = "version: \"1\"\ngate: shop\ninclude: checks/*.yaml\n";
const EDGE: &str = "version: 1\nchecks:\n  api: # the edge\n    htp: https://api.example.com/health\n    expect: { bodi: { contains: ok } }\n";
const EDGE_MENDED: &str = "version: 1\nchecks:\n  api: # the edge\n    http: https://api.example.com/health\n    expect: { body: { contains: ok } }\n";

#[test]
fn an_included_file_is_mended_where_it_is() {
    let call = Gonogo::new(&["lint", "--fix"])
        .gate(SPLIT)
        .file("kept/edge.yaml", EDGE)
        .file(
            "checks/data.yaml",
            "version: 1\nchecks: { db: { tcp: \"db.example.com:1\" } }\n",
        );
    let (checks, kept) = (
        call.folder().join("checks"),
        call.folder().join("kept/edge.yaml"),
    );
    fs::set_permissions(&kept, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("../kept/edge.yaml", checks.join("edge.yaml")).unwrap();
    let done = call.run().exits(0);
    assert_eq!(
        done.stdout,
        "probes.yaml:1: `version: \"1\"` -> `version: 1`
checks/edge.yaml:4: `htp: https://api.example.com/health` -> `http: https://api.example.com/health`
checks/edge.yaml:5: `expect: { bodi: { contains: ok } }` -> `expect: { body: { contains: ok } }`

"
    );
    assert_eq!(
        done.stderr,
        "probes.yaml: 1 line mended
checks/edge.yaml: 2 lines mended
probes.yaml: 2 checks, no mistake, no warning
"
    );
    assert_eq!(fs::read_to_string(&kept).unwrap(), EDGE_MENDED);
    assert_eq!(
        fs::metadata(&kept).unwrap().permissions().mode() & 0o777,
        0o640
    );
    assert!(checks.join("edge.yaml").is_symlink());
}

#[test]
fn no_file_is_written_where_one_of_them_must_not_be() {
    let call = Gonogo::new(&["lint", "--fix"])
        .gate(SPLIT)
        .file("checks/edge.yaml", EDGE);
    let (gate, edge) = (
        call.folder().join("probes.yaml"),
        call.folder().join("checks/edge.yaml"),
    );
    fs::set_permissions(&edge, fs::Permissions::from_mode(0o444)).unwrap();
    let done = call.run().exits(2);
    assert_eq!(
        done.stderr,
        "error[output/unwritable]: cannot write the gate file `checks/edge.yaml`: permission denied\n  = help: Nothing was changed: `gonogo lint --fix - < FILE` prints the mended text.\n"
    );
    assert_eq!(fs::read_to_string(&gate).unwrap(), SPLIT);
    assert_eq!(fs::read_to_string(&edge).unwrap(), EDGE);
    let names = fs::read_dir(call_folder(&gate)).unwrap().count();
    assert_eq!(names, 2);
}

fn call_folder(path: &std::path::Path) -> &std::path::Path {
    path.parent().unwrap()
}
