//! Text that a CI would obey, made inert.
//!
//! The readers of logs take orders from them: GitHub from lines that begin with `::name` and from `##[name]`
//! anywhere, Azure from `##vso[...]` and `##[...]`, TeamCity from `##teamcity[...]`. A body or a certificate that
//! holds one must not set an output or a variable of the job, wherever our text is printed.

use std::borrow::Cow;

/// Returns the text with every order to a CI broken: `##vso[` becomes `#\u{23}vso[`, and `::` in front of the
/// name of a command `\u{3a}:`.
///
/// Only where a word begins can `::` come to stand at the start of a line: words are never divided. What follows is
/// a name and no address: `::1` and `::ffff` stay as they are.
#[must_use]
pub fn inert(text: &str) -> Cow<'_, str> {
    if !text.contains("##") && !text.contains("::") {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len() + 16);
    let mut kept = 0;
    for (at, pair) in text.as_bytes().windows(2).enumerate() {
        let broken = match pair {
            b"##" if is_bracketed(text.get(at + 2..)) => "#\\u{23}",
            b"::" if begins_word(text.get(..at)) && is_named(text.get(at + 2..)) => "\\u{3a}:",
            _ => continue,
        };
        clean.push_str(text.get(kept..at).unwrap_or_default());
        clean.push_str(broken);
        kept = at + 2;
    }
    clean.push_str(text.get(kept..).unwrap_or_default());
    Cow::Owned(clean)
}

/// Returns whether a bracket is opened, after a name or at once.
fn is_bracketed(after: Option<&str>) -> bool {
    let after = after.unwrap_or_default();
    after
        .trim_start_matches(|c: char| c.is_ascii_alphanumeric())
        .starts_with('[')
}

fn begins_word(before: Option<&str>) -> bool {
    let last = before.unwrap_or_default().chars().next_back();
    last.is_none_or(char::is_whitespace)
}

/// Returns whether a name follows that is no number of an address.
fn is_named(after: Option<&str>) -> bool {
    let mut word = after.unwrap_or_default().chars();
    word.find(|c| !c.is_ascii_hexdigit())
        .is_some_and(|c| c.is_alphabetic() || matches!(c, '-' | '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_order_to_a_ci_is_left_whole() {
        for (order, shown) in [
            ("::set-output name=x::GO", "\\u{3a}:set-output name=x::GO"),
            ("  ::add-mask::a", "  \\u{3a}:add-mask::a"),
            ("a\n::stop-commands::a", "a\n\\u{3a}:stop-commands::a"),
            ("\u{a0}::debug::a", "\u{a0}\\u{3a}:debug::a"),
            (
                "x ##vso[task.setvariable]a",
                "x #\\u{23}vso[task.setvariable]a",
            ),
            ("##VSO[a]##[error]", "#\\u{23}VSO[a]#\\u{23}[error]"),
            ("###[group]", "##\\u{23}[group]"),
            ("##teamcity[buildStatus]", "#\\u{23}teamcity[buildStatus]"),
            ("::::warning::", "::::warning::"),
        ] {
            assert_eq!(inert(order), shown);
        }
    }

    #[test]
    fn what_only_looks_like_one_stays() {
        for text in [
            "::1 refused",
            "to ::ffff:10.0.0.1",
            "fe80::1",
            "core::option::Option",
            "## heading [link]",
            "#[derive]",
            "a :: b",
        ] {
            assert!(matches!(inert(text), Cow::Borrowed(_)) || inert(text) == text);
        }
    }
}
