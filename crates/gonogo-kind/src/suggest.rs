//! "Did you mean ...?"

/// Returns the candidate that is closest to what was written, if one is close enough.
#[must_use]
pub fn closest<'c>(
    written: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    // Comparing takes the product of the lengths: what is no word gets no suggestion.
    if written.len() > LONGEST {
        return None;
    }
    let written = written.to_lowercase();
    let length = written.chars().count();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let word = candidate.to_lowercase();
        let allowed = allowed(&written, &word);
        if word.chars().count().abs_diff(length) <= allowed {
            let distance = strsim::damerau_levenshtein(&written, &word);
            if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
                best = Some((distance, candidate));
            }
        } else if best.is_none() && (is_abbreviation(&word, &written) || is_member(&word, &written))
        {
            // Anything that is spelled almost the same is the better guess.
            best = Some((usize::MAX, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Returns the candidate that was meant beyond doubt: the only one that is a single slip away, in any case.
#[must_use]
pub fn slip<'c>(written: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    if written.len() > LONGEST {
        return None;
    }
    let written = written.to_lowercase();
    let length = written.chars().count();
    let mut meant = None;
    let mut is_ambiguous = false;
    for candidate in candidates {
        let word = candidate.to_lowercase();
        let is_near = word.chars().count().abs_diff(length) <= 1
            && strsim::damerau_levenshtein(&written, &word) <= 1;
        if is_near && word == written {
            return Some(candidate);
        }
        if is_near {
            is_ambiguous |= meant.is_some_and(|other| other != candidate);
            meant = Some(candidate);
        }
    }
    // With one letter of two in place, anything could have been meant.
    meant.filter(|meant| !is_ambiguous && meant.chars().count() >= SHORTEST)
}

/// Returns whether a word is short for what was written: `env` for `environment`.
fn is_abbreviation(word: &str, written: &str) -> bool {
    let rest = written
        .strip_prefix(word)
        .filter(|_| word.len() >= SHORTEST);
    rest.is_some_and(|rest| rest.chars().all(char::is_alphabetic))
}

/// Returns whether a word is what was written with what it belongs to in front: `tls.expires_in` for `expires_in`.
fn is_member(word: &str, written: &str) -> bool {
    let whole = word.strip_suffix(written);
    whole.is_some_and(|whole| whole.ends_with('.') && written.len() >= SHORTEST)
}

/// One slip in a short word, two in a word of five letters, three in a long one.
fn allowed(written: &str, candidate: &str) -> usize {
    match written.chars().count().max(candidate.chars().count()) {
        0..=4 => 1,
        5..=8 => 2,
        _ => 3,
    }
}

/// Shorter beginnings belong to too many words.
const SHORTEST: usize = 3;
/// The longest text, in bytes, that can be a slip in a word.
const LONGEST: usize = 250;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggestions_are_close() {
        let keys = ["expect", "expires_in", "duration", "url"];
        assert_eq!(closest("expects", keys), Some("expect"));
        assert_eq!(closest("expires-in", keys), Some("expires_in"));
        assert_eq!(closest("Duration", keys), Some("duration"));
        assert_eq!(closest("rul", keys), Some("url"));
        assert_eq!(closest("banana", keys), None);
        assert_eq!(closest("AAA", ["A", "AAAA"]), Some("AAAA"));
        assert_eq!(closest("environment", ["argv", "env"]), Some("env"));
        assert_eq!(closest("timing", ["timing.connect"]), None);
        assert_eq!(
            closest("expires_in", ["status", "tls.expires_in"]),
            Some("tls.expires_in")
        );
        assert_eq!(closest("in", ["tls.in", "tls.expires_in"]), None);
        assert_eq!(closest(&"url".repeat(1_000_000), keys), None);
    }

    #[test]
    fn a_slip_has_one_meaning() {
        let keys = ["tcp", "tls", "http", "expect", "expires_in", "duration"];
        assert_eq!(slip("expects", keys), Some("expect"));
        assert_eq!(slip("expires-in", keys), Some("expires_in"));
        assert_eq!(slip("Duration", keys), Some("duration"));
        assert_eq!(slip("htpt", keys), Some("http"));
        assert_eq!(slip("tlp", keys), None);
        assert_eq!(slip("durations_", keys), None);
        assert_eq!(slip("TLS", keys), Some("tls"));
        assert_eq!(slip("xy", ["x", "ay"]), None);
        assert_eq!(slip("xx", ["ax", "x"]), None);
    }
}
