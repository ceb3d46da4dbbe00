//! How much a gate may take in memory: what templates and instances put into it, and what is kept of it.
//!
//! A file of 4 MiB can declare far more than it holds, and a mistake in its last line makes all that was built for
//! nothing. So the copies of templates and instances have one budget, and of a large gate nothing is kept until
//! the whole of it was read without a mistake: it is then read again.

use gonogo_kind::{Diagnostic, Entry, Node, NodeValue, Span};

use crate::check::Draft;
use crate::reader::Reader;

/// What is kept of the checks that were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Nothing but what their mistakes are found by.
    Nothing,
    /// All of them, up to a limit.
    Some,
    /// All of them, since they were read before without a mistake.
    All,
}

/// What a gate takes so far.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    /// What templates and instances have put in.
    expanded: usize,
    /// The patterns, each once.
    patterns: usize,
    /// The checks that were built.
    kept: usize,
    /// Whether there was more to keep than may be.
    pub(crate) too_much: bool,
    /// Whether what was kept before is gone.
    let_go: bool,
}

impl Reader<'_> {
    /// Takes copies from the budget that templates and instances share.
    pub(crate) fn expand(&mut self, weight: usize, span: Span) -> bool {
        let before = self.taken.expanded;
        self.taken.expanded = before.saturating_add(weight);
        if self.taken.expanded <= MAX_EXPANDED {
            return true;
        }
        if before <= MAX_EXPANDED {
            let message = "templates and instances put more than 48 MiB into the gate";
            self.mistakes.push(
                Diagnostic::error("config/too_large", message, span)
                    .hint("Split the gate into several gates."),
            );
        }
        false
    }

    /// Takes the patterns of a matcher or a condition from the budget of all of them.
    pub(crate) fn has_room_for_patterns(&mut self, size: usize, span: Span) -> bool {
        let before = self.taken.patterns;
        self.taken.patterns = before.saturating_add(size);
        if self.taken.patterns <= MAX_PATTERNS {
            return true;
        }
        if before <= MAX_PATTERNS {
            let message = "the patterns of the gate take more than 16 MiB";
            self.mistakes.push(
                Diagnostic::error("config/too_large", message, span).hint(
                    "A pattern that several checks share counts once: ask for less by patterns, or split the gate.",
                ),
            );
        }
        false
    }

    /// Returns whether a check that was built is kept.
    pub(crate) fn keeps(&mut self, weight: usize) -> bool {
        if self.keep == Keep::Nothing || self.taken.too_much {
            return false;
        }
        self.taken.kept = self.taken.kept.saturating_add(weight + OF_A_CHECK);
        self.taken.too_much = self.keep == Keep::Some && self.taken.kept > MAX_KEPT;
        !self.taken.too_much
    }

    /// Lets go of what was kept once there is more than may be.
    pub(crate) fn let_go(&mut self, drafts: &mut [Draft]) {
        if self.taken.too_much && !self.taken.let_go {
            self.taken.let_go = true;
            for draft in drafts {
                draft.built = None;
            }
        }
    }
}

/// Returns about how many bytes a tree takes.
pub(crate) fn weight(node: &Node) -> usize {
    let inside = match &node.value {
        NodeValue::Scalar(scalar) => scalar.text.len(),
        NodeValue::List(items) => items.iter().map(weight).sum(),
        NodeValue::Map(entries) => weight_of(entries),
    };
    inside.saturating_add(OF_A_NODE)
}

/// Returns about how many bytes the entries of a map take.
pub(crate) fn weight_of(entries: &[Entry]) -> usize {
    let one = |e: &Entry| weight(&e.value) + e.key.value.len() + OF_A_NODE;
    entries.iter().map(one).sum()
}

/// What a value or a key takes beside its text.
const OF_A_NODE: usize = 64;
/// What a check that was built takes beside what is written.
const OF_A_CHECK: usize = 1 << 10;
/// The most that templates and instances put into a gate.
const MAX_EXPANDED: usize = 48 << 20;
/// The most that the patterns of a gate take, as their compiler counts it.
const MAX_PATTERNS: usize = 16 << 20;
/// The most that is kept of a gate before the whole of it was read: some seven thousand checks as people write them.
const MAX_KEPT: usize = 16 << 20;
