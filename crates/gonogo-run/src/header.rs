//! What is known of a run before anything ran.

use std::hash::{BuildHasher as _, Hasher as _};

use gonogo_kind::manifest::Manifest;
use gonogo_model::{RunHeader, Tool, Variable};
use jiff::Timestamp;

use crate::ci::detect;
use crate::repository;
use crate::world::World;

/// Returns the header of a run that begins now.
#[must_use]
pub fn header(manifest: &Manifest, world: &World) -> RunHeader {
    let clean = |text: &str| manifest.redactor.redact(text).into_owned();
    let ci = detect(world);
    let job = ci.as_ref().and_then(|ci| ci.job.clone());
    let branch = match &ci {
        // A job is at a branch, at a tag or at neither; its copy of the repository knows less.
        Some(ci) => ci.branch.clone(),
        None => first_of(world, BRANCH).or_else(|| repository::branch(&manifest.file, world)),
    };
    let ci_run = ci.as_ref().and_then(|ci| ci.run.clone());
    let commit = ci.and_then(|ci| ci.commit);
    RunHeader {
        run_id: run_id((world.now)()),
        gate: manifest.gate.clone(),
        file: manifest.file.clone(),
        file_digest: manifest.file_digest.clone(),
        files: manifest.files.clone(),
        policies: manifest.policies.clone(),
        release: manifest.release.as_deref().map(clean),
        environment: manifest.environment.clone(),
        tool: tool(),
        host: Some(
            rustix::system::uname()
                .nodename()
                .to_string_lossy()
                .into_owned(),
        ),
        ci_job: job
            .or_else(|| first_of(world, CI_JOB))
            .as_deref()
            .map(clean),
        ci_run: ci_run.as_deref().map(clean),
        shard: None,
        commit: commit
            .or_else(|| first_of(world, COMMIT))
            .as_deref()
            .map(clean),
        branch: branch.as_deref().map(clean),
        variables: manifest
            .variables
            .iter()
            .map(|v| Variable {
                value: clean(&v.value),
                ..v.clone()
            })
            .collect(),
        secrets: manifest.secrets.clone(),
        valid_for: manifest.valid_for.clone(),
    }
}

/// Returns this program.
pub(crate) fn tool() -> Tool {
    Tool {
        name: "gonogo".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// Returns an id that sorts by time and that no two runs share.
pub(crate) fn run_id(now: Timestamp) -> String {
    let time = now.strftime("%Y%m%dT%H%M%SZ");
    // Every `RandomState` has keys of its own.
    let mut noise = std::hash::RandomState::new().build_hasher();
    noise.write_u32(std::process::id());
    noise.write_i128(now.as_nanosecond());
    format!("{time}-{:012x}", noise.finish() & 0xffff_ffff_ffff)
}

fn first_of(world: &World, names: &[&str]) -> Option<String> {
    names
        .iter()
        .find_map(|name| (world.env)(name))
        .filter(|value| !value.is_empty())
}

/// Where a CI that is none of those known says which job it runs.
const CI_JOB: &[&str] = &["CI_JOB_URL", "CI_JOB_ID", "BUILD_URL"];

/// Where it says which commit it is at.
const COMMIT: &[&str] = &["CI_COMMIT_SHA", "GIT_COMMIT"];

/// Where it says which branch that is.
const BRANCH: &[&str] = &["CI_COMMIT_BRANCH", "GIT_BRANCH"];
