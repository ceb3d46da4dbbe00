//! A gate file that was mended, and putting it in the place of the old one.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;

use gonogo_config::Change;

use crate::gate_file::Opened;
use crate::output::{draft_name, fill};
use crate::refusal::Refusal;

/// A gate file that was mended.
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
    /// What the mended text came to.
    pub opened: Opened,
}

impl Mending {
    /// Writes the mended text into the file: a reader sees the old one or the whole new one.
    ///
    /// # Errors
    ///
    /// The file cannot be written, is no plain file, or was changed by somebody else since it was read.
    pub fn write(&self) -> Result<(), Refusal> {
        if self.changes.is_empty() {
            return Ok(());
        }
        self.replace().map_err(|error| {
            let message = format!("cannot write the gate file `{}`: {error}", self.file);
            Refusal::request("output/unwritable", message)
                .hint("Nothing was changed: `gonogo lint --fix - < FILE` prints the mended text.")
        })
    }

    fn replace(&self) -> io::Result<()> {
        // The link is whoever made it wants it; the file that it leads to is mended.
        let path = fs::canonicalize(Path::new(&self.file))?;
        let known = fs::metadata(&path)?;
        if !known.is_file() {
            return Err(io::Error::other("it is no plain file"));
        }
        if known.permissions().readonly() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let draft = path.with_file_name(draft_name());
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&draft)?;
        let written = file
            .set_permissions(known.permissions())
            .and_then(|()| fill(file, self.text.as_bytes()))
            .and_then(|()| self.is_unchanged(&path))
            .and_then(|()| fs::rename(&draft, &path));
        if written.is_err() {
            // The draft is of no use to anyone; the error that matters is the first.
            let _left = fs::remove_file(&draft);
        }
        written
    }

    fn is_unchanged(&self, path: &Path) -> io::Result<()> {
        if fs::read(path)? == self.before.as_bytes() {
            return Ok(());
        }
        Err(io::Error::other("it was changed while it was mended"))
    }
}
