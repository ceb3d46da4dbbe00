//! Standard output and standard error, and whether anything got lost on the way there.

use std::io::{self, Write};

use gonogo_report::inert;

/// The two streams of a command.
pub(crate) struct Streams {
    out: Box<dyn Write>,
    err: Box<dyn Write>,
    lost: bool,
}

impl Streams {
    /// Returns the process's own streams.
    pub(crate) fn standard() -> Self {
        Self {
            out: Box::new(io::stdout()),
            err: Box::new(io::stderr()),
            lost: false,
        }
    }

    /// Writes data to standard output.
    pub(crate) fn data(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// Writes bytes to standard output.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        if self
            .out
            .write_all(bytes)
            .and_then(|()| self.out.flush())
            .is_err()
        {
            self.lost = true;
        }
    }

    /// Says something to people on standard error, and nothing that a CI would obey.
    pub(crate) fn talk(&mut self, text: &str) {
        self.order(&inert(text));
    }

    /// Writes to standard error what a CI is to obey.
    pub(crate) fn order(&mut self, text: &str) {
        // Nobody listens any more: talk is no output, and the verdict does not depend on it.
        let _unheard = self
            .err
            .write_all(text.as_bytes())
            .and_then(|()| self.err.flush());
    }

    /// Says on standard error what went wrong.
    pub(crate) fn complain(&mut self, text: &str) {
        self.talk(&format!("{}\n", text.trim_end()));
    }

    /// Notes that data got lost which somebody else wrote to standard output.
    pub(crate) const fn lose(&mut self) {
        self.lost = true;
    }

    /// Returns whether data could not be written.
    pub(crate) fn lost_output(&self) -> bool {
        self.lost
    }
}
