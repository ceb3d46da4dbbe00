//! Codes of what gonogo writes: `output/...`.

use super::CodeDecl;

/// A report could not be created.
pub const UNWRITABLE: &CodeDecl = &CodeDecl::ours(
    "output/unwritable",
    "A report could not be created.",
    "Check the folder and its permissions.",
);
/// An output could not be written whole.
pub const INCOMPLETE: &CodeDecl = &CodeDecl::ours(
    "output/incomplete",
    "An output could not be written whole.",
    "Is the disk full, or did the reader close the pipe?",
);
/// A server did not take an output.
pub const NOT_TAKEN: &CodeDecl = &CodeDecl::ours(
    "output/not_taken",
    "The server that an output was for did not take it, or not all of it.",
    "Is the server up, is the URL that of its own API, and are user and password right?",
);

/// Every code of this area.
pub const ALL: &[&CodeDecl] = &[UNWRITABLE, INCOMPLETE, NOT_TAKEN];
