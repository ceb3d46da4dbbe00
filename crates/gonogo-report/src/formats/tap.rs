//! `tap`: Test Anything Protocol, version 14.
//!
//! One plan for the whole run. The last point is the verdict of the gate: a consumer that counts points
//! does not call a gate green that is not GO, since TAP lets what is skipped pass.

use gonogo_model::{GroupState, Outcome, Report, Verdict};

use super::case::{self, Case, figure, short};
use super::{Format, View};

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "tap",
    sentence: "Test Anything Protocol, version 14",
    render,
};

fn render(view: &View<'_>) -> Vec<u8> {
    let report = view.report;
    let mut points = Points::default();
    for case in case::cases(report) {
        points.check(&case);
    }
    for (group, state, tally) in case::groups(report) {
        let word = match state {
            GroupState::Met => "ok",
            GroupState::NotMet | GroupState::Undecided => "not ok",
        };
        let told = format!("group {}: {}", group.id, case::tally(tally));
        points.add(word, &told, "", &[]);
    }
    points.verdict(report);
    let mut text = format!("TAP version 14\n1..{}\n{}", points.count, points.text);
    if let Some(signal) = &report.record.interrupted {
        let signal = described(&short(signal));
        text.push_str(&format!("Bail out! interrupted by {signal}\n"));
    }
    text.into_bytes()
}

/// The points so far.
#[derive(Default)]
struct Points {
    count: usize,
    text: String,
}

impl Points {
    fn add(&mut self, word: &str, told: &str, directive: &str, block: &[(&str, String)]) {
        self.count += 1;
        let told = described(told);
        let line = format!("{word} {} - {told}{directive}\n", self.count);
        self.text.push_str(&line);
        if block.is_empty() {
            return;
        }
        self.text.push_str("  ---\n");
        for (key, value) in block {
            self.text.push_str(&format!("  {key}:{value}\n"));
        }
        self.text.push_str("  ...\n");
    }

    fn check(&mut self, case: &Case<'_>) {
        let why = case.why();
        let told = match case.title() {
            Some(title) => format!("{}: {title}", case.id()),
            None => case.id().to_owned(),
        };
        let (word, directive) = match case.outcome {
            Outcome::Passed | Outcome::Warned => ("ok", String::new()),
            Outcome::Failed | Outcome::Unknown | Outcome::Awaiting => ("not ok", String::new()),
            Outcome::Skipped => ("ok", format!(" # SKIP {}", described(&why))),
            Outcome::Waived => ("not ok", format!(" # TODO {}", described(&why))),
        };
        self.add(word, &told, &directive, &block(case, &why));
    }

    fn verdict(&mut self, report: &Report) {
        let verdict = report.judgement.verdict;
        let word = match verdict {
            Verdict::Go => "ok",
            Verdict::Hold | Verdict::NoGo => "not ok",
        };
        let told = format!(
            "verdict of {}: {verdict}",
            short(&report.record.header.gate)
        );
        let reasons = case::reasons(report);
        let block = if reasons.is_empty() {
            Vec::new()
        } else {
            vec![("reasons", block_of(&reasons))]
        };
        self.add(word, &told, "", &block);
    }
}

/// Returns the entries of the block under a point; what passed at once needs none.
fn block(case: &Case<'_>, why: &str) -> Vec<(&'static str, String)> {
    let mut entries = vec![("outcome", quoted(case.outcome.as_str()))];
    match case.outcome {
        Outcome::Passed if !case.record.result.flaky => return Vec::new(),
        Outcome::Passed => entries.push(("flaky", " true".to_owned())),
        Outcome::Warned => entries.push(("severity", quoted("warn"))),
        Outcome::Failed
        | Outcome::Unknown
        | Outcome::Awaiting
        | Outcome::Skipped
        | Outcome::Waived => entries.push(("severity", quoted(case.severity.as_str()))),
    }
    entries.extend(case.code().map(|code| ("code", quoted(&short(code)))));
    if !why.is_empty() {
        entries.push(("message", quoted(why)));
    }
    entries.extend(
        case.seconds()
            .map(|s| ("duration_s", format!(" {}", figure(s)))),
    );
    entries.push(("details", block_of(&case.lines())));
    entries
}

/// Returns text for the line of a point: TAP gives a meaning to `#` and `\` only.
fn described(text: &str) -> String {
    let text = crate::escape(text.trim());
    text.replace('\\', "\\\\").replace('#', "\\#")
}

/// Returns text in quotes, as YAML and JSON write it, after a space.
fn quoted(text: &str) -> String {
    format!(" {}", serde_json::Value::from(text))
}

/// Returns lines as a literal block, which every reader of TAP knows: there is nothing to escape in it
/// but line ends, and that is done.
fn block_of(lines: &[String]) -> String {
    let mut block = " |".to_owned();
    for line in lines {
        block.push_str(&format!("\n    {line}"));
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_no_directive_and_no_line_of_its_own() {
        assert_eq!(
            described("a # SKIP\nok 1 \\# TODO"),
            "a \\# SKIP\\\\nok 1 \\\\\\# TODO"
        );
    }
}
