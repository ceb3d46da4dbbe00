//! `--list`: the checks of a plan, one line each, for people and for `grep`.

use gonogo_model::PlanSummary;

use crate::style::{Role, Style};
use crate::text;

/// Returns a line for each check of the plan: id, kind, severity, and the title where it has one.
#[must_use]
pub fn list_text(plan: &PlanSummary, style: &Style) -> String {
    let widest = |widths: &mut dyn Iterator<Item = usize>| widths.max().unwrap_or(0);
    let ids = widest(&mut plan.checks.iter().map(|c| text::width(c.id.as_str())));
    let kinds = widest(
        &mut plan
            .checks
            .iter()
            .map(|c| text::width(&text::escape(&c.kind))),
    );
    let mut list = String::new();
    for check in &plan.checks {
        let id = check.id.as_str();
        let kind = text::escape(&check.kind);
        let gap = |text: &str, columns: usize| " ".repeat(columns - text::width(text) + 2);
        let mut line = format!(
            "{}{}{kind}{}{:<9}",
            style.paint(Role::Name, id),
            gap(id, ids),
            gap(&kind, kinds),
            check.severity.as_str(),
        );
        if check.title != id {
            line.push_str(&text::line(&check.title, LONGEST, style.ellipsis()));
        }
        if let Some(why) = &check.left_out {
            line.push_str(&format!(
                "  (left out: {})",
                text::line(why, LONGEST, style.ellipsis())
            ));
        }
        list.push_str(line.trim_end());
        list.push('\n');
    }
    list
}

const LONGEST: usize = 200;
