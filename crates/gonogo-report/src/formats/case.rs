//! A check as every format tells it: as it was judged, with the waiver that covers it, in words.

use std::collections::BTreeMap;

use gonogo_model::{
    AttemptRecord, CheckIndex, CheckRecord, Decimal, Finding, GroupState, GroupVerdict, Held, Id,
    Outcome, PlannedCheck, PlannedGroup, PlannedWaiver, Report, Severity,
};

use crate::tell::{Told, sentence};
use crate::text;

/// A check of a report.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case<'r> {
    /// Its record.
    pub(crate) record: &'r CheckRecord,
    /// The outcome by which it was judged.
    ///
    /// It is another than that of the record where the record says *waived* and the gate does not believe it.
    pub(crate) outcome: Outcome,
    /// The waiver that covers it.
    pub(crate) waiver: Option<&'r PlannedWaiver>,
    /// How much it weighs: in a group as much as the group.
    pub(crate) severity: Severity,
}

/// Returns the checks of a report, in the order of the plan.
pub(crate) fn cases(report: &Report) -> impl Iterator<Item = Case<'_>> {
    let waived = report.record.plan.waivers.iter();
    let waived = waived.zip(&report.judgement.waivers);
    let mut waivers = BTreeMap::new();
    for (waiver, verdict) in waived {
        for check in &verdict.waives {
            waivers.entry(*check).or_insert(waiver);
        }
    }
    let groups = report.record.plan.groups.iter();
    let groups: BTreeMap<&Id, Severity> = groups.map(|g| (&g.id, g.severity)).collect();
    (0..)
        .map(CheckIndex)
        .zip(&report.record.checks)
        .map(move |(index, record)| Case {
            record,
            outcome: judged(report, index, record),
            waiver: waivers.get(&index).copied(),
            severity: severity(&groups, &record.plan),
        })
}

fn judged(report: &Report, index: CheckIndex, record: &CheckRecord) -> Outcome {
    let result = &record.result;
    if result.outcome == Outcome::Waived && report.judgement.not_waived.contains(&index) {
        result.was.unwrap_or(Outcome::Unknown)
    } else {
        result.outcome
    }
}

fn severity(groups: &BTreeMap<&Id, Severity>, plan: &PlannedCheck) -> Severity {
    let group = plan.group.as_ref().and_then(|group| groups.get(group));
    group.copied().unwrap_or(plan.severity)
}

/// Returns the groups of a report with their verdicts, in the order of the plan.
///
/// A group of which the judgement says nothing is undecided.
pub(crate) fn groups(
    report: &Report,
) -> impl Iterator<Item = (&PlannedGroup, GroupState, Option<&GroupVerdict>)> {
    report.record.plan.groups.iter().map(|group| {
        let verdict = report.judgement.groups.iter().find(|v| v.id == group.id);
        let state = verdict.map_or(GroupState::Undecided, |verdict| verdict.state);
        (group, state, verdict)
    })
}

/// Returns why the verdict is not GO, escaped, one line each.
pub(crate) fn reasons(report: &Report) -> Vec<String> {
    let reasons = report.judgement.reasons.iter();
    let told = reasons.map(|reason| match &reason.id {
        Some(id) => long(&format!("{id}: {}: {}", reason.code, reason.message)),
        None => long(&format!("{}: {}", reason.code, reason.message)),
    });
    told.collect()
}

/// Returns what a group came to, in one line: `1 of 3 passed, 2 needed`.
pub(crate) fn tally(verdict: Option<&GroupVerdict>) -> String {
    let Some(GroupVerdict { tally, needed, .. }) = verdict else {
        return "not judged".to_owned();
    };
    let mut line = format!(
        "{} of {} passed, {needed} needed",
        tally.passes, tally.planned
    );
    if tally.undecided > 0 {
        line.push_str(&format!(", {} undecided", tally.undecided));
    }
    line
}

impl<'r> Case<'r> {
    /// Returns its id.
    pub(crate) fn id(&self) -> &'r str {
        self.record.plan.id.as_str()
    }

    /// Returns its title, escaped; nothing when it is the id.
    pub(crate) fn title(&self) -> Option<String> {
        let plan = &self.record.plan;
        (plan.title != plan.id.as_str()).then(|| short(&plan.title))
    }

    /// Returns the code of what went wrong.
    pub(crate) fn code(&self) -> Option<&'r str> {
        self.record.result.code.as_ref().map(|code| code.as_str())
    }

    /// Returns why it is not passed, in one escaped line; nothing when it is.
    pub(crate) fn why(&self) -> String {
        let result = &self.record.result;
        let told = Told {
            outcome: self.outcome,
            code: result.code.as_ref(),
            message: result.message.as_deref(),
            findings: &result.findings,
        };
        let why = told.line(LONG, ELLIPSIS);
        match (self.outcome, self.waiver) {
            (Outcome::Waived, Some(waiver)) => {
                let waived = waived(waiver);
                let was = result.was.map_or("", Outcome::as_str);
                format!("{waived}; was {was}: {why}")
            }
            _ if why.is_empty() && self.outcome != Outcome::Passed => {
                self.outcome.as_str().to_owned()
            }
            _ => why,
        }
    }

    /// Returns everything else that helps: what was expected and found, what to do, who knows more, where
    /// it stands.
    pub(crate) fn details(&self) -> Vec<Detail> {
        let (plan, result) = (&self.record.plan, &self.record.result);
        let mut details: Vec<Detail> = result.findings.iter().filter_map(finding).collect();
        for fault in result.faults.iter().skip(1) {
            let told = format!("{}: {}", fault.code, fault.message);
            details.push(Detail::new("besides", &told));
        }
        let place = format!("{}:{}", plan.file, plan.line);
        let attempts = self.attempts();
        let labelled = [
            ("hint", result.hint.as_deref()),
            ("blame", result.blame.as_ref().map(|id| id.as_str())),
            ("subject", Some(plan.subject.as_str())),
            ("severity", Some(self.severity.as_str())),
            ("group", plan.group.as_ref().map(|id| id.as_str())),
            ("attempts", attempts.as_deref()),
            ("owner", plan.owner.as_deref()),
            ("runbook", plan.runbook.as_deref()),
            ("at", Some(&place)),
        ];
        for (label, text) in labelled {
            let text = text.filter(|text| !text.trim().is_empty());
            details.extend(text.map(|text| Detail::new(label, text)));
        }
        details.extend(plan.covers.iter().map(|c| Detail::new("covers", c)));
        details.extend(result.notes.iter().map(|n| Detail::new("note", n)));
        details
    }

    /// Returns the details as lines.
    pub(crate) fn lines(&self) -> Vec<String> {
        let details = self.details().into_iter();
        let lines = details.map(|Detail { label, text }| format!("{label}: {text}"));
        lines.collect()
    }

    /// Returns how long it took, in seconds.
    pub(crate) fn seconds(&self) -> Option<&'r Decimal> {
        self.record.duration.as_ref()
    }

    fn attempts(&self) -> Option<String> {
        let attempts = &self.record.attempts;
        let one = |attempt: &AttemptRecord| match &attempt.code {
            Some(code) => format!("{} {code}", attempt.outcome),
            None => attempt.outcome.to_string(),
        };
        let told: Vec<String> = attempts.iter().map(one).collect();
        (attempts.len() > 1).then(|| told.join(", "))
    }
}

/// One thing that is told of a check.
pub(crate) struct Detail {
    /// What it is.
    pub(crate) label: &'static str,
    /// The text, escaped, of one line.
    pub(crate) text: String,
}

impl Detail {
    fn new(label: &'static str, text: &str) -> Self {
        let text = long(text);
        Self { label, text }
    }
}

/// Returns what a finding says that does not hold.
fn finding(finding: &Finding) -> Option<Detail> {
    if finding.held == Held::Yes {
        return None;
    }
    let mut line = sentence(finding);
    if let Some(message) = &finding.message {
        line.push_str(&format!(": {message}"));
    }
    let told = format!("{line} ({})", finding.origin);
    Some(Detail::new("finding", &told))
}

/// Returns what a waiver says, escaped: `waived until 2027-01-31 by ops: moving out (OPS-42)`.
pub(crate) fn waived(waiver: &PlannedWaiver) -> String {
    let mut line = format!(
        "waived until {} by {}: {}",
        waiver.until, waiver.owner, waiver.reason
    );
    if let Some(ticket) = &waiver.ticket {
        line.push_str(&format!(" ({ticket})"));
    }
    long(&line)
}

/// Returns text of one line, escaped, as long as a name may be.
pub(crate) fn short(text: &str) -> String {
    text::line(text, SHORT, ELLIPSIS)
}

/// Returns text of one line, escaped, as long as a message may be.
pub(crate) fn long(text: &str) -> String {
    text::line(text, LONG, ELLIPSIS)
}

/// Returns a number as a machine reads it everywhere: plain, never infinite, in millionths.
pub(crate) fn figure(number: &Decimal) -> String {
    let number = number.approximate().clamp(-1e15, 1e15);
    let text = format!("{number:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0" } else { text }.to_owned()
}

const SHORT: usize = 300;
const LONG: usize = 2000;
const ELLIPSIS: &str = "...";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_plain() {
        for (number, shown) in [
            ("0", "0"),
            ("0.0119", "0.0119"),
            ("6.200", "6.2"),
            ("1e-9", "0"),
            ("-1e-9", "0"),
            ("-273600", "-273600"),
            ("1e400", "1000000000000000"),
            ("100", "100"),
        ] {
            assert_eq!(figure(&number.parse().unwrap()), shown, "{number}");
        }
    }
}
