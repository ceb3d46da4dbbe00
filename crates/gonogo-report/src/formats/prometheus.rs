//! `prometheus`: metrics in the text format 0.0.4, for the textfile collector and a Pushgateway.
//!
//! Outcomes, states and the verdict are one-hot: one series for each word, 1 for the one that holds. An
//! alert on `gonogo_gate_verdict{verdict="GO"} == 0` fires on NO-GO and on HOLD alike.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use gonogo_model::{Decimal, ExitCode, GroupState, Outcome, Reading, Report, Value, Verdict};
use jiff::Timestamp;

use super::case::{self, Case, figure, short};
use super::{Format, View};

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "prometheus",
    sentence: "metrics, for the textfile collector and a Pushgateway",
    render,
};

fn render(view: &View<'_>) -> Vec<u8> {
    let mut page = Page {
        text: String::new(),
        common: common(view.report),
    };
    gate(&mut page, view.report);
    groups(&mut page, view.report);
    checks(&mut page, view.report);
    waivers(&mut page, view.report);
    page.text.into_bytes()
}

/// What is written so far, and the labels that every series has.
struct Page {
    text: String,
    common: String,
}

impl Page {
    /// Begins a metric; its series follow, and those of no other.
    fn metric(&mut self, name: &str, help: &str) {
        let help = format!("# HELP {name} {help}\n# TYPE {name} gauge\n");
        self.text.push_str(&help);
    }

    fn series(&mut self, name: &str, labels: &[(&str, &str)], value: &str) {
        self.text.push_str(name);
        self.text.push('{');
        self.text.push_str(&self.common);
        for (label, text) in labels {
            self.text
                .push_str(&format!(",{label}=\"{}\"", escape(text)));
        }
        self.text.push_str(&format!("}} {value}\n"));
    }

    fn single(&mut self, name: &str, help: &str, value: &str) {
        self.metric(name, help);
        self.series(name, &[], value);
    }
}

fn common(report: &Report) -> String {
    let header = &report.record.header;
    let environment = header
        .environment
        .as_deref()
        .map_or_else(String::new, short);
    let mut labels = String::new();
    // Writing to memory does not fail.
    let _written = write!(
        labels,
        "gate=\"{}\",environment=\"{}\"",
        escape(&short(&header.gate)),
        escape(&environment)
    );
    labels
}

fn gate(page: &mut Page, report: &Report) {
    let (record, judgement) = (&report.record, &report.judgement);
    page.metric(
        "gonogo_gate_verdict",
        "Whether the gate came to this verdict.",
    );
    for verdict in [Verdict::Go, Verdict::Hold, Verdict::NoGo] {
        let labels = [("verdict", verdict.as_str())];
        page.series(
            "gonogo_gate_verdict",
            &labels,
            one(verdict == judgement.verdict),
        );
    }
    page.single(
        "gonogo_gate_exit_code",
        "The exit code of the run.",
        &ExitCode::of(report).to_string(),
    );
    page.metric(
        "gonogo_gate_checks",
        "How many checks came to this outcome.",
    );
    for outcome in Outcome::ALL {
        let count = judgement.counts.of(outcome).to_string();
        page.series(
            "gonogo_gate_checks",
            &[("outcome", outcome.as_str())],
            &count,
        );
    }
    page.single(
        "gonogo_last_run_timestamp_seconds",
        "When the run ended.",
        &unix(record.finished.wall),
    );
    page.single(
        "gonogo_last_run_duration_seconds",
        "How long the run took.",
        &figure(&record.finished.elapsed.minus(&record.started.elapsed)),
    );
    if let Some(until) = judgement.valid_until {
        let name = "gonogo_gate_valid_until_timestamp_seconds";
        page.single(name, "Until when the GO holds.", &unix(until));
    }
}

fn groups(page: &mut Page, report: &Report) {
    if report.record.plan.groups.is_empty() {
        return;
    }
    page.metric("gonogo_group_state", "Whether the group has this state.");
    for (group, state, _) in case::groups(report) {
        for (word, this) in [
            ("met", GroupState::Met),
            ("not_met", GroupState::NotMet),
            ("undecided", GroupState::Undecided),
        ] {
            let labels = [
                ("group", group.id.as_str()),
                ("severity", group.severity.as_str()),
                ("state", word),
            ];
            page.series("gonogo_group_state", &labels, one(state == this));
        }
    }
}

fn checks(page: &mut Page, report: &Report) {
    let cases: Vec<Case<'_>> = case::cases(report).collect();
    if cases.is_empty() {
        return;
    }
    page.metric(
        "gonogo_check_outcome",
        "Whether the check came to this outcome.",
    );
    for case in &cases {
        let kind = short(&case.record.plan.kind);
        for outcome in Outcome::ALL {
            let labels = [
                ("check", case.id()),
                ("kind", &kind),
                ("severity", case.severity.as_str()),
                ("outcome", outcome.as_str()),
            ];
            page.series(
                "gonogo_check_outcome",
                &labels,
                one(case.outcome == outcome),
            );
        }
    }
    for (name, help, value) in FIGURES {
        let mut begun = false;
        for case in &cases {
            let Some(value) = value(case) else { continue };
            if !begun {
                page.metric(name, help);
                begun = true;
            }
            page.series(name, &[("check", case.id())], &value);
        }
    }
}

type Figure = fn(&Case<'_>) -> Option<String>;

/// What is told of a check in a figure, where it is known.
const FIGURES: [(&str, &str, Figure); 4] = [
    (
        "gonogo_check_duration_seconds",
        "How long the check took, with all its attempts.",
        |case| case.seconds().map(figure),
    ),
    (
        "gonogo_check_attempts",
        "How many attempts the check made.",
        |case| Some(case.record.attempts.len().to_string()),
    ),
    (
        "gonogo_check_flaky",
        "Whether the check passed after an attempt that did not.",
        |case| Some(one(case.record.result.flaky).to_owned()),
    ),
    (
        "gonogo_check_certificate_expiry_timestamp_seconds",
        "When the first certificate of the path expires.",
        expiry,
    ),
];

/// Returns when a certificate expires that the check saw: the fact counts from the attempt that decided.
fn expiry(case: &Case<'_>) -> Option<String> {
    let facts = &case.record.result.facts;
    let (_, reading) = facts
        .iter()
        .find(|(name, _)| EXPIRES_IN.contains(&name.as_str()))?;
    let Reading::Value(Value::Duration(left)) = reading else {
        return None;
    };
    let seen = case.record.attempts.last()?.start;
    let seen = Decimal::from(seen.as_second());
    Some(figure(&seen.minus(&left.clone().negated()).truncated()))
}

/// What the kinds call the time to the end of a certificate.
const EXPIRES_IN: [&str; 2] = ["expires_in", "tls.expires_in"];

fn waivers(page: &mut Page, report: &Report) {
    let mut ends: BTreeMap<[String; 3], Timestamp> = BTreeMap::new();
    for waiver in &report.record.plan.waivers {
        let labels = [
            short(&waiver.check),
            waiver.code.as_deref().map_or_else(String::new, short),
            short(&waiver.owner),
        ];
        // A series must be there once: of two alike, the one that ends first matters.
        let end = ends.entry(labels).or_insert(waiver.until.ends);
        *end = (*end).min(waiver.until.ends);
    }
    if ends.is_empty() {
        return;
    }
    let name = "gonogo_waiver_end_timestamp_seconds";
    page.metric(name, "When the waiver ends.");
    for ([check, code, owner], end) in &ends {
        let labels = [("check", &**check), ("code", code), ("owner", owner)];
        page.series(name, &labels, &unix(*end));
    }
}

const fn one(holds: bool) -> &'static str {
    if holds { "1" } else { "0" }
}

fn unix(time: Timestamp) -> String {
    figure(&Decimal::scaled(i128::from(time.as_millisecond()), -3))
}

/// Returns the value of a label.
fn escape(text: &str) -> String {
    let text = crate::escape(text);
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_stays_one_label() {
        assert_eq!(
            escape("a\",x=\"\\\n} 1\ngonogo_gate_verdict 1"),
            "a\\\",x=\\\"\\\\\\\\n} 1\\\\ngonogo_gate_verdict 1"
        );
    }
}
