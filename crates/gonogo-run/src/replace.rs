//! Putting a new file in the place of an old one: a reader sees the old one or the whole new one.
//!
//! A new text is written beside the old file first; only when all of it is there does it take its place.
//! What is not put in place leaves nothing behind.

use std::error::Error;
use std::fmt;
use std::fs::{self, File, Metadata, OpenOptions};
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, fchown};
use std::path::{Path, PathBuf};

/// Who may read what is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Whoever runs the gate, and nobody else: the business of a report.
    Private,
    /// Whoever could read the file before; a new one, whoever may by custom.
    AsBefore,
}

/// What must still be in a file's place when it is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before<'b> {
    /// Whatever is there.
    Anything,
    /// Nothing.
    Nothing,
    /// This text.
    Text(&'b str),
}

/// Somebody else changed the file since it was read.
#[derive(Debug)]
pub(crate) struct Changed;

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it was changed by somebody else meanwhile")
    }
}

impl Error for Changed {}

/// Where it went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Nothing could be written at all.
    Create,
    /// The new text could not be written to its end, or not be put in place.
    Fill,
}

/// A new text that lies beside the file whose place it is to take.
#[derive(Debug)]
pub(crate) struct Beside<'b> {
    path: PathBuf,
    draft: PathBuf,
    before: Before<'b>,
    is_placed: bool,
}

impl<'b> Beside<'b> {
    /// Writes a text beside a file that is no link; whoever may read the file stays.
    pub(crate) fn write(
        path: &Path,
        bytes: &[u8],
        access: Access,
        before: Before<'b>,
    ) -> Result<Self, (Stage, io::Error)> {
        let refused = |error| (Stage::Create, error);
        if path.file_name().is_none() {
            return Err(refused(io::ErrorKind::InvalidFilename.into()));
        }
        let known = match access {
            Access::Private => None,
            Access::AsBefore => replaceable(path).map_err(refused)?,
        };
        let draft = path.with_file_name(draft_name());
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(match access {
                Access::Private => 0o600,
                Access::AsBefore => 0o666,
            })
            .open(&draft)
            .map_err(refused)?;
        let beside = Self {
            path: path.to_owned(),
            draft,
            before,
            is_placed: false,
        };
        known
            .map_or(Ok(()), |known| keep_access(&file, &known))
            .and_then(|()| fill(file, bytes))
            .map_err(|error| (Stage::Fill, error))?;
        Ok(beside)
    }

    /// Puts the text in the place of the file, unless somebody else changed it meanwhile.
    pub(crate) fn place(mut self) -> Result<(), (Stage, io::Error)> {
        let placed = self
            .is_unchanged()
            .and_then(|()| fs::rename(&self.draft, &self.path));
        placed.map_err(|error| (Stage::Fill, error))?;
        self.is_placed = true;
        // The file is whole whether or not its folder can be made to last: not every file system has that.
        let _lasting = File::open(folder_of(&self.path)).and_then(|folder| folder.sync_all());
        Ok(())
    }

    /// Holds that the file is still what it was when it was read.
    pub(crate) fn is_unchanged(&self) -> io::Result<()> {
        let is_same = match self.before {
            Before::Anything => true,
            Before::Nothing => !self.path.exists(),
            Before::Text(text) => fs::read(&self.path)? == text.as_bytes(),
        };
        if is_same {
            Ok(())
        } else {
            Err(io::Error::other(Changed))
        }
    }
}

impl Drop for Beside<'_> {
    fn drop(&mut self) {
        if !self.is_placed {
            // It is of no use to anyone; the error that matters was the first.
            let _left = fs::remove_file(&self.draft);
        }
    }
}

/// Returns what is known of a file that is to be replaced; nothing where there is none.
fn replaceable(path: &Path) -> io::Result<Option<Metadata>> {
    let known = match fs::metadata(path) {
        Ok(known) => known,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if !known.is_file() {
        return Err(io::Error::other("it is no plain file"));
    }
    // Its folder would let it be replaced all the same.
    if known.permissions().readonly() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    Ok(Some(known))
}

/// Gives a new file the owner and the permissions of an old one.
fn keep_access(file: &File, known: &Metadata) -> io::Result<()> {
    let own = file.metadata()?;
    if (own.uid(), own.gid()) != (known.uid(), known.gid()) {
        // Only few may give files away; whoever may write into the folder may replace the file.
        let _given = fchown(file, Some(known.uid()), Some(known.gid()));
    }
    file.set_permissions(known.permissions())
}

/// Writes a file to its end, and waits until the disk has it.
fn fill(mut file: File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    file.sync_all()
}

pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Returns a name that no other run uses, wherever it runs, and that fits beside the longest one.
fn draft_name() -> String {
    // Every `RandomState` has keys of its own; a process id is the same in every container.
    let noise = RandomState::new().hash_one(std::process::id());
    format!(".gonogo-{noise:016x}.draft")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use gonogo_testkit::folder::Folder;

    use super::*;

    fn names(folder: &Folder) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_that_changed_meanwhile_is_left_as_it_is() {
        let folder = Folder::new("replace").unwrap();
        let path = folder.path().join("probes.yaml");
        for (before, meanwhile) in [(Before::Text("old"), "theirs"), (Before::Nothing, "theirs")] {
            if before != Before::Nothing {
                fs::write(&path, "old").unwrap();
            }
            let beside = Beside::write(&path, b"new", Access::AsBefore, before).unwrap();
            fs::write(&path, meanwhile).unwrap();
            let (stage, error) = beside.place().unwrap_err();
            assert_eq!(stage, Stage::Fill);
            assert!(
                error.get_ref().is_some_and(|e| e.is::<Changed>()),
                "{error}"
            );
            assert_eq!(fs::read_to_string(&path).unwrap(), meanwhile);
            assert_eq!(names(&folder), ["probes.yaml"]);
            fs::remove_file(&path).unwrap();
        }
    }

    #[test]
    fn a_file_that_must_not_be_written_is_not_replaced_either() {
        let folder = Folder::new("replace").unwrap();
        let path = folder.path().join("probes.yaml");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
        let refused = Beside::write(&path, b"new", Access::AsBefore, Before::Anything);
        let (stage, error) = refused.unwrap_err();
        assert_eq!(stage, Stage::Create);
        assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
        assert_eq!(names(&folder), ["probes.yaml"]);
    }

    #[test]
    fn drafts_of_two_runs_have_two_names() {
        assert_ne!(draft_name(), draft_name());
    }
}
