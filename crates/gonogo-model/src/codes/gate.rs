//! Codes of the verdict as a whole: `gate/...`.

use super::CodeDecl;

/// No blocker was actually proved in this run.
pub const NOTHING_PROVED: &CodeDecl = &CodeDecl::ours(
    "gate/nothing_proved",
    "No blocker was actually proved in this run.",
    "A GO needs at least one blocker that passed.",
);
/// Planned checks were left out of this run.
pub const PARTIAL: &CodeDecl = &CodeDecl::ours(
    "gate/partial",
    "Planned checks were left out of this run.",
    "Run the whole plan for a GO.",
);
/// The run is a shard, which judges a part of the plan.
pub const SHARD: &CodeDecl = &CodeDecl::ours(
    "gate/shard",
    "The run is a shard, which judges a part of the plan.",
    "`gonogo run merge` judges all shards together; its exit code is that of the gate.",
);
/// The run was interrupted.
pub const INTERRUPTED: &CodeDecl =
    &CodeDecl::ours("gate/interrupted", "The run was interrupted.", "Run again.");
/// Too few members of the group passed, whatever the others come to.
pub const GROUP_NOT_MET: &CodeDecl = &CodeDecl::subject(
    "gate/group_not_met",
    "Too few members of the group passed, whatever the others come to.",
    "The members say why.",
);
/// Members of the group that could not be looked at decide its quorum.
pub const GROUP_UNDECIDED: &CodeDecl = &CodeDecl::ours(
    "gate/group_undecided",
    "Members of the group that could not be looked at decide its quorum.",
    "The members say why.",
);
/// A signature that the gate asks for is missing.
pub const AWAITING: &CodeDecl = &CodeDecl::ours(
    "gate/awaiting",
    "A signature that the gate asks for is missing.",
    "Ask the person who is named for it.",
);

/// Every code of this area.
pub const ALL: &[&CodeDecl] = &[
    NOTHING_PROVED,
    PARTIAL,
    SHARD,
    INTERRUPTED,
    GROUP_NOT_MET,
    GROUP_UNDECIDED,
    AWAITING,
];
