//! Reports of earlier runs, read back.

use std::io;
use std::path::Path;

use gonogo_model::{CheckResult, CodeDecl, Held, Judgement, Outcome, Report, Strength};
use gonogo_report::json::ReadError;

use crate::refusal::Refusal;
use crate::world::World;

/// Reads the report of an earlier run, and refuses one whose verdict is not that of its checks; `lookup`
/// finds the declaration of a code that belongs to a kind.
///
/// # Errors
///
/// When there is no such file, it is no whole report, or its parts contradict each other.
pub fn read_report(
    path: &Path,
    world: &World,
    lookup: &dyn Fn(&str) -> Option<&'static CodeDecl>,
) -> Result<Report, Refusal> {
    parsed(&read_text(path, world)?, path, lookup)
}

/// Reads the report of the run with which another is compared; none when there is no such file yet.
///
/// # Errors
///
/// When it cannot be read, it is no whole report, or it is of another gate.
pub fn read_baseline(
    path: &Path,
    gate: &str,
    world: &World,
    lookup: &dyn Fn(&str) -> Option<&'static CodeDecl>,
) -> Result<Option<Report>, Refusal> {
    let text = match (world.read_report)(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        read => text_of(path, read)?,
    };
    let report = parsed(&text, path, lookup).map_err(|refusal| {
        refusal.hint(
            "Without the file everything is new: move it away, or name a report that is whole.",
        )
    })?;
    of_gate(&report, gate, path)?;
    Ok(Some(report))
}

/// Refuses the report of another gate.
pub(crate) fn of_gate(report: &Report, gate: &str, path: &Path) -> Result<(), Refusal> {
    let found = &report.record.header.gate;
    if found == gate {
        return Ok(());
    }
    let message = format!(
        "{} is of the gate `{found}`, and this gate is `{gate}`",
        path.display()
    );
    Err(Refusal::request("config/other_gate", message)
        .hint("Name the report of an earlier run of this gate."))
}

/// Reads a report, and refuses one that contradicts itself.
pub(crate) fn parsed(
    text: &str,
    path: &Path,
    lookup: &dyn Fn(&str) -> Option<&'static CodeDecl>,
) -> Result<Report, Refusal> {
    let refused = |error: &ReadError| {
        Refusal::request(
            "config/not_a_report",
            format!("{}: {error}", path.display()),
        )
    };
    let report =
        gonogo_report::json::read_json_with(text, lookup).map_err(|error| refused(&error))?;
    let judged = gonogo_gate::decide(&report.record);
    let checks = &report.record.checks;
    let unproved = checks.iter().find(|check| !is_proved(&check.result));
    let unwaived = judged.not_waived.first();
    let unwaived = unwaived.and_then(|check| checks.get(check.as_usize()));
    let contradiction = match unproved {
        Some(check) => Some(format!(
            "check {} is {}, and its findings do not say so",
            check.plan.id, check.result.outcome
        )),
        None => match unwaived {
            Some(check) => Some(format!(
                "check {} is waived, and no waiver of its plan covers it",
                check.plan.id
            )),
            None => contradiction(&report.judgement, &judged),
        },
    };
    match contradiction {
        Some(message) => Err(refused(&ReadError::Inconsistent { message })),
        None => Ok(report),
    }
}

/// Reads a text that gonogo wrote.
pub(crate) fn read_text(path: &Path, world: &World) -> Result<String, Refusal> {
    text_of(path, (world.read_report)(path))
}

fn text_of(path: &Path, read: io::Result<Vec<u8>>) -> Result<String, Refusal> {
    let shown = path.display();
    let refused = |why: String| Refusal::request("config/unreadable_file", why);
    let bytes = read.map_err(|error| refused(format!("cannot read `{shown}`: {error}")))?;
    String::from_utf8(bytes).map_err(|_| refused(format!("`{shown}` is not UTF-8 text")))
}

/// Says where a report claims something else than its checks come to.
///
/// Reasons are not compared word for word: another version may have put them in other words.
fn contradiction(claimed: &Judgement, judged: &Judgement) -> Option<String> {
    if claimed.verdict != judged.verdict {
        return Some(format!(
            "its checks come to {}, and it says {}",
            judged.verdict, claimed.verdict
        ));
    }
    if claimed.reasons.is_empty() != judged.reasons.is_empty() {
        return Some(format!("it says {} without a reason", claimed.verdict));
    }
    if claimed.partial != judged.partial {
        return Some("`partial` is not what its checks say".to_owned());
    }
    if claimed.valid_until != judged.valid_until {
        return Some("`valid_until` is not what its end and `valid_for` say".to_owned());
    }
    if claimed.waivers != judged.waivers {
        return Some("what became of its waivers is not what its checks say".to_owned());
    }
    let other = judged
        .groups
        .iter()
        .find(|group| !claimed.groups.contains(group));
    other.map(|group| format!("group {} is not what its members say", group.id))
}

/// Returns whether a result that counts as a pass has the findings of one.
fn is_proved(result: &CheckResult) -> bool {
    let mut must = result
        .findings
        .iter()
        .filter(|finding| finding.strength == Strength::Must)
        .peekable();
    match result.outcome {
        Outcome::Passed | Outcome::Warned => {
            must.peek().is_some()
                && must.all(|finding| finding.held == Held::Yes)
                && result.faults.is_empty()
        }
        Outcome::Failed
        | Outcome::Unknown
        | Outcome::Skipped
        | Outcome::Waived
        | Outcome::Awaiting => true,
    }
}
