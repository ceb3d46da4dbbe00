//! Which of the findings and faults decides, and how it is told.

use gonogo_model::{Blame, Code, CodeDecl, Fault, Held, Origin, Outcome, Strength, codes};

use super::{Compared, deciding_fault};
use crate::decl::Looks;
use crate::unit::show;

/// What decided.
pub(super) struct Decision {
    pub(super) outcome: Outcome,
    pub(super) code: Option<Code>,
    pub(super) message: Option<String>,
    pub(super) hint: Option<String>,
}

/// Decides by the table of [`super`].
pub(super) fn decide(unwanted: &[&Fault], compared: &[Compared], looks: Looks) -> Decision {
    let with = |strength, held| -> Vec<&Compared> {
        let is = |c: &&Compared| c.finding.strength == strength && c.finding.held == held;
        compared.iter().filter(is).collect()
    };
    let failing = with(Strength::Must, Held::No);
    let unread = with(Strength::Must, Held::Unreadable);
    let must = |c: &&Compared| c.finding.strength == Strength::Must;
    let fault = deciding_fault(unwanted, looks);
    if let Some(fault) = fault.filter(|f| looks.blame(&f.code) == Blame::Subject) {
        let faults = unwanted.iter().map(|f| looks.blame(&f.code));
        let others = faults.filter(|blame| *blame == Blame::Subject).count() - 1;
        let others = others + unexplained(fault, &failing);
        return by_fault(Outcome::Failed, fault, compared, others);
    }
    if let [first, rest @ ..] = failing.as_slice() {
        return by_finding(Outcome::Failed, first, rest.len());
    }
    if let Some(first) = unread.iter().find(|c| c.is_blamed) {
        return by_unread(Outcome::Failed, first, unread.len() - 1);
    }
    if let Some(fault) = fault {
        return by_fault(Outcome::Unknown, fault, compared, unwanted.len() - 1);
    }
    if let [first, rest @ ..] = unread.as_slice() {
        return by_unread(Outcome::Unknown, first, rest.len());
    }
    if compared.iter().find(must).is_none() {
        return Decision {
            outcome: Outcome::Unknown,
            code: Some(Code::from(codes::engine::EXPECTATION)),
            message: Some("nothing is expected, so nothing was proved".to_owned()),
            hint: Some("Say what must hold with `expect`.".to_owned()),
        };
    }
    let doubts: Vec<&Compared> = compared
        .iter()
        .filter(|c| c.finding.held != Held::Yes)
        .collect();
    match doubts.as_slice() {
        [] => Decision {
            outcome: Outcome::Passed,
            code: None,
            message: None,
            hint: None,
        },
        [first, rest @ ..] if first.finding.held == Held::No => {
            by_finding(Outcome::Warned, first, rest.len())
        }
        [first, rest @ ..] => by_unread(Outcome::Warned, first, rest.len()),
    }
}

/// Counts the findings that the deciding fault does not explain.
///
/// What a kind expects by itself is that there is no fault, so a fault explains it: "the name does not
/// exist" need not add that there is no answer.
fn unexplained(fault: &Fault, failing: &[&Compared]) -> usize {
    let explained = |c: &Compared| {
        c.finding.origin == Origin::BuiltIn || fault.shows.iter().any(|(fact, _)| fact == c.fact)
    };
    failing.iter().filter(|c| !explained(c)).count()
}

fn by_fault(outcome: Outcome, fault: &Fault, compared: &[Compared], others: usize) -> Decision {
    let custom = compared
        .iter()
        .filter(|c| c.finding.strength == Strength::Must && c.finding.held != Held::Yes)
        .find_map(|c| c.finding.message.as_deref());
    Decision {
        outcome,
        message: Some(told(custom, &show::text(&fault.message), others)),
        hint: fault.hint.clone().or_else(|| hint_of(&fault.code)),
        code: Some(fault.code.clone()),
    }
}

fn by_finding(outcome: Outcome, compared: &Compared, others: usize) -> Decision {
    let finding = &compared.finding;
    let expected = match finding.strength {
        Strength::Must => "expected",
        Strength::Should => "should be",
    };
    let what = if finding.is_assertion() {
        format!(
            "{} does not hold: {}",
            show::text(&finding.wanted),
            finding.got
        )
    } else {
        format!(
            "{} is {}, {expected} {}",
            finding.fact, finding.got, finding.wanted
        )
    };
    let code = Code::from(codes::engine::EXPECTATION);
    Decision {
        outcome,
        message: Some(told(finding.message.as_deref(), &what, others)),
        hint: hint_of(&code),
        code: Some(code),
    }
}

fn by_unread(outcome: Outcome, compared: &Compared, others: usize) -> Decision {
    let finding = &compared.finding;
    let why = show::text(compared.why.as_deref().unwrap_or("nothing is known of it"));
    let fact = if finding.is_assertion() {
        compared.fact
    } else {
        &finding.fact
    };
    let what = format!("cannot read {fact}: {why}");
    let code = finding.code.clone();
    Decision {
        outcome,
        message: Some(told(finding.message.as_deref(), &what, others)),
        hint: code.as_ref().and_then(hint_of),
        code,
    }
}

/// Puts the author's own words first, and counts what else is wrong.
fn told(custom: Option<&str>, what: &str, others: usize) -> String {
    let told = match custom {
        Some(custom) => format!("{custom}: {what}"),
        None => what.to_owned(),
    };
    match others {
        0 => told,
        others => format!("{told} (and {others} more)"),
    }
}

fn hint_of(code: &Code) -> Option<String> {
    code.decl().map(|decl: &CodeDecl| decl.hint.to_owned())
}
