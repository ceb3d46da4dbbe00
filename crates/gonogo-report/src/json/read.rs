//! From a document back to the report.

use std::collections::BTreeMap;
use std::fmt;

use gonogo_model::{
    CheckIndex, CheckRecord, CheckResult, Code, CodeDecl, Counts, ExpectationSummary, Fault,
    Finding, GroupVerdict, Held, Id, Judgement, MergeFault, Merged, Origin, Outcome, PlanSummary,
    PlannedCheck, PlannedGroup, PlannedWaiver, Quorum, Reading, Reason, Report, RunHeader,
    RunRecord, SCHEMA, Shard, Stamp, Tally, Until, WaiverVerdict,
};
use serde::Deserialize;
use serde_json::Value as Json;

use super::doc::{
    CountsDoc, FaultDoc, FindingDoc, GroupDoc, IdentityDoc, MergeFaultDoc, MergedDoc, OriginDoc,
    OriginWord, PlanDoc, PlannedWaiverDoc, QuorumDoc, ResultDoc, RunDoc, TermsDoc,
    WaiverVerdictDoc,
};
use super::facts;
use super::write::{ABSENT, UNREADABLE};

/// Says why a file is not a report that can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// The file ends in the middle.
    Truncated,
    /// The file is not JSON.
    NotJson {
        /// What is wrong and where.
        message: String,
    },
    /// The file is JSON, but was not written by gonogo: it has no `schema`.
    NoSchema {
        /// What it should say.
        wanted: &'static str,
    },
    /// The file was written in a format that this version does not read.
    UnknownSchema {
        /// What the file calls its format.
        found: String,
        /// The format that is read here.
        wanted: &'static str,
    },
    /// A key is missing or has a value that does not belong there.
    Malformed {
        /// Where and what.
        message: String,
    },
    /// The parts of the file contradict each other: it was edited.
    Inconsistent {
        /// What does not fit together.
        message: String,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => f.write_str("the file ends in the middle: it was not written whole"),
            Self::NotJson { message } => write!(f, "not JSON: {message}"),
            Self::NoSchema { wanted } => {
                write!(
                    f,
                    "not written by gonogo: it has no \"schema\": \"{wanted}\""
                )
            }
            Self::UnknownSchema { found, wanted } => {
                let name = |schema: &str| schema.rsplit_once('/').map(|(name, _)| name.to_owned());
                let found_here = crate::text::line(found, 40, "...");
                if name(found) == name(wanted) {
                    write!(
                        f,
                        "format {found_here} is not known to this version, which reads {wanted}"
                    )
                } else {
                    write!(f, "its format is {found_here}, and {wanted} is wanted here")
                }
            }
            Self::Malformed { message } => write!(f, "not a whole {SCHEMA} report: {message}"),
            Self::Inconsistent { message } => {
                write!(
                    f,
                    "the report contradicts itself, so it was edited: {message}"
                )
            }
        }
    }
}

impl std::error::Error for ReadError {}

/// Reads a report of `gonogo.run/1`; the codes that belong to one kind are known by name only.
///
/// # Errors
///
/// What keeps the file from being shown.
pub fn read_json(text: &str) -> Result<Report, ReadError> {
    read_json_with(text, &|_| None)
}

/// Reads a report of `gonogo.run/1`; `lookup` finds the declaration of a code that belongs to a kind.
///
/// # Errors
///
/// What keeps the file from being shown.
pub fn read_json_with(
    text: &str,
    lookup: &dyn Fn(&str) -> Option<&'static CodeDecl>,
) -> Result<Report, ReadError> {
    check_schema(text, SCHEMA)?;
    let doc: RunDoc = serde_json::from_str(text).map_err(|e| malformed(e.to_string()))?;
    Reader { lookup }.report(doc)
}

/// Returns the plan in a document of `schema`.
pub(crate) fn read_plan(text: &str, schema: &'static str) -> Result<PlanDoc, ReadError> {
    check_schema(text, schema)?;
    serde_json::from_str(text).map_err(|e| malformed(e.to_string()))
}

fn check_schema(text: &str, wanted: &'static str) -> Result<(), ReadError> {
    #[derive(Deserialize)]
    struct SchemaOnly {
        schema: Option<String>,
    }
    let found: Json = serde_json::from_str(text).map_err(|error| {
        if error.is_eof() {
            ReadError::Truncated
        } else {
            ReadError::NotJson {
                message: error.to_string(),
            }
        }
    })?;
    let found = SchemaOnly::deserialize(&found).map_err(|_| ReadError::NoSchema { wanted })?;
    match found.schema {
        None => Err(ReadError::NoSchema { wanted }),
        Some(found) if found == wanted => Ok(()),
        Some(found) => Err(ReadError::UnknownSchema { found, wanted }),
    }
}

fn malformed(message: impl Into<String>) -> ReadError {
    ReadError::Malformed {
        message: message.into(),
    }
}

fn inconsistent(message: impl Into<String>) -> ReadError {
    ReadError::Inconsistent {
        message: message.into(),
    }
}

struct Reader<'l> {
    lookup: &'l dyn Fn(&str) -> Option<&'static CodeDecl>,
}

impl Reader<'_> {
    fn code(&self, text: String) -> Code {
        (self.lookup)(&text).map_or_else(|| Code::from(text), Code::from)
    }

    fn report(&self, doc: RunDoc) -> Result<Report, ReadError> {
        let checks = doc.checks.iter().enumerate().map(|(i, json)| {
            let name = json.get("id").and_then(Json::as_str).unwrap_or("no id");
            let name = crate::text::line(name, 60, "...");
            let place = |message| malformed(format!("checks[{i}] ({name}): {message}"));
            self.check(json).map_err(place)
        });
        let checks = checks.collect::<Result<Vec<_>, _>>()?;
        let places = places(&checks)?;
        let counts = counts(&doc.counts, &checks)?;
        if doc.interrupted != doc.signal.is_some() {
            return Err(inconsistent("interrupted and signal do not agree"));
        }
        let mut groups = Vec::new();
        let mut verdicts = Vec::new();
        for group in doc.groups {
            verdicts.extend(group_verdict(&group));
            groups.push(planned_group(group, &places)?);
        }
        let (waivers, waiver_verdicts) = self.waivers(&doc.waivers, &places)?;
        let reasons = doc.reasons.into_iter().map(|reason| Reason {
            id: reason.id,
            code: self.code(reason.code),
            message: reason.message,
            verdict: reason.verdict,
            consequences: reason.consequences,
        });
        let judgement = Judgement {
            verdict: doc.verdict,
            reasons: reasons.collect(),
            counts,
            groups: verdicts,
            waivers: waiver_verdicts,
            not_waived: Vec::new(),
            partial: doc.partial,
            valid_until: doc.valid_until,
        };
        let header = RunHeader {
            run_id: doc.run_id,
            gate: doc.gate,
            file: doc.file,
            file_digest: doc.digests.file,
            files: doc.files,
            policies: doc.policies,
            release: doc.release,
            environment: doc.environment,
            tool: doc.tool,
            host: doc.host,
            ci_job: doc.ci.job,
            ci_run: doc.ci.run,
            commit: doc.ci.commit,
            branch: doc.ci.branch,
            variables: doc.variables,
            secrets: doc.secrets,
            valid_for: doc.valid_for,
            shard: doc.shard.map(known_shard).transpose()?,
        };
        let record = RunRecord {
            header,
            plan: PlanSummary {
                digest: doc.digests.plan,
                checks: Vec::new(),
                groups,
                waivers,
                excluded: doc.excluded,
                selection: doc.selection,
            },
            checks,
            started: Stamp {
                wall: doc.started,
                elapsed: doc.monotonic.started,
            },
            finished: Stamp {
                wall: doc.finished,
                elapsed: doc.monotonic.finished,
            },
            rounds: doc.rounds,
            interrupted: doc.signal,
            merged: doc.merged.map(|merged| self.merged(merged)),
        };
        Ok(Report { record, judgement })
    }

    fn merged(&self, doc: MergedDoc) -> Merged {
        let fault = |doc: MergeFaultDoc| MergeFault {
            code: self.code(doc.code),
            message: doc.message,
        };
        Merged {
            count: doc.count,
            shards: doc.shards,
            faults: doc.faults.into_iter().map(fault).collect(),
        }
    }

    fn waivers(
        &self,
        docs: &[Json],
        places: &BTreeMap<Id, CheckIndex>,
    ) -> Result<(Vec<PlannedWaiver>, Vec<WaiverVerdict>), ReadError> {
        let read = docs.iter().enumerate().map(|(i, json)| {
            let place = |message| malformed(format!("waivers[{i}]: {message}"));
            self.waiver(json, places).map_err(place)
        });
        let both: Vec<_> = read.collect::<Result<_, _>>()?;
        Ok(both.into_iter().unzip())
    }

    fn waiver(
        &self,
        json: &Json,
        places: &BTreeMap<Id, CheckIndex>,
    ) -> Result<(PlannedWaiver, WaiverVerdict), String> {
        let doc = PlannedWaiverDoc::deserialize(json).map_err(|e| e.to_string())?;
        let verdict = WaiverVerdictDoc::deserialize(json).map_err(|e| e.to_string())?;
        let indices = |ids: Vec<Id>| -> Result<Vec<CheckIndex>, String> {
            let place = |id| {
                places
                    .get(&id)
                    .copied()
                    .ok_or(format!("there is no check {id}"))
            };
            ids.into_iter().map(place).collect()
        };
        let planned = PlannedWaiver {
            check: doc.check,
            checks: indices(doc.checks)?,
            excluded: doc.excluded,
            code: doc.code,
            reason: doc.reason,
            owner: doc.owner,
            ticket: doc.ticket,
            until: Until {
                text: doc.until,
                ends: doc.ends,
            },
            quarantine: doc.quarantine,
            file: doc.file,
            line: doc.line,
        };
        let verdict = WaiverVerdict {
            state: verdict.state,
            code: verdict.state_code.map(|code| self.code(code)),
            waives: indices(verdict.waives)?,
        };
        Ok((planned, verdict))
    }

    fn check(&self, json: &Json) -> Result<CheckRecord, String> {
        let identity = IdentityDoc::deserialize(json).map_err(|e| e.to_string())?;
        let result = ResultDoc::deserialize(json).map_err(|e| e.to_string())?;
        let terms = TermsDoc::deserialize(json).map_err(|e| e.to_string())?;
        let (attempts, start) = (result.attempts.clone(), result.start);
        let (elapsed, duration) = (result.elapsed.clone(), result.duration.clone());
        Ok(CheckRecord {
            plan: planned_check(identity, terms)?,
            result: self.result(result)?,
            attempts,
            start,
            elapsed,
            duration,
        })
    }

    fn result(&self, doc: ResultDoc) -> Result<CheckResult, String> {
        let facts = self.facts(&doc)?;
        let findings = doc.findings.into_iter().map(|f| self.finding(f));
        let faults = doc.faults.into_iter().map(|f| self.fault(f));
        Ok(CheckResult {
            outcome: doc.outcome,
            was: doc.was,
            code: doc.code.map(|code| self.code(code)),
            message: doc.message,
            hint: doc.hint,
            flaky: doc.flaky,
            blame: doc.blame,
            facts,
            findings: findings.collect::<Result<_, _>>()?,
            faults: faults.collect::<Result<_, _>>()?,
            notes: doc.notes,
        })
    }

    fn facts(&self, doc: &ResultDoc) -> Result<Vec<(String, Reading)>, String> {
        let read = |name: &String, plain: &Json| {
            let ty = doc.fact_types.get(name).ok_or("it has no type")?;
            let reading = match ty.as_str() {
                Some(ABSENT) => Reading::Absent,
                Some(UNREADABLE) => {
                    let why = doc.unreadable.get(name).ok_or("it does not say why")?;
                    Reading::Unreadable {
                        code: self.code(why.code.clone()),
                        message: why.message.clone(),
                    }
                }
                Some(_) | None => Reading::Value(facts::from_json(plain, ty)?),
            };
            Ok((name.clone(), reading))
        };
        doc.facts
            .iter()
            .map(|(name, plain)| {
                read(name, plain).map_err(|message: String| format!("fact {name}: {message}"))
            })
            .collect()
    }

    fn finding(&self, doc: FindingDoc) -> Result<Finding, String> {
        Ok(Finding {
            fact: doc.fact,
            strength: doc.strength,
            wanted: doc.wanted,
            got: doc.got,
            held: match doc.held {
                Some(true) => Held::Yes,
                Some(false) => Held::No,
                None => Held::Unreadable,
            },
            code: doc.code.map(|code| self.code(code)),
            origin: origin(doc.origin)?,
            message: doc.message,
        })
    }

    fn fault(&self, doc: FaultDoc) -> Result<Fault, String> {
        let shows = doc.shows.into_iter().map(|shown| {
            let value = facts::from_json(&shown.value, &shown.ty)?;
            Ok::<_, String>((shown.fact, value))
        });
        Ok(Fault {
            code: self.code(doc.code),
            message: doc.message,
            hint: doc.hint,
            shows: shows.collect::<Result<_, _>>()?,
        })
    }
}

fn planned_check(identity: IdentityDoc, terms: TermsDoc) -> Result<PlannedCheck, String> {
    let expectations = terms.expectations.into_iter().map(|expectation| {
        Ok::<_, String>(ExpectationSummary {
            fact: expectation.fact,
            wanted: expectation.wanted,
            strength: expectation.strength,
            origin: origin(expectation.origin)?,
        })
    });
    Ok(PlannedCheck {
        id: identity.id,
        title: identity.title,
        kind: identity.kind,
        subject: identity.subject,
        effect: identity.effect,
        severity: identity.severity,
        phases: identity.phases,
        tags: identity.tags,
        group: identity.group,
        needs: identity.needs,
        owner: identity.owner,
        runbook: identity.runbook,
        covers: identity.covers,
        expectations: expectations.collect::<Result<_, _>>()?,
        options: terms.options,
        timeout: terms.timeout,
        attempts: terms.retry.attempts,
        backoff: terms.retry.backoff,
        consecutive: terms.consecutive,
        max_age: terms.max_age,
        left_out: terms.left_out,
        file: terms.file,
        line: terms.line,
    })
}

fn origin(doc: OriginDoc) -> Result<Origin, String> {
    match (doc.from, doc.file, doc.line) {
        (OriginWord::BuiltIn, _, _) => Ok(Origin::BuiltIn),
        (OriginWord::Argument, _, _) => Ok(Origin::Argument),
        (OriginWord::File, Some(file), Some(line)) => Ok(Origin::File { file, line }),
        (OriginWord::Template, Some(file), Some(line)) => match doc.name {
            Some(name) => Ok(Origin::Template { name, file, line }),
            None => Err("an origin lacks the name of its template".to_owned()),
        },
        (OriginWord::File | OriginWord::Template, _, _) => {
            Err("an origin lacks its file or line".to_owned())
        }
    }
}

/// Returns a shard if there can be such a one.
fn known_shard(shard: Shard) -> Result<Shard, ReadError> {
    let wrong = || malformed(format!("shard: there is no shard {shard}"));
    Shard::new(shard.index, shard.count).ok_or_else(wrong)
}

/// Returns where each check stands.
fn places(checks: &[CheckRecord]) -> Result<BTreeMap<Id, CheckIndex>, ReadError> {
    let mut places = BTreeMap::new();
    for (i, check) in checks.iter().enumerate() {
        let index = u32::try_from(i).map_err(|_| malformed("too many checks"))?;
        if places
            .insert(check.plan.id.clone(), CheckIndex(index))
            .is_some()
        {
            return Err(inconsistent(format!("check {} comes twice", check.plan.id)));
        }
    }
    Ok(places)
}

/// Returns the counts if they are those of the checks.
fn counts(doc: &CountsDoc, checks: &[CheckRecord]) -> Result<Counts, ReadError> {
    let count = |outcome: Outcome| {
        let found = checks
            .iter()
            .filter(|c| c.result.outcome == outcome)
            .count();
        u32::try_from(found).unwrap_or(u32::MAX)
    };
    let claimed = [
        doc.passed,
        doc.warned,
        doc.failed,
        doc.unknown,
        doc.skipped,
        doc.waived,
        doc.awaiting,
    ];
    let mut by_outcome = BTreeMap::new();
    for (outcome, claimed) in Outcome::ALL.into_iter().zip(claimed) {
        let found = count(outcome);
        if found != claimed {
            return Err(inconsistent(format!(
                "it counts {claimed} checks as {outcome} and holds {found}"
            )));
        }
        if found > 0 {
            by_outcome.insert(outcome.to_string(), found);
        }
    }
    if u32::try_from(checks.len()) != Ok(doc.planned) {
        let found = checks.len();
        let message = format!("it counts {} planned checks and holds {found}", doc.planned);
        return Err(inconsistent(message));
    }
    Ok(Counts {
        planned: doc.planned,
        by_outcome,
        flaky: doc.flaky,
    })
}

fn planned_group(
    doc: GroupDoc,
    places: &BTreeMap<Id, CheckIndex>,
) -> Result<PlannedGroup, ReadError> {
    let members = doc.members.iter().map(|id| {
        let missing = || inconsistent(format!("group {} has no check {id}", doc.id));
        places.get(id).copied().ok_or_else(missing)
    });
    let members = members.collect::<Result<_, _>>()?;
    let quorum = match doc.quorum {
        QuorumDoc::All => Quorum::All,
        QuorumDoc::Any => Quorum::Any,
        QuorumDoc::AtLeast(count) => Quorum::AtLeast(count),
        QuorumDoc::AtLeastShare(share) => {
            let hundredths = share
                .shifted(4)
                .to_i128()
                .and_then(|h| u32::try_from(h).ok());
            let wrong = || malformed(format!("the quorum of group {}", doc.id));
            Quorum::AtLeastShare(hundredths.ok_or_else(wrong)?)
        }
    };
    Ok(PlannedGroup {
        id: doc.id,
        title: doc.title,
        severity: doc.severity,
        quorum,
        members,
        covers: doc.covers,
        file: doc.file,
        line: doc.line,
    })
}

fn group_verdict(doc: &GroupDoc) -> Option<GroupVerdict> {
    Some(GroupVerdict {
        id: doc.id.clone(),
        state: doc.state?,
        tally: Tally {
            planned: doc.planned?,
            passes: doc.passes?,
            undecided: doc.undecided?,
        },
        needed: doc.needed?,
    })
}
