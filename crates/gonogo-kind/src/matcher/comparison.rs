//! The words and symbols of comparisons.

use super::rule::Comparison;
use crate::unit;

/// Splits a comparison from its operand.
pub(super) fn comparison(text: &str) -> Option<(Comparison, &str)> {
    let text = text.trim();
    for (symbol, comparison) in SYMBOLS {
        if let Some(operand) = text.strip_prefix(symbol) {
            return Some((*comparison, operand.trim_start()));
        }
    }
    for (words, comparison) in WORDS {
        let mut rest = text;
        let all = words.split(' ').all(|word| {
            let Some(after) = rest.strip_prefix(word) else {
                return false;
            };
            let ends = after.is_empty() || after.starts_with(char::is_whitespace);
            rest = after.trim_start();
            ends
        });
        if all {
            return Some((*comparison, rest));
        }
    }
    None
}

/// Returns how other languages' comparisons are written here.
pub(super) fn synonym(text: &str) -> Option<String> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    for (other, word) in SYNONYMS {
        if lower.starts_with(other) {
            let operand = text.get(other.len()..).unwrap_or_default();
            let operand = unit::show::text(operand.trim());
            return Some(format!("{word} {operand}").trim().to_owned());
        }
    }
    None
}

/// Returns a comparison as it is written here: `>= 5` for `> = 5`, `over 5` for `above 5` and `over5`.
pub(super) fn respelled(text: &str) -> Option<String> {
    let is_symbol = |c: char| matches!(c, '<' | '>' | '=' | '!');
    let operand = text.trim_start_matches(|c: char| is_symbol(c) || c == ' ');
    let symbols: String = text
        .get(..text.len() - operand.len())?
        .chars()
        .filter(|c| is_symbol(*c))
        .collect();
    let symbol = match symbols.as_str() {
        "" => return respelled_words(text),
        "=" | "==" | "===" => return Some(operand.to_owned()),
        "=>" => ">=",
        "=<" => "<=",
        "!==" | "<>" => "!=",
        other => other,
    };
    Some(format!("{symbol} {operand}"))
}

/// `above 5`, `at_least 5` and `under500ms`.
fn respelled_words(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    // A newer version is over, and a newer file is under: what was meant depends on the fact.
    let is_clear = !lower.starts_with("newer") && !lower.starts_with("older");
    if let Some(synonym) = synonym(text).filter(|synonym| is_clear && synonym != text) {
        return Some(synonym);
    }
    let joined = [
        ("at least", "at_least"),
        ("at least", "at-least"),
        ("at least", "atleast"),
        ("at most", "at_most"),
        ("at most", "at-most"),
        ("at most", "atmost"),
    ];
    let words = WORDS.iter().map(|(word, _)| (*word, *word)).chain(joined);
    words.into_iter().find_map(|(word, written)| {
        let operand = lower.strip_prefix(written)?.trim_start();
        let is_quantity = operand.starts_with(|c: char| c.is_ascii_digit());
        // What was written in small letters or not: a unit keeps its case.
        let operand = text.get(text.len() - operand.len()..)?;
        is_quantity.then(|| format!("{word} {operand}"))
    })
}

const SYMBOLS: &[(&str, Comparison)] = &[
    (">=", Comparison::AtLeast),
    ("<=", Comparison::AtMost),
    ("!=", Comparison::Not),
    (">", Comparison::Over),
    ("<", Comparison::Under),
];
const WORDS: &[(&str, Comparison)] = &[
    ("over", Comparison::Over),
    ("under", Comparison::Under),
    ("at least", Comparison::AtLeast),
    ("at most", Comparison::AtMost),
    ("not", Comparison::Not),
];
const SYNONYMS: &[(&str, &str)] = &[
    ("==", ""),
    ("=", ""),
    ("over ", "over"),
    ("under ", "under"),
    ("at least ", "at least"),
    ("at most ", "at most"),
    ("not ", "not"),
    ("above ", "over"),
    ("below ", "under"),
    ("more than ", "over"),
    ("less than ", "under"),
    ("greater than ", "over"),
    ("longer than ", "over"),
    ("shorter than ", "under"),
    ("older than ", "over"),
    ("newer than ", "under"),
    ("minimum ", "at least"),
    ("min ", "at least"),
    ("maximum ", "at most"),
    ("max ", "at most"),
    ("up to ", "at most"),
];
