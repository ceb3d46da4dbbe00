//! The invalid gates of `tests/invalid`, and the machines that they are read on.

use std::fs;
use std::path::{Path, PathBuf};

use super::Machine;

/// Every YAML file of a folder of these tests, by name: its stem and its path.
pub(crate) fn yaml_files(folder: &str) -> Vec<(String, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
        .collect();
    paths.sort();
    let named = |path: PathBuf| (path.file_stem().unwrap().to_str().unwrap().to_owned(), path);
    paths.into_iter().map(named).collect()
}

/// Every invalid gate: its name, its path and its bytes.
pub(crate) fn samples() -> Vec<(String, PathBuf, Vec<u8>)> {
    let sample = |(stem, path): (String, PathBuf)| {
        let bytes = fs::read(&path).unwrap();
        (stem, path, bytes)
    };
    yaml_files("invalid").into_iter().map(sample).collect()
}

/// Returns the machine that a sample asks for in its first lines.
pub(crate) fn machine(text: &str) -> Machine {
    let mut machine = Machine::default();
    for line in text.lines() {
        let Some(said) = line.strip_prefix("#! ") else {
            break;
        };
        let (what, rest) = said.split_once(' ').unwrap();
        let (name, value) = rest.split_once('=').unwrap();
        let value = value.replace("\\n", "\n").replace("\\0", "\0");
        machine = match what {
            "env" => machine.env(name, &value),
            "file" => machine.file(name, &value),
            "link" => machine.link(name, &value),
            "var" => machine.var(name, &value),
            "policy" => machine.policy(name, &value),
            "program" => machine.program(name, value.as_bytes()),
            "given" if name == "env" => machine.environment(&value),
            "given" => machine.phase(&value),
            other => panic!("{other}?"),
        };
    }
    machine
}
