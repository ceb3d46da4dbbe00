//! Expectations made of what was seen, by what the kind says is worth expecting.

use std::fmt;

use gonogo_kind::{Expectations, Hold, KindDecl, Worth, judge, unit};
use gonogo_model::{CheckResult, Held, Observation, Reading, Strength, Value};

use super::matcher;

/// An expectation to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pin {
    pub(super) fact: &'static str,
    pub(super) strength: Strength,
    matcher: Written,
    /// What was seen, where the matcher does not say it.
    remark: Option<String>,
}

/// A matcher as it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Written {
    /// In one line.
    Line(String),
    /// Places in the fact, each with its matcher.
    Places(Vec<(String, String)>),
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.matcher {
            Written::Line(line) => write!(f, "{} {line}", self.fact),
            Written::Places(_) => f.write_str(self.fact),
        }
    }
}

/// Makes expectations of what was seen, and says of which facts none could be made.
pub(super) fn of(kind: &'static KindDecl, seen: &CheckResult) -> (Vec<Pin>, Vec<String>) {
    let (mut pins, mut notes) = (Vec::new(), Vec::new());
    for worth in kind.worth {
        let reading = seen.facts.iter().find(|(name, _)| name == worth.fact);
        match reading.map(|(_, reading)| reading) {
            Some(Reading::Value(value)) => match pin(worth, value) {
                Some(pin) => pins.push(pin),
                // A body need not say anything about health.
                None if worth.hold == Hold::Health => {}
                None => notes.push(format!(
                    "{}: nothing to expect of what was seen",
                    worth.fact
                )),
            },
            Some(Reading::Unreadable { .. }) => {
                notes.push(format!("{}: it could not be read", worth.fact));
            }
            Some(Reading::Absent) | None => {}
        }
    }
    (pins, notes)
}

fn pin(worth: &Worth, value: &Value) -> Option<Pin> {
    let mut remark = None;
    let matcher = match (worth.hold, value) {
        (Hold::Exact, value) => Written::Line(matcher::exact(value)?),
        (Hold::AtLeast, Value::Version(version)) => {
            remark = Some(format!("was {version}"));
            Written::Line(matcher::at_least(version)?)
        }
        (Hold::Limit, Value::Duration(seconds)) => {
            remark = Some(format!("took {}", unit::show::duration(seconds)));
            Written::Line(matcher::limit(seconds)?)
        }
        (Hold::Health, Value::Json(json)) => match matcher::healthy_members(json) {
            members if members.is_empty() => return None,
            members => Written::Places(members),
        },
        (Hold::Health, Value::Text(text)) => Written::Line(matcher::healthy_text(text)?),
        (Hold::Matcher(text), _) => Written::Line(text.to_owned()),
        (Hold::AtLeast | Hold::Limit | Hold::Health, _) => return None,
    };
    Some(Pin {
        fact: worth.fact,
        strength: worth.strength,
        matcher,
        remark,
    })
}

/// Returns the facts whose expectations do not hold for what was seen.
pub(super) fn broken(
    expectations: &Expectations,
    seen: &CheckResult,
) -> Vec<(&'static str, Strength)> {
    let observation = Observation {
        facts: seen.facts.clone(),
        ..Observation::default()
    };
    let judged = judge(expectations, &observation);
    let fails = |fact: &str, strength: Strength| {
        judged.findings.iter().any(|finding| {
            let name = finding.fact.split(' ').next().unwrap_or_default();
            finding.held != Held::Yes && finding.strength == strength && name == fact
        })
    };
    expectations
        .list
        .iter()
        .map(|expectation| (expectation.fact.name, expectation.strength))
        .filter(|(fact, strength)| fails(fact, *strength))
        .collect()
}

/// Returns the lines of `expect` and `should`, each with its depth in the check.
pub(super) fn lines(pins: &[Pin]) -> Vec<(usize, String)> {
    let mut lines = Vec::new();
    for (key, strength) in [("expect", Strength::Must), ("should", Strength::Should)] {
        let mut of_strength = pins
            .iter()
            .filter(|pin| pin.strength == strength)
            .peekable();
        if of_strength.peek().is_some() {
            lines.push((1, format!("{key}:")));
        }
        for pin in of_strength {
            match &pin.matcher {
                Written::Line(line) => {
                    let remark = pin
                        .remark
                        .as_ref()
                        .map_or_else(String::new, |r| format!(" # {r}"));
                    lines.push((2, format!("{}: {line}{remark}", pin.fact)));
                }
                Written::Places(places) => {
                    lines.push((2, format!("{}:", pin.fact)));
                    lines.extend(
                        places
                            .iter()
                            .map(|(place, line)| (3, format!("{place}: {line}"))),
                    );
                }
            }
        }
    }
    lines
}
