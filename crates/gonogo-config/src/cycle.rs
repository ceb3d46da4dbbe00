//! Finds what goes round in a circle: needs, and whatever else leads from one thing to another.

use gonogo_kind::{Diagnostic, Span};

use crate::check::Draft;
use crate::group::GroupDraft;
use crate::mistakes::Mistakes;
use crate::references::{Needs, Target};

/// Reports cycles among needs, each as a path; a group needs its members.
pub(crate) fn report(
    drafts: &[Draft],
    groups: &[GroupDraft],
    members: &[Vec<usize>],
    needs: &Needs,
    mistakes: &mut Mistakes,
) {
    let graph = Graph {
        checks: drafts.len(),
        members,
        needs,
    };
    let nodes = drafts.len() + groups.len();
    for cycle in circles(nodes, |node, at| graph.next(node, at)) {
        let name = |node: usize| match node.checked_sub(drafts.len()) {
            Some(group) => groups[group].group.id.as_str(),
            None => drafts[node].id.as_str(),
        };
        let span = cycle
            .iter()
            .zip(cycle.iter().cycle().skip(1))
            .find_map(|(from, to)| graph.place(*from, *to));
        let names: Vec<&str> = cycle
            .iter()
            .chain(cycle.first())
            .map(|n| name(*n))
            .collect();
        let message = format!("needs go round in a circle: {}", path(&names));
        let span = span.unwrap_or(Span::NOWHERE);
        mistakes.push(
            Diagnostic::error("config/needs_cycle", message, span)
                .hint("None of them could ever start: take one of these needs out."),
        );
    }
}

/// Checks come first, then groups.
struct Graph<'g> {
    checks: usize,
    members: &'g [Vec<usize>],
    needs: &'g Needs,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Not,
    /// On the path that is walked, at this place.
    OnPath(usize),
    Done,
}

impl Graph<'_> {
    /// Returns what a node needs at a place in its list.
    fn next(&self, node: usize, at: usize) -> Option<usize> {
        match node.checked_sub(self.checks) {
            Some(group) => self.members.get(group)?.get(at).copied(),
            None => match self.needs.get(node)?.get(at)?.0 {
                Target::Check(check) => Some(check),
                Target::Group(group) => Some(self.checks + group),
            },
        }
    }

    /// Returns where a need stands.
    fn place(&self, from: usize, to: usize) -> Option<Span> {
        let target = match to.checked_sub(self.checks) {
            Some(group) => Target::Group(group),
            None => Target::Check(to),
        };
        let list = self.needs.get(from)?;
        list.iter()
            .find(|(t, _)| *t == target)
            .map(|(_, span)| *span)
    }
}

/// Walks a graph in depth without recursion; every step back onto the path closes a circle.
///
/// `next` returns what a node leads to, by its place in the node's list.
pub(crate) fn circles(
    nodes: usize,
    next: impl Fn(usize, usize) -> Option<usize>,
) -> Vec<Vec<usize>> {
    let mut seen = vec![Seen::Not; nodes];
    let mut circles = Vec::new();
    for start in 0..seen.len() {
        if seen[start] != Seen::Not {
            continue;
        }
        let mut path = vec![(start, 0_usize)];
        seen[start] = Seen::OnPath(0);
        while let Some((node, at)) = path.last_mut() {
            let node = *node;
            let Some(next) = next(node, *at) else {
                seen[node] = Seen::Done;
                path.pop();
                continue;
            };
            *at += 1;
            match seen[next] {
                Seen::Done => {}
                Seen::Not => {
                    seen[next] = Seen::OnPath(path.len());
                    path.push((next, 0));
                }
                Seen::OnPath(place) => {
                    if circles.len() == MAX_CYCLES {
                        return circles;
                    }
                    circles.push(path[place..].iter().map(|(n, _)| *n).collect());
                }
            }
        }
    }
    circles
}

/// Writes a path; a long one shows its ends.
pub(crate) fn path(names: &[&str]) -> String {
    if names.len() <= MAX_NAMES {
        return names.join(" -> ");
    }
    let (head, tail) = (
        &names[..MAX_NAMES / 2],
        &names[names.len() - MAX_NAMES / 2..],
    );
    let left_out = names.len() - MAX_NAMES;
    format!(
        "{} -> ... ({left_out} more) ... -> {}",
        head.join(" -> "),
        tail.join(" -> ")
    )
}

const MAX_CYCLES: usize = 20;
const MAX_NAMES: usize = 8;
