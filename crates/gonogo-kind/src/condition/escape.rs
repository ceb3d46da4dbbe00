//! The escapes inside a quoted text, as CEL has them.

use super::mistake::{BAD, Mistake};

/// Resolves the escapes of a text that begins at byte `from` of the condition.
pub(super) fn resolve(inside: &str, from: usize) -> Result<String, Mistake> {
    let mut text = String::with_capacity(inside.len());
    let mut at = 0;
    while let Some(rest) = inside.get(at..).filter(|rest| !rest.is_empty()) {
        if !rest.starts_with('\\') {
            let plain = rest.find('\\').unwrap_or(rest.len());
            text.push_str(&rest[..plain]);
            at += plain;
            continue;
        }
        let (c, length) = one(rest).ok_or_else(|| {
            let shown = rest.chars().nth(1).map_or(1, |c| 1 + c.len_utf8());
            let place = from + at..from + at + shown;
            let message = format!("`{}` is no escape", crate::unit::show::text(&rest[..shown]));
            Mistake::new(BAD, message, place).hint(
                "Write `\\\\` for a backslash, or a raw text, `r'\\d+'`, as patterns need it.",
            )
        })?;
        text.push(c);
        at += length;
    }
    Ok(text)
}

/// Returns the character of the escape at the start of `rest`, and how long the escape is.
fn one(rest: &str) -> Option<(char, usize)> {
    let kind = rest.as_bytes().get(1)?;
    let simple = |c| Some((c, 2));
    match kind {
        b'a' => simple('\u{7}'),
        b'b' => simple('\u{8}'),
        b'f' => simple('\u{c}'),
        b'n' => simple('\n'),
        b'r' => simple('\r'),
        b't' => simple('\t'),
        b'v' => simple('\u{b}'),
        b'\\' | b'?' | b'"' | b'\'' | b'`' => simple(char::from(*kind)),
        b'x' | b'X' => number(rest, 2, 2, 16),
        b'u' => number(rest, 2, 4, 16),
        b'U' => number(rest, 2, 8, 16),
        b'0'..=b'3' => number(rest, 1, 3, 8),
        _ => None,
    }
}

fn number(rest: &str, from: usize, digits: usize, radix: u32) -> Option<(char, usize)> {
    let text = rest.get(from..from + digits)?;
    if !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let value = u32::from_str_radix(text, radix).ok()?;
    Some((char::from_u32(value)?, from + digits))
}
