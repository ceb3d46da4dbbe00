//! `gitlab`: a code quality report, for the widget of merge requests (`artifacts:reports:codequality`).
//!
//! It lists issues, so what passed is not in it; an empty list means GO, and nothing else does.

use gonogo_model::{GroupState, Outcome, Report, Severity, Verdict};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::case::{self, Case, long, short};
use super::{Format, View};

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "gitlab",
    sentence: "GitLab code quality, for the widget of merge requests",
    render,
};

fn render(view: &View<'_>) -> Vec<u8> {
    let report = view.report;
    let mut issues: Vec<Json> = verdict(report).into_iter().collect();
    for (group, state, tally) in case::groups(report) {
        let (code, level) = match state {
            GroupState::Met => continue,
            GroupState::NotMet => ("gate/group_not_met", proved_wrong(group.severity)),
            GroupState::Undecided => ("gate/group_undecided", not_proved(group.severity)),
        };
        let what = format!("group {}: {}", group.id, case::tally(tally));
        let place = (group.file.as_str(), group.line);
        issues.push(issue(group.id.as_str(), code, level, &what, place));
    }
    issues.extend(case::cases(report).filter_map(|case| check(&case)));
    let text = crate::json::to_text(&issues).expect("memory takes every byte");
    text.into_bytes()
}

fn verdict(report: &Report) -> Option<Json> {
    let (code, level) = match report.judgement.verdict {
        Verdict::Go => return None,
        Verdict::Hold => ("gonogo/hold", "critical"),
        Verdict::NoGo => ("gonogo/no_go", "blocker"),
    };
    let header = &report.record.header;
    let mut what = format!("{} {}", report.judgement.verdict, short(&header.gate));
    if let Some(first) = case::reasons(report).first() {
        what.push_str(&format!(": {first}"));
    }
    let more = report.judgement.reasons.len().saturating_sub(1);
    if more > 0 {
        what.push_str(&format!(" (and {more} more)"));
    }
    Some(issue("the gate", code, level, &what, (&header.file, 1)))
}

fn check(case: &Case<'_>) -> Option<Json> {
    let level = match case.outcome {
        Outcome::Passed => return None,
        Outcome::Failed => proved_wrong(case.severity),
        Outcome::Unknown | Outcome::Skipped | Outcome::Awaiting => not_proved(case.severity),
        Outcome::Warned => "minor",
        Outcome::Waived => "info",
    };
    let plan = &case.record.plan;
    let outcome = case.outcome.as_str();
    let code = case
        .code()
        .map_or_else(|| format!("gonogo/{outcome}"), short);
    let mut what = format!("{} {outcome}: {}", case.id(), case.why());
    if let Some(hint) = &case.record.result.hint {
        what.push_str(&format!(". {}", long(hint)));
    }
    Some(issue(
        case.id(),
        &code,
        level,
        &what,
        (&plan.file, plan.line),
    ))
}

fn proved_wrong(severity: Severity) -> &'static str {
    match severity {
        Severity::Blocker => "blocker",
        Severity::Warning => "major",
        Severity::Info => "minor",
    }
}

fn not_proved(severity: Severity) -> &'static str {
    match severity {
        Severity::Blocker => "critical",
        Severity::Warning => "major",
        Severity::Info => "minor",
    }
}

/// GitLab drops an issue whose fingerprint another one has: it is made of the id, which nothing else has.
fn issue(about: &str, code: &str, level: &str, what: &str, (file, line): (&str, u32)) -> Json {
    let digest = Sha256::digest(format!("gonogo\n{about}\n{code}"));
    let fingerprint: String = digest.iter().take(16).map(|b| format!("{b:02x}")).collect();
    let file = file.strip_prefix("./").unwrap_or(file);
    json!({
        "description": what,
        "check_name": code,
        "fingerprint": fingerprint,
        "severity": level,
        "location": { "path": short(file), "lines": { "begin": line.max(1) } },
    })
}
