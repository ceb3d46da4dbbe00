//! Every mistake, one file each, with what a person is told about it beside it.
//!
//! `UPDATE_GOLDEN=1 cargo test -p gonogo-config --test invalid` writes the expected texts anew.
//! A file begins with what the machine has: `#! env NAME=VALUE`, `#! file PATH=TEXT`, `#! var NAME=VALUE`,
//! and what was asked for: `#! given env=NAME`, `#! given phase=NAME`.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use gonogo_config::{CODES, Sources, Weight, decode, render};
use gonogo_kind::{Diagnostic, Level};
use gonogo_model::Redactor;
use support::samples::{machine, samples};

/// Returns the mistakes of a sample and what is said about them.
fn told(stem: &str, bytes: &[u8]) -> (Vec<Diagnostic>, String) {
    match decode(bytes) {
        Ok(text) => {
            let loaded = machine(&text).load_as(&format!("{stem}.yaml"), &text);
            let text = support::rendered(&loaded);
            (loaded.diagnostics, text)
        }
        Err(mistake) => {
            let mistakes = vec![mistake];
            let text = render(&mistakes, &Sources::default(), &Redactor::default(), false);
            (mistakes, text)
        }
    }
}

#[test]
fn every_mistake_is_told_as_agreed() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut wrong = Vec::new();
    for (stem, path, bytes) in samples() {
        let (_, text) = told(&stem, &bytes);
        let golden = path.with_extension("stderr");
        if update {
            fs::write(&golden, &text).unwrap();
        } else if fs::read_to_string(&golden).unwrap_or_default() != text {
            wrong.push(format!("{stem}:\n{text}"));
        }
        assert!(!text.contains("canary-"), "{stem} shows a secret:\n{text}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_has_a_file_and_every_file_a_code() {
    let mut of_files = BTreeSet::new();
    let mut raised = BTreeSet::new();
    for (stem, _, bytes) in samples() {
        let code = format!("config/{}", stem.split('-').next().unwrap());
        let (mistakes, text) = told(&stem, &bytes);
        assert!(
            mistakes.iter().any(|d| d.code == code),
            "{stem} does not raise {code}:\n{text}"
        );
        of_files.insert(code);
        raised.extend(mistakes.iter().map(|d| d.code.to_owned()));
    }
    let declared: BTreeSet<String> = CODES.iter().map(|c| c.code.to_owned()).collect();
    assert_eq!(of_files, declared);
    assert!(
        raised.is_subset(&declared),
        "{:?}",
        raised.difference(&declared)
    );
}

#[test]
fn a_code_is_a_mistake_or_a_warning_as_it_is_declared() {
    for (stem, _, bytes) in samples() {
        for told in told(&stem, &bytes).0 {
            let code = CODES.iter().find(|c| c.code == told.code).unwrap();
            let agrees = match code.weight {
                Weight::Mistake => told.level == Level::Error || told.span.is_none(),
                Weight::Warning => told.level == Level::Warning,
                Weight::WarningInLint => true,
            };
            assert!(agrees, "{stem}: {}", told.code);
        }
    }
}

#[test]
fn no_code_is_used_that_is_not_declared() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut open = vec![
        crates.join("gonogo-config/src"),
        crates.join("gonogo-kind/src"),
    ];
    let mut used = BTreeSet::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(path).unwrap().map(|e| e.unwrap().path()));
            continue;
        }
        let text = fs::read_to_string(path).unwrap();
        for part in text.split("\"config/").skip(1) {
            used.insert(format!("config/{}", part.split('"').next().unwrap()));
        }
    }
    used.remove("config/x");
    let declared: BTreeSet<String> = CODES.iter().map(|c| c.code.to_owned()).collect();
    assert_eq!(used, declared);
}

#[test]
fn a_warning_alone_does_not_keep_a_gate_from_running() {
    for stem in [
        "loopback_default",
        "status_only",
        "unused",
        "vacuous",
        "cut_by_comment",
    ] {
        let (_, _, bytes) = samples().into_iter().find(|(s, ..)| s == stem).unwrap();
        let text = decode(bytes).unwrap();
        assert!(machine(&text).load(&text).manifest.is_some(), "{stem}");
    }
}
