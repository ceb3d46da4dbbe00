//! Outputs: what is asked for, and writing files whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use gonogo_model::codes::output::{INCOMPLETE, UNWRITABLE};
use gonogo_model::{Code, Report};

/// A format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text for people.
    Human,
    /// `gonogo.run/1`.
    Json,
}

impl Format {
    /// Every format with its name.
    pub const ALL: [(&'static str, Self); 2] = [("human", Self::Human), ("json", Self::Json)];
}

/// An output that was asked for: `-o json=report.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputSpec {
    /// The format.
    pub format: Format,
    /// The file; without one it is standard output.
    pub path: Option<PathBuf>,
}

/// An output that could not be written.
#[derive(Debug)]
pub struct Unwritten {
    /// Where it should have gone.
    pub path: PathBuf,
    /// Whether it could not be created or not be finished.
    pub code: Code,
    /// Why.
    pub error: io::Error,
}

/// Writes every output that goes to a file; a failure of one does not keep the others from being written.
pub fn write_files(
    report: &Report,
    outputs: &[OutputSpec],
    render: &dyn Fn(&Report, Format) -> Vec<u8>,
) -> Vec<Unwritten> {
    outputs
        .iter()
        .filter_map(|output| Some((output.format, output.path.as_deref()?)))
        .filter_map(|(format, path)| write_whole(path, &render(report, format)).err())
        .collect()
}

/// Writes a file so that a reader sees the old one or the whole new one.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Unwritten> {
    let failed = |code: Code, error| Unwritten {
        path: path.to_owned(),
        code,
        error,
    };
    if is_stream(path) {
        let mut stream = OpenOptions::new()
            .write(true)
            .open(path)
            .map_err(|e| failed(UNWRITABLE.into(), e))?;
        return stream
            .write_all(bytes)
            .and_then(|()| stream.flush())
            .map_err(|e| failed(INCOMPLETE.into(), e));
    }
    let draft = draft_name(path)
        .ok_or_else(|| failed(UNWRITABLE.into(), io::ErrorKind::InvalidFilename.into()))?;
    // What a report holds is the business of whoever runs the gate: nobody else may read it.
    let created = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft);
    let file = created.map_err(|e| failed(UNWRITABLE.into(), e))?;
    let written = fill(file, bytes).and_then(|()| fs::rename(&draft, path));
    written.map_err(|error| {
        // The draft is of no use to anyone; the error that matters is the first.
        let _left = fs::remove_file(&draft);
        failed(INCOMPLETE.into(), error)
    })
}

fn fill(mut file: File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    file.sync_all()
}

/// Devices and pipes cannot be replaced, only written to.
fn is_stream(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|known| {
        let kind = known.file_type();
        kind.is_char_device() || kind.is_fifo() || kind.is_block_device() || kind.is_socket()
    })
}

fn draft_name(path: &Path) -> Option<PathBuf> {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name()?);
    name.push(format!(".{}.draft", std::process::id()));
    Some(path.with_file_name(name))
}
