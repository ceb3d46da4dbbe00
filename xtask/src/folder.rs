//! A folder for the time of one command.

use std::path::{Path, PathBuf};

use crate::shell::Failure;

/// A folder that goes with the command that made it.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Makes a folder for temporary files.
    pub(crate) fn new(what: &str) -> Result<Self, Failure> {
        let name = format!("gonogo-{what}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    /// Returns where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that is left behind in the place for temporary files does no harm.
        let _removed = std::fs::remove_dir_all(&self.0);
    }
}
