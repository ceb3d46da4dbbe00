//! Hostile text made fit to be shown, and its width on a screen.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use gonogo_model::{Decimal, quantity};
use unicode_width::UnicodeWidthChar as _;

use crate::inert;

/// Returns the text with every character that controls a terminal, turns the direction of writing or
/// cannot be seen replaced by its number: `\u{1b}`; line ends and tabs become `\n`, `\r` and `\t`. What
/// would be an order to a CI is broken, see [`inert()`].
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return inert(text);
    }
    let mut clean = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => clean.push_str("\\n"),
            '\r' => clean.push_str("\\r"),
            '\t' => clean.push_str("\\t"),
            c if is_hidden(c) => clean.extend(c.escape_unicode()),
            c => clean.push(c),
        }
    }
    Cow::Owned(inert(&clean).into_owned())
}

/// Returns whether a character does something to a terminal or a reader without being seen.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Returns text of one author's line: escaped, without white space around it, cut at `most` columns.
pub(crate) fn line(text: &str, most: usize, ellipsis: &str) -> String {
    cut(&escape(text.trim()), most, ellipsis).into_owned()
}

/// Returns what a value shows, escaped; of a long one no more is formatted than is shown.
pub(crate) fn shown(value: &impl fmt::Display, most: usize, ellipsis: &str) -> String {
    let (start, is_whole) = start(value, most + 1);
    // Text that is not whole is longer than what is shown, and the cut says so to the reader.
    let shown = cut(&escape(&start), most, ellipsis).into_owned();
    if is_whole || shown.ends_with(ellipsis) {
        shown
    } else {
        shown + ellipsis
    }
}

/// Returns the first characters of what a value shows, and whether these are all.
pub(crate) fn start(value: &impl fmt::Display, most: usize) -> (String, bool) {
    let mut start = Start {
        text: String::new(),
        left: most,
    };
    let is_whole = write!(start, "{value}").is_ok();
    (start.text, is_whole)
}

/// Keeps the first characters of what is written, then refuses more.
struct Start {
    text: String,
    left: usize,
}

impl fmt::Write for Start {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            self.left = self.left.checked_sub(1).ok_or(fmt::Error)?;
            self.text.push(c);
        }
        Ok(())
    }
}

/// Returns the columns that already escaped text takes.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

pub(crate) fn char_width(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// Cuts already escaped text so that it takes at most `most` columns, the ellipsis included.
pub(crate) fn cut<'t>(text: &'t str, most: usize, ellipsis: &str) -> Cow<'t, str> {
    if width(text) <= most {
        return Cow::Borrowed(text);
    }
    let room = most.saturating_sub(width(ellipsis));
    let mut taken = 0;
    let end = text
        .char_indices()
        .find(|(_, c)| {
            taken += char_width(*c);
            taken > room
        })
        .map_or(text.len(), |(at, _)| at);
    let start = text.get(..end).unwrap_or_default().trim_end();
    let ellipsis = if width(ellipsis) <= most {
        ellipsis
    } else {
        ""
    };
    Cow::Owned(format!("{start}{ellipsis}"))
}

/// Returns a count with its noun: `1 check`, `2 checks`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// Returns how long something took, rounded as people do it: `0.6ms`, `12ms`, `1.2s`, `2m 5s`.
///
/// It is for times that nothing is compared with; a fact keeps the digits that matter.
pub(crate) fn took(seconds: &Decimal) -> String {
    let rounded = seconds.approximate();
    if rounded < 0.001 && !seconds.is_zero() {
        "<1ms".to_owned()
    } else if rounded < 0.9995 {
        format!("{:.0}ms", rounded * 1000.0)
    } else if rounded < 9.95 {
        format!("{rounded:.1}s")
    } else {
        quantity::duration(&seconds.truncated())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_shown_by_its_number() {
        for (hostile, shown) in [
            ("plain text, \u{e9}\u{4e2d}", "plain text, \u{e9}\u{4e2d}"),
            ("\u{1b}[2J\r\n\t", "\\u{1b}[2J\\r\\n\\t"),
            ("\u{9b}31m\u{7f}", "\\u{9b}31m\\u{7f}"),
            ("\u{202e}og\u{200b}", "\\u{202e}og\\u{200b}"),
            ("\u{feff}\u{ad}\u{e0041}", "\\u{feff}\\u{ad}\\u{e0041}"),
        ] {
            assert_eq!(escape(hostile), shown);
        }
    }

    #[test]
    fn text_is_cut_by_columns() {
        assert_eq!(cut("abcdef", 6, "..."), "abcdef");
        assert_eq!(cut("abcdefg", 6, "..."), "abc...");
        assert_eq!(cut("ab cdefg", 6, "..."), "ab...");
        assert_eq!(
            cut("\u{4e2d}\u{4e2d}\u{4e2d}", 5, "\u{2026}"),
            "\u{4e2d}\u{4e2d}\u{2026}"
        );
        assert_eq!(cut("abc", 2, "..."), "");
    }

    #[test]
    fn times_are_rounded() {
        for (seconds, shown) in [
            ("0", "0ms"),
            ("0.0004", "<1ms"),
            ("0.01196", "12ms"),
            ("0.9994", "999ms"),
            ("0.9996", "1.0s"),
            ("6.4123", "6.4s"),
            ("59.96", "59s"),
            ("125.9", "2m 5s"),
        ] {
            assert_eq!(took(&seconds.parse().unwrap()), shown, "{seconds}");
        }
    }

    #[test]
    fn of_a_long_value_only_the_start_is_formatted() {
        assert_eq!(shown(&"x".repeat(1_000_000), 5, "..."), "xx...");
        assert_eq!(shown(&"xxxxx", 5, "..."), "xxxxx");
        // Characters that take no column are limited too.
        let zalgo = format!("a{}", "\u{301}".repeat(100));
        assert!(shown(&zalgo, 5, "...").chars().count() <= 10);
    }
}
