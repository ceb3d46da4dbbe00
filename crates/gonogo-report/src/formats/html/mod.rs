//! `html`: one self-contained page that people like to open.
//!
//! The page loads nothing and allows nothing but itself: its Content-Security-Policy names its own style
//! and its own script by their SHA-256, and no other source of anything. So it has neither `style`
//! attributes nor inline handlers, and what a target wrote could not run even if it became markup, which
//! `Html` rules out.
//!
//! Everything is there without a script. The details of a check stand in a `noscript` element: a browser
//! that runs scripts reads it as one piece of text, which costs next to nothing, and the script makes
//! elements of it when somebody opens the check. That is what makes 10,000 checks open at once.

mod certificates;
mod check;
mod checks;
mod drawing;
mod graph;
mod judged;
mod layers;
mod markup;
mod run;
mod seen;
mod since;
mod verdict;
mod waterfall;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gonogo_model::{CheckRecord, Id, Report};
use sha2::{Digest as _, Sha256};

use self::markup::Html;
use self::words::SHORT;
use super::{Format, View};
use crate::diff::{Change, Difference, Since};
use crate::human::Order;

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "html",
    sentence: "one self-contained page for people, with search, a waterfall and a graph",
    render,
};

/// Adds a section of the page, or nothing when the run has none of it.
type Section = fn(&mut Html, &Page<'_>);

/// What the sections share.
struct Page<'r> {
    report: &'r Report,
    checks: BTreeMap<&'r Id, &'r CheckRecord>,
    groups: BTreeSet<&'r Id>,
    order: Order<'r>,
    baseline: Option<Since<'r>>,
    difference: Option<Difference<'r>>,
    changes: BTreeMap<&'r Id, Change>,
}

impl<'r> Page<'r> {
    fn of(view: &View<'r>) -> Self {
        let report = view.report;
        let difference = view.baseline.and_then(|since| since.difference(report));
        let changed = difference.iter().flat_map(|d| &d.changes);
        let checks = report.record.checks.iter();
        let groups = report.record.plan.groups.iter();
        Self {
            report,
            checks: checks.map(|check| (&check.plan.id, check)).collect(),
            groups: groups.map(|group| &group.id).collect(),
            order: Order::of(report),
            changes: changed.map(|c| (c.id, c.change)).collect(),
            baseline: view.baseline,
            difference,
        }
    }

    fn check(&self, id: &Id) -> Option<&'r CheckRecord> {
        self.checks.get(id).copied()
    }

    fn is_group(&self, id: &Id) -> bool {
        self.groups.contains(id)
    }

    /// Returns how many columns of a value are shown; the file is to stay one that a browser opens.
    fn longest_value(&self) -> usize {
        match self.report.record.checks.len() {
            0..=500 => 4000,
            501..=2000 => 1000,
            _ => 300,
        }
    }
}

fn render(view: &View<'_>) -> Vec<u8> {
    let page = Page::of(view);
    let mut html = Html::default();
    head(&mut html, &page);
    html.raw("<body>\n<a class=\"skip\" href=\"#checks\">Skip to the checks</a>\n");
    verdict::banner(&mut html, page.report);
    let sections: [(&str, &str, Section); 10] = [
        ("why", "Why", verdict::reasons),
        ("since", "Since", since::since),
        ("run", "The run", run::run),
        ("checks", "Checks", checks::checks),
        ("waterfall", "Waterfall", waterfall::waterfall),
        ("graph", "Graph", graph::graph),
        ("certificates", "Certificates", certificates::certificates),
        ("groups", "Groups", judged::groups),
        ("waivers", "Waivers", judged::waivers),
        ("inputs", "Made from", run::inputs),
    ];
    let mut nav = Html::default();
    let mut body = Html::default();
    for (id, name, section) in sections {
        let mut part = Html::default();
        section(&mut part, &page);
        if !part.is_empty() {
            nav.raw("<li><a href=\"#")
                .raw(id)
                .raw("\">")
                .raw(name)
                .raw("</a></li>");
            body.part(&part);
        }
    }
    html.raw("<nav class=\"wide\" aria-label=\"Sections\"><ul>")
        .part(&nav);
    html.raw("</ul><button type=\"button\" id=\"theme\" hidden>Dark</button></nav>\n");
    drawing::patterns(&mut html);
    html.raw("<main class=\"wide\">\n").part(&body);
    html.raw("</main>\n<footer class=\"wide\"><p>Made by ");
    let tool = &page.report.record.header.tool;
    html.line(&tool.name, SHORT)
        .raw(" ")
        .line(&tool.version, SHORT);
    html.raw(" for run ")
        .line(&page.report.record.header.run_id, SHORT);
    html.raw(". Long values are cut here; the JSON report has them whole.</p></footer>\n");
    html.raw("<script>")
        .raw(SCRIPT)
        .raw("</script>\n</body>\n</html>\n");
    html.into_bytes()
}

fn head(html: &mut Html, page: &Page<'_>) {
    let header = &page.report.record.header;
    html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ");
    html.raw("style-src 'sha256-").word(digest(STYLE));
    html.raw("'; script-src 'sha256-").word(digest(SCRIPT));
    html.raw("'; base-uri 'none'; form-action 'none'\">\n");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
    html.raw("<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    html.raw(page.report.judgement.verdict.as_str()).raw(" ");
    html.line(&header.gate, SHORT);
    if let Some(release) = &header.release {
        html.raw(" ").line(release, SHORT);
    }
    html.raw("</title>\n<style>")
        .raw(STYLE)
        .raw("</style>\n</head>\n");
}

/// Returns the SHA-256 of an inline element's text, as a policy names it.
fn digest(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text.as_bytes()))
}

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");
