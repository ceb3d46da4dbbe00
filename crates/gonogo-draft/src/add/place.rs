//! Where a check goes in the text of a gate file, so that nothing else in it changes.

use gonogo_kind::{Entry, Node, NodeValue};

/// The end of a block of entries, and how its entries look.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// The byte before which a new entry goes.
    pub(super) end: usize,
    /// How far entries are indented.
    pub(super) indent: usize,
    /// How much further what belongs to an entry is indented.
    pub(super) step: usize,
    /// Whether an empty line stands between entries.
    pub(super) is_spaced: bool,
    /// How lines end.
    pub(super) line_end: &'static str,
}

/// Finds the end of the block under a key of the top level.
///
/// # Errors
///
/// Why nothing can be added there, as a lowercase fragment.
pub(super) fn block(text: &str, root: &Node, key: &str) -> Result<Block, String> {
    let entries = match &root.value {
        NodeValue::Map(entries) => entries,
        NodeValue::Scalar(_) | NodeValue::List(_) => return Err("the file is no map".to_owned()),
    };
    let entry = entries.iter().find(|entry| entry.key.value == key);
    let entry = entry.ok_or_else(|| format!("it has no `{key}`"))?;
    if entry.key.span.column != 1 {
        return Err(format!("`{key}` does not begin its line"));
    }
    let NodeValue::Map(items) = &entry.value.value else {
        return Err(format!("`{key}` holds nothing to line up with"));
    };
    let indent = lined_up(text, entry, items)?;
    let starts = entries.iter().map(|other| other.key.span.start);
    let limit = starts.filter(|start| *start > entry.key.span.start).min();
    let limit = limit.unwrap_or(text.len());
    if text
        .get(..limit)
        .is_some_and(|t| t.lines().any(|l| l.starts_with("...")))
    {
        return Err("the document ends by `...`".to_owned());
    }
    let last = items
        .last()
        .map_or(entry.key.span.start, |item| item.key.span.start);
    Ok(Block {
        end: end(text, last, limit),
        indent,
        step: step(items, indent),
        is_spaced: items.len() == 1 || is_spaced(text, last),
        line_end: line_end(text, entry.key.span.start),
    })
}

/// Returns how far the keys of entries are indented, each on a line of its own.
fn lined_up(text: &str, entry: &Entry, items: &[Entry]) -> Result<usize, String> {
    let key = &entry.key.value;
    let odd = || format!("the entries of `{key}` do not stand below each other");
    if text
        .get(entry.value.span.start..)
        .is_some_and(|t| t.starts_with('{'))
    {
        return Err(format!("`{key}` is written in braces"));
    }
    let mut before = entry.key.span.end;
    let mut indent = None;
    for item in items {
        let start = item.key.span.start;
        let line = text
            .get(..start)
            .and_then(|t| t.rsplit('\n').next())
            .ok_or_else(odd)?;
        let is_own_line = line.bytes().all(|b| b == b' ');
        // An alias repeats what stands elsewhere: its places do not follow each other.
        if start < before
            || !is_own_line
            || line.is_empty()
            || indent.is_some_and(|i| i != line.len())
        {
            return Err(odd());
        }
        indent = Some(line.len());
        before = item.key.span.end;
    }
    indent.ok_or_else(|| format!("`{key}` holds nothing to line up with"))
}

/// Returns the end of the last line that belongs to the block: comments at the margin are not of it.
fn end(text: &str, last: usize, limit: usize) -> usize {
    let region = text.get(last..limit).unwrap_or_default();
    let mut kept = 0;
    let mut at = 0;
    for line in region.split_inclusive('\n') {
        at += line.len();
        let is_empty = line.trim().is_empty();
        if !is_empty && (kept == 0 || !line.starts_with('#')) {
            kept = at;
        }
    }
    last + kept
}

fn step(items: &[Entry], indent: usize) -> usize {
    let inside = items.iter().find_map(|item| match &item.value.value {
        // In `id: { tcp: x }` the column says nothing.
        NodeValue::Map(entries) => entries
            .first()
            .filter(|first| first.key.span.line > item.key.span.line),
        NodeValue::Scalar(_) | NodeValue::List(_) => None,
    });
    let column = inside.map_or(0, |entry| entry.key.span.column as usize);
    match column.saturating_sub(1).saturating_sub(indent) {
        step @ 1..=8 => step,
        _ => 2,
    }
}

/// Returns whether an empty line stands before an entry and the comments that belong to it.
fn is_spaced(text: &str, start: usize) -> bool {
    let before = text.get(..start).unwrap_or_default();
    let above = before.rsplit('\n').skip(1);
    above
        .map(str::trim)
        .find(|line| !line.starts_with('#'))
        .is_some_and(str::is_empty)
}

fn line_end(text: &str, at: usize) -> &'static str {
    let line = text.get(at..).and_then(|t| t.split_inclusive('\n').next());
    if line.is_some_and(|line| line.ends_with("\r\n")) {
        "\r\n"
    } else {
        "\n"
    }
}
