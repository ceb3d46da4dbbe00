//! The answer of a monitoring plugin: one line with performance data, then what is wrong.
//!
//! ```text
//! GONOGO CRITICAL - NO-GO beluga: 1 failed, 17 passed | 'failed'=1;;;0;18 'passed'=17;;;0;18 'time'=6.4s;;;0
//! failed database: net/refused: 10.0.0.7:5432 refused the connection
//! ```
//!
//! Four states are all that a monitoring system knows: GO is OK, or WARNING when a check warned or one
//! that blocks nothing is not passed; NO-GO is CRITICAL; HOLD is UNKNOWN.

use gonogo_model::{Outcome, Report, Verdict};

use crate::formats::case::{cases, figure, long, reasons, short};

/// What a monitoring system is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// All is well.
    Ok,
    /// It works, and somebody should look.
    Warning,
    /// It does not work.
    Critical,
    /// Nobody knows.
    Unknown,
}

impl Service {
    /// Returns the state that a report means.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let is_well = |outcome| matches!(outcome, Outcome::Passed);
        match report.judgement.verdict {
            Verdict::NoGo => Self::Critical,
            Verdict::Hold => Self::Unknown,
            Verdict::Go if cases(report).all(|case| is_well(case.outcome)) => Self::Ok,
            Verdict::Go => Self::Warning,
        }
    }

    /// Returns the exit code of a plugin.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Warning => 1,
            Self::Critical => 2,
            Self::Unknown => 3,
        }
    }

    /// Returns the word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
            Self::Unknown => "UNKNOWN",
        }
    }
}

/// Returns what a plugin prints of a report.
#[must_use]
pub fn answer(report: &Report) -> String {
    let counts = &report.judgement.counts;
    let told = WORST_FIRST
        .iter()
        .filter(|outcome| counts.of(**outcome) > 0);
    let told: Vec<String> = told.map(|o| format!("{} {o}", counts.of(*o))).collect();
    let mut text = format!(
        "GONOGO {} - {} {}: {}",
        Service::of(report).as_str(),
        report.judgement.verdict,
        safe(&short(&report.record.header.gate)),
        told.join(", ")
    );
    text.push_str(&format!(" | {}\n", figures(report)));
    let reasons = reasons(report).into_iter();
    let open = cases(report).filter(|case| case.outcome != Outcome::Passed);
    let open = open.map(|case| format!("{} {}: {}", case.outcome, case.id(), case.why()));
    let mut left_out = 0_usize;
    for line in reasons.chain(open) {
        let line = safe(&line);
        if left_out == 0 && text.len() + line.len() < MOST_BYTES {
            text.push_str(&format!("{line}\n"));
        } else {
            left_out += 1;
        }
    }
    if left_out > 0 {
        text.push_str(&format!("{left_out} more lines\n"));
    }
    text
}

/// Returns what a plugin prints when there is no report.
#[must_use]
pub fn refusal(why: &str) -> String {
    let mut lines = why.lines().map(|line| safe(&long(line)));
    let first = lines.next().unwrap_or_default();
    let mut text = format!("GONOGO UNKNOWN - could not start: {first}\n");
    for line in lines.take(MOST_LINES) {
        text.push_str(&format!("{line}\n"));
    }
    text
}

/// Returns the performance data: counts, the time of the run, and of checks as many as there is room for.
fn figures(report: &Report) -> String {
    let (record, counts) = (&report.record, &report.judgement.counts);
    let planned = counts.planned;
    let count = |outcome: &Outcome| format!("'{outcome}'={};;;0;{planned}", counts.of(*outcome));
    let mut figures: Vec<String> = WORST_FIRST.iter().map(count).collect();
    let took = figure(&record.finished.elapsed.minus(&record.started.elapsed));
    figures.push(format!("'time'={took}s;;;0"));
    let mut text = figures.join(" ");
    for case in cases(report) {
        // A quote in a label would be doubled; an id has none, and no `=`.
        let Some(took) = case.seconds().map(figure) else {
            continue;
        };
        let figure = format!(" 'check_{}'={took}s;;;0", case.id());
        if text.len() + figure.len() > MOST_FIGURES {
            break;
        }
        text.push_str(&figure);
    }
    text
}

/// Returns escaped text in which nothing begins performance data.
fn safe(text: &str) -> String {
    text.replace('|', "\\u{7c}")
}

/// Nagios reads no more than 8 KiB by default.
const MOST_BYTES: usize = 7 * 1024;
const MOST_FIGURES: usize = 3 * 1024;
const MOST_LINES: usize = 40;
const WORST_FIRST: [Outcome; 7] = [
    Outcome::Failed,
    Outcome::Unknown,
    Outcome::Skipped,
    Outcome::Awaiting,
    Outcome::Waived,
    Outcome::Warned,
    Outcome::Passed,
];
