//! Who is to be told of a run: pure.

use std::fmt;

use gonogo_config::Occasion;
use gonogo_model::{Report, Verdict};
use gonogo_report::notice::News;

/// Why nobody is told of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withheld {
    /// It did not come to its end, by the wish of whoever started it.
    Interrupted,
    /// Checks were left out of it, so that it says little of the gate.
    Partial,
}

impl fmt::Display for Withheld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Interrupted => "nobody was told: the run was interrupted",
            Self::Partial => "nobody was told: the run is partial",
        })
    }
}

/// Holds that a run is one to be told of.
///
/// A pipeline that is cancelled and a person who looks at one check have nothing to say to others; and the
/// parts of a run that was divided would each say HOLD.
pub(super) const fn withheld(report: &Report) -> Result<(), Withheld> {
    if report.record.interrupted.is_some() {
        return Err(Withheld::Interrupted);
    }
    if report.judgement.partial {
        return Err(Withheld::Partial);
    }
    Ok(())
}

/// Returns whether a receiver wants to be told.
pub(super) fn is_due(occasion: Occasion, report: &Report, news: Option<&News>) -> bool {
    match occasion {
        Occasion::Change => news.is_some(),
        Occasion::Problem => report.judgement.verdict != Verdict::Go,
        Occasion::Always => true,
    }
}
