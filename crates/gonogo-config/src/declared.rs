//! Variables and secrets as the file declares them, for comparing two gates.

use gonogo_kind::manifest::DeclaredName;
use gonogo_kind::{Entry, Node, NodeValue, to_json};

use crate::names::Sort;
use crate::reader::Reader;

/// Returns the declarations of the file, without their meaning: they were read already.
pub(crate) fn all(
    reader: &Reader<'_>,
    vars: Option<&Node>,
    secrets: Option<&Node>,
) -> Vec<DeclaredName> {
    let mut all = of(reader, vars, Sort::Variable);
    all.extend(of(reader, secrets, Sort::Secret));
    all
}

fn of(reader: &Reader<'_>, node: Option<&Node>, sort: Sort) -> Vec<DeclaredName> {
    let entries: &[Entry] = match node.map(|node| &node.value) {
        Some(NodeValue::Map(entries)) => entries,
        Some(NodeValue::Scalar(_) | NodeValue::List(_)) | None => &[],
    };
    let declared = |entry: &Entry| {
        let text = |key: &str| {
            let scalar = entry.value.get(key).and_then(Node::as_scalar)?;
            Some(scalar.text.clone())
        };
        let constant = entry.value.as_scalar().map(|scalar| scalar.text.clone());
        DeclaredName {
            name: entry.key.value.clone(),
            is_secret: sort == Sort::Secret,
            env: text("env"),
            source: text("file").or_else(|| {
                let command = entry.value.get("command")?;
                Some(to_json(command).to_string())
            }),
            default: constant.or_else(|| text("default")),
            file: reader.file_of(entry.key.span).to_owned(),
            line: entry.key.span.line,
        }
    };
    entries.iter().map(declared).collect()
}
