//! What making packages needs: a target that links statically, its C compiler, and two programs of cargo's.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::packages::{self, Package};
use crate::shell::{Failure, cargo, read, run};

/// The tools, all there.
pub(crate) struct Tools {
    /// What is built for.
    pub(crate) target: String,
    /// Where `cargo-deb` and `cargo-cyclonedx` are.
    programs: PathBuf,
}

impl Tools {
    /// Installs what is missing; the programs of cargo's go into a folder.
    pub(crate) fn get(folder: &Path) -> Result<Self, Failure> {
        packages::install(DEBIAN)?;
        let target = format!("{}-unknown-linux-musl", std::env::consts::ARCH);
        let libraries =
            read(Command::new("rustc").args(["--print", "target-libdir", "--target", &target]))?;
        if !Path::new(libraries.trim()).exists() {
            run(Command::new("rustup").args(["target", "add", &target]))?;
        }
        for (name, version) in [("cargo-deb", "3.8.0"), ("cargo-cyclonedx", "0.5.9")] {
            if !folder.join("bin").join(name).exists() {
                println!("installing {name} {version} (minutes, the first time) ...");
                run(cargo()
                    .args(["install", "--quiet", "--locked", "--root"])
                    .arg(folder)
                    .args(["--version", version, name]))?;
            }
        }
        Ok(Self {
            target,
            programs: folder.join("bin"),
        })
    }

    /// Returns one of the programs of cargo's.
    pub(crate) fn program(&self, name: &str) -> Command {
        Command::new(self.programs.join(name))
    }
}

const DEBIAN: &[Package] = &[
    Package::new("musl-tools", &["/usr/bin/musl-gcc"]),
    Package::new("git", &["/usr/bin/git"]),
    Package::new("dpkg", &["/usr/bin/dpkg-deb"]),
];
