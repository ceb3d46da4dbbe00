//! The codes of `migrations`.

use gonogo_model::CodeDecl;

/// Migrations of the release are not applied.
pub(super) const PENDING: &CodeDecl = &CodeDecl::subject(
    "migrations/pending",
    "Migrations that the release brings along are not applied.",
    "Run the migrations before the release, or expect `state: pending` where that is the step before.",
);
/// The text of an applied migration was changed afterwards.
pub(super) const MODIFIED: &CodeDecl = &CodeDecl::subject(
    "migrations/modified",
    "The text of an applied migration differs from what was applied.",
    "Restore the file as it was applied, and put the change into a new migration; the tool will refuse to run as it is.",
)
.permanent();
/// A migration stopped halfway.
pub(super) const FAILED: &CodeDecl = &CodeDecl::subject(
    "migrations/failed",
    "A migration was begun and did not succeed; the schema may be half changed.",
    "Look at what it left behind, repair it by hand, then correct its row in the ledger; the tool will refuse to run until then.",
)
.permanent();
/// The ledger has migrations that the release does not know.
pub(super) const MISSING_ON_DISK: &CodeDecl = &CodeDecl::subject(
    "migrations/missing_on_disk",
    "The ledger has migrations that are not in the folder.",
    "Is `dir` the folder of this release, and is the database the right one? A deleted migration must come back.",
)
.permanent();
/// A pending migration is older than an applied one.
pub(super) const OUT_OF_ORDER: &CodeDecl = &CodeDecl::subject(
    "migrations/out_of_order",
    "A migration that is not applied comes before one that is.",
    "Two branches were merged out of order: make sure that it still fits, or give it a newer version.",
);
/// There is neither a file nor a row.
pub(super) const NOTHING: &CodeDecl = &CodeDecl::ours(
    "migrations/nothing",
    "The folder holds no migration and the ledger none either, so nothing is proved.",
    "Is `dir` the right folder, and was it shipped with the release?",
)
.permanent();
/// The folder cannot be read.
pub(super) const UNREADABLE_DIR: &CodeDecl = &CodeDecl::ours(
    "migrations/unreadable_dir",
    "The folder of the migrations cannot be read whole.",
    "Does it exist where gonogo runs? Paths are relative to the folder of the file in which they stand.",
)
.permanent();
/// A file cannot be read as a migration.
pub(super) const BAD_FILE: &CodeDecl = &CodeDecl::ours(
    "migrations/bad_file",
    "A file in the folder cannot be read as a migration, and the tool would refuse the folder too.",
    "Mend, rename or remove the file.",
)
.permanent();
/// The database is not there.
pub(super) const NO_DATABASE: &CodeDecl = &CodeDecl::ours(
    "migrations/no_database",
    "The database that the ledger is looked for in does not exist.",
    "Is the URL right? A relative path of sqlite: begins at the working folder.",
)
.permanent();
/// The server does not let the role in.
pub(super) const LOGIN_REFUSED: &CodeDecl = &CodeDecl::ours(
    "migrations/login_refused",
    "The database does not let the role in, so the ledger could not be looked at.",
    "Compare user and password of the URL with the server; its log says what it dislikes.",
)
.permanent();
/// The role may not read the ledger.
pub(super) const MISSING_GRANT: &CodeDecl = &CodeDecl::ours(
    "migrations/missing_grant",
    "The ledger is there, and the role may not read it.",
    "GRANT SELECT on the table and USAGE on its schema to the role.",
)
.permanent();
/// Several tables could be the ledger.
pub(super) const AMBIGUOUS: &CodeDecl = &CodeDecl::ours(
    "migrations/ambiguous",
    "More than one table of the database could be the ledger.",
    "Name the right one with `schema`.",
)
.permanent();
/// Somebody else holds the ledger.
pub(super) const LOCKED: &CodeDecl = &CodeDecl::ours(
    "migrations/locked",
    "Somebody else holds the ledger, so it could not be read in time.",
    "A migration is probably running: wait for it, with retry or --wait.",
);
/// The ledger cannot be read.
pub(super) const UNREADABLE_LEDGER: &CodeDecl = &CodeDecl::ours(
    "migrations/unreadable_ledger",
    "The ledger could not be read, or is not one of the tool.",
    "The message says what was found; is `tool` the one that wrote it?",
);

/// Every code of this kind.
pub(super) const ALL: &[&CodeDecl] = &[
    PENDING,
    MODIFIED,
    FAILED,
    MISSING_ON_DISK,
    OUT_OF_ORDER,
    NOTHING,
    UNREADABLE_DIR,
    BAD_FILE,
    NO_DATABASE,
    LOGIN_REFUSED,
    MISSING_GRANT,
    AMBIGUOUS,
    LOCKED,
    UNREADABLE_LEDGER,
];
