//! The mistakes of a gate file, collected up to a number that people can read.

use std::collections::HashSet;

use gonogo_kind::{Diagnostic, Diagnostics, Level, Span};

/// Collects mistakes.
///
/// A hostile file holds a mistake in every line; after [`MAX`] of them the rest is left out.
#[derive(Debug, Default)]
pub(crate) struct Mistakes {
    found: Diagnostics,
    errors_before: bool,
    /// Whether a check could not be built for want of a secret, which is no mistake.
    pub(crate) unbuilt: bool,
}

impl Mistakes {
    /// Adds a mistake.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.errors_before |= diagnostic.level == Level::Error;
        if !self.is_full() {
            self.found.push(diagnostic);
        }
    }

    /// Lets a reader of `gonogo-kind` add mistakes.
    pub(crate) fn diagnostics(&mut self) -> &mut Diagnostics {
        &mut self.found
    }

    /// Returns whether it is no use to look for more.
    pub(crate) fn is_full(&self) -> bool {
        self.found.as_slice().len() >= MAX
    }

    /// Returns whether any of them keeps the gate from running.
    pub(crate) fn has_errors(&self) -> bool {
        self.errors_before || self.found.has_errors()
    }

    /// Returns them in the order of the file.
    pub(crate) fn sorted(self) -> Vec<Diagnostic> {
        let full = self.is_full();
        let mut list = self.found.sorted();
        // What YAML made of a bad alias is not worth a second word.
        let aliases = list.iter().filter(|d| d.code == "config/bad_alias");
        let aliases: HashSet<Option<Span>> = aliases.map(|d| d.span).collect();
        list.retain(|d| d.code == "config/bad_alias" || !aliases.contains(&d.span));
        if full {
            let message = format!("there are more than {MAX} mistakes; the rest is left out");
            list.push(
                Diagnostic::global("config/too_large", message)
                    .hint("Mend the first of them and look again."),
            );
        }
        list
    }
}

/// The most mistakes that are reported.
const MAX: usize = 500;
