//! The keys that every check has, read by their declarations.

use std::time::Duration;

use gonogo_kind::{Diagnostic, Entry, FieldValue, Node, NodeValue, Span, Spanned};
use gonogo_model::Severity;

use crate::check::{Declared, unknown_key};
use crate::defaults::Retry;
use crate::keys::{self, CHECK, KeyDecl, Keys};
use crate::reader::Reader;
use crate::substitute::Instance;

/// Reads the common keys of one instance.
pub(crate) struct Common<'r, 'a> {
    pub(crate) reader: &'r mut Reader<'a>,
    pub(crate) keys: &'r Keys<'r>,
    pub(crate) instance: Option<&'r Instance>,
}

impl Common<'_, '_> {
    fn field(&mut self, name: &str) -> Option<FieldValue> {
        let decl: &KeyDecl = CHECK.iter().find(|d| d.name == name)?;
        self.reader.field(self.keys.get(name), decl, self.instance)
    }

    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        match self.field(name)? {
            FieldValue::Text(text) => Some(text.text),
            _ => None,
        }
    }

    pub(crate) fn texts(&mut self, name: &str) -> Vec<String> {
        match self.field(name) {
            Some(FieldValue::Texts(texts)) => texts.into_iter().map(|t| t.text).collect(),
            _ => Vec::new(),
        }
    }

    pub(crate) fn duration(&mut self, name: &str) -> Option<Duration> {
        match self.field(name)? {
            FieldValue::Duration(duration) => Some(duration),
            _ => None,
        }
    }

    pub(crate) fn integer(&mut self, name: &str) -> Option<u32> {
        match self.field(name)? {
            FieldValue::Integer(number) => u32::try_from(number).ok(),
            _ => None,
        }
    }

    pub(crate) fn severity(&mut self) -> Option<(Severity, Span)> {
        let span = self.keys.get("severity")?.span;
        Some((severity_of(&self.text("severity")?), span))
    }

    pub(crate) fn spanned_text(&mut self, name: &str) -> Option<Spanned<String>> {
        let span = self.keys.get(name)?.span;
        let value = self.text(name)?;
        Some(Spanned { value, span })
    }

    /// Returns texts with the places of the list's items.
    pub(crate) fn spanned_texts(&mut self, name: &str) -> Vec<Spanned<String>> {
        let texts = self.texts(name);
        let items: &[Node] = match self.keys.get(name).map(|node| &node.value) {
            Some(NodeValue::List(items)) => items,
            _ => &[],
        };
        let spans = items.iter().map(|item| item.span);
        texts
            .into_iter()
            .zip(spans)
            .map(|(value, span)| Spanned { value, span })
            .collect()
    }

    /// Returns phases or tags, each of which the gate must declare.
    pub(crate) fn declared(
        &mut self,
        name: &str,
        declared: &[(String, Span)],
        code: &'static str,
    ) -> Vec<String> {
        let mut known: Vec<String> = Vec::new();
        for text in self.spanned_texts(name) {
            if !declared.iter().any(|(name, _)| *name == text.value) {
                let message = format!("`{name}` of the gate does not declare `{}`", text.value);
                let names = declared.iter().map(|(n, _)| n.as_str());
                let near = self.reader.mistakes.closest(&text.value, names);
                let hint = match near {
                    Some(near) => format!("Did you mean `{near}`?"),
                    None => format!("Declare it at the top level: `{name}: [...]`."),
                };
                self.reader
                    .mistakes
                    .push(Diagnostic::error(code, message, text.span).hint(hint));
            } else if !known.contains(&text.value) {
                known.push(text.value);
            }
        }
        known
    }
}

/// Reads the common keys of what is no whole check for their mistakes alone.
pub(crate) fn look(
    reader: &mut Reader<'_>,
    entries: &[Entry],
    span: Span,
    declared: &Declared<'_>,
) {
    for entry in entries {
        let key = entry.key.value.as_str();
        if let Some(decl) = CHECK.iter().find(|d| d.name == key) {
            keys::not_yet(reader, decl, entry.key.span);
            reader.field(Some(&entry.value), decl, None);
        } else if reader.inputs.kinds.find(key).is_none() {
            unknown_key(reader, entry, entries);
        }
    }
    let keys = Keys::unchecked(entries, span);
    Retry::read(reader, keys.entry("retry"), declared.defaults.retry, None);
    let mut read = Common {
        reader,
        keys: &keys,
        instance: None,
    };
    read.declared("phases", declared.phases, "config/unknown_phase");
    read.declared("tags", declared.tags, "config/unknown_tag");
}

/// Reads the word of a severity that was read as one.
pub(crate) fn severity_of(word: &str) -> Severity {
    match word {
        "warning" => Severity::Warning,
        "info" => Severity::Info,
        _ => Severity::Blocker,
    }
}
