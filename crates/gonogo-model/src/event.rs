//! What happens in a run, as it happens.
//!
//! The engine emits events and nothing else; the recorder folds them into the run record, and live
//! views draw them. One writer, one order.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Decimal;
use crate::plan::{CheckIndex, PlanSummary};
use crate::record::{AttemptRecord, CheckResult, RunHeader};

/// A moment, by both clocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The wall clock: for people, and for certificates.
    pub wall: Timestamp,
    /// Seconds since the run began, by the monotonic clock: for deadlines and durations.
    pub elapsed: Decimal,
}

/// Something that happened in a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The run committed to its plan. Always first.
    RunStarted {
        /// When.
        at: Stamp,
        /// What is known of the run before anything ran.
        header: Arc<RunHeader>,
        /// What will run.
        plan: Arc<PlanSummary>,
    },
    /// A round of attempts began; there is more than one only with `--wait`.
    RoundStarted {
        /// When.
        at: Stamp,
        /// Its number, from 1.
        round: u32,
        /// The checks that the round looks at again; all of them in the first round.
        checks: Vec<CheckIndex>,
    },
    /// A check has its slot, and its first attempt of this round begins.
    CheckStarted {
        /// When.
        at: Stamp,
        /// Which.
        check: CheckIndex,
    },
    /// An attempt ended and was judged; more may follow.
    AttemptFinished {
        /// When.
        at: Stamp,
        /// Which check.
        check: CheckIndex,
        /// What came of it.
        attempt: AttemptRecord,
    },
    /// A check has its outcome for this round.
    CheckFinished {
        /// When.
        at: Stamp,
        /// Which check.
        check: CheckIndex,
        /// What came of it.
        result: CheckResult,
    },
    /// A signal asked the run to stop.
    Interrupted {
        /// When.
        at: Stamp,
        /// The signal's name: `INT`, `TERM` or `HUP`.
        signal: String,
    },
    /// Nothing more will happen. Always last.
    RunFinished {
        /// When.
        at: Stamp,
    },
}
