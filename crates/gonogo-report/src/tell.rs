//! One line about a check, as the plain and the live view have it.

use gonogo_model::codes::engine::EXPECTATION;
use gonogo_model::{Code, Finding, Held, Outcome, Strength};

use crate::text;

/// What is told of a check in one line.
pub(crate) struct Told<'r> {
    pub(crate) outcome: Outcome,
    pub(crate) code: Option<&'r Code>,
    pub(crate) message: Option<&'r str>,
    pub(crate) findings: &'r [Finding],
}

impl Told<'_> {
    /// Returns what went wrong, at most `most` columns of it; nothing when all is well.
    pub(crate) fn line(&self, most: usize, ellipsis: &str) -> String {
        let worth = match self.outcome {
            Outcome::Passed => return String::new(),
            Outcome::Warned => Strength::Should,
            Outcome::Failed
            | Outcome::Unknown
            | Outcome::Skipped
            | Outcome::Waived
            | Outcome::Awaiting => Strength::Must,
        };
        let mut parts = Vec::new();
        // That a fact is otherwise needs no code: the message names it.
        let code = self.code.filter(|code| code.as_str() != EXPECTATION.code);
        parts.extend(code.map(ToString::to_string));
        match self.message {
            Some(message) => parts.push(message.to_owned()),
            None => parts.extend(self.open_finding(worth)),
        }
        text::line(&parts.join(": "), most, ellipsis)
    }

    fn open_finding(&self, worth: Strength) -> Option<String> {
        let open = |f: &&Finding| f.held != Held::Yes && f.strength == worth;
        self.findings.iter().find(open).map(sentence)
    }
}

/// Returns what a finding says, in one fragment; not escaped for any output.
pub(crate) fn sentence(finding: &Finding) -> String {
    let expected = match finding.strength {
        Strength::Must => "expected",
        Strength::Should => "should be",
    };
    let Finding {
        fact, wanted, got, ..
    } = finding;
    if finding.is_assertion() {
        format!("{wanted} does not hold: {got}")
    } else {
        format!("{fact} is {got}, {expected} {wanted}")
    }
}
