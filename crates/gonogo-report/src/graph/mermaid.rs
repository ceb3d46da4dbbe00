//! Mermaid, as Markdown pages show it.

use gonogo_model::{PlanSummary, Severity};

use super::{Graph, Point, line};
use crate::text;

/// Returns the plan as a Mermaid flowchart.
#[must_use]
pub fn mermaid(plan: &PlanSummary) -> String {
    let graph = Graph::of(plan);
    let mut out = String::from("flowchart TD\n");
    for (at, group) in graph.boxes.iter().enumerate() {
        line(
            &mut out,
            &format!("  subgraph g{at}[\"{}\"]", label(&group.lines)),
        );
        for member in &group.members {
            node(&mut out, &graph, *member, "    ");
        }
        line(&mut out, "  end");
    }
    for at in graph.alone() {
        node(&mut out, &graph, at, "  ");
    }
    for (at, lines) in graph.excluded.iter().enumerate() {
        line(
            &mut out,
            &format!("  x{at}[\"{}\"]:::excluded", label(lines)),
        );
    }
    for (from, to) in &graph.edges {
        let from = match from {
            Point::Check(at) => format!("n{at}"),
            Point::Group(at) => format!("g{at}"),
        };
        line(&mut out, &format!("  {from} --> n{to}"));
    }
    out.push_str("  classDef light stroke-dasharray: 1 3\n");
    out.push_str("  classDef leftout stroke-dasharray: 6 4,opacity: 0.7\n");
    out.push_str("  classDef excluded stroke-dasharray: 2 6,opacity: 0.4\n");
    out
}

fn node(out: &mut String, graph: &Graph<'_>, at: usize, indent: &str) {
    let Some(node) = graph.nodes.get(at) else {
        return;
    };
    let class = match (node.is_left_out, node.severity) {
        (true, _) => ":::leftout",
        (false, Severity::Blocker) => "",
        (false, Severity::Warning | Severity::Info) => ":::light",
    };
    line(
        out,
        &format!("{indent}n{at}[\"{}\"]{class}", label(&node.lines)),
    );
}

/// Returns lines as one label: every sign that Mermaid, Markdown or HTML could read as its own is told by
/// its number.
fn label(lines: &[String]) -> String {
    let mut label = String::new();
    for (number, line) in lines.iter().enumerate() {
        if number > 0 {
            label.push_str("<br/>");
        }
        for c in text::escape(line).chars().take(super::LONGEST) {
            let is_harmless = c.is_alphanumeric() || matches!(c, ' ' | '.' | ',' | '-' | '/');
            if is_harmless {
                label.push(c);
            } else {
                label.push_str(&format!("#{};", c as u32));
            }
        }
    }
    label
}
