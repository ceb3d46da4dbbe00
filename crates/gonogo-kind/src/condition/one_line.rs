//! A condition in one line: the same for all that read alike, another for all that do not.
//!
//! It is shown, counted into digests and compared, so it must not depend on blanks and comments, and it
//! must keep every character of a quoted text.

use super::lexer::{Token, TokenKind, tokens};

/// In which quotes texts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    /// In those of the author.
    AsWritten,
    /// In the same ones for the same text.
    Alike,
}

/// Returns a condition in one line; one that cannot be read is escaped as a whole.
pub(super) fn one_line(text: &str, quotes: Quotes) -> String {
    let Ok(tokens) = tokens(text) else {
        return text.escape_debug().to_string();
    };
    let mut line = String::with_capacity(text.len());
    let mut before: Option<Piece<'_>> = None;
    for token in &tokens {
        let Some(piece) = Piece::of(token, text, before) else {
            break;
        };
        if before.is_some_and(|before| before.is_apart_from(piece)) {
            line.push(' ');
        }
        let written = text.get(token.at.clone()).unwrap_or_default();
        match &token.kind {
            TokenKind::Text(value) if quotes == Quotes::Alike || written.contains(['\n', '\r']) => {
                line.push_str(&quoted(value));
            }
            _ => line.push_str(written),
        }
        before = Some(piece);
    }
    line
}

/// What a token is for the blanks around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'t> {
    /// A name, a number or a text.
    Operand,
    /// An operator between two operands.
    Between,
    /// `!`, or a `-` that stands before its only operand.
    Before,
    /// A bracket that begins something of its own.
    Open,
    /// A bracket that belongs to the operand before it: `size(body)`, `items[0]`.
    OpenBehind,
    /// Any other sign.
    Sign(&'t str),
}

impl<'t> Piece<'t> {
    fn of(token: &Token, text: &'t str, before: Option<Self>) -> Option<Self> {
        let follows_operand = matches!(before, Some(Self::Operand | Self::Sign(")" | "]" | "}")));
        Some(match token.kind {
            TokenKind::End => return None,
            TokenKind::Word if text.get(token.at.clone()) == Some("in") => Self::Between,
            TokenKind::Word | TokenKind::Integer(_) | TokenKind::Number(_) | TokenKind::Text(_) => {
                Self::Operand
            }
            TokenKind::Sign("(" | "[") if follows_operand => Self::OpenBehind,
            TokenKind::Sign("(" | "[" | "{") => Self::Open,
            TokenKind::Sign("!") => Self::Before,
            TokenKind::Sign("-") if !follows_operand => Self::Before,
            TokenKind::Sign(sign @ (")" | "]" | "}" | "." | ",")) => Self::Sign(sign),
            TokenKind::Sign(_) => Self::Between,
        })
    }

    /// Returns whether a blank stands between this and what follows.
    fn is_apart_from(self, next: Self) -> bool {
        match (self, next) {
            (Self::Open | Self::OpenBehind | Self::Before | Self::Sign("."), _)
            | (_, Self::OpenBehind | Self::Sign(_)) => false,
            (Self::Operand | Self::Between | Self::Sign(_), _) => true,
        }
    }
}

/// Writes a text in quotes, by what it is and not by how it was written.
fn quoted(value: &str) -> String {
    let has_escapes = value.contains('\\');
    let raw = if has_escapes { "r" } else { "" };
    let quote = ['"', '\'']
        .into_iter()
        .find(|quote| !value.contains(*quote));
    match quote {
        Some(quote) if !value.contains(char::is_control) => format!("{raw}{quote}{value}{quote}"),
        _ => format!("{value:?}"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn how_it_is_written_makes_no_difference() {
        for (line, same) in [
            (
                "status < 500 && body.contains(\"a  b\")",
                vec![
                    "status<500&&body.contains('a  b')",
                    " status  <  500\n\t&& body . contains ( 'a  b' ) ",
                    "status < 500 // fine\n && body.contains(r\"a  b\") // too",
                    "status < 500 && body.contains(\"\"\"a  b\"\"\")",
                    "status < 500 && body.contains(\"a \\x20b\")",
                ],
            ),
            (
                "json.items[0].n in [1, -2] ? !(-a - -1 > 0) : {\"k\" : 1}.k == 1",
                vec!["json.items[ 0 ].n in[1,-2]?!( -a- -1>0 ):{ 'k':1 }.k==1"],
            ),
            (
                "body == r\"\\d\"",
                vec!["body == '\\\\d'", "body == r'\\d'"],
            ),
            ("body == 'say \"hi\"'", vec!["body == \"say \\\"hi\\\"\""]),
            (
                "body == \"a\\nb\"",
                vec!["body == '''a\nb'''", "body == 'a\\nb'"],
            ),
        ] {
            for written in same {
                assert_eq!(one_line(written, Quotes::Alike), line, "{written}");
            }
        }
    }

    #[test]
    fn what_a_quoted_text_holds_makes_a_difference() {
        let written = [
            "body == 'a b'",
            "body == 'a  b'",
            "body == 'a\\tb'",
            "body == 'a\\nb'",
            "body == r'a\\nb'",
            "body == '// a b'",
            "body == 'a b' // c",
            "body == 'a b' && status == 1",
            "body == \"a' b\"",
            "body == 'a\" b'",
            "body == 'a\\'\" b'",
        ];
        for quotes in [Quotes::Alike, Quotes::AsWritten] {
            let lines = written.into_iter().map(|text| one_line(text, quotes));
            let lines: BTreeSet<String> = lines.collect();
            // One of them differs by its comment alone.
            assert_eq!(lines.len(), written.len() - 1, "{lines:#?}");
        }
    }

    #[test]
    fn quotes_are_kept_where_they_fit_into_a_line() {
        assert_eq!(
            one_line(
                "a  ==  'b'||a == r'\\d'||a == \"\"\"b\nc\"\"\"",
                Quotes::AsWritten
            ),
            "a == 'b' || a == r'\\d' || a == \"b\\nc\""
        );
    }

    #[test]
    fn what_cannot_be_read_is_one_line_too() {
        assert_eq!(one_line("a == 'b\nc", Quotes::Alike), "a == \\'b\\nc");
    }
}
