//! The files of a merge, and which of them are shards of one run.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value as Json};

use super::merged::MergeFault;
use super::sound::unsound;
use crate::codes::shard;
use crate::{CodeDecl, PlanSummary, RunHeader, RunRecord, Shard, Tool};

/// A file that is to be merged.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its name.
    pub file: String,
    /// The record in it, or why there is none.
    pub record: Result<Box<RunRecord>, String>,
}

/// The circumstances of a merge.
#[derive(Debug, Clone)]
pub struct MergeTerms {
    /// The id of the run that the shards make together.
    pub run_id: String,
    /// The time.
    pub now: Timestamp,
    /// How long before the merge a shard may have begun.
    pub max_age: SignedDuration,
    /// The run of the pipeline that the merge is part of.
    pub ci_run: Option<String>,
    /// The job of the pipeline that merges.
    pub ci_job: Option<String>,
    /// The program that merges.
    pub tool: Tool,
    /// Makes the digest of a plan.
    pub digest: fn(&PlanSummary) -> String,
}

/// A shard that belongs to the run.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) file: String,
    pub(super) shard: Shard,
    pub(super) record: RunRecord,
    /// For every check, whether the shard runs it.
    pub(super) runs: Vec<bool>,
}

/// The files, sorted out.
#[derive(Debug)]
pub(super) struct Sorted {
    /// The record by which the run is known, whatever became of its file.
    pub(super) reference: RunRecord,
    pub(super) count: u32,
    /// What the record is made of, by number.
    pub(super) pieces: Vec<Piece>,
    pub(super) faults: Vec<MergeFault>,
}

/// Sorts out which files are shards of one run; none when no file holds a shard.
pub(super) fn sorted(mut parts: Vec<Part>, terms: &MergeTerms) -> Option<Sorted> {
    parts.sort_by(|left, right| key(left).cmp(&key(right)));
    let mut faults = Vec::new();
    let mut known: Vec<(String, Shard, RunRecord)> = Vec::new();
    for part in parts {
        match part.record {
            Err(why) => faults.push(fault(shard::DAMAGED, format!("{}: {why}", part.file))),
            Ok(record) => match record.header.shard {
                Some(shard) => known.push((part.file, shard, *record)),
                None => {
                    let message = format!("{} is a whole run, and no shard", part.file);
                    faults.push(fault(shard::FOREIGN, message));
                }
            },
        }
    }
    let records = known.iter().map(|(_, shard, record)| (*shard, record));
    let reference = reference(records, terms)?.clone();
    let count = reference.header.shard?.count;
    faults.extend(about_the_run(&reference.header, terms));
    let mut claimed: BTreeMap<u32, String> = BTreeMap::new();
    let mut pieces = Vec::new();
    for (file, shard, record) in known {
        if let Some(how) = difference(&record, &reference) {
            let message = format!("{file} is of another run: {how}");
            faults.push(fault(shard::FOREIGN, message));
            continue;
        }
        if let Some(first) = claimed.get(&shard.index) {
            let message = format!("{first} and {file} are both shard {shard}");
            faults.push(fault(shard::DUPLICATE, message));
        } else {
            claimed.insert(shard.index, file.clone());
        }
        let (runs, unsound) = unsound(&record, shard, terms);
        let unusable = unsound.or_else(|| out_of_time(&record, terms));
        if let Some((code, why)) = unusable {
            faults.push(fault(code, format!("{file} (shard {shard}) {why}")));
            continue;
        }
        if let Some(signal) = &record.interrupted {
            let message = format!("{file} (shard {shard}) was interrupted by {signal}");
            faults.push(fault(shard::INTERRUPTED, message));
        }
        pieces.push(Piece {
            file,
            shard,
            record,
            runs,
        });
    }
    faults.extend(missing(count, &claimed));
    Some(Sorted {
        reference,
        count,
        pieces,
        faults,
    })
}

/// Returns by what files are ordered, so that the order in which they were given says nothing.
fn key(part: &Part) -> (Option<Shard>, Option<&str>, &str) {
    let header = part.record.as_ref().ok().map(|record| &record.header);
    (
        header.and_then(|header| header.shard),
        header.map(|header| header.run_id.as_str()),
        &part.file,
    )
}

pub(super) fn fault(decl: &'static CodeDecl, message: String) -> MergeFault {
    MergeFault {
        code: decl.into(),
        message,
    }
}

/// Returns a record of the run that most files are of.
fn reference<'r>(
    records: impl Iterator<Item = (Shard, &'r RunRecord)>,
    terms: &MergeTerms,
) -> Option<&'r RunRecord> {
    let mut runs: BTreeMap<String, (BTreeSet<u32>, &RunRecord)> = BTreeMap::new();
    for (shard, record) in records {
        let identity = Json::Object(identity(record)).to_string();
        let run = runs.entry(identity);
        let (numbers, _) = run.or_insert_with(|| (BTreeSet::new(), record));
        numbers.insert(shard.index);
    }
    let is_here = |record: &RunRecord| record.header.ci_run == terms.ci_run;
    let best = runs.iter().max_by_key(|(identity, (numbers, record))| {
        (is_here(record), numbers.len(), Reverse(*identity))
    });
    best.map(|(_, (_, record))| *record)
}

/// Returns what all shards of a run have in common.
///
/// It is everything but what is each shard's own, so that nothing which is added to the header is forgotten.
fn identity(record: &RunRecord) -> Map<String, Json> {
    let own = RunHeader {
        run_id: String::new(),
        host: None,
        ci_job: None,
        shard: None,
        ..record.header.clone()
    };
    let mut identity = match serde_json::to_value(own) {
        Ok(Json::Object(identity)) => identity,
        Ok(_) | Err(_) => Map::new(),
    };
    let count = record.header.shard.map(|shard| shard.count);
    let selection = serde_json::to_value(&record.plan.selection);
    identity.insert("number of shards".to_owned(), count.into());
    identity.insert("selection".to_owned(), selection.unwrap_or_default());
    identity.insert("plan".to_owned(), record.plan.digest.as_str().into());
    identity
}

/// Returns how a record is of another run than the reference.
fn difference(record: &RunRecord, reference: &RunRecord) -> Option<String> {
    let (own, theirs) = (identity(record), identity(reference));
    let differ = own
        .iter()
        .filter(|(name, value)| theirs.get(*name) != Some(value));
    let told: Vec<String> = differ
        .map(|(name, value)| {
            let other = theirs.get(name).unwrap_or(&Json::Null);
            let name = name.replace('_', " ");
            match (short(value), short(other)) {
                (Some(own), Some(others)) if own != others => {
                    format!("its {name} is {own}, and that of the others {others}")
                }
                _ => format!("its {name} is another"),
            }
        })
        .collect();
    (!told.is_empty()).then(|| told.join("; "))
}

fn short(value: &Json) -> Option<String> {
    match value {
        Json::Null => Some("not set".to_owned()),
        Json::Number(number) => Some(number.to_string()),
        Json::String(text) if text.len() <= LONGEST => Some(format!("`{text}`")),
        Json::Bool(_) | Json::String(_) | Json::Array(_) | Json::Object(_) => None,
    }
}

/// Returns what keeps the run from being judged here and now, whichever its shards are.
fn about_the_run(header: &RunHeader, terms: &MergeTerms) -> Vec<MergeFault> {
    let mut faults = Vec::new();
    if header.tool != terms.tool {
        let message = format!(
            "the shards were run by {} {}, and this is {} {}",
            header.tool.name, header.tool.version, terms.tool.name, terms.tool.version
        );
        faults.push(fault(shard::FOREIGN, message));
    }
    // Where one of them is not known there is nothing to compare.
    if let (Some(run), Some(here)) = (&header.ci_run, &terms.ci_run)
        && run != here
    {
        let message = format!("the shards are of the pipeline `{run}`, and this is `{here}`");
        faults.push(fault(shard::FOREIGN, message));
    }
    faults
}

/// Says why a shard did not run when shards of this run do.
fn out_of_time(record: &RunRecord, terms: &MergeTerms) -> Option<(&'static CodeDecl, String)> {
    let (started, finished) = (record.started.wall, record.finished.wall);
    if finished < started {
        return Some((shard::EDITED, "ends before it begins".to_owned()));
    }
    if finished.duration_since(terms.now) > CLOCKS_DIFFER {
        let why = format!("ended at {finished}, and it is {} here", terms.now);
        return Some((shard::FUTURE, why));
    }
    if terms.now.duration_since(started) > terms.max_age {
        let why = format!(
            "began at {started}, more than {:#} before the merge",
            terms.max_age
        );
        return Some((shard::TOO_OLD, why));
    }
    None
}

/// Says which shards no file claims to be.
fn missing(count: u32, claimed: &BTreeMap<u32, String>) -> Option<MergeFault> {
    let numbers: Vec<u32> = (1..=count).filter(|n| !claimed.contains_key(n)).collect();
    let shown: Vec<String> = numbers.iter().take(SHOWN).map(u32::to_string).collect();
    let message = match (numbers.len(), numbers.len() - shown.len()) {
        (0, _) => return None,
        (1, _) => format!("shard {} of {count} is not among the files", shown.join("")),
        (_, 0) => format!(
            "shards {} of {count} are not among the files",
            shown.join(", ")
        ),
        (_, more) => format!(
            "shards {} and {more} more of {count} are not among the files",
            shown.join(", ")
        ),
    };
    Some(fault(shard::MISSING, message))
}

/// Clocks of machines that keep time differ by less.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_mins(2);
const LONGEST: usize = 100;
const SHOWN: usize = 20;
