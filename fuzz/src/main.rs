//! `gonogo-fuzz TARGET [--minutes N] [--seed N]`: what `cargo xtask fuzz` runs.
//!
//! What is being tried is kept in a file of the target folder; when the process dies of it, `cargo xtask
//! fuzz` finds it there.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool of the house talks to people"
)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime};

use gonogo_fuzz::{Corpus, TARGETS, Target, Watch, run};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let option = |name: &str| {
        let at = words.iter().position(|word| *word == name)?;
        words.get(at + 1)?.parse::<u64>().ok()
    };
    let minutes = option("--minutes").unwrap_or(1);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let seed = option("--seed").unwrap_or_else(|| now.map_or(1, |now| now.as_secs()));
    let known = words.first();
    let Some(target) = TARGETS.iter().find(|target| Some(&target.name) == known) else {
        eprintln!("usage: gonogo-fuzz TARGET [--minutes N] [--seed N], where TARGET is one of");
        for target in TARGETS {
            eprintln!("  {:<12}  {}", target.name, target.what);
        }
        return ExitCode::from(2);
    };
    match fuzz(target, Duration::from_secs(60 * minutes), seed) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("gonogo-fuzz: {error}");
            ExitCode::from(2)
        }
    }
}

/// Tries changes until the time is up, and returns whether nothing broke.
fn fuzz(target: &Target, time: Duration, seed: u64) -> std::io::Result<bool> {
    let corpus = Corpus::read(target.name)?;
    let trying = trying(target.name);
    println!(
        "{}: {} for {} min from {} inputs with seed {seed}; what is being tried is in {}",
        target.name,
        target.what,
        time.as_secs() / 60,
        corpus.inputs.len(),
        trying.display()
    );
    // Each panic is told once, below.
    std::panic::set_hook(Box::new(|_| {}));
    let began = Instant::now();
    let watch = Watch::keeping(trying.clone());
    let outcome = run(target, &corpus, seed, &watch, |_| began.elapsed() < time);
    let _removed = std::fs::remove_file(trying);
    println!(
        "{}: {} inputs in {} s, {} behaviours, {} broken",
        target.name,
        outcome.tried,
        began.elapsed().as_secs(),
        outcome.behaviours,
        outcome.broken.len()
    );
    for broken in &outcome.broken {
        let path = corpus.save(&broken.input.bytes)?;
        println!(
            "  {} ({}): {}",
            path.display(),
            broken.input.name,
            broken.message
        );
    }
    Ok(outcome.broken.is_empty())
}

/// Returns the file for what is being tried.
fn trying(target: &str) -> PathBuf {
    let here = std::env::current_exe().ok();
    let folder = here.as_deref().and_then(Path::parent);
    folder
        .unwrap_or_else(|| Path::new("."))
        .join(format!("trying-{target}"))
}
