//! Patterns: regular expressions in the syntax of the Rust regex crate, of bounded size.

use regex_automata::meta::{BuildError, Config, Regex};
use regex_automata::nfa::thompson::WhichCaptures;
use regex_automata::util::syntax;

/// A pattern that was read.
#[derive(Debug, Clone)]
pub struct Pattern(Regex);

impl Pattern {
    /// The most bytes of a pattern: to read one takes some 300 bytes for each of its own.
    pub(crate) const LONGEST: usize = 10_000;
    /// The most memory that the patterns of one matcher or condition take.
    pub(crate) const MOST: usize = 4 << 20;

    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// Why it is none, in a few words.
    pub fn read(text: &str) -> Result<Self, String> {
        if text.len() > Self::LONGEST {
            return Err(format!("it is longer than {} bytes", Self::LONGEST));
        }
        let config = Config::new()
            // Whether it matches is all that is ever asked.
            .which_captures(WhichCaptures::None)
            .onepass(false)
            .nfa_size_limit(Some(MAX_SIZE))
            .hybrid_cache_capacity(MAX_SIZE);
        Regex::builder()
            .configure(config)
            .syntax(syntax::Config::new().nest_limit(MAX_DEPTH))
            .build(text)
            .map(Self)
            .map_err(|error| why(&error))
    }

    /// Returns whether it is found anywhere in a text.
    pub fn is_in(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// Returns whether it is found in each of these texts.
    pub(crate) fn is_in_all(&self, texts: &[&str]) -> bool {
        // What a search keeps for the next one goes with the copy.
        let copy = self.0.clone();
        texts.iter().all(|text| copy.is_match(text))
    }

    /// Returns how many bytes of memory it takes.
    pub(crate) fn size(&self) -> usize {
        self.0.memory_usage()
    }
}

fn why(error: &BuildError) -> String {
    if error.size_limit().is_some() {
        return "it is too big".to_owned();
    }
    let told = match error.syntax_error() {
        Some(error) => error.to_string(),
        None => error.to_string(),
    };
    // The pattern itself, with a mark under the place, stands above it.
    let line = told.lines().rev().find(|line| !line.trim().is_empty());
    let line = line.unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

/// The most bytes that it is compiled to.
const MAX_SIZE: usize = 1 << 20;
/// How deep groups may be nested.
const MAX_DEPTH: u32 = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_searched_for_anywhere() {
        let pattern = Pattern::read(r"\bready\b|^(a|b)+$").unwrap();
        for (text, found) in [("not ready yet", true), ("already", false), ("abba", true)] {
            assert_eq!(pattern.is_in(text), found, "{text}");
        }
        assert!(Pattern::read("").unwrap().is_in(""));
        assert!(Pattern::read("^.$").unwrap().is_in("\u{e9}"));
    }

    #[test]
    fn what_is_no_pattern_is_told_in_a_line() {
        let why = |text: &str| Pattern::read(text).unwrap_err();
        assert_eq!(why("("), "unclosed group");
        assert_eq!(
            why("(?=x)"),
            "look-around, including look-ahead and look-behind, is not supported"
        );
        assert_eq!(why("((a{1000}){1000}){1000}"), "it is too big");
        assert_eq!(why(&"x".repeat(10_001)), "it is longer than 10000 bytes");
    }

    #[test]
    fn its_size_is_that_of_its_states() {
        let size = |text: &str| Pattern::read(text).unwrap().size();
        assert!(size("^ok$") < 4 << 10, "{}", size("^ok$"));
        assert!(size("[ab]{5000}") > 100 << 10);
    }
}
