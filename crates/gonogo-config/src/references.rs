//! What refers to what: ids, groups and their members, needs and their order.
//!
//! Everything here is iterative and linear in the number of references, since a gate may have
//! 20,000 checks in one chain.

use std::collections::HashMap;

use gonogo_kind::{Diagnostic, Span};
use gonogo_model::{Id, Quorum, Severity};

use crate::check::Draft;
use crate::cycle;
use crate::group::GroupDraft;
use crate::mistakes::Mistakes;

/// Checks every reference, and returns the needs of each check, instances written out.
pub(crate) fn resolve(
    drafts: &[Draft],
    groups: &[GroupDraft],
    phases: &[(String, Span)],
    mistakes: &mut Mistakes,
) -> Vec<Vec<Id>> {
    let ids = Ids::of(drafts, groups, mistakes);
    let members = members(drafts, groups, mistakes);
    quorums(groups, &members, mistakes);
    blockers(drafts, groups, mistakes);
    let needs = needs(drafts, &ids, mistakes);
    let reach = Reach {
        drafts,
        members: &members,
        phases,
    };
    reach.check(&needs, groups, mistakes);
    let named = |target: &Target| match target {
        Target::Check(at) => drafts[*at].id.clone(),
        Target::Group(at) => groups[*at].group.id.clone(),
    };
    let names: Vec<Vec<Id>> = needs
        .iter()
        .map(|list| list.iter().map(|(target, _)| named(target)).collect())
        .collect();
    cycle::report(drafts, groups, &members, &needs, mistakes);
    names
}

/// What a need points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Check(usize),
    Group(usize),
}

/// The needs of each check: what, and where the need stands.
pub(crate) type Needs = Vec<Vec<(Target, Span)>>;

/// Every id and what it stands for.
struct Ids<'d> {
    by_id: HashMap<&'d str, Stands>,
    /// In the order of the file, so that a suggestion is the same in every run.
    in_order: Vec<&'d str>,
}

enum Stands {
    Check(usize),
    /// All instances of an `each`, which stand side by side.
    Each(std::ops::Range<usize>),
    Group(usize),
}

impl<'d> Ids<'d> {
    fn of(drafts: &'d [Draft], groups: &'d [GroupDraft], mistakes: &mut Mistakes) -> Self {
        let mut by_id: HashMap<&str, Stands> = HashMap::new();
        let mut in_order = Vec::new();
        let mut places: HashMap<&str, Span> = HashMap::new();
        let mut add = |id: &'d str, stands: Stands, span: Span, mistakes: &mut Mistakes| {
            if let Some(first) = places.get(id) {
                let message = format!("the id `{id}` is there twice");
                mistakes.push(
                    Diagnostic::error("config/duplicate_id", message, span)
                        .related(*first, "first here")
                        .hint("Checks, their instances and groups share one space of ids."),
                );
            } else {
                places.insert(id, span);
                by_id.insert(id, stands);
                in_order.push(id);
            }
        };
        let mut at = 0;
        while let Some(draft) = drafts.get(at) {
            let Some(each) = &draft.each_of else {
                add(draft.id.as_str(), Stands::Check(at), draft.span, mistakes);
                at += 1;
                continue;
            };
            let instances = drafts.get(at..).unwrap_or_default();
            let count = instances
                .iter()
                .take_while(|d| d.each_of.as_ref() == Some(each))
                .count();
            add(
                each.as_str(),
                Stands::Each(at..at + count),
                draft.span,
                mistakes,
            );
            for (offset, instance) in instances.iter().take(count).enumerate() {
                add(
                    instance.id.as_str(),
                    Stands::Check(at + offset),
                    instance.span,
                    mistakes,
                );
            }
            at += count;
        }
        for (at, group) in groups.iter().enumerate() {
            add(
                group.group.id.as_str(),
                Stands::Group(at),
                group.span,
                mistakes,
            );
        }
        Self { by_id, in_order }
    }
}

/// Returns the members of each group.
fn members(drafts: &[Draft], groups: &[GroupDraft], mistakes: &mut Mistakes) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); groups.len()];
    let groups_by_id = groups.iter().enumerate();
    let by_id: HashMap<&str, usize> = groups_by_id
        .map(|(at, g)| (g.group.id.as_str(), at))
        .collect();
    for (at, draft) in drafts.iter().enumerate() {
        let Some(group) = &draft.group else { continue };
        match by_id.get(group.value.as_str()) {
            Some(group) => members[*group].push(at),
            None if mistakes.is_full() => break,
            None => {
                let message = format!("there is no group `{}`", group.value);
                let names = groups.iter().map(|g| g.group.id.as_str());
                let hint = match mistakes.closest(&group.value, names) {
                    Some(near) => format!("Did you mean `{near}`?"),
                    None => format!(
                        "Declare it at the top level: `groups: {{ {}: {{ at_least: 2 }} }}`.",
                        group.value
                    ),
                };
                mistakes.push(
                    Diagnostic::error("config/unknown_group", message, group.span).hint(hint),
                );
            }
        }
        if let Some((_, span)) = draft.severity {
            mistakes.push(
                Diagnostic::error(
                    "config/member_severity",
                    "a member of a group has no severity of its own",
                    span,
                )
                .hint(format!("Give the severity to the group `{}`.", group.value)),
            );
        }
    }
    members
}

fn quorums(groups: &[GroupDraft], members: &[Vec<usize>], mistakes: &mut Mistakes) {
    for (draft, members) in groups.iter().zip(members) {
        let (id, count) = (&draft.group.id, members.len());
        if count == 0 {
            let message = format!("the group `{id}` has no members");
            mistakes.push(
                Diagnostic::error("config/group_without_members", message, draft.span)
                    .hint(format!("A check becomes a member by `group: {id}`.")),
            );
            continue;
        }
        let planned = u32::try_from(count).unwrap_or(u32::MAX);
        if matches!(draft.group.quorum, Quorum::AtLeast(wanted) if wanted > planned) {
            let noun = if count == 1 { "member" } else { "members" };
            let message = format!("the group `{id}` has {count} {noun}, fewer than its quorum");
            mistakes.push(
                Diagnostic::error("config/group_quorum", message, draft.quorum)
                    .hint("Such a group can never be met."),
            );
        }
    }
}

/// A gate in which nothing blocks says GO whatever happens.
fn blockers(drafts: &[Draft], groups: &[GroupDraft], mistakes: &mut Mistakes) {
    let check =
        |d: &Draft| d.group.is_none() && d.severity.is_none_or(|(s, _)| s == Severity::Blocker);
    let group = |g: &GroupDraft| g.group.severity == Severity::Blocker;
    // A group that is misspelled or could not be read is a mistake of its own, and may well block.
    let is_known = |name: &str| groups.iter().any(|g| g.group.id.as_str() == name);
    if drafts
        .iter()
        .any(|d| d.group.as_ref().is_some_and(|name| !is_known(&name.value)))
    {
        return;
    }
    if drafts.is_empty() || drafts.iter().any(check) || groups.iter().any(group) {
        return;
    }
    mistakes.push(
        Diagnostic::global("config/no_blocker", "no check and no group is a blocker").hint(
            "A gate that nothing can stop proves nothing: give one of them the severity blocker.",
        ),
    );
}

fn needs(drafts: &[Draft], ids: &Ids<'_>, mistakes: &mut Mistakes) -> Needs {
    let mut edges = 0_usize;
    let mut all = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let mut list: Vec<(Target, Span)> = Vec::new();
        for need in &draft.needs {
            let before = list.len();
            match ids.by_id.get(need.value.as_str()) {
                Some(Stands::Check(at)) => list.push((Target::Check(*at), need.span)),
                Some(Stands::Group(at)) => list.push((Target::Group(*at), need.span)),
                Some(Stands::Each(range)) if edges + range.len() <= MAX_EDGES => {
                    list.extend(range.clone().map(|at| (Target::Check(at), need.span)));
                }
                Some(Stands::Each(_)) => {
                    let message = format!(
                        "the gate has more than {MAX_EDGES} needs once instances are written out"
                    );
                    mistakes.push(
                        Diagnostic::error("config/too_large", message, need.span)
                            .hint("Put the needed checks into a group, and need the group."),
                    );
                }
                None if mistakes.is_full() => {}
                None => {
                    let message = format!("there is no check or group `{}`", need.value);
                    let near = mistakes.closest(&need.value, ids.in_order.iter().copied());
                    let hint = match near {
                        Some(near) => format!("Did you mean `{near}`?"),
                        None => "Needs are ids of checks and groups of this file.".to_owned(),
                    };
                    mistakes.push(
                        Diagnostic::error("config/dangling_need", message, need.span).hint(hint),
                    );
                }
            }
            edges += list.len() - before;
        }
        all.push(list);
    }
    all
}

/// Holds that what is needed is part of every phase in which it is needed.
struct Reach<'d> {
    drafts: &'d [Draft],
    members: &'d [Vec<usize>],
    phases: &'d [(String, Span)],
}

impl Reach<'_> {
    fn check(&self, needs: &Needs, groups: &[GroupDraft], mistakes: &mut Mistakes) {
        if self.phases.is_empty() {
            return;
        }
        for (draft, needs) in self.drafts.iter().zip(needs) {
            for (target, span) in needs {
                let (id, missing) = match target {
                    Target::Check(at) => {
                        let needed = &self.drafts[*at];
                        (&needed.id, self.missing(draft, &[*at]))
                    }
                    Target::Group(at) => (
                        &groups[*at].group.id,
                        self.missing(draft, &self.members[*at]),
                    ),
                };
                if let Some(phase) = missing {
                    let message = format!(
                        "`{}` needs `{id}`, which is not part of the phase `{phase}`",
                        draft.id
                    );
                    let hint = if draft.phases.is_empty() {
                        format!(
                            "Add `{phase}` to the phases of `{id}`, or give `{}` the phases to which `{id}` belongs.",
                            draft.id
                        )
                    } else {
                        format!(
                            "Add `{phase}` to the phases of `{id}`, or take it from those of `{}`.",
                            draft.id
                        )
                    };
                    mistakes.push(
                        Diagnostic::error("config/need_out_of_phase", message, *span).hint(hint),
                    );
                }
                if mistakes.is_full() {
                    return;
                }
            }
        }
    }

    /// Returns a phase of the dependent in which none of `needed` takes part.
    fn missing(&self, dependent: &Draft, needed: &[usize]) -> Option<&str> {
        if needed.is_empty() || needed.iter().any(|at| self.drafts[*at].phases.is_empty()) {
            return None;
        }
        let phases = self.phases.iter().map(|(name, _)| name.as_str());
        phases
            .filter(|p| dependent.phases.is_empty() || dependent.phases.iter().any(|d| d == p))
            .find(|p| {
                !needed
                    .iter()
                    .any(|at| self.drafts[*at].phases.iter().any(|n| n == p))
            })
    }
}

/// The most needs of a gate, instances written out.
const MAX_EDGES: usize = 200_000;
