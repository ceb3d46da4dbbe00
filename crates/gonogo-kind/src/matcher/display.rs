//! Matchers as their authors would write them.

use std::fmt;

use super::part::Part;
use super::rule::{Quantifier, Rule, Spelling, TextTest};
use crate::node::{Scalar, ScalarStyle};
use crate::unit;

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(literal, Spelling::Short) => f.write_str(&literal.shown),
            Self::OneOf(rules, Spelling::Short) | Self::InOrder(rules) => {
                write!(f, "[{}]", joined(rules))
            }
            Self::Exactly(literals) => {
                write!(f, "[{}]", joined(literals.iter().map(|l| &l.shown)))
            }
            Self::Compare(comparison, bound) => {
                write!(f, "{} {}", comparison.word(), bound.shown)
            }
            Self::Between(low, high) => write!(f, "{}..{}", low.shown, high.shown),
            Self::Not(rule, Spelling::Short) => write!(f, "not {rule}"),
            Self::Sole(rule) => write!(f, "{rule}"),
            _ => write!(f, "{{ {} }}", operators(self)),
        }
    }
}

/// Writes a rule as the entries of an operator map.
fn operators(rule: &Rule) -> String {
    match rule {
        Rule::Every(rules) => rules.iter().map(operators).collect::<Vec<_>>().join(", "),
        Rule::Parts(parts) => joined(parts),
        Rule::OneOf(rules, Spelling::Operator) => format!("one_of: [{}]", joined(rules)),
        Rule::Not(rule, Spelling::Operator) => format!("not: {rule}"),
        Rule::Text(test, wanted) => format!("{}: {}", test.word(), wanted.shown),
        Rule::Matches(_, pattern) => format!("matches: {}", pattern.shown),
        Rule::HasItems(rules) => format!("has: {}", one_or_list(rules)),
        Rule::HasNames(literals, _) | Rule::HasEither(literals) => {
            let shown: Vec<&String> = literals.iter().map(|l| &l.shown).collect();
            format!("has: {}", one_or_list(&shown))
        }
        Rule::Length(rule) => format!("length: {rule}"),
        Rule::Each(quantifier, rule) => format!("{}: {rule}", quantifier.word()),
        Rule::Absent => "absent: true".to_owned(),
        Rule::Present => "absent: false".to_owned(),
        Rule::Sole(rule) => operators(rule),
        Rule::Is(literal, _) => format!("is: {}", literal.shown),
        // These are never part of an operator map.
        Rule::OneOf(_, Spelling::Short)
        | Rule::InOrder(_)
        | Rule::Exactly(_)
        | Rule::Compare(..)
        | Rule::Between(..)
        | Rule::Not(_, Spelling::Short) => rule.to_string(),
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.selector.text() {
            Some(selector) => write!(f, "{}: {}", key(selector), self.rule),
            None => f.write_str(&operators(&self.rule)),
        }
    }
}

impl TextTest {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Contains => "contains",
            Self::StartsWith => "starts_with",
            Self::EndsWith => "ends_with",
        }
    }
}

impl Quantifier {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Any => "any",
            Self::None => "none",
        }
    }
}

/// Writes a scalar so that it can be read back, quotes only where they are needed.
pub(super) fn scalar(scalar: &Scalar) -> String {
    if scalar.secret {
        return "[redacted]".to_owned();
    }
    let plain = Scalar {
        style: ScalarStyle::Plain,
        ..scalar.clone()
    };
    let same_type = scalar.style == ScalarStyle::Plain || unit::core_schema(&plain).is_string();
    if same_type && is_plain(&scalar.text) {
        scalar.text.clone()
    } else {
        quoted(&scalar.text)
    }
}

/// Writes a JSON value so that YAML reads it back.
pub(super) fn json(value: &serde_json::Value) -> String {
    use serde_json::Value as Json;
    match value {
        Json::String(text) => scalar(&Scalar {
            text: text.clone(),
            style: ScalarStyle::Quoted,
            secret: false,
        }),
        Json::Array(items) => format!(
            "[{}]",
            items.iter().map(json).collect::<Vec<_>>().join(", ")
        ),
        Json::Object(entries) if entries.is_empty() => "{}".to_owned(),
        Json::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(k, v)| format!("{}: {}", key(k), json(v)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => value.to_string(),
    }
}

/// Writes a name as the key of a map.
pub(super) fn key(name: &str) -> String {
    if is_plain(name) || is_path(name) {
        name.to_owned()
    } else {
        quoted(name)
    }
}

fn is_path(name: &str) -> bool {
    name.starts_with('$') && !name.contains([',', '{', '}', '[', ']', '#', ' ', '"', '\''])
}

/// Returns whether a text can stand without quotes, in a list or map too.
fn is_plain(text: &str) -> bool {
    let mut chars = text.chars();
    let starts_well = chars
        .next()
        .is_some_and(|c| !c.is_whitespace() && !"-?:,[]{}#&*!|>'\"%@`=<".contains(c))
        || unit::number(text).is_ok();
    starts_well
        && !text.ends_with(char::is_whitespace)
        && !text.ends_with(':')
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.contains([',', '[', ']', '{', '}'])
        && unit::show::escaped(text) == text
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            c if unit::show::is_hidden(c) => {
                quoted.push_str(&format!("\\U{:08X}", u32::from(c)));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn joined<T: fmt::Display>(parts: impl IntoIterator<Item = T>) -> String {
    let parts: Vec<String> = parts.into_iter().map(|part| part.to_string()).collect();
    parts.join(", ")
}

fn one_or_list<T: fmt::Display>(parts: &[T]) -> String {
    let shown = joined(parts);
    // A single part that is a list itself must not be taken for several.
    if parts.len() == 1 && !shown.starts_with('[') {
        shown
    } else {
        format!("[{shown}]")
    }
}
