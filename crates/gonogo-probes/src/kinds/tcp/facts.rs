//! What `tcp` observes, and what it expects by itself.

use gonogo_kind::{BuiltIn, FactDecl, FactType, Hold, TextChoice, Worth};
use gonogo_model::Strength;

/// The facts.
pub(super) const FACTS: &[FactDecl] = &[
    FactDecl {
        name: "state",
        ty: FactType::Choice(STATES),
        sentence: "Whether the port takes connections, or how it fails to.",
        example: "refused",
    },
    FactDecl {
        name: "connect",
        ty: FactType::Duration,
        sentence: "How long the connection took, without the look-up of the name.",
        example: "under 50ms",
    },
    FactDecl {
        name: "address",
        ty: FactType::Text,
        sentence: "The address and port that took the connection.",
        example: "{ starts_with: 10. }",
    },
    FactDecl {
        name: "banner",
        ty: FactType::Text,
        sentence: "The first line that the server sends, at most 4 KiB.",
        example: "{ starts_with: SSH-2.0 }",
    },
    FactDecl {
        name: "first_byte",
        ty: FactType::Duration,
        sentence: "How long the server took to begin with its first line.",
        example: "under 200ms",
    },
];

/// The built-in expectations.
pub(super) const BUILT_IN: &[BuiltIn] = &[BuiltIn {
    fact: "state",
    matcher: "open",
    strength: Strength::Must,
}];

/// What `gonogo add` takes into a new check.
pub(super) const WORTH: &[Worth] = &[Worth::must("state", Hold::Exact)];

const STATES: &[TextChoice] = &[
    TextChoice {
        word: "open",
        sentence: "The port takes connections.",
    },
    TextChoice {
        word: "refused",
        sentence: "Nothing listens there, or a firewall says no.",
    },
    TextChoice {
        word: "reset",
        sentence: "The connection was reset while it was made.",
    },
    TextChoice {
        word: "timeout",
        sentence: "Nothing answered in time.",
    },
    TextChoice {
        word: "unreachable",
        sentence: "No route leads there from this machine.",
    },
    TextChoice {
        word: "no_such_name",
        sentence: "The name does not exist, or has no address.",
    },
];
