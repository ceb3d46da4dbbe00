//! A gate that was mended, and putting its files in the place of the old ones.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use gonogo_config::{Change, MendedFile};

use crate::gate_file::Opened;
use crate::refusal::Refusal;
use crate::replace::{Access, Before, Beside};

/// A gate file that was mended, and the files that it includes.
#[derive(Debug)]
pub struct Mending {
    /// The file; `-` is standard input.
    pub file: String,
    /// The text as it was.
    pub before: String,
    /// The text as it is now.
    pub text: String,
    /// What was changed.
    pub changes: Vec<Change>,
    /// The included files that were changed.
    pub included: Vec<MendedFile>,
    /// What the mended text came to.
    pub opened: Opened,
}

impl Mending {
    /// Returns the changed files by their names, each with what was changed.
    pub fn changed(&self) -> impl Iterator<Item = (&str, &[Change])> {
        let gate = (self.file.as_str(), self.changes.as_slice());
        let included = self.included.iter();
        std::iter::once(gate)
            .chain(included.map(|file| (file.name.as_str(), file.changes.as_slice())))
            .filter(|(_, changes)| !changes.is_empty())
    }

    /// Writes the mended texts into their files: a reader of one sees the old one or the whole new one.
    ///
    /// Every text lies beside its file before the first is put in place.
    ///
    /// # Errors
    ///
    /// A file cannot be written, is no plain file, or was changed by somebody else since it was read.
    pub fn write(&self) -> Result<(), Refusal> {
        let mut files = Vec::new();
        if !self.changes.is_empty() {
            let path = real_path(&self.file).map_err(|error| refused(&self.file, &error, &[]))?;
            files.push((
                self.file.as_str(),
                path,
                self.text.as_str(),
                self.before.as_str(),
            ));
        }
        for file in &self.included {
            let path = file.path.clone();
            files.push((&file.name, path, &file.text, &file.before));
        }
        let mut ready = Vec::new();
        for (name, path, text, before) in &files {
            let beside = Beside::write(
                path,
                text.as_bytes(),
                Access::AsBefore,
                Before::Text(before),
            );
            let beside = beside.map_err(|(_, error)| refused(name, &error, &[]))?;
            ready.push((*name, beside));
        }
        for (name, beside) in &ready {
            beside
                .is_unchanged()
                .map_err(|error| refused(name, &error, &[]))?;
        }
        let mut written = Vec::new();
        for (name, beside) in ready {
            beside
                .place()
                .map_err(|(_, error)| refused(name, &error, &written))?;
            written.push(name);
        }
        Ok(())
    }
}

/// The link is whoever made it wants it; the file that it leads to is mended.
fn real_path(file: &str) -> io::Result<PathBuf> {
    fs::canonicalize(Path::new(file))
}

fn refused(file: &str, error: &io::Error, written: &[&str]) -> Refusal {
    let message = format!("cannot write the gate file `{file}`: {error}");
    let hint = match written {
        [] => {
            "Nothing was changed: `gonogo lint --fix - < FILE` prints the mended text.".to_owned()
        }
        written => format!("Changed already: {}.", written.join(", ")),
    };
    Refusal::request("output/unwritable", message).hint(hint)
}
