//! Codes of what is wrong with a request rather than with a gate file: exit 2, nothing was probed.

use gonogo_model::CodeDecl;

use crate::open_to_all::WRITABLE_BY_ALL;

/// The codes of a request, sorted.
pub const CODES: &[&CodeDecl] = &[
    &CodeDecl::ours(
        "config/cannot_watch",
        "Standard input is read once: it cannot be watched for changes.",
        "Name the gate file.",
    )
    .permanent(),
    &CodeDecl::ours(
        "config/not_a_plan",
        "The file given to --plan is not a saved plan.",
        "Save one with `gonogo plan -o json`.",
    )
    .permanent(),
    &CodeDecl::ours(
        "config/not_a_report",
        "The file is not a JSON report of a run, or not one that this version reads.",
        "Save one with `gonogo check -o json=report.json`.",
    )
    .permanent(),
    &CodeDecl::ours(
        "config/not_a_shard",
        "The report to be merged is of a whole run, or of a merge.",
        "Merge the reports of `gonogo check --shard K/N -o json=FILE`, and nothing else.",
    )
    .permanent(),
    &CodeDecl::ours(
        "config/other_gate",
        "The report given to --failed or --baseline is of another gate.",
        "Name the report of an earlier run of this gate.",
    )
    .permanent(),
    &CodeDecl::ours(
        "config/plan_changed",
        "The gate is no longer the one of the plan given to --plan.",
        "Review what `gonogo plan` shows now, and save it with `gonogo plan -o json`.",
    )
    .permanent(),
    &CodeDecl::ours(
        "config/secret_not_run",
        "A secret comes from a command, which only a run of the gate starts.",
        "Use `gonogo check`, or `gonogo lint` to read the gate without it.",
    )
    .permanent(),
    &CodeDecl::ours(
        "config/two_outputs",
        "Two formats want standard output, or the same file.",
        "Give each a file of its own: -o json=report.json.",
    )
    .permanent(),
    &CodeDecl::ours(
        "config/unknown_command",
        "There is no manual page of such a command.",
        "`gonogo --help` lists the commands.",
    )
    .permanent(),
    &CodeDecl::ours(
        "config/unknown_kind",
        "There is no such kind, or the target does not say of which kind it is.",
        "`gonogo explain` lists the kinds.",
    )
    .permanent(),
    &CodeDecl::ours(
        "config/unknown_topic",
        "There is no such kind and no such code.",
        "`gonogo explain` lists the kinds and the areas of codes.",
    )
    .permanent(),
    &WRITABLE_BY_ALL,
    &CodeDecl::ours(
        "engine/no_runtime",
        "gonogo could not start what it runs checks with.",
        "Is this machine out of memory, threads or file descriptors?",
    )
    .permanent(),
];
