//! The report: a run record with its verdict, which every output renders.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{CheckIndex, Code, GroupState, Id, Outcome, RunRecord, Tally, Verdict, WaiverVerdict};

/// The name and version of the JSON report's format.
pub const SCHEMA: &str = "gonogo.run/1";

/// What the gate makes of a run record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// Why it is not GO, root causes first; on a GO, nothing.
    pub reasons: Vec<Reason>,
    /// How many checks came to each outcome.
    pub counts: Counts,
    /// The verdict on each group, in the order of the plan.
    pub groups: Vec<GroupVerdict>,
    /// The verdict on each waiver, in the order of the plan.
    pub waivers: Vec<WaiverVerdict>,
    /// Checks that the record calls waived, and that are judged by what they were.
    pub not_waived: Vec<CheckIndex>,
    /// Whether planned checks were left out of the run.
    pub partial: bool,
    /// Until when a GO holds.
    pub valid_until: Option<Timestamp>,
}

/// One reason why the verdict is not GO.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The check or group it is about; none when it is about the whole run.
    pub id: Option<Id>,
    /// The stable code.
    pub code: Code,
    /// In words.
    pub message: String,
    /// The verdict that this reason alone would give.
    pub verdict: Verdict,
    /// The checks that are skipped because of it.
    pub consequences: Vec<Id>,
}

/// How many checks came to each outcome.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Checks in the plan.
    pub planned: u32,
    /// Checks by outcome.
    pub by_outcome: BTreeMap<String, u32>,
    /// Checks that passed only after a retry.
    pub flaky: u32,
}

impl Counts {
    /// Returns how many checks came to `outcome`.
    #[must_use]
    pub fn of(&self, outcome: Outcome) -> u32 {
        self.by_outcome.get(outcome.as_str()).copied().unwrap_or(0)
    }
}

/// The verdict on one group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupVerdict {
    /// The group.
    pub id: Id,
    /// Whether it has its quorum.
    pub state: GroupState,
    /// The members by what they came to.
    pub tally: Tally,
    /// How many members must pass.
    pub needed: u32,
}

/// A run record with its judgement.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// What happened.
    pub record: RunRecord,
    /// What it means.
    pub judgement: Judgement,
}
