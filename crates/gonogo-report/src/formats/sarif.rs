//! `sarif`: SARIF 2.1.0, for code scanning.
//!
//! A result for the verdict, for each group and for each check, at its line in the gate file. A consumer
//! that shows nothing but results of kind `fail` still shows a HOLD: as that of the verdict.

use std::collections::BTreeMap;

use gonogo_model::codes::gate;
use gonogo_model::{
    CodeDecl, ExitCode, GroupState, Outcome, PlannedWaiver, Report, Severity, Verdict,
};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::case::{self, Case, long, short};
use super::{Format, View};
use crate::diff::Since;

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "sarif",
    sentence: "SARIF 2.1.0, for code scanning",
    render,
};

fn render(view: &View<'_>) -> Vec<u8> {
    let mut results = findings(view.report);
    match view.baseline {
        None => {}
        Some(Since::Nothing) => results = compared(results, &[]),
        Some(Since::Run(baseline)) => results = compared(results, &findings(baseline)),
    }
    // Where a consumer keeps the first ones only, those that matter are kept.
    results.sort_by_key(|finding| finding.rank());
    let left_out = results.len().saturating_sub(MOST_RESULTS);
    results.truncate(MOST_RESULTS);
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [run(view.report, &results, left_out)],
    });
    let text = crate::json::to_text(&document).expect("memory takes every byte");
    text.into_bytes()
}

/// What SARIF calls a result.
struct Finding<'r> {
    /// What it is about: the gate, a group or a check.
    about: String,
    rule: Rule,
    kind: &'static str,
    level: &'static str,
    message: String,
    place: Option<(&'r str, u32)>,
    waiver: Option<&'r PlannedWaiver>,
    baseline: Option<&'static str>,
}

/// The rule of a result: a code.
#[derive(Clone)]
struct Rule {
    id: String,
    decl: Option<&'static CodeDecl>,
}

impl Rule {
    fn outcome(outcome: Outcome) -> Self {
        Self {
            id: format!("gonogo/{outcome}"),
            decl: None,
        }
    }

    fn declared(decl: &'static CodeDecl) -> Self {
        Self {
            id: decl.code.to_owned(),
            decl: Some(decl),
        }
    }

    fn named(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            decl: None,
        }
    }
}

impl Finding<'_> {
    fn rank(&self) -> u8 {
        match (self.kind, self.level, self.waiver) {
            (_, _, Some(_)) => 5,
            ("fail", "error", None) => 0,
            ("open" | "review", _, None) => 1,
            ("fail", "warning", None) => 2,
            ("fail", _, None) => 3,
            (_, _, None) => 6,
        }
    }

    /// What stays the same of it from run to run.
    fn fingerprint(&self) -> String {
        let digest = Sha256::digest(format!("{}\n{}", self.about, self.rule.id));
        digest.iter().take(16).map(|b| format!("{b:02x}")).collect()
    }

    fn is_issue(&self) -> bool {
        self.kind != "pass"
    }
}

fn findings(report: &Report) -> Vec<Finding<'_>> {
    let file = report.record.header.file.as_str();
    let mut findings = vec![verdict(report, file)];
    for (group, state, tally) in case::groups(report) {
        let (rule, kind) = match state {
            GroupState::Met => (Rule::outcome(Outcome::Passed), "pass"),
            GroupState::NotMet => (Rule::declared(gate::GROUP_NOT_MET), "fail"),
            GroupState::Undecided => (Rule::declared(gate::GROUP_UNDECIDED), "open"),
        };
        findings.push(Finding {
            about: group.id.to_string(),
            rule,
            kind,
            level: level(kind, group.severity),
            message: format!("group {}: {}", group.id, case::tally(tally)),
            place: Some((&group.file, group.line)),
            waiver: None,
            baseline: None,
        });
    }
    findings.extend(case::cases(report).map(|case| check(&case)));
    findings.extend(report.record.plan.excluded.iter().map(|excluded| Finding {
        about: excluded.id.to_string(),
        rule: Rule::named("gonogo/excluded"),
        kind: "notApplicable",
        level: "none",
        message: format!("{} is not judged: {}", excluded.id, short(&excluded.reason)),
        place: None,
        waiver: None,
        baseline: None,
    }));
    findings
}

fn verdict<'r>(report: &'r Report, file: &'r str) -> Finding<'r> {
    let (rule, kind) = match report.judgement.verdict {
        Verdict::Go => ("gonogo/go", "pass"),
        Verdict::Hold => ("gonogo/hold", "fail"),
        Verdict::NoGo => ("gonogo/no_go", "fail"),
    };
    let name = short(&report.record.header.gate);
    let mut lines = vec![format!("{} {name}", report.judgement.verdict)];
    lines.extend(case::reasons(report).into_iter().take(MOST_REASONS));
    let more = report.judgement.reasons.len().saturating_sub(MOST_REASONS);
    if more > 0 {
        lines.push(format!("{more} more"));
    }
    Finding {
        about: "the gate".to_owned(),
        rule: Rule::named(rule),
        kind,
        level: level(kind, Severity::Blocker),
        message: lines.join("\n"),
        place: Some((file, 1)),
        waiver: None,
        baseline: None,
    }
}

fn check<'r>(case: &Case<'r>) -> Finding<'r> {
    let plan = &case.record.plan;
    let kind = match case.outcome {
        Outcome::Passed => "pass",
        Outcome::Warned | Outcome::Failed => "fail",
        Outcome::Unknown | Outcome::Skipped => "open",
        Outcome::Awaiting => "review",
        Outcome::Waived => match case.record.result.was {
            Some(Outcome::Failed) => "fail",
            _ => "open",
        },
    };
    let level = match case.outcome {
        Outcome::Warned => "warning",
        _ => level(kind, case.severity),
    };
    let code = case.record.result.code.as_ref();
    let rule = match (case.outcome, code) {
        (Outcome::Passed, _) | (_, None) => Rule::outcome(case.outcome),
        (_, Some(code)) => Rule {
            id: short(code.as_str()),
            decl: code.decl(),
        },
    };
    let mut message = case.id().to_owned();
    if let Some(title) = case.title() {
        message.push_str(&format!(" ({title})"));
    }
    message.push_str(&format!(" {}", case.outcome));
    let why = case.why();
    if !why.is_empty() {
        message.push_str(&format!(": {why}"));
    }
    if case.outcome != Outcome::Passed {
        for line in case.lines() {
            message.push_str(&format!("\n{line}"));
        }
    }
    Finding {
        about: case.id().to_owned(),
        rule,
        kind,
        level,
        message,
        place: Some((&plan.file, plan.line)),
        waiver: case.waiver.filter(|_| case.outcome == Outcome::Waived),
        baseline: None,
    }
}

/// Returns how bad a result is; only one of kind `fail` may be bad.
fn level(kind: &str, severity: Severity) -> &'static str {
    match (kind, severity) {
        ("fail", Severity::Blocker) => "error",
        ("fail", Severity::Warning) => "warning",
        ("fail", Severity::Info) => "note",
        _ => "none",
    }
}

/// Says of each result whether the other run had it, and adds the issues that only the other one had.
fn compared<'r>(mut now: Vec<Finding<'r>>, before: &[Finding<'r>]) -> Vec<Finding<'r>> {
    let mut known: BTreeMap<String, &Finding<'_>> =
        before.iter().map(|f| (f.fingerprint(), f)).collect();
    for finding in &mut now {
        finding.baseline = Some(match known.remove(&finding.fingerprint()) {
            None => "new",
            Some(old) if (old.kind, &old.message) == (finding.kind, &finding.message) => {
                "unchanged"
            }
            Some(_) => "updated",
        });
    }
    now.extend(
        known
            .into_values()
            .filter(|f| f.is_issue())
            .map(|old| Finding {
                about: old.about.clone(),
                rule: old.rule.clone(),
                message: old.message.clone(),
                baseline: Some("absent"),
                ..*old
            }),
    );
    now
}

fn run(report: &Report, results: &[Finding<'_>], left_out: usize) -> Json {
    let (record, header) = (&report.record, &report.record.header);
    let mut rules: Vec<&Rule> = Vec::new();
    let mut places = BTreeMap::new();
    for finding in results {
        places.entry(finding.rule.id.as_str()).or_insert_with(|| {
            rules.push(&finding.rule);
            rules.len() - 1
        });
    }
    let verdict = report.judgement.verdict;
    let mut invocation = json!({
        "executionSuccessful": record.interrupted.is_none(),
        "exitCode": ExitCode::of(report),
        "exitCodeDescription": verdict.as_str(),
        "startTimeUtc": record.started.wall.to_string(),
        "endTimeUtc": record.finished.wall.to_string(),
    });
    let mut notes = Vec::new();
    if let Some(signal) = &record.interrupted {
        notes.push(json!({
            "level": "error",
            "message": { "text": message(&format!("interrupted by {}", short(signal))) },
        }));
    }
    if left_out > 0 {
        notes.push(json!({
            "level": "warning",
            "message": { "text": format!("{left_out} more results are left out") },
        }));
    }
    if !notes.is_empty() {
        invocation["toolExecutionNotifications"] = notes.into();
    }
    let gate = short(&header.gate);
    let environment = header.environment.as_deref().map_or("-".to_owned(), short);
    let id = [&gate, &environment, &short(&header.run_id)].map(|part| part.replace('/', "_"));
    let rules: Vec<Json> = rules.into_iter().map(rule).collect();
    let results: Vec<Json> = results
        .iter()
        .map(|finding| result(finding, places.get(finding.rule.id.as_str()).copied()))
        .collect();
    json!({
        "tool": { "driver": {
            "name": "gonogo",
            "version": short(&header.tool.version),
            "rules": rules,
        }},
        "automationDetails": { "id": format!("gonogo/{}", id.join("/")) },
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "properties": {
            "verdict": verdict.as_str(),
            "gate": gate,
            "release": header.release.as_deref().map(short),
            "environment": header.environment.as_deref().map(short),
            "commit": header.commit.as_deref().map(short),
            "branch": header.branch.as_deref().map(short),
            "planDigest": short(&record.plan.digest),
        },
        "results": results,
    })
}

fn rule(rule: &Rule) -> Json {
    let (meaning, hint) = match rule.decl {
        Some(decl) => (decl.meaning, decl.hint),
        None => OUTCOMES
            .iter()
            .find(|(id, ..)| *id == rule.id)
            .map_or(("A code of another version.", EXPLAIN), |(_, m, h)| {
                (*m, *h)
            }),
    };
    let name: String = rule.id.split(['/', '_']).map(capitalised).collect();
    json!({
        "id": rule.id,
        "name": name,
        "shortDescription": { "text": meaning },
        "fullDescription": { "text": meaning },
        "help": { "text": hint },
        "properties": { "tags": ["deployment", "readiness"] },
    })
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn result(finding: &Finding<'_>, rule: Option<usize>) -> Json {
    let fingerprint = finding.fingerprint();
    let mut location = Map::new();
    if let Some((file, line)) = finding.place.filter(|(file, _)| *file != "-") {
        let mut artifact = json!({ "uri": uri(file) });
        if !file.starts_with('/') {
            artifact["uriBaseId"] = "%SRCROOT%".into();
        }
        let physical = json!({
            "artifactLocation": artifact,
            "region": { "startLine": line.max(1) },
        });
        location.insert("physicalLocation".to_owned(), physical);
    }
    location.insert(
        "logicalLocations".to_owned(),
        json!([{ "fullyQualifiedName": finding.about }]),
    );
    let mut result = json!({
        "ruleId": finding.rule.id,
        "ruleIndex": rule,
        "kind": finding.kind,
        "level": finding.level,
        "message": { "text": message(&finding.message) },
        "locations": [location],
        "partialFingerprints": {
            "primaryLocationLineHash": format!("{fingerprint}:1"),
            "gonogo/v1": fingerprint,
        },
    });
    if let Some(waiver) = finding.waiver {
        result["suppressions"] = json!([{
            "kind": "external",
            "status": "accepted",
            "justification": message(&case::waived(waiver)),
        }]);
    }
    if let Some(state) = finding.baseline {
        result["baselineState"] = state.into();
    }
    result
}

/// Returns already escaped text as a message, in which brackets would be links.
fn message(text: &str) -> String {
    let mut message = String::with_capacity(text.len());
    for c in long_lines(text).chars() {
        if matches!(c, '\\' | '[' | ']') {
            message.push('\\');
        }
        message.push(c);
    }
    message
}

/// Cuts a text of many lines.
fn long_lines(text: &str) -> String {
    text.lines().map(long).collect::<Vec<_>>().join("\n")
}

/// Returns the reference to a file.
fn uri(file: &str) -> String {
    let file = file.strip_prefix("./").unwrap_or(file);
    let mut uri = String::new();
    if file.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in file.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'-' | b'~' => {
                uri.push(char::from(byte));
            }
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// GitHub takes no more.
const MOST_RESULTS: usize = 25_000;
const MOST_REASONS: usize = 20;
const EXPLAIN: &str = "See `gonogo explain`.";

/// The rules that are no codes.
const OUTCOMES: [(&str, &str, &str); 11] = [
    (
        "gonogo/go",
        "Every blocker is proved.",
        "There is nothing to do.",
    ),
    (
        "gonogo/hold",
        "Nothing is proved wrong, but something that must be proved is not.",
        "The message names what is not proved, root causes first.",
    ),
    (
        "gonogo/no_go",
        "A blocker or a group is proved wrong.",
        "The message names what is wrong, root causes first.",
    ),
    (
        "gonogo/excluded",
        "The check does not belong to this run.",
        "There is nothing to do.",
    ),
    (
        "gonogo/passed",
        "All findings hold.",
        "There is nothing to do.",
    ),
    (
        "gonogo/warned",
        "A `should` does not hold, or could not be read.",
        "Compare what was wanted with what was found.",
    ),
    (
        "gonogo/failed",
        "An `expect` does not hold, or the subject misbehaved.",
        "Compare what was wanted with what was found.",
    ),
    (
        "gonogo/unknown",
        "Nothing is proved wrong, but gonogo could not look.",
        "Mend what kept it from looking, and run the gate again.",
    ),
    (
        "gonogo/skipped",
        "The check never started, or was interrupted.",
        "Mend what it needs, or run the gate without leaving it out.",
    ),
    (
        "gonogo/waived",
        "The check failed or is unknown, and a waiver covers it.",
        "Mend it before the waiver ends.",
    ),
    (
        "gonogo/awaiting",
        "A signature is missing.",
        "Ask the person whose word is wanted.",
    ),
];
