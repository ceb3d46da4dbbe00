//! What the project calls itself: the name of the gate.

use std::path::Path;

use crate::folder::Folder;
use crate::names;
use crate::sketch::Sketch;

/// Returns the name of the project: that of its package, or of its folder.
pub(super) fn name(folder: &Folder, root: &Path, sketch: &mut Sketch) -> String {
    let has = |file: &str| folder.files.iter().any(|known| known == file);
    let package = has("package.json")
        .then(|| folder.read("package.json", sketch))
        .flatten()
        .and_then(|text| of_package(&text));
    let cargo = || {
        let text = has("Cargo.toml").then(|| folder.read("Cargo.toml", sketch));
        text.flatten().and_then(|text| of_cargo(&text))
    };
    let of_folder = || {
        let whole = std::fs::canonicalize(root).ok()?;
        Some(whole.file_name()?.to_string_lossy().into_owned())
    };
    let found = package.or_else(cargo).or_else(of_folder);
    let found = found.unwrap_or_default();
    // `@scope/name` is the package `name`.
    match names::id(found.rsplit('/').next().unwrap_or(&found)).as_str() {
        "check" => "gate".to_owned(),
        name => name.to_owned(),
    }
}

fn of_package(text: &str) -> Option<String> {
    let package: serde_json::Value = serde_json::from_str(text).ok()?;
    Some(package.get("name")?.as_str()?.to_owned())
}

fn of_cargo(text: &str) -> Option<String> {
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            inside = line == "[package]";
        } else if let Some(rest) = line.strip_prefix("name").filter(|_| inside) {
            let value = rest.trim_start().strip_prefix('=')?.trim();
            return Some(value.trim_matches(['"', '\'']).to_owned());
        }
    }
    None
}
