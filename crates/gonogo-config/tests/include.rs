//! Gates of several files: what they come to, and what they may cost.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod support;

use std::fmt::Write as _;

use gonogo_config::Loaded;
use gonogo_kind::manifest::Manifest;
use gonogo_model::Severity;
use support::{Machine, rendered};

fn manifest(loaded: Loaded) -> Manifest {
    assert!(!loaded.has_errors(), "{}", rendered(&loaded));
    loaded.manifest.unwrap()
}

fn first_line(loaded: &Loaded) -> String {
    assert!(loaded.manifest.is_none());
    rendered(loaded)
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn names_are_shared_and_defaults_are_not() {
    let machine = Machine::default()
        .file(
            "checks/edge.yaml",
            "version: 1
include: deeper/*.yaml
defaults: { timeout: 3s }
vars: { host: example.com }
templates: { page: { severity: warning, expect: { duration: under 1s } } }
checks:
  edge: { extends: page, http: \"https://${host}/\", group: pages, severity: blocker }
",
        )
        .file(
            "checks/deeper/api.yaml",
            "version: 1
checks:
  api: { extends: page, http: \"https://api.${host}/\", needs: [web] }
groups:
  pages: all
",
        );
    let loaded = machine.load(
        "version: 1
gate: g
include: [checks/edge.yaml]
defaults: { timeout: 7s }
checks:
  web: { http: \"https://${host}/web\", expect: { body: { contains: ok } } }
",
    );
    // The member has a severity of its own, which is a mistake of the file in which it stands.
    assert_eq!(
        first_line(&loaded),
        "error[config/member_severity]: a member of a group has no severity of its own"
    );
    assert!(rendered(&loaded).contains(" --> checks/edge.yaml:7:"));

    let machine = Machine::default()
        .file(
            "checks/edge.yaml",
            "version: 1
include: deeper/*.yaml
defaults: { timeout: 3s }
vars: { host: example.com }
templates: { page: { expect: { duration: under 1s } } }
checks:
  edge: { extends: page, http: \"https://${host}/\", group: pages }
",
        )
        .file(
            "checks/deeper/api.yaml",
            "version: 1
checks:
  api: { extends: page, http: \"https://api.${host}/\", needs: [web], severity: warning }
groups:
  pages: all
",
        );
    let manifest = manifest(machine.load_as(
        "ci/probes.yaml",
        "version: 1
gate: g
include: [checks/edge.yaml]
defaults: { timeout: 7s }
checks:
  web: { http: \"https://${host}/web\", expect: { body: { contains: ok } } }
",
    ));
    let told: Vec<String> = manifest
        .checks
        .iter()
        .map(|c| format!("{} {}:{} {}s", c.id, c.file, c.line, c.timeout.as_secs()))
        .collect();
    assert_eq!(
        told,
        [
            "web ci/probes.yaml:6 7s",
            "edge ci/checks/edge.yaml:7 3s",
            "api ci/checks/deeper/api.yaml:3 10s",
        ]
    );
    assert_eq!(manifest.checks[2].severity, Severity::Warning);
    assert_eq!(manifest.groups[0].file, "ci/checks/deeper/api.yaml");
    let origins: Vec<String> = manifest.checks[2]
        .expectations
        .summaries()
        .iter()
        .map(|e| e.origin.to_string())
        .collect();
    assert_eq!(
        origins,
        ["built in", "template page, ci/checks/edge.yaml:5"]
    );
    let files: Vec<&str> = manifest.files.iter().map(|f| f.file.as_str()).collect();
    assert_eq!(
        files,
        [
            "ci/probes.yaml",
            "ci/checks/edge.yaml",
            "ci/checks/deeper/api.yaml"
        ]
    );
}

#[test]
fn hundreds_of_files_are_a_gate_and_thousands_are_none() {
    let gate = "version: 1\ngate: g\ninclude: checks/*.yaml\n";
    let of = |count: usize| {
        (0..count).fold(Machine::default(), |machine, i| {
            let text = format!(
                "version: 1\nchecks: {{ c{i:04}: {{ tcp: \"db:{}\" }} }}\n",
                i + 1
            );
            machine.file(&format!("checks/{i:04}.yaml"), &text)
        })
    };
    let read = manifest(of(300).load(gate));
    assert_eq!(read.checks.len(), 300);
    assert_eq!(read.files.len(), 301);
    assert_eq!(read.checks[299].id.as_str(), "c0299");
    assert_eq!(
        first_line(&of(1_001).load(gate)),
        "error[config/too_large]: the gate includes more than 1000 files"
    );
}

#[test]
fn all_files_together_cost_what_one_may() {
    let gate = "version: 1\ngate: g\ninclude: checks/*.yaml\n";
    // Three files of 2 MiB.
    let comment = format!("# {}\n", "x".repeat(2 << 20));
    let large = ["a", "b", "c"]
        .iter()
        .fold(Machine::default(), |machine, name| {
            let text = format!("version: 1\nchecks: {{ {name}: {{ tcp: \"db:1\" }} }}\n{comment}");
            machine.file(&format!("checks/{name}.yaml"), &text)
        });
    assert_eq!(
        first_line(&large.load(gate)),
        "error[config/too_large]: `checks/b.yaml` cannot be included: the files of the gate have more than 4 MiB together"
    );

    // Each of fifty files writes 100,000 values by its aliases.
    let mut bomb = "version: 1\nvars:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..5 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        writeln!(bomb, "  a{level}: &a{level} [{aliases}]").unwrap();
    }
    let bombs = (0..50).fold(Machine::default(), |machine, i| {
        machine.file(&format!("checks/{i:02}.yaml"), &bomb)
    });
    let codes: Vec<&str> = bombs
        .load(gate)
        .diagnostics
        .iter()
        .map(|d| d.code)
        .collect();
    assert!(codes.contains(&"config/too_large"), "{codes:?}");
}

#[test]
fn a_long_chain_of_files_ends() {
    let chain = (0..900).fold(Machine::default(), |machine, i| {
        let text = format!("version: 1\ninclude: f{}.yaml\n", (i + 1) % 900);
        machine.file(&format!("f{i}.yaml"), &text)
    });
    let told = first_line(&chain.load("version: 1\ngate: g\ninclude: f0.yaml\n"));
    assert_eq!(
        told,
        "error[config/include_loop]: files include each other in a circle: f0.yaml -> f1.yaml -> f2.yaml -> f3.yaml -> ... (893 more) ... -> f897.yaml -> f898.yaml -> f899.yaml -> f0.yaml"
    );
}

#[test]
fn every_file_changes_the_digest() {
    let load = |edge: &str| {
        let machine = Machine::default().file("edge.yaml", edge);
        manifest(machine.load("version: 1\ngate: g\ninclude: edge.yaml\n")).file_digest
    };
    let one = load("version: 1\nchecks: { a: { tcp: \"db:1\" } }\n");
    assert_ne!(
        one,
        load("version: 1\nchecks: { a: { tcp: \"db:1\" } } # x\n")
    );
    assert_eq!(one, load("version: 1\nchecks: { a: { tcp: \"db:1\" } }\n"));
}

#[test]
fn passwords_of_an_included_file_are_hidden_everywhere() {
    let machine = Machine::default().file(
        "edge.yaml",
        "version: 1\nchecks:\n  a: { http: \"https://user:canary-5@example.com/\", expect: { statu: 1 } }\n",
    );
    let loaded = machine.load("version: 1\ngate: g\ninclude: edge.yaml\ntags: [canary-5]\n");
    let told = rendered(&loaded);
    assert!(!told.contains("canary-5"), "{told}");
    assert!(told.contains("config/password_in_file"), "{told}");
}
