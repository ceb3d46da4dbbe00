//! The dependency graph: what needs what, which groups there are, and where the root causes are.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::{CheckRecord, GroupState, GroupVerdict, Id, Outcome, PlannedGroup};

use super::Page;
use super::layers::{Layout, layers, parts};
use super::markup::Html;
use crate::human::group_word;
use crate::text;

/// A node of the graph.
#[derive(Clone, Copy)]
enum Node<'r> {
    Check(&'r CheckRecord),
    Group(&'r PlannedGroup, Option<&'r GroupVerdict>),
}

/// Where everything is drawn, in pixels.
struct Drawing {
    /// The upper left corner of each node.
    corners: Vec<(usize, usize)>,
    width: usize,
    height: usize,
}

struct Graph<'r> {
    nodes: Vec<Node<'r>>,
    edges: Vec<(usize, usize)>,
}

/// Adds the graph; a gate in which nothing needs anything has none.
pub(super) fn graph(html: &mut Html, page: &Page<'_>) {
    let whole = Graph::of(page);
    let linked = whole.linked();
    if linked.is_empty() {
        return;
    }
    let shown = if linked.len() > MOST {
        whole.around_what_is_wrong(&linked)
    } else {
        linked.clone()
    };
    let alone = whole.nodes.len() - linked.len();
    html.raw("<section id=\"graph\" aria-labelledby=\"h-graph\"><h2 id=\"h-graph\">Graph</h2>\n");
    html.raw(
        "<p>An arrow leads from what must pass first to what waits for it, and from the members ",
    );
    html.raw("of a group to the group, dashed.");
    if shown.len() < linked.len() {
        html.raw(" Of ")
            .word(linked.len())
            .raw(" nodes, these are ")
            .word(shown.len());
        html.raw(": what is not in order, and its neighbours.");
    }
    if alone > 0 {
        html.raw(" Not drawn: ").text(&text::count(alone, "check"));
        html.raw(" without needs, dependents and group.");
    }
    html.raw("</p>\n");
    if !shown.is_empty() {
        whole.only(&shown).draw(html, page);
    }
    html.raw("</section>\n");
}

impl<'r> Graph<'r> {
    fn of(page: &Page<'r>) -> Self {
        let report = page.report;
        let verdicts: BTreeMap<&Id, &GroupVerdict> =
            report.judgement.groups.iter().map(|v| (&v.id, v)).collect();
        let groups = report.record.plan.groups.iter();
        let groups = groups.map(|group| Node::Group(group, verdicts.get(&group.id).copied()));
        let checks = report.record.checks.iter().map(Node::Check);
        let nodes: Vec<Node<'r>> = checks.chain(groups).collect();
        let places: BTreeMap<&Id, usize> = nodes
            .iter()
            .enumerate()
            .map(|(at, node)| (node.id(), at))
            .collect();
        let mut edges = Vec::new();
        for (at, node) in nodes.iter().enumerate() {
            match node {
                Node::Check(check) => {
                    let needs = check.plan.needs.iter().filter_map(|id| places.get(id));
                    edges.extend(needs.map(|need| (*need, at)));
                }
                Node::Group(group, _) => {
                    let members = group.members.iter().map(|member| member.as_usize());
                    edges.extend(members.filter(|m| *m < nodes.len()).map(|m| (m, at)));
                }
            }
        }
        Self { nodes, edges }
    }

    /// Returns the nodes that have an edge.
    fn linked(&self) -> BTreeSet<usize> {
        self.edges
            .iter()
            .flat_map(|(from, to)| [*from, *to])
            .collect()
    }

    /// Returns the nodes that are not in order with their neighbours, as many as can be looked at.
    fn around_what_is_wrong(&self, linked: &BTreeSet<usize>) -> BTreeSet<usize> {
        let is_wrong = |at: &usize| self.nodes.get(*at).is_some_and(Node::is_wrong);
        let wrong: BTreeSet<usize> = linked.iter().copied().filter(is_wrong).collect();
        let mut shown: BTreeSet<usize> = wrong.iter().copied().take(MOST).collect();
        for (from, to) in &self.edges {
            for (one, other) in [(from, to), (to, from)] {
                if shown.len() < MOST && wrong.contains(one) && shown.contains(one) {
                    shown.insert(*other);
                }
            }
        }
        shown
    }

    fn only(&self, shown: &BTreeSet<usize>) -> Self {
        let new: BTreeMap<usize, usize> = shown.iter().copied().zip(0..).collect();
        let kept = self.edges.iter().filter_map(|(from, to)| {
            let edge = (*new.get(from)?, *new.get(to)?);
            Some(edge)
        });
        Self {
            nodes: shown
                .iter()
                .filter_map(|at| self.nodes.get(*at).copied())
                .collect(),
            edges: kept.collect(),
        }
    }

    fn draw(&self, html: &mut Html, page: &Page<'_>) {
        let Drawing {
            corners,
            width,
            height,
        } = self.place();
        html.raw(
            "<div class=\"graph\" tabindex=\"0\" role=\"region\" aria-label=\"Graph, scrolls\">",
        );
        html.raw("<svg width=\"")
            .word(width)
            .raw("\" height=\"")
            .word(height);
        html.raw("\" viewBox=\"0 0 ")
            .word(width)
            .raw(" ")
            .word(height)
            .raw("\">");
        for (from, to) in &self.edges {
            if let (Some(from_corner), Some(to_corner)) = (corners.get(*from), corners.get(*to)) {
                self.edge(html, (*from, *from_corner), (*to, *to_corner));
            }
        }
        let reasons = page.report.judgement.reasons.iter();
        let blamed: BTreeSet<&Id> = reasons.filter_map(|reason| reason.id.as_ref()).collect();
        for (node, corner) in self.nodes.iter().zip(corners) {
            node.draw(html, corner, blamed.contains(node.id()));
        }
        html.raw("</svg></div>\n");
    }

    /// Lays out each part by itself, and puts the parts into as many columns as a page is wide.
    fn place(&self) -> Drawing {
        let parts = parts(self.nodes.len(), &self.edges);
        let parts: Vec<(&[usize], Layout)> = parts
            .iter()
            .map(|part| (part.as_slice(), self.layout(part)))
            .collect();
        let layers = parts.iter().map(|(_, layout)| layout.sizes.len());
        let column = layers.max().unwrap_or(1) * (WIDTH + GAP_X);
        let mut heights = vec![0; (PAGE / column).clamp(1, parts.len().max(1))];
        let mut corners = vec![(0, 0); self.nodes.len()];
        for (part, layout) in parts {
            let shortest = heights
                .iter_mut()
                .enumerate()
                .min_by_key(|(_, height)| **height);
            let Some((at, height)) = shortest else {
                continue;
            };
            for (place, node) in part.iter().enumerate() {
                let (x, y) = corner(&layout, place);
                if let Some(corner) = corners.get_mut(*node) {
                    *corner = (MARGIN + at * column + x, MARGIN + *height + y);
                }
            }
            let most = layout.sizes.iter().copied().max().unwrap_or(0);
            *height += most * (HEIGHT + GAP_Y) + GAP_Y;
        }
        let height = heights.iter().copied().max().unwrap_or(0);
        Drawing {
            corners,
            width: 2 * MARGIN + heights.len() * column - GAP_X,
            height: (2 * MARGIN + height).saturating_sub(2 * GAP_Y),
        }
    }

    fn layout(&self, part: &[usize]) -> Layout {
        let new: BTreeMap<usize, usize> = part.iter().copied().zip(0..).collect();
        let edges = self.edges.iter();
        let edges: Vec<(usize, usize)> = edges
            .filter_map(|(from, to)| Some((*new.get(from)?, *new.get(to)?)))
            .collect();
        layers(part.len(), &edges)
    }

    fn edge(
        &self,
        html: &mut Html,
        (from, (x1, y1)): (usize, (usize, usize)),
        (to, (x2, y2)): (usize, (usize, usize)),
    ) {
        let (x1, y1, y2) = (x1 + WIDTH, y1 + HEIGHT / 2, y2 + HEIGHT / 2);
        let middle = usize::midpoint(x1, x2);
        let is_wrong = self.nodes.get(from).is_some_and(Node::is_wrong);
        html.raw("<path class=\"edge");
        html.raw(match self.nodes.get(to) {
            Some(Node::Group(..)) => " member",
            Some(Node::Check(_)) | None => "",
        });
        html.raw(if is_wrong { " bad" } else { "" });
        html.raw("\" marker-end=\"url(#arrow)\" d=\"M");
        for (i, figure) in [x1, y1, middle, y1, middle, y2, x2, y2]
            .into_iter()
            .enumerate()
        {
            html.raw(if i == 2 { "C" } else { " " }).word(figure);
        }
        html.raw("\"/>");
    }
}

impl<'r> Node<'r> {
    fn id(&self) -> &'r Id {
        match self {
            Self::Check(check) => &check.plan.id,
            Self::Group(group, _) => &group.id,
        }
    }

    fn is_wrong(&self) -> bool {
        match self {
            Self::Check(check) => check.result.outcome != Outcome::Passed,
            Self::Group(_, verdict) => verdict.is_none_or(|v| v.state != GroupState::Met),
        }
    }

    /// Returns whether it went wrong by itself: a skip is a consequence, and a group is what its members are.
    fn is_root(&self) -> bool {
        match self {
            Self::Check(check) => check.result.outcome != Outcome::Skipped,
            Self::Group(..) => false,
        }
    }

    fn draw(&self, html: &mut Html, (x, y): (usize, usize), is_reason: bool) {
        let is_root = is_reason && self.is_root();
        let (kind, class, word, title) = match self {
            Self::Check(check) => {
                let outcome = check.result.outcome.as_str();
                ("check", outcome, outcome.to_owned(), &check.plan.title)
            }
            Self::Group(group, None) => ("group", "unknown", "not judged".to_owned(), &group.title),
            Self::Group(group, Some(verdict)) => {
                let class = match verdict.state {
                    GroupState::Met => "passed",
                    GroupState::NotMet => "failed",
                    GroupState::Undecided => "unknown",
                };
                let (count, word) = (verdict.tally, group_word(verdict).0);
                let (passes, needed) = (count.passes, verdict.needed);
                let word = format!("{word}: {passes} of {}, {needed} needed", count.planned);
                ("group", class, word, &group.title)
            }
        };
        html.raw("<a href=\"#")
            .raw(kind)
            .raw("-")
            .text(self.id().as_str());
        html.raw("\"><g class=\"node ")
            .raw(kind)
            .raw(" n-")
            .raw(class);
        html.raw(if is_root { " root" } else { "" });
        html.raw("\"><title>")
            .line(title, 200)
            .raw("</title><rect x=\"")
            .word(x);
        html.raw("\" y=\"")
            .word(y)
            .raw("\" width=\"")
            .word(WIDTH)
            .raw("\" height=\"");
        html.word(HEIGHT)
            .raw("\" rx=\"6\"/><text class=\"id\" x=\"")
            .word(x + 12);
        html.raw("\" y=\"").word(y + 19).raw("\">");
        html.line(self.id().as_str(), MOST_CHARACTERS)
            .raw("</text><text x=\"")
            .word(x + 12);
        html.raw("\" y=\"").word(y + 36).raw("\">");
        if is_root {
            html.raw("root cause: ");
        }
        html.line(&word, MOST_CHARACTERS + 6).raw("</text></g></a>");
    }
}

/// Returns the upper left corner of a node in its part; a short layer stands in the middle.
fn corner(layout: &Layout, at: usize) -> (usize, usize) {
    let (layer, place) = layout.places.get(at).copied().unwrap_or_default();
    let most = layout.sizes.iter().copied().max().unwrap_or(0);
    let size = layout.sizes.get(layer).copied().unwrap_or(0);
    let top = most.saturating_sub(size) * (HEIGHT + GAP_Y) / 2;
    (layer * (WIDTH + GAP_X), top + place * (HEIGHT + GAP_Y))
}

/// So many nodes are drawn.
const MOST: usize = 200;
const WIDTH: usize = 224;
const HEIGHT: usize = 46;
const GAP_X: usize = 56;
const GAP_Y: usize = 14;
const MARGIN: usize = 12;
/// The width of a page that has room for all of it.
const PAGE: usize = 1166;
/// So many characters of an id have room in a node.
const MOST_CHARACTERS: usize = 26;
