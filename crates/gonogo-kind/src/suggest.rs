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
    let about_as_long = |candidate: &&str| {
        let difference = candidate.chars().count().abs_diff(length);
        difference <= allowed(&written, candidate)
    };
    candidates
        .into_iter()
        .filter(about_as_long)
        .map(|candidate| (strsim::damerau_levenshtein(&written, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= allowed(&written, candidate))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// One slip in a short word, two in a word of five letters, three in a long one.
fn allowed(written: &str, candidate: &str) -> usize {
    match written.chars().count().max(candidate.chars().count()) {
        0..=4 => 1,
        5..=8 => 2,
        _ => 3,
    }
}

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
        assert_eq!(closest(&"url".repeat(1_000_000), keys), None);
    }
}
