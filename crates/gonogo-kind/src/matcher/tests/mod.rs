//! Matchers against values, and mistakes against their codes.

mod mistakes;
mod nested;
mod never;
mod peers;
mod properties;
mod scalars;
mod vacuous;

use gonogo_model::{Reading, Value};

use super::{Matcher, Tested};
use crate::decl::{FactType, TextChoice};
use crate::diagnostic::Diagnostics;
use crate::flow;

pub(super) const STATE: FactType = FactType::Choice(&[
    TextChoice {
        word: "open",
        sentence: "It is open.",
    },
    TextChoice {
        word: "refused",
        sentence: "It is refused.",
    },
    TextChoice {
        word: "timeout",
        sentence: "It does not answer.",
    },
]);

pub(super) fn matcher(text: &str, ty: FactType) -> Matcher {
    let node = flow::read(text).unwrap_or_else(|why| panic!("{text}: {why}"));
    let mut diagnostics = Diagnostics::default();
    Matcher::read(&node, ty, &mut diagnostics)
        .unwrap_or_else(|| panic!("{text}: {:?}", diagnostics.as_slice()))
}

/// Returns whether the matcher holds, and what was found.
pub(super) fn test(text: &str, ty: FactType, value: &Value) -> (bool, String) {
    match matcher(text, ty).test(&Reading::Value(value.clone())) {
        Tested::Holds { got } => (true, got),
        Tested::Fails { got } => (false, got),
        Tested::Unreadable { .. } => panic!("a value is readable"),
    }
}
