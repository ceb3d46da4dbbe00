//! The shape of the sources: sizes, names, folders, words.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::Failure;

/// Lines above which a file without its tests no longer fits in a head.
const MAX_LINES: usize = 600;
/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["util", "utils", "common", "helpers", "misc", "types"];
/// Words that have no place in committed sources: they are put together here so as not to match.
const WORDS: &[(&str, &str)] = &[
    (concat!("todo", "!("), "unfinished code"),
    (concat!("unimplemented", "!("), "unfinished code"),
    (
        concat!("#[ign", "ore"),
        "a test that does not run proves nothing",
    ),
    (concat!("FIX", "ME"), "unfinished code"),
    (concat!("..", "/shared"), "a path outside the project"),
];

/// Returns every breach found in the sources.
pub(super) fn check(root: &Path) -> Result<Vec<String>, Failure> {
    let mut breaches = Vec::new();
    for folder in ["bench", "crates", "examples", "tests", "xtask"] {
        for path in sources(&root.join(folder))? {
            let shown = path
                .strip_prefix(root)
                .unwrap_or(&path)
                .display()
                .to_string();
            let text = fs::read_to_string(&path)?;
            breaches.extend(check_file(&shown, &text));
        }
    }
    breaches.extend(check_kinds(root)?);
    Ok(breaches)
}

fn check_file(shown: &str, text: &str) -> Vec<String> {
    let mut breaches = Vec::new();
    // A folder of that name says as little as a file.
    let empty = |part: &str| EMPTY_NAMES.contains(&part.strip_suffix(".rs").unwrap_or(part));
    if shown.split('/').any(empty) {
        breaches.push(format!("{shown}: name the file after what is inside"));
    }
    let is_test = shown
        .split('/')
        .any(|part| part == "tests" || part == "tests.rs");
    let lines = text
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default()
        .lines()
        .count();
    if !is_test && lines > MAX_LINES {
        breaches.push(format!(
            "{shown}: {lines} lines without tests, more than {MAX_LINES}"
        ));
    }
    if !text.starts_with("//!") && !text.starts_with("#!") {
        breaches.push(format!(
            "{shown}: begins without a `//!` line that says what it is for"
        ));
    }
    for (word, why) in WORDS {
        if text.contains(word) {
            breaches.push(format!("{shown}: `{word}`: {why}"));
        }
    }
    breaches
}

/// A kind is a folder with the same files everywhere.
fn check_kinds(root: &Path) -> Result<Vec<String>, Failure> {
    let mut breaches = Vec::new();
    let kinds = root.join("crates/gonogo-probes/src/kinds");
    for entry in fs::read_dir(&kinds)? {
        let folder = entry?.path();
        if !folder.is_dir() {
            continue;
        }
        let name = folder
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_owned();
        for file in ["mod.rs", "config.rs", "facts.rs", "codes.rs"] {
            if !folder.join(file).exists() {
                breaches.push(format!("kind {name}: {file} is missing"));
            }
        }
        for (data, least) in [("samples", 2), ("invalid", 3)] {
            let count = match fs::read_dir(folder.join(data)) {
                Ok(entries) => entries
                    .flatten()
                    .filter(|e| e.path().extension().is_some_and(|x| x == "yaml"))
                    .count(),
                Err(_) => 0,
            };
            if count < least {
                breaches.push(format!(
                    "kind {name}: {count} files in {data}/, at least {least}"
                ));
            }
        }
        if !root
            .join(format!("docs/reference/kinds/{name}.md"))
            .exists()
        {
            breaches.push(format!(
                "kind {name}: no reference page; run `cargo xtask gen`"
            ));
        }
    }
    Ok(breaches)
}

/// Returns every Rust source below a folder.
fn sources(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaches_of_the_shape_are_seen() {
        let long = format!("//! Long.\n{}", "\n".repeat(MAX_LINES));
        for (shown, text) in [
            ("crates/a/src/utils.rs", "//! Things."),
            ("crates/a/src/helpers/mod.rs", "//! Things."),
            ("crates/a/src/lib.rs", "fn main() {}"),
            ("crates/a/src/lib.rs", &long),
            (
                "crates/a/src/lib.rs",
                concat!("//! A.\nfn f() { todo", "!() }"),
            ),
            (
                "crates/a/src/lib.rs",
                concat!("//! A.\n#[ign", "ore]\nfn f() {}"),
            ),
        ] {
            assert_eq!(check_file(shown, text).len(), 1, "{shown}: {text:.40}");
        }
        let tested = "//! A.\n#[cfg(test)]\nmod tests {\n".to_owned() + &long;
        assert_eq!(check_file("crates/a/src/lib.rs", &tested), [""; 0]);
    }
}
