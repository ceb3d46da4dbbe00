//! Codes of waivers: `waiver/...`.

use super::CodeDecl;

/// More checks of a quarantine did not pass than it covers, so it covers none.
pub const EXHAUSTED: &CodeDecl = &CodeDecl::ours(
    "waiver/exhausted",
    "More checks of a quarantine did not pass than it covers, so it covers none.",
    "So many failing at once is no flake: mend them, or raise the count of the quarantine.",
);
/// The waiver was over before the run began: it covers nothing.
pub const EXPIRED: &CodeDecl = &CodeDecl::ours(
    "waiver/expired",
    "The waiver was over before the run began: it covers nothing.",
    "Mend what it was for and remove it; if its owner still answers for it, set a new end.",
);
/// The report calls a check waived, and no waiver of its plan covers it.
pub const NOT_COVERED: &CodeDecl = &CodeDecl::ours(
    "waiver/not_covered",
    "The report calls a check waived, and no waiver of its plan covers it.",
    "Such a report was edited: run the gate again.",
);
/// The waiver names no check of the gate.
pub const ORPHANED: &CodeDecl = &CodeDecl::ours(
    "waiver/orphaned",
    "The waiver names no check of the gate.",
    "Remove it, or name the check as the gate does: an id, that of an each, or a glob.",
);
/// Every check that the waiver names passed.
pub const UNNEEDED: &CodeDecl = &CodeDecl::ours(
    "waiver/unneeded",
    "Every check that the waiver names passed.",
    "Remove it: the next failure is one that nobody has looked at.",
);

/// Every code of this area.
pub const ALL: &[&CodeDecl] = &[EXHAUSTED, EXPIRED, NOT_COVERED, ORPHANED, UNNEEDED];
