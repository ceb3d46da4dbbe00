//! The DOT language of Graphviz.

use gonogo_model::{PlanSummary, Severity};

use super::{Graph, Point, line};
use crate::text;

/// Returns the plan as a directed graph for `dot`.
#[must_use]
pub fn dot(plan: &PlanSummary) -> String {
    let graph = Graph::of(plan);
    let mut out = String::from(
        "digraph plan {\n  compound=true;\n  node [shape=box, fontname=\"sans-serif\"];\n",
    );
    for (at, group) in graph.boxes.iter().enumerate() {
        line(&mut out, &format!("  subgraph cluster_g{at} {{"));
        line(&mut out, &format!("    label=\"{}\";", label(&group.lines)));
        // What needs the group hangs on this point: an edge joins nodes, and no boxes.
        line(&mut out, &format!("    g{at} [shape=point, style=invis];"));
        for member in &group.members {
            node(&mut out, &graph, *member, "    ");
        }
        out.push_str("  }\n");
    }
    for at in graph.alone() {
        node(&mut out, &graph, at, "  ");
    }
    for (at, lines) in graph.excluded.iter().enumerate() {
        let label = label(lines);
        line(
            &mut out,
            &format!("  x{at} [label=\"{label}\", style=dotted, fontcolor=gray];"),
        );
    }
    for (from, to) in &graph.edges {
        line(
            &mut out,
            &match from {
                Point::Check(at) => format!("  n{at} -> n{to};"),
                Point::Group(at) => format!("  g{at} -> n{to} [ltail=cluster_g{at}];"),
            },
        );
    }
    out.push_str("}\n");
    out
}

fn node(out: &mut String, graph: &Graph<'_>, at: usize, indent: &str) {
    let Some(node) = graph.nodes.get(at) else {
        return;
    };
    let style = match (node.is_left_out, node.severity) {
        (true, _) => ", style=dashed, fontcolor=gray",
        (false, Severity::Blocker) => "",
        (false, Severity::Warning | Severity::Info) => ", style=rounded",
    };
    let label = label(&node.lines);
    line(out, &format!("{indent}n{at} [label=\"{label}\"{style}];"));
}

/// Returns lines as one label: in a quoted text `\` begins an escape and `&` an HTML entity.
fn label(lines: &[String]) -> String {
    let mut label = String::new();
    for (number, line) in lines.iter().enumerate() {
        if number > 0 {
            label.push_str("\\n");
        }
        for c in text::escape(line).chars().take(super::LONGEST) {
            match c {
                '"' | '\\' => label.extend(['\\', c]),
                '&' => label.push_str("&amp;"),
                c => label.push(c),
            }
        }
    }
    label
}
