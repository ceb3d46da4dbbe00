//! The codes of `tcp`; whatever happens to the connection itself is `net/...`.

use gonogo_model::CodeDecl;

/// The first line is longer than what is kept of it.
pub(super) const LONG_BANNER: &CodeDecl = &CodeDecl::ours(
    "tcp/long_banner",
    "The first line is longer than 4 KiB, and what is beyond was not read.",
    "Is this the right port? No banner is that long.",
)
.permanent();

/// Every code of this kind.
pub(super) const ALL: &[&CodeDecl] = &[LONG_BANNER];
