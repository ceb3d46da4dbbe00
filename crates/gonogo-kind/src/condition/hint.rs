//! Suggestions for what was probably meant.

use std::ops::Range;

use super::mistake::{BAD, Mistake};
use crate::unit;

/// A number with a unit behind it, which CEL does not know: `500ms`.
pub(super) fn number_with_unit(digits: &str, word: &str, at: Range<usize>) -> Mistake {
    let written = format!("{digits}{word}");
    let message = format!("`{}` is no number", unit::show::text(&written));
    let mistake = Mistake::new(BAD, message, at);
    match quantity(&written) {
        Some(call) => mistake.hint(format!("Write `{call}`.")),
        None => mistake,
    }
}

/// Returns how a quantity is written in a condition: `500ms` is `duration("500ms")`.
pub(super) fn quantity(written: &str) -> Option<String> {
    if unit::number(written).is_ok() {
        return None;
    }
    if unit::duration(written).is_ok() {
        return Some(format!("duration(\"{written}\")"));
    }
    if let Some(share) = written.strip_suffix('%')
        && unit::ratio(written).is_ok()
    {
        return Some(format!("percent({})", share.trim()));
    }
    if unit::size(written).is_ok() {
        let digits = written
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(written.len());
        let (digits, name) = written.split_at(digits);
        let name = match name.trim() {
            "B" => "bytes".to_owned(),
            name => name.to_lowercase(),
        };
        return Some(format!("{name}({digits})"));
    }
    if unit::time(written).is_ok() {
        return Some(format!("timestamp(\"{written}\")"));
    }
    None
}

/// Returns a stretch of a condition as it was written, in one line and shortened.
pub(super) fn said(text: &str, at: &Range<usize>) -> String {
    let said = text.get(at.clone()).unwrap_or_default();
    let words: Vec<&str> = said.split_whitespace().collect();
    let said = unit::show::escaped(&words.join(" "));
    match said.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &said[..end]),
        None => said,
    }
}

/// How many characters of a condition are quoted.
const LONGEST: usize = 80;
