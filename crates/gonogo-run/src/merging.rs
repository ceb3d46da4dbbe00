//! Merging the reports of shards: reading them, and judging what they come to together.

use std::path::PathBuf;
use std::time::Duration;

use gonogo_model::{CodeDecl, MergeTerms, Part, Report, merge};
use jiff::SignedDuration;

use crate::ci::detect;
use crate::header::{run_id, tool};
use crate::refusal::Refusal;
use crate::saved::{parsed, read_text};
use crate::world::World;

/// Which reports to merge.
#[derive(Debug, Clone)]
pub struct MergeRequest {
    /// The files.
    pub files: Vec<PathBuf>,
    /// How long before the merge a shard may have begun.
    pub max_age: Duration,
}

/// Merges the reports of shards into one, and judges it.
///
/// A file that cannot be used is a fault of the merge, which is then at best HOLD.
///
/// # Errors
///
/// When a file cannot be read at all, is a whole run or a merge, or when none holds a shard.
pub fn merge_shards(
    request: &MergeRequest,
    world: &World,
    lookup: &dyn Fn(&str) -> Option<&'static CodeDecl>,
) -> Result<Report, Refusal> {
    let mut parts = Vec::with_capacity(request.files.len());
    for path in &request.files {
        let text = read_text(path, world).map_err(|refusal| {
            refusal.hint("Name the reports of the shards: `gonogo check --shard K/N -o json=FILE`.")
        })?;
        let record = match parsed(&text, path, lookup) {
            Ok(report) => {
                let whole = match &report.record {
                    record if record.merged.is_some() => Some("a merge of shards"),
                    record if record.header.shard.is_none() => Some("a run of the whole plan"),
                    _ => None,
                };
                if let Some(whole) = whole {
                    let message = format!("{} is {whole}, and no shard", path.display());
                    return Err(Refusal::request("config/not_a_shard", message)
                        .hint("Merge the reports of `gonogo check --shard K/N -o json=FILE`, and nothing else."));
                }
                Ok(Box::new(report.record))
            }
            Err(refusal) => Err(refusal),
        };
        parts.push((path, record));
    }
    // Without any shard there is no plan that a verdict could be about.
    if parts.iter().all(|(_, record)| record.is_err()) {
        let mut refusals = parts.into_iter().filter_map(|(_, record)| record.err());
        let none = || Refusal::request("config/not_a_shard", "no file was given");
        return Err(refusals.next().unwrap_or_else(none));
    }
    let part = |(path, record): (&PathBuf, Result<_, Refusal>)| Part {
        file: path.display().to_string(),
        record: record.map_err(|refusal| why(&refusal)),
    };
    let parts = parts.into_iter().map(part).collect();
    let record = merge(parts, &terms(request, world));
    let record = record.expect("there is a shard: it was looked for above");
    let judgement = gonogo_gate::decide(&record);
    Ok(Report { record, judgement })
}

fn terms(request: &MergeRequest, world: &World) -> MergeTerms {
    let now = (world.now)();
    let ci = detect(world);
    MergeTerms {
        run_id: run_id(now),
        now,
        max_age: SignedDuration::try_from(request.max_age).unwrap_or(SignedDuration::MAX),
        ci_run: ci.as_ref().and_then(|ci| ci.run.clone()),
        ci_job: ci.and_then(|ci| ci.job),
        tool: tool(),
        digest: gonogo_engine::digest,
    }
}

/// Returns why a file is no report, without its name.
fn why(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Mistakes(text) => text.clone(),
        Refusal::Request { message, .. } => match message.split_once(": ") {
            Some((_, why)) => why.to_owned(),
            None => message.clone(),
        },
    }
}
