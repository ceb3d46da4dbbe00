//! Reading a field by its declaration.

use std::path::PathBuf;
use std::sync::Arc;

use super::place::{read_address, read_name, read_url};
use super::{Choice, FieldDecl, FieldType, FieldValue, ReadCx, RootsSource, SecretText};
use crate::diagnostic::{Diagnostic, Diagnostics, Fix};
use crate::node::{Node, NodeValue, Scalar, ScalarStyle, Span};
use crate::suggest::{closest, slip};
use crate::unit;

/// Reads one field; mistakes go to `diagnostics`, and `None` comes back.
pub fn read_field(
    node: &Node,
    decl: &FieldDecl,
    cx: &ReadCx<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<FieldValue> {
    match read(node, decl, cx) {
        Ok(value) => Some(value),
        Err(mistake) => {
            diagnostics.push(mistake.into_diagnostic(node, decl));
            None
        }
    }
}

/// Why a node cannot be read as a field; `span` when only a part of the node is to blame.
pub(super) struct Misread {
    code: &'static str,
    message: String,
    hint: Option<String>,
    span: Option<Span>,
    /// The text that was meant beyond doubt.
    meant: Option<Box<str>>,
}

impl Misread {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            hint: None,
            span: None,
            meant: None,
        }
    }

    /// Says what was meant beyond doubt.
    fn meant(mut self, text: Option<impl Into<Box<str>>>) -> Self {
        self.meant = text.map(Into::into);
        self
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    fn into_diagnostic(self, node: &Node, decl: &FieldDecl) -> Diagnostic {
        let message = format!("{}: {}", decl.name, self.message);
        let hint = self
            .hint
            .unwrap_or_else(|| format!("for example `{}: {}`", decl.name, decl.example));
        let fix = self.meant.zip(node.as_scalar()).and_then(|(text, scalar)| {
            let style = scalar.style;
            Fix::scalar(node.span, style, &text).filter(|_| !scalar.secret)
        });
        Diagnostic::error(self.code, message, self.span.unwrap_or(node.span))
            .hint(hint)
            .fix(fix)
    }
}

fn read(node: &Node, decl: &FieldDecl, cx: &ReadCx<'_>) -> Result<FieldValue, Misread> {
    match decl.ty {
        FieldType::Text => Ok(FieldValue::Text(text(node)?.into())),
        FieldType::Name => read_name(text(node)?),
        FieldType::Url(schemes) => read_url(text(node)?, schemes),
        FieldType::Address(port) => read_address(text(node)?, port),
        FieldType::Integer { min, max } => read_integer(text(node)?, min, max),
        FieldType::Duration => read_duration(text(node)?),
        FieldType::Size => read_size(text(node)?),
        FieldType::Boolean => read_boolean(text(node)?),
        FieldType::Choice(choices) => read_choice(text(node)?, choices),
        FieldType::Texts => texts(node)
            .map(FieldValue::Texts)
            // The sentence says why it is a list: a command line in one text is a common mistake.
            .map_err(|mistake| {
                let (name, example) = (decl.name, decl.example);
                mistake.hint(format!(
                    "{} For example `{name}: {example}`.",
                    decl.sentence
                ))
            }),
        FieldType::TextMap => text_map(node).map(FieldValue::TextMap),
        FieldType::Json => match node.as_scalar() {
            Some(scalar) if is_nothing(scalar) => {
                Err(Misread::new("config/empty_value", "is empty"))
            }
            _ => Ok(FieldValue::Json(to_json(node))),
        },
        FieldType::Path => Ok(FieldValue::Path(cx.base.join(&text(node)?.text))),
        FieldType::File => {
            let (path, bytes) = read_file(text(node)?, cx)?;
            Ok(FieldValue::File(path, bytes))
        }
        FieldType::Roots => read_roots(node, cx),
    }
}

/// Returns whether nothing was written; `null` and `""` are something.
fn is_nothing(scalar: &Scalar) -> bool {
    scalar.style == ScalarStyle::Plain && scalar.text.is_empty()
}

/// Returns the scalar of a node that must be one value, and not nothing.
fn text(node: &Node) -> Result<&Scalar, Misread> {
    match node.as_scalar() {
        Some(scalar) if scalar.is_null() || scalar.text.is_empty() => {
            Err(Misread::new("config/empty_value", "is empty"))
        }
        Some(scalar) => Ok(scalar),
        None => Err(Misread::new(
            "config/wrong_type",
            format!("wants one value, not {}", node.describe()),
        )),
    }
}

fn read_integer(scalar: &Scalar, min: i64, max: i64) -> Result<FieldValue, Misread> {
    let number = unit::integer(&scalar.text)
        .map_err(|why| Misread::new("config/wrong_type", not(scalar, "a whole number", &why)))?;
    let number = number.to_i128().and_then(|n| i64::try_from(n).ok());
    match number.filter(|n| (min..=max).contains(n)) {
        Some(number) => Ok(FieldValue::Integer(number)),
        None => Err(Misread::new(
            "config/out_of_range",
            format!("`{}` is not within {min} to {max}", shown(scalar)),
        )),
    }
}

fn read_duration(scalar: &Scalar) -> Result<FieldValue, Misread> {
    let seconds = unit::duration(&scalar.text).map_err(|why| {
        Misread::new("config/wrong_unit", not(scalar, "a duration", &why))
            .meant(unit::meant_duration(&scalar.text))
    })?;
    match unit::to_std_duration(&seconds) {
        Some(duration) if !duration.is_zero() => Ok(FieldValue::Duration(duration)),
        _ => Err(Misread::new(
            "config/out_of_range",
            format!("`{}` is not a duration above zero", shown(scalar)),
        )),
    }
}

fn read_size(scalar: &Scalar) -> Result<FieldValue, Misread> {
    let bytes = unit::size(&scalar.text)
        .map_err(|why| Misread::new("config/wrong_unit", not(scalar, "a size", &why)))?;
    let refused = |what: &str| {
        let message = format!("`{}` is not {what}", shown(scalar));
        Misread::new("config/out_of_range", message)
    };
    match bytes.to_i128().and_then(|n| u64::try_from(n).ok()) {
        Some(0) => Err(refused("a size above zero")),
        Some(size) => Ok(FieldValue::Size(size)),
        None => Err(refused("a size in whole bytes that fits this machine")),
    }
}

/// Says that a text is not of a type, and why; the reason may quote the text, so a secret has none.
fn not(scalar: &Scalar, what: &str, why: &str) -> String {
    if scalar.secret {
        format!("`{}` is not {what}", shown(scalar))
    } else {
        format!("`{}` is not {what}: {why}", shown(scalar))
    }
}

/// Returns a scalar as a message may show it.
fn shown(scalar: &Scalar) -> String {
    unit::show::text(scalar.shown())
}

fn read_boolean(scalar: &Scalar) -> Result<FieldValue, Misread> {
    unit::boolean(&scalar.text)
        .map(FieldValue::Boolean)
        .map_err(|_| {
            Misread::new(
                "config/wrong_type",
                format!("wants true or false, not `{}`", shown(scalar)),
            )
            .hint("YAML 1.2 knows no yes, no, on or off")
            .meant(unit::meant_boolean(&scalar.text))
        })
}

fn read_choice(scalar: &Scalar, choices: &'static [Choice]) -> Result<FieldValue, Misread> {
    if choices.iter().any(|c| c.word == scalar.text) {
        return Ok(FieldValue::Text(scalar.into()));
    }
    let words = choices.iter().map(|c| c.word);
    let hint = match closest(&scalar.text, words.clone()) {
        Some(word) if !scalar.secret => format!("did you mean `{word}`?"),
        _ => format!("one of {}", words.collect::<Vec<_>>().join(", ")),
    };
    let message = format!("does not know `{}`", shown(scalar));
    Err(Misread::new("config/unknown_word", message)
        .hint(hint)
        .meant(slip(&scalar.text, choices.iter().map(|c| c.word))))
}

fn texts(node: &Node) -> Result<Vec<SecretText>, Misread> {
    match &node.value {
        NodeValue::List(items) if items.is_empty() => {
            Err(Misread::new("config/empty_list", "is an empty list"))
        }
        NodeValue::List(items) => items
            .iter()
            .map(|item| match item.as_scalar() {
                Some(scalar) if is_nothing(scalar) => Err(Misread {
                    span: Some(item.span),
                    ..Misread::new("config/empty_value", "has an item that is empty")
                }),
                Some(scalar) => Ok(scalar.into()),
                None => Err(Misread {
                    span: Some(item.span),
                    ..Misread::new(
                        "config/wrong_type",
                        format!("wants texts, not {}", item.describe()),
                    )
                }),
            })
            .collect(),
        NodeValue::Scalar(_) | NodeValue::Map(_) => Err(Misread::new(
            "config/wrong_type",
            format!("wants a list, not {}", node.describe()),
        )),
    }
}

fn text_map(node: &Node) -> Result<Vec<(String, SecretText)>, Misread> {
    let NodeValue::Map(entries) = &node.value else {
        return Err(Misread::new(
            "config/wrong_type",
            format!("wants a map, not {}", node.describe()),
        ));
    };
    entries
        .iter()
        .map(|entry| match entry.value.as_scalar() {
            Some(scalar) if is_nothing(scalar) => Err(Misread {
                span: Some(entry.key.span),
                ..Misread::new(
                    "config/empty_value",
                    format!("`{}` is empty", unit::show::text(&entry.key.value)),
                )
            }),
            Some(scalar) => Ok((entry.key.value.clone(), scalar.into())),
            None => Err(Misread {
                span: Some(entry.value.span),
                ..Misread::new(
                    "config/wrong_type",
                    format!("wants a text, not {}", entry.value.describe()),
                )
            }),
        })
        .collect()
}

/// Reads any node as JSON; plain scalars are typed by the core schema of YAML 1.2.
#[must_use]
pub fn to_json(node: &Node) -> serde_json::Value {
    use serde_json::Value as Json;
    match &node.value {
        NodeValue::Scalar(scalar) => unit::core_schema(scalar),
        NodeValue::List(items) => Json::Array(items.iter().map(to_json).collect()),
        NodeValue::Map(entries) => Json::Object(
            entries
                .iter()
                .map(|e| (e.key.value.clone(), to_json(&e.value)))
                .collect(),
        ),
    }
}

fn read_file(scalar: &Scalar, cx: &ReadCx<'_>) -> Result<(PathBuf, Arc<[u8]>), Misread> {
    let path = cx.base.join(&scalar.text);
    let bytes = (cx.read_file)(&path).map_err(|error| {
        Misread::new(
            "config/unreadable_file",
            format!("cannot read `{}`: {error}", shown(scalar)),
        )
        .hint("paths are relative to the folder of the file in which they stand")
    })?;
    Ok((path, bytes.into()))
}

fn read_roots(node: &Node, cx: &ReadCx<'_>) -> Result<FieldValue, Misread> {
    let items = match &node.value {
        NodeValue::List(items) if items.is_empty() => {
            return Err(Misread::new("config/empty_list", "is an empty list"));
        }
        NodeValue::List(items) => items.iter().collect(),
        NodeValue::Scalar(_) | NodeValue::Map(_) => vec![node],
    };
    let mut roots = RootsSource {
        system: false,
        files: Vec::new(),
    };
    for item in items {
        let scalar = text(item)?;
        if scalar.text == "system" {
            roots.system = true;
            continue;
        }
        let (path, bytes) = read_file(scalar, cx).map_err(|mistake| Misread {
            span: Some(item.span),
            ..mistake
        })?;
        if !bytes.windows(BEGIN.len()).any(|w| w == BEGIN) {
            let message = format!("`{}` holds no PEM certificate", shown(scalar));
            return Err(Misread {
                span: Some(item.span),
                ..Misread::new("config/bad_roots", message)
            });
        }
        roots.files.push((path, bytes));
    }
    Ok(FieldValue::Roots(Arc::new(roots)))
}

const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";
