//! Codes of shards and of their merge: `shard/...`. Each keeps a merge from being GO.

use super::CodeDecl;

/// A shard of the run is not among the files.
pub const MISSING: &CodeDecl = &CodeDecl::ours(
    "shard/missing",
    "A shard of the run is not among the files.",
    "Look at the job of that shard: did it run, and was its report kept? Then merge all of them.",
);
/// Two files are of the same shard.
pub const DUPLICATE: &CodeDecl = &CodeDecl::ours(
    "shard/duplicate",
    "Two files are of the same shard.",
    "Give each shard once: a job that runs again writes over its report, or the folder is emptied before.",
);
/// The file is a shard of another run: another gate, plan, release, pipeline or version.
pub const FOREIGN: &CodeDecl = &CodeDecl::ours(
    "shard/foreign",
    "The file is a shard of another run: another gate, plan, release, pipeline or version.",
    "Run every shard from the same files, with the same options and the same gonogo, and merge these alone.",
);
/// The run of the shard was interrupted.
pub const INTERRUPTED: &CodeDecl = &CodeDecl::ours(
    "shard/interrupted",
    "The run of the shard was interrupted.",
    "Run the shard again, and merge again.",
);
/// The file is not a whole report.
pub const DAMAGED: &CodeDecl = &CodeDecl::ours(
    "shard/damaged",
    "The file is not a whole report.",
    "Run the shard again with `-o json=FILE`, and merge again.",
);
/// The report of the shard says what a shard of its plan cannot say: it was edited.
pub const EDITED: &CodeDecl = &CodeDecl::ours(
    "shard/edited",
    "The report of the shard says what a shard of its plan cannot say: it was edited.",
    "Run the shard again, and merge again.",
);
/// The shard ran too long before the merge.
pub const TOO_OLD: &CodeDecl = &CodeDecl::ours(
    "shard/too_old",
    "The shard ran too long before the merge.",
    "Run every shard again; where shards wait long for a machine, raise --max-age.",
);
/// The shard says that it ran after the merge.
pub const FUTURE: &CodeDecl = &CodeDecl::ours(
    "shard/future",
    "The shard says that it ran after the merge.",
    "Set the clocks of the machines: they differ by minutes.",
);

/// Every code of this area.
pub const ALL: &[&CodeDecl] = &[
    MISSING,
    DUPLICATE,
    FOREIGN,
    INTERRUPTED,
    DAMAGED,
    EDITED,
    TOO_OLD,
    FUTURE,
];
