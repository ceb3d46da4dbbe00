//! Records as short as a sentence.

use gonogo_model::{
    AttemptRecord, CheckIndex, CheckRecord, CheckResult, Code, Decimal, Effect, Id, Outcome,
    PlanSummary, PlannedCheck, PlannedGroup, PlannedWaiver, Quorum, RunHeader, RunRecord,
    Selection, Severity, Stamp, Until,
};

/// A check of a test record.
#[derive(Debug, Clone)]
pub(crate) struct Check {
    pub(crate) id: String,
    pub(crate) severity: Severity,
    pub(crate) outcome: Outcome,
    /// What a waived check would be without its waiver.
    pub(crate) was: Option<Outcome>,
    pub(crate) group: Option<usize>,
    pub(crate) left_out: bool,
    pub(crate) code: Option<Code>,
    pub(crate) blame: Option<String>,
    pub(crate) flaky: bool,
}

/// Returns a blocker.
pub(crate) fn check(id: &str, outcome: Outcome) -> Check {
    Check {
        id: id.to_owned(),
        severity: Severity::Blocker,
        outcome,
        was: (outcome == Outcome::Waived).then_some(Outcome::Failed),
        group: None,
        left_out: false,
        code: None,
        blame: None,
        flaky: false,
    }
}

impl Check {
    pub(crate) fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    pub(crate) fn member_of(mut self, group: usize) -> Self {
        self.group = Some(group);
        self
    }

    pub(crate) fn code(mut self, code: impl Into<Code>) -> Self {
        self.code = Some(code.into());
        self
    }

    pub(crate) fn blames(mut self, id: &str) -> Self {
        self.blame = Some(id.to_owned());
        self
    }

    pub(crate) fn was(mut self, was: Outcome) -> Self {
        self.was = Some(was);
        self
    }

    pub(crate) fn left_out(mut self) -> Self {
        self.left_out = true;
        self
    }
}

/// A record under construction.
#[derive(Debug, Clone, Default)]
pub(crate) struct Run {
    pub(crate) checks: Vec<Check>,
    pub(crate) groups: Vec<(Severity, Quorum)>,
    pub(crate) interrupted: bool,
    pub(crate) valid_for: Option<Decimal>,
    pub(crate) waivers: Vec<PlannedWaiver>,
}

/// Returns a waiver that ends the day after the run, for the checks at these places.
pub(crate) fn waiver(checks: impl IntoIterator<Item = u32>) -> PlannedWaiver {
    PlannedWaiver {
        check: "some".to_owned(),
        checks: checks.into_iter().map(CheckIndex).collect(),
        excluded: Vec::new(),
        code: None,
        reason: "moving out".to_owned(),
        owner: "ops".to_owned(),
        ticket: None,
        until: until("2026-08-01", "2026-08-02T00:00:00Z"),
        quarantine: None,
        file: "probes.yaml".to_owned(),
        line: 9,
    }
}

pub(crate) fn until(text: &str, ends: &str) -> Until {
    Until {
        text: text.to_owned(),
        ends: ends.parse().unwrap(),
    }
}

pub(crate) fn run(checks: impl IntoIterator<Item = Check>) -> Run {
    Run {
        checks: checks.into_iter().collect(),
        ..Run::default()
    }
}

impl Run {
    pub(crate) fn group(mut self, severity: Severity, quorum: Quorum) -> Self {
        self.groups.push((severity, quorum));
        self
    }

    pub(crate) fn waiver(mut self, waiver: PlannedWaiver) -> Self {
        self.waivers.push(waiver);
        self
    }

    pub(crate) fn record(&self) -> RunRecord {
        let members = |group: usize| {
            let checks = self.checks.iter().enumerate();
            checks
                .filter(|(_, check)| check.group == Some(group))
                .map(|(i, _)| CheckIndex(u32::try_from(i).unwrap()))
                .collect()
        };
        let groups = self.groups.iter().enumerate();
        RunRecord {
            header: RunHeader {
                valid_for: self.valid_for.clone(),
                ..RunHeader::default()
            },
            plan: PlanSummary {
                digest: String::new(),
                checks: Vec::new(),
                groups: groups
                    .map(|(i, (severity, quorum))| PlannedGroup {
                        id: id(&format!("g{i}")),
                        title: format!("g{i}"),
                        severity: *severity,
                        quorum: *quorum,
                        members: members(i),
                        covers: Vec::new(),
                        file: "probes.yaml".to_owned(),
                        line: 1,
                    })
                    .collect(),
                waivers: self.waivers.clone(),
                excluded: Vec::new(),
                selection: Selection::default(),
            },
            checks: self.checks.iter().map(check_record).collect(),
            started: stamp("2026-08-01T10:00:00Z"),
            finished: stamp("2026-08-01T10:00:05Z"),
            rounds: 1,
            interrupted: self.interrupted.then(|| "INT".to_owned()),
            merged: None,
        }
    }
}

pub(crate) fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

/// Returns an attempt at the beginning of the run.
pub(crate) fn attempt(outcome: Outcome) -> AttemptRecord {
    AttemptRecord {
        round: 1,
        number: 1,
        start: stamp("2026-08-01T10:00:00Z").wall,
        elapsed: Decimal::ZERO,
        duration: Decimal::ZERO,
        outcome,
        code: None,
        message: None,
        phases: Vec::new(),
    }
}

fn stamp(wall: &str) -> Stamp {
    Stamp {
        wall: wall.parse().unwrap(),
        elapsed: Decimal::ZERO,
    }
}

fn check_record(check: &Check) -> CheckRecord {
    CheckRecord {
        plan: PlannedCheck {
            id: id(&check.id),
            title: check.id.clone(),
            kind: "tcp".to_owned(),
            subject: "localhost:1".to_owned(),
            effect: Effect::Reads,
            severity: check.severity,
            phases: Vec::new(),
            tags: Vec::new(),
            group: check.group.map(|g| id(&format!("g{g}"))),
            needs: Vec::new(),
            owner: None,
            runbook: None,
            covers: Vec::new(),
            expectations: Vec::new(),
            options: std::collections::BTreeMap::new(),
            timeout: Decimal::from(10_u32),
            attempts: 1,
            backoff: Decimal::ZERO,
            consecutive: 1,
            max_age: None,
            left_out: check.left_out.then(|| "left out by --only".to_owned()),
            file: "probes.yaml".to_owned(),
            line: 1,
        },
        result: CheckResult {
            outcome: check.outcome,
            was: check.was,
            code: check.code.clone(),
            message: (!check.outcome.satisfies()).then(|| format!("{} says so", check.id)),
            hint: None,
            flaky: check.flaky,
            blame: check.blame.as_deref().map(id),
            facts: Vec::new(),
            findings: Vec::new(),
            faults: Vec::new(),
            notes: Vec::new(),
        },
        attempts: Vec::new(),
        start: None,
        elapsed: None,
        duration: None,
    }
}
