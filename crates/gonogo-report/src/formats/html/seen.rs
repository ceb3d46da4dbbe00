//! What a check saw: its expectations beside what was found, its facts, its attempts.

use gonogo_model::{AttemptRecord, CheckRecord, Finding, Held, Reading, Strength, Value};

use super::markup::Html;
use super::words::{LONG, SHORT, badge, code};
use crate::json::type_word;
use crate::text;

/// Adds each expectation with what was found; of a check that never looked, what it expects.
pub(super) fn findings(html: &mut Html, check: &CheckRecord) {
    let findings = &check.result.findings;
    if findings.is_empty() {
        expectations(html, check);
        return;
    }
    html.raw("<h4>Wanted and found</h4><table class=\"found\"><thead><tr>");
    html.raw("<th>Holds<th>Fact");
    html.raw("<th>Wanted<th>Found");
    html.raw("<th>From<tbody>");
    for finding in findings {
        self::finding(html, finding);
    }
    html.raw("</table>");
}

fn finding(html: &mut Html, finding: &Finding) {
    let (class, word) = match (finding.held, finding.strength) {
        (Held::Yes, _) => ("passed", "yes"),
        (Held::No, Strength::Must) => ("failed", "no"),
        (Held::No, Strength::Should) => ("warned", "no"),
        (Held::Unreadable, _) => ("unknown", "not read"),
    };
    html.raw("<tr><td><span class=\"o ")
        .raw(class)
        .raw("\">")
        .raw(word);
    html.raw("</span><th>").line(&finding.fact, SHORT);
    html.raw("<td>").raw(finding.strength.as_str()).raw(": ");
    html.line(&finding.wanted, LONG).raw("<td>");
    html.line(&finding.got, LONG);
    if let Some(known) = &finding.code {
        html.raw(" ");
        code(html, known);
    }
    if let Some(message) = finding
        .message
        .as_ref()
        .filter(|_| finding.held != Held::Yes)
    {
        html.raw("<br><em>").line(message, LONG).raw("</em>");
    }
    html.raw("<td>");
    html.line(&finding.origin.to_string(), SHORT);
}

fn expectations(html: &mut Html, check: &CheckRecord) {
    if check.plan.expectations.is_empty() {
        return;
    }
    html.raw("<h4>Wanted</h4><ul>");
    for expectation in &check.plan.expectations {
        html.raw("<li><b>")
            .line(&expectation.fact, SHORT)
            .raw("</b> ");
        html.raw(expectation.strength.as_str()).raw(": ");
        html.line(&expectation.wanted, LONG)
            .raw(" <span class=\"quiet\">");
        html.line(&expectation.origin.to_string(), SHORT)
            .raw("</span>");
    }
    html.raw("</ul>");
}

/// Adds the facts with their types; those that are absent are named in one row.
pub(super) fn facts(html: &mut Html, facts: &[(String, Reading)], longest: usize) {
    if facts.is_empty() {
        return;
    }
    let is_absent = |(_, reading): &&(String, Reading)| *reading == Reading::Absent;
    html.raw("<h4>Facts</h4><table class=\"seen\"><tbody>");
    for (name, reading) in facts.iter().filter(|fact| !is_absent(fact)) {
        html.raw("<tr><th>").line(name, SHORT).raw("<td>");
        let kind = match reading {
            Reading::Value(value) => {
                self::value(html, value, longest);
                type_of(value)
            }
            Reading::Absent => "absent",
            Reading::Unreadable {
                code: known,
                message,
            } => {
                html.raw("<span class=\"o unknown\">not read</span> ");
                code(html, known);
                html.raw(" ").line(message, LONG);
                ""
            }
        };
        html.raw("<td>").raw(kind);
    }
    let absent: Vec<&str> = facts
        .iter()
        .filter(is_absent)
        .map(|(name, _)| name.as_str())
        .collect();
    if !absent.is_empty() {
        html.raw("<tr><th>absent<td>");
        html.line(&absent.join(", "), LONG).raw("<td>");
    }
    html.raw("</table>");
}

fn value(html: &mut Html, value: &Value, longest: usize) {
    match value {
        Value::Map(entries) if !entries.is_empty() => {
            html.raw("<dl class=\"map\">");
            for (name, value) in entries.iter().take(MOST_ENTRIES) {
                html.raw("<dt>").line(name, SHORT).raw("<dd>");
                html.show(value, longest);
            }
            html.raw("</dl>");
            more(html, entries.len());
        }
        Value::List(values) if values.len() > 1 => {
            html.raw("<ul class=\"plain\">");
            for value in values.iter().take(MOST_ENTRIES) {
                html.raw("<li>").show(value, longest);
            }
            html.raw("</ul>");
            more(html, values.len());
        }
        Value::Json(json) if json.is_object() || json.is_array() => {
            html.raw("<pre>");
            pretty(html, json, longest);
            html.raw("</pre>");
        }
        value => {
            html.show(value, longest);
        }
    }
}

fn more(html: &mut Html, count: usize) {
    if let Some(left) = count.checked_sub(MOST_ENTRIES).filter(|left| *left > 0) {
        html.raw("and ").word(left).raw(" more");
    }
}

/// Adds a document over several lines; of a long one no more is written than is shown.
fn pretty(html: &mut Html, json: &serde_json::Value, longest: usize) {
    let (start, whole) = text::start(&format_args!("{json:#}"), longest);
    for (i, line) in start.lines().enumerate() {
        html.raw(if i > 0 { "\n" } else { "" }).text(line);
    }
    html.raw(if whole { "" } else { "\u{2026}" });
}

fn type_of(value: &Value) -> &'static str {
    match type_word(value) {
        "json" => "JSON",
        word => word,
    }
}

/// Adds the attempts with their phases.
pub(super) fn attempts(html: &mut Html, check: &CheckRecord) {
    if check.attempts.is_empty() {
        return;
    }
    html.raw("<h4>Attempts</h4><table class=\"tries\"><thead><tr>");
    html.raw("<th>Attempt<th>At");
    html.raw("<th>Took<th>Outcome");
    html.raw("<th>Phases<tbody>");
    for attempt in &check.attempts {
        self::attempt(html, attempt);
    }
    html.raw("</table>");
}

fn attempt(html: &mut Html, attempt: &AttemptRecord) {
    html.raw("<tr><th>").word(attempt.round).raw(".");
    html.word(attempt.number).raw("<td>");
    html.text(&text::took(&attempt.elapsed)).raw("<td>");
    html.text(&text::took(&attempt.duration)).raw("<td>");
    badge(html, attempt.outcome);
    if let Some(known) = &attempt.code {
        html.raw(" ");
        code(html, known);
    }
    if let Some(message) = &attempt.message {
        html.raw(" ").line(message, LONG);
    }
    html.raw("<td>");
    for (i, phase) in attempt.phases.iter().enumerate() {
        html.raw(if i > 0 { ", " } else { "" });
        html.line(&phase.name, SHORT).raw(" ");
        html.text(&text::took(&phase.duration));
    }
}

/// So many entries of a list or a map are shown.
const MOST_ENTRIES: usize = 50;
