//! Running other programs, and saying what went wrong.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Why a command of the house did not do its work.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    hint: Option<String>,
}

impl Failure {
    /// Returns a failure with a message.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: None,
        }
    }

    /// Adds what to do about it.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "\n\n{hint}"),
            None => Ok(()),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(error.to_string())
    }
}

/// Returns the folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

/// Returns `cargo`, as it runs us.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    cargo
}

/// Runs a program to its end, its output on our own.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let shown = show(command);
    let status = command
        .status()
        .map_err(|error| Failure::new(format!("cannot start {shown}: {error}")))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!("{shown}: {status}")))
    }
}

/// Runs a program to its end and returns what it wrote to standard output.
pub(crate) fn read(command: &mut Command) -> Result<String, Failure> {
    let shown = show(command);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Failure::new(format!("cannot start {shown}: {error}")))?;
    if !output.status.success() {
        return Err(Failure::new(format!("{shown}: {}", output.status)));
    }
    String::from_utf8(output.stdout)
        .map_err(|_| Failure::new(format!("{shown} did not write text")))
}

/// Builds packages and returns the folder in which their programs are.
pub(crate) fn build(packages: &[&str], release: bool) -> Result<PathBuf, Failure> {
    let mut command = cargo();
    command.arg("build").arg("--quiet").arg("--locked");
    if release {
        command.arg("--release");
    }
    for package in packages {
        command.args(["--package", package]);
    }
    run(&mut command)?;
    Ok(target_folder()?.join(if release { "release" } else { "debug" }))
}

/// Returns the target folder.
pub(crate) fn target_folder() -> Result<PathBuf, Failure> {
    let metadata = metadata()?;
    let folder = metadata["target_directory"].as_str();
    folder
        .map(PathBuf::from)
        .ok_or_else(|| Failure::new("cargo metadata names no target_directory"))
}

/// Returns what `cargo metadata` says of the workspace and everything it depends on.
pub(crate) fn metadata() -> Result<serde_json::Value, Failure> {
    let text = read(cargo().args([
        "metadata",
        "--format-version",
        "1",
        "--locked",
        "--filter-platform",
        HOST,
    ]))?;
    serde_json::from_str(&text).map_err(|error| Failure::new(format!("cargo metadata: {error}")))
}

fn show(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(
        command
            .get_args()
            .map(|word| word.to_string_lossy().into_owned()),
    );
    words.join(" ")
}

/// The platform we build for; packages of other platforms are neither fetched nor judged.
const HOST: &str = if cfg!(target_os = "macos") {
    "aarch64-apple-darwin"
} else {
    "x86_64-unknown-linux-gnu"
};
