//! The corpus of every target, and a fixed number of changes of it, the same in every run.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::fmt::Write as _;
use std::path::Path;

use gonogo_fuzz::{Corpus, TARGETS, Watch, run};

fn replay(name: &str) {
    let target = TARGETS.iter().find(|target| target.name == name).unwrap();
    let corpus = Corpus::read(name).unwrap();
    let outcome = run(target, &corpus, 1, &Watch::default(), |made| {
        made < target.tries
    });
    let mut told = String::new();
    for broken in &outcome.broken {
        let input = broken.input.bytes.escape_ascii();
        let name = &broken.input.name;
        writeln!(told, "{name}: {}\n\"{input}\"\n", broken.message).unwrap();
    }
    assert!(outcome.broken.is_empty(), "{told}");
    // Changes that never lead anywhere new would test nothing but the corpus.
    assert!(
        outcome.behaviours > corpus.inputs.len() / 2,
        "{} behaviours of {} inputs",
        outcome.behaviours,
        corpus.inputs.len()
    );
}

#[test]
fn against() {
    replay("against");
}

#[test]
fn conditions() {
    replay("conditions");
}

#[test]
fn lines() {
    replay("lines");
}

#[test]
fn loader() {
    replay("loader");
}

#[test]
fn matchers() {
    replay("matchers");
}

#[test]
fn policies() {
    replay("policies");
}

#[test]
fn structure() {
    replay("structure");
}

#[test]
fn units() {
    replay("units");
}

#[test]
fn var_files() {
    replay("var_files");
}

#[test]
fn waivers() {
    replay("waivers");
}

#[test]
fn targets_and_corpora_are_the_same_and_small() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut folders: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    folders.sort();
    let targets: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
    assert_eq!(folders, targets);
    let mut size = 0;
    for target in &targets {
        let corpus = Corpus::read(target).unwrap();
        assert!(!corpus.inputs.is_empty(), "{target}");
        size += corpus.inputs.iter().map(|i| i.bytes.len()).sum::<usize>();
    }
    assert!(size < 1 << 20, "the corpora have {size} bytes");
}
