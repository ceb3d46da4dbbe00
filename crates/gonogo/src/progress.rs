//! Progress on standard error: a live view on a terminal, plain lines elsewhere, nothing with `-q`.

use std::cell::RefCell;
use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use gonogo_model::Event;
use gonogo_report::live::Live;
use gonogo_report::plain::Plain;

use crate::commands::show;
use crate::terminal::Terminal;

/// Shows how far a run is.
pub(crate) struct Progress {
    view: RefCell<View>,
    began: Instant,
    terminal: Terminal,
}

enum View {
    Live(Live),
    Plain(Plain),
    None,
}

impl Progress {
    /// Returns the view that fits the terminal.
    pub(crate) fn new(terminal: Terminal, quiet: bool, deadline: Duration) -> Self {
        let style = show::style(terminal, terminal.color_err, false);
        let view = match (quiet, terminal.live) {
            (true, _) => View::None,
            (false, true) => View::Live(Live::new(&style, Some(deadline))),
            (false, false) => View::Plain(Plain::new(&style)),
        };
        Self {
            view: RefCell::new(view),
            began: Instant::now(),
            terminal,
        }
    }

    /// Takes one event in.
    pub(crate) fn on_event(&self, event: &Event) {
        match &mut *self.view.borrow_mut() {
            View::Live(live) => live.on_event(event),
            View::Plain(plain) => {
                write(&plain.on_event(event));
            }
            View::None => {}
        }
    }

    /// Draws the live view, or says that there is still nothing to say.
    pub(crate) fn draw(&self) {
        match &mut *self.view.borrow_mut() {
            View::Live(live) => {
                let (width, height) = self.terminal.size();
                write(&live.frame(self.began.elapsed(), width, height));
            }
            View::Plain(plain) => write(&plain.idle(self.began.elapsed()).unwrap_or_default()),
            View::None => {}
        }
    }

    /// Takes the live view away: the summary takes its place.
    pub(crate) fn end(&self) {
        if let View::Live(live) = &mut *self.view.borrow_mut() {
            write(&live.clear());
        }
    }
}

/// Progress is talk: if nobody listens, nothing is lost.
fn write(text: &str) {
    let mut stream = io::stderr().lock();
    let _unheard = stream
        .write_all(text.as_bytes())
        .and_then(|()| stream.flush());
}
