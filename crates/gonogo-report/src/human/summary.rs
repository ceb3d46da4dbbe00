//! The whole summary.

use std::collections::BTreeMap;

use gonogo_model::{CheckRecord, Code, Id, Report};

use super::block::{self, Advice, word_row};
use super::order::{Item, Order};
use super::{rows, since, verdict_line, waivers};
use crate::diff::Since;
use crate::layout::{Page, Spans};
use crate::style::{Role, Style};
use crate::tell::Told;
use crate::text;

/// Returns the summary of a run: what is wrong, root causes first; then what is not; then the verdict.
#[must_use]
pub fn summary(report: &Report, style: &Style) -> String {
    summary_since(report, None, style)
}

/// Returns the summary of a run, and in front of the verdict what changed since the baseline.
#[must_use]
pub fn summary_since(report: &Report, baseline: Option<Since<'_>>, style: &Style) -> String {
    let order = Order::of(report);
    let mut page = Page::new(style);
    if style.is_verbose() {
        header(&mut page, report);
    }
    open(&mut page, &order.open);
    rows::skipped(&mut page, &order.skipped);
    let finished = &report.record.finished;
    for check in order.waived.iter().chain(&order.warned) {
        page.gap();
        block::check(&mut page, check, &[], Advice::Full);
        block::age(&mut page, check, finished);
    }
    page.gap();
    rows::flaky(&mut page, &order.passed);
    if style.is_verbose() {
        for check in &order.passed {
            page.gap();
            block::check(&mut page, check, &[], Advice::Full);
            block::age(&mut page, check, finished);
        }
        page.gap();
    } else {
        rows::passed(&mut page, &order.passed);
    }
    rows::met(&mut page, &order.met);
    rows::excluded(&mut page, &report.record.plan);
    waivers::waivers(&mut page, report);
    page.gap();
    rows::run(&mut page, &order.run);
    page.gap();
    since::since(&mut page, report, baseline);
    page.gap();
    page.into_text() + &verdict_line(report, style)
}

/// Tells what is wrong; from some point on a long list is told briefly.
fn open(page: &mut Page<'_>, items: &[Item<'_>]) {
    let in_full = if page.style().is_verbose() {
        usize::MAX
    } else {
        IN_FULL
    };
    let mut advised: BTreeMap<(&str, Option<&str>), &Id> = BTreeMap::new();
    for item in items.iter().take(in_full) {
        page.gap();
        match item {
            Item::Group(group, verdict, skipped) => block::group(page, group, verdict, skipped),
            Item::Check(check, skipped) => {
                let key = advice_key(check);
                let advice = match key.and_then(|key| advised.get(&key)) {
                    Some(earlier) => Advice::AsFor(earlier),
                    None => Advice::Full,
                };
                block::check(page, check, skipped, advice);
                if let Some(key) = key {
                    advised.entry(key).or_insert(&check.plan.id);
                }
            }
        }
    }
    let rest = items.get(in_full..).unwrap_or_default();
    if !rest.is_empty() {
        page.gap();
    }
    for item in rest.iter().take(IN_BRIEF) {
        brief(page, item);
    }
    if let Some(left) = rest.len().checked_sub(IN_BRIEF).filter(|left| *left > 0) {
        let more = format!("and {left} more; -v shows all");
        word_row(page, "", Role::Body, &Spans::body(&more));
    }
}

/// Returns what makes the advice for two checks the same; the advice of an expectation is its own.
fn advice_key(check: &CheckRecord) -> Option<(&str, Option<&str>)> {
    let code = check.result.code.as_ref().map(Code::as_str)?;
    let own = code == gonogo_model::codes::engine::EXPECTATION.code;
    (!own).then_some((code, check.result.hint.as_deref()))
}

fn brief(page: &mut Page<'_>, item: &Item<'_>) {
    match item {
        Item::Group(group, verdict, _) => {
            let (word, role) = block::group_word(verdict);
            let body = Spans::new(Role::Name, &format!("group {}", group.id))
                .and(Role::Body, &format!("  {}", block::tally(verdict)));
            word_row(page, word, role, &body);
        }
        Item::Check(check, _) => {
            let result = &check.result;
            let told = Told {
                outcome: result.outcome,
                code: result.code.as_ref(),
                message: result.message.as_deref(),
                findings: &result.findings,
            };
            let told = told.line(BRIEF_MESSAGE, page.style().ellipsis());
            let body = Spans::new(Role::Name, check.plan.id.as_str())
                .and(Role::Body, &format!("  {told}"));
            word_row(
                page,
                result.outcome.as_str(),
                Role::of(result.outcome),
                &body,
            );
        }
    }
}

/// Tells what was run, where and with which variables.
fn header(page: &mut Page<'_>, report: &Report) {
    let (record, header) = (&report.record, &report.record.header);
    let mut rows = vec![
        ("run", header.run_id.clone()),
        ("started", record.started.wall.to_string()),
        (
            "tool",
            format!("{} {}", header.tool.name, header.tool.version),
        ),
        ("file", header.file.clone()),
        ("plan", record.plan.digest.clone()),
    ];
    rows.extend(header.host.clone().map(|host| ("host", host)));
    rows.extend(header.ci_job.clone().map(|job| ("job", job)));
    rows.extend(header.commit.clone().map(|commit| ("commit", commit)));
    rows.extend(header.branch.clone().map(|branch| ("branch", branch)));
    for policy in &header.policies {
        let digest = policy.digest.get(..12).unwrap_or(&policy.digest);
        rows.push(("policy", format!("{}  ({digest})", policy.file)));
    }
    for variable in &header.variables {
        let text = format!(
            "{} = {}  ({})",
            variable.name, variable.value, variable.origin
        );
        rows.push(("variable", text));
    }
    if !header.secrets.is_empty() {
        rows.push(("secrets", header.secrets.join(", ")));
    }
    for (word, text) in rows {
        let text = text::line(&text, HEADER, page.style().ellipsis());
        word_row(page, word, Role::Faint, &Spans::body(&text));
    }
}

/// So many items are told in full; a screen holds no more.
const IN_FULL: usize = 10;
/// So many more are told in a line each.
const IN_BRIEF: usize = 50;
const BRIEF_MESSAGE: usize = 160;
const HEADER: usize = 200;
