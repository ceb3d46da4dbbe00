//! The plan as a graph, for pages and pictures: Mermaid and the DOT language of Graphviz.
//!
//! Checks are nodes, what must pass first points to what waits for it, groups are boxes. Names inside
//! the graph are numbers, so that a check called `end` or `graph` does no harm; labels are escaped by the
//! rules of each language.

mod dot;
mod mermaid;

use std::collections::BTreeMap;

use gonogo_model::{Id, PlanSummary, PlannedCheck, PlannedGroup, Severity};

pub use self::dot::dot;
pub use self::mermaid::mermaid;

/// What is drawn of a plan.
struct Graph<'p> {
    nodes: Vec<Node>,
    boxes: Vec<Group>,
    edges: Vec<(Point, usize)>,
    excluded: Vec<[String; 2]>,
    plan: &'p PlanSummary,
}

/// Adds a line.
fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

/// A check.
struct Node {
    /// Its id, its title, and what it is, a line each.
    lines: Vec<String>,
    is_left_out: bool,
    severity: Severity,
}

/// A group.
struct Group {
    lines: Vec<String>,
    members: Vec<usize>,
}

/// Where an edge begins.
#[derive(Clone, Copy)]
enum Point {
    Check(usize),
    Group(usize),
}

impl<'p> Graph<'p> {
    fn of(plan: &'p PlanSummary) -> Self {
        let places: BTreeMap<&Id, Point> = plan
            .checks
            .iter()
            .enumerate()
            .map(|(at, check)| (&check.id, Point::Check(at)))
            .chain(
                plan.groups
                    .iter()
                    .enumerate()
                    .map(|(at, group)| (&group.id, Point::Group(at))),
            )
            .collect();
        let mut edges = Vec::new();
        for (at, check) in plan.checks.iter().enumerate() {
            let needs = check.needs.iter().filter_map(|id| places.get(id));
            edges.extend(needs.map(|need| (*need, at)));
        }
        let excluded = plan.excluded.iter();
        Self {
            nodes: plan.checks.iter().map(Node::of).collect(),
            boxes: plan.groups.iter().map(Group::of).collect(),
            edges,
            excluded: excluded
                .map(|e| [e.id.to_string(), format!("excluded by {}", e.reason)])
                .collect(),
            plan,
        }
    }

    /// Returns the checks that belong to no group.
    fn alone(&self) -> impl Iterator<Item = usize> {
        let checks = self.plan.checks.iter().enumerate();
        let grouped = |at: usize| self.boxes.iter().any(|group| group.members.contains(&at));
        checks.map(|(at, _)| at).filter(move |at| !grouped(*at))
    }
}

impl Node {
    fn of(check: &PlannedCheck) -> Self {
        let mut lines = titled(&check.id, &check.title);
        lines.push(match check.severity {
            Severity::Blocker => check.kind.clone(),
            severity => format!("{} ({severity})", check.kind),
        });
        lines.extend(check.left_out.iter().map(|why| format!("left out: {why}")));
        Self {
            lines,
            is_left_out: check.left_out.is_some(),
            severity: check.severity,
        }
    }
}

impl Group {
    fn of(group: &PlannedGroup) -> Self {
        let mut lines = titled(&group.id, &group.title);
        lines.push(match group.severity {
            Severity::Blocker => crate::plan::quorum(group),
            severity => format!("{} ({severity})", crate::plan::quorum(group)),
        });
        Self {
            lines,
            members: group.members.iter().map(|m| m.as_usize()).collect(),
        }
    }
}

fn titled(id: &Id, title: &str) -> Vec<String> {
    let mut lines = vec![id.to_string()];
    if title != id.as_str() {
        lines.push(title.to_owned());
    }
    lines
}

/// How many characters of a line are shown.
const LONGEST: usize = 120;
