//! Texts as they stand in a gate file.

/// Writes a text as the value of a key: plain where that is safe, quoted otherwise.
///
/// The text may hold `${name}` of the gate.
pub(crate) fn value(text: &str) -> String {
    if is_plain(text) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// Keeps a text of somebody else from being read as one that holds variables.
pub(crate) fn literal(text: &str) -> String {
    text.replace("${", "$${")
}

/// Writes a text of somebody else as an item of `[ ]` or `{ }`.
pub(crate) fn item(text: &str) -> String {
    let begins = text.starts_with(|c: char| c.is_ascii_alphanumeric());
    let inside = |b: u8| b.is_ascii_alphanumeric() || b"._/@-".contains(&b);
    if begins && text.bytes().all(inside) && is_plain(text) {
        text.to_owned()
    } else {
        quoted(&literal(text))
    }
}

/// Writes a path into JSON as a key.
pub(crate) fn value_of_path(path: &str) -> String {
    if path
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"$._".contains(&b))
    {
        path.to_owned()
    } else {
        quoted(path)
    }
}

/// Writes a text in double quotes.
pub(crate) fn quoted(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    written.push('"');
    for c in text.chars() {
        match c {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\t' => written.push_str("\\t"),
            ' '..='~' => written.push(c),
            c if c.is_alphanumeric() => written.push(c),
            c => written.push_str(&format!("\\U{:08X}", u32::from(c))),
        }
    }
    written.push('"');
    written
}

/// Makes a text of one harmless line, as it may stand behind a `#`.
pub(crate) fn comment(text: &str) -> String {
    let mut line: String = text
        .chars()
        .take(MAX_COMMENT)
        .map(|c| match c {
            ' '..='~' => c,
            c if c.is_alphanumeric() => c,
            _ => '?',
        })
        .collect();
    if text.chars().nth(MAX_COMMENT).is_some() {
        line.push_str(" ...");
    }
    line.trim().to_owned()
}

/// Returns whether a text means itself without quotes, in a block and in `{ }`.
fn is_plain(text: &str) -> bool {
    let inside = |b: u8| b.is_ascii_alphanumeric() || b"_./:@%?=&+~-$".contains(&b);
    let without_names = without_variables(text);
    let begins = |c: char| c.is_ascii_alphanumeric() || c == '/' || c == '$';
    (text.starts_with(begins) || text.starts_with("../"))
        && without_names.bytes().all(inside)
        && !text.ends_with(':')
        && !matches!(
            text.to_ascii_lowercase().as_str(),
            "null" | "true" | "false" | "yes" | "no" | "on" | "off"
        )
}

/// Takes `${name}` out: braces are harmless there, and nowhere else.
fn without_variables(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::new();
    while let Some((before, behind)) = rest.split_once("${") {
        kept.push_str(before);
        match behind.split_once('}') {
            Some((name, after)) if name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') => {
                rest = after;
            }
            _ => {
                kept.push_str("${");
                rest = behind;
            }
        }
    }
    kept.push_str(rest);
    kept
}

const MAX_COMMENT: usize = 160;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_quoted_where_yaml_would_misread_them() {
        for (text, written) in [
            ("http://${host}:80/health", "http://${host}:80/health"),
            ("${host}:${port}", "${host}:${port}"),
            ("a b", "\"a b\""),
            ("*.example.com", "\"*.example.com\""),
            ("true", "\"true\""),
            ("a: b\n\"c\"\\", "\"a: b\\n\\\"c\\\"\\\\\""),
            ("x#y", "\"x#y\""),
            ("{a}", "\"{a}\""),
            ("\u{202e}x", "\"\\U0000202Ex\""),
            ("", "\"\""),
        ] {
            assert_eq!(value(text), written, "{text}");
        }
    }

    #[test]
    fn comments_are_one_line() {
        assert_eq!(comment("a\nb: c\u{1b}[0m"), "a?b: c?[0m");
    }
}
