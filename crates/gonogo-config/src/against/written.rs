//! Texts that read a variable of the environment or a secret: where both gates come to the same here, they
//! must also be written the same way.

use std::collections::BTreeMap;

use super::Pair;
use crate::substitute::{Piece, pieces};

/// The texts of one check or of the top level, by their keys.
pub(super) type Texts = BTreeMap<String, String>;

/// Returns the texts under a key, each with the rest of its key, old names put for new ones.
pub(super) fn under(pair: &Pair<'_>, texts: &Texts, key: &str) -> Vec<(String, String)> {
    let of_key = |name: &str| -> Option<String> {
        let rest = name.strip_prefix(key)?;
        (rest.is_empty() || rest.starts_with('.')).then(|| rest.to_owned())
    };
    texts
        .iter()
        .filter_map(|(name, text)| Some((of_key(name)?, with_old_names(pair, text))))
        .collect()
}

/// Returns whether the texts under a key read the same things; `new_key` where it is called otherwise.
pub(super) fn are_same(
    pair: &Pair<'_>,
    (new, new_key): (&Texts, &str),
    (old, old_key): (&Texts, &str),
) -> bool {
    if new.is_empty() && old.is_empty() {
        return true;
    }
    // Only a new text can have a new name; an old one is left as it is.
    under(pair, new, new_key) == as_is(old, old_key)
}

/// Returns the texts under a key, each with the rest of its key.
pub(super) fn as_is(texts: &Texts, key: &str) -> Vec<(String, String)> {
    let of_key = |(name, text): (&String, &String)| {
        let rest = name.strip_prefix(key)?;
        (rest.is_empty() || rest.starts_with('.')).then(|| (rest.to_owned(), text.clone()))
    };
    texts.iter().filter_map(of_key).collect()
}

/// Returns what is written under a key, for people.
pub(super) fn shown(texts: &Texts, key: &str) -> Option<String> {
    let found = as_is(texts, key);
    let texts: Vec<String> = found.into_iter().map(|(_, text)| text).collect();
    (!texts.is_empty()).then(|| texts.join(", "))
}

fn with_old_names(pair: &Pair<'_>, text: &str) -> String {
    if pair.renamed.is_empty() {
        return text.to_owned();
    }
    let mut renamed = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Text(piece) => renamed.push_str(&piece.replace("${", "$${")),
            Piece::Unclosed { .. } => return text.to_owned(),
            Piece::Name { name, .. } => {
                let old = pair.renamed.get(name).copied().unwrap_or(name);
                renamed.push_str(&format!("${{{old}}}"));
            }
        }
    }
    renamed
}
