//! What stands under the key of a kind: the short form or the long form, read by its declaration.

use std::borrow::Cow;
use std::collections::BTreeMap;

use gonogo_kind::{
    Diagnostic, Entry, FieldDecl, FieldType, FieldValue, Fields, KindDecl, Node, NodeValue, Span,
    closest, to_json,
};

use crate::keys::{self, list};
use crate::memo::is_shared;
use crate::reader::Reader;
use crate::substitute::Instance;

/// The fields of a check, and its options as a plan shows them.
pub(crate) struct KindValue {
    pub(crate) fields: Fields,
    pub(crate) options: BTreeMap<&'static str, Cow<'static, str>>,
    /// The fields in which something stands in for a secret that is not here.
    pub(crate) stood_in: Vec<&'static str>,
}

/// Reads the value of a kind's key; nothing when there is a mistake in it.
pub(crate) fn read(
    reader: &mut Reader<'_>,
    kind: &'static KindDecl,
    entry: &Entry,
    instance: Option<&Instance>,
) -> Option<KindValue> {
    let given = given(reader, kind, entry);
    let mut value = KindValue {
        fields: reader.defaults_of(kind),
        options: BTreeMap::new(),
        stood_in: Vec::new(),
    };
    let mut whole = given.whole;
    for decl in kind.fields {
        match given.fields.iter().find(|(name, _)| *name == decl.name) {
            Some((_, node)) => whole &= fill(reader, &mut value, decl, node, instance),
            None => whole &= fill_default(reader, &mut value, decl),
        }
        let is_given = given.fields.iter().any(|(name, _)| *name == decl.name);
        if decl.required && !is_given && decl.default.is_none() {
            let message = format!("`{}` needs `{}`", kind.name, decl.name);
            reader.mistakes.push(
                Diagnostic::error("config/missing_key", message, entry.key.span)
                    .hint(format!("For example `{}: {}`.", decl.name, decl.example)),
            );
            whole = false;
        }
    }
    whole.then_some(value)
}

/// Reads the fields that are there for their mistakes alone; others may be added to them.
pub(crate) fn look(reader: &mut Reader<'_>, kind: &'static KindDecl, entry: &Entry) {
    for (name, node) in given(reader, kind, entry).fields {
        if let (Some(decl), Some(node)) = (kind.field(name), reader.put(node, None)) {
            reader.read_field(&node, decl);
        }
    }
}

/// Reports the keys that a kind does not have.
pub(crate) fn look_at_names(reader: &mut Reader<'_>, kind: &'static KindDecl, entry: &Entry) {
    given(reader, kind, entry);
}

/// The fields that were given.
struct Given<'n> {
    fields: Vec<(&'static str, &'n Node)>,
    whole: bool,
}

fn given<'n>(reader: &mut Reader<'_>, kind: &'static KindDecl, entry: &'n Entry) -> Given<'n> {
    let mut given = Given {
        fields: Vec::new(),
        whole: true,
    };
    match &entry.value.value {
        NodeValue::Scalar(_) | NodeValue::List(_) => given.fields.push((kind.short, &entry.value)),
        NodeValue::Map(entries) => {
            for entry in entries {
                match kind.field(&entry.key.value) {
                    Some(decl) => given.fields.push((decl.name, &entry.value)),
                    None => {
                        unknown_field(reader, kind, entry, entries);
                        given.whole = false;
                    }
                }
            }
        }
    }
    given
}

fn fill(
    reader: &mut Reader<'_>,
    value: &mut KindValue,
    decl: &'static FieldDecl,
    node: &Node,
    instance: Option<&Instance>,
) -> bool {
    let (mark, noted) = (reader.mark(), reader.written_mark());
    let Some(put) = reader.put(node, instance) else {
        return false;
    };
    reader.label_written(noted, decl.name);
    let stand_ins = reader.take_stand_ins(mark);
    let read = if stand_ins.is_empty() {
        reader.read_field(&put, decl)
    } else {
        value.stood_in.push(decl.name);
        reader.read_stand_in(&put, decl, &stand_ins)
    };
    let Some(read) = read else {
        return false;
    };
    let shown = match &put {
        Cow::Borrowed(node) => shown(node),
        Cow::Owned(_) => shown(&named(reader, node, instance)),
    };
    value.options.insert(decl.name, shown.into());
    value.fields.insert(decl.name, read, node.span);
    true
}

fn fill_default(reader: &mut Reader<'_>, value: &mut KindValue, decl: &'static FieldDecl) -> bool {
    if let Some(default) = decl.default {
        if !is_shared(decl) {
            let Some(read) = reader.default_of(decl) else {
                return false;
            };
            value.fields.insert(decl.name, read, Span::NOWHERE);
        }
        value.options.insert(decl.name, default.into());
    } else if matches!(decl.ty, FieldType::Roots) {
        let roots = FieldValue::Roots(std::sync::Arc::clone(&reader.roots));
        value.options.insert(decl.name, reader.roots_shown.clone());
        value.fields.insert(decl.name, roots, Span::NOWHERE);
    }
    true
}

/// Returns a node with its variables put in and its secrets by name.
fn named(reader: &Reader<'_>, node: &Node, instance: Option<&Instance>) -> Node {
    let value = match &node.value {
        NodeValue::Scalar(scalar) => {
            let mut scalar = scalar.clone();
            scalar.text = reader.shown(&scalar, instance);
            NodeValue::Scalar(scalar)
        }
        NodeValue::List(items) => {
            NodeValue::List(items.iter().map(|i| named(reader, i, instance)).collect())
        }
        NodeValue::Map(entries) => NodeValue::Map(
            entries
                .iter()
                .map(|e| Entry {
                    key: e.key.clone(),
                    value: named(reader, &e.value, instance),
                })
                .collect(),
        ),
    };
    Node {
        value,
        span: node.span,
    }
}

/// Writes a node on one line: a scalar as it is, anything else as JSON.
pub(crate) fn shown(node: &Node) -> String {
    match node.as_scalar() {
        Some(scalar) => scalar.text.clone(),
        None => to_json(node).to_string(),
    }
}

fn unknown_field(
    reader: &mut Reader<'_>,
    kind: &'static KindDecl,
    entry: &Entry,
    entries: &[Entry],
) {
    let key = &entry.key.value;
    let message = format!("`{}` has no key `{key}`", kind.name);
    let fields = kind.fields.iter().map(|f| f.name);
    let hint = if let Some(near) = closest(key, fields.clone()) {
        format!("Did you mean `{near}`?")
    } else if keys::CHECK.iter().any(|d| d.name == key) {
        format!(
            "`{key}` belongs to the check: one level further out, beside `{}`.",
            kind.name
        )
    } else if kind.fact(key).is_some() {
        format!("`{key}` is a fact: it belongs under `expect`.")
    } else {
        format!("The keys of `{}` are {}.", kind.name, list(fields.clone()))
    };
    reader.mistakes.push(
        Diagnostic::error("config/unknown_key", message, entry.key.span)
            .hint(hint)
            .fix_key(key, entries, fields),
    );
}
