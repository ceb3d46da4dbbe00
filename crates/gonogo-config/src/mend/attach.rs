//! Which mistakes can be mended by what stands in the file, and which fixes its text forbids.

use gonogo_kind::{Diagnostic, Fix, ScalarStyle, Span};

use super::line::{key_before, removed, removed_item, top_key};
use super::quote::{self, Around};
use crate::source::{SourceText, Sources};

/// Completes the fixes of diagnostics: adds those that the text alone tells, and drops those of texts
/// that are made of variables, which would be written out.
pub(crate) fn attach(diagnostics: &mut [Diagnostic], sources: &Sources) {
    for diagnostic in diagnostics {
        let Some((span, source)) = diagnostic
            .span
            .and_then(|span| Some((span, sources.get(span.file)?)))
        else {
            diagnostic.fix = None;
            continue;
        };
        let Some(text) = source.text().get(span.start..span.end) else {
            diagnostic.fix = None;
            continue;
        };
        if diagnostic.fix.is_none() {
            diagnostic.fix = by_text(diagnostic.code, source, span, text);
        }
        if diagnostic
            .fix
            .as_ref()
            .is_some_and(|fix| !may_replace(fix, source))
        {
            diagnostic.fix = None;
        }
    }
}

/// Returns whether a fix replaces what its author saw: no variable, and no text of several lines.
fn may_replace(fix: &Fix, source: &SourceText) -> bool {
    let Some(old) = source.text().get(fix.span.start..fix.span.end) else {
        return false;
    };
    let is_removal = fix.replacement.is_empty();
    let is_requoted = || fix.replacement.contains(old.trim_matches(['"', '\'']));
    let is_one_line = !old.trim_end_matches(['\r', '\n']).contains('\n');
    is_one_line && (is_removal || !old.contains("${") || is_requoted())
}

fn by_text(code: &str, source: &SourceText, span: Span, text: &str) -> Option<Fix> {
    match code {
        "config/block_scalar" => block(source, span),
        "config/cut_by_comment" => issue_number(source, span),
        "config/duplicate_name" => removed_item(source, span),
        "config/empty_list" if is_optional_list(source, span) => removed_line(source, span, text),
        // What a phase or a template is for may be yet to come.
        "config/unused" if ["vars", "secrets", "tags"].contains(&top_key(source, span)?) => {
            removed(source, span)
        }
        "config/wrong_type" if is_optional_list(source, span) => listed(span, text),
        _ => None,
    }
}

/// `> 500ms` and `>2`: a comparison, where YAML sees a block of text.
fn block(source: &SourceText, span: Span) -> Option<Fix> {
    let value = quote::value(source, span.start, Around::Block)?;
    let operand = value.strip_prefix('>')?;
    let operand = operand.strip_prefix('=').unwrap_or(operand).trim_start();
    let is_quantity =
        operand.starts_with(|c: char| c.is_ascii_digit()) || operand.starts_with("${");
    let number = source.line_of(span.start);
    (is_quantity && !has_block_below(source, number))
        .then(|| quote::value_at(source, span, Around::Block))?
}

/// Returns whether the next line that holds something is indented further: the text of a block.
fn has_block_below(source: &SourceText, number: usize) -> bool {
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let line = |number: usize| {
        let (start, end) = (source.line_start(number), source.line_end(number));
        source.text().get(start..end).unwrap_or_default()
    };
    let last = source.line_of(source.text().len());
    let below = (number + 1..=last).map(line).find(|l| !l.trim().is_empty());
    below.is_some_and(|below| indent(below) > indent(line(number)))
}

/// `title: Fix #3`: the number of an issue in words for people.
fn issue_number(source: &SourceText, span: Span) -> Option<Fix> {
    let is_for_people = ["title", "message", "owner", "reason", "release"]
        .contains(&key_before(source, span.start)?);
    let end = source.line_end(source.line_of(span.start));
    let rest = source.text().get(span.end..end)?;
    let comment = rest.trim_start().strip_prefix('#')?;
    let is_number = comment.starts_with(|c: char| c.is_ascii_digit());
    if !is_for_people || !is_number || comment.contains(" #") {
        return None;
    }
    let whole = source.text().get(span.start..end)?.trim_end();
    Some(Fix {
        replacement: quote::quoted(whole)?,
        span: Span {
            end: span.start + whole.len(),
            ..span
        },
    })
}

/// Returns whether a place holds a list of names that a check may do without.
fn is_optional_list(source: &SourceText, span: Span) -> bool {
    let key = key_before(source, span.start);
    key.is_some_and(|key| ["needs", "phases", "tags", "covers"].contains(&key))
}

fn removed_line(source: &SourceText, span: Span, text: &str) -> Option<Fix> {
    let number = source.line_of(span.start);
    let start = source.line_start(number);
    let line = source.text().get(start..source.line_end(number))?;
    let is_whole = line.trim_end().ends_with(text) && !line.trim_start().starts_with(['{', '-']);
    let indent = line.len() - line.trim_start().len();
    let key = source.span(span.file, start + indent, start + indent + 1);
    is_whole.then(|| removed(source, key))?
}

/// `needs: database`: one name, where a list is wanted.
fn listed(span: Span, text: &str) -> Option<Fix> {
    let is_name = text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
    let fix = Fix::scalar(span, ScalarStyle::Plain, text).filter(|_| is_name)?;
    Some(Fix {
        replacement: format!("[{}]", fix.replacement),
        ..fix
    })
}
