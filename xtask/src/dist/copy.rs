//! A copy of the last commit, and what is made in it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::git;
use super::tools::Tools;
use crate::shell::{Failure, read, run};

/// A copy of a commit.
pub(crate) struct Copy<'t> {
    folder: PathBuf,
    /// When the commit was made, in seconds since 1970: the time of everything that is packed.
    time: String,
    version: String,
    tools: &'t Tools,
}

impl<'t> Copy<'t> {
    /// Takes a commit out into a folder.
    pub(crate) fn of(commit: &str, folder: &Path, tools: &'t Tools) -> Result<Self, Failure> {
        fs::create_dir_all(folder)?;
        let mut archive = git()
            .args(["archive", "--format=tar", commit])
            .stdout(Stdio::piped())
            .spawn()?;
        let piped = archive
            .stdout
            .take()
            .ok_or_else(|| io::Error::other("no pipe"))?;
        run(Command::new("tar")
            .args(["--extract", "--directory"])
            .arg(folder)
            .stdin(piped))?;
        if !archive.wait()?.success() {
            return Err(Failure::new("git archive failed"));
        }
        let time = read(git().args(["show", "--no-patch", "--format=%ct", commit]))?;
        let id = read(
            Command::new("cargo")
                .args(["pkgid", "gonogo"])
                .current_dir(folder),
        )?;
        let version = id.trim().rsplit(['#', '@']).next().unwrap_or_default();
        Ok(Self {
            folder: folder.to_owned(),
            time: time.trim().to_owned(),
            version: version.to_owned(),
            tools,
        })
    }

    /// Builds the program.
    pub(crate) fn build(&self) -> Result<(), Failure> {
        run(self
            .hermetic(&mut Command::new("cargo"))
            .args([
                "build",
                "--quiet",
                "--locked",
                "--release",
                "--package",
                "gonogo",
            ])
            .args(["--target", &self.tools.target])
            .arg("--config")
            .arg(self.remapped()))?;
        let headers = read(
            Command::new("readelf")
                .args(["--program-headers", "--dynamic"])
                .arg(self.program()),
        )?;
        for word in ["INTERP", "(NEEDED)"] {
            if headers.contains(word) {
                return Err(Failure::new(format!("the program is not static: {word}")));
            }
        }
        Ok(())
    }

    /// Returns the built program.
    pub(crate) fn program(&self) -> PathBuf {
        self.folder
            .join("target")
            .join(&self.tools.target)
            .join("release/gonogo")
    }

    /// Has the program write its manual pages and completions.
    pub(crate) fn pages(&self) -> Result<(), Failure> {
        let share = self.share();
        run(Command::new(self.program())
            .args(["man", "--folder"])
            .arg(share.join("man")))?;
        fs::create_dir_all(share.join("completions"))?;
        for (shell, name) in [
            ("bash", "gonogo.bash"),
            ("zsh", "_gonogo"),
            ("fish", "gonogo.fish"),
        ] {
            let script = read(Command::new(self.program()).args(["completions", shell]))?;
            fs::write(share.join("completions").join(name), script)?;
        }
        Ok(())
    }

    /// Packs the program with its pages, licences and readme into an archive.
    pub(crate) fn archive(&self, dist: &Path) -> Result<(), Failure> {
        let name = format!("gonogo-{}-{}", self.version, self.tools.target);
        let packed = self.folder.join("target").join(&name);
        fs::create_dir_all(&packed)?;
        fs::copy(self.program(), packed.join("gonogo"))?;
        for file in ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"] {
            fs::copy(self.folder.join(file), packed.join(file))?;
        }
        for part in ["man", "completions"] {
            fs::create_dir_all(packed.join(part))?;
            for entry in fs::read_dir(self.share().join(part))? {
                let entry = entry?;
                fs::copy(entry.path(), packed.join(part).join(entry.file_name()))?;
            }
        }
        run(Command::new("tar")
            .args([
                "--create",
                "--sort=name",
                "--owner=0",
                "--group=0",
                "--numeric-owner",
            ])
            .args([
                "--mode=u+rwX,go+rX,go-w",
                "--format=ustar",
                "--use-compress-program=gzip --no-name --best",
            ])
            .arg(format!("--mtime=@{}", self.time))
            .arg("--file")
            .arg(dist.join(format!("{name}.tar.gz")))
            .arg("--directory")
            .arg(self.folder.join("target"))
            .arg(&name))
    }

    /// Makes the Debian package.
    pub(crate) fn package(&self, dist: &Path) -> Result<(), Failure> {
        fs::write(self.share().join("changelog"), self.changelog()?)?;
        run(self
            .hermetic(&mut self.tools.program("cargo-deb"))
            .args([
                "--quiet",
                "--no-build",
                "--no-strip",
                "--locked",
                "--package",
                "gonogo",
            ])
            .args(["--target", &self.tools.target, "--output"])
            .arg(dist))
    }

    /// Lists every crate that is inside: a CycloneDX document.
    pub(crate) fn list_of_parts(&self, dist: &Path) -> Result<(), Failure> {
        let name = format!("gonogo-{}-{}.cdx", self.version, self.tools.target);
        run(self
            .hermetic(&mut self.tools.program("cargo-cyclonedx"))
            .args([
                "cyclonedx",
                "--quiet",
                "--format",
                "json",
                "--spec-version",
                "1.5",
            ])
            .args(["--target", &self.tools.target, "--override-filename", &name])
            .arg("--manifest-path")
            .arg(self.folder.join("crates/gonogo/Cargo.toml")))?;
        let file = format!("{name}.json");
        // Our own crates are named by where they lay.
        let list = fs::read_to_string(self.folder.join("crates/gonogo").join(&file))?;
        let [folder, _] = self.places();
        fs::write(dist.join(&file), list.replace(&folder, "/gonogo"))?;
        Ok(())
    }

    /// Returns the change log in Debian's form: one entry, which names the one that people read.
    fn changelog(&self) -> Result<String, Failure> {
        let date = read(Command::new("date").args([
            "--utc",
            "--rfc-email",
            &format!("--date=@{}", self.time),
        ]))?;
        Ok(format!(
            "gonogo ({}-1) unstable; urgency=medium\n\n  * The changes are in CHANGELOG.md of the source.\n\n -- the gonogo authors <gonogo@users.noreply.github.com>  {date}",
            self.version
        ))
    }

    fn share(&self) -> PathBuf {
        self.folder.join("target/share")
    }

    /// Makes a command say nothing of this machine: no path, no time.
    fn hermetic<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        let [folder, home] = self.places();
        command
            .current_dir(&self.folder)
            .env("SOURCE_DATE_EPOCH", &self.time)
            .env(
                format!("CC_{}", self.tools.target.replace('-', "_")),
                "musl-gcc",
            )
            .env(
                "CFLAGS",
                format!("-ffile-prefix-map={folder}=/gonogo -ffile-prefix-map={home}=/cargo"),
            )
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env_remove("RUSTFLAGS")
    }

    /// Returns the setting that keeps paths out; a variable of the environment would replace the flags of the target.
    fn remapped(&self) -> String {
        let [folder, home] = self.places();
        format!(
            "target.{}.rustflags = [\"--remap-path-prefix={folder}=/gonogo\", \"--remap-path-prefix={home}=/cargo\"]",
            self.tools.target
        )
    }

    /// Returns the folder of the copy and that of cargo's sources.
    fn places(&self) -> [String; 2] {
        let home = std::env::var("CARGO_HOME")
            .or_else(|_| std::env::var("HOME").map(|home| format!("{home}/.cargo")))
            .unwrap_or_default();
        [self.folder.display().to_string(), home]
    }
}
