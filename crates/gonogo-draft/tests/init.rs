//! First gates from samples: the whole text as golden, and every one of them loads without a word.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::fs;
use std::path::{Path, PathBuf};

use gonogo_draft::{FirstGate, init};
use gonogo_probes::Kinds;
use gonogo_run::{GateRequest, World, open};

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

/// Returns everything that a person is told.
fn told(made: &FirstGate) -> String {
    let mut told = format!("{}\n--- notes\n", made.text);
    for note in &made.notes {
        told.push_str(&format!("{note}\n"));
    }
    told.push_str(&format!("--- {} found, environment\n", made.found));
    for name in &made.environment {
        told.push_str(&format!("{name}\n"));
    }
    told
}

/// Stands in for what an environment would hold.
fn stand_in(name: &str) -> Option<String> {
    let value = if name.contains("REDIS") || name == "CACHE" {
        "redis://cache.example.com:6379/0"
    } else if name.contains("DATABASE") {
        "postgres://app:canary-set@db.example.com/app"
    } else if name.ends_with("_URL") {
        "https://api.example.com/"
    } else if name.ends_with("_PORT") {
        "8080"
    } else {
        "target.example.com"
    };
    Some(value.to_owned())
}

/// Returns what `gonogo lint` says of a text.
fn linted(text: &str, folder: &Path) -> String {
    let file = folder.join("probes.yaml");
    let request = GateRequest {
        file: file.display().to_string(),
        resolve_secrets: true,
        ..GateRequest::default()
    };
    let bytes = text.as_bytes().to_vec();
    let world = World {
        env: Box::new(stand_in),
        read_file: Box::new(move |path| match path {
            path if path == file => Ok(bytes.clone()),
            path => fs::read(path),
        }),
        ..World::real()
    };
    let opened = open(&request, &world, &Kinds::new()).unwrap();
    let is_gate = opened.loaded.manifest.is_some();
    assert!(is_gate || opened.loaded.has_errors(), "no gate");
    opened.render(false)
}

#[test]
fn samples_give_what_was_agreed() {
    let mut wrong = Vec::new();
    let mut folders: Vec<PathBuf> = fs::read_dir(samples())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    assert!(folders.len() >= 7, "the samples are there");
    for folder in folders {
        let made = init(&folder, Some(&folder)).unwrap();
        let told = told(&made);
        assert!(!told.contains("canary"), "a value came along:\n{told}");
        assert_eq!(
            linted(&made.text, &folder),
            "",
            "{}:\n{}",
            folder.display(),
            made.text
        );
        let golden = folder.with_extension("golden");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&golden, &told).unwrap();
        } else if fs::read_to_string(&golden).ok().as_deref() != Some(&told) {
            wrong.push(format!("{}:\n{told}", golden.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_gate_elsewhere_finds_the_migrations() {
    let folder = samples().join("mixed");
    let made = init(&folder, Some(&samples().join("compose/api"))).unwrap();
    assert!(
        made.text.contains("      dir: ../../mixed/migrations\n"),
        "{}",
        made.text
    );
}
