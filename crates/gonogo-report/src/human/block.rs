//! One check or group, told in full.

use gonogo_model::{
    CheckRecord, CheckResult, Finding, GroupState, GroupVerdict, Held, Id, Origin, PlannedGroup,
    Severity, Stamp, Strength, codes::engine, quantity,
};

use super::details::details;
use crate::layout::{Lead, Page, Spans};
use crate::style::Role;
use crate::text;

/// Whether the cause and the hint of a check are written out or were said above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Advice<'r> {
    /// Written out.
    Full,
    /// The same as for an earlier check.
    AsFor(&'r Id),
}

/// Tells a check: what was wanted, what was found, what to do, whom to ask.
pub(crate) fn check(page: &mut Page<'_>, check: &CheckRecord, skipped: &[&Id], advice: Advice<'_>) {
    header(page, check);
    message(page, check);
    findings(page, check);
    notes(page, &check.result);
    remedy(page, check, advice);
    place(page, check);
    consequences(page, skipped);
    if page.style().is_verbose() {
        details(page, check);
    }
}

/// Tells how old the proof of a pass was at the end of the run, and for how long it is good.
pub(crate) fn age(page: &mut Page<'_>, check: &CheckRecord, finished: &Stamp) {
    let Some(age) = check.age(finished).filter(|_| page.style().is_verbose()) else {
        return;
    };
    let mut told = format!("{} at the end of the run", text::took(&age));
    if let Some(max_age) = &check.plan.max_age {
        told.push_str(&format!(", good for {}", quantity::duration(max_age)));
    }
    label(page, "age", &Spans::new(Role::Faint, &told));
}

/// Tells a group that is not met or undecided.
pub(crate) fn group(
    page: &mut Page<'_>,
    group: &PlannedGroup,
    verdict: &GroupVerdict,
    skipped: &[&Id],
) {
    let (word, role) = group_word(verdict);
    let mut body = Spans::new(Role::Name, &format!("group {}", group.id));
    title(&mut body, page, &group.title, &group.id);
    weight(&mut body, group.severity, None);
    word_row(page, word, role, &body);
    page.row(indent(page), &[], &Spans::body(&tally(verdict)));
    let at = format!("{}:{}", short(page, &group.file), group.line);
    label(page, "at", &Spans::new(Role::Faint, &at));
    consequences(page, skipped);
}

pub(crate) fn group_word(verdict: &GroupVerdict) -> (&'static str, Role) {
    let word = match verdict.state {
        GroupState::Met => "met",
        GroupState::NotMet => "not met",
        GroupState::Undecided => "undecided",
    };
    (word, Role::of_group(verdict.state))
}

/// Returns a group's count: `1 of 3 passed, 2 needed, 1 undecided`.
pub(crate) fn tally(verdict: &GroupVerdict) -> String {
    let tally = verdict.tally;
    let mut text = format!(
        "{} of {} passed, {} needed",
        tally.passes, tally.planned, verdict.needed
    );
    if tally.undecided > 0 {
        text.push_str(&format!(", {} undecided", tally.undecided));
    }
    text
}

/// Adds a row that begins with an outcome's word.
pub(crate) fn word_row(page: &mut Page<'_>, word: &str, role: Role, body: &Spans) {
    let columns = if page.is_wide() {
        WORD
    } else if word.is_empty() {
        NARROW
    } else {
        text::width(word) + 2
    };
    let lead = Lead {
        role,
        text: word,
        columns,
    };
    page.row(0, &[lead], body);
}

pub(super) fn indent(page: &Page<'_>) -> usize {
    if page.is_wide() { WORD } else { NARROW }
}

fn header(page: &mut Page<'_>, check: &CheckRecord) {
    let (plan, outcome) = (&check.plan, check.result.outcome);
    let mut body = Spans::new(Role::Name, plan.id.as_str());
    title(&mut body, page, &plan.title, &plan.id);
    weight(&mut body, plan.severity, plan.group.as_ref());
    if page.style().is_verbose()
        && let Some(duration) = &check.duration
    {
        body.push(Role::Faint, &format!("  {}", text::took(duration)));
    }
    word_row(page, outcome.as_str(), Role::of(outcome), &body);
}

fn title(body: &mut Spans, page: &Page<'_>, title: &str, id: &Id) {
    if title != id.as_str() {
        body.push(Role::Body, &format!("  {}", short(page, title)));
    }
}

fn weight(body: &mut Spans, severity: Severity, group: Option<&Id>) {
    match (severity, group) {
        (_, Some(group)) => body.push(Role::Faint, &format!("  (in group {group})")),
        (Severity::Blocker, None) => {}
        (Severity::Warning | Severity::Info, None) => {
            body.push(Role::Faint, &format!("  ({severity}, does not block)"));
        }
    }
}

/// Says what went wrong, unless the findings below say it better.
fn message(page: &mut Page<'_>, check: &CheckRecord) {
    let result = &check.result;
    let told_by_findings =
        result.findings.iter().any(is_open) && result.code.as_ref().is_none_or(is_expectation);
    let mut body = Spans::default();
    if let Some(was) = result.was {
        body.push(Role::of(was), was.as_str());
        body.push(Role::Body, " without the waiver");
    }
    if !told_by_findings {
        if !body.is_empty() {
            body.push(Role::Body, ": ");
        }
        if let Some(code) = &result.code {
            let role = Role::of(result.was.unwrap_or(result.outcome));
            body.push(role, code.as_str());
            body.push(Role::Body, ": ");
        }
        if let Some(message) = &result.message {
            body.push(Role::Body, &long(page, message));
        }
    }
    if !body.is_empty() {
        page.row(indent(page), &[], &body);
    }
}

fn is_expectation(code: &gonogo_model::Code) -> bool {
    code.as_str() == engine::EXPECTATION.code
}

/// Says which expectations do not hold; when every detail is asked for, also which do.
fn findings(page: &mut Page<'_>, check: &CheckRecord) {
    let all = page.style().is_verbose();
    let findings = check.result.findings.iter();
    let shown: Vec<&Finding> = findings
        .filter(|finding| all || is_open(finding) && !is_explained(finding, &check.result))
        .collect();
    let columns = column(page, shown.iter().map(|f| f.fact.as_str()));
    for finding in shown {
        let fact = short(page, &finding.fact);
        let lead = Lead {
            role: Role::Body,
            text: &fact,
            columns,
        };
        page.row(indent(page), &[lead], &finding_text(page, finding));
        if let Some(message) = finding.message.as_ref().filter(|_| is_open(finding)) {
            let blank = Lead { text: "", ..lead };
            let message = Spans::new(Role::Advice, &long(page, message));
            page.row(indent(page), &[blank], &message);
        }
    }
}

fn finding_text(page: &Page<'_>, finding: &Finding) -> Spans {
    let mut body = if finding.is_assertion() {
        assertion_text(page, finding)
    } else {
        fact_text(page, finding)
    };
    let origin = short(page, &finding.origin.to_string());
    body.push(Role::Faint, &format!("  ({origin})"));
    body
}

/// Tells of a condition over several facts: what it says, and what was found of them.
fn assertion_text(page: &Page<'_>, finding: &Finding) -> Spans {
    let (role, verb) = match finding.held {
        Held::Yes => (Role::Good, " holds: "),
        Held::No => (Role::Bad, " does not hold: "),
        Held::Unreadable => (Role::Notice, " is unknown: "),
    };
    let found = match &finding.code {
        Some(code) => format!("{} ({code})", finding.got),
        None => finding.got.clone(),
    };
    Spans::body(&long(page, &finding.wanted))
        .and(Role::Body, verb)
        .and(role, &long(page, &found))
}

fn fact_text(page: &Page<'_>, finding: &Finding) -> Spans {
    let expected = match finding.strength {
        Strength::Must => "expected",
        Strength::Should => "should be",
    };
    let role = match (finding.held, finding.strength) {
        (Held::Yes, _) => Role::Good,
        (Held::No, Strength::Must) => Role::Bad,
        (Held::No, Strength::Should) | (Held::Unreadable, _) => Role::Notice,
    };
    let mut body = match (finding.held, &finding.code) {
        (Held::Unreadable, Some(code)) => Spans::new(role, &format!("could not be read ({code})")),
        (Held::Unreadable, None) => Spans::new(role, "could not be read"),
        (Held::No | Held::Yes, _) => Spans::body("is ").and(role, &long(page, &finding.got)),
    };
    let wanted = format!(", {expected} {}", long(page, &finding.wanted));
    body.push(Role::Body, &wanted);
    body
}

fn is_open(finding: &Finding) -> bool {
    finding.held != Held::Yes
}

/// Returns whether a fault that is told already says why the finding does not hold.
fn is_explained(finding: &Finding, result: &CheckResult) -> bool {
    result.faults.iter().any(|fault| match finding.held {
        Held::Unreadable => finding.code.as_ref() == Some(&fault.code),
        Held::No => {
            let shows = fault.shows.iter().any(|(fact, _)| *fact == finding.fact);
            shows && finding.origin == Origin::BuiltIn
        }
        Held::Yes => false,
    })
}

/// Says what else went wrong, what it means and what to do about it.
fn remedy(page: &mut Page<'_>, check: &CheckRecord, advice: Advice<'_>) {
    let result = &check.result;
    for fault in result.faults.iter().take(most(page, 3)) {
        // The message of the check may have words of the author before it, and a count behind.
        let said = result.code.as_ref() == Some(&fault.code)
            && result
                .message
                .as_deref()
                .is_some_and(|message| message.contains(&fault.message));
        if !said {
            let body = Spans::new(Role::Bad, fault.code.as_str())
                .and(Role::Body, &format!(": {}", long(page, &fault.message)));
            label(page, "also", &body);
        }
    }
    if let Advice::AsFor(id) = advice {
        let body = Spans::new(Role::Faint, &format!("as for {id}"));
        label(page, "hint", &body);
        return;
    }
    let decl = result.code.as_ref().and_then(|code| code.decl());
    let generic = decl.filter(|decl| decl.code == engine::EXPECTATION.code);
    if let Some(decl) = decl.filter(|_| generic.is_none()) {
        label(page, "cause", &Spans::body(decl.meaning));
    }
    let hint = result.hint.as_deref().or(decl.map(|decl| decl.hint));
    if let Some(hint) = hint.filter(|hint| generic.is_none_or(|decl| decl.hint != *hint)) {
        label(page, "hint", &Spans::new(Role::Advice, &long(page, hint)));
    }
}

/// Says what the probe remarked: how the body of a refusal begins, the last words of a command.
fn notes(page: &mut Page<'_>, result: &CheckResult) {
    for note in &result.notes {
        label(page, "note", &Spans::body(&long(page, note)));
    }
}

/// Says whom to ask and where it stands.
fn place(page: &mut Page<'_>, check: &CheckRecord) {
    let plan = &check.plan;
    if let Some(owner) = &plan.owner {
        label(page, "owner", &Spans::body(&short(page, owner)));
    }
    if let Some(runbook) = &plan.runbook {
        label(page, "runbook", &Spans::body(&long(page, runbook)));
    }
    let mut at = format!("{} {}", plan.kind, short(page, &plan.subject));
    // A check of the command line stands in no file.
    if plan.line > 0 {
        at.push_str(&format!(", {}:{}", short(page, &plan.file), plan.line));
    }
    label(page, "at", &Spans::new(Role::Faint, &at));
    if check.attempts.len() > 1 {
        let mut tried = text::count(check.attempts.len(), "attempt");
        if let Some(took) = &check.duration {
            tried.push_str(&format!(" in {}", text::took(took)));
        }
        label(page, "tried", &Spans::new(Role::Faint, &tried));
    }
}

fn consequences(page: &mut Page<'_>, skipped: &[&Id]) {
    if skipped.is_empty() {
        return;
    }
    let who = if skipped.len() == 1 {
        "1 check that needs it: ".to_owned()
    } else {
        format!("{} checks that need it: ", skipped.len())
    };
    let body = Spans::body(&who).and(Role::Name, &names(skipped, most(page, 12)));
    label(page, "skipped", &body);
}

/// Returns names in a row, the last ones counted when there are more than `most`.
pub(crate) fn names(ids: &[&Id], most: usize) -> String {
    let shown: Vec<&str> = ids.iter().take(most).map(|id| id.as_str()).collect();
    match ids.len().saturating_sub(most) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

pub(super) fn label(page: &mut Page<'_>, word: &str, body: &Spans) {
    page.row(indent(page), &[labelled(word)], body);
}

pub(super) fn labelled(word: &str) -> Lead<'_> {
    Lead {
        role: Role::Faint,
        text: word,
        columns: LABEL,
    }
}

/// Returns the columns for a list of facts.
pub(super) fn column<'n>(page: &Page<'_>, names: impl Iterator<Item = &'n str>) -> usize {
    let widest = names.map(|name| text::width(&short(page, name)) + 2).max();
    let most = (page.style().columns() / 3).min(MOST_FACT_COLUMNS);
    widest.unwrap_or(0).min(most)
}

/// Returns what is shown of a name or a title.
pub(super) fn short(page: &Page<'_>, text: &str) -> String {
    text::line(text, SHORT, page.style().ellipsis())
}

/// Returns what is shown of a message or a value.
pub(super) fn long(page: &Page<'_>, text: &str) -> String {
    text::line(text, LONG, page.style().ellipsis())
}

fn most(page: &Page<'_>, normally: usize) -> usize {
    if page.style().is_verbose() {
        usize::MAX
    } else {
        normally
    }
}

/// The columns of an outcome's word, and the indent of what stands below it.
const WORD: usize = 10;
/// The columns of a label.
const LABEL: usize = 9;
/// The indent where a screen is narrow.
const NARROW: usize = 2;
const SHORT: usize = 120;
const LONG: usize = 600;
const MOST_FACT_COLUMNS: usize = 26;
