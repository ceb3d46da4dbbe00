//! Outputs: what is asked for, and writing files whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gonogo_model::Code;
use gonogo_model::codes::output::{INCOMPLETE, UNWRITABLE};
use gonogo_report::{Format, View};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::Errno;

use crate::push::Push;
use crate::replace::{Access, Before, Beside, Changed, Stage, folder_of};

/// An output that was asked for: `-o json=report.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputSpec {
    /// The format.
    pub format: &'static Format,
    /// Where it goes.
    pub to: Destination,
}

/// Where an output goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// Standard output.
    Stdout,
    /// A file.
    File(PathBuf),
    /// A server.
    Server(Push),
}

impl OutputSpec {
    /// Returns the file it goes to.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match &self.to {
            Destination::File(path) => Some(path),
            Destination::Stdout | Destination::Server(_) => None,
        }
    }
}

/// An output that could not be written.
#[derive(Debug)]
pub struct Unwritten {
    /// Where it should have gone: a file, or scheme, host and port of a server.
    pub path: PathBuf,
    /// Whether it could not be created, not be finished, or was not taken.
    pub code: Code,
    /// Why.
    pub error: io::Error,
}

impl Unwritten {
    /// Returns whether somebody else changed the file since it was read.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        let why = self.error.get_ref();
        why.is_some_and(|why| why.is::<Changed>())
    }
}

/// Writes every output that goes to a file, then to a server; a failure of one does not keep the others from being
/// written.
#[must_use]
pub fn write_outputs(view: &View<'_>, outputs: &[OutputSpec]) -> Vec<Unwritten> {
    let mut unwritten = Vec::new();
    for output in outputs {
        if let Destination::File(path) = &output.to {
            unwritten.extend(write_private(path, &output.format.render(view)).err());
        }
    }
    for output in outputs {
        if let Destination::Server(push) = &output.to {
            unwritten.extend(push.send(output.format, view).err());
        }
    }
    unwritten
}

/// Writes a gate file whole: a reader sees the old one or the new one, and who may read it stays.
///
/// # Errors
///
/// When it could not be written, must not be, or was changed by somebody else; an old file is then as it was.
pub fn write_gate(path: &Path, text: &str, before: Before<'_>) -> Result<(), Unwritten> {
    write_whole(path, text.as_bytes(), Access::AsBefore, before)
}

/// Writes a file whole that only whoever runs the gate may read.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Unwritten> {
    write_whole(path, bytes, Access::Private, Before::Anything)
}

/// Writes a file so that a reader sees the old one or the whole new one.
fn write_whole(
    path: &Path,
    bytes: &[u8],
    access: Access,
    before: Before<'_>,
) -> Result<(), Unwritten> {
    let failed = |code: Code, error| Unwritten {
        path: path.to_owned(),
        code,
        error,
    };
    match place(path).map_err(|e| failed(UNWRITABLE.into(), e))? {
        Place::Stream(stream) => {
            let mut stream = open_stream(&stream).map_err(|e| failed(UNWRITABLE.into(), e))?;
            stream
                .write_all(bytes)
                .and_then(|()| stream.flush())
                .map_err(|e| failed(INCOMPLETE.into(), e))
        }
        Place::File(file) => Beside::write(&file, bytes, access, before)
            .and_then(Beside::place)
            .map_err(|(stage, error)| match stage {
                Stage::Create => failed(UNWRITABLE.into(), error),
                Stage::Fill => failed(INCOMPLETE.into(), error),
            }),
    }
}

/// Where an output really goes.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    /// A device, a pipe, or a descriptor of this process: it can be written to, and not be replaced.
    Stream(PathBuf),
    /// A file that is there or is to be.
    File(PathBuf),
}

/// Follows links to where they lead: the link is whoever made it wants it, the file is ours.
fn place(path: &Path) -> io::Result<Place> {
    let mut at = path.to_owned();
    for _ in 0..MAX_LINKS {
        // `/dev/stdout` is such a link, even where standard output is a file.
        let descriptor = at.starts_with("/proc") || at.starts_with("/dev/fd");
        if descriptor || is_stream(&at) {
            return Ok(Place::Stream(at));
        }
        match fs::read_link(&at) {
            Ok(to) => at = folder_of(&at).join(to),
            Err(_no_link) => return Ok(Place::File(at)),
        }
    }
    Err(Errno::LOOP.into())
}

fn is_stream(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|known| {
        let kind = known.file_type();
        kind.is_char_device() || kind.is_fifo() || kind.is_block_device() || kind.is_socket()
    })
}

/// Opens what is only written to; the reader of a pipe is waited for, but not for ever.
pub(crate) fn open_stream(path: &Path) -> io::Result<File> {
    let began = Instant::now();
    loop {
        // Without this flag the mere opening of a pipe waits until somebody reads.
        let opened = OpenOptions::new()
            .append(true)
            .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
            .open(path);
        match opened {
            Ok(stream) => {
                fcntl_setfl(&stream, fcntl_getfl(&stream)? - OFlags::NONBLOCK)?;
                return Ok(stream);
            }
            Err(error)
                if Errno::from_io_error(&error) == Some(Errno::NXIO)
                    && began.elapsed() < READER_COMES_WITHIN =>
            {
                std::thread::sleep(LOOK_AGAIN);
            }
            Err(error) => return Err(error),
        }
    }
}

/// More links in a row lead nowhere.
const MAX_LINKS: usize = 40;
const READER_COMES_WITHIN: Duration = Duration::from_secs(2);
const LOOK_AGAIN: Duration = Duration::from_millis(20);

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

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
    fn a_link_stays_and_its_file_is_written() {
        let folder = Folder::new("links").unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("kept")).unwrap();
        symlink("kept/report.json", at("link")).unwrap();
        symlink("link", at("first")).unwrap();
        for text in ["new", "newer"] {
            write_whole(
                &at("first"),
                text.as_bytes(),
                Access::Private,
                Before::Anything,
            )
            .unwrap();
            assert_eq!(fs::read_to_string(at("kept/report.json")).unwrap(), text);
        }
        assert_eq!(names(&folder), ["first", "kept", "link"]);
        assert!(at("link").is_symlink(), "the link is still one");
    }

    #[test]
    fn a_gate_file_keeps_who_may_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = Folder::new("modes").unwrap();
        let path = folder.path().join("probes.yaml");
        fs::write(&path, "old").unwrap();
        for mode in [0o640, 0o604] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            write_gate(&path, "new", Before::Anything).unwrap();
            let known = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(known & 0o777, mode);
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(names(&folder), ["probes.yaml"]);
    }

    #[test]
    fn links_in_a_circle_are_an_error() {
        let folder = Folder::new("links").unwrap();
        symlink("round", folder.path().join("round")).unwrap();
        let lost = write_whole(
            &folder.path().join("round"),
            b"x",
            Access::Private,
            Before::Anything,
        )
        .unwrap_err();
        assert_eq!(lost.code, UNWRITABLE.into());
    }

    #[test]
    fn descriptors_of_this_process_are_never_replaced() {
        for path in [
            "/dev/stdout",
            "/dev/stderr",
            "/dev/fd/1",
            "/proc/self/fd/2",
            "/dev/null",
        ] {
            assert!(
                matches!(place(Path::new(path)), Ok(Place::Stream(_))),
                "{path}"
            );
        }
    }

    #[test]
    fn what_a_descriptor_holds_already_is_kept() {
        let folder = Folder::new("descriptors").unwrap();
        let path = folder.path().join("out");
        fs::write(&path, "before\n").unwrap();
        let open = OpenOptions::new().append(true).open(&path).unwrap();
        let descriptor = std::os::fd::AsRawFd::as_raw_fd(&open);
        let name = format!("/proc/self/fd/{descriptor}");
        write_whole(
            Path::new(&name),
            b"report\n",
            Access::Private,
            Before::Anything,
        )
        .unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "before\nreport\n");
    }

    #[test]
    fn the_longest_name_is_written_and_leaves_nothing_else() {
        let folder = Folder::new("long").unwrap();
        let name = "n".repeat(255);
        write_whole(
            &folder.path().join(&name),
            b"x",
            Access::Private,
            Before::Anything,
        )
        .unwrap();
        assert_eq!(names(&folder), [name]);
    }

    #[test]
    fn a_folder_is_not_replaced() {
        let folder = Folder::new("folder").unwrap();
        fs::create_dir(folder.path().join("there")).unwrap();
        for path in ["there", "there/", "there/.."] {
            assert!(
                write_whole(
                    &folder.path().join(path),
                    b"x",
                    Access::Private,
                    Before::Anything
                )
                .is_err()
            );
        }
        assert_eq!(names(&folder), ["there"]);
    }

    #[test]
    fn a_pipe_that_nobody_reads_does_not_hold_up_the_verdict() {
        let folder = Folder::new("pipe").unwrap();
        let path = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.unwrap().success());
        let lost = write_whole(&path, b"x", Access::Private, Before::Anything).unwrap_err();
        assert_eq!(lost.code, UNWRITABLE.into());
    }
}
