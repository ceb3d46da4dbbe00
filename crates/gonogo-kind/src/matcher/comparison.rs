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
