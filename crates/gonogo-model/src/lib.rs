//! The vocabulary of gonogo.
//!
//! Every other crate speaks in the words that are defined here: a *check* has *facts*, its
//! *findings* make an *outcome*, outcomes make a *verdict*, and all of it is kept in a *run record*.
//!
//! # Invariants
//!
//! - No I/O, no clock, no environment, no async runtime, no YAML, no protocol client.
//! - Whatever is written to a report is a type of this crate, so that an old report stays readable.
//! - A value keeps every digit it was read with: [`Decimal`] compares exactly.

pub mod codes;
mod decimal;
mod event;
mod exit;
mod finding;
mod group;
mod id;
mod merge;
mod observation;
mod outcome;
mod plan;
pub mod quantity;
mod record;
mod redact;
mod report;
mod shard;
mod value;
mod waiver;

pub use codes::{Blame, Code, CodeDecl, Recurrence};
pub use decimal::{Decimal, DecimalError};
pub use event::{Event, Stamp};
pub use exit::ExitCode;
pub use finding::{Finding, Held, Origin, Strength};
pub use group::{GroupState, Quorum, Tally};
pub use id::{Id, IdError};
pub use merge::{MergeFault, MergeTerms, Merged, MergedShard, Part, merge};
pub use observation::{Fault, Observation, Phase, Reading};
pub use outcome::{Effect, Outcome, Severity, Verdict};
pub use plan::{
    CheckIndex, Excluded, ExpectationSummary, PlanSummary, PlannedCheck, PlannedGroup, Selection,
};
pub use record::{
    AttemptRecord, CheckRecord, CheckResult, GateFile, Recorder, RunHeader, RunRecord, Tool,
    Variable,
};
pub use redact::{Redactor, RedactorBuilder, SecretTooShort};
pub use report::{Counts, GroupVerdict, Judgement, Reason, Report, SCHEMA};
pub use shard::{Division, NotAShard, Shard};
pub use value::{Value, Version};
pub use waiver::{PlannedWaiver, Until, WaiverState, WaiverVerdict};
