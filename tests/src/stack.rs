//! The sample stack as a test drives it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use gonogo_testkit::folder::Folder;

use crate::program;

/// A running sample stack; ends when dropped.
#[derive(Debug)]
pub struct SampleStack {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    folder: Folder,
}

impl SampleStack {
    /// Starts the embedded stack on free ports.
    ///
    /// # Panics
    ///
    /// When it does not start.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts PostgreSQL, Redis, nginx and Prometheus behind the services, on free ports.
    ///
    /// # Panics
    ///
    /// When it does not start.
    #[must_use]
    pub fn start_real() -> Self {
        Self::start_with(&["--real-on-free-ports"])
    }

    fn start_with(arguments: &[&str]) -> Self {
        let folder = Folder::new("sample-stack").expect("there is room for a folder");
        let mut child = Command::new(program("sample-stack"))
            .arg("--dir")
            .arg(folder.path())
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the sample stack is built: `cargo xtask test` does it first");
        let input = child.stdin.take().expect("the input is a pipe");
        let output = BufReader::new(child.stdout.take().expect("the output is a pipe"));
        let mut stack = Self {
            child,
            input,
            output,
            folder,
        };
        stack.answer();
        stack
    }

    /// Gives the stack a command (`break migration`) and waits until it is done.
    ///
    /// # Panics
    ///
    /// When the stack refuses.
    pub fn tell(&mut self, command: &str) {
        writeln!(self.input, "{command}").expect("the stack listens");
        self.answer();
    }

    fn answer(&mut self) {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("the stack answers");
        assert!(line.starts_with("ok "), "the sample stack says: {line}");
    }

    /// Returns the path of the file with the variables of the gate.
    #[must_use]
    pub fn vars(&self) -> String {
        self.folder.path().join("vars.yaml").display().to_string()
    }

    /// Returns the secrets of the gate, as name and value.
    #[must_use]
    pub fn secrets(&self) -> Vec<(String, String)> {
        let pair = |line: &str| {
            line.split_once('=')
                .map(|(n, v)| (n.to_owned(), v.to_owned()))
        };
        self.folder
            .read("secrets.env")
            .lines()
            .filter_map(pair)
            .collect()
    }
}

impl Drop for SampleStack {
    fn drop(&mut self) {
        // Its input closes with us; waiting makes sure that nothing is left running.
        let _asked = writeln!(self.input, "stop");
        let _status = self.child.wait();
    }
}
