//! Puts variables into texts.
//!
//! This happens after parsing and inside one scalar: a value that looks like YAML stays a text, and
//! what was put in is not looked at again. `$${` is a literal `${`; a `$` by itself is a `$`.

use std::borrow::Cow;
use std::ops::Range;

use gonogo_kind::{Diagnostic, Entry, Node, NodeValue, Scalar, ScalarStyle, Span};

use crate::hidden_in::too_many;
use crate::names::{Known, Sort};
use crate::reader::Reader;
use crate::stand_in::{self, Extent, StandIn};

/// The instance of an `each` that is read: its name is `${each}`, and it may bring values.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) name: String,
    pub(crate) values: Vec<Value>,
}

/// A value of an instance.
#[derive(Debug)]
pub(crate) struct Value {
    pub(crate) name: String,
    /// The text; none when a mistake in it was reported.
    pub(crate) text: Option<Scalar>,
    /// The text with secrets by name.
    pub(crate) shown: String,
    /// Whether a secret that is not here stands in the text.
    pub(crate) stand_in: Option<Extent>,
    /// The text as it is written, when it reads something from outside.
    pub(crate) written: Option<String>,
}

/// Returns whether a text holds an unescaped `${`.
pub(crate) fn mentions_variable(text: &str) -> bool {
    text.contains("${")
        && pieces(text).any(|p| matches!(p, Piece::Name { .. } | Piece::Unclosed { .. }))
}

/// Returns the names that a text mentions.
pub(crate) fn mentioned(text: &str) -> impl Iterator<Item = &str> {
    pieces(text).filter_map(|piece| match piece {
        Piece::Name { name, .. } => Some(name),
        Piece::Text(_) | Piece::Unclosed { .. } => None,
    })
}

impl Reader<'_> {
    /// Returns a node with its variables put in; nothing when one of them has no value.
    pub(crate) fn put<'n>(
        &mut self,
        node: &'n Node,
        instance: Option<&Instance>,
    ) -> Option<Cow<'n, Node>> {
        if !needs_work(node) {
            return Some(Cow::Borrowed(node));
        }
        let value = match &node.value {
            NodeValue::Scalar(scalar) => {
                NodeValue::Scalar(self.put_scalar(scalar, node.span, instance)?)
            }
            NodeValue::List(items) => {
                // Every item is looked at, so that all mistakes are found.
                let items: Vec<Option<Node>> = items
                    .iter()
                    .enumerate()
                    .map(|(place, item)| {
                        let mark = self.written_mark();
                        let put = self.put(item, instance).map(Cow::into_owned);
                        if mark < self.written_mark() {
                            self.label_written(mark, &place.to_string());
                        }
                        put
                    })
                    .collect();
                NodeValue::List(items.into_iter().collect::<Option<_>>()?)
            }
            NodeValue::Map(entries) => {
                let entries: Vec<Option<Entry>> = entries
                    .iter()
                    .map(|entry| self.put_entry(entry, instance))
                    .collect();
                NodeValue::Map(entries.into_iter().collect::<Option<_>>()?)
            }
        };
        Some(Cow::Owned(Node {
            value,
            span: node.span,
        }))
    }

    fn put_entry(&mut self, entry: &Entry, instance: Option<&Instance>) -> Option<Entry> {
        if mentions_variable(&entry.key.value) {
            self.variable_not_here("a key", entry.key.span);
            return None;
        }
        let mark = self.written_mark();
        let value = self.put(&entry.value, instance)?.into_owned();
        self.label_written(mark, &entry.key.value);
        Some(Entry {
            key: entry.key.clone(),
            value,
        })
    }

    fn put_scalar(
        &mut self,
        scalar: &Scalar,
        span: Span,
        instance: Option<&Instance>,
    ) -> Option<Scalar> {
        let mut put = Put::new(scalar);
        let mut whole = true;
        let mut mistakes = 0;
        for piece in pieces(&scalar.text) {
            match piece {
                Piece::Text(piece) => put.push(piece),
                Piece::Unclosed { at } => {
                    self.unclosed(at_offset(span, scalar, at));
                    whole = false;
                }
                Piece::Name { name, at } => {
                    match self.look_up(name, at_offset(span, scalar, at), instance) {
                        Found::Text(value, is_secret) => {
                            self.substituted = self.substituted.saturating_add(value.len());
                            put.push(&value);
                            put.secret |= is_secret;
                        }
                        Found::StandIn(value, extent) => {
                            let is_all = name.len() + "${}".len() == scalar.text.len();
                            put.stand_in(&value, if is_all { extent } else { Extent::Part });
                        }
                        Found::Nothing => whole = false,
                        // Each is a look through the whole text; a few say enough.
                        Found::Undeclared if mistakes == MAX_MISTAKES => return None,
                        Found::Undeclared => {
                            mistakes += 1;
                            self.undeclared(name, at_offset(span, scalar, at), instance);
                            whole = false;
                        }
                    }
                }
            }
            if self.substituted > MAX_SUBSTITUTED {
                self.too_much(span);
                return None;
            }
        }
        self.hide.passwords(put.real.as_ref().unwrap_or(&put.text));
        if self.hide.is_full() {
            self.mistakes.push(too_many());
            return None;
        }
        let stand_in = put.extent.map(|extent| StandIn { span, extent });
        self.stand_ins.extend(stand_in);
        self.note_written(scalar, instance);
        whole.then_some(Scalar {
            text: put.text,
            style: scalar.style,
            secret: put.secret,
        })
    }

    /// Returns whether every variable in a text is declared and has a value, so that it says the same in
    /// every check.
    pub(crate) fn is_settled(&self, text: &str) -> bool {
        pieces(text).all(|piece| match piece {
            Piece::Text(_) | Piece::Unclosed { .. } => true,
            Piece::Name { name, .. } => self
                .names
                .by_name
                .get(name)
                .is_some_and(|known| matches!(known.value, Known::Value(_))),
        })
    }

    /// Returns a text with its variables put in and secrets by name, as a plan shows it.
    pub(crate) fn shown(&self, scalar: &Scalar, instance: Option<&Instance>) -> String {
        let mut text = String::with_capacity(scalar.text.len());
        for piece in pieces(&scalar.text) {
            match piece {
                Piece::Text(piece) => text.push_str(piece),
                Piece::Unclosed { .. } => {}
                Piece::Name { name, .. } => match instance_value(name, instance) {
                    Some(InstanceValue::Name(each)) => text.push_str(each),
                    Some(InstanceValue::Value(value)) => text.push_str(&value.shown),
                    None => match self.names.by_name.get(name).map(|n| (n.sort, &n.value)) {
                        Some((Sort::Variable, Known::Value(value))) => text.push_str(value),
                        _ => {
                            text.push_str("${");
                            text.push_str(name);
                            text.push('}');
                        }
                    },
                },
            }
        }
        text
    }

    fn look_up(&mut self, name: &str, at: Span, instance: Option<&Instance>) -> Found {
        match instance_value(name, instance) {
            Some(InstanceValue::Name(each)) => return Found::Text(each.to_owned(), false),
            Some(InstanceValue::Value(value)) => {
                return match (&value.text, value.stand_in) {
                    (Some(scalar), Some(extent)) => Found::StandIn(scalar.text.clone(), extent),
                    (Some(scalar), None) => Found::Text(scalar.text.clone(), scalar.secret),
                    (None, _) => Found::Nothing,
                };
            }
            None => {}
        }
        let Some(known) = self.names.by_name.get(name) else {
            return Found::Undeclared;
        };
        known.used.set(true);
        match &known.value {
            Known::Value(value) => Found::Text(value.clone(), known.sort == Sort::Secret),
            Known::Reported => Found::Nothing,
            Known::Unset => {
                // Only a value of a layer is read while one may still be unset.
                let message = format!("`{name}` has no value that another could be made of");
                let hint =
                    format!("Set `{name}` where it is declared, or give `--var {name}=...`.");
                self.mistakes
                    .push(Diagnostic::error("config/unset_variable", message, at).hint(hint));
                Found::Nothing
            }
            Known::Elsewhere => {
                // That a program is not run to read a gate is no news.
                if !self.from_commands.iter().any(|n| n == name) {
                    let message =
                        format!("the secret `{name}` has no value here ({})", known.origin);
                    let hint = "Something else stands in for it: the checks that use it are read, and cannot be run.";
                    self.mistakes.push(
                        Diagnostic::error("config/unset_secret", message, known.span)
                            .warning()
                            .hint(hint),
                    );
                }
                Found::StandIn(stand_in::WORD.to_owned(), Extent::Whole)
            }
        }
    }

    /// Says that `${...}` stands where nothing is put in.
    pub(crate) fn variable_not_here(&mut self, what: &str, span: Span) {
        let message = format!("{what} cannot hold a variable");
        self.mistakes.push(
            Diagnostic::error("config/variable_not_here", message, span)
                .hint("Write the text out; a literal `${` is written `$${`."),
        );
    }

    fn undeclared(&mut self, name: &str, span: Span, instance: Option<&Instance>) {
        let message = format!("nothing declares `{name}`");
        let mistake = Diagnostic::error("config/unknown_variable", message, span);
        let trimmed = name.trim();
        let of_instance = instance
            .into_iter()
            .flat_map(|i| i.values.iter().map(|v| v.name.as_str()));
        let each = instance.map(|_| "each");
        let declared = self.names.by_name.keys().map(String::as_str);
        let candidates = declared.chain(of_instance).chain(each);
        let short = trimmed
            .split([':', '-', '?', '|', ' ', '='])
            .next()
            .unwrap_or_default();
        let hint = if let Some(near) = self.mistakes.closest(trimmed, candidates) {
            format!("Did you mean `${{{near}}}`?")
        } else if short != trimmed && self.names.by_name.contains_key(short) {
            format!("Write `${{{short}}}`; a default stands where `{short}` is declared.")
        } else if trimmed == "each" {
            "`${each}` is the name of an instance: the check has no `each`.".to_owned()
        } else {
            let (name, env) = (short.to_lowercase(), short.to_uppercase());
            format!(
                "Declare it, `vars: {{ {name}: {{ env: {env} }} }}`, and write `${{{name}}}`; a literal `${{` is written `$${{`."
            )
        };
        self.mistakes.push(mistake.hint(hint));
    }

    fn unclosed(&mut self, span: Span) {
        self.mistakes.push(
            Diagnostic::error("config/unclosed_variable", "a `${` has no `}`", span)
                .hint("Close it; a literal `${` is written `$${`."),
        );
    }

    fn too_much(&mut self, span: Span) {
        let message = "variables make the file larger than 16 MiB";
        self.mistakes.push(
            Diagnostic::error("config/too_large", message, span)
                .hint("Split the gate into several files."),
        );
    }
}

/// A text that is being put together.
struct Put {
    text: String,
    /// The text without stand-ins, when there are any: nothing of them is to be hidden.
    real: Option<String>,
    secret: bool,
    extent: Option<Extent>,
}

impl Put {
    fn new(scalar: &Scalar) -> Self {
        Self {
            text: String::with_capacity(scalar.text.len()),
            real: None,
            secret: scalar.secret,
            extent: None,
        }
    }

    fn push(&mut self, piece: &str) {
        self.text.push_str(piece);
        if let Some(real) = &mut self.real {
            real.push_str(piece);
        }
    }

    fn stand_in(&mut self, word: &str, extent: Extent) {
        self.real.get_or_insert_with(|| self.text.clone());
        self.text.push_str(word);
        self.secret = true;
        self.extent = Some(extent);
    }
}

enum Found {
    /// The text, and whether it is a secret.
    Text(String, bool),
    /// What stands in for a secret that is not here.
    StandIn(String, Extent),
    /// It has no value, and that was reported if it is a mistake.
    Nothing,
    Undeclared,
}

/// What a name means within an instance.
pub(crate) enum InstanceValue<'i> {
    Name(&'i str),
    Value(&'i Value),
}

/// Returns what a name means within an instance.
pub(crate) fn instance_value<'i>(
    name: &str,
    instance: Option<&'i Instance>,
) -> Option<InstanceValue<'i>> {
    let instance = instance?;
    if name == "each" {
        return Some(InstanceValue::Name(&instance.name));
    }
    instance
        .values
        .iter()
        .find(|v| v.name == name)
        .map(InstanceValue::Value)
}

fn needs_work(node: &Node) -> bool {
    match &node.value {
        NodeValue::Scalar(scalar) => scalar.text.contains("${"),
        NodeValue::List(items) => items.iter().any(needs_work),
        NodeValue::Map(entries) => entries
            .iter()
            .any(|e| e.key.value.contains("${") || needs_work(&e.value)),
    }
}

/// A part of a text.
pub(crate) enum Piece<'t> {
    Text(&'t str),
    /// `${name}`, and where it begins.
    Name {
        name: &'t str,
        at: usize,
    },
    /// A `${` without `}`, and where it begins.
    Unclosed {
        at: usize,
    },
}

/// Takes a text apart.
pub(crate) fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let begin = at;
        if rest.starts_with("$${") {
            at += 3;
            return rest.get(1..3).map(Piece::Text);
        }
        if let Some(inside) = rest.strip_prefix("${") {
            return match inside.split_once('}') {
                Some((name, _)) if !name.contains("${") => {
                    at += name.len() + 3;
                    Some(Piece::Name { name, at: begin })
                }
                _ => {
                    at = text.len();
                    Some(Piece::Unclosed { at: begin })
                }
            };
        }
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let next = rest.get(first..).and_then(|r| r.find('$'));
        at = next.map_or(text.len(), |offset| begin + first + offset);
        text.get(begin..at).map(Piece::Text)
    })
}

/// Returns the place of a `${...}` inside a scalar.
fn at_offset(span: Span, scalar: &Scalar, at: usize) -> Span {
    let end = scalar.text.get(at..).and_then(|t| t.find('}'));
    let end = end.map_or(scalar.text.len(), |end| at + end + 1);
    within(span, scalar, at..end)
}

/// Returns a place inside a scalar, where the scalar stands in the source as it is.
pub(crate) fn within(span: Span, scalar: &Scalar, at: Range<usize>) -> Span {
    let quotes = match span
        .end
        .saturating_sub(span.start)
        .checked_sub(scalar.text.len())
    {
        Some(0) if scalar.text.is_ascii() => 0,
        Some(2) if scalar.text.is_ascii() && scalar.style == ScalarStyle::Quoted => 1,
        _ => return span,
    };
    Span {
        start: span.start + quotes + at.start,
        end: span.start + quotes + at.end,
        column: span.column + u32::try_from(quotes + at.start).unwrap_or(0),
        ..span
    }
}

/// How many undeclared names of one text are reported.
const MAX_MISTAKES: usize = 20;
/// How many bytes variables may put in.
const MAX_SUBSTITUTED: usize = 16 << 20;
