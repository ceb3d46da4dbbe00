//! Groups: how much they count, and how many of their members may fail.

use gonogo_kind::manifest::{Check, Group, Manifest};

use super::check::{quorum, severity};
use super::{Pair, Place, Weakening};

/// Compares the groups that both gates have.
///
/// The members of a group that is gone are told one by one, where they weigh less.
pub(super) fn compare(pair: &Pair<'_>, found: &mut Vec<Weakening>) {
    for old in &pair.old.manifest.groups {
        let Some(new) = pair.new_groups.get(old.id.as_str()).copied() else {
            continue;
        };
        if new.severity > old.severity {
            found.push(severity(of_group, new, old.severity, new.severity));
        }
        if let Some(run) = weaker_run(pair, new, old) {
            let (code, what) = if new.quorum == old.quorum {
                ("weaker/group_diluted", "more of its members may fail")
            } else {
                ("weaker/quorum_lowered", "fewer of its members must pass")
            };
            let count = |manifest, group: &Group| {
                let planned = members(manifest, group, &run).count();
                format!("{} of {planned}", quorum(group.quorum))
            };
            let what = match (run.phase, run.tag) {
                (None, None) => what.to_owned(),
                (Some(phase), _) => format!("{what} in {phase}"),
                (None, Some(tag)) => format!("{what} with --tag {tag}"),
            };
            let weaker = of_group(code, new, what);
            found.push(weaker.was(count(pair.old.manifest, old), count(pair.new.manifest, new)));
        }
    }
}

/// A selection of checks.
#[derive(Clone, Copy)]
struct Run<'m> {
    phase: Option<&'m str>,
    tag: Option<&'m str>,
}

/// Returns a run in which more members of the group may fail than before.
///
/// Where no more of them may fail than before, those that were there before fail no more often either.
fn weaker_run<'m>(pair: &Pair<'m>, new: &Group, old: &Group) -> Option<Run<'m>> {
    let (phases, tags) = (&pair.old.manifest.phases, &pair.old.manifest.tags);
    let all_phases = std::iter::once(None).chain(phases.iter().map(|p| Some(p.as_str())));
    let runs = all_phases.flat_map(|phase| {
        let tags = std::iter::once(None).chain(tags.iter().map(|t| Some(t.as_str())));
        tags.map(move |tag| Run { phase, tag })
    });
    let mut left = MOST_COUNTED;
    for run in runs {
        let planned = members(pair.old.manifest, old, &run).count();
        let now = members(pair.new.manifest, new, &run).count();
        if planned > 0 && may_fail(new, now) > may_fail(old, planned) {
            return Some(run);
        }
        let cost = pair.old.manifest.checks.len() + pair.new.manifest.checks.len();
        left = left.saturating_sub(cost);
        if left == 0 && may_change(pair, new, old) {
            return Some(run);
        }
        if left == 0 {
            return None;
        }
    }
    None
}

/// Returns whether anything about the group or its members is another.
fn may_change(pair: &Pair<'_>, new: &Group, old: &Group) -> bool {
    let any = Run {
        phase: None,
        tag: None,
    };
    let described = |manifest, group| -> Vec<_> {
        let members = members(manifest, group, &any);
        members.map(|c| (&c.id, &c.phases, &c.tags)).collect()
    };
    let (mut now, mut before) = (
        described(pair.new.manifest, new),
        described(pair.old.manifest, old),
    );
    now.sort();
    before.sort();
    new.quorum != old.quorum || now != before
}

fn may_fail(group: &Group, members: usize) -> u32 {
    let members = u32::try_from(members).unwrap_or(u32::MAX);
    members.saturating_sub(group.quorum.needed(members))
}

fn members<'m>(
    manifest: &'m Manifest,
    group: &'m Group,
    run: &'m Run<'_>,
) -> impl Iterator<Item = &'m Check> {
    let belongs = |check: &&Check| {
        let in_phase = |phase: &str| {
            check.phases.is_empty() || check.phases.iter().any(|known| known == phase)
        };
        let has_tag = |tag: &str| check.tags.iter().any(|known| known == tag);
        check.group.as_ref() == Some(&group.id)
            && run.phase.is_none_or(in_phase)
            && run.tag.is_none_or(has_tag)
    };
    manifest.checks.iter().filter(belongs)
}

fn of_group(code: &'static str, group: &Group, what: String) -> Weakening {
    Weakening::at(code, group.id.as_str(), Place::of_group(group), what)
}

/// How many checks are looked at for one group.
const MOST_COUNTED: usize = 5_000_000;
