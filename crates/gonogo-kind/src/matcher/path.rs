//! JSONPath, RFC 9535: which parts of a document a rule looks at.

use serde_json::Value as Json;
use serde_json_path::JsonPath;

/// A path into a JSON document.
#[derive(Debug, Clone)]
pub(super) struct Path {
    text: String,
    path: JsonPath,
    /// Whether the path names one place at most: names and indexes only.
    singular: bool,
    /// The path without its last step, and what that step needs to be there.
    parent: Option<(JsonPath, Holder)>,
}

/// What can hold the last step of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holder {
    Object,
    Array,
    Either,
}

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    ///
    /// What is wrong with it, as a lowercase fragment.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        // The parser is recursive; nobody writes such paths.
        if text.len() > MAX_LENGTH || depth(text) > MAX_DEPTH {
            return Err("it is too long or too deep".to_owned());
        }
        let path = JsonPath::parse(text).map_err(|error| {
            format!(
                "it cannot be read from character {} on",
                error.position() + 1
            )
        })?;
        let steps = steps(text);
        let parent = steps.last().and_then(|last| {
            let parent = JsonPath::parse(text.get(..last.start)?.trim_end()).ok()?;
            Some((parent, last.holder()))
        });
        Ok(Self {
            text: text.to_owned(),
            path,
            singular: steps.iter().all(Step::is_singular),
            parent,
        })
    }

    /// Returns the path as it was written.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns whether it names one place at most.
    pub(super) const fn is_singular(&self) -> bool {
        self.singular
    }

    /// Returns what it selects.
    pub(super) fn select<'j>(&self, document: &'j Json) -> Vec<&'j Json> {
        self.path.query(document).all()
    }

    /// Returns whether whatever could hold the last step is there.
    pub(super) fn has_parent(&self, document: &Json) -> bool {
        let Some((parent, holder)) = &self.parent else {
            return true;
        };
        let nodes = parent.query(document).all();
        nodes.iter().any(|node| match holder {
            Holder::Object => node.is_object(),
            Holder::Array => node.is_array(),
            Holder::Either => node.is_object() || node.is_array(),
        })
    }
}

/// One step of a path: `.name`, `[0]`, `..[*]`.
#[derive(Debug)]
struct Step<'t> {
    start: usize,
    text: &'t str,
}

impl Step<'_> {
    fn is_singular(&self) -> bool {
        if self.text.starts_with("..") || self.text == ".*" {
            return false;
        }
        match self.inside() {
            None => true,
            Some(inside) => is_index(inside) || is_name(inside),
        }
    }

    fn holder(&self) -> Holder {
        if self.text.starts_with("..") || self.text == ".*" {
            return Holder::Either;
        }
        match self.inside() {
            None => Holder::Object,
            Some(inside) if is_name(inside) => Holder::Object,
            Some(inside) if is_index(inside) => Holder::Array,
            Some(_) => Holder::Either,
        }
    }

    /// Returns what stands in the brackets, if there are any.
    fn inside(&self) -> Option<&str> {
        Some(self.text.strip_prefix('[')?.strip_suffix(']')?.trim())
    }
}

fn is_index(inside: &str) -> bool {
    let digits = inside.strip_prefix('-').unwrap_or(inside);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Returns whether there is one quoted name and nothing else.
fn is_name(inside: &str) -> bool {
    let quote = match inside.as_bytes().first() {
        Some(quote @ (b'\'' | b'"')) => *quote,
        _ => return false,
    };
    closing_quote(inside.as_bytes(), 0, quote) == Some(inside.len() - 1)
}

/// Returns where the quoted text ends that begins at `start`.
fn closing_quote(bytes: &[u8], start: usize, quote: u8) -> Option<usize> {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b if *b == quote => return Some(at),
            _ => at += 1,
        }
    }
    None
}

/// Splits a path that was found valid into its steps.
fn steps(text: &str) -> Vec<Step<'_>> {
    let bytes = text.as_bytes();
    let mut steps = Vec::new();
    let mut at = 1;
    while at < bytes.len() {
        if bytes[at].is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let start = at;
        while bytes.get(at) == Some(&b'.') {
            at += 1;
        }
        at = if bytes.get(at) == Some(&b'[') {
            closing_bracket(bytes, at)
        } else {
            let more = |b: &u8| !matches!(b, b'.' | b'[') && !b.is_ascii_whitespace();
            at + bytes[at..].iter().take_while(|b| more(b)).count()
        };
        at = at.max(start + 1);
        steps.push(Step {
            start,
            text: text.get(start..at).unwrap_or_default(),
        });
    }
    steps
}

/// Returns the place after the bracket that closes the one at `start`.
fn closing_bracket(bytes: &[u8], start: usize) -> usize {
    let (mut at, mut open) = (start, 0_usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'[' => open += 1,
            b']' if open == 1 => return at + 1,
            b']' => open -= 1,
            b'\'' | b'"' => at = closing_quote(bytes, at, *byte).unwrap_or(bytes.len()),
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// Returns how deep brackets are nested, those in quoted names included.
fn depth(text: &str) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'(' | b'!' => open += 1,
            b']' | b')' => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    most
}

const MAX_LENGTH: usize = 1_000;
const MAX_DEPTH: usize = 12;
