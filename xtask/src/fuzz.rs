//! `cargo xtask fuzz [TARGET] [--minutes N]`: looks for inputs that break a reader, for as long as wanted.

use std::fs;
use std::path::Path;

use crate::shell::{Failure, cargo, root, run as execute, target_folder};

/// Fuzzes one target, or all of them one after another; what breaks one is saved into its corpus.
pub(crate) fn run(words: &[&str]) -> Result<(), Failure> {
    let (named, minutes) = read(words)?;
    let corpora = root().join("fuzz/corpus");
    let mut targets: Vec<String> = Vec::new();
    for entry in fs::read_dir(&corpora)? {
        targets.push(entry?.file_name().to_string_lossy().into_owned());
    }
    targets.sort();
    if let Some(named) = named {
        if !targets.iter().any(|target| target == named) {
            return Err(Failure::new(format!("there is no target `{named}`"))
                .hint(format!("The targets are {}.", targets.join(", "))));
        }
        targets = vec![named.to_owned()];
    }
    eprintln!("building the targets with every check of arithmetic (minutes, the first time) ...");
    execute(cargo().args([
        "build",
        "--quiet",
        "--locked",
        "--profile",
        "fuzz",
        "--package",
        "gonogo-fuzz",
    ]))?;
    let programs = target_folder()?.join("fuzz");
    let mut broken = Vec::new();
    for target in &targets {
        let status = std::process::Command::new(programs.join("gonogo-fuzz"))
            .args([target, "--minutes", &minutes.to_string()])
            .status()?;
        if !status.success() {
            broken.push(target.as_str());
        }
        // It is there still when the process died: of a stack that overflowed, or of a hang.
        let trying = programs.join(format!("trying-{target}"));
        if trying.exists() {
            let kept = keep(&trying, &corpora.join(target))?;
            eprintln!("{target}: {status}; the input is {kept}");
        }
    }
    if broken.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("broken: {}", broken.join(", "))).hint(
        "The inputs are in their corpora. Give what broke a test of its own, then mend it; \
             `cargo test -p gonogo-fuzz` fails until then.",
    ))
}

fn read<'w>(words: &[&'w str]) -> Result<(Option<&'w str>, u64), Failure> {
    let wrong = || Failure::new("usage: cargo xtask fuzz [TARGET] [--minutes N]");
    let number = |text: &str| text.parse().map_err(|_| wrong());
    match words {
        [] => Ok((None, 1)),
        ["--minutes", minutes] => Ok((None, number(minutes)?)),
        [target] if !target.starts_with('-') => Ok((Some(target), 1)),
        [target, "--minutes", minutes] => Ok((Some(target), number(minutes)?)),
        _ => Err(wrong()),
    }
}

/// Moves an input into a corpus.
fn keep(input: &Path, corpus: &Path) -> Result<String, Failure> {
    let free = (0..1_000).map(|n| corpus.join(format!("broke-process-{n}.txt")));
    let mut free = free.filter(|path| !path.exists());
    let place = free
        .next()
        .ok_or_else(|| Failure::new("the corpus is full"))?;
    fs::copy(input, &place)?;
    fs::remove_file(input)?;
    Ok(place.display().to_string())
}
