//! The built binary, end to end: one builder, one place where a run is asserted.
//!
//! Every test has a folder of its own with its gate file, an environment of its own (nothing is
//! inherited but the search path), and servers of its own.

mod stack;
mod verdicts;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use gonogo_testkit::folder::Folder;

pub use stack::SampleStack;
pub use verdicts::{VERDICTS, gate_of, judged, judged_with, refused, refused_with};

/// One call of gonogo.
#[derive(Debug)]
pub struct Gonogo {
    folder: Folder,
    command: Command,
    input: Option<String>,
}

/// What a call came to.
#[derive(Debug)]
pub struct Finished {
    /// The exit code; none when a signal ended the process.
    pub code: Option<i32>,
    /// What it wrote to standard output.
    pub stdout: String,
    /// What it wrote to standard error.
    pub stderr: String,
    /// The folder it ran in.
    pub folder: Folder,
}

impl Gonogo {
    /// Prepares a call with these arguments, in a new folder.
    ///
    /// # Panics
    ///
    /// When no folder can be made.
    #[must_use]
    pub fn new(arguments: &[&str]) -> Self {
        let folder = Folder::new("end-to-end").expect("there is room for a folder");
        let mut command = Command::new(program("gonogo"));
        command
            .args(arguments)
            .current_dir(folder.path())
            .env_clear();
        command
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("LANG", "C.UTF-8");
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self {
            folder,
            command,
            input: None,
        }
    }

    /// Writes `probes.yaml`.
    #[must_use]
    pub fn gate(self, text: &str) -> Self {
        self.file("probes.yaml", text)
    }

    /// Writes a file into the folder of the call.
    ///
    /// # Panics
    ///
    /// When the file cannot be written.
    #[must_use]
    pub fn file(self, name: &str, text: &str) -> Self {
        if let Some(parent) = self.folder.path().join(name).parent() {
            std::fs::create_dir_all(parent).expect("the folder takes folders");
        }
        self.folder
            .write(name, text)
            .expect("the folder takes files");
        self
    }

    /// Sets a variable of the environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Gives the call an input.
    #[must_use]
    pub fn input(mut self, text: &str) -> Self {
        self.input = Some(text.to_owned());
        self.command.stdin(Stdio::piped());
        self
    }

    /// Returns the command itself, for what the builder does not know.
    pub const fn command(&mut self) -> &mut Command {
        &mut self.command
    }

    /// Returns the folder of the call.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Makes the call and waits for its end.
    ///
    /// # Panics
    ///
    /// When the binary cannot be started.
    #[must_use]
    pub fn run(mut self) -> Finished {
        let mut child = self
            .command
            .spawn()
            .expect("gonogo is built: `cargo xtask test` does it first");
        if let Some(input) = self.input.take() {
            let mut pipe = child.stdin.take().expect("the input is a pipe");
            // A call that refuses its arguments does not read its input.
            let _unread = pipe.write_all(input.as_bytes());
        }
        let output = child
            .wait_with_output()
            .expect("a child that was started can be waited for");
        Finished::new(&output, self.folder)
    }
}

impl Finished {
    fn new(output: &Output, folder: Folder) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
            folder,
        }
    }

    /// Asserts the exit code, and shows everything when it is another.
    ///
    /// # Panics
    ///
    /// When the code is another.
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "stdout:\n{}\nstderr:\n{}",
            self.stdout,
            self.stderr
        );
        self
    }

    /// Returns standard output as JSON.
    ///
    /// # Panics
    ///
    /// When it is none.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| {
            panic!(
                "{error}\nstdout:\n{}\nstderr:\n{}",
                self.stdout, self.stderr
            )
        })
    }

    /// Returns what each check of a JSON report on standard output came to, with its code: `redis failed net/refused`.
    #[must_use]
    pub fn outcomes(&self) -> Vec<String> {
        outcomes(&self.json())
    }
}

/// Returns what each check of a JSON report came to, with its code, in the order of the plan.
#[must_use]
pub fn outcomes(report: &serde_json::Value) -> Vec<String> {
    let word = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let checks = report["checks"].as_array().into_iter().flatten();
    checks
        .map(|check| {
            format!(
                "{} {} {}",
                word(&check["id"]),
                word(&check["outcome"]),
                word(&check["code"])
            )
        })
        .map(|line| line.trim_end().to_owned())
        .collect()
}

/// Returns a program of the workspace, where cargo built it beside this test.
///
/// # Panics
///
/// When the test does not run where cargo put it.
#[must_use]
pub fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own file");
    let built = test
        .parent()
        .and_then(Path::parent)
        .expect("tests are in target/PROFILE/deps");
    built.join(name)
}

/// Returns the folder of the workspace.
///
/// # Panics
///
/// Never: this package has a parent folder.
#[must_use]
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the package is in the workspace")
        .to_owned()
}
