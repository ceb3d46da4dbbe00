//! From an observation and expectations to an outcome.
//!
//! | what is there | the outcome |
//! |---|---|
//! | a fault nobody wanted, the subject to blame; or an `expect` does not hold, or cannot be read for a reason that is the subject's | failed |
//! | a fault nobody wanted, we are to blame; or an `expect` cannot be read; or nothing is expected | unknown |
//! | a `should` does not hold or cannot be read | warned |
//! | otherwise | passed |
//!
//! The first line that fits wins. A fault is *wanted* when an `expect` of the author names, exactly or as
//! one of several, the value by which the fault shows itself: `state: refused`. A built-in expectation
//! wants no fault, and neither does a comparison: `expires_in: under 0s` holds for an expired
//! certificate, and the certificate is still expired.
//!
//! Whose fault it is also depends on what the kind looks at ([`Looks::blame`]): who reads evidence and
//! finds its connection refused knows nothing about what the evidence is of.

mod decide;

use std::borrow::Cow;

use gonogo_model::{
    Blame, Code, Fault, Finding, Held, Observation, Origin, Outcome, Reading, Strength, codes,
};

use crate::condition;
use crate::decl::Looks;
use crate::expectation::{Assertion, Expectation, Expectations};
use crate::matcher::{Leaf, Tested};

/// What an attempt comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The outcome: passed, warned, failed or unknown.
    pub outcome: Outcome,
    /// The code of what decided, when it is not passed.
    pub code: Option<Code>,
    /// What decided, in one line.
    pub message: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
    /// Every expectation compared with its fact.
    pub findings: Vec<Finding>,
    /// The faults that nobody wanted.
    pub faults: Vec<Fault>,
}

/// Judges one observation.
#[must_use]
pub fn judge(expectations: &Expectations, observation: &Observation) -> Judged {
    let looks = expectations.looks;
    let (wanted, unwanted): (Vec<&Fault>, Vec<&Fault>) = observation
        .faults
        .iter()
        .partition(|fault| is_wanted(fault, &expectations.list));
    let cause = Cause {
        observation,
        fault: deciding_fault(&unwanted, looks).or(wanted.first().copied()),
        wanted: &wanted,
        looks,
    };
    let listed = expectations.list.iter();
    let mut compared: Vec<Compared> = listed.flat_map(|e| cause.compare(e)).collect();
    compared.extend(expectations.asserts.iter().map(|a| cause.assert(a)));
    let decision = decide::decide(&unwanted, &compared, looks);
    Judged {
        outcome: decision.outcome,
        code: decision.code,
        message: decision.message,
        hint: decision.hint,
        findings: compared.into_iter().map(|c| c.finding).collect(),
        faults: unwanted.into_iter().cloned().collect(),
    }
}

/// A finding with what a decision needs beside it.
struct Compared {
    finding: Finding,
    /// Why the fact could not be read, in words.
    why: Option<String>,
    /// The fact without the place in it; of an assertion, the fact that could not be read.
    fact: &'static str,
    /// Whether the probe said that the subject made the fact unreadable: a body that is not JSON.
    is_blamed: bool,
}

/// Returns whether an `expect` names the value by which a fault shows itself.
fn is_wanted(fault: &Fault, expectations: &[Expectation]) -> bool {
    expectations
        .iter()
        .filter(|e| e.strength == Strength::Must && e.origin != Origin::BuiltIn)
        .any(|e| {
            let shows = fault.shows.iter().filter(|(fact, _)| fact == e.fact.name);
            shows
                .into_iter()
                .any(|(_, value)| e.matcher.names_value(value))
        })
}

/// Returns the fault that decides: the first for which the subject is to blame, or the first.
fn deciding_fault<'f>(unwanted: &[&'f Fault], looks: Looks) -> Option<&'f Fault> {
    let blamed = unwanted
        .iter()
        .find(|fault| looks.blame(&fault.code) == Blame::Subject);
    blamed.or(unwanted.first()).copied()
}

/// What was observed, and the fault that explains what is missing from it.
struct Cause<'o> {
    observation: &'o Observation,
    fault: Option<&'o Fault>,
    wanted: &'o [&'o Fault],
    looks: Looks,
}

impl Cause<'_> {
    fn compare(&self, expectation: &Expectation) -> Vec<Compared> {
        match self.observation.get(expectation.fact.name) {
            Some(reading) => compare(expectation, reading, self.is_blamed(reading)),
            None => compare(expectation, &self.missing(expectation.fact.name), false),
        }
    }

    fn assert(&self, assertion: &Assertion) -> Compared {
        let condition = &assertion.condition;
        let reading = |fact: &str| -> Cow<'_, Reading> {
            match self.observation.get(fact) {
                Some(reading) => Cow::Borrowed(reading),
                None => Cow::Owned(self.missing(fact)),
            }
        };
        let facts = condition.facts().iter();
        let readings: Vec<_> = facts.map(|fact| (fact.name, reading(fact.name))).collect();
        let of = |name: &str| readings.iter().find(|(fact, _)| *fact == name);
        let tested = condition.test(|name| of(name).map(|(_, reading)| &**reading));
        let (held, got, code, why, fact) = match tested {
            condition::Tested::Holds { got } => (Held::Yes, got, None, None, Finding::ASSERT),
            condition::Tested::Fails { got } => (Held::No, got, None, None, Finding::ASSERT),
            condition::Tested::Unreadable {
                fact,
                code,
                message,
            } => {
                let got = format!("{fact} not read");
                (Held::Unreadable, got, Some(code), Some(message), fact)
            }
        };
        let unread = of(fact).filter(|_| held == Held::Unreadable);
        Compared {
            is_blamed: unread.is_some_and(|(_, reading)| self.is_blamed(reading)),
            finding: Finding {
                fact: Finding::ASSERT.to_owned(),
                strength: Strength::Must,
                wanted: condition.shown(),
                got,
                held,
                code,
                origin: assertion.origin.clone(),
                message: assertion.message.clone(),
            },
            why,
            fact,
        }
    }

    /// Returns what a wanted fault shows of a fact that is not in the observation (a failure of ours
    /// leaves it unread, since it says nothing of the subject), or why it is not.
    fn missing(&self, fact: &str) -> Reading {
        let mut shown = self.wanted.iter().flat_map(|fault| &fault.shows);
        if let Some((_, value)) = shown.find(|(name, _)| name == fact) {
            return Reading::Value(value.clone());
        }
        let (code, message) = match self.fault {
            Some(fault) => (fault.code.clone(), fault.message.clone()),
            None => (
                Code::from(codes::engine::MISSING_FACT),
                format!("the probe said nothing about {fact}"),
            ),
        };
        Reading::Unreadable { code, message }
    }

    /// Returns whether a fact is unreadable by the fault of the subject.
    fn is_blamed(&self, reading: &Reading) -> bool {
        match reading {
            Reading::Unreadable { code, .. } => self.looks.blame(code) == Blame::Subject,
            Reading::Value(_) | Reading::Absent => false,
        }
    }
}

fn compare(expectation: &Expectation, reading: &Reading, is_blamed: bool) -> Vec<Compared> {
    let compared = |(leaf, tested): (Leaf, Tested)| {
        let (held, got, code, why) = match tested {
            Tested::Holds { got } => (Held::Yes, got, None, None),
            Tested::Fails { got } => (Held::No, got, None, None),
            Tested::Unreadable { code, message } => {
                let got = "not read".to_owned();
                (Held::Unreadable, got, Some(code), Some(message))
            }
        };
        let finding = Finding {
            fact: expectation.fact_name(leaf.place.as_deref()),
            strength: expectation.strength,
            wanted: leaf.wanted,
            got,
            held,
            code,
            origin: expectation.origin.clone(),
            message: expectation.message.clone(),
        };
        Compared {
            finding,
            why,
            fact: expectation.fact.name,
            is_blamed: is_blamed && held == Held::Unreadable,
        }
    };
    let tested = expectation.matcher.test_all(reading);
    tested.into_iter().map(compared).collect()
}

#[cfg(test)]
mod assertions;
#[cfg(test)]
mod tests;
