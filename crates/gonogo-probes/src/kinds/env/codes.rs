//! The codes of `env`.

use gonogo_model::CodeDecl;

/// The file of settings cannot be read.
pub(super) const NO_FILE: &CodeDecl = &CodeDecl::ours(
    "env/no_file",
    "A file of settings is missing or cannot be read.",
    "Is it where the gate runs, and may gonogo read it? Paths are relative to the gate file.",
);
/// The file of settings is larger than what is read.
pub(super) const TOO_LARGE: &CodeDecl = &CodeDecl::ours(
    "env/too_large",
    "A file of settings is larger than 1 MiB, and was not read.",
    "Is it a file of settings? Name the one with lines NAME=value.",
)
.permanent();
/// The file holds a line that is no setting.
pub(super) const NOT_SETTINGS: &CodeDecl = &CodeDecl::ours(
    "env/not_settings",
    "A file of settings holds a line that is not NAME=value, or is no text.",
    "Write it as a program that reads .env files would take it; quote values with spaces.",
)
.permanent();
/// The connection string is not one.
pub(super) const NOT_A_DSN: &CodeDecl = &CodeDecl::subject(
    "env/not_a_dsn",
    "The value of the variable named by dsn is not a connection string.",
    "It is a URL, postgres://user:password@host:5432/name, or words of libpq, host=... dbname=...",
);

/// Every code of this kind.
pub(super) const ALL: &[&CodeDecl] = &[NO_FILE, TOO_LARGE, NOT_SETTINGS, NOT_A_DSN];
