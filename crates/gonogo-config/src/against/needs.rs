//! What must pass first.
//!
//! Needs are order. A check that no longer waits for a blocker is as strong as before: the blocker must
//! pass all the same. What is told is a need of something that does not block by itself (without the need,
//! its failure holds nothing up) and one of a check that a `--tag` run would now leave out.

use std::collections::HashSet;

use gonogo_kind::manifest::{Check, Manifest};
use gonogo_model::{Id, Quorum, Severity};

use super::{Pair, Weakening};

/// Compares the needs of two checks of one id.
pub(super) fn compare(pair: &Pair<'_>, new: &Check, old: &Check, found: &mut Vec<Weakening>) {
    let kept: HashSet<&Id> = new.needs.iter().collect();
    let gone: Vec<&Id> = old.needs.iter().filter(|id| !kept.contains(id)).collect();
    if gone.is_empty() {
        return;
    }
    let reached = reach(pair, new);
    for need in gone {
        let is_covered = reached.contains(need.as_str()) || stands_alone(pair, new, need);
        if !is_covered {
            let what = format!("does not wait for `{need}` any more");
            found.push(Weakening::of_check("weaker/need_removed", new, what));
        }
    }
}

/// Returns whether what was needed holds a run up by itself, in every run that the check belongs to.
fn stands_alone(pair: &Pair<'_>, check: &Check, need: &Id) -> bool {
    let has_tags = |needed: &Check| check.tags.iter().all(|tag| needed.tags.contains(tag));
    if let Some(needed) = pair.new_checks.get(need.as_str()) {
        return blocks(pair, needed) && has_tags(needed);
    }
    match pair.new_groups.get(need.as_str()) {
        Some(group) => {
            let mut members = members(pair.new.manifest, need);
            group.severity == Severity::Blocker && members.all(has_tags)
        }
        // What is gone is told where it was.
        None => true,
    }
}

fn blocks(pair: &Pair<'_>, check: &Check) -> bool {
    let Some(id) = &check.group else {
        return check.severity == Severity::Blocker;
    };
    let group = pair.new_groups.get(id.as_str());
    group.is_some_and(|g| g.quorum == Quorum::All && g.severity == Severity::Blocker)
}

fn members<'m>(manifest: &'m Manifest, group: &'m Id) -> impl Iterator<Item = &'m Check> {
    let of_group = move |check: &&Check| check.group.as_ref() == Some(group);
    manifest.checks.iter().filter(of_group)
}

/// Returns whatever a check of the new gate waits for, directly or not; a few thousand of them.
fn reach<'p>(pair: &Pair<'p>, check: &'p Check) -> HashSet<&'p str> {
    let mut reached = HashSet::new();
    let mut open: Vec<&'p Id> = check.needs.iter().collect();
    while let Some(id) = open.pop() {
        if reached.len() > MOST_REACHED || !reached.insert(id.as_str()) {
            continue;
        }
        if let Some(needed) = pair.new_checks.get(id.as_str()) {
            open.extend(&needed.needs);
        }
    }
    reached
}

const MOST_REACHED: usize = 2_000;
