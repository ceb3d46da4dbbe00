//! What will run, as it is shown, digested and reported.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Decimal, Effect, Id, Origin, PlannedWaiver, Quorum, Severity, Strength};

/// The place of a check in the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CheckIndex(pub u32);

impl CheckIndex {
    /// Returns the place as an index into the plan's checks.
    #[must_use]
    pub const fn as_usize(self) -> usize {
        self.0 as usize
    }
}

/// What a run commits to before anything runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanSummary {
    /// SHA-256 over everything below, in hexadecimal.
    pub digest: String,
    /// The checks, in the order of the file, instances of an `each` in their own order.
    pub checks: Vec<PlannedCheck>,
    /// The groups, in the order of the file.
    pub groups: Vec<PlannedGroup>,
    /// The waivers, those of the gate before those of single checks; the first that covers is used.
    pub waivers: Vec<PlannedWaiver>,
    /// Checks of the file that this run does not judge, and why.
    pub excluded: Vec<Excluded>,
    /// How the checks were selected.
    pub selection: Selection,
}

/// A check as it will run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedCheck {
    /// Its id, expanded: `service.auth`.
    pub id: Id,
    /// Its title; the id when it has none.
    pub title: String,
    /// Its kind.
    pub kind: String,
    /// What it looks at, without secrets.
    pub subject: String,
    /// What it does to its subject.
    pub effect: Effect,
    /// How much it weighs.
    pub severity: Severity,
    /// The phases it belongs to; none means all.
    pub phases: Vec<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// The group it is judged with.
    pub group: Option<Id>,
    /// What must pass before it starts: checks and groups.
    pub needs: Vec<Id>,
    /// Who owns it.
    pub owner: Option<String>,
    /// Where to read what to do.
    pub runbook: Option<String>,
    /// The lines of a checklist that it answers.
    pub covers: Vec<String>,
    /// Every expectation in force, with its origin.
    pub expectations: Vec<ExpectationSummary>,
    /// The kind's options as they are in force, secrets by name.
    pub options: BTreeMap<String, String>,
    /// Seconds one attempt may take.
    pub timeout: Decimal,
    /// The most attempts a round makes.
    pub attempts: u32,
    /// Seconds between attempts.
    pub backoff: Decimal,
    /// How many passing attempts in a row it takes.
    pub consecutive: u32,
    /// Seconds for which a pass is proof; absent means the default of the run.
    pub max_age: Option<Decimal>,
    /// Why the check will not start although it is planned: left out by `--only`, `--read-only`, ...
    pub left_out: Option<String>,
    /// The gate file.
    pub file: String,
    /// The check's line in it, from 1.
    pub line: u32,
}

/// An expectation in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectationSummary {
    /// The fact, with the path into it.
    pub fact: String,
    /// The matcher, in the words of the gate file.
    pub wanted: String,
    /// Whether it must or should hold.
    pub strength: Strength,
    /// Where it comes from.
    pub origin: Origin,
}

/// A group as it will be judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedGroup {
    /// Its id.
    pub id: Id,
    /// Its title; the id when it has none.
    pub title: String,
    /// How much it weighs; its members weigh nothing by themselves.
    pub severity: Severity,
    /// How many members must pass.
    pub quorum: Quorum,
    /// Its planned members.
    pub members: Vec<CheckIndex>,
    /// The lines of a checklist that it answers.
    pub covers: Vec<String>,
    /// The gate file.
    pub file: String,
    /// The group's line in it, from 1.
    pub line: u32,
}

/// A check or group of the file that this run does not judge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excluded {
    /// Its id.
    pub id: Id,
    /// Why: `phase`, `tag`, `when`; of a group, that none of its members is planned.
    pub reason: String,
}

/// How the checks of a run were selected.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// `--phase`.
    pub phase: Option<String>,
    /// `--tag`, united.
    pub tags: Vec<String>,
    /// `--only`, united.
    pub only: Vec<String>,
    /// `--skip`, united.
    pub skip: Vec<String>,
    /// `--failed`: the run whose open checks are looked at again.
    pub failed: Option<String>,
    /// `--read-only`.
    pub read_only: bool,
    /// `--strict`.
    pub strict: bool,
}
