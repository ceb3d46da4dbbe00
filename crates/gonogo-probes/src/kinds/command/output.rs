//! Reads what a command prints, without ever letting it stall or fill the memory.

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};

/// One output stream of a command.
#[derive(Debug, Default)]
pub(super) struct Capture {
    kept: Vec<u8>,
    limit: usize,
    size: u64,
    whole: bool,
}

impl Capture {
    /// Returns an empty capture that keeps at most `limit` bytes.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            ..Self::default()
        }
    }

    /// Reads to the end; what is beyond the limit is read too, so that the command is not held up.
    pub(super) async fn read(&mut self, from: Option<impl AsyncRead + Unpin>) {
        let Some(mut from) = from else { return };
        let mut chunk = vec![0; CHUNK];
        loop {
            match from.read(&mut chunk).await {
                Ok(0) => {
                    self.whole = true;
                    return;
                }
                Ok(read) => {
                    self.size += read as u64;
                    let room = self.limit.saturating_sub(self.kept.len()).min(read);
                    self.kept.extend_from_slice(&chunk[..room]);
                }
                // A pipe does not fail; if it does, the output counts as not whole.
                Err(_) => return,
            }
        }
    }

    /// Returns what was kept as text; bytes that are not UTF-8 are replaced.
    pub(super) fn text(&self) -> String {
        let text = String::from_utf8_lossy(&self.kept);
        let text = text.strip_suffix('\n').unwrap_or(&text);
        text.strip_suffix('\r').unwrap_or(text).to_owned()
    }

    /// Returns the bytes that were kept.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.kept
    }

    /// Returns how much was printed.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Returns whether more was printed than is kept.
    pub(super) fn is_too_large(&self) -> bool {
        self.size > self.kept.len() as u64
    }

    /// Returns whether the stream was read to its end.
    pub(super) fn is_whole(&self) -> bool {
        self.whole
    }
}

/// Writes text to the command's standard input and closes it.
///
/// A command need not read it: a closed pipe is no error.
pub(super) async fn feed(stdin: Option<tokio::process::ChildStdin>, text: Option<&str>) {
    if let (Some(mut stdin), Some(text)) = (stdin, text) {
        let _read = stdin.write_all(text.as_bytes()).await;
    }
}

const CHUNK: usize = 16 * 1024;
