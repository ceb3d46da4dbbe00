//! `otlp`: the run as a trace of OpenTelemetry: a span for the gate, each check, each attempt and each of its phases.
//!
//! Each line is a request of the OpenTelemetry protocol in its JSON mapping, of which a collector takes so much at
//! once; nearly every run is one line. Names of attributes are those of the semantic conventions where there are any,
//! and begin with `gonogo.` where there are none.

mod attributes;
mod context;

use std::collections::BTreeMap;

use gonogo_model::{
    AttemptRecord, CheckIndex, Decimal, ExitCode, Finding, Held, Id, Outcome, Phase, Reading,
    Report, Verdict,
};
use serde_json::{Value as Json, json};

use super::case::{self, Case, long, short};
use super::{Format, View};
use crate::json::to_line;
use crate::tell::sentence;
use attributes::{Attributes, MOST};
use context::Context;

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "otlp",
    sentence: "a trace of OpenTelemetry, for collectors",
    render,
};

fn render(view: &View<'_>) -> Vec<u8> {
    let mut trace = Trace::new(view);
    trace.gate();
    for case in case::cases(view.report) {
        trace.check(&case);
    }
    trace.into_lines().into_bytes()
}

/// The spans that are written so far.
struct Trace<'v, 'r> {
    view: &'v View<'r>,
    report: &'r Report,
    context: Context<'r>,
    groups: BTreeMap<&'r Id, &'r [CheckIndex]>,
    spans: Vec<String>,
}

impl<'v, 'r> Trace<'v, 'r> {
    fn new(view: &'v View<'r>) -> Self {
        let report = view.report;
        let groups = report.record.plan.groups.iter();
        Self {
            view,
            report,
            context: Context::new(&report.record.header.run_id, view.trace_parent),
            groups: groups.map(|g| (&g.id, &*g.members)).collect(),
            spans: Vec::new(),
        }
    }

    fn gate(&mut self) {
        let (record, judgement) = (&self.report.record, &self.report.judgement);
        let header = &record.header;
        let mut attributes = Attributes::default();
        attributes
            .text("gonogo.verdict", judgement.verdict.as_str())
            .text("gonogo.gate", &header.gate)
            .maybe("gonogo.release", header.release.as_deref())
            .maybe("deployment.environment.name", header.environment.as_deref())
            .maybe("gonogo.phase", record.plan.selection.phase.as_deref())
            .text("cicd.pipeline.task.name", &header.gate)
            .text("cicd.pipeline.task.run.id", &header.run_id)
            .text("cicd.pipeline.task.run.result", result_of(self.report))
            .maybe("cicd.pipeline.run.url.full", header.ci_job.as_deref())
            .maybe("vcs.ref.head.revision", header.commit.as_deref())
            .maybe("vcs.ref.head.name", header.branch.as_deref())
            .whole("process.exit.code", ExitCode::of(self.report))
            .text("code.file.path", &self.view.path(&header.file))
            .maybe("gonogo.plan.digest", Some(&record.plan.digest))
            .flag("gonogo.partial", judgement.partial)
            .maybe("gonogo.interrupted", record.interrupted.as_deref())
            .whole("gonogo.checks.planned", judgement.counts.planned);
        for outcome in Outcome::ALL {
            let key = format!("gonogo.checks.{outcome}");
            attributes.whole(&key, judgement.counts.of(outcome));
        }
        let reasons = case::reasons(self.report);
        let (begin, end) = (
            self.at(&record.started.elapsed),
            self.at(&record.finished.elapsed),
        );
        let (status, error) = match judgement.verdict {
            Verdict::Go => (Status::Ok, None),
            Verdict::Hold | Verdict::NoGo => {
                let first = reasons.first().map_or("", String::as_str);
                let why = format!("{}: {first}", judgement.verdict);
                (Status::Error(why), judgement.reasons.first())
            }
        };
        attributes.maybe("error.type", error.map(|reason| reason.code.as_str()));
        let mut span = Span {
            id: self.context.gate(),
            parent: self.context.parent.clone(),
            name: format!("gate {}", header.gate),
            begin,
            end,
            status,
        }
        .message(&self.context, attributes);
        let events = judgement.reasons.iter().map(|reason| {
            let mut told = Attributes::default();
            told.maybe("gonogo.check.id", reason.id.as_ref().map(|id| id.as_str()))
                .text("error.type", reason.code.as_str())
                .text("gonogo.message", &reason.message)
                .text("gonogo.verdict", reason.verdict.as_str());
            ("gonogo.reason", told)
        });
        add_events(&mut span, end, events);
        self.push(&span);
    }

    fn check(&mut self, case: &Case<'r>) {
        let (record, finished) = (case.record, &self.report.record.finished.elapsed);
        // What was never started is told of when the run ended without it.
        let begin = self.at(record.elapsed.as_ref().unwrap_or(finished));
        let end = match &record.duration {
            Some(duration) => later(begin, duration),
            None => self.at(finished).max(begin),
        };
        let id = self.context.check(case.id());
        let mut span = Span {
            id: id.clone(),
            parent: Some(self.context.gate()),
            name: format!("check {}", case.id()),
            begin,
            end,
            status: Status::of(case.outcome, &case.why()),
        }
        .message(&self.context, self.told(case));
        let open = record.result.findings.iter();
        let open = open.filter(|finding| finding.held != Held::Yes);
        add_events(&mut span, end, open.map(|f| ("gonogo.finding", about(f))));
        self.add_links(&mut span, case);
        self.push(&span);
        for (place, attempt) in record.attempts.iter().enumerate() {
            self.attempt(case, &id, place, attempt);
        }
    }

    fn told(&self, case: &Case<'_>) -> Attributes {
        let (plan, result) = (&case.record.plan, &case.record.result);
        let mut attributes = Attributes::default();
        let verdict = match case.outcome {
            Outcome::Passed | Outcome::Warned => Some("pass"),
            Outcome::Failed => Some("fail"),
            Outcome::Unknown | Outcome::Skipped | Outcome::Waived | Outcome::Awaiting => None,
        };
        attributes
            .text("gonogo.check.id", case.id())
            .text("gonogo.check.outcome", case.outcome.as_str())
            .text("test.case.name", case.id())
            .maybe("test.case.result.status", verdict)
            .maybe("error.type", case.code())
            .maybe("gonogo.check.title", case.title().as_deref())
            .text("gonogo.check.kind", &plan.kind)
            .text("gonogo.check.severity", case.severity.as_str())
            .maybe("gonogo.check.subject", Some(&plan.subject))
            .maybe("gonogo.check.why", Some(&case.why()))
            .maybe("gonogo.check.hint", result.hint.as_deref())
            .maybe("gonogo.check.was", result.was.map(Outcome::as_str))
            .maybe(
                "gonogo.check.waiver",
                case.waiver.map(case::waived).as_deref(),
            )
            .maybe(
                "gonogo.check.blame",
                result.blame.as_ref().map(|id| id.as_str()),
            )
            .flag("gonogo.check.flaky", result.flaky)
            .maybe(
                "gonogo.check.group",
                plan.group.as_ref().map(|id| id.as_str()),
            )
            .maybe("gonogo.check.owner", plan.owner.as_deref())
            .maybe("gonogo.check.runbook", plan.runbook.as_deref())
            .texts("gonogo.check.phases", &plan.phases)
            .texts("gonogo.check.tags", &plan.tags)
            .texts("gonogo.check.covers", &plan.covers)
            .text("code.file.path", &self.view.path(&plan.file))
            .whole("code.line.number", plan.line);
        for (name, reading) in &result.facts {
            if let Reading::Value(value) = reading {
                attributes.fact(name, value);
            }
        }
        attributes
    }

    fn attempt(&mut self, case: &Case<'_>, check: &str, place: usize, attempt: &AttemptRecord) {
        let place = place.to_string();
        let begin = self.at(&attempt.elapsed);
        let mut attributes = Attributes::default();
        attributes
            .text("gonogo.check.id", case.id())
            .whole("gonogo.attempt.round", attempt.round)
            .whole("gonogo.attempt.number", attempt.number)
            .text("gonogo.attempt.outcome", attempt.outcome.as_str())
            .maybe(
                "error.type",
                attempt.code.as_ref().map(|code| code.as_str()),
            );
        let id = self.context.span(&["attempt", case.id(), &place]);
        let why = attempt.message.as_deref().map(long);
        let why = why.unwrap_or_else(|| attempt.outcome.to_string());
        let span = Span {
            id: id.clone(),
            parent: Some(check.to_owned()),
            name: format!("attempt {}", attempt.number),
            begin,
            end: later(begin, &attempt.duration),
            status: Status::of(attempt.outcome, &why),
        };
        self.push(&span.message(&self.context, attributes));
        for (number, phase) in attempt.phases.iter().enumerate() {
            let words = ["phase", case.id(), &place, &number.to_string()];
            self.phase(self.context.span(&words), &id, begin, phase);
        }
    }

    fn phase(&mut self, id: String, attempt: &str, began: i128, phase: &Phase) {
        let begin = later(began, &phase.start);
        let span = Span {
            id,
            parent: Some(attempt.to_owned()),
            name: phase.name.clone(),
            begin,
            end: later(begin, &phase.duration),
            status: Status::Unset,
        };
        self.push(&span.message(&self.context, Attributes::default()));
    }

    /// Links a check to those that it needs.
    fn add_links(&self, span: &mut Json, case: &Case<'_>) {
        let record = &self.report.record;
        let by_index = |index: &CheckIndex| Some(&record.checks.get(index.as_usize())?.plan.id);
        let mut needed = Vec::new();
        for id in &case.record.plan.needs {
            match self.groups.get(id) {
                Some(members) => needed.extend(members.iter().filter_map(by_index)),
                None => needed.push(id),
            }
        }
        let links: Vec<Json> = needed
            .iter()
            .take(MOST)
            .map(|id| {
                let id = self.context.check(id.as_str());
                json!({ "traceId": self.context.trace, "spanId": id })
            })
            .collect();
        put_list(span, "links", links, needed.len());
    }

    /// Returns a moment of the run, in nanoseconds since 1970: by the wall when it began, from there on monotonic.
    fn at(&self, elapsed: &Decimal) -> i128 {
        let started = &self.report.record.started;
        let began = started.wall.as_nanosecond();
        later(began, &elapsed.minus(&started.elapsed))
    }

    fn push(&mut self, span: &Json) {
        self.spans.push(line(span));
    }

    fn into_lines(self) -> String {
        let header = &self.report.record.header;
        let mut attributes = Attributes::default();
        attributes
            .text("service.name", "gonogo")
            .text("service.version", &header.tool.version)
            .maybe("host.name", header.host.as_deref());
        let mut resource = json!({});
        attributes.into_message(&mut resource);
        let scope = json!({ "name": "gonogo", "version": long(&header.tool.version) });
        let (resource, scope) = (line(&resource), line(&scope));
        let before = format!(
            "{{\"resourceSpans\":[{{\"resource\":{resource},\"scopeSpans\":[{{\"scope\":{scope},\"spans\":["
        );
        let after = "]}]}]}\n";
        let mut lines = String::new();
        let mut rest = self.spans.as_slice();
        while !rest.is_empty() {
            let mut size = before.len() + after.len();
            let fits = |span: &&String| {
                size += span.len() + ",".len();
                size <= MOST_AT_ONCE
            };
            let (now, later) = rest.split_at(rest.iter().take_while(fits).count().max(1));
            rest = later;
            lines.push_str(&before);
            lines.push_str(&now.join(","));
            lines.push_str(after);
        }
        lines
    }
}

/// What the conventions call the end of a task of a pipeline.
fn result_of(report: &Report) -> &'static str {
    match report.judgement.verdict {
        _ if report.record.interrupted.is_some() => "cancellation",
        Verdict::Go => "success",
        Verdict::NoGo => "failure",
        Verdict::Hold => "error",
    }
}

fn about(finding: &Finding) -> Attributes {
    let mut told = Attributes::default();
    told.text("gonogo.fact", &finding.fact)
        .text("gonogo.wanted", &finding.wanted)
        .text("gonogo.got", &finding.got)
        .text("gonogo.message", &sentence(finding))
        .maybe("gonogo.explanation", finding.message.as_deref());
    told
}

/// A span without what is told of it.
struct Span {
    id: String,
    parent: Option<String>,
    name: String,
    begin: i128,
    end: i128,
    status: Status,
}

/// What a span came to.
enum Status {
    /// Neither good nor bad: it was not looked at, or somebody allowed it.
    Unset,
    Ok,
    Error(String),
}

impl Status {
    fn of(outcome: Outcome, why: &str) -> Self {
        match outcome {
            Outcome::Passed | Outcome::Warned => Self::Ok,
            Outcome::Failed | Outcome::Unknown | Outcome::Awaiting => {
                Self::Error(format!("{outcome}: {why}"))
            }
            Outcome::Skipped | Outcome::Waived => Self::Unset,
        }
    }
}

impl Span {
    fn message(self, context: &Context<'_>, attributes: Attributes) -> Json {
        let mut message = json!({
            "traceId": context.trace,
            "spanId": self.id,
            "name": short(&self.name),
            "kind": INTERNAL,
            "startTimeUnixNano": clock(self.begin),
            "endTimeUnixNano": clock(self.end.max(self.begin)),
        });
        attributes.into_message(&mut message);
        let status = match self.status {
            Status::Unset => json!({}),
            Status::Ok => json!({ "code": 1 }),
            Status::Error(why) => json!({ "code": 2, "message": long(&why) }),
        };
        if let Some(fields) = message.as_object_mut() {
            if let Some(parent) = self.parent {
                fields.insert("parentSpanId".to_owned(), parent.into());
            }
            fields.insert("status".to_owned(), status);
        }
        message
    }
}

fn add_events(span: &mut Json, at: i128, events: impl Iterator<Item = (&'static str, Attributes)>) {
    let mut messages = Vec::new();
    let mut all = 0;
    for (name, attributes) in events {
        all += 1;
        if messages.len() < MOST {
            let mut event = json!({ "timeUnixNano": clock(at), "name": name });
            attributes.into_message(&mut event);
            messages.push(event);
        }
    }
    put_list(span, "events", messages, all);
}

/// Puts a list into a span, and how many did not fit.
fn put_list(span: &mut Json, name: &str, list: Vec<Json>, all: usize) {
    let Some(fields) = span.as_object_mut() else {
        return;
    };
    let dropped = u32::try_from(all - list.len()).unwrap_or(u32::MAX);
    if !list.is_empty() {
        fields.insert(name.to_owned(), list.into());
    }
    if dropped > 0 {
        let name = match name {
            "links" => "droppedLinksCount",
            _ => "droppedEventsCount",
        };
        fields.insert(name.to_owned(), dropped.into());
    }
}

fn line(message: &Json) -> String {
    let mut line = to_line(message).expect("memory takes every byte");
    line.truncate(line.trim_end().len());
    line
}

/// Returns a moment so many seconds after another.
fn later(moment: i128, seconds: &Decimal) -> i128 {
    let nanoseconds = seconds.clone().shifted(9).truncated().to_i128();
    let nanoseconds = nanoseconds.unwrap_or(if seconds.is_negative() { 0 } else { END });
    moment.saturating_add(nanoseconds).clamp(0, END)
}

/// Returns a moment as a text: a number of 64 bits is none in JSON.
fn clock(moment: i128) -> String {
    moment.to_string()
}

/// The last moment that every reader can tell.
const END: i128 = i64::MAX as i128;
/// The kind of a span that neither asks nor answers another process that traces.
const INTERNAL: u32 = 1;
/// Collectors take 20 MiB at once, and those that a line passes on the way less.
const MOST_AT_ONCE: usize = 4 * 1024 * 1024;
