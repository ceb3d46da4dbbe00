//! Words for text that is not YAML, and above all for the traps that gates fall into.
//!
//! A parser says what it stumbled over; an author wants to know what to write instead. The line at
//! hand tells most of it: an unquoted `>`, a `${...}` inside braces, a backslash in double quotes.

use gonogo_kind::{Diagnostic, FileId, Span};
use granit_parser::{ErrorKind, ScanError};

use crate::mend::quote::{self, Around};
use crate::source::SourceText;
use crate::tree::too_deep;

/// Returns the mistake that made the parser stop.
pub(crate) fn explain(error: &ScanError, source: &SourceText, file: FileId) -> Diagnostic {
    let at = error
        .marker()
        .byte_offset()
        .unwrap_or(0)
        .min(source.text().len());
    let span = source.span(file, at, next_char(source.text(), at));
    let line = source.line_of(at);
    let (start, end) = (source.line_start(line), source.line_end(line));
    let before = source.text().get(start..at).unwrap_or_default();
    let after = source.text().get(at..end.max(at)).unwrap_or_default();
    match error.kind() {
        ErrorKind::RecursionLimitExceeded => too_deep(span),
        ErrorKind::InvalidBlockScalarHeader => block_header(after, wide(span, after)),
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidUnicodeEscape => {
            escape(span, after).fix(quote::single_quotes(source, span))
        }
        ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::FlowMappingValueAdjacentCollection
        | ErrorKind::UnexpectedEndOfPlainScalar => flow((source, span), before, after),
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => tab(source, file, at),
        ErrorKind::MappingValueNotAllowed => syntax("a second `: ` in one line", span)
            .hint("Put a text that holds `: ` in quotes.")
            .fix(quote::with_colon(source, span)),
        ErrorKind::UnexpectedCharacter { character } => {
            syntax(format!("a text cannot begin with `{character}`"), span)
                .hint("Put the text in quotes.")
                .fix(quote::value_at(source, span, Around::of(before)))
        }
        ErrorKind::DirectiveDisallowed => syntax("a gate file has no `%` directives", span)
            .hint("Leave the line out, or put a text that begins with `%` in quotes."),
        ErrorKind::InvalidTagTerminator
        | ErrorKind::ExpectedTagBang
        | ErrorKind::MissingTagUri
        | ErrorKind::UndeclaredTagHandle
        | ErrorKind::InvalidTagEscape
        | ErrorKind::UnclosedVerbatimTag => Diagnostic::error(
            "config/tag",
            "a text that begins with `!` is read as a YAML tag",
            span,
        )
        .hint("Put the comparison in quotes, \"!= 0\", or use words: not 0.")
        .fix(quote::value_at(source, span, Around::of(before)).filter(|_| after.starts_with("!="))),
        // `$.items[*]` inside braces: the bracket came first.
        ErrorKind::MissingAnchorOrAliasName if ends_in_open_bracket(before) => {
            let at = at - 1;
            let before = source.text().get(start..at).unwrap_or_default();
            let after = source.text().get(at..end).unwrap_or_default();
            flow((source, source.span(file, at, at + 1)), before, after)
        }
        ErrorKind::MissingAnchorOrAliasName => Diagnostic::error(
            "config/bad_alias",
            "`*` and `&` begin an alias or an anchor",
            span,
        )
        .hint("Put a text that begins with `*` or `&` in quotes: \"*.example.com\".")
        .fix(quote::value_at(source, span, Around::of(before)).filter(|_| after.starts_with('*'))),
        ErrorKind::UnclosedQuotedScalar | ErrorKind::InvalidQuotedScalarIndent => {
            syntax("a quoted text is not closed", span)
                .hint("Look for the line above this one in which a quote is missing.")
        }
        ErrorKind::UnclosedFlowCollection { open } => {
            syntax(format!("a `{open}` is never closed"), span)
        }
        ErrorKind::InvalidIndentation | ErrorKind::ExpectedBlockMappingKey => {
            syntax("this line is indented unlike its neighbours", span)
                .hint("Keys of one map begin in the same column.")
        }
        kind => syntax(format!("not YAML: {kind}"), span),
    }
}

/// A tab before a key, or before a line that goes on with the text above it.
fn tab(source: &SourceText, file: FileId, at: usize) -> Diagnostic {
    let text = source.text();
    let line = source.line_of(at);
    let (start, end) = (source.line_start(line), source.line_end(line));
    let is_here = text.get(start..end).is_some_and(|line| line.contains('\t'));
    // The parser may tell where the text begins that the tab is in.
    let at = match text.get(end..).and_then(|rest| rest.find('\t')) {
        Some(further) if !is_here => end + further,
        Some(_) | None => at,
    };
    let span = source.span(file, at, next_char(text, at));
    syntax("a tab cannot indent", span).hint("YAML is indented with spaces: replace the tab.")
}

/// `status: > 500` and `>= 15.4`: a block scalar, where a comparison was meant.
fn block_header(after: &str, span: Span) -> Diagnostic {
    let sign = after.chars().next().unwrap_or('>');
    let message = format!("an unquoted `{sign}` begins a block of text");
    let wanted = after.trim();
    let hint = match wanted.strip_prefix(">=").map(|rest| ("at least", rest)) {
        Some((words, rest)) => both_spellings(wanted, words, rest),
        None => match wanted.strip_prefix('>') {
            Some(rest) => both_spellings(wanted, "over", rest),
            None => "Put the text in quotes.".to_owned(),
        },
    };
    Diagnostic::error("config/block_scalar", message, span).hint(hint)
}

fn both_spellings(wanted: &str, words: &str, rest: &str) -> String {
    format!(
        "Put the comparison in quotes, \"{wanted}\", or use words: {words} {}.",
        rest.trim()
    )
}

/// `"\d+"`: an escape that YAML does not know.
fn escape(span: Span, after: &str) -> Diagnostic {
    let inside = after.split('"').nth(1).unwrap_or_default();
    let hint = if inside.is_empty() || inside.contains('\'') {
        "Double the backslash: \"\\\\d\" is the text \\d.".to_owned()
    } else {
        format!("Use single quotes, in which a backslash is a backslash: '{inside}'.")
    };
    syntax("double quotes know no such escape", wide(span, after)).hint(hint)
}

/// `{ tls: ${host}:443 }` and `{ $.items[*]: x }`: brackets inside brackets.
fn flow((source, span): (&SourceText, Span), before: &str, after: &str) -> Diagnostic {
    let word = before
        .rsplit([' ', ',', '{', '['])
        .next()
        .unwrap_or_default();
    let rest: String = after
        .chars()
        .take_while(|c| !matches!(c, ' ' | ','))
        .collect();
    let begins_bracket = after.starts_with(['{', '[']);
    if begins_bracket && !word.is_empty() {
        let whole = format!("{word}{rest}");
        let quoted = whole.trim_end_matches(':').to_owned();
        let quoted = balanced(&quoted);
        let width = u32::try_from(word.chars().count()).unwrap_or(0);
        let whole = Span {
            start: span.start - word.len(),
            end: span.start - word.len() + quoted.len(),
            column: span.column.saturating_sub(width),
            ..span
        };
        return syntax("a bracket inside a text that is not in quotes", whole)
            .hint(format!(
                "Inside `{{ }}` and `[ ]`, put it in quotes: \"{quoted}\"."
            ))
            .fix(quote::in_brackets(source, span));
    }
    syntax("expected `,` or the closing bracket", span).hint(
        "Inside `{ }` and `[ ]`, a text that holds `{`, `[`, `]`, `}` or `,` stands in quotes.",
    )
}

/// Returns whether a bracket follows a text directly: `$.items[`.
fn ends_in_open_bracket(before: &str) -> bool {
    let text = before.strip_suffix('[').unwrap_or_default();
    text.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | ']' | '.' | '$'))
}

/// Cuts off closing brackets that belong to what is around the text.
fn balanced(text: &str) -> &str {
    let mut depth = 0_i32;
    for (at, c) in text.char_indices() {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => {
                depth -= 1;
                if depth < 0 {
                    return text.get(..at).unwrap_or(text);
                }
            }
            _ => {}
        }
    }
    text
}

fn syntax(message: impl Into<String>, span: Span) -> Diagnostic {
    Diagnostic::error("config/syntax", message, span)
}

/// Returns the span up to the end of what stands there.
fn wide(span: Span, after: &str) -> Span {
    Span {
        end: span.start + after.trim_end().len().max(1),
        ..span
    }
}

fn next_char(text: &str, at: usize) -> usize {
    let length = text.get(at..).and_then(|t| t.chars().next());
    at + length.filter(|c| *c != '\n').map_or(0, char::len_utf8)
}
