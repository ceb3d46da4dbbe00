//! The mistakes of a gate file, collected up to a number that people can read.
//!
//! Only errors can be so many that reading ends early: what is left out then never runs. A gate with
//! any number of warnings is read to its end, or its last checks would be missing without a word.

use std::cell::Cell;
use std::collections::HashSet;

use gonogo_kind::{Diagnostic, Diagnostics, Level, Span, closest};

/// Collects mistakes.
///
/// A hostile file holds a mistake in every line; after [`MAX`] errors, and after as many warnings, the
/// rest is left out.
#[derive(Debug, Default)]
pub(crate) struct Mistakes {
    found: Diagnostics,
    counted: Cell<Counted>,
    errors_before: bool,
    warnings_left_out: bool,
    compared: usize,
    /// Whether something could not be built for want of a secret, which is no mistake.
    pub(crate) unbuilt: bool,
}

/// How many of the first `looked_at` are of which level: nothing is ever taken away, and counting from
/// the start each time would take the square of their number.
#[derive(Debug, Clone, Copy, Default)]
struct Counted {
    looked_at: usize,
    errors: usize,
    warnings: usize,
}

impl Mistakes {
    /// Adds a mistake.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.errors_before |= diagnostic.level == Level::Error;
        if !self.are_full(diagnostic.level) {
            self.found.push(diagnostic);
        } else if diagnostic.level == Level::Warning {
            self.warnings_left_out = true;
        }
    }

    /// Lets a reader of `gonogo-kind` add mistakes.
    pub(crate) fn diagnostics(&mut self) -> &mut Diagnostics {
        &mut self.found
    }

    /// Returns whether it is no use to look for more.
    pub(crate) fn is_full(&self) -> bool {
        self.are_full(Level::Error)
    }

    /// Returns how many were found.
    pub(crate) fn count(&self) -> usize {
        self.found.as_slice().len()
    }

    fn are_full(&self, level: Level) -> bool {
        let counted = self.counted();
        match level {
            Level::Error => counted.errors >= MAX,
            Level::Warning => counted.warnings >= MAX,
        }
    }

    fn counted(&self) -> Counted {
        let mut counted = self.counted.get();
        let found = self.found.as_slice();
        for new in found.get(counted.looked_at..).unwrap_or_default() {
            match new.level {
                Level::Error => counted.errors += 1,
                Level::Warning => counted.warnings += 1,
            }
        }
        counted.looked_at = found.len();
        self.counted.set(counted);
        counted
    }

    /// Returns the candidate that is closest to what was written; a few thousand are compared.
    ///
    /// Where there are 20,000 ids, a mistake in every line would otherwise cost more than all else.
    pub(crate) fn closest<'c>(
        &mut self,
        written: &str,
        candidates: impl IntoIterator<Item = &'c str>,
    ) -> Option<&'c str> {
        let left = MAX_COMPARED - self.compared;
        let compared = &mut self.compared;
        let counted = candidates
            .into_iter()
            .take(left)
            .inspect(|_| *compared += 1);
        closest(written, counted)
    }

    /// Returns whether any of them keeps the gate from running.
    pub(crate) fn has_errors(&self) -> bool {
        self.errors_before || self.counted().errors > 0
    }

    /// Returns them in the order of the file.
    pub(crate) fn sorted(self) -> Vec<Diagnostic> {
        let full = self.is_full();
        let mut list = self.found.sorted();
        // What YAML made of a bad alias is not worth a second word.
        let aliases = list.iter().filter(|d| d.code == "config/bad_alias");
        let aliases: HashSet<Option<Span>> = aliases.map(|d| d.span).collect();
        list.retain(|d| d.code == "config/bad_alias" || !aliases.contains(&d.span));
        // One map of matchers can hold any number of mistakes before this crate looks again.
        list.truncate(2 * MAX);
        let what = if full { "mistakes" } else { "warnings" };
        if full || self.warnings_left_out {
            let message = format!("there are more than {MAX} {what}; the rest is left out");
            let more = Diagnostic::global("config/too_large", message)
                .hint("Mend the first of them and look again.");
            list.push(if full { more } else { more.warning() });
        }
        list
    }
}

/// How many words are compared for suggestions.
const MAX_COMPARED: usize = 100_000;
/// The most errors that are reported, and the most warnings.
const MAX: usize = 500;
