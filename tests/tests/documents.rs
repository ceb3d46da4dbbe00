//! What the documents say stays true: their links lead somewhere, and their gates have no mistake.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::fs;
use std::path::{Path, PathBuf};

use gonogo_tests::Gonogo;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// Every Markdown file of the repository.
fn documents() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if name == "target" || name.starts_with('.') {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else if name.ends_with(".md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The lines of a document outside its blocks of code.
fn prose(text: &str) -> String {
    let mut inside = false;
    let mut prose = String::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            inside = !inside;
        } else if !inside {
            prose.push_str(line);
            prose.push('\n');
        }
    }
    prose
}

/// The targets of `[text](target)`.
fn links(prose: &str) -> impl Iterator<Item = &str> {
    prose
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
}

/// The anchor that a heading has: small letters and hyphens.
fn anchors(text: &str) -> Vec<String> {
    prose(text)
        .lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            line.trim_start_matches('#')
                .trim()
                .to_lowercase()
                .chars()
                .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
                .map(|c| if c == ' ' { '-' } else { c })
                .collect()
        })
        .collect()
}

#[test]
fn every_link_leads_to_something_in_the_repository() {
    let mut broken = Vec::new();
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        for link in links(&prose(&text)) {
            if link.contains("://") {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = match path {
                "" => document.clone(),
                path => document.parent().unwrap().join(path),
            };
            let found = target.exists()
                && (anchor.is_empty()
                    || anchors(&fs::read_to_string(&target).unwrap())
                        .iter()
                        .any(|a| a == anchor));
            if !found {
                broken.push(format!("{}: {link}", document.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_gate_in_the_guides_lints_without_a_mistake_or_warning() {
    for (name, least) in [
        ("README.md", 1),
        ("docs/gate-file.md", 4),
        ("docs/guides/conditions.md", 1),
        ("docs/guides/environments.md", 2),
        ("docs/guides/structure.md", 2),
        ("docs/guides/waivers.md", 2),
    ] {
        let text = fs::read_to_string(root().join(name)).unwrap();
        let gates: Vec<&str> = text
            .split("```yaml\n")
            .skip(1)
            .filter_map(|rest| rest.split("```").next())
            .filter(|block| block.starts_with("version:"))
            .collect();
        assert!(gates.len() >= least, "{name} has {} gates", gates.len());
        for gate in gates {
            let run = Gonogo::new(&["lint"])
                .gate(gate)
                .env("TARGET_HOST", "shop.example.com")
                .env(
                    "DATABASE_URL",
                    "postgres://gate:a-secret@db.example.com/shop",
                )
                .env("API_TOKEN", "another-secret")
                .run();
            let said = format!("{}{}", run.stdout, run.stderr);
            assert!(
                run.code == Some(0) && said.contains("no mistake, no warning"),
                "{name}:\n{gate}\n{said}"
            );
        }
    }
}
