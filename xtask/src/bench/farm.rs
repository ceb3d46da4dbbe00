//! The targets, as `bench-farm` serves them.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use crate::shell::Failure;

/// Running targets; they end with the value.
pub(super) struct Farm {
    child: Child,
    input: Option<ChildStdin>,
    folder: PathBuf,
}

impl Farm {
    /// Starts targets: `http:1000`.
    pub(super) fn start(programs: &Path, folder: &Path, kinds: &[&str]) -> Result<Self, Failure> {
        let mut child = Command::new(programs.join("bench-farm"))
            .arg(folder)
            .args(kinds)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = child.stdin.take();
        let output = child.stdout.take();
        let farm = Self {
            child,
            input,
            folder: folder.to_owned(),
        };
        let mut answer = String::new();
        if let Some(output) = output {
            BufReader::new(output).read_line(&mut answer)?;
        }
        if answer.trim_end() == "ready" {
            Ok(farm)
        } else {
            Err(Failure::new(format!(
                "the targets {} do not start",
                kinds.join(" ")
            )))
        }
    }

    /// Returns the URLs of the targets of a kind.
    pub(super) fn urls(&self, kind: &str) -> Result<Vec<String>, Failure> {
        let text = std::fs::read_to_string(self.list(kind))?;
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// Returns the file with the URLs of a kind.
    pub(super) fn list(&self, kind: &str) -> PathBuf {
        self.folder.join(format!("{kind}.txt"))
    }

    /// Returns the file with the roots of the certificates.
    pub(super) fn roots(&self) -> PathBuf {
        self.folder.join("roots.pem")
    }
}

impl Drop for Farm {
    fn drop(&mut self) {
        // It ends when its input does.
        drop(self.input.take());
        let _status = self.child.wait();
    }
}
