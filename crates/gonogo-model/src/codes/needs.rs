//! Codes of checks that did not start or did not finish: `needs/...`.

use super::CodeDecl;

/// Something that the check needs did not pass.
pub const NOT_PASSED: &CodeDecl = &CodeDecl::ours(
    "needs/not_passed",
    "Something that the check needs did not pass.",
    "Mend what it needs; the check itself was not looked at.",
);
/// The check is planned but was left out of this run by --only, --skip or --failed.
pub const LEFT_OUT: &CodeDecl = &CodeDecl::ours(
    "needs/left_out",
    "The check is planned but was left out of this run by --only, --skip or --failed.",
    "Run without the option for a full verdict.",
);
/// Another shard owns the check: this one left it out.
pub const OTHER_SHARD: &CodeDecl = &CodeDecl::ours(
    "needs/other_shard",
    "Another shard owns the check: this one left it out.",
    "`gonogo run merge` joins the reports of all shards.",
);
/// The check does more than look, and the run is --read-only.
pub const READ_ONLY: &CodeDecl = &CodeDecl::ours(
    "needs/read_only",
    "The check does more than look, and the run is --read-only.",
    "Run without --read-only where its effect is allowed.",
);
/// The run was already decided, and --fail-fast ended it.
pub const FAIL_FAST: &CodeDecl = &CodeDecl::ours(
    "needs/fail_fast",
    "The run was already decided, and --fail-fast ended it.",
    "Mend the reason that is shown, or run without --fail-fast.",
);
/// The deadline of the run came before the check could start.
pub const DEADLINE: &CodeDecl = &CodeDecl::ours(
    "needs/deadline",
    "The deadline of the run came before the check could start.",
    "Raise --deadline.",
);
/// A signal ended the run before the check had finished.
pub const INTERRUPTED: &CodeDecl = &CodeDecl::ours(
    "needs/interrupted",
    "A signal ended the run before the check had finished.",
    "Run again.",
);

/// Every code of this area.
pub const ALL: &[&CodeDecl] = &[
    NOT_PASSED,
    LEFT_OUT,
    OTHER_SHARD,
    READ_ONLY,
    FAIL_FAST,
    DEADLINE,
    INTERRUPTED,
];
