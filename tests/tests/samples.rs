//! The gates beside each kind: samples are read without a mistake, invalid ones with the one they are named for.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use gonogo_config::{Commands, Includes, Inputs, Loaded, Source, load, render};
use gonogo_kind::{
    Diagnostic, Diagnostics, FieldType, KindTable as _, Node, ReadCx, RootsSource, flow, read_field,
};
use gonogo_probes::Kinds;
use gonogo_testkit::ca::{Ca, Issued};

/// Reads a gate where every variable of the environment and every certificate is there.
fn read(kinds: &Kinds, text: &str, base: &Path) -> Loaded {
    let source = Source {
        name: "probes.yaml".to_owned(),
        text: text.to_owned(),
        base: base.to_owned(),
    };
    let inputs = Inputs {
        kinds,
        env: &|name| Some(value(name)),
        read_file: &|path: &Path| match std::fs::read(path) {
            Ok(bytes) => Ok(bytes),
            Err(error) => certificate(path).ok_or(error),
        },
        includes: Includes::none(),
        vars: Vec::new(),
        version: env!("CARGO_PKG_VERSION"),
        now: "2026-11-20T12:00:00Z".parse().unwrap(),
        resolve_secrets: true,
        commands: Commands::StandIn,
        comparing: false,
        policies: &[],
        environment: None,
        phase: None,
    };
    load(&source, &inputs)
}

/// Returns what a variable of an example holds, by its name.
fn value(name: &str) -> String {
    let name = name.to_lowercase();
    let scheme = match name.strip_suffix("_url") {
        Some("database") => "postgres",
        Some("redis") => "redis",
        Some(_) => "https",
        None => return "a-value".to_owned(),
    };
    format!("{scheme}://user:password@example.com/0")
}

/// Returns what a file of an example holds: `ca.pem`, `client.pem`, `client.key`.
fn certificate(path: &Path) -> Option<Vec<u8>> {
    static ISSUED: LazyLock<Issued> = LazyLock::new(|| Ca::new().leaf(&["client.test"]).issue());
    let name = path.file_name()?.to_str()?;
    let pem = match name.rsplit_once('.') {
        _ if name.starts_with("no-such") => return None,
        Some((stem, "pem" | "key")) if stem.ends_with("key") || name.ends_with(".key") => {
            ISSUED.key_pem()
        }
        Some((_, "pem" | "crt")) => ISSUED.chain_pem(),
        _ => return None,
    };
    Some(pem.into_bytes())
}

fn rendered(loaded: &Loaded) -> String {
    render(
        &loaded.diagnostics,
        &loaded.sources,
        &loaded.redactor,
        false,
    )
}

/// Returns the gates in a folder of a kind.
fn gates(kind: &str, folder: &str) -> Vec<PathBuf> {
    let kinds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/gonogo-probes/src/kinds");
    let Ok(entries) = std::fs::read_dir(kinds.join(kind).join(folder)) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut gates: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
        .collect();
    gates.sort();
    gates
}

#[test]
fn samples_are_read_without_a_mistake() {
    let kinds = Kinds::new();
    let mut wrong = Vec::new();
    for kind in kinds.kinds() {
        let samples = gates(kind.name, "samples");
        if samples.len() < 2 {
            wrong.push(format!("{} has too few samples", kind.name));
        }
        for path in samples {
            let text = std::fs::read_to_string(&path).unwrap();
            let loaded = read(&kinds, &text, path.parent().unwrap());
            if loaded.has_errors() || !text.contains(&format!("{}:", kind.name)) {
                wrong.push(format!("{}\n{}", path.display(), rendered(&loaded)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Compares a rendering with the agreed one beside its gate; `UPDATE_GOLDEN=1` writes it.
fn is_golden(path: &Path, rendering: &str) -> bool {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, rendering).unwrap();
    }
    std::fs::read_to_string(path).is_ok_and(|agreed| agreed == rendering)
}

#[test]
fn invalid_gates_are_refused_for_the_mistake_they_are_named_for() {
    let kinds = Kinds::new();
    let mut wrong = Vec::new();
    for kind in kinds.kinds() {
        let invalid = gates(kind.name, "invalid");
        if invalid.len() < 3 {
            wrong.push(format!("{} has too few invalid gates", kind.name));
        }
        for path in invalid {
            let text = std::fs::read_to_string(&path).unwrap();
            let comment = text.strip_prefix("# ").unwrap_or_default();
            let code = comment.split(':').next().unwrap_or_default();
            let loaded = read(&kinds, &text, path.parent().unwrap());
            if !loaded.has_errors() || !loaded.diagnostics.iter().any(|d| d.code == code) {
                wrong.push(format!("{}\n{}", path.display(), rendered(&loaded)));
            }
            if !is_golden(&path.with_extension("stderr"), &rendered(&loaded)) {
                wrong.push(format!(
                    "{}: not as agreed\n{}",
                    path.display(),
                    rendered(&loaded)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn examples_are_read_without_a_mistake() {
    let kinds = Kinds::new();
    let mut wrong = Vec::new();
    for kind in kinds.kinds() {
        if kind.examples.is_empty() {
            wrong.push(format!("{} has no example", kind.name));
        }
        for example in kind.examples {
            let lines = example.yaml.lines().map(|line| format!("    {line}\n"));
            let check: String = lines.collect();
            let names = variables(example.yaml).into_iter();
            let vars: String = names
                .map(|name| format!("  {name}: {}\n", value(name)))
                .collect();
            let vars = if vars.is_empty() {
                vars
            } else {
                format!("vars:\n{vars}")
            };
            let text = format!("version: 1\ngate: example\n{vars}checks:\n  example:\n{check}");
            let loaded = read(&kinds, &text, Path::new("."));
            if loaded.has_errors() {
                wrong.push(format!("{}\n{}", example.title, rendered(&loaded)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// An example stands in for a secret that is not here, so each can be read by its own declaration.
#[test]
fn the_example_of_every_field_is_read_by_its_declaration() {
    let kinds = Kinds::new();
    let read_file = |path: &Path| Ok(certificate(path).unwrap_or_else(|| b"x".to_vec()));
    let cx = ReadCx {
        base: Path::new("."),
        read_file: &read_file,
        roots: RootsSource::system().into(),
    };
    for kind in kinds.kinds() {
        for decl in kind.fields {
            let node = flow::read(decl.example);
            let node = node.unwrap_or_else(|_| Node::plain(decl.example));
            let mut told = Diagnostics::default();
            let read = read_field(&node, decl, &cx, &mut told);
            // Some show that a secret belongs there, and the type says what can stand in for it.
            let is_secret = decl.example.starts_with("${")
                && matches!(decl.ty, FieldType::Url(_) | FieldType::Text);
            let name = decl.name;
            assert!(
                read.is_some() || is_secret,
                "{} {name}: {told:?}",
                kind.name
            );
        }
    }
}

/// Whatever is a secret, a gate can be read where it is not.
#[test]
fn samples_and_examples_are_read_without_their_secrets() {
    let kinds = Kinds::new();
    let mut wrong = Vec::new();
    let mut read_without = |what: &str, text: &str, base: &Path| {
        let inputs = Inputs {
            now: "2026-11-20T12:00:00Z".parse().unwrap(),
            kinds: &kinds,
            env: &|_| None,
            read_file: &|path: &Path| match std::fs::read(path) {
                Ok(bytes) => Ok(bytes),
                Err(error) => certificate(path).ok_or(error),
            },
            includes: Includes::none(),
            vars: Vec::new(),
            version: env!("CARGO_PKG_VERSION"),
            resolve_secrets: false,
            commands: Commands::StandIn,
            comparing: false,
            policies: &[],
            environment: None,
            phase: None,
        };
        let source = Source {
            name: "probes.yaml".to_owned(),
            text: text.to_owned(),
            base: base.to_owned(),
        };
        let loaded = load(&source, &inputs);
        let unset_variable = |d: &Diagnostic| d.code == "config/unset_variable";
        if loaded.manifest.is_none() && !loaded.diagnostics.iter().any(unset_variable) {
            wrong.push(format!("{what}\n{}", rendered(&loaded)));
        }
    };
    for kind in kinds.kinds() {
        for path in gates(kind.name, "samples") {
            let text = std::fs::read_to_string(&path).unwrap();
            read_without(&path.display().to_string(), &text, path.parent().unwrap());
        }
        for example in kind.examples {
            let names = variables(example.yaml).into_iter();
            let secrets: String = names.map(|n| format!("  {n}: {{ env: X }}\n")).collect();
            if !secrets.is_empty() {
                let lines = example.yaml.lines().map(|line| format!("    {line}\n"));
                let check: String = lines.collect();
                let text = format!(
                    "version: 1\ngate: example\nsecrets:\n{secrets}checks:\n  example:\n{check}"
                );
                read_without(example.title, &text, Path::new("."));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns the variables that a text mentions.
fn variables(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> = text
        .split("${")
        .skip(1)
        .filter_map(|rest| rest.split('}').next())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}
