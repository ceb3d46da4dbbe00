//! What a run sees of the machine it runs on.

use std::fmt;
use std::io::{self, Read as _};
use std::path::Path;

use jiff::Timestamp;

/// Looks up an environment variable.
pub type Environment = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Reads a file.
pub type Files = Box<dyn Fn(&Path) -> io::Result<Vec<u8>> + Send + Sync>;

/// The environment, the files and the clock, as functions: tests bring their own.
pub struct World {
    /// Looks up an environment variable; one that is not text is not set.
    pub env: Environment,
    /// Reads a file, up to 4 MiB.
    pub read_file: Files,
    /// Reads the clock on the wall.
    pub now: fn() -> Timestamp,
}

impl World {
    /// The machine itself.
    #[must_use]
    pub fn real() -> Self {
        Self {
            env: Box::new(|name| std::env::var(name).ok()),
            read_file: Box::new(read_capped),
            now: Timestamp::now,
        }
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("World(..)")
    }
}

fn read_capped(path: &Path) -> io::Result<Vec<u8>> {
    let file = std::fs::File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder"));
    }
    read_all(file)
}

/// Reads to the end, and refuses more than [`MAX_FILE`] bytes.
pub(crate) fn read_all(source: impl io::Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "more than 4 MiB",
        ));
    }
    Ok(bytes)
}

/// The most bytes that a gate file, or a file that it names, may have.
const MAX_FILE: u64 = 4 * 1024 * 1024;
