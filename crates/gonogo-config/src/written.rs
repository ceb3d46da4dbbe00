//! What stands in the file where a value comes from outside: a variable that the environment may set, a
//! secret.
//!
//! Two gates that come to the same here need not do so where they run: a target that reads `${host}` is
//! another one than the host of today written out. What is read from outside is therefore kept as it is
//! written, beside what it came to.

use std::collections::BTreeMap;

use gonogo_kind::condition::Condition;
use gonogo_kind::{Node, Scalar, ScalarStyle, to_json};

use crate::names::{Known, Sort};
use crate::reader::Reader;
use crate::substitute::{Instance, InstanceValue, Piece, instance_value, pieces};

/// A text that reads something from outside.
#[derive(Debug)]
pub(crate) struct Written {
    /// Where it stands within what is read: `http.url`, `expect.json.$.version`.
    key: String,
    text: String,
}

impl Reader<'_> {
    /// Notes a text that reads something from outside.
    pub(crate) fn note_written(&mut self, scalar: &Scalar, instance: Option<&Instance>) {
        if let Some(text) = self.written_text(scalar, instance) {
            let key = String::new();
            self.written.push(Written { key, text });
        }
    }

    /// Notes what stands under a key, whatever it is.
    pub(crate) fn note_node(&mut self, key: &str, node: Option<&Node>) {
        if let Some(node) = node.filter(|_| self.inputs.comparing) {
            let (key, text) = (key.to_owned(), to_json(node).to_string());
            self.written.push(Written { key, text });
        }
    }

    /// Notes a condition, with what the names in it mean: by its text alone it could say anything.
    pub(crate) fn note_condition(
        &mut self,
        key: &str,
        condition: &Condition,
        instance: Option<&Instance>,
    ) {
        if !self.inputs.comparing {
            return;
        }
        let mut words: Vec<&str> = condition
            .text()
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .collect();
        words.sort_unstable();
        words.dedup();
        let mut noted = condition.normal();
        for word in words {
            let name = Scalar {
                text: format!("${{{word}}}"),
                style: ScalarStyle::Plain,
                secret: false,
            };
            let is_known =
                instance_value(word, instance).is_some() || self.names.by_name.contains_key(word);
            if is_known {
                let written = self.written_text(&name, instance);
                let means = written.unwrap_or_else(|| self.shown(&name, instance));
                // Each condition is one line among those of its check.
                let means = means.replace('\\', "\\\\").replace('\n', "\\n");
                noted.push_str(&format!(", where {word} is {means}"));
            }
        }
        self.written.push(Written {
            key: key.to_owned(),
            text: noted,
        });
    }

    /// Returns where texts that are noted from now on come to stand.
    pub(crate) const fn written_mark(&self) -> usize {
        self.written.len()
    }

    /// Says under which key the texts stand that were noted since a mark.
    pub(crate) fn label_written(&mut self, mark: usize, key: &str) {
        for written in self.written.iter_mut().skip(mark) {
            written.key = match written.key.as_str() {
                "" => key.to_owned(),
                rest => format!("{key}.{rest}"),
            };
        }
    }

    /// Takes the texts that were noted since a mark.
    pub(crate) fn take_written(&mut self, mark: usize) -> BTreeMap<String, String> {
        let taken = self.written.split_off(mark.min(self.written.len()));
        let mut by_key: BTreeMap<String, String> = BTreeMap::new();
        for written in taken {
            // Two texts under one key, such as a default and its template's, are both kept.
            by_key
                .entry(written.key)
                .and_modify(|text| {
                    text.push('\n');
                    text.push_str(&written.text);
                })
                .or_insert(written.text);
        }
        by_key
    }

    /// Returns a text in which only what comes from outside is left by name; none when nothing does.
    pub(crate) fn written_text(
        &self,
        scalar: &Scalar,
        instance: Option<&Instance>,
    ) -> Option<String> {
        let mut text = String::with_capacity(scalar.text.len());
        let mut is_open = false;
        for piece in pieces(&scalar.text) {
            let name = match piece {
                Piece::Text(piece) => {
                    text.push_str(&escaped(piece));
                    continue;
                }
                Piece::Unclosed { .. } => return None,
                Piece::Name { name, .. } => name,
            };
            match instance_value(name, instance) {
                Some(InstanceValue::Name(each)) => text.push_str(&escaped(each)),
                Some(InstanceValue::Value(value)) => match (&value.written, &value.text) {
                    (Some(written), _) => {
                        is_open = true;
                        text.push_str(written);
                    }
                    (None, Some(scalar)) => text.push_str(&escaped(&scalar.text)),
                    (None, None) => return None,
                },
                None => {
                    let known = self.names.by_name.get(name)?;
                    match (&known.value, known.sort) {
                        (_, Sort::Variable) if known.written.is_some() => {
                            is_open = true;
                            text.push_str(known.written.as_deref().unwrap_or_default());
                        }
                        (Known::Value(value), Sort::Variable) if !known.from_outside => {
                            text.push_str(&escaped(value));
                        }
                        _ => {
                            is_open = true;
                            text.push_str(&format!("${{{name}}}"));
                        }
                    }
                }
            }
        }
        is_open.then_some(text)
    }
}

/// Writes a literal `${` so that it is not taken for a variable.
fn escaped(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains("${") {
        text.replace("${", "$${").into()
    } else {
        text.into()
    }
}
