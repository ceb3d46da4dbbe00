//! Codes of the answers of APIs, whatever the kind: `api/...`.

use super::CodeDecl;

/// What came is not an HTTP answer, or breaks the rules of HTTP.
pub const NOT_HTTP: &CodeDecl = &CodeDecl::subject(
    "api/not_http",
    "What came is not an HTTP answer, or breaks the rules of HTTP.",
    "Is this the port of the HTTP interface, and http or https as it speaks?",
);
/// The answer is larger than what gonogo reads of one.
pub const TOO_LARGE: &CodeDecl = &CodeDecl::ours(
    "api/too_large",
    "The answer is larger than what gonogo reads of one.",
    "Ask for less: a narrower query, a shorter range, fewer rows.",
);

/// Every code of this area.
pub const ALL: &[&CodeDecl] = &[NOT_HTTP, TOO_LARGE];
