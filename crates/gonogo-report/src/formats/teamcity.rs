//! `teamcity`: service messages of TeamCity: a test for each check, and a build problem unless it is GO.
//!
//! A failed test fails a build, so only what keeps the verdict from GO is one. Everything else that did not pass
//! is an ignored test that says why; what an ignored test would hide, the build problem tells.
//!
//! <https://www.jetbrains.com/help/teamcity/service-messages.html>

use gonogo_model::{CheckRecord, Outcome, Report, Verdict};

use super::{Format, View};
use crate::annotation::{Level, Levels, told};
use crate::mistakes::Mistake;
use crate::{Style, text};

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "teamcity",
    sentence: "service messages of TeamCity: a test for each check",
    render,
};

fn render(view: &View<'_>) -> Vec<u8> {
    let verdict = crate::human::verdict_line(view.report, &Style::PLAIN);
    (teamcity(view) + &verdict).into_bytes()
}

/// Returns what makes a build on TeamCity show a report.
#[must_use]
pub fn teamcity(view: &View<'_>) -> String {
    let report = view.report;
    let header = &report.record.header;
    let suite = format!("gonogo: {}", text::line(&header.gate, MOST_NAME, "..."));
    let mut text = message("testSuiteStarted", &[("name", &suite)]);
    let levels = Levels::of(report);
    for check in &report.record.checks {
        test(&mut text, check, levels.of_check(check));
    }
    text.push_str(&message("testSuiteFinished", &[("name", &suite)]));
    let verdict = crate::human::verdict_line(report, &Style::PLAIN);
    let verdict = text::line(&verdict, MOST_STATUS, "...");
    if report.judgement.verdict != Verdict::Go {
        let problem = format!("{verdict}\n{}", reasons(report));
        let problem: String = problem.chars().take(MOST_PROBLEM).collect();
        let letters = header.gate.chars().filter(char::is_ascii_alphanumeric);
        let identity: String = "gonogo_".chars().chain(letters).take(60).collect();
        text.push_str(&message(
            "buildProblem",
            &[("description", &problem), ("identity", &identity)],
        ));
    }
    let status = format!("{verdict}; {{build.status.text}}");
    text.push_str(&message("buildStatus", &[("text", &status)]));
    text
}

/// Returns what makes a build on TeamCity show a gate that could not start.
#[must_use]
pub fn teamcity_mistakes(mistakes: &[Mistake]) -> String {
    let mut text = String::new();
    for mistake in mistakes.iter().take(MOST_REASONS) {
        let told = mistake.annotation();
        let at = told.line.map_or_else(String::new, |line| {
            let place = format!("{}:{line}", told.file);
            format!("{}: ", text::line(&place, MOST_STATUS, "..."))
        });
        let words = format!("{at}{}\n{}", told.title, told.text.join("\n"));
        let status = if mistake.is_error { "ERROR" } else { "WARNING" };
        text.push_str(&message("message", &[("text", &words), ("status", status)]));
        if mistake.is_error {
            let problem: String = words.chars().take(MOST_PROBLEM).collect();
            text.push_str(&message("buildProblem", &[("description", &problem)]));
        }
    }
    let more = mistakes.len().saturating_sub(MOST_REASONS);
    if more > 0 {
        let words = format!("and {more} more like this, in the log");
        text.push_str(&message(
            "message",
            &[("text", &words), ("status", "WARNING")],
        ));
    }
    text
}

fn test(text: &mut String, check: &CheckRecord, level: Level) {
    let name = check.plan.id.as_str();
    let outcome = check.result.outcome;
    let details = || told(check, &[]).join("\n");
    let reason = check.result.message.as_deref().unwrap_or_default();
    let short = text::line(&format!("{outcome}: {reason}"), MOST_STATUS, "...");
    text.push_str(&message("testStarted", &[("name", name)]));
    match (outcome, level) {
        (Outcome::Passed, _) => {}
        (Outcome::Warned, _) => {
            let warning = format!("warned\n{}", details());
            text.push_str(&message("testStdOut", &[("name", name), ("out", &warning)]));
        }
        (Outcome::Failed | Outcome::Unknown | Outcome::Awaiting, Level::Error) => {
            let properties = [("name", name), ("message", &short), ("details", &details())];
            text.push_str(&message("testFailed", &properties));
        }
        (
            Outcome::Failed
            | Outcome::Unknown
            | Outcome::Awaiting
            | Outcome::Skipped
            | Outcome::Waived,
            _,
        ) => text.push_str(&message(
            "testIgnored",
            &[("name", name), ("message", &short)],
        )),
    }
    let took = check
        .duration
        .as_ref()
        .map(|seconds| seconds.clone().shifted(3));
    let took = took.map_or_else(|| "0".to_owned(), |ms| ms.truncated().to_string());
    text.push_str(&message(
        "testFinished",
        &[("name", name), ("duration", &took)],
    ));
}

fn reasons(report: &Report) -> String {
    let reasons = report.judgement.reasons.iter().take(MOST_REASONS);
    let lines: Vec<String> = reasons
        .map(|reason| match &reason.id {
            Some(id) => format!("{id}: {}: {}", reason.code, reason.message),
            None => format!("{}: {}", reason.code, reason.message),
        })
        .map(|line| text::line(&line, MOST_STATUS, "..."))
        .collect();
    lines.join("\n")
}

fn message(name: &str, properties: &[(&str, &str)]) -> String {
    let properties: String = properties
        .iter()
        .map(|(key, value)| format!(" {key}='{}'", escaped(value)))
        .collect();
    format!("##teamcity[{name}{properties}]\n")
}

/// Escapes a value with `|`, as service messages want it.
fn escaped(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len() + 8);
    for c in value.chars() {
        match c {
            '|' | '\'' | '[' | ']' => escaped.extend(['|', c]),
            '\n' => escaped.push_str("|n"),
            '\r' => escaped.push_str("|r"),
            ' '..='~' => escaped.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    escaped.push_str(&format!("|0x{unit:04X}"));
                }
            }
        }
    }
    escaped
}

const MOST_NAME: usize = 100;
const MOST_STATUS: usize = 400;
const MOST_REASONS: usize = 10;
/// TeamCity cuts a description here.
const MOST_PROBLEM: usize = 4000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_keeps_to_its_quotes() {
        assert_eq!(
            escaped("it's [1|2]\r\n\u{e9}\u{1f4a5}\u{85}"),
            "it|'s |[1||2|]|r|n|0x00E9|0xD83D|0xDCA5|0x0085"
        );
    }
}
