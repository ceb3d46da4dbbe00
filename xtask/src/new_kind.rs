//! `cargo xtask new-kind NAME`: the folder of a kind and its lines in the table.

use std::fs;
use std::path::Path;

use crate::shell::{Failure, root};

/// The files of a kind, with `NAME` where its name belongs.
const TEMPLATES: &[(&str, &str)] = &[
    ("mod.rs", include_str!("../templates/kind/mod.rs.txt")),
    ("config.rs", include_str!("../templates/kind/config.rs.txt")),
    ("facts.rs", include_str!("../templates/kind/facts.rs.txt")),
    ("codes.rs", include_str!("../templates/kind/codes.rs.txt")),
    ("probe.rs", include_str!("../templates/kind/probe.rs.txt")),
    ("tests.rs", include_str!("../templates/kind/tests.rs.txt")),
    (
        "samples/short.yaml",
        include_str!("../templates/kind/short.yaml.txt"),
    ),
    (
        "samples/long.yaml",
        include_str!("../templates/kind/long.yaml.txt"),
    ),
    (
        "invalid/unknown_key.yaml",
        include_str!("../templates/kind/unknown_key.yaml.txt"),
    ),
    (
        "invalid/unknown_fact.yaml",
        include_str!("../templates/kind/unknown_fact.yaml.txt"),
    ),
    (
        "invalid/missing_field.yaml",
        include_str!("../templates/kind/missing_field.yaml.txt"),
    ),
];

/// Writes the folder and the lines.
pub(crate) fn run(name: &str) -> Result<(), Failure> {
    let fits = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !fits {
        return Err(Failure::new(format!(
            "`{name}` is not the name of a kind: small letters, digits and '_'"
        )));
    }
    let source = root().join("crates/gonogo-probes/src");
    let folder = source.join("kinds").join(name);
    if folder.exists() {
        return Err(Failure::new(format!(
            "there is a kind `{name}` already: {}",
            folder.display()
        )));
    }
    for (file, template) in TEMPLATES {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap_or(&folder))?;
        fs::write(path, template.replace("NAME", name))?;
    }
    insert_sorted(
        &source.join("kinds/mod.rs"),
        "pub(crate) mod ",
        &format!("pub(crate) mod {name};"),
    )?;
    insert_sorted(
        &source.join("registry.rs"),
        "    (&",
        &format!("    (&{name}::KIND, {name}::compile),"),
    )?;
    import(&source.join("registry.rs"), name)?;
    println!(
        "crates/gonogo-probes/src/kinds/{name}/ is there, and its lines stand in kinds/mod.rs and registry.rs."
    );
    println!(
        "Next: fields in config.rs, facts in facts.rs, the look in probe.rs; then cargo xtask gen,
      and UPDATE_GOLDEN=1 cargo test -p gonogo-tests --test samples for the agreed renderings; read them."
    );
    Ok(())
}

/// Puts a line among its kind, in order.
fn insert_sorted(path: &Path, prefix: &str, line: &str) -> Result<(), Failure> {
    let text = fs::read_to_string(path)?;
    let mut lines: Vec<&str> = text.lines().collect();
    let last = lines.iter().rposition(|known| known.starts_with(prefix));
    let place = lines
        .iter()
        .position(|known| known.starts_with(prefix) && *known > line)
        .or(last.map(|last| last + 1))
        .ok_or_else(|| {
            Failure::new(format!(
                "{}: no line begins with `{prefix}`",
                path.display()
            ))
        })?;
    lines.insert(place, line);
    fs::write(path, lines.join("\n") + "\n")?;
    Ok(())
}

/// Adds the kind to the `use crate::kinds::{...};` of the table.
fn import(path: &Path, name: &str) -> Result<(), Failure> {
    let text = fs::read_to_string(path)?;
    let missing = || {
        Failure::new(format!(
            "{}: no `use crate::kinds::{{...}};`",
            path.display()
        ))
    };
    let start = text.find(IMPORT).ok_or_else(missing)? + IMPORT.len();
    let end = start + text[start..].find("};").ok_or_else(missing)?;
    let mut kinds: Vec<&str> = text[start..end]
        .split(',')
        .map(str::trim)
        .filter(|kind| !kind.is_empty())
        .collect();
    kinds.push(name);
    kinds.sort_unstable();
    let text = format!("{}{}{}", &text[..start], kinds.join(", "), &text[end..]);
    fs::write(path, text)?;
    Ok(())
}

const IMPORT: &str = "use crate::kinds::{";
