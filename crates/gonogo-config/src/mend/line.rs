//! What can be taken out of a file without a trace: a whole line, or an item of a list.

use gonogo_kind::{Fix, Span};

use crate::source::SourceText;

/// Returns the fix that takes the line of a place out, line break and all, when nothing else hangs on it.
///
/// It must be one of several lines of its block, have no lines of its own below it, and no comment on
/// it or right above it, which is about it.
pub(crate) fn removed(source: &SourceText, span: Span) -> Option<Fix> {
    let number = source.line_of(span.start);
    let line = Line::of(source, number)?;
    let begins_line = source.line_start(number) + line.indent == span.start
        || line.text.trim_start().starts_with("- ");
    let above = number.checked_sub(1).and_then(|n| Line::of(source, n));
    let is_commented = line.text.contains(" #")
        || above.is_some_and(|above| above.text.trim_start().starts_with('#'));
    let below = neighbour(source, number, 1);
    let has_lines_of_its_own = below.as_ref().is_some_and(|b| b.indent > line.indent);
    let above = neighbour(source, number, -1);
    let is_sibling =
        |other: Option<Line<'_>>| other.is_some_and(|other| other.indent == line.indent);
    let has_siblings = is_sibling(above) || is_sibling(below);
    let next = source.line_start(number + 1);
    let is_whole = begins_line && !is_commented && !has_lines_of_its_own && has_siblings;
    (is_whole && next > span.start).then(|| Fix {
        span: Span {
            start: source.line_start(number),
            end: next,
            column: 1,
            ..span
        },
        replacement: String::new(),
    })
}

/// Returns the fix that takes an item out of a list, with the comma before it or its whole line.
pub(crate) fn removed_item(source: &SourceText, span: Span) -> Option<Fix> {
    let number = source.line_of(span.start);
    let start = source.line_start(number);
    let before = source.text().get(start..span.start)?;
    if before.trim() == "-" {
        return removed(source, span);
    }
    let comma = before.trim_end().strip_suffix(',')?;
    let comma_at = start + comma.trim_end().len();
    let column = comma.trim_end().chars().count() + 1;
    Some(Fix {
        span: Span {
            start: comma_at,
            column: u32::try_from(column).ok()?,
            ..span
        },
        replacement: String::new(),
    })
}

/// Returns the key that a value follows in its line.
pub(crate) fn key_before(source: &SourceText, at: usize) -> Option<&str> {
    let start = source.line_start(source.line_of(at));
    let before = source.text().get(start..at)?.trim_end();
    let key = before.strip_suffix(':')?;
    key.rsplit([' ', '{', ',']).next()
}

/// Returns the key of the file under which a place stands.
pub(crate) fn top_key(source: &SourceText, span: Span) -> Option<&str> {
    let above = source.text().get(..span.start)?;
    let mut lines = above.lines().rev();
    lines.find_map(|line| {
        let key = line.split(':').next()?;
        key.starts_with(|c: char| c.is_ascii_alphabetic())
            .then_some(key)
    })
}

/// A line and how far it is indented.
struct Line<'s> {
    text: &'s str,
    indent: usize,
}

impl<'s> Line<'s> {
    fn of(source: &'s SourceText, number: usize) -> Option<Self> {
        let (start, end) = (source.line_start(number), source.line_end(number));
        let text = source.text().get(start..end).filter(|_| number > 0)?;
        let indent = text.len() - text.trim_start_matches(' ').len();
        Some(Self { text, indent })
    }
}

/// Returns the nearest line above or below that holds something.
fn neighbour(source: &SourceText, number: usize, step: isize) -> Option<Line<'_>> {
    let mut at = number;
    for _ in 0..FAR {
        at = at.checked_add_signed(step)?;
        if source.line_start(at) >= source.text().len() {
            return None;
        }
        let line = Line::of(source, at)?;
        let content = line.text.trim_start();
        if !content.is_empty() && !content.starts_with('#') {
            return Some(line);
        }
    }
    None
}

/// How many empty lines and comments are looked past.
const FAR: usize = 100;
