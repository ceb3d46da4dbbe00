//! What a merge leaves in the record.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Code;

/// What a record was merged from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    /// How many shards the plan was divided into.
    pub count: u32,
    /// The shards that the record is made of, by number.
    pub shards: Vec<MergedShard>,
    /// What keeps the merge from being GO.
    pub faults: Vec<MergeFault>,
}

/// A shard that a record is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedShard {
    /// Its number, from 1.
    pub index: u32,
    /// The file of its report.
    pub file: String,
    /// The id of its run.
    pub run_id: String,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub finished: Timestamp,
    /// The machine that it ran on.
    pub host: Option<String>,
    /// Its job in the pipeline.
    pub ci_job: Option<String>,
}

/// Something that keeps a merge from being GO.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeFault {
    /// The stable code.
    pub code: Code,
    /// What is wrong, with the file.
    pub message: String,
}

impl Merged {
    /// Returns whether every shard is there once, and nothing is wrong with any.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let numbers = self.numbers();
        let wanted = self.count as usize;
        self.faults.is_empty()
            && wanted > 0
            && self.shards.len() == wanted
            && numbers.len() == wanted
            && (numbers.first(), numbers.last()) == (Some(&1), Some(&self.count))
    }

    /// Returns the numbers of the shards that are there.
    #[must_use]
    pub fn numbers(&self) -> BTreeSet<u32> {
        self.shards.iter().map(|shard| shard.index).collect()
    }

    /// Returns when the first shard ended: what is proved is no younger than that.
    #[must_use]
    pub fn first_finished(&self) -> Option<Timestamp> {
        self.shards.iter().map(|shard| shard.finished).min()
    }
}
