//! From a manifest and a request to a plan.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use gonogo_engine::{Plan, PlanError};
use gonogo_kind::manifest::Manifest;
use gonogo_model::{Id, Outcome, Selection, Shard};
use gonogo_report::plan::ReviewedPlan;

use crate::refusal::Refusal;
use crate::saved::{of_gate, read_report, read_text};
use crate::world::World;

/// Which checks of the manifest.
#[derive(Debug, Clone, Default)]
pub struct PlanRequest {
    /// The flags that select.
    pub selection: Selection,
    /// `--failed`: the report of an earlier run.
    pub failed: Option<PathBuf>,
    /// `--plan`: the plan that was reviewed.
    pub reviewed: Option<PathBuf>,
    /// `--shard`: the part of it that is to run.
    pub shard: Option<Shard>,
}

/// Makes the plan.
///
/// # Errors
///
/// When the selection makes no plan, a file cannot be read, or the plan is not the one that was reviewed.
pub fn plan(manifest: &Manifest, request: &PlanRequest, world: &World) -> Result<Plan, Refusal> {
    // The plan is the same for all shards, with one digest; what runs of it is not.
    let plan = whole(manifest, request, world)?;
    Ok(match request.shard {
        Some(shard) => plan.of_shard(shard),
        None => plan,
    })
}

fn whole(manifest: &Manifest, request: &PlanRequest, world: &World) -> Result<Plan, Refusal> {
    let Some(reviewed) = &request.reviewed else {
        return make(
            manifest,
            &request.selection,
            request.failed.as_deref(),
            world,
        );
    };
    let wanted = read_plan(reviewed, world)?;
    if wanted.environment != manifest.environment {
        let name = |environment: &Option<String>| match environment {
            Some(name) => format!("the environment `{name}`"),
            None => "no environment".to_owned(),
        };
        let message = format!(
            "{} is a plan of {}, and this is {}",
            reviewed.display(),
            name(&wanted.environment),
            name(&manifest.environment)
        );
        return Err(Refusal::request("config/plan_changed", message)
            .hint("Leave `--env` out, or review the plan of the other environment."));
    }
    let plan = make(
        manifest,
        &wanted.selection,
        wanted.selection.failed.as_deref().map(Path::new),
        world,
    )?;
    if plan.summary().digest == wanted.digest {
        return Ok(plan);
    }
    let message = format!(
        "the gate is no longer the one that was reviewed: {} ({} has {}, now it is {})",
        wanted.difference(plan.summary()),
        reviewed.display(),
        short(&wanted.digest),
        short(&plan.summary().digest),
    );
    Err(Refusal::request("config/plan_changed", message).hint(
        "Review what `gonogo plan` shows now, save it with `gonogo plan -o json`, and run that.",
    ))
}

/// In which environment and phase a plan that was reviewed stands.
#[derive(Debug, Clone, Default)]
pub struct Circumstances {
    /// `--env`.
    pub environment: Option<String>,
    /// `--phase`.
    pub phase: Option<String>,
}

/// Reads in which environment and phase a plan that was reviewed stands.
///
/// # Errors
///
/// When there is no such file, or it is no plan.
pub fn circumstances(reviewed: &Path, world: &World) -> Result<Circumstances, Refusal> {
    let plan = read_plan(reviewed, world)?;
    Ok(Circumstances {
        environment: plan.environment,
        phase: plan.selection.phase,
    })
}

fn make(
    manifest: &Manifest,
    selection: &Selection,
    failed: Option<&Path>,
    world: &World,
) -> Result<Plan, Refusal> {
    let open = failed
        .map(|path| open_checks(path, &manifest.gate, world))
        .transpose()?;
    let selection = Selection {
        failed: failed.map(|path| path.display().to_string()),
        ..selection.clone()
    };
    gonogo_engine::plan(manifest, &selection, open.as_ref()).map_err(|error| refuse(&error))
}

fn refuse(error: &PlanError) -> Refusal {
    Refusal::request(error.code(), error.to_string()).hint(error.hint())
}

/// Returns the checks of an earlier run of the gate that did not pass.
fn open_checks(path: &Path, gate: &str, world: &World) -> Result<BTreeSet<Id>, Refusal> {
    let report = read_report(path, world, &|_| None)?;
    of_gate(&report, gate, path)?;
    let open = |outcome: Outcome| match outcome {
        Outcome::Passed | Outcome::Warned | Outcome::Waived => false,
        Outcome::Failed | Outcome::Unknown | Outcome::Skipped | Outcome::Awaiting => true,
    };
    let ids: BTreeSet<Id> = report
        .record
        .checks
        .iter()
        .filter(|check| open(check.result.outcome))
        .map(|check| check.plan.id.clone())
        .collect();
    if ids.is_empty() {
        let message = format!(
            "every check of {} passed: nothing is left to run again",
            path.display()
        );
        return Err(Refusal::request("config/empty_selection", message).hint("Run the whole gate."));
    }
    Ok(ids)
}

fn read_plan(path: &Path, world: &World) -> Result<ReviewedPlan, Refusal> {
    gonogo_report::plan::read_plan(&read_text(path, world)?).map_err(|error| {
        Refusal::request("config/not_a_plan", format!("{}: {error}", path.display()))
    })
}

fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}
