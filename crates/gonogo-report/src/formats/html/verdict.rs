//! What it came to: the verdict in words, the reasons, the counts.

use gonogo_model::{CheckRecord, Id, Outcome, Reason, Report, Verdict};

use super::Page;
use super::markup::Html;
use super::words::{LONG, SHORT, check_link, check_links, code, group_link, moment};
use crate::text;

/// Adds the head of the page: the verdict, what it is about, and for how long it holds.
pub(super) fn banner(html: &mut Html, report: &Report) {
    let (record, judgement) = (&report.record, &report.judgement);
    let header = &record.header;
    html.raw("<header class=\"banner ")
        .raw(class(judgement.verdict))
        .raw("\"><div class=\"wide\"><p class=\"verdict\">")
        .raw(judgement.verdict.as_str())
        .raw("</p><div><h1>")
        .line(&header.gate, SHORT);
    if let Some(release) = &header.release {
        html.raw(" <span class=\"release\">")
            .line(release, SHORT)
            .raw("</span>");
    }
    html.raw("</h1><p>").raw(sentence(judgement.verdict));
    if judgement.partial {
        html.raw(" Planned checks were left out of this run.");
    }
    if let Some(signal) = &record.interrupted {
        html.raw(" The run was interrupted by ")
            .line(signal, SHORT)
            .raw(".");
    }
    if let Some(until) = judgement.valid_until {
        html.raw(" It holds until ");
        moment(html, until);
        html.raw(".");
    }
    html.raw("</p><p class=\"about\">");
    if let Some(environment) = &header.environment {
        html.line(environment, SHORT).raw(" \u{b7} ");
    }
    if let Some(phase) = &record.plan.selection.phase {
        html.line(phase, SHORT).raw(" \u{b7} ");
    }
    moment(html, record.started.wall);
    let took = record.finished.elapsed.minus(&record.started.elapsed);
    html.raw(" \u{b7} took ").text(&text::took(&took));
    html.raw("</p></div></div></header>\n");
}

/// Adds the reasons, those of the verdict first.
pub(super) fn reasons(html: &mut Html, page: &Page<'_>) {
    let judgement = &page.report.judgement;
    if judgement.reasons.is_empty() {
        return;
    }
    html.raw("<section id=\"why\" aria-labelledby=\"h-why\"><h2 id=\"h-why\">Why</h2>\n");
    for (verdict, heading) in [
        (Verdict::NoGo, "What makes it NO-GO"),
        (Verdict::Hold, "What makes it HOLD"),
    ] {
        let of_verdict = || judgement.reasons.iter().filter(|r| r.verdict == verdict);
        let count = of_verdict().count();
        if count == 0 {
            continue;
        }
        html.raw("<h3>")
            .raw(match (verdict, judgement.verdict) {
                (Verdict::Hold, Verdict::NoGo) => "What would make it HOLD by itself",
                _ => heading,
            })
            .raw(" <span class=\"n\">")
            .word(count)
            .raw("</span></h3><ol class=\"reasons\">\n");
        for reason in of_verdict().take(IN_FULL) {
            self::reason(html, page, reason);
        }
        html.raw("</ol>");
        if count > IN_FULL {
            html.raw("<details class=\"fold\"><summary>")
                .text(&text::count(count - IN_FULL, "more reason"))
                .raw("</summary><ol class=\"reasons\" start=\"")
                .word(IN_FULL + 1)
                .raw("\">\n");
            for reason in of_verdict().skip(IN_FULL) {
                self::reason(html, page, reason);
            }
            html.raw("</ol></details>");
        }
        html.raw("\n");
    }
    html.raw("</section>\n");
}

fn reason(html: &mut Html, page: &Page<'_>, reason: &Reason) {
    html.raw("<li><p class=\"what\">");
    match &reason.id {
        Some(id) if page.is_group(id) => group_link(html, id),
        Some(id) => {
            check_link(html, id);
            if let Some(check) = page.check(id) {
                super::words::title(html, check);
            }
        }
        None => {
            html.raw("The run as a whole");
        }
    }
    html.raw("</p><p>");
    code(html, &reason.code);
    html.raw(" ").line(&reason.message, LONG).raw("</p>");
    let skipped: Vec<&Id> = reason.consequences.iter().collect();
    if !skipped.is_empty() {
        html.raw("<p class=\"so\">So these were skipped: ");
        check_links(html, skipped.into_iter());
        html.raw("</p>");
    }
    html.raw("</li>\n");
}

/// Adds how many checks came to what, in figures and as a bar.
pub(super) fn counts(html: &mut Html, report: &Report) {
    let counts = &report.judgement.counts;
    html.raw("<h3 class=\"sr\">Counts</h3><ul class=\"counts\">");
    for outcome in WORST_FIRST {
        let count = counts.of(outcome);
        if count > 0 {
            html.raw("<li class=\"c ").raw(outcome.as_str());
            html.raw("\"><b>").word(count).raw("</b> ");
            html.raw(outcome.as_str());
            if outcome == Outcome::Passed && counts.flaky > 0 {
                html.raw(" <small>")
                    .word(counts.flaky)
                    .raw(" flaky</small>");
            }
            html.raw("</li>");
        }
    }
    html.raw("<li class=\"c\"><b>")
        .word(counts.planned)
        .raw("</b> planned</li></ul>\n");
    bar(html, &report.record.checks);
}

fn bar(html: &mut Html, checks: &[CheckRecord]) {
    if checks.is_empty() {
        return;
    }
    #[expect(clippy::cast_precision_loss, reason = "places in a drawing")]
    let share = |count: usize| count as f64 * 100.0 / checks.len() as f64;
    html.raw("<svg class=\"bar\" width=\"100%\" height=\"10\" aria-hidden=\"true\">");
    let mut before = 0;
    for outcome in WORST_FIRST {
        let of = |check: &&CheckRecord| check.result.outcome == outcome;
        let count = checks.iter().filter(of).count();
        if count > 0 {
            html.raw("<rect class=\"f-").raw(outcome.as_str());
            html.raw("\" x=\"").figure(share(before));
            html.raw("%\" width=\"").figure(share(count));
            html.raw("%\" height=\"10\"/>");
        }
        before += count;
    }
    html.raw("</svg>");
}

const fn sentence(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Go => "Every blocker is proved.",
        Verdict::Hold => "Nothing is proved wrong, but something that must be proved is not.",
        Verdict::NoGo => "A blocker or a group is proved wrong.",
    }
}

const fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Go => "go",
        Verdict::Hold => "hold",
        Verdict::NoGo => "no-go",
    }
}

/// The order in which outcomes are counted and filtered.
pub(super) const WORST_FIRST: [Outcome; 7] = [
    Outcome::Failed,
    Outcome::Unknown,
    Outcome::Skipped,
    Outcome::Awaiting,
    Outcome::Waived,
    Outcome::Warned,
    Outcome::Passed,
];
/// So many reasons are told before the rest is folded.
const IN_FULL: usize = 8;
