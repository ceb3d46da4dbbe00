//! Every kind of weakening, one pair of gates each, with what a reviewer is told about it beside it.
//!
//! `UPDATE_GOLDEN=1 cargo test -p gonogo-config --test against` writes the expected texts anew. A file holds
//! the old gate, a line `#=== new`, and the new gate. What is named `same-...` is no weakening.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use gonogo_config::{Side, Source, WEAKENINGS, Weakening, compare, render_weakenings, weakenings};
use support::samples::yaml_files;
use support::{Machine, rendered};

fn machine() -> Machine {
    Machine::default()
        .env("HOST", "host.example.com")
        .env("OTHER_HOST", "host.example.com")
        .file("ca.pem", "-----BEGIN CERTIFICATE-----\n")
        .without_secrets()
}

/// Compares two gates; each must be no weaker than itself.
fn compared(machine: &Machine, new: &str, old: &str) -> Vec<Weakening> {
    let found = |new: (&str, &str), old: (&str, &str)| {
        let source = |(name, text): (&str, &str)| Source {
            name: name.to_owned(),
            text: text.to_owned(),
            base: PathBuf::new(),
        };
        let compared = machine.with_inputs(|inputs| compare(&source(new), &source(old), inputs));
        compared.weakenings.unwrap_or_else(|| {
            let mistakes = rendered(&compared.new) + &rendered(&compared.old);
            panic!("{}\n{}\n{mistakes}", new.1, old.1)
        })
    };
    for text in [new, old] {
        let found = found(("new.yaml", text), ("old.yaml", text));
        let told = render_weakenings(&found, false);
        assert!(found.is_empty(), "against itself:\n{text}\n{told}");
    }
    found(("new.yaml", new), ("old.yaml", old))
}

/// Returns what is told of a policy that is another; a policy that is new, or the same, is not told.
fn codes_of_policies() -> Vec<&'static str> {
    let text = "version: 1\ngate: g\nchecks: { a: { tcp: \"a:1\" } }\n";
    let with = |policy: Option<&str>| {
        let mut manifest = machine().load(text).manifest.unwrap();
        let policy = policy.map(|policy| ("policy".to_owned(), policy.to_owned()));
        manifest.written.extend(policy);
        manifest
    };
    let codes = |new: Option<&str>, old: Option<&str>| -> Vec<&'static str> {
        let (new, old) = (with(new), with(old));
        let side = |manifest| Side {
            manifest,
            base: Path::new(""),
        };
        let found = weakenings(&side(&new), &side(&old));
        found.iter().map(|weaker| weaker.code).collect()
    };
    let (one, two) = ("{\"a\":1,\"b\":[2]}", "{\"b\":[2],\"a\":1}");
    assert!(codes(Some(one), None).is_empty());
    assert!(codes(Some(one), Some(two)).is_empty());
    assert_eq!(codes(None, Some(one)), ["weaker/policy_changed"]);
    codes(Some("{}"), Some(one))
}

/// Every pair, by its name.
fn pairs() -> Vec<(String, PathBuf, String, String)> {
    let pair = |(stem, path): (String, PathBuf)| {
        let text = fs::read_to_string(&path).unwrap();
        let (old, new) = text.split_once("#=== new\n").unwrap();
        (stem, path, old.to_owned(), new.to_owned())
    };
    yaml_files("against").into_iter().map(pair).collect()
}

#[test]
fn every_weakening_is_told_as_agreed() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut wrong = Vec::new();
    let mut raised = BTreeSet::new();
    for (stem, path, old, new) in pairs() {
        let found = compared(&machine(), &new, &old);
        let text = render_weakenings(&found, false);
        if stem.starts_with("same-") {
            if !found.is_empty() {
                wrong.push(format!("{stem} is no weakening:\n{text}"));
            }
            continue;
        }
        let code = format!("weaker/{}", stem.split('-').next().unwrap());
        if !found.iter().any(|weaker| weaker.code == code) {
            wrong.push(format!("{stem} does not raise {code}:\n{text}"));
        }
        raised.extend(found.iter().map(|weaker| weaker.code));
        let golden = path.with_extension("stderr");
        if update {
            fs::write(&golden, &text).unwrap();
        } else if fs::read_to_string(&golden).unwrap_or_default() != text {
            wrong.push(format!("{stem}:\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    raised.extend(codes_of_policies());
    let declared: BTreeSet<&str> = WEAKENINGS.iter().map(|code| code.code).collect();
    assert_eq!(raised, declared);
}
