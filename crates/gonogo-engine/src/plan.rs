//! What will run: committed to, digested, and never changed afterwards.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use gonogo_kind::manifest::{Check, Manifest, Waiver};
use gonogo_kind::{Expectations, KindDecl, Probe};
use gonogo_model::{
    CheckIndex, Effect, Excluded, ExpectationSummary, Id, PlanSummary, PlannedCheck, PlannedGroup,
    PlannedWaiver, Redactor, Selection, Severity, Shard, Strength,
};

use crate::digest::digest;
use crate::graph::{Graph, Names};
use crate::plan_error::PlanError;
use crate::select::{self, LeftOut};

/// What a run will do.
#[derive(Debug)]
pub struct Plan {
    pub(crate) summary: Arc<PlanSummary>,
    pub(crate) checks: Vec<Planned>,
    pub(crate) graph: Graph,
    /// How many different origins the checks have.
    pub(crate) origins: usize,
    /// Which part of it runs.
    pub(crate) shard: Option<Shard>,
}

/// What the run loop needs of a check.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) kind: &'static KindDecl,
    pub(crate) probe: Arc<dyn Probe>,
    pub(crate) expectations: Expectations,
    pub(crate) timeout: Duration,
    pub(crate) attempts: u32,
    pub(crate) backoff: Duration,
    pub(crate) consecutive: u32,
    pub(crate) max_age: Option<Duration>,
    pub(crate) effect: Effect,
    /// A number for what the probe puts load on.
    pub(crate) origin: Option<usize>,
    pub(crate) left_out: Option<LeftOut>,
    /// The places of the waivers that name it, in the order in which they are asked.
    pub(crate) waivers: Vec<usize>,
}

impl Plan {
    /// Returns the plan as it is shown, digested and reported.
    #[must_use]
    pub const fn summary(&self) -> &Arc<PlanSummary> {
        &self.summary
    }

    /// Returns every check, in the order of the plan.
    #[must_use]
    pub fn checks(&self) -> Vec<CheckIndex> {
        (0..self.checks.len()).map(index).collect()
    }

    /// Returns whether planned checks are left out of the run, so that it is at best HOLD.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.checks.iter().any(|check| check.left_out.is_some())
    }
}

/// Makes a plan of a manifest.
///
/// `failed` holds the ids that were open in an earlier run (`--failed`); all others are left out.
///
/// # Errors
///
/// What keeps the selection from being run at all; see [`PlanError`].
pub fn plan(
    manifest: &Manifest,
    selection: &Selection,
    failed: Option<&BTreeSet<Id>>,
) -> Result<Plan, PlanError> {
    if let Some(secret) = manifest.stand_ins.first() {
        let secret = secret.clone();
        return Err(PlanError::StandIn { secret });
    }
    let names = Names::of(manifest);
    let select::Selected { planned, excluded } = select::select(manifest, &names, selection)?;
    let left_out = select::leave_out(manifest, &names, &planned, selection, failed)?;
    let mut origins: HashMap<String, usize> = HashMap::new();
    let mut checks: Vec<Planned> = planned
        .iter()
        .map(|&i| compile(&manifest.checks[i], left_out[i], selection, &mut origins))
        .collect();
    let summary = summarise(manifest, selection, &planned, &checks, excluded)?;
    let graph = Graph::of(&summary)?;
    for (place, waiver) in summary.waivers.iter().enumerate() {
        for check in &waiver.checks {
            checks[check.as_usize()].waivers.push(place);
        }
    }
    Ok(Plan {
        summary: Arc::new(summary),
        checks,
        graph,
        origins: origins.len(),
        shard: None,
    })
}

fn compile(
    check: &Check,
    left_out: Option<LeftOut>,
    selection: &Selection,
    origins: &mut HashMap<String, usize>,
) -> Planned {
    let mut expectations = check.expectations.clone();
    if selection.strict {
        for expectation in &mut expectations.list {
            expectation.strength = Strength::Must;
        }
    }
    let origin = check.probe.origin().map(|origin| {
        let next = origins.len();
        *origins.entry(origin).or_insert(next)
    });
    Planned {
        kind: check.kind,
        probe: Arc::clone(&check.probe),
        expectations,
        timeout: check.timeout.min(LONGEST),
        attempts: check.attempts.max(1),
        backoff: check.backoff.min(LONGEST),
        consecutive: check.consecutive.max(1),
        max_age: check.max_age,
        effect: check.probe.effect(),
        origin,
        left_out,
        waivers: Vec::new(),
    }
}

fn summarise(
    manifest: &Manifest,
    selection: &Selection,
    planned: &[usize],
    checks: &[Planned],
    mut excluded: Vec<Excluded>,
) -> Result<PlanSummary, PlanError> {
    let mut members: HashMap<&Id, Vec<CheckIndex>> = HashMap::new();
    for (place, &i) in planned.iter().enumerate() {
        if let Some(group) = &manifest.checks[i].group {
            members.entry(group).or_default().push(index(place));
        }
    }
    let mut groups = Vec::with_capacity(manifest.groups.len());
    for group in &manifest.groups {
        let members = members.remove(&group.id).unwrap_or_default();
        if members.is_empty() {
            let reason = "none of its members is planned".to_owned();
            let id = group.id.clone();
            excluded.push(Excluded { id, reason });
            continue;
        }
        let count = u32::try_from(members.len()).expect(FEW_CHECKS);
        let needed = group.quorum.needed(count);
        if needed == 0 || needed > count {
            return Err(PlanError::Quorum {
                group: group.id.clone(),
                needed,
                planned: count,
            });
        }
        groups.push(PlannedGroup {
            id: group.id.clone(),
            title: manifest.redactor.redact(&group.title).into_owned(),
            severity: strictly(group.severity, selection),
            quorum: group.quorum,
            members,
            covers: redacted(&manifest.redactor, &group.covers),
            file: group.file.clone(),
            line: group.line,
        });
    }
    let checks: Vec<PlannedCheck> = planned
        .iter()
        .zip(checks)
        .map(|(&i, planned)| summarise_check(manifest, selection, &manifest.checks[i], planned))
        .collect();
    let blocks = |check: &PlannedCheck| check.group.is_none() && check.severity.blocks();
    if !checks.iter().any(blocks) && !groups.iter().any(|group| group.severity.blocks()) {
        return Err(PlanError::NoBlocker);
    }
    let mut summary = PlanSummary {
        digest: String::new(),
        checks,
        groups,
        waivers: waivers(manifest, planned),
        excluded,
        selection: selection.clone(),
    };
    summary.digest = digest(&summary);
    Ok(summary)
}

/// Says which planned checks each waiver names.
fn waivers(manifest: &Manifest, planned: &[usize]) -> Vec<PlannedWaiver> {
    let places: HashMap<&Id, CheckIndex> = planned
        .iter()
        .enumerate()
        .map(|(place, &i)| (&manifest.checks[i].id, index(place)))
        .collect();
    let clean = |text: &str| manifest.redactor.redact(text).into_owned();
    let waiver = |waiver: &Waiver| {
        let ids = waiver.checks.iter();
        let (mut checks, mut excluded) = (Vec::new(), Vec::new());
        for id in ids {
            match places.get(id) {
                Some(&place) => checks.push(place),
                None => excluded.push(id.clone()),
            }
        }
        PlannedWaiver {
            check: clean(&waiver.check),
            checks,
            excluded,
            code: waiver.code.clone(),
            reason: clean(&waiver.reason),
            owner: clean(&waiver.owner),
            ticket: waiver.ticket.as_deref().map(clean),
            until: waiver.until.clone(),
            quarantine: waiver.quarantine,
            file: waiver.file.clone(),
            line: waiver.line,
        }
    };
    // Whatever the order of the manifest, a quarantine is asked last: its count is for what nothing else
    // covers.
    let (own, of_gate): (Vec<_>, Vec<_>) = manifest
        .waivers
        .iter()
        .partition(|waiver| waiver.quarantine.is_some());
    of_gate.into_iter().chain(own).map(waiver).collect()
}

/// Describes a check; the author's words go through the redactor, so that not even the digest knows
/// a secret.
fn summarise_check(
    manifest: &Manifest,
    selection: &Selection,
    check: &Check,
    planned: &Planned,
) -> PlannedCheck {
    let redactor = &manifest.redactor;
    let clean = |text: &str| redactor.redact(text).into_owned();
    let expectation = |e: ExpectationSummary| ExpectationSummary {
        wanted: clean(&e.wanted),
        ..e
    };
    let expectations = planned.expectations.summaries();
    let options = check.options.iter();
    PlannedCheck {
        id: check.id.clone(),
        title: clean(&check.title),
        kind: check.kind.name.to_owned(),
        subject: clean(&check.subject()),
        effect: planned.effect,
        severity: strictly(check.severity, selection),
        phases: check.phases.clone(),
        tags: check.tags.clone(),
        group: check.group.clone(),
        needs: check.needs.clone(),
        owner: check.owner.as_deref().map(clean),
        runbook: check.runbook.as_deref().map(clean),
        covers: redacted(redactor, &check.covers),
        expectations: expectations.into_iter().map(expectation).collect(),
        options: options.map(|(k, v)| ((*k).to_owned(), clean(v))).collect(),
        timeout: planned.timeout.into(),
        attempts: planned.attempts,
        backoff: planned.backoff.into(),
        consecutive: planned.consecutive,
        max_age: planned.max_age.map(Into::into),
        left_out: planned.left_out.map(LeftOut::reason),
        file: check.file.clone(),
        line: check.line,
    }
}

/// Returns the severity as it counts in this run.
const fn strictly(severity: Severity, selection: &Selection) -> Severity {
    match severity {
        Severity::Warning if selection.strict => Severity::Blocker,
        Severity::Blocker | Severity::Warning | Severity::Info => severity,
    }
}

fn redacted(redactor: &Redactor, texts: &[String]) -> Vec<String> {
    let clean = |text: &String| redactor.redact(text).into_owned();
    texts.iter().map(clean).collect()
}

/// Returns the place of a check as it stands in events.
pub(crate) fn index(place: usize) -> CheckIndex {
    CheckIndex(u32::try_from(place).expect(FEW_CHECKS))
}

const FEW_CHECKS: &str = "a gate file holds at most 20,000 checks";
/// Longer waits would overflow the clock; a run ends by its own deadline long before.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);
