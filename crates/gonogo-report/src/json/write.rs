//! From a report to its document.

use std::io;

use gonogo_model::{
    CheckIndex, CheckRecord, CheckResult, Counts, Fault, Finding, GroupVerdict, Held, Id,
    MergeFault, Merged, Origin, Outcome, PlanSummary, PlannedCheck, PlannedGroup, PlannedWaiver,
    Quorum, Reading, Report, RunHeader, RunRecord, SCHEMA, Stamp,
};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json};

use super::doc::{
    CheckDoc, CiDoc, CountsDoc, DigestsDoc, ExpectationDoc, FaultDoc, FindingDoc, GroupDoc,
    IdentityDoc, MergeFaultDoc, MergedDoc, OriginDoc, OriginWord, PlanDoc, PlannedGroupDoc,
    PlannedWaiverDoc, QuorumDoc, ReasonDoc, ResultDoc, RetryDoc, RunDoc, ShownDoc, SpanDoc,
    TermsDoc, UnreadableDoc, WaiverVerdictDoc,
};
use super::facts;
use super::safe::{Safe, SafeLine};

/// Writes a report as `gonogo.run/1` and flushes it.
///
/// # Errors
///
/// Whatever `out` could not take: the report is then not whole.
pub fn write_json(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    write(&run_document(report)?, out)
}

/// Returns a document as text.
pub(crate) fn to_text(document: &impl Serialize) -> io::Result<String> {
    let mut bytes = Vec::new();
    write(document, &mut bytes)?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

fn write(document: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, Safe::default());
    document.serialize(&mut serializer)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Returns a document as one line, with its end.
pub(crate) fn to_line(document: &impl Serialize) -> io::Result<String> {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, SafeLine);
    document.serialize(&mut serializer)?;
    bytes.push(b'\n');
    String::from_utf8(bytes).map_err(io::Error::other)
}

/// Returns what a judgement says, as it stands in a report.
pub(crate) fn judgement(report: &Report) -> io::Result<Map<String, Json>> {
    let judgement = &report.judgement;
    let ids: Vec<&Id> = report.record.checks.iter().map(|c| &c.plan.id).collect();
    let reasons: Vec<ReasonDoc> = reasons(report).collect();
    let groups: Vec<GroupDoc> = groups(report, &ids).collect();
    let document = serde_json::json!({
        "verdict": judgement.verdict,
        "reasons": reasons,
        "valid_until": judgement.valid_until,
        "counts": counts(&judgement.counts),
        "partial": judgement.partial,
        "interrupted": report.record.interrupted.is_some(),
        "groups": groups,
        "waivers": waivers(report, &ids)?,
    });
    object(&document)
}

fn reasons(report: &Report) -> impl Iterator<Item = ReasonDoc> {
    report.judgement.reasons.iter().map(|reason| ReasonDoc {
        id: reason.id.clone(),
        code: reason.code.to_string(),
        message: reason.message.clone(),
        verdict: reason.verdict,
        consequences: reason.consequences.clone(),
    })
}

fn groups(report: &Report, ids: &[&Id]) -> impl Iterator<Item = GroupDoc> {
    report.record.plan.groups.iter().map(|group| {
        let mut verdicts = report.judgement.groups.iter();
        judged_group(group, verdicts.find(|v| v.id == group.id), ids)
    })
}

/// Returns the document of a plan without a run.
pub(crate) fn plan_document(
    schema: &str,
    header: &RunHeader,
    plan: &PlanSummary,
) -> io::Result<PlanDoc> {
    Ok(PlanDoc {
        schema: schema.to_owned(),
        gate: header.gate.clone(),
        release: header.release.clone(),
        environment: header.environment.clone(),
        file: header.file.clone(),
        digests: DigestsDoc {
            file: header.file_digest.clone(),
            plan: plan.digest.clone(),
        },
        files: header.files.clone(),
        policies: header.policies.clone(),
        secrets: header.secrets.clone(),
        variables: header.variables.clone(),
        selection: plan.selection.clone(),
        excluded: plan.excluded.clone(),
        groups: planned_groups(plan)?,
        waivers: planned_waivers(plan)?,
        checks: planned_checks(plan)?,
    })
}

/// Makes the objects of the planned checks.
pub(crate) fn planned_checks(plan: &PlanSummary) -> io::Result<Vec<Json>> {
    let check = |check| {
        let mut object = object(&identity(check))?;
        object.extend(self::object(&terms(check))?);
        Ok(Json::Object(object))
    };
    plan.checks.iter().map(check).collect()
}

/// Makes the objects of the planned groups.
pub(crate) fn planned_groups(plan: &PlanSummary) -> io::Result<Vec<Json>> {
    let ids: Vec<&Id> = plan.checks.iter().map(|check| &check.id).collect();
    let group = |group| object(&planned_group(group, &ids)).map(Json::Object);
    plan.groups.iter().map(group).collect()
}

/// Makes the objects of the planned waivers.
pub(crate) fn planned_waivers(plan: &PlanSummary) -> io::Result<Vec<Json>> {
    let ids: Vec<&Id> = plan.checks.iter().map(|check| &check.id).collect();
    let waiver = |waiver| object(&planned_waiver(waiver, &ids)).map(Json::Object);
    plan.waivers.iter().map(waiver).collect()
}

/// Checks that are made as they are written: all at once they take many times what the report takes.
struct OneByOne<'r>(&'r RunRecord);

impl Serialize for OneByOne<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let check = |check| self::check(check, &self.0.finished);
        serializer.collect_seq(self.0.checks.iter().map(check))
    }
}

fn run_document(report: &Report) -> io::Result<RunDoc<OneByOne<'_>>> {
    let (record, judgement) = (&report.record, &report.judgement);
    let header = &record.header;
    let ids: Vec<&Id> = record.checks.iter().map(|check| &check.plan.id).collect();
    Ok(RunDoc {
        schema: SCHEMA.to_owned(),
        gate: header.gate.clone(),
        release: header.release.clone(),
        environment: header.environment.clone(),
        run_id: header.run_id.clone(),
        verdict: judgement.verdict,
        reasons: reasons(report).collect(),
        valid_until: judgement.valid_until,
        counts: counts(&judgement.counts),
        partial: judgement.partial,
        interrupted: record.interrupted.is_some(),
        signal: record.interrupted.clone(),
        started: record.started.wall,
        finished: record.finished.wall,
        duration: record.finished.elapsed.minus(&record.started.elapsed),
        monotonic: SpanDoc {
            started: record.started.elapsed.clone(),
            finished: record.finished.elapsed.clone(),
        },
        rounds: record.rounds,
        tool: header.tool.clone(),
        host: header.host.clone(),
        ci: CiDoc {
            job: header.ci_job.clone(),
            run: header.ci_run.clone(),
            commit: header.commit.clone(),
            branch: header.branch.clone(),
        },
        file: header.file.clone(),
        digests: DigestsDoc {
            file: header.file_digest.clone(),
            plan: record.plan.digest.clone(),
        },
        files: header.files.clone(),
        policies: header.policies.clone(),
        secrets: header.secrets.clone(),
        variables: header.variables.clone(),
        selection: record.plan.selection.clone(),
        valid_for: header.valid_for.clone(),
        shard: header.shard,
        merged: record.merged.as_ref().map(merged),
        excluded: record.plan.excluded.clone(),
        groups: groups(report, &ids).collect(),
        waivers: waivers(report, &ids)?,
        checks: OneByOne(record),
    })
}

fn merged(merged: &Merged) -> MergedDoc {
    let fault = |fault: &MergeFault| MergeFaultDoc {
        code: fault.code.to_string(),
        message: fault.message.clone(),
    };
    MergedDoc {
        count: merged.count,
        shards: merged.shards.clone(),
        faults: merged.faults.iter().map(fault).collect(),
    }
}

fn check(record: &CheckRecord, finished: &Stamp) -> CheckDoc {
    CheckDoc {
        identity: identity(&record.plan),
        result: result(record, finished),
        terms: terms(&record.plan),
    }
}

pub(crate) fn object(part: &impl Serialize) -> io::Result<Map<String, Json>> {
    match serde_json::to_value(part)? {
        Json::Object(object) => Ok(object),
        other => Err(io::Error::other(format!("{other} is not an object"))),
    }
}

fn identity(plan: &PlannedCheck) -> IdentityDoc {
    IdentityDoc {
        id: plan.id.clone(),
        title: plan.title.clone(),
        kind: plan.kind.clone(),
        subject: plan.subject.clone(),
        effect: plan.effect,
        severity: plan.severity,
        phases: plan.phases.clone(),
        tags: plan.tags.clone(),
        group: plan.group.clone(),
        needs: plan.needs.clone(),
        owner: plan.owner.clone(),
        runbook: plan.runbook.clone(),
        covers: plan.covers.clone(),
    }
}

fn terms(plan: &PlannedCheck) -> TermsDoc {
    let expectations = plan.expectations.iter().map(|expectation| ExpectationDoc {
        fact: expectation.fact.clone(),
        strength: expectation.strength,
        wanted: expectation.wanted.clone(),
        origin: origin(&expectation.origin),
    });
    TermsDoc {
        file: plan.file.clone(),
        line: plan.line,
        left_out: plan.left_out.clone(),
        timeout: plan.timeout.clone(),
        retry: RetryDoc {
            attempts: plan.attempts,
            backoff: plan.backoff.clone(),
        },
        consecutive: plan.consecutive,
        max_age: plan.max_age.clone(),
        options: plan.options.clone(),
        expectations: expectations.collect(),
    }
}

fn result(record: &CheckRecord, finished: &Stamp) -> ResultDoc {
    ResultDoc {
        attempts: record.attempts.clone(),
        start: record.start,
        elapsed: record.elapsed.clone(),
        duration: record.duration.clone(),
        age: record.age(finished),
        ..result_alone(&record.result)
    }
}

/// Returns what a check came to, without its attempts and times.
pub(crate) fn result_alone(result: &CheckResult) -> ResultDoc {
    let mut doc = ResultDoc {
        outcome: result.outcome,
        was: result.was,
        code: result.code.as_ref().map(ToString::to_string),
        message: result.message.clone(),
        hint: result.hint.clone(),
        flaky: result.flaky,
        blame: result.blame.clone(),
        facts: Map::with_capacity(result.facts.len()),
        fact_types: Map::with_capacity(result.facts.len()),
        unreadable: std::collections::BTreeMap::new(),
        findings: result.findings.iter().map(finding).collect(),
        faults: result.faults.iter().map(fault).collect(),
        notes: result.notes.clone(),
        attempts: Vec::new(),
        start: None,
        elapsed: None,
        duration: None,
        age: None,
    };
    for (name, reading) in &result.facts {
        let (plain, ty) = match reading {
            Reading::Value(value) => facts::to_json(value),
            Reading::Absent => (Json::Null, ABSENT.into()),
            Reading::Unreadable { code, message } => {
                let why = UnreadableDoc {
                    code: code.to_string(),
                    message: message.clone(),
                };
                doc.unreadable.insert(name.clone(), why);
                (Json::Null, UNREADABLE.into())
            }
        };
        doc.facts.insert(name.clone(), plain);
        doc.fact_types.insert(name.clone(), ty);
    }
    doc
}

fn finding(finding: &Finding) -> FindingDoc {
    FindingDoc {
        fact: finding.fact.clone(),
        strength: finding.strength,
        wanted: finding.wanted.clone(),
        got: finding.got.clone(),
        held: match finding.held {
            Held::Yes => Some(true),
            Held::No => Some(false),
            Held::Unreadable => None,
        },
        code: finding.code.as_ref().map(ToString::to_string),
        origin: origin(&finding.origin),
        message: finding.message.clone(),
    }
}

fn fault(fault: &Fault) -> FaultDoc {
    let shows = fault.shows.iter().map(|(fact, value)| {
        let (value, ty) = facts::to_json(value);
        let fact = fact.clone();
        ShownDoc { fact, value, ty }
    });
    FaultDoc {
        code: fault.code.to_string(),
        message: fault.message.clone(),
        hint: fault.hint.clone(),
        shows: shows.collect(),
    }
}

fn origin(origin: &Origin) -> OriginDoc {
    let bare = |from| OriginDoc {
        from,
        name: None,
        file: None,
        line: None,
    };
    match origin {
        Origin::BuiltIn => bare(OriginWord::BuiltIn),
        Origin::Argument => bare(OriginWord::Argument),
        Origin::File { file, line } => OriginDoc {
            from: OriginWord::File,
            name: None,
            file: Some(file.clone()),
            line: Some(*line),
        },
        Origin::Template { name, file, line } => OriginDoc {
            from: OriginWord::Template,
            name: Some(name.clone()),
            file: Some(file.clone()),
            line: Some(*line),
        },
    }
}

fn counts(counts: &Counts) -> CountsDoc {
    CountsDoc {
        planned: counts.planned,
        passed: counts.of(Outcome::Passed),
        warned: counts.of(Outcome::Warned),
        failed: counts.of(Outcome::Failed),
        unknown: counts.of(Outcome::Unknown),
        skipped: counts.of(Outcome::Skipped),
        waived: counts.of(Outcome::Waived),
        awaiting: counts.of(Outcome::Awaiting),
        flaky: counts.flaky,
    }
}

fn planned_group(group: &PlannedGroup, ids: &[&Id]) -> PlannedGroupDoc {
    PlannedGroupDoc {
        id: group.id.clone(),
        title: group.title.clone(),
        severity: group.severity,
        quorum: match group.quorum {
            Quorum::All => QuorumDoc::All,
            Quorum::Any => QuorumDoc::Any,
            Quorum::AtLeast(count) => QuorumDoc::AtLeast(count),
            Quorum::AtLeastShare(share) => {
                QuorumDoc::AtLeastShare(gonogo_model::Decimal::from(share).shifted(-4))
            }
        },
        members: named(&group.members, ids),
        covers: group.covers.clone(),
        file: group.file.clone(),
        line: group.line,
    }
}

fn planned_waiver(waiver: &PlannedWaiver, ids: &[&Id]) -> PlannedWaiverDoc {
    PlannedWaiverDoc {
        check: waiver.check.clone(),
        checks: named(&waiver.checks, ids),
        excluded: waiver.excluded.clone(),
        code: waiver.code.clone(),
        reason: waiver.reason.clone(),
        owner: waiver.owner.clone(),
        ticket: waiver.ticket.clone(),
        until: waiver.until.text.clone(),
        ends: waiver.until.ends,
        quarantine: waiver.quarantine,
        file: waiver.file.clone(),
        line: waiver.line,
    }
}

/// Makes the objects of the waivers, each with what became of it.
fn waivers(report: &Report, ids: &[&Id]) -> io::Result<Vec<Json>> {
    let planned = report.record.plan.waivers.iter();
    let both = planned
        .zip(&report.judgement.waivers)
        .map(|(waiver, verdict)| {
            let verdict = WaiverVerdictDoc {
                state: verdict.state,
                state_code: verdict.code.as_ref().map(ToString::to_string),
                waives: named(&verdict.waives, ids),
            };
            let mut object = object(&planned_waiver(waiver, ids))?;
            object.extend(self::object(&verdict)?);
            Ok(Json::Object(object))
        });
    both.collect()
}

fn named(checks: &[CheckIndex], ids: &[&Id]) -> Vec<Id> {
    let known = checks.iter().filter_map(|check| ids.get(check.as_usize()));
    known.map(|id| (*id).clone()).collect()
}

fn judged_group(group: &PlannedGroup, verdict: Option<&GroupVerdict>, ids: &[&Id]) -> GroupDoc {
    let planned = planned_group(group, ids);
    GroupDoc {
        id: planned.id,
        title: planned.title,
        severity: planned.severity,
        state: verdict.map(|v| v.state),
        quorum: planned.quorum,
        needed: verdict.map(|v| v.needed),
        planned: verdict.map(|v| v.tally.planned),
        passes: verdict.map(|v| v.tally.passes),
        undecided: verdict.map(|v| v.tally.undecided),
        members: planned.members,
        covers: planned.covers,
        file: planned.file,
        line: planned.line,
    }
}

/// The type of a fact that was looked for and is not there.
pub(crate) const ABSENT: &str = "absent";
/// The type of a fact that could not be read.
pub(crate) const UNREADABLE: &str = "unreadable";
