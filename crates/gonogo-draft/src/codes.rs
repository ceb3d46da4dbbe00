//! Codes of what `init` and `add` refuse: exit 2, nothing was written.

use gonogo_model::CodeDecl;

/// The codes, sorted.
pub const CODES: &[&CodeDecl] = &[
    &CodeDecl::ours(
        "config/file_exists",
        "The file that `gonogo init` would write is there already.",
        "Overwrite it with --force, or look at the text first with `gonogo init -o -`.",
    )
    .permanent(),
    &CodeDecl::ours(
        "config/no_place",
        "The gate file is laid out so that `gonogo add` cannot add a check without changing the rest.",
        "Paste the check that is shown where it belongs.",
    )
    .permanent(),
    &CodeDecl::ours(
        "config/same_target",
        "The gate has a check of this target already.",
        "Change that check, or give the second one a name of its own: --id NAME.",
    )
    .permanent(),
    &CodeDecl::ours(
        "config/written_secret",
        "The target holds a password or a token, which does not belong in a file.",
        "Put the whole target into an environment variable and name that: gonogo add env:DATABASE_URL.",
    )
    .permanent(),
];
