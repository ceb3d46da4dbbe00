//! A run beside the one before it: what a report says of that.

use gonogo_model::{Id, Report};

use super::{Change, Difference};
use crate::text;

/// The run with which a report is compared: the baseline.
#[derive(Debug, Clone, Copy)]
pub enum Since<'r> {
    /// There is none yet, as before the first run of a schedule: everything is new.
    Nothing,
    /// An earlier run of the gate.
    Run(&'r Report),
}

impl<'r> Since<'r> {
    /// Returns what changed up to a report; of a first run, nothing can be said.
    #[must_use]
    pub fn difference(self, report: &'r Report) -> Option<Difference<'r>> {
        match self {
            Self::Nothing => None,
            Self::Run(before) => Some(Difference::between(before, report)),
        }
    }
}

impl Difference<'_> {
    /// Returns the earlier run in words: `run 0197 of 2026-11-19 03:00:00 UTC (GO)`.
    #[must_use]
    pub fn earlier(&self) -> String {
        let run = &self.before.record;
        format!(
            "run {} of {} ({})",
            text::line(&run.header.run_id, LONGEST_RUN, "..."),
            run.started.wall.strftime("%Y-%m-%d %H:%M:%S UTC"),
            self.before.judgement.verdict
        )
    }

    /// Returns how many checks changed in which way: `1 worse, 2 fixed, 3 still open`.
    #[must_use]
    pub fn told(&self) -> String {
        let counts = Change::ALL
            .iter()
            .map(|change| (*change, self.count(*change)));
        let told: Vec<String> = counts
            .filter(|(_, count)| *count > 0)
            .map(|(change, count)| format!("{count} {}", change.told()))
            .collect();
        if told.is_empty() {
            "nothing changed".to_owned()
        } else {
            told.join(", ")
        }
    }

    /// Returns the checks that changed in a way, in the order of the plan.
    pub(crate) fn ids(&self, change: Change) -> Vec<&Id> {
        let same = self
            .changes
            .iter()
            .filter(|changed| changed.change == change);
        same.map(|changed| changed.id).collect()
    }

    /// Returns what a reader must know before trusting the comparison: the runs are not of one kind.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let mut told = self.of_another_kind();
        if self.before.record.started.wall > self.after.record.started.wall {
            told.push("that run is the later one".to_owned());
        }
        told
    }
}

impl Change {
    /// Returns what is said of a check beside its outcome.
    pub(crate) const fn told(self) -> &'static str {
        match self {
            Self::StillOpen => "still open",
            Self::Worse | Self::Fixed | Self::Other | Self::Slower | Self::New | Self::Gone => {
                self.as_str()
            }
        }
    }
}

/// What changed for better or worse, and is told by name.
pub(crate) const NAMED: [Change; 3] = [Change::Worse, Change::Gone, Change::Fixed];

/// What is said of the first run.
pub(crate) const FIRST: &str = "there is no earlier one, and everything is new";

const LONGEST_RUN: usize = 60;
