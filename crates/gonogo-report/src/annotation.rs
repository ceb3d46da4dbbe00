//! What a CI shows at a line of the gate file: one remark for each check and group that wants attention.

use std::collections::BTreeMap;

use gonogo_model::{
    CheckRecord, Finding, GroupState, GroupVerdict, Held, Id, Outcome, PlannedGroup, PlannedWaiver,
    Report, Severity, Strength, WaiverState, WaiverVerdict, codes::engine::EXPECTATION,
};

use crate::human::{Item, Order, names, tally};
use crate::text;

/// How loud a remark is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// It keeps the verdict from GO.
    Error,
    /// It should be seen to.
    Warning,
    /// It should be known.
    Notice,
}

impl Level {
    /// Every level, the loudest first.
    pub(crate) const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Notice];

    /// Returns its name in English, as several CIs have it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }
}

/// One remark, already escaped for a screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Annotation {
    pub(crate) level: Level,
    /// What it is about, in a few words: `failed: database`.
    pub(crate) title: String,
    /// The code of what went wrong.
    pub(crate) code: Option<String>,
    /// The gate file and the line in it; a remark on the whole run has no line.
    pub(crate) file: String,
    pub(crate) line: Option<u32>,
    /// What is to be said, line by line.
    pub(crate) text: Vec<String>,
}

/// How loud the groups of a report are, and with them their members.
#[derive(Debug)]
pub(crate) struct Levels<'r> {
    groups: BTreeMap<&'r Id, Level>,
}

impl<'r> Levels<'r> {
    pub(crate) fn of(report: &'r Report) -> Self {
        let verdicts: BTreeMap<&Id, &GroupVerdict> =
            report.judgement.groups.iter().map(|v| (&v.id, v)).collect();
        let groups = report.record.plan.groups.iter();
        Self {
            groups: groups
                .filter_map(|group| Some((&group.id, group_level(group, verdicts.get(&group.id)?))))
                .collect(),
        }
    }

    /// Returns how loud a check is that wants attention.
    pub(crate) fn of_check(&self, check: &CheckRecord) -> Level {
        let plan = &check.plan;
        let of_group = plan.group.as_ref().and_then(|group| self.groups.get(group));
        match (check.result.outcome, plan.severity, of_group) {
            (Outcome::Passed | Outcome::Waived, _, _) | (_, Severity::Info, None) => Level::Notice,
            (Outcome::Warned, _, _) | (_, Severity::Warning, None) => Level::Warning,
            (_, _, Some(level)) => *level,
            (_, Severity::Blocker, None) => Level::Error,
        }
    }
}

/// Returns the remarks on a report, in the order of a summary: root causes first.
pub(crate) fn annotations(report: &Report) -> Vec<Annotation> {
    let order = Order::of(report);
    let levels = Levels::of(report);
    let mut all = Vec::new();
    for item in &order.open {
        all.push(match item {
            Item::Check(check, skipped) => of_check(check, skipped, &levels),
            Item::Group(group, verdict, skipped) => of_group(group, verdict, skipped),
        });
    }
    all.extend(of_skipped(&order.skipped));
    for check in order.warned.iter().chain(&order.waived) {
        all.push(of_check(check, &[], &levels));
    }
    all.extend(order.run.iter().map(|reason| Annotation {
        level: Level::Error,
        title: "run".to_owned(),
        code: Some(reason.code.to_string()),
        file: report.record.header.file.clone(),
        line: None,
        text: vec![line(&format!("{}: {}", reason.code, reason.message))],
    }));
    let waivers = report.record.plan.waivers.iter();
    all.extend(
        waivers
            .zip(&report.judgement.waivers)
            .filter_map(|(waiver, verdict)| of_waiver(waiver, verdict)),
    );
    let flaky = order.passed.iter().filter(|check| check.result.flaky);
    all.extend(flaky.map(|check| of_check(check, &[], &levels)));
    all
}

fn of_check(check: &CheckRecord, skipped: &[&Id], levels: &Levels<'_>) -> Annotation {
    let (plan, result) = (&check.plan, &check.result);
    let word = if result.flaky && result.outcome == Outcome::Passed {
        "flaky"
    } else {
        result.outcome.as_str()
    };
    Annotation {
        level: levels.of_check(check),
        title: line(&format!("{word}: {}", plan.id)),
        code: result.code.as_ref().map(ToString::to_string),
        file: plan.file.clone(),
        line: Some(plan.line).filter(|line| *line > 0),
        text: told(check, skipped),
    }
}

/// Returns everything there is to say: every finding that does not hold, with what was wanted and what was found.
pub(crate) fn told(check: &CheckRecord, skipped: &[&Id]) -> Vec<String> {
    let (plan, result) = (&check.plan, &check.result);
    let mut text = Vec::new();
    if plan.title != plan.id.as_str() {
        text.push(line(&plan.title));
    }
    if let Some(was) = result.was {
        text.push(format!("{was} without the waiver"));
    }
    let by_findings = result.findings.iter().any(|f| f.held != Held::Yes);
    let code = result.code.as_ref().map(|code| code.as_str());
    let expectation = code.is_none_or(|code| code == EXPECTATION.code);
    if let Some(message) = result
        .message
        .as_deref()
        .filter(|_| !(by_findings && expectation))
    {
        text.push(match code.filter(|_| !expectation) {
            Some(code) => line(&format!("{code}: {message}")),
            None => line(message),
        });
    }
    for finding in result.findings.iter().filter(|f| f.held != Held::Yes) {
        text.push(line(&finding_text(finding)));
        text.extend(finding.message.as_deref().map(line));
    }
    for fault in result.faults.iter().skip(1).take(MOST_FAULTS) {
        text.push(line(&format!("also {}: {}", fault.code, fault.message)));
    }
    text.extend(result.notes.iter().take(MOST_FAULTS).map(|note| line(note)));
    if let Some(last) = check.attempts.iter().rev().nth(1).filter(|_| result.flaky) {
        let message = last.message.as_deref().unwrap_or_default();
        text.push(line(&format!("before: {message}")));
    }
    let hint = result.hint.as_deref().filter(|_| !expectation);
    text.extend(hint.map(|hint| line(&format!("hint: {hint}"))));
    for (word, what) in [("owner", &plan.owner), ("runbook", &plan.runbook)] {
        text.extend(what.as_deref().map(|what| line(&format!("{word}: {what}"))));
    }
    text.push(line(&format!("at: {} {}", plan.kind, plan.subject)));
    text.extend(consequences(skipped));
    text
}

pub(crate) fn finding_text(finding: &Finding) -> String {
    let Finding {
        fact, wanted, got, ..
    } = finding;
    let expected = match finding.strength {
        Strength::Must => "expected",
        Strength::Should => "should be",
    };
    match (finding.is_assertion(), finding.held, &finding.code) {
        (true, Held::Unreadable, _) => format!("{wanted} is unknown: {got}"),
        (true, _, _) => format!("{wanted} does not hold: {got}"),
        (false, Held::Unreadable, Some(code)) => {
            format!("{fact} could not be read ({code}), {expected} {wanted}")
        }
        (false, Held::Unreadable, None) => format!("{fact} could not be read, {expected} {wanted}"),
        (false, _, _) => format!("{fact} is {got}, {expected} {wanted}"),
    }
}

fn of_group(group: &PlannedGroup, verdict: &GroupVerdict, skipped: &[&Id]) -> Annotation {
    let word = match verdict.state {
        GroupState::Met => "met",
        GroupState::NotMet => "not met",
        GroupState::Undecided => "undecided",
    };
    let mut text = Vec::new();
    if group.title != group.id.as_str() {
        text.push(line(&group.title));
    }
    text.push(tally(verdict));
    text.extend(consequences(skipped));
    Annotation {
        level: group_level(group, verdict),
        title: line(&format!("{word}: group {}", group.id)),
        code: None,
        file: group.file.clone(),
        line: Some(group.line),
        text,
    }
}

/// Returns how loud a group is, and the members for which it failed.
fn group_level(group: &PlannedGroup, verdict: &GroupVerdict) -> Level {
    match (verdict.state, group.severity) {
        (GroupState::NotMet | GroupState::Undecided, Severity::Blocker) => Level::Error,
        (GroupState::Met, Severity::Blocker) | (_, Severity::Warning) => Level::Warning,
        (_, Severity::Info) => Level::Notice,
    }
}

/// Returns one remark for all checks that were skipped for one reason, which no root cause is told for.
fn of_skipped(skipped: &[&CheckRecord]) -> Vec<Annotation> {
    let mut by_code: BTreeMap<&str, Vec<&CheckRecord>> = BTreeMap::new();
    for check in skipped {
        let code = check.result.code.as_ref().map_or("", |code| code.as_str());
        by_code.entry(code).or_default().push(check);
    }
    let mut all = Vec::new();
    for (code, checks) in by_code {
        let Some(first) = checks.first() else {
            continue;
        };
        let blocks = |check: &&CheckRecord| check.plan.severity == Severity::Blocker;
        let level = if checks.iter().any(blocks) {
            Level::Error
        } else {
            Level::Warning
        };
        let ids: Vec<&Id> = checks.iter().map(|check| &check.plan.id).collect();
        let mut text = vec![names(&ids, MOST_NAMES)];
        let message = first.result.message.as_deref().unwrap_or_default();
        text.push(line(&format!("{code}: {message}")));
        text.extend(first.result.hint.as_deref().map(line));
        all.push(Annotation {
            level,
            title: format!("skipped: {}", text::count(checks.len(), "check")),
            code: Some(code.to_owned()),
            file: first.plan.file.clone(),
            line: Some(first.plan.line),
            text,
        });
    }
    all
}

/// Returns what is to be said of a waiver that does not do its work, or none any more.
fn of_waiver(waiver: &PlannedWaiver, verdict: &WaiverVerdict) -> Option<Annotation> {
    let level = match verdict.state {
        WaiverState::Expired | WaiverState::Orphaned | WaiverState::Exhausted => Level::Warning,
        WaiverState::Unneeded => Level::Notice,
        WaiverState::Used | WaiverState::Unused | WaiverState::NotInRun => return None,
    };
    let meaning = verdict.code.as_ref().and_then(|code| code.decl());
    let mut text: Vec<String> = meaning.map(|decl| line(decl.meaning)).into_iter().collect();
    text.push(line(&format!(
        "{} until {}: {}",
        waiver.owner, waiver.until.text, waiver.reason
    )));
    Some(Annotation {
        level,
        title: line(&format!("waiver {}: {}", verdict.state, waiver.check)),
        code: verdict.code.as_ref().map(ToString::to_string),
        file: waiver.file.clone(),
        line: Some(waiver.line),
        text,
    })
}

fn consequences(skipped: &[&Id]) -> Option<String> {
    let count = text::count(skipped.len(), "check");
    let told = || {
        format!(
            "{count} skipped because of it: {}",
            names(skipped, MOST_NAMES)
        )
    };
    (!skipped.is_empty()).then(told)
}

fn line(text: &str) -> String {
    text::line(text, LINE, "...")
}

/// A line longer than this is for the report file.
const LINE: usize = 400;
const MOST_FAULTS: usize = 5;
const MOST_NAMES: usize = 20;
