//! The shape of the JSON report: one struct an object, keys in the order in which they are written.

use std::collections::BTreeMap;

use gonogo_model::{
    AttemptRecord, Decimal, Effect, Excluded, GateFile, GroupState, Id, MergedShard, Outcome,
    Selection, Severity, Shard, Strength, Tool, Variable, Verdict, WaiverState,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// A whole report; its checks are objects when it was read, and are made one by one when it is written.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RunDoc<C = Vec<Json>> {
    pub(crate) schema: String,
    pub(crate) gate: String,
    pub(crate) release: Option<String>,
    pub(crate) environment: Option<String>,
    pub(crate) run_id: String,
    pub(crate) verdict: Verdict,
    pub(crate) reasons: Vec<ReasonDoc>,
    pub(crate) valid_until: Option<Timestamp>,
    pub(crate) counts: CountsDoc,
    pub(crate) partial: bool,
    pub(crate) interrupted: bool,
    pub(crate) signal: Option<String>,
    pub(crate) started: Timestamp,
    pub(crate) finished: Timestamp,
    pub(crate) duration: Decimal,
    pub(crate) monotonic: SpanDoc,
    pub(crate) rounds: u32,
    pub(crate) tool: Tool,
    pub(crate) host: Option<String>,
    pub(crate) ci: CiDoc,
    pub(crate) file: String,
    pub(crate) digests: DigestsDoc,
    #[serde(default)]
    pub(crate) files: Vec<GateFile>,
    #[serde(default)]
    pub(crate) policies: Vec<GateFile>,
    pub(crate) secrets: Vec<String>,
    pub(crate) variables: Vec<Variable>,
    pub(crate) selection: Selection,
    pub(crate) valid_for: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) shard: Option<Shard>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) merged: Option<MergedDoc>,
    pub(crate) excluded: Vec<Excluded>,
    pub(crate) groups: Vec<GroupDoc>,
    /// Each is a [`PlannedWaiverDoc`] and a [`WaiverVerdictDoc`] in one object.
    pub(crate) waivers: Vec<Json>,
    /// Each is an [`IdentityDoc`], a [`ResultDoc`] and a [`TermsDoc`] in one object.
    pub(crate) checks: C,
}

/// What a report was merged from.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct MergedDoc {
    pub(crate) count: u32,
    pub(crate) shards: Vec<MergedShard>,
    pub(crate) faults: Vec<MergeFaultDoc>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct MergeFaultDoc {
    pub(crate) code: String,
    pub(crate) message: String,
}

/// A plan without a run.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PlanDoc {
    pub(crate) schema: String,
    pub(crate) gate: String,
    pub(crate) release: Option<String>,
    pub(crate) environment: Option<String>,
    pub(crate) file: String,
    pub(crate) digests: DigestsDoc,
    #[serde(default)]
    pub(crate) files: Vec<GateFile>,
    #[serde(default)]
    pub(crate) policies: Vec<GateFile>,
    pub(crate) secrets: Vec<String>,
    pub(crate) variables: Vec<Variable>,
    pub(crate) selection: Selection,
    pub(crate) excluded: Vec<Excluded>,
    pub(crate) groups: Vec<Json>,
    /// Each is a [`PlannedWaiverDoc`].
    #[serde(default)]
    pub(crate) waivers: Vec<Json>,
    /// Each is an [`IdentityDoc`] and a [`TermsDoc`] in one object.
    pub(crate) checks: Vec<Json>,
}

/// The monotonic clock at both ends, in seconds since the run began.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SpanDoc {
    pub(crate) started: Decimal,
    pub(crate) finished: Decimal,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CiDoc {
    pub(crate) job: Option<String>,
    /// The run of the pipeline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) run: Option<String>,
    pub(crate) commit: Option<String>,
    pub(crate) branch: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct DigestsDoc {
    pub(crate) file: String,
    pub(crate) plan: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ReasonDoc {
    pub(crate) id: Option<Id>,
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) verdict: Verdict,
    pub(crate) consequences: Vec<Id>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CountsDoc {
    pub(crate) planned: u32,
    pub(crate) passed: u32,
    pub(crate) warned: u32,
    pub(crate) failed: u32,
    pub(crate) unknown: u32,
    pub(crate) skipped: u32,
    pub(crate) waived: u32,
    pub(crate) awaiting: u32,
    pub(crate) flaky: u32,
}

/// A group as it was planned.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PlannedGroupDoc {
    pub(crate) id: Id,
    pub(crate) title: String,
    pub(crate) severity: Severity,
    pub(crate) quorum: QuorumDoc,
    pub(crate) members: Vec<Id>,
    pub(crate) covers: Vec<String>,
    pub(crate) file: String,
    pub(crate) line: u32,
}

/// A group as it was judged.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct GroupDoc {
    pub(crate) id: Id,
    pub(crate) title: String,
    pub(crate) severity: Severity,
    pub(crate) state: Option<GroupState>,
    pub(crate) quorum: QuorumDoc,
    pub(crate) needed: Option<u32>,
    pub(crate) planned: Option<u32>,
    pub(crate) passes: Option<u32>,
    pub(crate) undecided: Option<u32>,
    pub(crate) members: Vec<Id>,
    pub(crate) covers: Vec<String>,
    pub(crate) file: String,
    pub(crate) line: u32,
}

/// A waiver as it was planned.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PlannedWaiverDoc {
    pub(crate) check: String,
    pub(crate) checks: Vec<Id>,
    pub(crate) excluded: Vec<Id>,
    pub(crate) code: Option<String>,
    pub(crate) reason: String,
    pub(crate) owner: String,
    pub(crate) ticket: Option<String>,
    pub(crate) until: String,
    pub(crate) ends: Timestamp,
    /// The most checks that it covers at once; `null` unless it is a quarantine.
    pub(crate) quarantine: Option<u32>,
    pub(crate) file: String,
    pub(crate) line: u32,
}

/// What became of a waiver.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct WaiverVerdictDoc {
    pub(crate) state: WaiverState,
    pub(crate) state_code: Option<String>,
    pub(crate) waives: Vec<Id>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum QuorumDoc {
    All,
    Any,
    AtLeast(u32),
    AtLeastShare(Decimal),
}

/// A check of a report, to be written; a reader takes the parts one by one, so that it can say which of
/// them is wrong.
#[derive(Debug, Serialize)]
pub(crate) struct CheckDoc {
    #[serde(flatten)]
    pub(crate) identity: IdentityDoc,
    #[serde(flatten)]
    pub(crate) result: ResultDoc,
    #[serde(flatten)]
    pub(crate) terms: TermsDoc,
}

/// What a check is.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct IdentityDoc {
    pub(crate) id: Id,
    pub(crate) title: String,
    pub(crate) kind: String,
    pub(crate) subject: String,
    pub(crate) effect: Effect,
    pub(crate) severity: Severity,
    pub(crate) phases: Vec<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) group: Option<Id>,
    pub(crate) needs: Vec<Id>,
    pub(crate) owner: Option<String>,
    pub(crate) runbook: Option<String>,
    pub(crate) covers: Vec<String>,
}

/// What a check came to.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ResultDoc {
    pub(crate) outcome: Outcome,
    pub(crate) was: Option<Outcome>,
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) hint: Option<String>,
    pub(crate) flaky: bool,
    pub(crate) blame: Option<Id>,
    pub(crate) facts: Map<String, Json>,
    pub(crate) fact_types: Map<String, Json>,
    pub(crate) unreadable: BTreeMap<String, UnreadableDoc>,
    pub(crate) findings: Vec<FindingDoc>,
    pub(crate) faults: Vec<FaultDoc>,
    pub(crate) notes: Vec<String>,
    pub(crate) attempts: Vec<AttemptRecord>,
    pub(crate) start: Option<Timestamp>,
    pub(crate) elapsed: Option<Decimal>,
    pub(crate) duration: Option<Decimal>,
    /// How old the proof of a pass was at the end of the run.
    #[serde(default)]
    pub(crate) age: Option<Decimal>,
}

/// How a check was to run.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct TermsDoc {
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) left_out: Option<String>,
    pub(crate) timeout: Decimal,
    pub(crate) retry: RetryDoc,
    pub(crate) consecutive: u32,
    pub(crate) max_age: Option<Decimal>,
    pub(crate) options: BTreeMap<String, String>,
    pub(crate) expectations: Vec<ExpectationDoc>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RetryDoc {
    pub(crate) attempts: u32,
    pub(crate) backoff: Decimal,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ExpectationDoc {
    pub(crate) fact: String,
    pub(crate) strength: Strength,
    pub(crate) wanted: String,
    pub(crate) origin: OriginDoc,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct UnreadableDoc {
    pub(crate) code: String,
    pub(crate) message: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct FindingDoc {
    pub(crate) fact: String,
    pub(crate) strength: Strength,
    pub(crate) wanted: String,
    pub(crate) got: String,
    /// `null` when the fact could not be read.
    pub(crate) held: Option<bool>,
    pub(crate) code: Option<String>,
    pub(crate) origin: OriginDoc,
    pub(crate) message: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct OriginDoc {
    pub(crate) from: OriginWord,
    /// The name of a template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OriginWord {
    BuiltIn,
    File,
    Template,
    Argument,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct FaultDoc {
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
    pub(crate) shows: Vec<ShownDoc>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ShownDoc {
    pub(crate) fact: String,
    pub(crate) value: Json,
    #[serde(rename = "type")]
    pub(crate) ty: Json,
}
