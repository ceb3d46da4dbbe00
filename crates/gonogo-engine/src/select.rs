//! Which checks of a manifest are planned, and which of those will run.
//!
//! A phase or a tag splits a gate: what they exclude is not part of the plan, and a run of the rest
//! can be GO. `--only`, `--skip`, `--failed` and `--read-only` leave out: what they leave stays in
//! the plan as skipped, and the run is partial.

use std::collections::BTreeSet;

use gonogo_kind::manifest::{Check, Manifest};
use gonogo_kind::{closest, glob_matches};
use gonogo_model::{CodeDecl, Division, Effect, Excluded, Id, Selection};

use crate::graph::{Names, Node};
use crate::plan_error::PlanError;

/// Why a planned check will not start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LeftOut {
    /// By `--only`.
    Only,
    /// By `--skip`.
    Skip,
    /// By `--failed`.
    Failed,
    /// By `--read-only`, for its effect.
    ReadOnly(Effect),
    /// By `--shard`: it is another's.
    OtherShard {
        /// The shard that owns it.
        owner: u32,
        /// How many there are.
        count: u32,
    },
}

impl LeftOut {
    /// Returns the code of the skip.
    pub(crate) const fn code(self) -> &'static CodeDecl {
        match self {
            Self::Only | Self::Skip | Self::Failed => gonogo_model::codes::needs::LEFT_OUT,
            Self::ReadOnly(_) => gonogo_model::codes::needs::READ_ONLY,
            Self::OtherShard { .. } => gonogo_model::codes::needs::OTHER_SHARD,
        }
    }

    /// Returns the reason in words.
    pub(crate) fn reason(self) -> String {
        match self {
            Self::Only => "left out by --only".to_owned(),
            Self::Skip => "left out by --skip".to_owned(),
            Self::Failed => "left out by --failed".to_owned(),
            Self::ReadOnly(effect) => format!("left out by --read-only: its probe {effect}"),
            Self::OtherShard { owner, count } => Division::reason_of(owner, count),
        }
    }
}

/// What a phase and tags make of a manifest.
pub(crate) struct Selected {
    /// The places of the planned checks in the manifest, in its order.
    pub(crate) planned: Vec<usize>,
    /// The others.
    pub(crate) excluded: Vec<Excluded>,
}

/// Applies phase and tags; what the selected checks need is pulled in.
pub(crate) fn select(
    manifest: &Manifest,
    names: &Names<'_>,
    selection: &Selection,
) -> Result<Selected, PlanError> {
    known_words(manifest, selection)?;
    let in_phase = |check: &Check| match &selection.phase {
        Some(phase) => check.phases.is_empty() || check.phases.contains(phase),
        None => true,
    };
    let tagged = |check: &Check| {
        selection.tags.is_empty() || selection.tags.iter().any(|tag| check.tags.contains(tag))
    };
    let checks = &manifest.checks;
    let mut wanted: Vec<bool> = checks.iter().map(|c| in_phase(c) && tagged(c)).collect();
    if !wanted.contains(&true) {
        let why = match (&selection.phase, selection.tags.as_slice()) {
            _ if checks.is_empty() => "the gate has no check".to_owned(),
            (_, []) => "no check belongs to the phase".to_owned(),
            (None, tags) => format!("no check has tag {}", tags.join(" or ")),
            (Some(phase), tags) => {
                format!("no check of phase {phase} has tag {}", tags.join(" or "))
            }
        };
        return Err(PlanError::EmptySelection { why });
    }
    let excluded_need = |check: usize, need: &Id| PlanError::NeedExcluded {
        check: checks[check].id.clone(),
        need: need.clone(),
        phase: selection.phase.clone().unwrap_or_default(),
    };
    pull_in(manifest, names, &mut wanted, |check, need, candidates| {
        candidates.retain(|&candidate| in_phase(&checks[candidate]));
        if candidates.is_empty() {
            return Err(excluded_need(check, need));
        }
        Ok(())
    })?;
    let planned: Vec<usize> = (0..checks.len()).filter(|&i| wanted[i]).collect();
    let left = (0..checks.len()).filter(|&i| !wanted[i]).map(|i| Excluded {
        id: checks[i].id.clone(),
        reason: if in_phase(&checks[i]) { "tag" } else { "phase" }.to_owned(),
    });
    // What the file leaves out by `when` is excluded whatever is selected.
    let excluded = manifest.excluded.iter().cloned().chain(left).collect();
    Ok(Selected { planned, excluded })
}

/// Applies `--only`, `--skip`, `--failed` and `--read-only` to the planned checks; what the chosen
/// ones need is pulled in, unless `--skip` names it.
///
/// The result has one entry for every check of the manifest; those of excluded checks mean nothing.
pub(crate) fn leave_out(
    manifest: &Manifest,
    names: &Names<'_>,
    planned: &[usize],
    selection: &Selection,
    failed: Option<&BTreeSet<Id>>,
) -> Result<Vec<Option<LeftOut>>, PlanError> {
    let checks = &manifest.checks;
    let only = globbed(manifest, planned, "--only", &selection.only)?;
    let skip = globbed(manifest, planned, "--skip", &selection.skip)?;
    let only = |i: usize| selection.only.is_empty() || only[i];
    let open = |i: usize| {
        failed.is_none_or(|failed| ids_of(&checks[i]).any(|(id, _)| failed.contains(id)))
    };
    let mut runs = vec![false; checks.len()];
    for &i in planned {
        runs[i] = only(i) && open(i) && !skip[i];
    }
    if !runs.contains(&true) {
        let why = match (planned.iter().any(|&i| open(i)), &selection.failed) {
            (false, Some(run)) => format!("no planned check is open in {run}"),
            (false, None) => "no planned check is open in the earlier run".to_owned(),
            (true, _) => "--only and --skip leave out every planned check".to_owned(),
        };
        return Err(PlanError::EmptySelection { why });
    }
    let mut in_plan = vec![false; checks.len()];
    for &i in planned {
        in_plan[i] = true;
    }
    pull_in(manifest, names, &mut runs, |_, _, candidates| {
        candidates.retain(|&i| in_plan[i] && !skip[i]);
        Ok(())
    })?;
    let left_out = |i: usize| {
        let effect = checks[i].probe.effect();
        match () {
            () if skip[i] => Some(LeftOut::Skip),
            () if runs[i] && selection.read_only && effect != Effect::Reads => {
                Some(LeftOut::ReadOnly(effect))
            }
            () if runs[i] => None,
            () if !only(i) => Some(LeftOut::Only),
            () => Some(LeftOut::Failed),
        }
    };
    Ok((0..checks.len()).map(left_out).collect())
}

fn known_words(manifest: &Manifest, selection: &Selection) -> Result<(), PlanError> {
    let meant = |given: &str, known: &[String]| {
        closest(given, known.iter().map(String::as_str)).map(str::to_owned)
    };
    match &selection.phase {
        Some(phase) if !manifest.phases.contains(phase) => {
            return Err(PlanError::UnknownPhase {
                given: phase.clone(),
                known: manifest.phases.clone(),
                meant: meant(phase, &manifest.phases),
            });
        }
        None if manifest.checks.iter().any(|c| !c.phases.is_empty()) => {
            return Err(PlanError::PhaseMissing {
                known: manifest.phases.clone(),
            });
        }
        Some(_) | None => {}
    }
    match selection
        .tags
        .iter()
        .find(|tag| !manifest.tags.contains(tag))
    {
        Some(tag) => Err(PlanError::UnknownTag {
            given: tag.clone(),
            known: manifest.tags.clone(),
            meant: meant(tag, &manifest.tags),
        }),
        None => Ok(()),
    }
}

/// Returns the ids that stand for a check, with whether they are its own.
fn ids_of(check: &Check) -> impl Iterator<Item = (&Id, bool)> {
    let others = check.each_of.iter().chain(&check.group);
    std::iter::once((&check.id, true)).chain(others.map(|id| (id, false)))
}

/// Marks the planned checks that a list of globs stands for.
fn globbed(
    manifest: &Manifest,
    planned: &[usize],
    option: &'static str,
    globs: &[String],
) -> Result<Vec<bool>, PlanError> {
    let mut marked = vec![false; manifest.checks.len()];
    for glob in globs {
        let mut found = false;
        for &i in planned {
            if ids_of(&manifest.checks[i]).any(|(id, _)| glob_matches(glob, id.as_str())) {
                marked[i] = true;
                found = true;
            }
        }
        if !found {
            let ids = planned.iter().flat_map(|&i| ids_of(&manifest.checks[i]));
            let meant = closest(glob, ids.map(|(id, _)| id.as_str()));
            return Err(PlanError::GlobMatchesNothing {
                option,
                glob: glob.clone(),
                meant: meant.map(str::to_owned),
            });
        }
    }
    Ok(marked)
}

/// Adds to `wanted` whatever its checks need, and what that needs.
///
/// `admit` gets each need with the checks it stands for, and may take some of them back.
fn pull_in(
    manifest: &Manifest,
    names: &Names<'_>,
    wanted: &mut [bool],
    mut admit: impl FnMut(usize, &Id, &mut Vec<usize>) -> Result<(), PlanError>,
) -> Result<(), PlanError> {
    let mut work: Vec<usize> = (0..wanted.len()).filter(|&i| wanted[i]).collect();
    let mut groups_seen = vec![false; manifest.groups.len()];
    while let Some(check) = work.pop() {
        for need in &manifest.checks[check].needs {
            let mut candidates = match names.node(need) {
                Some(Node::Check(i)) => vec![i],
                Some(Node::Group(g)) if groups_seen[g] => continue,
                Some(Node::Group(g)) => {
                    groups_seen[g] = true;
                    names.members(g).to_vec()
                }
                None => {
                    return Err(PlanError::Dangling {
                        check: manifest.checks[check].id.clone(),
                        need: need.clone(),
                    });
                }
            };
            admit(check, need, &mut candidates)?;
            for candidate in candidates {
                if !wanted[candidate] {
                    wanted[candidate] = true;
                    work.push(candidate);
                }
            }
        }
    }
    Ok(())
}
