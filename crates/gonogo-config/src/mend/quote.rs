//! Putting a value of a line into quotes, where YAML reads its first characters as something else.

use gonogo_kind::{Fix, Span};

use crate::source::SourceText;

/// What is around a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Around {
    /// Lines and their indentation: a value ends with its line.
    Block,
    /// Brackets: a value ends at a comma or a closing bracket, too.
    Flow,
}

impl Around {
    /// Says what is around a place, judging by what stands before it in its line.
    pub(crate) fn of(before: &str) -> Self {
        let mut open = 0_usize;
        let mut quote = None;
        let mut last = ' ';
        for c in before.chars() {
            match (quote, c) {
                (Some(q), _) if q == c => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') if matches!(last, ' ' | ',' | '{' | '[') => quote = Some(c),
                // A bracket inside a text, `$.items[0]`, opens nothing.
                (None, '{' | '[') if open > 0 || matches!(last, ' ' | '-') => open += 1,
                (None, '}' | ']') => open = open.saturating_sub(1),
                (None, _) => {}
            }
            last = c;
        }
        if open > 0 { Self::Flow } else { Self::Block }
    }
}

/// Returns the fix that puts the whole value into quotes that begins at a byte.
pub(crate) fn value_at(source: &SourceText, span: Span, around: Around) -> Option<Fix> {
    let value = value(source, span.start, around)?;
    let span = Span {
        end: span.start + value.len(),
        ..span
    };
    Some(Fix {
        span,
        replacement: quoted(value)?,
    })
}

/// Returns the fix that puts into quotes what stands in brackets around a byte: `$.items[*]`, `${host}:443`.
pub(crate) fn in_brackets(source: &SourceText, span: Span) -> Option<Fix> {
    let start = source.line_start(source.line_of(span.start));
    let before = source.text().get(start..span.start)?;
    let after = |separator: &str| before.rfind(separator).map(|at| at + separator.len());
    let begin = [": ", ", ", "{", "["].into_iter().filter_map(after).max()?;
    let spaces = before.get(begin..)?;
    let begin = begin + spaces.len() - spaces.trim_start().len();
    let column = before.get(..begin)?.chars().count() + 1;
    let at = Span {
        start: start + begin,
        column: u32::try_from(column).ok()?,
        ..span
    };
    value_at(source, at, Around::Flow)
}

/// Returns the fix of a text for people that holds a colon: `title: Fix: the edge`.
pub(crate) fn with_colon(source: &SourceText, span: Span) -> Option<Fix> {
    let start = source.line_start(source.line_of(span.start));
    let before = source.text().get(start..span.start)?;
    let (key, value) = before.split_once(": ")?;
    let key = key.trim_start_matches([' ', '-']);
    if !["title", "message", "owner", "reason", "release", "gate"].contains(&key) {
        return None;
    }
    let begin = before.len() - value.trim_start().len();
    let column = before.get(..begin)?.chars().count() + 1;
    let at = Span {
        start: start + begin,
        column: u32::try_from(column).ok()?,
        ..span
    };
    value_at(source, at, Around::Block)
}

/// Returns the value that begins at a byte, up to the end of its line.
pub(crate) fn value(source: &SourceText, start: usize, around: Around) -> Option<&str> {
    let end = source.line_end(source.line_of(start));
    let rest = source.text().get(start..end)?;
    let rest = match rest.find(" #").or_else(|| rest.find("\t#")) {
        Some(comment) => rest.get(..comment)?,
        None => rest,
    };
    let value = match around {
        Around::Block => rest,
        Around::Flow => rest.get(..end_in_flow(rest)?)?,
    };
    let value = value.trim_end();
    // A comma at the end belongs to brackets that were opened in another line, and a colon to a key.
    (!value.is_empty() && !value.ends_with([',', ':'])).then_some(value)
}

/// Returns where a value ends that stands in brackets: at a comma, or at the bracket around it.
fn end_in_flow(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    for (at, c) in text.char_indices() {
        let next = text.get(at + c.len_utf8()..)?;
        let is_end = next.is_empty() || next.starts_with([' ', '\t', '}', ']']);
        match c {
            '{' | '[' => open += 1,
            '}' | ']' if open == 0 => return Some(at),
            '}' | ']' => open -= 1,
            ',' if open == 0 => return Some(at),
            ':' if open == 0 && is_end => return Some(at),
            '"' | '\'' => return None,
            _ => {}
        }
    }
    None
}

/// Puts a text into quotes in which every character is itself.
pub(crate) fn quoted(text: &str) -> Option<String> {
    if !text.contains(['"', '\\']) {
        return Some(format!("\"{text}\""));
    }
    (!text.contains('\'')).then(|| format!("'{text}'"))
}

/// Returns the fix of a double-quoted text with a backslash that is a backslash: single quotes.
///
/// One that YAML knows, `\n` or `\"`, may be meant as YAML reads it, and then nothing is clear.
pub(crate) fn single_quotes(source: &SourceText, span: Span) -> Option<Fix> {
    let line = source.line_of(span.start);
    let start = source.line_start(line);
    let text = source.text().get(start..source.line_end(line))?;
    let at = span.start.checked_sub(start)?;
    let (open, close) = double_quoted(text, at)?;
    let inside = text.get(open + 1..close)?;
    let mut after_backslash = inside.split('\\').skip(1);
    let is_pattern = after_backslash.all(|rest| {
        rest.starts_with([
            'd', 'D', 'w', 'W', 's', 'S', '.', '-', '+', '*', '?', '(', ')', '[', ']', '{', '}',
            '|', '^', '$', 'B', 'A', 'z', 'p',
        ])
    });
    if !is_pattern || inside.contains('\'') {
        return None;
    }
    let before = text.get(..open)?.chars().count();
    Some(Fix {
        span: Span {
            start: start + open,
            end: start + close + 1,
            column: u32::try_from(before + 1).ok()?,
            ..span
        },
        replacement: format!("'{inside}'"),
    })
}

/// Returns the quotes of the double-quoted text of a line around a byte.
fn double_quoted(line: &str, at: usize) -> Option<(usize, usize)> {
    let bytes = line.as_bytes();
    let mut place = 0;
    while place < bytes.len() {
        if bytes[place] != b'"' {
            place += 1;
            continue;
        }
        let open = place;
        place += 1;
        while *bytes.get(place)? != b'"' {
            place += if bytes[place] == b'\\' { 2 } else { 1 };
        }
        if open <= at && at <= place {
            return Some((open, place));
        }
        place += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn mended(line: &str, at: &str, around: Around) -> Option<String> {
        let mut sources = Sources::default();
        let file = sources.add("g.yaml", line);
        let source = sources.get(file)?;
        let at = line.find(at)?;
        let fix = value_at(source, source.span(file, at, at + 1), around)?;
        let mut text = line.to_owned();
        text.replace_range(fix.span.start..fix.span.end, &fix.replacement);
        Some(text)
    }

    #[test]
    fn values_are_quoted_whole() {
        use Around::{Block, Flow};
        for (line, at, around, wanted) in [
            ("a: != 0  # so", "!", Block, "a: \"!= 0\"  # so"),
            (
                "a: { b: != 0, c: d }",
                "!",
                Flow,
                "a: { b: \"!= 0\", c: d }",
            ),
            ("a: { b: *.x.y }", "*", Flow, "a: { b: \"*.x.y\" }"),
            ("a: [*.x.y, b]", "*", Flow, "a: [\"*.x.y\", b]"),
            ("a: { $.b[*]: x }", "$", Flow, "a: { \"$.b[*]\": x }"),
            (
                "a: { b: ${c}:${d}, e: f }",
                "$",
                Flow,
                "a: { b: \"${c}:${d}\", e: f }",
            ),
            ("a: > \"5\"", ">", Block, "a: '> \"5\"'"),
        ] {
            assert_eq!(mended(line, at, around).as_deref(), Some(wanted), "{line}");
        }
        for (line, at, around) in [("a: *.x,", "*", Block), ("a: { b: *.x", "*", Flow)] {
            assert_eq!(mended(line, at, around), None, "{line}");
        }
    }

    #[test]
    fn what_is_around_a_place_is_seen_in_its_line() {
        for (before, around) in [
            ("a: ", Around::Block),
            ("  - ", Around::Block),
            ("a: { b: ", Around::Flow),
            ("a: { b: [x], c: ", Around::Flow),
            ("a: { b: c }, d: ", Around::Block),
            ("a: \"{\" ", Around::Block),
            ("$.items[0]: ", Around::Block),
            ("- [", Around::Flow),
        ] {
            assert_eq!(Around::of(before), around, "{before}");
        }
    }
}
