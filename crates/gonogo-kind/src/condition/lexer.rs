//! From text to tokens.

use std::ops::Range;

use gonogo_model::Decimal;

use super::escape;
use super::mistake::{BAD, Mistake};
use crate::unit::show;

/// A token and its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) at: Range<usize>,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    /// A name, a keyword among them.
    Word,
    /// A whole number.
    Integer(Decimal),
    /// A number with a point or an exponent.
    Number(Decimal),
    /// A text, escapes resolved.
    Text(String),
    /// An operator or a bracket.
    Sign(&'static str),
    /// Nothing is left.
    End,
}

/// Splits a text into tokens; the last one is [`TokenKind::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Mistake> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens: Vec<Token> = Vec::new();
    loop {
        let token = lexer.next(tokens.last().map(|token| &token.kind))?;
        let is_last = token.kind == TokenKind::End;
        tokens.push(token);
        if is_last {
            return Ok(tokens);
        }
    }
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn next(&mut self, before: Option<&TokenKind>) -> Result<Token, Mistake> {
        self.skip_blanks();
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            let at = self.text.len();
            return Ok(self.token(TokenKind::End, at..at));
        };
        if let Some(token) = self.quoted()? {
            return Ok(token);
        }
        if first.is_ascii_alphabetic() || first == '_' {
            let length = rest
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            return Ok(self.take(TokenKind::Word, length));
        }
        let follows_operand = matches!(
            before,
            Some(TokenKind::Word | TokenKind::Text(_) | TokenKind::Sign(")" | "]"))
        );
        let is_fraction = first == '.'
            && !follows_operand
            && rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
        if first.is_ascii_digit() || is_fraction {
            return self.number();
        }
        match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            Some(sign) => Ok(self.take(TokenKind::Sign(sign), sign.len())),
            None => Err(self.foreign(first)),
        }
    }

    fn skip_blanks(&mut self) {
        loop {
            let rest = self.rest();
            let blank = rest.len()
                - rest
                    .trim_start_matches([' ', '\t', '\n', '\r', '\u{c}'])
                    .len();
            self.at += blank;
            if blank > 0 {
                continue;
            }
            if !rest.starts_with("//") {
                return;
            }
            self.at += rest.find('\n').unwrap_or(rest.len());
        }
    }

    fn take(&mut self, kind: TokenKind, length: usize) -> Token {
        let at = self.at..self.at + length;
        self.token(kind, at)
    }

    fn token(&mut self, kind: TokenKind, at: Range<usize>) -> Token {
        self.at = at.end;
        Token { kind, at }
    }

    /// Reads a text, if one begins here: in any quotes of CEL, raw or not.
    fn quoted(&mut self) -> Result<Option<Token>, Mistake> {
        let rest = self.rest();
        let body = rest.trim_start_matches(['r', 'R', 'b', 'B']);
        let prefix = &rest[..rest.len() - body.len()];
        let Some(quote) = ["\"\"\"", "'''", "\"", "'"]
            .into_iter()
            .find(|quote| prefix.len() <= 2 && body.starts_with(*quote))
        else {
            return Ok(None);
        };
        let start = self.at;
        if prefix.contains(['b', 'B']) {
            let at = start..start + prefix.len() + quote.len();
            return Err(Mistake::new(BAD, "there are no bytes in a condition", at)
                .hint("Write a text: leave the `b` out."));
        }
        let raw = prefix.contains(['r', 'R']);
        let from = start + prefix.len() + quote.len();
        let inside = self.text.get(from..).unwrap_or_default();
        let Some(length) = closing(inside, quote, raw) else {
            let at = start..from;
            return Err(Mistake::new(BAD, "a text that begins here has no end", at)
                .hint(format!("Close it with `{quote}`.")));
        };
        let inside = &inside[..length];
        let text = if raw {
            inside.to_owned()
        } else {
            escape::resolve(inside, from)?
        };
        let end = from + length + quote.len();
        Ok(Some(self.token(TokenKind::Text(text), start..end)))
    }

    fn number(&mut self) -> Result<Token, Mistake> {
        let rest = self.rest();
        let hexadecimal = rest.strip_prefix("0x").or_else(|| rest.strip_prefix("0X"));
        let (length, kind) = match hexadecimal {
            Some(digits) => {
                let count = count(digits, |b| b.is_ascii_hexdigit());
                let value = u128::from_str_radix(&digits[..count], 16).ok();
                let value = value.and_then(|value| i128::try_from(value).ok());
                let kind = value.map(|value| TokenKind::Integer(Decimal::from(value)));
                (count + 2, kind)
            }
            None => decimal(rest),
        };
        let at = self.at..self.at + length;
        let Some(kind) = kind else {
            let shown = show::text(&rest[..length]);
            let message = format!("`{shown}` is no number that can be read");
            return Err(Mistake::new(BAD, message, at)
                .hint("A number is written in digits, such as 200, 0.5 or 1e9."));
        };
        let suffix = rest[length..].len() - rest[length..].trim_start_matches(['u', 'U']).len();
        let length = match (&kind, suffix) {
            (TokenKind::Integer(_), 1) => length + 1,
            _ => length,
        };
        let behind = &rest[length..];
        let unit = count(behind, |b| b.is_ascii_alphanumeric() || b == b'_');
        if unit > 0 {
            let (digits, unit) = (&rest[..length], &behind[..unit]);
            let at = at.start..at.start + digits.len() + unit.len();
            return Err(super::hint::number_with_unit(digits, unit, at));
        }
        Ok(self.take(kind, length))
    }

    fn foreign(&self, found: char) -> Mistake {
        let at = self.at..self.at + found.len_utf8();
        let message = match found {
            c if show::is_hidden(c) || !c.is_ascii() => {
                format!(
                    "a condition cannot hold the character U+{:04X} here",
                    c as u32
                )
            }
            c => format!("a condition cannot hold a `{c}` here"),
        };
        let mistake = Mistake::new(BAD, message, at);
        match found {
            '=' => mistake.hint("Two values are compared by `==`."),
            '&' => mistake.hint("Both of two conditions are joined by `&&`."),
            '|' => mistake.hint("Either of two conditions is joined by `||`."),
            '$' => mistake.hint("A member of a JSON fact is named by its path without `$`: `json.db.connected`."),
            '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' => mistake.hint("Texts stand in straight quotes, \" or '."),
            '~' => mistake.hint("A pattern is asked by `matches`: `body.matches(r'ready|ok')`."),
            '\\' => mistake.hint("A backslash stands inside a text only; inside YAML's double quotes each one is written twice."),
            _ => mistake,
        }
    }
}

/// Finds the end of a text that is closed by `quote`.
fn closing(inside: &str, quote: &str, raw: bool) -> Option<usize> {
    let one_line = quote.len() == 1;
    let bytes = inside.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' if !raw => at += 2,
            b'\n' | b'\r' if one_line => return None,
            _ if bytes[at..].starts_with(quote.as_bytes()) => return Some(at),
            _ => at += 1,
        }
    }
    None
}

/// Returns how long a decimal number is, and what it is.
fn decimal(rest: &str) -> (usize, Option<TokenKind>) {
    let digits = |from: usize| count(&rest[from..], |b| b.is_ascii_digit());
    let byte = |at: usize| rest.as_bytes().get(at).copied();
    let is_digit = |at: usize| byte(at).is_some_and(|b| b.is_ascii_digit());
    let mut end = digits(0);
    let mut is_whole = true;
    if byte(end) == Some(b'.') && is_digit(end + 1) {
        end += 1 + digits(end + 1);
        is_whole = false;
    }
    if matches!(byte(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(byte(end + 1), Some(b'+' | b'-')));
        if is_digit(end + 1 + sign) {
            end += 1 + sign + digits(end + 1 + sign);
            is_whole = false;
        }
    }
    let text = &rest[..end];
    let leading = if text.starts_with('.') { "0" } else { "" };
    let value: Option<Decimal> = format!("{leading}{text}").parse().ok();
    let kind = value
        .filter(|value| value.width() <= MAX_WIDTH)
        .map(|value| {
            if is_whole {
                TokenKind::Integer(value)
            } else {
                TokenKind::Number(value)
            }
        });
    (end, kind)
}

fn count(text: &str, is: impl Fn(u8) -> bool) -> usize {
    text.bytes().take_while(|byte| is(*byte)).count()
}

/// Longer ones first, so that `<=` is not `<` and something.
const SIGNS: &[&str] = &[
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", "(", ")",
    "[", "]", "{", "}", ".", ",",
];
/// The most digits of a number, written out without an exponent.
const MAX_WIDTH: u64 = 500;
