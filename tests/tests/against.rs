//! `gonogo lint --against`: a gate may only become stronger.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use gonogo_config::{Commands, Includes, Inputs, Side, Source, load, weakenings};
use gonogo_kind::manifest::Manifest;
use gonogo_model::Strength;
use gonogo_probes::Kinds;
use gonogo_tests::{Gonogo, workspace};

const OLD: &str = "version: 1
gate: shop
vars: { host: { env: TARGET_HOST } }
secrets: { database_url: { env: DATABASE_URL } }
checks:
  api:
    http: https://${host}/health
    expect: { duration: under 500ms }
  db:
    postgres: ${database_url}
";

fn lint(new: &str, arguments: &[&str]) -> Gonogo {
    let mut all = vec!["lint", "probes.yaml"];
    all.extend(arguments);
    Gonogo::new(&all).gate(new).file("main.yaml", OLD)
}

#[test]
fn a_stronger_gate_passes() {
    let new = OLD.replace("under 500ms", "under 0.4s, status: 200");
    let finished = lint(&new, &["--against", "main.yaml", "--var", "host=x.test"])
        .run()
        .exits(0);
    assert_eq!(
        finished.stderr,
        "probes.yaml: 2 checks, no mistake, 1 warning\nprobes.yaml: not weaker than main.yaml\n"
    );
    assert_eq!(
        finished.stdout,
        "warning[config/unset_secret]: the secret `database_url` has no value here (env DATABASE_URL)
 --> probes.yaml:4:12
  |
4 | secrets: { database_url: { env: DATABASE_URL } }
  |            ^^^^^^^^^^^^
  |
  = help: Something else stands in for it: the checks that use it are read, and cannot be run.

"
    );
}

#[test]
fn a_weaker_gate_is_told_and_refused() {
    let new = OLD
        .replace("under 500ms", "under 5s")
        .replace("  db:\n    postgres: ${database_url}\n", "")
        .replace("secrets: { database_url: { env: DATABASE_URL } }\n", "");
    let given = ["--against", "-", "--var", "host=x.test"];
    let finished = lint(&new, &given).input(OLD).run().exits(1);
    assert_eq!(
        finished.stdout,
        "error[weaker/expectation_relaxed]: api: expects less of `duration`, or something else
 --> probes.yaml:7
  = old: under 500ms
  = new: under 5s

error[weaker/check_removed]: db: the check is gone
 --> -:9
  = old: postgres ${database_url}

"
    );
    assert_eq!(
        finished.stderr,
        "probes.yaml: 1 check, no mistake, no warning\nprobes.yaml: weaker than - in 2 ways\n"
    );
    let pages = Gonogo::new(&["explain", "weaker/check_removed"])
        .run()
        .exits(0);
    assert!(
        pages
            .stdout
            .contains("exit code 1 of `gonogo lint --against`")
    );
}

#[test]
fn a_mistake_in_either_of_them_is_exit_2() {
    let wrong = OLD.replace("expect:", "expects:");
    let given = ["--against", "-", "--var", "host=x.test"];
    let finished = lint(&wrong, &given).input(OLD).run().exits(2);
    assert!(
        finished.stdout.contains("config/unknown_key"),
        "{}",
        finished.stdout
    );
    let finished = lint(OLD, &given).input(&wrong).run().exits(2);
    assert!(finished.stdout.contains("--> -:8:5"), "{}", finished.stdout);
    // What is not there cannot be compared.
    lint(OLD, &["--against", "none.yaml", "--var", "host=x"])
        .run()
        .exits(2);
    lint(OLD, &["--against", "main.yaml"]).run().exits(2);
    Gonogo::new(&["lint", "-", "--against", "-"])
        .input(OLD)
        .run()
        .exits(2);
    lint(OLD, &["--against", "main.yaml", "--fix"])
        .run()
        .exits(2);
}

#[test]
fn a_variable_of_one_of_them_is_given_to_that_one() {
    let new = OLD.replace("vars: { host:", "vars: { port: { env: PORT }, host:")
        + "  more: { tcp: \"${host}:${port}\" }\n";
    let given = [
        "--against",
        "main.yaml",
        "--var",
        "host=x.test",
        "--var",
        "port=1",
    ];
    lint(&new, &given).run().exits(0);
    let typo = [
        "--against",
        "main.yaml",
        "--var",
        "host=x.test",
        "--var",
        "prot=1",
    ];
    let finished = lint(OLD, &typo).run().exits(2);
    assert!(
        finished
            .stdout
            .contains("neither gate declares a variable `prot` (--var)"),
        "{}",
        finished.stdout
    );
}

#[test]
fn neither_gate_shows_a_secret_or_moves_the_cursor() {
    let old = OLD.replace(
        "https://${host}/health",
        "\"https://u:canary-1@${host}/\\e[2J\"",
    );
    let new = OLD.replace(
        "https://${host}/health",
        "\"https://u:canary-2@${host}/\\e[2J\"",
    );
    let given = ["--against", "-", "--var", "host=x.test"];
    let finished = lint(&new, &given)
        .env("DATABASE_URL", "postgres://u:canary-3@h/d")
        .input(&old)
        .run();
    let told = format!("{}{}", finished.stdout, finished.stderr);
    assert!(
        !told.contains("canary-") && !told.contains('\u{1b}'),
        "{told}"
    );
}

/// The gates of the repository.
fn gates() -> Vec<PathBuf> {
    let mut found = vec![workspace().join("probes.yaml")];
    let mut open = vec![
        workspace().join("examples"),
        workspace().join("crates/gonogo-probes/src/kinds"),
    ];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if path.is_dir() && name != "invalid" {
                open.push(path);
            } else if name.ends_with(".yaml") {
                let text = std::fs::read_to_string(&path).unwrap();
                if text.contains("\nversion: 1\n") && text.contains("\nchecks:") {
                    found.push(path);
                }
            }
        }
    }
    found.sort();
    found
}

/// Reads a gate where every variable is set and no secret is there; nothing when it has a mistake.
fn read(text: &str, base: &Path) -> Option<Manifest> {
    let source = Source {
        name: "probes.yaml".to_owned(),
        text: text.to_owned(),
        base: base.to_owned(),
    };
    let set: BTreeSet<&str> = text
        .split("secrets:")
        .next()
        .into_iter()
        .flat_map(|vars| vars.split("env: ").skip(1))
        .filter_map(|rest| rest.split([' ', ',', '}', '\n']).next())
        .collect();
    let inputs = Inputs {
        kinds: &Kinds::new(),
        env: &|name| set.contains(name).then(|| value(name)),
        read_file: &|_| Ok(b"-----BEGIN CERTIFICATE-----\n".to_vec()),
        includes: Includes::none(),
        vars: Vec::new(),
        version: env!("CARGO_PKG_VERSION"),
        now: "2026-11-20T12:00:00Z".parse().unwrap(),
        resolve_secrets: false,
        commands: Commands::StandIn,
        policies: &[],
        environment: None,
        phase: None,
        comparing: false,
    };
    load(&source, &inputs).manifest
}

fn value(name: &str) -> String {
    match name {
        _ if name.ends_with("PORT") => "8080",
        _ if name.ends_with("URL") => "https://example.com",
        "CA_FILE" | "DEMO_CA" => "ca.pem",
        _ if name.ends_with("DNS_SERVER") => "127.0.0.1:53",
        _ => "example.com",
    }
    .to_owned()
}

/// Returns the codes of what is weaker.
fn told(new: &Manifest, old: &Manifest) -> Vec<&'static str> {
    let side = |manifest| Side {
        manifest,
        base: Path::new(""),
    };
    let found = weakenings(&side(new), &side(old));
    found.into_iter().map(|weaker| weaker.code).collect()
}

#[test]
fn whatever_is_taken_from_a_gate_is_missed() {
    let mut taken = 0;
    for path in gates() {
        let text = std::fs::read_to_string(&path).unwrap();
        let Some(gate) = read(&text, path.parent().unwrap()) else {
            // The certificates of some samples must be real.
            continue;
        };
        let name = path.display();
        assert!(told(&gate, &gate).is_empty(), "{name} against itself");
        for at in 0..gate.checks.len() {
            let mut less = gate.clone();
            let check = less.checks.remove(at);
            let found = told(&less, &gate);
            let is_found = found.iter().any(|code| code.ends_with("_removed"));
            assert!(is_found, "{name}: {} can go: {found:?}", check.id);
            for place in 0..check.expectations.list.len() {
                let mut less = gate.clone();
                let list = &mut less.checks[at].expectations.list;
                let expectation = list.remove(place);
                let is_covered = list.iter().any(|other| {
                    other.fact.name == expectation.fact.name
                        && (other.strength == expectation.strength
                            || other.strength == Strength::Must)
                        && other.matcher.is_at_least_as_strict_as(&expectation.matcher)
                });
                assert_eq!(
                    told(&less, &gate).is_empty(),
                    is_covered,
                    "{name}: {} {}",
                    check.id,
                    expectation.fact.name
                );
                taken += 1;
            }
        }
    }
    assert!(taken > 100, "only {taken} expectations were tried");
}

/// Takes every line out of a gate in turn: what is left is refused, weaker, or says the same.
#[test]
fn no_line_can_go_unnoticed() {
    // Without these, and without what is so by itself, a gate can only ask for as much or more: a weight that is lower than a blocker's, another
    // try, more time, fewer phases, a word that makes an expectation a wish; `needs` are order.
    let may_go = [
        "#",
        "tls: { roots: system }",
        "state: open",
        "title",
        "owner",
        "covers",
        "runbook",
        "ticket",
        "severity",
        "retry",
        "timeout",
        "phases",
        "should",
        "needs",
    ];
    let mut lost = Vec::new();
    for path in gates() {
        let text = std::fs::read_to_string(&path).unwrap();
        let base = path.parent().unwrap();
        let Some(gate) = read(&text, base) else {
            continue;
        };
        let lines: Vec<&str> = text.lines().collect();
        let mut section = "";
        for (at, line) in lines.iter().enumerate() {
            if !line.starts_with([' ', '#']) && !line.is_empty() {
                section = line;
            }
            // Whom a gate tells is no part of what it asks.
            if section == "notify:" {
                continue;
            }
            let mut less = lines.clone();
            less.remove(at);
            let Some(new) = read(&(less.join("\n") + "\n"), base) else {
                continue;
            };
            let text = line.trim();
            let may_go = text.is_empty() || may_go.iter().any(|key| text.starts_with(key));
            if told(&new, &gate).is_empty() && !may_go {
                lost.push(format!("{}:{}: {text}", path.display(), at + 1));
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}
