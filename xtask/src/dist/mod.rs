//! `cargo xtask dist [--twice]`: what is given to others, in `target/dist`.
//!
//! It is made of the last commit, in a copy of its own, so nothing that lies about gets in: one static program
//! (musl) in an archive and in a Debian package, with its manual pages and completions, a list of
//! everything inside (SBOM) and checksums. `--twice` makes it all again in another folder and compares the bytes.

mod copy;
mod tools;

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::folder::Folder;
use crate::shell::{Failure, read, root, run as execute, target_folder};
use copy::Copy;
use tools::Tools;

/// The most that the program may weigh, in bytes: 15 MB.
const MOST: u64 = 15_000_000;

/// Makes the artifacts; with `--twice` two times, and compares them.
pub(crate) fn run(words: &[&str]) -> Result<(), Failure> {
    let twice = match words {
        [] => false,
        ["--twice"] => true,
        _ => return Err(Failure::new("usage: cargo xtask dist [--twice]")),
    };
    let commit = read(git().args(["rev-parse", "HEAD"]))?;
    let commit = commit.trim();
    if !read(git().args(["status", "--porcelain"]))?.is_empty() {
        println!("what is not committed is left out: this is {commit}");
    }
    let tools = Tools::get(&target_folder()?.join("tools"))?;
    let dist = target_folder()?.join("dist");
    make(commit, &tools, &dist, "dist-source")?;
    if twice {
        let elsewhere = Folder::new("dist-again")?;
        // Another path, of another length: none may be in what was made.
        make(
            commit,
            &tools,
            elsewhere.path(),
            "dist-source-of-the-second-time",
        )?;
        compare(&dist, elsewhere.path())?;
        println!("made twice in two folders: the same bytes");
    }
    println!("{}", fs::read_to_string(dist.join(SUMS))?.trim_end());
    Ok(())
}

const SUMS: &str = "SHA256SUMS";

/// Makes everything in a folder, which is emptied first, from a copy in a folder of this name.
fn make(commit: &str, tools: &Tools, dist: &Path, source: &str) -> Result<(), Failure> {
    if dist.exists() {
        fs::remove_dir_all(dist)?;
    }
    fs::create_dir_all(dist)?;
    println!(
        "building {} for {} (minutes) ...",
        &commit[..12],
        tools.target
    );
    // Not below this workspace, whose settings would count as well.
    let place = Folder::new(source)?;
    let copy = Copy::of(commit, place.path(), tools)?;
    copy.build()?;
    let size = fs::metadata(copy.program())?.len();
    if size > MOST {
        return Err(Failure::new(format!(
            "the program has {size} bytes, at most {MOST} are wanted"
        ))
        .hint("`docs/benchmarks.md` says what its size is made of."));
    }
    println!("the program has {size} bytes, of at most {MOST}");
    copy.pages()?;
    copy.archive(dist)?;
    copy.package(dist)?;
    copy.list_of_parts(dist)?;
    sums(dist)
}

/// Writes the checksums of everything in the folder.
fn sums(dist: &Path) -> Result<(), Failure> {
    let names = names(dist)?;
    let sums = read(
        Command::new("sha256sum")
            .arg("--")
            .args(&names)
            .current_dir(dist),
    )?;
    fs::write(dist.join(SUMS), sums)?;
    Ok(())
}

fn names(dist: &Path) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dist)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

fn compare(first: &Path, second: &Path) -> Result<(), Failure> {
    let (had, has) = (names(first)?, names(second)?);
    if had != has {
        return Err(Failure::new(format!(
            "the first time made {had:?}, the second {has:?}"
        )));
    }
    for name in &had {
        execute(
            Command::new("cmp")
                .arg(first.join(name))
                .arg(second.join(name)),
        )?;
    }
    Ok(())
}

fn git() -> Command {
    let mut git = Command::new("git");
    git.current_dir(root());
    git
}
