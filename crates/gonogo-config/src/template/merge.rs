//! Lays a check over the templates that it extends.

use gonogo_kind::{Entry, Node, NodeValue};

use super::table::{self, Line, Templates};
use crate::reader::Reader;

/// The entries of a check together with those of its templates.
#[derive(Debug, Default)]
pub(crate) struct Extended {
    pub(crate) entries: Vec<Entry>,
    /// Which template each entry comes from.
    from: Vec<From>,
    /// Whether every template that was named is there.
    pub(crate) whole: bool,
}

/// Where an entry comes from: a template, by its place in the table, and each part of a map.
#[derive(Debug, Clone, Default)]
struct From {
    template: Option<usize>,
    parts: Vec<Option<usize>>,
}

impl<'n> Templates<'n> {
    /// Returns a check with what it extends; nothing when it extends nothing.
    pub(crate) fn extend(&self, reader: &mut Reader<'_>, entries: &[Entry]) -> Option<Extended> {
        let extends = table::extends(entries)?;
        let line = self.line_of(reader, &extends.value);
        let of_templates = line.layers.iter().filter_map(|at| self.list.get(*at));
        let cost = of_templates.map(|template| template.weight).sum();
        if !reader.expand(cost, extends.value.span) {
            return Some(Extended::default());
        }
        let mut extended = self.laid(reader, &line);
        extended.lay(reader, entries, None);
        Some(extended)
    }

    /// Returns the layers of a line as one.
    pub(super) fn laid(&self, reader: &Reader<'_>, line: &Line) -> Extended {
        let mut extended = Extended {
            whole: line.whole,
            ..Extended::default()
        };
        for at in &line.layers {
            if let Some(template) = self.list.get(*at) {
                extended.lay(reader, template.entries, Some(*at));
            }
        }
        extended
    }
}

/// Which templates the parts of one key come from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parts<'e> {
    templates: &'e Templates<'e>,
    from: Option<&'e From>,
}

impl<'e> Parts<'e> {
    /// Returns the origins of a key of a check.
    pub(crate) fn of(
        templates: &'e Templates<'e>,
        extended: Option<&'e Extended>,
        key: &str,
    ) -> Self {
        let from = extended.and_then(|e| {
            let at = e.entries.iter().position(|entry| entry.key.value == key)?;
            e.from.get(at)
        });
        Self { templates, from }
    }

    /// Returns the name of the template that a part comes from, unless the check says it itself.
    pub(crate) fn template(&self, part: usize) -> Option<&'e str> {
        let from = self.from?;
        let at = match from.parts.get(part) {
            Some(at) => (*at)?,
            None => from.template?,
        };
        self.templates.list.get(at).map(|template| template.name)
    }
}

impl Extended {
    /// Lays entries over those that are there.
    fn lay(&mut self, reader: &Reader<'_>, entries: &[Entry], template: Option<usize>) {
        for entry in entries {
            let name = entry.key.value.as_str();
            // What a template extends is laid down already, and its `each` was refused.
            if template.is_some() && matches!(name, "extends" | "each") {
                continue;
            }
            let below = self.entries.iter().position(|e| e.key.value == name);
            let pair =
                below.and_then(|at| Some((self.entries.get_mut(at)?, self.from.get_mut(at)?)));
            let Some((below, from)) = pair else {
                self.entries.push(entry.clone());
                self.from.push(From {
                    template,
                    parts: Vec::new(),
                });
                continue;
            };
            let over = match reader.inputs.kinds.find(name) {
                Some(kind) if is_map(&below.value) != is_map(&entry.value) => {
                    below.value = long_form(&below.value, kind.short);
                    long_form(&entry.value, kind.short)
                }
                _ => entry.value.clone(),
            };
            let merges = MERGED.contains(&name) || reader.inputs.kinds.find(name).is_some();
            below.key = entry.key.clone();
            if merges {
                lay_map(below, from, over, template);
            } else {
                below.value = over;
                *from = From {
                    template,
                    parts: Vec::new(),
                };
            }
        }
    }
}

/// Lays a map over another key by key; what is no map replaces what is there.
fn lay_map(below: &mut Entry, from: &mut From, over: Node, template: Option<usize>) {
    let span = over.span;
    match (&mut below.value.value, over.value) {
        (NodeValue::Map(entries), NodeValue::Map(over)) if !over.is_empty() => {
            if from.parts.is_empty() {
                from.parts = vec![from.template; entries.len()];
            }
            for entry in over {
                match entries.iter().position(|e| e.key.value == entry.key.value) {
                    Some(at) => {
                        if let (Some(place), Some(part)) =
                            (entries.get_mut(at), from.parts.get_mut(at))
                        {
                            *place = entry;
                            *part = template;
                        }
                    }
                    None => {
                        entries.push(entry);
                        from.parts.push(template);
                    }
                }
            }
        }
        (value, over) => {
            *value = over;
            from.parts = Vec::new();
        }
    }
    from.template = template;
    below.value.span = span;
}

fn is_map(node: &Node) -> bool {
    matches!(node.value, NodeValue::Map(_))
}

/// Returns the value of a kind as a map: a short form stands for its one field.
fn long_form(node: &Node, short: &str) -> Node {
    if is_map(node) {
        return node.clone();
    }
    let key = gonogo_kind::Spanned {
        value: short.to_owned(),
        span: node.span,
    };
    let entry = Entry {
        key,
        value: node.clone(),
    };
    Node {
        value: NodeValue::Map(vec![entry]),
        span: node.span,
    }
}

/// The keys beside those of the kinds whose maps are joined key by key.
const MERGED: [&str; 4] = ["expect", "should", "retry", "message"];
