//! Codes of the run itself: `engine/...`.

use super::CodeDecl;

/// The probe crashed; this is a bug in gonogo.
pub const PANIC: &CodeDecl = &CodeDecl::ours(
    "engine/panic",
    "The probe crashed; this is a bug in gonogo.",
    "Please report it with the message.",
)
.permanent();
/// The run ended without an outcome for the check.
pub const LOST: &CodeDecl = &CodeDecl::ours(
    "engine/lost",
    "The run ended without an outcome for the check.",
    "Please report it.",
)
.permanent();
/// The probe did not stop at its deadline; this is a bug in gonogo.
pub const OVERRAN: &CodeDecl = &CodeDecl::ours(
    "engine/overran",
    "The probe did not stop at its deadline; this is a bug in gonogo.",
    "Please report it; the check was stopped from outside.",
);
/// The deadline of the whole run was reached while the check ran or waited.
pub const RUN_DEADLINE: &CodeDecl = &CodeDecl::ours(
    "engine/run_deadline",
    "The deadline of the whole run was reached while the check ran or waited.",
    "Raise --deadline, or find out what takes so long: the report shows when each check started.",
);
/// The probe did not say anything about a fact that an expectation needs; this is a bug in gonogo.
pub const MISSING_FACT: &CodeDecl = &CodeDecl::ours("engine/missing_fact", "The probe did not say anything about a fact that an expectation needs; this is a bug in gonogo.", "Please report it with the name of the kind and the fact.").permanent();
/// A fact is not as expected.
pub const EXPECTATION: &CodeDecl = &CodeDecl::subject(
    "engine/expectation",
    "A fact is not as expected.",
    "Compare what was wanted with what was found.",
);
/// The pass is older than its max_age allows.
pub const STALE: &CodeDecl = &CodeDecl::ours(
    "engine/stale",
    "The pass is older than its max_age allows.",
    "Look again; with --wait the confirming round does.",
);
/// The check could not get a descriptor before its time was up.
pub const NO_SLOT: &CodeDecl = &CodeDecl::ours(
    "engine/no_slot",
    "The check could not get a descriptor before its time was up.",
    "Raise ulimit -n, or lower --jobs.",
);

/// Every code of this area.
pub const ALL: &[&CodeDecl] = &[
    PANIC,
    LOST,
    OVERRAN,
    RUN_DEADLINE,
    MISSING_FACT,
    EXPECTATION,
    STALE,
    NO_SLOT,
];
