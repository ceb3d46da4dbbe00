//! Waivers: governed, expiring exceptions, as a plan holds them and as a gate judges them.
//!
//! Whether a waiver covers an outcome is said here and nowhere else: the engine asks when a check has
//! come to its end, and the gate asks again before it believes that.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::codes::engine;
use crate::{CheckIndex, CheckResult, Code, Finding, Held, Id, Origin, Strength};

/// When a waiver ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Until {
    /// As it is written: `2027-01-31`, `2027-01-31T18:00:00+01:00`.
    pub text: String,
    /// The first moment at which it covers nothing any more; of a date, the end of that day, UTC.
    pub ends: Timestamp,
}

impl Until {
    /// Returns whether it is over at a moment.
    #[must_use]
    pub fn is_over(&self, at: Timestamp) -> bool {
        at >= self.ends
    }
}

impl fmt::Display for Until {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

/// A waiver as it is planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedWaiver {
    /// The id or glob that it names, as it is written; of a quarantine, the id of its check.
    pub check: String,
    /// The planned checks that it names.
    pub checks: Vec<CheckIndex>,
    /// The checks of the gate that it names and this run does not judge.
    pub excluded: Vec<Id>,
    /// The one code that it covers; any unless given.
    pub code: Option<String>,
    /// Why it is granted.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Where it is discussed.
    pub ticket: Option<String>,
    /// When it ends.
    pub until: Until,
    /// The most checks that it covers at once; only a quarantine has one.
    pub quarantine: Option<u32>,
    /// The file it stands in.
    pub file: String,
    /// Its line in it, from 1.
    pub line: u32,
}

impl PlannedWaiver {
    /// Returns whether it covers what a check that it names came to, in a run that began at `began`.
    ///
    /// Whether so many are covered at once is not asked here.
    #[must_use]
    pub fn covers(&self, result: &CheckResult, began: Timestamp) -> bool {
        let code = self.code.as_deref();
        !self.until.is_over(began) && code.is_none_or(|code| result.is_only(code))
    }
}

impl CheckResult {
    /// Returns whether a code is all that is wrong.
    ///
    /// A waiver for an expired certificate is none for a wrong name, even where the check says both.
    #[must_use]
    pub fn is_only(&self, code: &str) -> bool {
        let is = |other: &Code| other.as_str() == code;
        // What a kind expects by itself is that there is no fault: a fault explains it.
        let is_shown = |finding: &Finding| {
            let mut shows = self.faults.iter().flat_map(|fault| &fault.shows);
            shows.any(|(fact, _)| *fact == finding.fact)
                || finding.origin == Origin::BuiltIn && !self.faults.is_empty()
        };
        let is_finding = |finding: &Finding| match finding.held {
            Held::Yes => true,
            Held::No => is_shown(finding) || code == engine::EXPECTATION.code,
            Held::Unreadable => finding.code.as_ref().is_some_and(is),
        };
        let mut must = self
            .findings
            .iter()
            .filter(|finding| finding.strength == Strength::Must);
        self.code.as_ref().is_some_and(is)
            && self.faults.iter().all(|fault| is(&fault.code))
            && must.all(is_finding)
    }
}

/// What became of a waiver in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaiverState {
    /// It covers a check that did not pass.
    Used,
    /// It is a quarantine, and more checks did not pass than it covers: it covers none.
    Exhausted,
    /// It was over before the run began: it covers nothing.
    Expired,
    /// It names no check of the gate.
    Orphaned,
    /// Every check that it names passed.
    Unneeded,
    /// It was not asked: what it names was skipped, has another code, or is covered by another waiver.
    Unused,
    /// It names checks, and none that this run looks at.
    NotInRun,
}

impl WaiverState {
    /// Returns the state's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Exhausted => "exhausted",
            Self::Expired => "expired",
            Self::Orphaned => "orphaned",
            Self::Unneeded => "unneeded",
            Self::Unused => "unused",
            Self::NotInRun => "not in this run",
        }
    }
}

impl fmt::Display for WaiverState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The verdict on one waiver, which says nothing about the verdict of the gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaiverVerdict {
    /// What became of it.
    pub state: WaiverState,
    /// The code of a state that somebody should act on.
    pub code: Option<Code>,
    /// The checks that count as waived by it.
    pub waives: Vec<CheckIndex>,
}
