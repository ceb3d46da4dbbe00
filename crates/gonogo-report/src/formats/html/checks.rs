//! The list of checks: what is not in order first, root causes before what they brought about.

use std::collections::BTreeSet;

use gonogo_model::{CheckRecord, Id, Outcome, Severity};

use super::Page;
use super::check::details;
use super::markup::Html;
use super::since;
use super::verdict::WORST_FIRST;
use super::words::{SHORT, badge, title};
use crate::diff::Change;
use crate::human::Item;
use crate::tell::Told;
use crate::text;

/// A check in the list, and the check or group that is to blame for it.
struct Row<'r> {
    check: &'r CheckRecord,
    root: Option<&'r Id>,
}

/// Adds the list with its search and its filters.
pub(super) fn checks(html: &mut Html, page: &Page<'_>) {
    html.raw("<section id=\"checks\" aria-labelledby=\"h-checks\" tabindex=\"-1\">");
    html.raw("<h2 id=\"h-checks\">Checks <span class=\"n\">");
    html.word(page.report.record.checks.len())
        .raw("</span></h2>\n");
    tools(html, page);
    let mut opened = 0;
    let order = &page.order;
    let lists: [(&str, &str, Vec<Row<'_>>); 4] = [
        ("open", "Not in order", open(page)),
        ("waived", "Waived", rows(&order.waived)),
        ("warned", "Warned", rows(&order.warned)),
        ("passed", "Passed", rows(&order.passed)),
    ];
    for (id, heading, rows) in lists {
        if rows.is_empty() {
            continue;
        }
        html.raw("<section class=\"list\" aria-labelledby=\"h-")
            .raw(id);
        html.raw("\"><h3 id=\"h-").raw(id).raw("\">").raw(heading);
        html.raw(" <span class=\"n\">")
            .word(rows.len())
            .raw("</span></h3>\n");
        let chunks = rows.len() > CHUNK;
        for chunk in rows.chunks(CHUNK) {
            html.raw(if chunks {
                "<div class=\"chunk\">\n"
            } else {
                ""
            });
            for row in chunk {
                let is_first = id == "open" && row.root.is_none() && opened < OPENED;
                opened += usize::from(is_first);
                self::row(html, page, row, is_first);
            }
            html.raw(if chunks { "</div>\n" } else { "" });
        }
        html.raw("</section>\n");
    }
    html.raw("<p id=\"none\" hidden>No check is like that.</p></section>\n");
}

fn rows<'r>(checks: &[&'r CheckRecord]) -> Vec<Row<'r>> {
    let row = |check: &&'r CheckRecord| Row { check, root: None };
    checks.iter().map(row).collect()
}

/// Returns what is not in order, each root before the checks that were skipped because of it.
fn open<'r>(page: &Page<'r>) -> Vec<Row<'r>> {
    let mut rows: Vec<Row<'r>> = Vec::new();
    let skipped = |ids: &[&'r Id], root: &'r Id| -> Vec<Row<'r>> {
        let known = ids.iter().filter_map(|id| page.check(id));
        let row = |check| Row {
            check,
            root: Some(root),
        };
        known.map(row).collect()
    };
    for item in &page.order.open {
        match item {
            Item::Check(check, consequences) => {
                rows.push(Row { check, root: None });
                rows.extend(skipped(consequences, &check.plan.id));
            }
            Item::Group(group, _, consequences) => rows.extend(skipped(consequences, &group.id)),
        }
    }
    rows.extend(page.order.skipped.iter().map(|check| Row {
        check,
        root: check.result.blame.as_ref(),
    }));
    rows
}

fn row(html: &mut Html, page: &Page<'_>, row: &Row<'_>, opened: bool) {
    let Row { check, root } = row;
    let (plan, result) = (&check.plan, &check.result);
    html.raw("<details class=\"check");
    html.raw(if root.is_some() { " so" } else { "" });
    html.raw("\" id=\"check-").text(plan.id.as_str());
    html.raw("\" data-o=\"").raw(result.outcome.as_str());
    html.raw("\" data-s=\"").raw(plan.severity.as_str());
    html.raw("\" data-k=\"").text(&plan.kind);
    if let Some(change) = page.changes.get(&plan.id) {
        html.raw("\" data-c=\"").raw(change.as_str());
    }
    for (attribute, names) in [("\" data-p=\"", &plan.phases), ("\" data-t=\"", &plan.tags)] {
        if !names.is_empty() {
            html.raw(attribute);
            names_of(html, names);
        }
    }
    html.raw(if opened { "\" open>" } else { "\">" });
    summary(html, check, *root, page.changes.get(&plan.id).copied());
    if opened {
        details(html, page, check);
    } else {
        html.raw("<noscript>");
        details(html, page, check);
        html.raw("</noscript>");
    }
    html.raw("</details>\n");
}

/// Adds names with line ends between them; no name has one, since a hidden one is shown as `\n`.
fn names_of(html: &mut Html, names: &[String]) {
    for (i, name) in names.iter().enumerate() {
        html.raw(if i > 0 { "\n" } else { "" }).text(name);
    }
}

fn summary(html: &mut Html, check: &CheckRecord, root: Option<&Id>, change: Option<Change>) {
    let (plan, result) = (&check.plan, &check.result);
    html.raw("<summary>");
    badge(html, result.outcome);
    html.raw("<span class=\"name\"><span class=\"id\">")
        .text(plan.id.as_str());
    html.raw("</span>");
    title(html, check);
    if plan.severity != Severity::Blocker {
        html.raw(" <span class=\"chip\">")
            .raw(plan.severity.as_str())
            .raw("</span>");
    }
    if result.flaky {
        html.raw(" <span class=\"chip\">flaky</span>");
    }
    if let Some(change) = change {
        html.raw(" <span class=\"chip ").raw(change.as_str());
        html.raw("\">").raw(change.told()).raw("</span>");
    }
    let told = Told {
        outcome: result.outcome,
        code: result.code.as_ref(),
        message: result.message.as_deref(),
        findings: &result.findings,
    };
    let told = told.line(MESSAGE, "\u{2026}");
    if let Some(root) = root {
        html.raw("<span class=\"say\">because of ")
            .text(root.as_str())
            .raw("</span>");
    } else if !told.is_empty() {
        html.raw("<span class=\"say\">").text(&told).raw("</span>");
    }
    html.raw("</span><span class=\"kind\">")
        .line(&plan.kind, SHORT)
        .raw("</span>");
    html.raw("<span class=\"took\">");
    if let Some(took) = &check.duration {
        html.text(&text::took(took));
    }
    html.raw("</span></summary>");
}

/// Adds search and filters; the script shows them.
fn tools(html: &mut Html, page: &Page<'_>) {
    let checks = &page.report.record.checks;
    html.raw("<div id=\"tools\" role=\"search\" hidden><div class=\"line\"><label class=\"field\" for=\"q\">Search ");
    html.raw("<input id=\"q\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\"></label>");
    let severities: BTreeSet<&str> = checks.iter().map(|c| c.plan.severity.as_str()).collect();
    let kinds: BTreeSet<&str> = checks.iter().map(|c| c.plan.kind.as_str()).collect();
    let phases: BTreeSet<&str> = checks.iter().flat_map(|c| names(&c.plan.phases)).collect();
    let tags: BTreeSet<&str> = checks.iter().flat_map(|c| names(&c.plan.tags)).collect();
    select(html, "severity", "Severity", severities.into_iter());
    select(html, "kind", "Kind", kinds.into_iter());
    select(html, "phase", "Phase", phases.into_iter());
    select(html, "tag", "Tag", tags.into_iter());
    since::select(html, page);
    html.raw("</div><fieldset><legend class=\"sr\">Outcome</legend>");
    for outcome in WORST_FIRST {
        let of = |check: &&CheckRecord| check.result.outcome == outcome;
        let count = checks.iter().filter(of).count();
        if count > 0 {
            self::outcome(html, outcome, count);
        }
    }
    html.raw("</fieldset><div class=\"line\"><p id=\"found\" role=\"status\"></p>");
    html.raw("<button type=\"button\" id=\"clear\">Clear</button>");
    html.raw("<button type=\"button\" id=\"open\">Open all</button>");
    html.raw("<button type=\"button\" id=\"close\">Close all</button>");
    html.raw("<label class=\"keys\"><input type=\"checkbox\" id=\"keys\" checked> Keys: ");
    html.raw("<kbd>/</kbd> search, <kbd>Esc</kbd> clear, <kbd>j</kbd> <kbd>k</kbd> next, previous");
    html.raw("</label></div></div>\n");
}

fn names(names: &[String]) -> impl Iterator<Item = &str> {
    names.iter().map(String::as_str)
}

fn outcome(html: &mut Html, outcome: Outcome, count: usize) {
    html.raw("<label class=\"pick\"><input type=\"checkbox\" name=\"outcome\" value=\"");
    html.raw(outcome.as_str()).raw("\">");
    badge(html, outcome);
    html.raw(" <span class=\"n\">")
        .word(count)
        .raw("</span></label>");
}

fn select<'n>(
    html: &mut Html,
    name: &'static str,
    label: &'static str,
    values: impl ExactSizeIterator<Item = &'n str>,
) {
    // With one value there is nothing to choose, unless some checks have none.
    if values.len() == 0 || values.len() == 1 && (name == "severity" || name == "kind") {
        return;
    }
    html.raw("<label class=\"field\">")
        .raw(label)
        .raw(" <select id=\"");
    html.raw(name).raw("\"><option value=\"\">any</option>");
    for value in values {
        html.raw("<option value=\"").text(value).raw("\">");
        html.line(value, SHORT).raw("</option>");
    }
    html.raw("</select></label>");
}

/// So many of the first checks that are not in order are opened.
const OPENED: usize = 3;
const MESSAGE: usize = 300;
/// A browser need not lay out so many rows before they come into view.
const CHUNK: usize = 50;
