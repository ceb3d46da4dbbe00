//! What a run sees of the machine it runs on.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gonogo_engine::{SystemTime, Time};
use gonogo_kind::BoxFuture;
use jiff::Timestamp;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::io::Errno;

/// Looks up an environment variable.
pub type Environment = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Reads a file.
pub type Files = Box<dyn Fn(&Path) -> io::Result<Vec<u8>> + Send + Sync>;

/// Turns a path into another.
pub type Paths = Box<dyn Fn(&Path) -> io::Result<PathBuf> + Send + Sync>;

/// Lists a folder.
pub type Folders = Box<dyn Fn(&Path) -> io::Result<Vec<String>> + Send + Sync>;

/// The environment, the files and the clock, as functions: tests bring their own.
pub struct World {
    /// Looks up an environment variable; one that is not text is not set.
    pub env: Environment,
    /// Reads a file, up to 4 MiB.
    pub read_file: Files,
    /// Reads a regular file that is no link, up to 4 MiB: one that the gate includes.
    pub read_included: Files,
    /// Returns a path without links and dots.
    pub real_path: Paths,
    /// Returns the names in a folder.
    pub list_folder: Folders,
    /// Reads what gonogo wrote, a report or a plan, up to 512 MiB.
    pub read_report: Files,
    /// How long a program may take that prints a secret.
    pub command_limit: Duration,
    /// Returns whether a signal asked to stop: a program that prints a secret is then ended.
    pub is_stopped: Box<dyn Fn() -> bool + Send + Sync>,
    /// Reads the clock on the wall.
    pub now: fn() -> Timestamp,
}

impl World {
    /// The machine itself.
    #[must_use]
    pub fn real() -> Self {
        Self {
            env: Box::new(|name| std::env::var(name).ok()),
            read_file: Box::new(|path| read_capped(path, MAX_FILE)),
            read_included: Box::new(|path| read_regular(path, MAX_FILE)),
            real_path: Box::new(|path| std::fs::canonicalize(path)),
            list_folder: Box::new(list_folder),
            read_report: Box::new(|path| read_capped(path, MAX_REPORT)),
            command_limit: COMMAND_LIMIT,
            is_stopped: Box::new(|| false),
            now: Timestamp::now,
        }
    }

    /// Returns the clocks of a run: the wall is the world's, timers are those of the machine.
    pub(crate) const fn time(&self) -> WorldTime {
        WorldTime { wall: self.now }
    }
}

/// The clocks of a run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WorldTime {
    wall: fn() -> Timestamp,
}

impl Time for WorldTime {
    fn now(&self) -> Instant {
        SystemTime.now()
    }

    fn wall(&self) -> Timestamp {
        (self.wall)()
    }

    fn sleep_until(&self, until: Instant) -> BoxFuture<'static, ()> {
        SystemTime.sleep_until(until)
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("World(..)")
    }
}

fn read_capped(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let kind = std::fs::metadata(path)?.file_type();
    if kind.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder"));
    }
    if kind.is_fifo() {
        return read_all(Pipe::open(path)?, limit);
    }
    read_all(File::open(path)?, limit)
}

/// Reads a file, and nothing that could keep anybody waiting.
fn read_regular(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    // Opening a pipe or a device must not wait, and what is a link now was none when it was resolved.
    let flags = OFlags::NONBLOCK | OFlags::NOFOLLOW;
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path)?;
    let kind = file.metadata()?.file_type();
    if kind.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder"));
    }
    if !kind.is_file() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "is no regular file",
        ));
    }
    read_all(file, limit)
}

/// Returns the names in a folder; more than anybody includes are an error.
fn list_folder(path: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(path)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
        if names.len() > MAX_LISTED {
            let message = format!("the folder holds more than {MAX_LISTED} files");
            return Err(io::Error::other(message));
        }
    }
    Ok(names)
}

/// Reads to the end, and refuses more than so many bytes.
pub(crate) fn read_all(source: impl io::Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("more than {} MiB", limit >> 20),
        ));
    }
    Ok(bytes)
}

/// A pipe with a name, such as the shell makes of `<(command)`: its writer is waited for, but not for ever.
struct Pipe {
    file: File,
    opened: Instant,
    began: bool,
}

impl Pipe {
    fn open(path: &Path) -> io::Result<Self> {
        // Without this flag the mere opening waits until somebody writes.
        let file = OpenOptions::new()
            .read(true)
            .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
            .open(path)?;
        Ok(Self {
            file,
            opened: Instant::now(),
            began: false,
        })
    }
}

impl io::Read for Pipe {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let patience = match self.file.read(buffer) {
                // Nobody has it open for writing: its end, or its writer is yet to come.
                Ok(0) if !self.began => WRITER_COMES_WITHIN,
                Ok(read) => {
                    self.began = true;
                    return Ok(read);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => WRITER_ENDS_WITHIN,
                Err(error) => return Err(error),
            };
            let late = || io::Error::new(io::ErrorKind::TimedOut, "it is a pipe that nobody fills");
            let left = patience
                .checked_sub(self.opened.elapsed())
                .ok_or_else(late)?;
            let left = Timespec::try_from(left).map_err(io::Error::other)?;
            let mut waiting = [PollFd::new(&self.file, PollFlags::IN)];
            match poll(&mut waiting, Some(&left)) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
            if waiting.iter().all(|pipe| pipe.revents() == PollFlags::HUP) {
                // Its writer came and went without a word.
                return Ok(0);
            }
        }
    }
}

/// The most bytes that a gate file, or a file that it names, may have.
pub(crate) const MAX_FILE: u64 = 4 * 1024 * 1024;
/// The most files of a folder that a pattern looks through.
const MAX_LISTED: usize = 100_000;
/// The most bytes that a report or a plan may have: that of the largest gate, with room for its facts.
pub(crate) const MAX_REPORT: u64 = 512 * 1024 * 1024;
const COMMAND_LIMIT: Duration = Duration::from_secs(30);
const WRITER_COMES_WITHIN: Duration = Duration::from_millis(500);
const WRITER_ENDS_WITHIN: Duration = Duration::from_secs(30);
