//! `csv`: a table with one row for each check, as in RFC 4180, for spreadsheets.
//!
//! The first row after the names is that of the gate: its `outcome` is the verdict. A text that a
//! spreadsheet would compute begins with an apostrophe, which shows it as text.

use gonogo_model::Report;
use jiff::Timestamp;

use super::case::{self, Case, figure, long, short};
use super::{Format, View};

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "csv",
    sentence: "a table with a row for each check, for spreadsheets",
    render,
};

fn render(view: &View<'_>) -> Vec<u8> {
    let report = view.report;
    let mut table = row(&COLUMNS.map(str::to_owned));
    table.push_str(&row(&gate(report)));
    for case in case::cases(report) {
        table.push_str(&row(&check(report, &case)));
    }
    table.into_bytes()
}

const COLUMNS: [&str; 20] = [
    "gate",
    "release",
    "environment",
    "run_id",
    "id",
    "title",
    "kind",
    "subject",
    "severity",
    "group",
    "outcome",
    "was",
    "code",
    "message",
    "hint",
    "owner",
    "file",
    "line",
    "started",
    "seconds",
];

type Row = [String; COLUMNS.len()];

fn run(report: &Report) -> [String; 4] {
    let header = &report.record.header;
    let text = |text: &Option<String>| text.as_deref().map(short).unwrap_or_default();
    [
        short(&header.gate),
        text(&header.release),
        text(&header.environment),
        short(&header.run_id),
    ]
}

fn gate(report: &Report) -> Row {
    let [gate, release, environment, run_id] = run(report);
    let (record, judgement) = (&report.record, &report.judgement);
    let seconds = figure(&record.finished.elapsed.minus(&record.started.elapsed));
    let none = String::new;
    [
        gate,
        release,
        environment,
        run_id,
        none(),
        none(),
        "gate".to_owned(),
        none(),
        none(),
        none(),
        judgement.verdict.to_string(),
        none(),
        none(),
        long(&case::reasons(report).join("; ")),
        none(),
        none(),
        short(&record.header.file),
        none(),
        record.started.wall.to_string(),
        seconds,
    ]
}

fn check(report: &Report, case: &Case<'_>) -> Row {
    let [gate, release, environment, run_id] = run(report);
    let (plan, result) = (&case.record.plan, &case.record.result);
    let text = |text: &Option<String>| text.as_deref().map(long).unwrap_or_default();
    let started = case.record.start.as_ref().map(Timestamp::to_string);
    [
        gate,
        release,
        environment,
        run_id,
        case.id().to_owned(),
        short(&plan.title),
        short(&plan.kind),
        long(&plan.subject),
        case.severity.to_string(),
        plan.group
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        case.outcome.to_string(),
        result.was.map(|was| was.to_string()).unwrap_or_default(),
        case.code().map(short).unwrap_or_default(),
        case.why(),
        text(&result.hint),
        text(&plan.owner),
        short(&plan.file),
        plan.line.to_string(),
        started.unwrap_or_default(),
        case.seconds().map(figure).unwrap_or_default(),
    ]
}

fn row(fields: &Row) -> String {
    let fields: Vec<String> = fields.iter().map(|text| field(text)).collect();
    fields.join(",") + "\r\n"
}

/// Returns a field, in quotes where it needs them: in some countries the columns end at `;`.
fn field(text: &str) -> String {
    let computed = text.starts_with(FORMULA);
    let text = if computed {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains([',', ';', '"', '\'', '\t', ' ']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

/// What makes a formula of a field; the wide ones are read as their narrow twins.
const FORMULA: [char; 8] = [
    '=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_field_is_computed() {
        for (text, shown) in [
            ("=1+1", "\"'=1+1\""),
            ("-2", "\"'-2\""),
            ("+x", "\"'+x\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\u{ff1d}1", "\"'\u{ff1d}1\""),
            ("a;=1", "\"a;=1\""),
            ("a \"b\", c", "\"a \"\"b\"\", c\""),
            ("plain", "plain"),
            ("", ""),
        ] {
            assert_eq!(field(text), shown);
        }
    }
}
