//! `each`: one declaration, several checks.

use gonogo_kind::{Diagnostic, Entry, Node, NodeValue, Span};

use crate::names::{bad_name, is_name};
use crate::reader::Reader;
use crate::substitute::{Instance, Value, mentions_variable};

/// Reads the instances of an `each`: a list of names, or a map from names to values.
pub(crate) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<(Instance, Span)>> {
    let empty = |reader: &mut Reader<'_>| {
        reader.mistakes.push(
            Diagnostic::error("config/empty_list", "`each` names nothing", node.span)
                .hint("Without instances the check would never run."),
        );
        None
    };
    match &node.value {
        NodeValue::List(items) if items.is_empty() => empty(reader),
        NodeValue::Map(entries) if entries.is_empty() => empty(reader),
        NodeValue::List(items) => Some(of_list(reader, items)),
        NodeValue::Map(entries) => Some(of_map(reader, entries)),
        NodeValue::Scalar(_) => {
            let message = format!("`each` is a list or a map, not {}", node.describe());
            reader.mistakes.push(
                Diagnostic::error("config/wrong_type", message, node.span)
                    .hint("For example `each: [eu, us]` or `each: { auth: { port: 3001 } }`."),
            );
            None
        }
    }
}

fn of_list(reader: &mut Reader<'_>, items: &[Node]) -> Vec<(Instance, Span)> {
    let mut instances: Vec<(Instance, Span)> = Vec::new();
    let mut seen = std::collections::HashMap::new();
    for item in items {
        let Some(name) = reader.literal_text(item, "the name of an instance") else {
            continue;
        };
        if let Some(first) = seen.insert(name.clone(), item.span) {
            let message = format!("`{name}` is there twice");
            reader.mistakes.push(
                Diagnostic::error("config/duplicate_name", message, item.span)
                    .related(first, "first here")
                    .hint("Keep one of the two."),
            );
            continue;
        }
        let instance = Instance {
            name,
            values: Vec::new(),
        };
        instances.push((instance, item.span));
    }
    instances
}

fn of_map(reader: &mut Reader<'_>, entries: &[Entry]) -> Vec<(Instance, Span)> {
    let mut instances = Vec::new();
    for entry in entries {
        if mentions_variable(&entry.key.value) {
            reader.variable_not_here("the name of an instance", entry.key.span);
            continue;
        }
        let values = values(reader, entry);
        let instance = Instance {
            name: entry.key.value.clone(),
            values,
        };
        instances.push((instance, entry.key.span));
    }
    instances
}

fn values(reader: &mut Reader<'_>, entry: &Entry) -> Vec<Value> {
    let entries = match &entry.value.value {
        NodeValue::Map(entries) => entries.as_slice(),
        // An instance may be nothing but a name.
        NodeValue::Scalar(scalar) if scalar.is_null() => &[],
        NodeValue::Scalar(_) | NodeValue::List(_) => {
            let message = format!(
                "the instance `{}` is a map of values, not {}",
                entry.key.value,
                entry.value.describe()
            );
            reader.mistakes.push(
                Diagnostic::error("config/wrong_type", message, entry.value.span)
                    .hint("For example `each: { auth: { port: 3001 } }`."),
            );
            &[]
        }
    };
    if entries.len() > MAX_VALUES {
        let message = format!("an instance has more than {MAX_VALUES} values");
        reader.mistakes.push(Diagnostic::error(
            "config/too_large",
            message,
            entry.value.span,
        ));
        return Vec::new();
    }
    entries
        .iter()
        .filter_map(|value| named_value(reader, value))
        .collect()
}

fn named_value(reader: &mut Reader<'_>, entry: &Entry) -> Option<Value> {
    let name = entry.key.value.as_str();
    if !is_name(name) {
        reader
            .mistakes
            .push(bad_name("a value of an instance", name, entry.key.span));
        return None;
    }
    let shadowed = reader.names.by_name.get(name).map(|n| n.span);
    if shadowed.is_some() || name == "each" {
        let message = format!("`{name}` is declared already");
        let mut mistake = Diagnostic::error("config/shadowed_name", message, entry.key.span)
            .hint("A name is declared once: give the value another.");
        if let Some(first) = shadowed {
            mistake = mistake.related(first, "declared here");
        }
        reader.mistakes.push(mistake);
        return None;
    }
    let Some(scalar) = entry.value.as_scalar() else {
        let message = format!(
            "the value `{name}` is one value, not {}",
            entry.value.describe()
        );
        reader.mistakes.push(Diagnostic::error(
            "config/wrong_type",
            message,
            entry.value.span,
        ));
        return None;
    };
    let shown = reader.shown(scalar, None);
    let written = reader.written_text(scalar, None);
    let (mark, noted) = (reader.mark(), reader.written_mark());
    let put = reader.put(&entry.value, None);
    let stand_in = reader.take_stand_ins(mark).first().map(|s| s.extent);
    // It is noted where it is used.
    reader.take_written(noted);
    let text = put.and_then(|node| node.as_scalar().cloned());
    Some(Value {
        name: name.to_owned(),
        text,
        shown,
        stand_in,
        written,
    })
}

/// The most values of an instance.
const MAX_VALUES: usize = 100;
