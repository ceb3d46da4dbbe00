//! Codes of notices that did not get where they should: `notify/...`. None of them changes a verdict.

use super::CodeDecl;

/// The receiver did not take the notice.
pub const REFUSED: &CodeDecl = &CodeDecl::ours(
    "notify/refused",
    "The receiver did not take the notice.",
    "The message has its answer: is the URL still valid, may it be posted to, are sender and password right?",
);
/// A secret that only the receiver uses is missing.
pub const NO_SECRET: &CodeDecl = &CodeDecl::ours(
    "notify/no_secret",
    "A secret is missing without which the receiver cannot be reached.",
    "Set the secret, or say --no-notify where nobody is to be told.",
)
.permanent();
/// A signal came before the notice was sent.
pub const STOPPED: &CodeDecl = &CodeDecl::ours(
    "notify/stopped",
    "A signal came before the notice was sent.",
    "Tell the receiver yourself, if it matters; the report has everything.",
);
/// The message would go over the network in plain text.
pub const PLAIN: &CodeDecl = &CodeDecl::ours(
    "notify/plain",
    "The server of e-mail does not secure the connection.",
    "Use smtps:// or a server with STARTTLS; without a password, `starttls: false` says that plain text is meant.",
)
.permanent();

/// Every code of this area.
pub const ALL: &[&CodeDecl] = &[REFUSED, NO_SECRET, STOPPED, PLAIN];
