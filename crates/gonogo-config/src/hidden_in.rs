//! Finds passwords that stand in the gate file itself.

use gonogo_kind::{Diagnostic, Node, NodeValue, Span};

use crate::reader::Reader;

/// Hides the passwords of URLs that are written out in the file, and says that they do not belong there.
///
/// Returns whether all of them could be hidden.
pub(crate) fn literals(reader: &mut Reader<'_>, root: &Node) -> bool {
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        match &node.value {
            NodeValue::List(items) => open.extend(items),
            NodeValue::Map(entries) => {
                for entry in entries {
                    reader.hide.passwords(&entry.key.value);
                    let text = entry.value.as_scalar().map_or("", |scalar| &scalar.text);
                    if reader.hide.credential(&entry.key.value, text) {
                        reader.mistakes.push(in_the_file(entry.value.span));
                    }
                    open.push(&entry.value);
                }
            }
            NodeValue::Scalar(scalar) => {
                if reader.hide.written_passwords(&scalar.text) {
                    reader.mistakes.push(in_the_file(node.span));
                }
            }
        }
        if reader.hide.count() > MAX_PASSWORDS || reader.hide.is_full() {
            reader.mistakes.push(too_many());
            return false;
        }
    }
    true
}

fn in_the_file(span: Span) -> Diagnostic {
    Diagnostic::error(
        "config/password_in_file",
        "a password stands in the gate file",
        span,
    )
    .warning()
    .hint("Declare it under `secrets`: whoever reads the file reads the password.")
}

/// Hides the passwords in the lines of a file before anything of it is shown, be it YAML or not.
///
/// Returns whether all of them could be hidden.
pub(crate) fn lines(reader: &mut Reader<'_>, text: &str) -> bool {
    if !text.contains('@') {
        return true;
    }
    for line in text.lines().filter(|line| line.contains('@')) {
        reader.hide.written_passwords(line);
        if reader.hide.count() > MAX_PASSWORDS || reader.hide.is_full() {
            reader.mistakes.push(too_many());
            return false;
        }
    }
    true
}

pub(crate) fn too_many() -> Diagnostic {
    let message = format!("the file holds more than {MAX_PASSWORDS} passwords, or 8 KiB of them");
    Diagnostic::global("config/too_large", message)
        .hint("Declare them under `secrets`: whoever reads the file reads the passwords.")
}

/// Every encoding of each of them is looked for in all output.
const MAX_PASSWORDS: usize = 500;
