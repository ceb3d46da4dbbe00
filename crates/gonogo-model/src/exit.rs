//! Exit codes of `gonogo`, in one place.
//!
//! No flag and no format changes what a code means.

use crate::{Report, Verdict};

/// The exit codes. A pipeline may depend on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExitCode;

impl ExitCode {
    /// `check`, `probe`: GO. Other commands: done.
    pub const GO: u8 = 0;
    /// `check`, `probe`: NO-GO, a blocker or a group is proved wrong. Other commands: the answer is no.
    pub const NO_GO: u8 = 1;
    /// Could not start: usage, file or configuration; nothing was probed.
    pub const USAGE: u8 = 2;
    /// HOLD: nothing is proved wrong, but something that must be proved is not.
    pub const HOLD: u8 = 3;
    /// An output could not be written whole, or gonogo itself failed; a NO-GO stays [`Self::NO_GO`].
    pub const BROKEN: u8 = 4;
    /// Interrupted by HUP.
    pub const HANGUP: u8 = 129;
    /// Interrupted by INT.
    pub const INTERRUPTED: u8 = 130;
    /// Interrupted by TERM.
    pub const TERMINATED: u8 = 143;

    /// Returns the exit code of a run: that of its verdict, or of the signal that interrupted it.
    #[must_use]
    pub fn of(report: &Report) -> u8 {
        match (&report.record.interrupted, report.judgement.verdict) {
            (Some(signal), _) => match signal.as_str() {
                "HUP" => Self::HANGUP,
                "TERM" => Self::TERMINATED,
                _ => Self::INTERRUPTED,
            },
            (None, Verdict::Go) => Self::GO,
            (None, Verdict::Hold) => Self::HOLD,
            (None, Verdict::NoGo) => Self::NO_GO,
        }
    }
}
