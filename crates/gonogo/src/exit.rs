//! Exit codes: the one table from what happened to what the shell sees.

use gonogo_model::{ExitCode as Codes, Report, Verdict};
use gonogo_report::nagios::Service;
use gonogo_run::Stop;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The command did its work; of `check`: GO.
    Done,
    /// The answer is no; of `check`: NO-GO.
    No,
    /// The command could not start; nothing was probed.
    Refused,
    /// Nothing is proved wrong, but something is not proved.
    Hold,
    /// An output could not be written whole, or gonogo itself failed.
    Broken,
    /// A signal ended the run.
    Interrupted(u8),
    /// The answer of a monitoring plugin, which has codes of its own.
    Plugin(Service),
}

impl Exit {
    /// Returns the exit of a run by its verdict; an interrupted run says by which signal.
    pub(crate) fn of(report: &Report) -> Self {
        if report.record.interrupted.is_some() {
            return Self::Interrupted(Codes::of(report));
        }
        match report.judgement.verdict {
            Verdict::Go => Self::Done,
            Verdict::Hold => Self::Hold,
            Verdict::NoGo => Self::No,
        }
    }

    /// Returns the exit of a run that a signal ended without a report.
    pub(crate) const fn stopped(stop: Stop) -> Self {
        Self::Interrupted(match stop {
            Stop::Hangup => Codes::HANGUP,
            Stop::Interrupt => Codes::INTERRUPTED,
            Stop::Terminate => Codes::TERMINATED,
        })
    }

    /// Returns the exit when an output was lost besides: it replaces GO and HOLD, and nothing else.
    pub(crate) fn unless_worse(self, verdict: Self) -> Self {
        match verdict {
            Self::Done | Self::Hold => self,
            Self::Plugin(Service::Critical) => verdict,
            Self::Plugin(Service::Ok | Service::Warning | Service::Unknown) => {
                Self::Plugin(Service::Unknown)
            }
            Self::No | Self::Refused | Self::Broken | Self::Interrupted(_) => verdict,
        }
    }

    /// Returns the code for the shell.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Done => Codes::GO,
            Self::No => Codes::NO_GO,
            Self::Refused => Codes::USAGE,
            Self::Hold => Codes::HOLD,
            Self::Broken => Codes::BROKEN,
            Self::Interrupted(code) => code,
            Self::Plugin(service) => service.code(),
        }
    }
}
