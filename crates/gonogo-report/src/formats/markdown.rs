//! `markdown`: GitHub Flavored Markdown, for step summaries and for comments of pull requests.
//!
//! Whatever is not ours stands in code spans: that alone keeps a renderer from links, images, mentions
//! (which escapes do not stop), HTML and tables of somebody else's. The text is never longer than it may
//! be; what is left out is counted.

use gonogo_model::{GroupState, Outcome, Reason, Report, Severity, Verdict};

use super::case::{self, Case, Detail, short};
use super::{Format, View};
use crate::diff::{FIRST, NAMED};
use crate::text;

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "markdown",
    sentence: "Markdown, for step summaries and comments",
    render,
};

fn render(view: &View<'_>) -> Vec<u8> {
    markdown(view, MOST_BYTES).into_bytes()
}

const MOST_NAMES: usize = 20;
/// GitHub takes no longer summary.
const MOST_BYTES: usize = 1 << 20;

/// Returns a report as Markdown, in at most so many bytes: the verdict and why, what did not pass, then
/// the details.
#[must_use]
pub fn markdown(view: &View<'_>, max_bytes: usize) -> String {
    let report = view.report;
    let verdict = report.judgement.verdict.as_str();
    let head = head(report);
    if head.len() + RESERVE > max_bytes {
        // There is room for the verdict, or for nothing.
        let short = format!("{verdict}\n");
        return if short.len() <= max_bytes {
            short
        } else {
            String::new()
        };
    }
    let mut page = Page {
        text: head,
        most: max_bytes - RESERVE,
    };
    page.list("", report.judgement.reasons.iter().map(reason), "reason");
    since(&mut page, view);
    let mut open: Vec<Case<'_>> = case::cases(report)
        .filter(|case| case.outcome != Outcome::Passed)
        .collect();
    open.sort_by_key(|case| rank(case));
    page.list(TABLE, open.iter().map(row), "check");
    page.list(
        GROUPS,
        case::groups(report).map(|(group, state, verdict)| {
            let state = match state {
                GroupState::Met => "met",
                GroupState::NotMet => "not met",
                GroupState::Undecided => "undecided",
            };
            let tally = case::tally(verdict);
            format!("| {state} | {} | {tally} |\n", code(group.id.as_str()))
        }),
        "group",
    );
    page.list("", open.iter().map(details), "detail");
    let passed = case::cases(report).filter(|case| case.outcome == Outcome::Passed);
    page.folded("passed", passed.map(|case| line(&case)));
    let excluded = report.record.plan.excluded.iter();
    page.folded(
        "not judged in this run",
        excluded.map(|excluded| {
            format!(
                "- {}: {}\n",
                code(excluded.id.as_str()),
                code(&excluded.reason)
            )
        }),
    );
    page.push(&foot(report));
    page.text
}

/// What is written so far, and how much it may be.
struct Page {
    text: String,
    most: usize,
}

impl Page {
    /// Writes a block, if there is room for the whole of it.
    fn push(&mut self, block: &str) -> bool {
        let fits = self.text.len() + block.len() <= self.most;
        if fits {
            self.text.push_str(block);
        }
        fits
    }

    /// Writes a list, and how many of its blocks there was no room for; returns whether it began.
    fn list(&mut self, head: &str, blocks: impl Iterator<Item = String>, noun: &str) -> bool {
        let mut blocks = blocks.peekable();
        if blocks.peek().is_none() {
            return false;
        }
        self.text.push('\n');
        let begun = self.push(head);
        let mut room = begun;
        let mut left_out = 0_usize;
        for block in blocks {
            room = room && self.push(&block);
            left_out += usize::from(!room);
        }
        if left_out > 0 {
            let more = text::count(left_out, &format!("more {noun}"));
            self.text.push_str(&format!("\n{more} not shown here.\n"));
        }
        begun
    }

    /// Writes a list that is folded away.
    fn folded(&mut self, what: &str, lines: impl Iterator<Item = String>) {
        let lines: Vec<String> = lines.collect();
        let head = format!("<details><summary>{} {what}</summary>\n\n", lines.len());
        if self.list(&head, lines.into_iter(), "line") {
            self.text.push_str("\n</details>\n");
        }
    }
}

fn head(report: &Report) -> String {
    let (record, counts) = (&report.record, &report.judgement.counts);
    let header = &record.header;
    let mut head = format!(
        "## {} {}",
        report.judgement.verdict,
        code(&short(&header.gate))
    );
    for text in [
        header.release.as_deref(),
        header.environment.as_deref(),
        record.plan.selection.phase.as_deref(),
    ] {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            head.push_str(&format!(" {}", code(&short(text))));
        }
    }
    let told = WORST_FIRST
        .iter()
        .filter(|outcome| counts.of(**outcome) > 0);
    let told: Vec<String> = told.map(|o| format!("{} {o}", counts.of(*o))).collect();
    let took = text::took(&record.finished.elapsed.minus(&record.started.elapsed));
    let planned = text::count(counts.planned as usize, "check");
    head.push_str(&format!("\n\n{planned} in {took}: {}", told.join(", ")));
    if counts.flaky > 0 {
        head.push_str(&format!(" ({} flaky)", counts.flaky));
    }
    head.push_str(".\n");
    if let Some(signal) = &record.interrupted {
        head.push_str(&format!("\nInterrupted by {}.\n", code(signal)));
    }
    if let Some(until) = report.judgement.valid_until {
        head.push_str(&format!("\nValid until {until}.\n"));
    }
    head
}

/// Tells what changed since the baseline, and the names of what got worse or better.
fn since(page: &mut Page, view: &View<'_>) {
    let Some(baseline) = view.baseline else {
        return;
    };
    let Some(difference) = baseline.difference(view.report) else {
        page.push(&format!("\nThe first run: {FIRST}.\n"));
        return;
    };
    let earlier = code(&difference.earlier());
    let head = format!("\nSince {earlier}: {}.\n\n", difference.told());
    if !page.push(&head) {
        return;
    }
    for warning in difference.warnings() {
        page.push(&format!("- note: {}\n", code(&warning)));
    }
    for change in NAMED {
        let ids = difference.ids(change);
        let names: Vec<String> = ids
            .iter()
            .take(MOST_NAMES)
            .map(|id| code(id.as_str()))
            .collect();
        let more = match ids.len() - names.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        if !names.is_empty() {
            page.push(&format!(
                "- {}: {}{more}\n",
                change.as_str(),
                names.join(", ")
            ));
        }
    }
}

fn reason(reason: &Reason) -> String {
    let mut line = format!("- {}: ", strong(reason.verdict));
    if let Some(id) = &reason.id {
        line.push_str(&format!("{} ", code(id.as_str())));
    }
    let told = short(&format!("{}: {}", reason.code, reason.message));
    line.push_str(&code(&told));
    if !reason.consequences.is_empty() {
        let skipped = text::count(reason.consequences.len(), "check");
        line.push_str(&format!(" ({skipped} skipped because of it)"));
    }
    line.push('\n');
    line
}

fn strong(verdict: Verdict) -> String {
    format!("**{verdict}**")
}

/// What matters most comes first.
fn rank(case: &Case<'_>) -> (bool, usize) {
    let place = WORST_FIRST
        .iter()
        .position(|outcome| *outcome == case.outcome);
    (case.severity != Severity::Blocker, place.unwrap_or(0))
}

fn row(case: &Case<'_>) -> String {
    let plan = &case.record.plan;
    format!(
        "| {} | {} | {} | {} | {} |\n",
        case.outcome,
        code(case.id()),
        code(&plan.kind),
        code(&short(&case.why())),
        code(&format!("{}:{}", plan.file, plan.line)),
    )
}

fn line(case: &Case<'_>) -> String {
    let flaky = if case.record.result.flaky {
        ", flaky"
    } else {
        ""
    };
    let took = case.seconds().map(text::took);
    let took = took.map_or_else(String::new, |took| format!(", {took}"));
    format!("- {}{took}{flaky}\n", code(case.id()))
}

fn details(case: &Case<'_>) -> String {
    // An id has no character that HTML obeys.
    let mut block = format!(
        "<details><summary>{} <code>{}</code></summary>\n\n",
        case.outcome,
        case.id(),
    );
    if let Some(title) = case.title() {
        block.push_str(&format!("{}\n\n", code(&title)));
    }
    block.push_str(&format!("- why: {}\n", code(&case.why())));
    for Detail { label, text } in case.details() {
        let text = match label {
            "runbook" => link(&text),
            _ => code(&text),
        };
        block.push_str(&format!("- {label}: {text}\n"));
    }
    block.push_str("\n</details>\n");
    block
}

fn foot(report: &Report) -> String {
    let (record, tool) = (&report.record, &report.record.header.tool);
    format!(
        "\nRun {} of {}, plan {}, {}.\n",
        code(&record.header.run_id),
        record.started.wall,
        code(record.plan.digest.get(..12).unwrap_or_default()),
        code(&format!("{} {}", tool.name, tool.version)),
    )
}

/// Returns the address of a runbook as a link, when it is nothing but one.
fn link(address: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/?=%&#+".contains(c);
    if address.starts_with("https://") && address.chars().all(is_plain) {
        format!("<{address}>")
    } else {
        code(address)
    }
}

/// Returns text as a code span, in which nothing means anything; of no text, nothing.
///
/// A span may stand in a table, and what escapes a bar there differs from renderer to renderer.
pub(crate) fn code(text: &str) -> String {
    let text = case::long(text).replace('|', "\\u{7c}");
    if text.is_empty() {
        return text;
    }
    let runs = text.split(|c| c != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or(0) + 1);
    let space = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Room for the lines that say how much is left out, and for the ends of what is folded.
const RESERVE: usize = 600;
const TABLE: &str = "| outcome | check | kind | why | at |\n|---|---|---|---|---|\n";
const GROUPS: &str = "| group is | group | members |\n|---|---|---|\n";
const WORST_FIRST: [Outcome; 7] = [
    Outcome::Failed,
    Outcome::Unknown,
    Outcome::Awaiting,
    Outcome::Skipped,
    Outcome::Waived,
    Outcome::Warned,
    Outcome::Passed,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_longer_than_what_it_holds() {
        for (text, shown) in [
            ("", ""),
            ("  ", ""),
            ("a", "`a`"),
            ("`a", "`` `a ``"),
            ("a``b", "```a``b```"),
            ("a|b", "`a\\u{7c}b`"),
            ("a\nb", "`a\\nb`"),
        ] {
            assert_eq!(code(text), shown);
        }
    }

    #[test]
    fn a_link_is_nothing_else() {
        assert_eq!(link("https://a.example/b?c=d"), "<https://a.example/b?c=d>");
        assert_eq!(link("javascript:alert(1)"), "`javascript:alert(1)`");
        assert_eq!(link("https://a.example/>x"), "`https://a.example/>x`");
    }
}
