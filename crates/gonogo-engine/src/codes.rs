//! Codes of what keeps a selection from becoming a plan: exit 2, nothing was probed.

use gonogo_model::CodeDecl;

/// Something stands in for a secret.
pub(crate) const STAND_IN: &CodeDecl = &CodeDecl::ours(
    "config/unset_secret",
    "A secret of the gate has no value, and nothing can be run without it.",
    "Give the secret its value.",
)
.permanent();
/// The gate has no such phase.
pub(crate) const UNKNOWN_PHASE: &CodeDecl = &CodeDecl::ours(
    "config/selected_phase",
    "The phase that was asked for is not one of the gate's.",
    "Use one of the phases that the gate declares.",
)
.permanent();
/// Checks of the gate belong to phases, and none was asked for.
pub(crate) const PHASE_MISSING: &CodeDecl = &CodeDecl::ours(
    "config/phase_missing",
    "Checks of the gate belong to phases, and no phase was asked for.",
    "Say which with --phase.",
)
.permanent();
/// The gate has no such tag.
pub(crate) const UNKNOWN_TAG: &CodeDecl = &CodeDecl::ours(
    "config/selected_tag",
    "The tag that was asked for is not one of the gate's.",
    "Use one of the tags that the gate declares.",
)
.permanent();
/// A glob of `--only` or `--skip` matches no planned check.
pub(crate) const GLOB: &CodeDecl = &CodeDecl::ours(
    "config/glob_matches_nothing",
    "A glob of --only or --skip matches no planned check.",
    "gonogo check --list shows the ids that are planned.",
)
.permanent();
/// The selection leaves nothing to run.
pub(crate) const EMPTY_SELECTION: &CodeDecl = &CodeDecl::ours(
    "config/empty_selection",
    "The selection leaves nothing to run.",
    "A run without checks proves nothing; select at least one.",
)
.permanent();
/// No blocker is planned.
pub(crate) const NO_BLOCKER: &CodeDecl = &CodeDecl::ours(
    "config/no_blocker",
    "No check and no group of the plan is a blocker.",
    "Only blockers decide: a plan without one could never say GO. Select more, or use --strict.",
)
.permanent();
/// A planned check needs something that the selection excludes.
pub(crate) const NEED_EXCLUDED: &CodeDecl = &CodeDecl::ours(
    "config/need_out_of_phase",
    "A planned check needs something that does not belong to the phase.",
    "Add the phase to what is needed, or take it from the check that needs it.",
)
.permanent();
/// A check needs an id that does not exist.
pub(crate) const DANGLING: &CodeDecl = &CodeDecl::ours(
    "config/dangling_need",
    "A check needs an id that the gate does not have.",
    "Correct the id, or remove it from needs.",
)
.permanent();
/// Checks wait for each other.
pub(crate) const CYCLE: &CodeDecl = &CodeDecl::ours(
    "config/needs_cycle",
    "Checks need each other in a circle.",
    "Remove one of the needs; the members of a group stand between it and whatever needs it.",
)
.permanent();
/// A group can never have its quorum.
pub(crate) const QUORUM: &CodeDecl = &CodeDecl::ours(
    "config/group_quorum",
    "The quorum of a group is zero or above the number of its planned members.",
    "Select all members of the group, or change its quorum.",
)
.permanent();

/// The codes that only a selection can raise.
///
/// The others are also found when a gate file is read, and stand in that table.
pub const ALL: &[&CodeDecl] = &[
    UNKNOWN_PHASE,
    PHASE_MISSING,
    UNKNOWN_TAG,
    GLOB,
    EMPTY_SELECTION,
];
