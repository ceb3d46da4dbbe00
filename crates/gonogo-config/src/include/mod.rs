//! `include`: other files whose checks belong to the gate.
//!
//! A gate may be split into files below its own folder, and nowhere else: a path is relative, goes
//! down only, and what it leads to through links is in the gate's folder, too. Every file is read
//! once, and only if it is a regular file whose name ends in `.yaml` or `.yml`; a text that is no part of a
//! gate is thus never quoted. Including a file twice is a mistake, since nobody could say which of the
//! two places brings its checks.
//!
//! - `path`: what may stand under `include`.
//! - `collect`: finds and reads the files, loops and all.
//! - `parts`: the keys of all files together.

mod collect;
mod parts;
mod path;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

pub(crate) use collect::{Gathered, gather, hex, tree_of};
pub(crate) use parts::Parts;

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
