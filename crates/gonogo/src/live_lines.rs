//! Events on standard output as they come, one line each.
//!
//! A thread of its own writes them: a reader that is slow, or that has stopped reading, holds up that
//! thread and not the run, whose deadlines would pass meanwhile.

use std::cell::RefCell;
use std::io::{self, Write as _};
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

use gonogo_model::Event;
use gonogo_report::events::Lines;

/// Writes the events of a run.
pub(crate) struct LiveLines {
    lines: RefCell<Lines>,
    queue: Sender<String>,
    writer: JoinHandle<io::Result<()>>,
}

impl LiveLines {
    /// Begins to write.
    ///
    /// # Errors
    ///
    /// When there can be no more threads.
    pub(crate) fn begin() -> io::Result<Self> {
        let (queue, lines) = channel::<String>();
        let write = move || {
            let mut out = io::stdout();
            let mut written = Ok(());
            // What comes after a line that got lost would only look whole.
            for line in lines {
                written = written.and_then(|()| out.write_all(line.as_bytes()));
                written = written.and_then(|()| out.flush());
            }
            written
        };
        let writer = std::thread::Builder::new().name("events".to_owned());
        Ok(Self {
            lines: RefCell::new(Lines::new()),
            queue,
            writer: writer.spawn(write)?,
        })
    }

    /// Takes one event in.
    pub(crate) fn on_event(&self, event: &Event) {
        let line = self.lines.borrow_mut().line(event);
        // A writer that is gone is told of at the end.
        let _told = self.queue.send(line);
    }

    /// Waits until everything is written; returns whether it was.
    pub(crate) fn end(self) -> bool {
        drop(self.queue);
        matches!(self.writer.join(), Ok(Ok(())))
    }
}
