//! `include`: other files whose checks belong to the gate.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// How the files are found and read that a gate includes.
#[derive(Clone, Copy)]
pub struct Includes<'a> {
    /// Returns a path without links and dots.
    pub real_path: &'a dyn Fn(&Path) -> io::Result<PathBuf>,
    /// Returns the names in a folder, in any order.
    pub list: &'a dyn Fn(&Path) -> io::Result<Vec<String>>,
    /// Reads a regular file, up to a limit of 4 MiB; anything else, and a link, is an error, at once.
    pub read: &'a dyn Fn(&Path) -> io::Result<Vec<u8>>,
}

impl Includes<'_> {
    /// Returns a way that leads nowhere, where there is no folder that a gate stands in.
    #[must_use]
    pub fn none() -> Self {
        Self {
            real_path: &|_| Err(io::ErrorKind::Unsupported.into()),
            list: &|_| Err(io::ErrorKind::Unsupported.into()),
            read: &|_| Err(io::ErrorKind::Unsupported.into()),
        }
    }
}

impl fmt::Debug for Includes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Includes(..)")
    }
}
