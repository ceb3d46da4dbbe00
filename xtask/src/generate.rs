//! `cargo xtask gen`: the files that are made from declarations.
//!
//! The schema and the reference pages are written by the gonogo binary itself, from the tables that
//! also drive the loader, so they cannot say anything else. They are committed for readers without a
//! tool chain, and `--check` fails when they are stale.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shell::{Failure, build, root, run as run_command};

/// Whether to write the files or to compare them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Write what is stale.
    Write,
    /// Fail on what is stale.
    Check,
}

/// Writes or checks every generated file.
pub(crate) fn run(mode: Mode) -> Result<(), Failure> {
    let programs = build(&["gonogo"], false)?;
    let fresh = std::env::temp_dir().join(format!("gonogo-gen-{}", std::process::id()));
    fs::create_dir_all(&fresh)?;
    let made = run_command(
        Command::new(programs.join("gonogo"))
            .arg("reference")
            .arg(&fresh),
    );
    let result = made.and_then(|()| compare(&fresh, &root().join(FOLDER), mode));
    fs::remove_dir_all(&fresh)?;
    result
}

fn compare(fresh: &Path, committed: &Path, mode: Mode) -> Result<(), Failure> {
    let wanted = files(fresh)?;
    let found = if committed.exists() {
        files(committed)?
    } else {
        BTreeMap::new()
    };
    let mut stale: Vec<&PathBuf> = wanted
        .iter()
        .filter(|(path, text)| found.get(*path) != Some(*text))
        .map(|(path, _)| path)
        .collect();
    stale.extend(found.keys().filter(|path| !wanted.contains_key(*path)));
    if stale.is_empty() {
        println!("{} generated files are up to date", wanted.len());
        return Ok(());
    }
    let names = stale
        .iter()
        .map(|path| format!("  {FOLDER}/{}", path.display()))
        .collect::<Vec<_>>()
        .join("\n");
    if mode == Mode::Check {
        return Err(Failure::new(format!("generated files are stale:\n{names}"))
            .hint("run `cargo xtask gen` and commit what it writes"));
    }
    for path in stale {
        let target = committed.join(path);
        match wanted.get(path) {
            Some(text) => {
                fs::create_dir_all(target.parent().unwrap_or(committed))?;
                fs::write(target, text)?;
            }
            None => fs::remove_file(target)?,
        }
    }
    println!("written:\n{names}");
    Ok(())
}

/// Returns the files below a folder, by their path in it.
fn files(folder: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>, Failure> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap_or(&path).to_owned();
                found.insert(name, fs::read(&path)?);
            }
        }
    }
    Ok(found)
}

/// The folder that holds nothing but generated files.
const FOLDER: &str = "docs/reference";
