//! Characters that a gate file must not hold: what cannot be seen cannot be reviewed.

use gonogo_kind::{Diagnostic, FileId};

use crate::mistakes::Mistakes;
use crate::source::SourceText;

/// Reports characters that hide something, and returns whether there were any.
pub(crate) fn reject(source: &SourceText, file: FileId, mistakes: &mut Mistakes) -> bool {
    let text = source.text();
    // Most files are plain ASCII, lines that end in a line feed; those are seen at a glance.
    let is_plain = |b: &u8| matches!(b, b' '..=b'~' | b'\n' | b'\t');
    let are_plain = |bytes: &[u8]| bytes.iter().fold(true, |all, b| all & is_plain(b));
    if text.as_bytes().chunks(64).all(are_plain) {
        return false;
    }
    let hidden = text
        .char_indices()
        .filter(|&(at, c)| is_hidden(c) || (c == '\r' && !text[at..].starts_with("\r\n")))
        .take(MAX_SHOWN);
    let mut any = false;
    for (at, c) in hidden {
        any = true;
        let span = source.span(file, at, at + c.len_utf8());
        let message = format!(
            "{} (U+{:04X}) does not belong in a gate file",
            name(c),
            c as u32
        );
        mistakes.push(
            Diagnostic::error("config/hidden_character", message, span).hint(
                "Take it out; inside double quotes it can be written as an escape: \"\\x1b\".",
            ),
        );
    }
    any
}

/// Returns whether a character is invisible or changes the direction of what follows.
pub(crate) const fn is_hidden(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => false,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => true,
        '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{2028}'..='\u{202e}' => true,
        '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' => true,
        '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}' => true,
        _ => false,
    }
}

fn name(c: char) -> &'static str {
    match c {
        '\0' => "a NUL",
        '\u{1b}' => "an escape character",
        '\r' => "a carriage return without a line feed",
        '\u{feff}' => "a byte order mark inside the text",
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}' => {
            "a character that turns the direction of the text"
        }
        c if c.is_control() => "a control character",
        _ => "an invisible character",
    }
}

const MAX_SHOWN: usize = 20;
