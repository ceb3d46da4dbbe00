//! Parts of a fact: a place in a JSON document, a header field, the entry of a map, a column of a row.

use std::borrow::Cow;

use gonogo_model::Value;
use serde_json::Value as Json;

use super::answer::Answer;
use super::path::Path;
use super::rule::{Case, Rule};
use super::seen::Seen;

/// A part of a fact and what must be so of it.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// Which part.
    pub(super) selector: Selector,
    /// What must be so.
    pub(super) rule: Rule,
}

/// Which part of a fact a rule looks at.
#[derive(Debug, Clone)]
pub(super) enum Selector {
    /// All of it.
    Whole,
    /// A place in a JSON document.
    Path(Path),
    /// The header field of this name, in any case.
    Header(String),
    /// The entry of this name.
    Key(String),
}

/// What a selector finds.
pub(super) enum Selected<'a> {
    /// What is there, if it is; its parent is there.
    Part(Option<Seen<'a>>),
    /// The whole that the part would belong to is not there, or is something else.
    NoParent,
}

impl Part {
    /// Asks the rule about the part.
    pub(super) fn answer(&self, whole: Seen<'_>) -> Answer {
        self.selector.with(whole, |selected| match selected {
            Selected::Part(part) => self.rule.answer(part),
            Selected::NoParent => Answer::Moot,
        })
    }
}

impl Selector {
    /// Returns the selector as it stands in a gate file; the whole has none.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Whole => None,
            Self::Path(path) => Some(path.text()),
            Self::Header(name) | Self::Key(name) => Some(name),
        }
    }

    /// Hands the selected part of a whole to `look`.
    pub(super) fn with<T>(&self, whole: Seen<'_>, look: impl FnOnce(Selected<'_>) -> T) -> T {
        match self {
            Self::Whole => look(Selected::Part(Some(whole))),
            Self::Path(path) => {
                let Some(document) = document(whole) else {
                    return look(Selected::NoParent);
                };
                let nodes = path.select(&document);
                if nodes.is_empty() && !path.has_parent(&document) {
                    return look(Selected::NoParent);
                }
                let nodes: Vec<Seen<'_>> = nodes.into_iter().map(Seen::Json).collect();
                look(Selected::Part(
                    match (path.is_singular(), nodes.as_slice()) {
                        (true, []) => None,
                        (true, [one]) => Some(*one),
                        (_, several) => Some(Seen::Several(several)),
                    },
                ))
            }
            Self::Header(name) => with_entries(whole, name, Case::Ignored, look),
            Self::Key(name) => with_entries(whole, name, Case::Matters, look),
        }
    }
}

/// Hands the entry of a name to `look`; a name that comes twice has several values.
fn with_entries<T>(
    whole: Seen<'_>,
    name: &str,
    case: Case,
    look: impl FnOnce(Selected<'_>) -> T,
) -> T {
    let Some(entries) = whole.entries() else {
        return look(Selected::NoParent);
    };
    let mut values = Vec::new();
    for (known, value) in entries {
        if case.same(known, name) {
            match value {
                // A header map may hold the values of one name as a list.
                Seen::Value(Value::List(_)) if case == Case::Ignored => {
                    values.extend(value.items().unwrap_or_default());
                }
                _ => values.push(value),
            }
        }
    }
    look(Selected::Part(match values.as_slice() {
        [] => None,
        [one] if case == Case::Matters => Some(*one),
        // A header field has a list of values, also when there is one of them.
        several => Some(Seen::Several(several)),
    }))
}

/// Returns a value as a JSON document; rows may have been typed by the probe.
fn document(whole: Seen<'_>) -> Option<Cow<'_, Json>> {
    match whole {
        Seen::Json(json) => Some(Cow::Borrowed(json)),
        Seen::Value(value @ (Value::List(_) | Value::Map(_))) => Some(Cow::Owned(value.to_json())),
        Seen::Value(_) | Seen::Several(_) => None,
    }
}
