//! What was judged besides single checks: groups with their quorum, waivers with what became of them.

use gonogo_model::{CheckIndex, Id, PlannedWaiver, WaiverState, WaiverVerdict};

use super::Page;
use super::markup::Html;
use super::words::{LONG, SHORT, badge, check_link, check_links, place};
use crate::human::{group_word, tally, time_left};
use crate::plan::quorum;

/// Adds the groups: members and quorum.
pub(super) fn groups(html: &mut Html, page: &Page<'_>) {
    let report = page.report;
    let groups = &report.record.plan.groups;
    if groups.is_empty() {
        return;
    }
    html.raw("<section id=\"groups\" aria-labelledby=\"h-groups\"><h2 id=\"h-groups\">Groups");
    html.raw(" <span class=\"n\">").word(groups.len());
    html.raw("</span></h2><ul class=\"cards\">\n");
    for group in groups {
        let verdict = report.judgement.groups.iter().find(|v| v.id == group.id);
        html.raw("<li id=\"group-")
            .text(group.id.as_str())
            .raw("\"><h3>");
        let word = verdict.map_or("not judged", |verdict| group_word(verdict).0);
        html.raw("<span class=\"o ").raw(match word {
            "met" => "passed",
            "not met" => "failed",
            _ => "unknown",
        });
        html.raw("\">").raw(word).raw("</span> <span class=\"id\">");
        html.text(group.id.as_str()).raw("</span>");
        if group.title != group.id.as_str() {
            html.raw(" <span class=\"title\">")
                .line(&group.title, SHORT)
                .raw("</span>");
        }
        html.raw("</h3><p>");
        if let Some(verdict) = verdict {
            html.text(&tally(verdict)).raw(" \u{b7} ");
        }
        html.text(&quorum(group)).raw(" \u{b7} ");
        html.raw(group.severity.as_str()).raw(" \u{b7} ");
        place(html, &group.file, group.line);
        if !group.covers.is_empty() {
            html.raw(" \u{b7} covers ")
                .line(&group.covers.join(", "), LONG);
        }
        html.raw("</p><ul class=\"members\">");
        let known = group.members.iter();
        for check in known.filter_map(|member| report.record.checks.get(member.as_usize())) {
            html.raw("<li>");
            badge(html, check.result.outcome);
            html.raw(" ");
            check_link(html, &check.plan.id);
        }
        html.raw("</ul>\n");
    }
    html.raw("</ul></section>\n");
}

/// Adds the waivers, in the order of the plan.
pub(super) fn waivers(html: &mut Html, page: &Page<'_>) {
    let (record, judgement) = (&page.report.record, &page.report.judgement);
    let told: Vec<_> = record.plan.waivers.iter().zip(&judgement.waivers).collect();
    if told.is_empty() {
        return;
    }
    html.raw("<section id=\"waivers\" aria-labelledby=\"h-waivers\"><h2 id=\"h-waivers\">Waivers");
    html.raw(" <span class=\"n\">").word(told.len());
    html.raw("</span></h2><ul class=\"cards\">\n");
    for (waiver, verdict) in told {
        self::waiver(html, page, waiver, verdict);
    }
    html.raw("</ul></section>\n");
}

fn waiver(html: &mut Html, page: &Page<'_>, waiver: &PlannedWaiver, verdict: &WaiverVerdict) {
    html.raw("<li><h3><span class=\"o ")
        .raw(class(verdict.state))
        .raw("\">");
    html.raw(verdict.state.as_str())
        .raw("</span> <span class=\"id\">");
    html.line(&waiver.check, SHORT).raw("</span></h3><p>");
    html.line(&waiver.reason, LONG);
    if let Some(ticket) = &waiver.ticket {
        html.raw(" (").line(ticket, SHORT).raw(")");
    }
    html.raw("</p><p>").line(&waiver.owner, SHORT);
    html.raw(" answers for it until <time datetime=\"");
    html.word(waiver.until.ends).raw("\">");
    html.line(&waiver.until.text, SHORT).raw("</time> (");
    html.text(&time_left(waiver, page.report)).raw(")");
    if let Some(code) = &waiver.code {
        html.raw(" \u{b7} covers only <code>")
            .line(code, SHORT)
            .raw("</code>");
    }
    if let Some(most) = waiver.quarantine {
        html.raw(" \u{b7} a quarantine of ")
            .word(most)
            .raw(" at once");
    }
    html.raw(" \u{b7} ");
    place(html, &waiver.file, waiver.line);
    html.raw("</p>");
    for (word, checks) in [("Names ", &waiver.checks), ("Waives ", &verdict.waives)] {
        let ids = ids(page, checks);
        if !ids.is_empty() {
            html.raw("<p>").raw(word);
            check_links(html, ids.into_iter());
            html.raw("</p>");
        }
    }
    if !waiver.excluded.is_empty() {
        html.raw("<p>Names, but not in this run:");
        for id in &waiver.excluded {
            html.raw(" <code>").text(id.as_str()).raw("</code>");
        }
        html.raw("</p>");
    }
    if let Some(decl) = verdict.code.as_ref().and_then(|code| code.decl()) {
        html.raw("<p><code>").raw(decl.code).raw("</code> ");
        html.raw(decl.meaning)
            .raw(" <em>")
            .raw(decl.hint)
            .raw("</em></p>");
    }
    html.raw("\n");
}

/// Returns how a state is shown: what somebody should act on stands out.
const fn class(state: WaiverState) -> &'static str {
    match state {
        WaiverState::Used => "waived",
        WaiverState::Exhausted | WaiverState::Expired => "failed",
        WaiverState::Orphaned | WaiverState::Unneeded => "warned",
        WaiverState::Unused | WaiverState::NotInRun => "skipped",
    }
}

fn ids<'r>(page: &Page<'r>, places: &[CheckIndex]) -> Vec<&'r Id> {
    let checks = &page.report.record.checks;
    let known = places
        .iter()
        .filter_map(|place| checks.get(place.as_usize()));
    known.map(|check| &check.plan.id).collect()
}
