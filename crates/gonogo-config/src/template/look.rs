//! Reads what is no check by itself, as far as it can be: a template, a check whose template is missing.
//!
//! Whatever depends on an instance is left for the checks: a template may speak of `${each}` and of values
//! that only they have. The same mistake of the same place is told once, so what a check told already
//! is not told again.

use gonogo_kind::{ASSERT, Diagnostic, Entry, KindDecl, Node, NodeValue, Span, closest};
use gonogo_model::Strength;

use super::merge::Parts;
use super::table::Templates;
use crate::check::{self, Declared};
use crate::reader::Reader;
use crate::{common_keys, condition, expect, kind_value, messages, waiver};

impl Templates<'_> {
    /// Reads every template by itself.
    pub(crate) fn look(&self, reader: &mut Reader<'_>, declared: &Declared<'_>) {
        let mut spent = 0;
        let noted = reader.written_mark();
        for template in &self.list {
            let layers = template
                .line
                .layers
                .iter()
                .filter_map(|at| self.list.get(*at));
            spent += layers.map(|layer| layer.weight).sum::<usize>();
            if reader.mistakes.is_full() || spent > MAX_LOOKED_AT {
                return;
            }
            let laid = self.laid(reader, &template.line);
            let entries = match laid.entries.as_slice() {
                // It extends itself, or too much.
                [] => template.entries,
                entries => entries,
            };
            let what = format!("the template `{}`", template.name);
            look(reader, declared, (&what, template.span), entries);
            // Where nobody extends it, it says nothing about the gate.
            reader.take_written(noted);
        }
    }
}

/// Reads entries that are no whole check; `what` they are, and where that stands.
pub(crate) fn look(
    reader: &mut Reader<'_>,
    declared: &Declared<'_>,
    (what, span): (&str, Span),
    entries: &[Entry],
) {
    let kinds: Vec<(&'static KindDecl, &Entry)> = entries
        .iter()
        .filter_map(|entry| Some((reader.inputs.kinds.find(&entry.key.value)?, entry)))
        .collect();
    check::several_kinds(reader, what, &kinds);
    let kind = kinds.first().map(|(kind, _)| *kind);
    let entries: Vec<&Entry> = entries
        .iter()
        .filter(|entry| !matches!(entry.key.value.as_str(), "extends" | "each"))
        .collect();
    let settled: Vec<Entry> = entries
        .iter()
        .filter_map(|entry| settled(reader, entry))
        .collect();
    common_keys::look(reader, &settled, span, declared);
    for entry in &settled {
        value(reader, declared, kind, entry);
    }
    // What is open is the value: its name is what it is.
    for entry in entries {
        names(reader, kind, entry);
    }
}

/// Reads a value that says the same in every check.
fn value(
    reader: &mut Reader<'_>,
    declared: &Declared<'_>,
    kind: Option<&'static KindDecl>,
    entry: &Entry,
) {
    let strength = match entry.key.value.as_str() {
        "expect" => Strength::Must,
        "should" => Strength::Should,
        "message" => return messages::look(reader, entry),
        name => {
            if let Some(kind) = reader.inputs.kinds.find(name) {
                kind_value::look(reader, kind, entry);
            }
            return;
        }
    };
    match kind {
        Some(kind) => {
            let nowhere = Parts::of(declared.templates, None, "");
            expect::read(reader, kind, entry, strength, (None, nowhere));
        }
        None => expect::look(reader, entry),
    }
}

/// Reads what stands in an entry whatever its variables are, and what can hold none.
fn names(reader: &mut Reader<'_>, kind: Option<&'static KindDecl>, entry: &Entry) {
    match entry.key.value.as_str() {
        "assert" => condition::look_at_assertions(reader, kind, entry),
        "when" => condition::look_at_when(reader, entry),
        "quarantine" => waiver::look_at_quarantine(reader, entry),
        "expect" | "should" => facts(reader, kind, entry, None),
        "message" => facts(reader, kind, entry, Some(ASSERT)),
        name => {
            if let Some(kind) = reader.inputs.kinds.find(name) {
                kind_value::look_at_names(reader, kind, entry);
            }
        }
    }
}

/// Reports facts that the kind does not have, or no kind.
fn facts(
    reader: &mut Reader<'_>,
    kind: Option<&'static KindDecl>,
    entry: &Entry,
    beside: Option<&str>,
) {
    let NodeValue::Map(facts) = &entry.value.value else {
        return;
    };
    let kinds = reader.inputs.kinds.kinds();
    for fact in facts {
        let name = fact.key.value.as_str();
        let is_told = reader
            .mistakes
            .diagnostics()
            .tell("config/unknown_fact", fact.key.span);
        if is_told || beside == Some(name) {
            continue;
        }
        if let Some(kind) = kind {
            if kind.fact(name).is_none() {
                expect::unknown_fact(reader, kind, fact, facts);
            }
            continue;
        }
        if kinds.iter().any(|kind| kind.fact(name).is_some()) {
            continue;
        }
        let names = kinds.iter().flat_map(|k| k.facts.iter().map(|f| f.name));
        let hint = match closest(name, names) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => "See `gonogo explain KIND` for the facts of a kind.".to_owned(),
        };
        let message = format!("no kind has a fact `{name}`");
        reader
            .mistakes
            .push(Diagnostic::error("config/unknown_fact", message, fact.key.span).hint(hint));
    }
}

/// Returns the part of an entry that says the same in every check.
fn settled(reader: &Reader<'_>, entry: &Entry) -> Option<Entry> {
    let NodeValue::Map(parts) = &entry.value.value else {
        return is_settled(reader, &entry.value).then(|| entry.clone());
    };
    let settled: Vec<Entry> = parts
        .iter()
        .filter(|part| is_settled(reader, &part.value))
        .cloned()
        .collect();
    let says_something = parts.is_empty() || !settled.is_empty();
    says_something.then(|| Entry {
        key: entry.key.clone(),
        value: Node {
            value: NodeValue::Map(settled),
            span: entry.value.span,
        },
    })
}

fn is_settled(reader: &Reader<'_>, node: &Node) -> bool {
    match &node.value {
        NodeValue::Scalar(scalar) => reader.is_settled(&scalar.text),
        NodeValue::List(items) => items.iter().all(|item| is_settled(reader, item)),
        NodeValue::Map(entries) => entries.iter().all(|e| is_settled(reader, &e.value)),
    }
}

/// How much is looked at for the sake of templates alone, in the bytes of [`weight`](crate::keep::weight).
const MAX_LOOKED_AT: usize = 48 << 20;
