//! The inputs of a target, in files that people can read.

use std::io;
use std::path::{Path, PathBuf};

use crate::behaviour::Behaviour;

/// One input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The name of its file.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// The inputs of a target.
#[derive(Debug)]
pub struct Corpus {
    folder: PathBuf,
    /// The inputs, by name.
    pub inputs: Vec<Input>,
}

impl Corpus {
    /// Reads the corpus of a target.
    ///
    /// # Errors
    ///
    /// A file cannot be read.
    pub fn read(target: &str) -> io::Result<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("corpus")
            .join(target);
        let mut inputs = Vec::new();
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            inputs.push(Input {
                name: entry.file_name().to_string_lossy().into_owned(),
                bytes: std::fs::read(entry.path())?,
            });
        }
        inputs.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self { folder, inputs })
    }

    /// Saves an input that breaks the target, and returns where.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn save(&self, bytes: &[u8]) -> io::Result<PathBuf> {
        let Behaviour(hash) = Behaviour::of(bytes);
        let path = self.folder.join(format!("broke-{hash:016x}.txt"));
        std::fs::write(&path, bytes)?;
        Ok(path)
    }
}
