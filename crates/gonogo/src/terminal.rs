//! What is known of the terminal: colour, size, whether it is one.

use std::io::{self, IsTerminal as _};

use crate::args::ColorChoice;

/// What is known of the two streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Terminal {
    /// Whether standard output gets colour.
    pub(crate) color_out: bool,
    /// Whether standard error gets colour.
    pub(crate) color_err: bool,
    /// Whether standard error can be drawn on.
    pub(crate) live: bool,
    /// Whether marks outside ASCII may be used.
    pub(crate) unicode: bool,
}

impl Terminal {
    /// Looks at the streams and the environment.
    pub(crate) fn detect(choice: ColorChoice) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
        let allowed = |is_terminal: bool| match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => is_terminal && !set("NO_COLOR") && !dumb,
        };
        let (out, err) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
        let utf8 = locale.is_some_and(|locale| {
            locale
                .to_ascii_uppercase()
                .replace('-', "")
                .contains("UTF8")
        });
        Self {
            color_out: allowed(out),
            color_err: allowed(err),
            live: err && !dumb && !set("CI"),
            unicode: utf8,
        }
    }

    /// Returns columns and rows as they are now.
    pub(crate) fn size(self) -> (usize, usize) {
        let asked = std::env::var("COLUMNS")
            .ok()
            .and_then(|columns| columns.parse().ok())
            .filter(|columns| *columns > 0);
        match rustix::termios::tcgetwinsize(io::stderr())
            .or_else(|_| rustix::termios::tcgetwinsize(io::stdout()))
        {
            Ok(size) if size.ws_col > 0 => {
                (usize::from(size.ws_col), usize::from(size.ws_row.max(2)))
            }
            _ => (asked.unwrap_or(DEFAULT_COLUMNS), DEFAULT_ROWS),
        }
    }
}

const DEFAULT_COLUMNS: usize = 100;
const DEFAULT_ROWS: usize = 24;
