//! The files of a folder, looked through within limits.
//!
//! Nothing outside the folder is read, whatever links lead there, and nothing that is no plain file.

use std::cell::Cell;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::sketch::{Place, Sketch};

/// A folder and what is in it.
#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
    /// The files, sorted, relative to the folder, with `/` between their parts.
    pub(crate) files: Vec<String>,
    /// How many bytes may still be read.
    room: Cell<u64>,
}

impl Folder {
    /// Looks through a folder; what is left out is noted.
    ///
    /// # Errors
    ///
    /// The folder itself cannot be read.
    pub(crate) fn look(root: &Path, sketch: &mut Sketch) -> io::Result<Self> {
        let root = fs::canonicalize(root)?;
        fs::read_dir(&root)?;
        let mut folder = Self {
            root,
            files: Vec::new(),
            room: Cell::new(MAX_ALL),
        };
        let mut open = vec![(String::new(), 0)];
        let mut deep: Vec<String> = Vec::new();
        while let Some((path, depth)) = open.pop() {
            if depth > MAX_DEPTH {
                deep.push(path);
                continue;
            }
            folder.list(&path, depth, &mut open, sketch);
            if folder.files.len() >= MAX_FILES {
                let words = "there are more files here than are looked at";
                sketch.note(&Place::new(&path, 0), words);
                break;
            }
        }
        match deep.as_slice() {
            [] => {}
            [only] => sketch.note(&Place::new(only, 0), "a folder so deep is not looked into"),
            [first, others @ ..] => {
                let words = format!(
                    "it and {} more folders so deep are not looked into",
                    others.len()
                );
                sketch.note(&Place::new(first, 0), &words);
            }
        }
        folder.files.sort();
        Ok(folder)
    }

    fn list(
        &mut self,
        path: &str,
        depth: usize,
        open: &mut Vec<(String, usize)>,
        sketch: &mut Sketch,
    ) {
        let Ok(entries) = fs::read_dir(self.root.join(path)) else {
            sketch.note(&Place::new(path, 0), "the folder cannot be read");
            return;
        };
        let mut found: Vec<(String, fs::FileType)> = Vec::new();
        for entry in entries.take(MAX_FILES).filter_map(Result::ok) {
            match (entry.file_name().into_string(), entry.file_type()) {
                (Ok(name), Ok(kind)) => found.push((name, kind)),
                (Err(name), _) => {
                    let shown = name.to_string_lossy();
                    sketch.note(
                        &Place::new(&shown, 0),
                        "its name is no text, and it is not read",
                    );
                }
                (Ok(_), Err(_)) => {}
            }
        }
        found.sort_by(|left, right| left.0.cmp(&right.0));
        let mut folders = Vec::new();
        for (name, kind) in found {
            let whole = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}/{name}")
            };
            if kind.is_dir() {
                if !name.starts_with('.') && !LEFT_OUT.contains(&name.as_str()) {
                    folders.push((whole, depth + 1));
                }
            } else if kind.is_file() || self.leads_inside(&whole, kind, sketch) {
                self.files.push(whole);
            }
        }
        // The last that is pushed is the next that is looked at.
        open.extend(folders.into_iter().rev());
    }

    /// Returns whether a link leads to a plain file of this folder.
    fn leads_inside(&self, path: &str, kind: fs::FileType, sketch: &mut Sketch) -> bool {
        if !kind.is_symlink() {
            return false;
        }
        let place = Place::new(path, 0);
        let Ok(target) = fs::canonicalize(self.root.join(path)) else {
            sketch.note(&place, "a link that leads nowhere");
            return false;
        };
        if !target.starts_with(&self.root) {
            sketch.note(&place, "a link out of the folder, not followed");
            return false;
        }
        if target.is_dir() {
            sketch.note(&place, "a link to a folder, not followed");
        }
        target.is_file()
    }

    /// Returns the text of a file; one that cannot be read is noted.
    pub(crate) fn read(&self, path: &str, sketch: &mut Sketch) -> Option<String> {
        let place = Place::new(path, 0);
        match self.bytes(path) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) if !text.contains('\0') => Some(text),
                _ => {
                    sketch.note(&place, "it is not text, and not read");
                    None
                }
            },
            Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                sketch.note(&place, "it is too large, and not read");
                None
            }
            Err(error) => {
                sketch.note(&place, &format!("it cannot be read: {}", error.kind()));
                None
            }
        }
    }

    fn bytes(&self, path: &str) -> io::Result<Vec<u8>> {
        // Between the look and now a link may have taken its place.
        let real = fs::canonicalize(self.root.join(path))?;
        if !real.starts_with(&self.root) || !real.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let limit = MAX_FILE.min(self.room.get());
        let mut bytes = Vec::new();
        File::open(real)?.take(limit + 1).read_to_end(&mut bytes)?;
        let size = bytes.len() as u64;
        if size > limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.room.set(self.room.get() - size);
        Ok(bytes)
    }
}

/// Returns the name of a file without its folder.
pub(crate) fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Returns the folder of a file, empty for the folder that is looked at.
pub(crate) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Folders of other people's files.
const LEFT_OUT: [&str; 9] = [
    "node_modules",
    "target",
    "vendor",
    "venv",
    "__pycache__",
    "dist",
    "build",
    "site-packages",
    "bower_components",
];
const MAX_DEPTH: usize = 5;
const MAX_FILES: usize = 20_000;
/// The most bytes of one file, and of all.
const MAX_FILE: u64 = 1 << 20;
const MAX_ALL: u64 = 16 << 20;
