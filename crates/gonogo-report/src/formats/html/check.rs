//! One check, told in full.

use gonogo_model::{CheckRecord, CheckResult, quantity};

use super::Page;
use super::markup::Html;
use super::seen::{attempts, facts, findings};
use super::words::{
    LONG, SHORT, badge, check_link, code, group_link, open_row, outward, place, row,
};
use crate::text;

/// Adds everything that is known of a check.
pub(super) fn details(html: &mut Html, page: &Page<'_>, check: &CheckRecord) {
    let result = &check.result;
    html.raw("<div class=\"body\">");
    if let Some(message) = &result.message {
        html.raw("<p class=\"message\">")
            .line(message, LONG)
            .raw("</p>");
    }
    html.raw("<dl class=\"facts\">");
    remedy(html, result);
    identity(html, page, check);
    terms(html, page, check);
    html.raw("</dl>");
    faults(html, result);
    findings(html, check);
    facts(html, &result.facts, page.longest_value());
    attempts(html, check);
    notes(html, result);
    options(html, check);
    html.raw("</div>");
}

/// Adds what it means, whose fault it is and what to do.
fn remedy(html: &mut Html, result: &CheckResult) {
    if let Some(was) = result.was {
        open_row(html, "Without the waiver");
        badge(html, was);
    }
    let decl = result.code.as_ref().and_then(|code| code.decl());
    if let Some(known) = &result.code {
        open_row(html, "Code");
        code(html, known);
        html.raw(" <span class=\"quiet\">gonogo explain ");
        html.line(known.as_str(), SHORT).raw("</span>");
    }
    row(html, "Cause", decl.map(|decl| decl.meaning));
    let hint = result.hint.as_deref().or(decl.map(|decl| decl.hint));
    row(html, "Hint", hint);
}

fn identity(html: &mut Html, page: &Page<'_>, check: &CheckRecord) {
    let (plan, result) = (&check.plan, &check.result);
    if let Some(root) = &result.blame {
        open_row(html, "Because of");
        any_link(html, page, root);
    }
    row(html, "Owner", plan.owner.as_deref());
    if let Some(runbook) = &plan.runbook {
        open_row(html, "Runbook");
        outward(html, runbook);
    }
    open_row(html, "Subject");
    html.line(&plan.kind, SHORT).raw(" <code>");
    html.line(&plan.subject, LONG).raw("</code>");
    open_row(html, "At");
    place(html, &plan.file, plan.line);
    open_row(html, "Severity");
    html.raw(plan.severity.as_str())
        .raw(", ")
        .raw(plan.effect.as_str());
    if let Some(group) = &plan.group {
        open_row(html, "Group");
        group_link(html, group);
    }
    if !plan.needs.is_empty() {
        open_row(html, "Needs");
        for (i, need) in plan.needs.iter().enumerate() {
            html.raw(if i > 0 { ", " } else { "" });
            any_link(html, page, need);
        }
    }
    for (term, names) in [
        ("Phases", &plan.phases),
        ("Tags", &plan.tags),
        ("Covers", &plan.covers),
    ] {
        if !names.is_empty() {
            row(html, term, Some(&names.join(", ")));
        }
    }
    row(html, "Left out", plan.left_out.as_deref());
}

fn any_link(html: &mut Html, page: &Page<'_>, id: &gonogo_model::Id) {
    if page.is_group(id) {
        group_link(html, id);
    } else if page.check(id).is_some() {
        check_link(html, id);
    } else {
        html.raw("<code>").text(id.as_str()).raw("</code>");
    }
}

/// Adds how it was to run, where that is not what everybody has, and how old its proof is.
fn terms(html: &mut Html, page: &Page<'_>, check: &CheckRecord) {
    let plan = &check.plan;
    let mut terms = format!("at most {} an attempt", quantity::duration(&plan.timeout));
    if plan.attempts > 1 {
        let backoff = quantity::duration(&plan.backoff);
        terms.push_str(&format!(
            ", at most {} attempts {backoff} apart",
            plan.attempts
        ));
    }
    if plan.consecutive > 1 {
        terms.push_str(&format!(", {} passes in a row", plan.consecutive));
    }
    if let Some(max_age) = &plan.max_age {
        terms.push_str(&format!(
            ", a pass is good for {}",
            quantity::duration(max_age)
        ));
    }
    row(html, "Terms", Some(&terms));
    if let Some(age) = check.age(&page.report.record.finished) {
        open_row(html, "Age");
        html.text(&text::took(&age)).raw(" at the end of the run");
    }
}

/// Adds what went wrong besides what the message says.
fn faults(html: &mut Html, result: &CheckResult) {
    let is_told = |message: &str| {
        let whole = result.message.as_deref();
        whole.is_some_and(|whole| whole.contains(message))
    };
    let more: Vec<_> = result
        .faults
        .iter()
        .filter(|fault| result.code.as_ref() != Some(&fault.code) || !is_told(&fault.message))
        .collect();
    if more.is_empty() {
        return;
    }
    html.raw("<h4>Also</h4><ul>");
    for fault in more {
        html.raw("<li>");
        code(html, &fault.code);
        html.raw(" ").line(&fault.message, LONG);
        if let Some(hint) = &fault.hint {
            html.raw(" <em>").line(hint, LONG).raw("</em>");
        }
    }
    html.raw("</ul>");
}

fn notes(html: &mut Html, result: &CheckResult) {
    if result.notes.is_empty() {
        return;
    }
    html.raw("<h4>Notes</h4><ul>");
    for note in &result.notes {
        html.raw("<li>").line(note, LONG);
    }
    html.raw("</ul>");
}

fn options(html: &mut Html, check: &CheckRecord) {
    if check.plan.options.is_empty() {
        return;
    }
    html.raw("<h4>As configured</h4><dl class=\"facts\">");
    for (name, value) in &check.plan.options {
        html.raw("<dt><code>").line(name, SHORT);
        html.raw("</code><dd><code>")
            .line(value, LONG)
            .raw("</code>");
    }
    html.raw("</dl>");
}
