//! The circumstances of the run: when, where, by what, with which values, and what was not judged.

use std::collections::BTreeMap;

use gonogo_model::{Excluded, GateFile, Id, Report, Selection, quantity};

use super::Page;
use super::markup::Html;
use super::verdict::counts;
use super::words::{LONG, SHORT, moment, open_row, outward, row};
use crate::text;

/// Adds when, where and by what the run was made, and how many checks came to what.
pub(super) fn run(html: &mut Html, page: &Page<'_>) {
    html.raw("<section id=\"run\" aria-labelledby=\"h-run\"><h2 id=\"h-run\">The run</h2>\n");
    facts(html, page.report);
    counts(html, page.report);
    html.raw("</section>\n");
}

/// Adds what the run was made with: files, policies, values, and what it left aside.
pub(super) fn inputs(html: &mut Html, page: &Page<'_>) {
    let header = &page.report.record.header;
    html.raw("<section id=\"inputs\" aria-labelledby=\"h-inputs\">");
    html.raw("<h2 id=\"h-inputs\">Made from</h2>\n");
    files(html, "Files of the gate", &header.files);
    files(html, "Policies", &header.policies);
    variables(html, page.report);
    excluded(html, &page.report.record.plan.excluded);
    html.raw("</section>\n");
}

fn facts(html: &mut Html, report: &Report) {
    let (record, judgement) = (&report.record, &report.judgement);
    let header = &record.header;
    html.raw("<dl class=\"tiles\">");
    row(html, "Gate", Some(&header.gate));
    row(html, "Release", header.release.as_deref());
    row(html, "Environment", header.environment.as_deref());
    open_row(html, "Run")
        .raw("<code>")
        .line(&header.run_id, SHORT)
        .raw("</code>");
    open_row(html, "Started");
    moment(html, record.started.wall);
    open_row(html, "Finished");
    moment(html, record.finished.wall);
    let took = record.finished.elapsed.minus(&record.started.elapsed);
    html.raw(", after ")
        .text(&text::took(&took))
        .raw(" in ")
        .text(&text::count(record.rounds as usize, "round"));
    if let Some(until) = judgement.valid_until {
        open_row(html, "Valid until");
        moment(html, until);
    }
    if let Some(valid_for) = &header.valid_for {
        row(
            html,
            "A GO is good for",
            Some(&quantity::duration(valid_for)),
        );
    }
    selection(html, &record.plan.selection);
    digest(html, "File", &header.file, &header.file_digest);
    digest(html, "Plan", "", &record.plan.digest);
    let tool = format!("{} {}", header.tool.name, header.tool.version);
    row(html, "Tool", Some(&tool));
    row(html, "Host", header.host.as_deref());
    if let Some(job) = &header.ci_job {
        open_row(html, "CI job");
        outward(html, job);
    }
    row(html, "Commit", header.commit.as_deref());
    row(html, "Branch", header.branch.as_deref());
    row(html, "Interrupted by", record.interrupted.as_deref());
    html.raw("</dl>\n");
}

fn digest(html: &mut Html, term: &'static str, name: &str, digest: &str) {
    open_row(html, term);
    if !name.is_empty() {
        html.raw("<code>").line(name, SHORT).raw("</code> ");
    }
    html.raw("<code class=\"digest\">sha256:")
        .line(digest, SHORT)
        .raw("</code>");
}

fn selection(html: &mut Html, selection: &Selection) {
    let mut asked: Vec<String> = Vec::new();
    asked.extend(selection.phase.iter().map(|phase| format!("phase {phase}")));
    for (word, names) in [
        ("tag", &selection.tags),
        ("only", &selection.only),
        ("skip", &selection.skip),
    ] {
        asked.extend(names.iter().map(|name| format!("{word} {name}")));
    }
    asked.extend(
        selection
            .failed
            .iter()
            .map(|run| format!("failed of {run}")),
    );
    if selection.read_only {
        asked.push("read-only".to_owned());
    }
    if selection.strict {
        asked.push("strict".to_owned());
    }
    if !asked.is_empty() {
        row(html, "Selected", Some(&asked.join(", ")));
    }
}

fn files(html: &mut Html, heading: &'static str, files: &[GateFile]) {
    if files.is_empty() {
        return;
    }
    html.raw("<h3>")
        .raw(heading)
        .raw("</h3><dl class=\"facts\">");
    for file in files {
        html.raw("<dt><code>").line(&file.file, SHORT);
        html.raw("</code><dd><code class=\"digest\">sha256:");
        html.line(&file.digest, SHORT).raw("</code>");
    }
    html.raw("</dl>\n");
}

fn variables(html: &mut Html, report: &Report) {
    let header = &report.record.header;
    if !header.variables.is_empty() {
        html.raw("<h3>Variables</h3><table class=\"vars\"><thead><tr>");
        html.raw("<th>Name<th>Value");
        html.raw("<th>From<tbody>");
        for variable in &header.variables {
            html.raw("<tr><th><code>");
            html.line(&variable.name, SHORT).raw("</code><td>");
            html.line(&variable.value, LONG).raw("<td>");
            html.line(&variable.origin, SHORT);
        }
        html.raw("</table>\n");
    }
    if !header.secrets.is_empty() {
        html.raw("<h3>Secrets</h3><p>By name only: ");
        for (i, name) in header.secrets.iter().enumerate() {
            html.raw(if i > 0 { ", " } else { "" });
            html.raw("<code>").line(name, SHORT).raw("</code>");
        }
        html.raw(".</p>\n");
    }
}

fn excluded(html: &mut Html, excluded: &[Excluded]) {
    if excluded.is_empty() {
        return;
    }
    let mut reasons: BTreeMap<&str, Vec<&Id>> = BTreeMap::new();
    for excluded in excluded {
        let ids = reasons.entry(&excluded.reason).or_default();
        ids.push(&excluded.id);
    }
    html.raw("<h3>Not judged in this run <span class=\"n\">");
    html.word(excluded.len())
        .raw("</span></h3><dl class=\"facts\">");
    for (reason, ids) in reasons {
        html.raw("<dt>by ").line(reason, SHORT).raw("<dd>");
        for (i, id) in ids.iter().enumerate() {
            html.raw(if i > 0 { ", " } else { "" });
            html.raw("<code>").text(id.as_str()).raw("</code>");
        }
    }
    html.raw("</dl>\n");
}
