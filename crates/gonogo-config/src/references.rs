//! What refers to what: ids, groups and their members, needs and their order.
//!
//! Everything here is iterative and linear in the number of references, since a gate may have
//! 20,000 checks in one chain.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use gonogo_kind::{Diagnostic, Span, Spanned};
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
    blockers(drafts, groups, &members, mistakes);
    let needs = Needed {
        drafts,
        ids: &ids,
        excluded_groups: &members.excluded(),
    }
    .resolve(mistakes);
    let reach = Reach {
        drafts,
        members: &members.planned,
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
    cycle::report(drafts, groups, &members.planned, &needs, mistakes);
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
    /// With the place of each.
    by_id: HashMap<&'d str, (Stands, Span)>,
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
        let count = drafts.len() + groups.len();
        let mut by_id: HashMap<&str, (Stands, Span)> = HashMap::with_capacity(count);
        let mut in_order = Vec::with_capacity(count);
        let mut add = |id: &'d str, stands: Stands, span: Span, mistakes: &mut Mistakes| match by_id
            .entry(id)
        {
            Slot::Occupied(known) => {
                let (_, first) = known.get();
                let message = format!("the id `{id}` is there twice");
                mistakes.push(
                    Diagnostic::error("config/duplicate_id", message, span)
                        .related(*first, "first here")
                        .hint("Checks, their instances and groups share one space of ids."),
                );
            }
            Slot::Vacant(free) => {
                free.insert((stands, span));
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

/// The members of each group.
struct Members {
    /// Those that are part of the gate.
    planned: Vec<Vec<usize>>,
    /// How many others there are, which `when` excludes.
    others: Vec<usize>,
}

impl Members {
    /// Returns whether `when` excludes every member, and the group with them.
    fn excluded(&self) -> Vec<bool> {
        let counted = self.planned.iter().zip(&self.others);
        counted
            .map(|(planned, others)| planned.is_empty() && *others > 0)
            .collect()
    }
}

/// Returns the members of each group.
fn members(drafts: &[Draft], groups: &[GroupDraft], mistakes: &mut Mistakes) -> Members {
    let mut members = Members {
        planned: vec![Vec::new(); groups.len()],
        others: vec![0; groups.len()],
    };
    let groups_by_id = groups.iter().enumerate();
    let by_id: HashMap<&str, usize> = groups_by_id
        .map(|(at, g)| (g.group.id.as_str(), at))
        .collect();
    for (at, draft) in drafts.iter().enumerate() {
        let Some(group) = &draft.group else { continue };
        match by_id.get(group.value.as_str()) {
            Some(group) if draft.is_excluded => members.others[*group] += 1,
            Some(group) => members.planned[*group].push(at),
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

fn quorums(groups: &[GroupDraft], members: &Members, mistakes: &mut Mistakes) {
    let counted = members.planned.iter().zip(&members.others);
    for (draft, (members, excluded)) in groups.iter().zip(counted) {
        let (id, count) = (&draft.group.id, members.len());
        if count == 0 {
            // A group of which `when` leaves nothing is excluded like its members.
            if *excluded == 0 {
                let message = format!("the group `{id}` has no members");
                mistakes.push(
                    Diagnostic::error("config/group_without_members", message, draft.span)
                        .hint(format!("A check becomes a member by `group: {id}`.")),
                );
            }
            continue;
        }
        let planned = u32::try_from(count).unwrap_or(u32::MAX);
        if matches!(draft.group.quorum, Quorum::AtLeast(wanted) if wanted > planned) {
            let noun = if count == 1 { "member" } else { "members" };
            let of_all = match excluded {
                0 => String::new(),
                excluded => format!(" (of {}, the rest excluded by `when`)", count + excluded),
            };
            let message =
                format!("the group `{id}` has {count} {noun}{of_all}, fewer than its quorum");
            mistakes.push(
                Diagnostic::error("config/group_quorum", message, draft.quorum)
                    .hint("Such a group can never be met."),
            );
        }
    }
}

/// A gate in which nothing blocks says GO whatever happens.
fn blockers(drafts: &[Draft], groups: &[GroupDraft], members: &Members, mistakes: &mut Mistakes) {
    if !drafts.is_empty() && drafts.iter().all(|d| d.is_excluded) {
        mistakes.push(
            Diagnostic::global(
                "config/no_checks",
                "`when` excludes every check of the gate",
            )
            .hint("A gate without checks proves nothing."),
        );
        return;
    }
    let check =
        |d: &Draft| d.group.is_none() && d.severity.is_none_or(|(s, _)| s == Severity::Blocker);
    let check = |d: &Draft| !d.is_excluded && check(d);
    let group =
        |(g, excluded): (&GroupDraft, &bool)| g.group.severity == Severity::Blocker && !excluded;
    // A group that is misspelled or could not be read is a mistake of its own, and may well block.
    let is_known = |name: &str| groups.iter().any(|g| g.group.id.as_str() == name);
    if drafts
        .iter()
        .any(|d| d.group.as_ref().is_some_and(|name| !is_known(&name.value)))
    {
        return;
    }
    if drafts.is_empty()
        || drafts.iter().any(check)
        || groups.iter().zip(&members.excluded()).any(group)
    {
        return;
    }
    mistakes.push(
        Diagnostic::global("config/no_blocker", "no check and no group is a blocker").hint(
            "A gate that nothing can stop proves nothing: give one of them the severity blocker.",
        ),
    );
}

/// What the needs of the checks stand for.
struct Needed<'d> {
    drafts: &'d [Draft],
    ids: &'d Ids<'d>,
    excluded_groups: &'d [bool],
}

impl Needed<'_> {
    fn resolve(&self, mistakes: &mut Mistakes) -> Needs {
        let mut edges = 0_usize;
        let mut all = Vec::with_capacity(self.drafts.len());
        for draft in self.drafts {
            let mut list: Vec<(Target, Span)> = Vec::new();
            for need in &draft.needs {
                let before = list.len();
                match self.ids.by_id.get(need.value.as_str()) {
                    Some((Stands::Each(range), _)) if edges + range.len() > MAX_EDGES => {
                        too_many(need.span, mistakes);
                    }
                    Some((stands, _)) => {
                        let targets = self.targets(stands, draft);
                        if targets.is_empty() {
                            excluded_need(draft, need, mistakes);
                        }
                        list.extend(targets.into_iter().map(|target| (target, need.span)));
                    }
                    None if mistakes.is_full() => {}
                    None => self.dangling(need, mistakes),
                }
                edges += list.len() - before;
            }
            all.push(list);
        }
        all
    }

    /// Returns what an id stands for; of what `when` excludes only what another excluded check needs.
    fn targets(&self, stands: &Stands, dependent: &Draft) -> Vec<Target> {
        let is_there = |at: &usize| dependent.is_excluded || !self.drafts[*at].is_excluded;
        let check = |at: usize| Some(at).filter(is_there).map(Target::Check);
        match stands {
            Stands::Check(at) => check(*at).into_iter().collect(),
            Stands::Each(range) => range.clone().filter_map(check).collect(),
            Stands::Group(at) => {
                let is_there = dependent.is_excluded || !self.excluded_groups[*at];
                is_there.then_some(Target::Group(*at)).into_iter().collect()
            }
        }
    }

    fn dangling(&self, need: &Spanned<String>, mistakes: &mut Mistakes) {
        let message = format!("there is no check or group `{}`", need.value);
        let near = mistakes.closest(&need.value, self.ids.in_order.iter().copied());
        let hint = match near {
            Some(near) => format!("Did you mean `{near}`?"),
            None => "Needs are ids of checks and groups of this file.".to_owned(),
        };
        mistakes.push(Diagnostic::error("config/dangling_need", message, need.span).hint(hint));
    }
}

fn too_many(span: Span, mistakes: &mut Mistakes) {
    let message =
        format!("the gate has more than {MAX_EDGES} needs once instances are written out");
    mistakes.push(
        Diagnostic::error("config/too_large", message, span)
            .hint("Put the needed checks into a group, and need the group."),
    );
}

/// A check without what it needs would run as if that had passed.
fn excluded_need(dependent: &Draft, need: &Spanned<String>, mistakes: &mut Mistakes) {
    let message = format!(
        "`{}` needs `{}`, which `when` excludes",
        dependent.id, need.value
    );
    mistakes.push(
        Diagnostic::error("config/dangling_need", message, need.span).hint(format!(
            "Give `{}` the same `when`, or take the need out.",
            dependent.id
        )),
    );
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
