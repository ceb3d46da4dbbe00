//! Signals that ask a run to stop.

/// A signal that asks the run to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// HUP: the terminal went away.
    Hangup,
    /// INT: Ctrl-C.
    Interrupt,
    /// TERM.
    Terminate,
}

impl Stop {
    /// Returns the signal's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hangup => "HUP",
            Self::Interrupt => "INT",
            Self::Terminate => "TERM",
        }
    }
}
