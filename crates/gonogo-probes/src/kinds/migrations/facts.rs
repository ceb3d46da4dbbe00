//! What `migrations` observes, and what it expects by itself.

use gonogo_kind::{BuiltIn, FactDecl, FactType, Hold, TextChoice, Worth};
use gonogo_model::Strength;

/// The facts.
pub(super) const FACTS: &[FactDecl] = &[
    FactDecl {
        name: "state",
        ty: FactType::Choice(STATES),
        sentence: "The worst state that any migration is in.",
        example: "applied",
    },
    FactDecl {
        name: "applied",
        ty: FactType::List(&FactType::Text),
        sentence: "The ids of the migrations that are applied as they stand on disk.",
        example: "{ has: \"20260101000000\" }",
    },
    FactDecl {
        name: "applied_count",
        ty: FactType::Integer,
        sentence: "How many they are.",
        example: "at least 1",
    },
    FactDecl {
        name: "pending",
        ty: FactType::List(&FactType::Text),
        sentence: "The ids of those on disk that are not in the ledger.",
        example: "[\"20260102000000\"]",
    },
    FactDecl {
        name: "pending_count",
        ty: FactType::Integer,
        sentence: "How many they are.",
        example: "at most 2",
    },
    FactDecl {
        name: "out_of_order",
        ty: FactType::List(&FactType::Text),
        sentence: "The ids of those pending that come before one that is applied.",
        example: "{ length: 0 }",
    },
    FactDecl {
        name: "out_of_order_count",
        ty: FactType::Integer,
        sentence: "How many they are.",
        example: "0",
    },
    FactDecl {
        name: "modified",
        ty: FactType::List(&FactType::Text),
        sentence: "The ids of those whose text on disk differs from what was applied.",
        example: "{ length: 0 }",
    },
    FactDecl {
        name: "modified_count",
        ty: FactType::Integer,
        sentence: "How many they are.",
        example: "0",
    },
    FactDecl {
        name: "failed",
        ty: FactType::List(&FactType::Text),
        sentence: "The ids of those that were begun and did not succeed.",
        example: "{ length: 0 }",
    },
    FactDecl {
        name: "failed_count",
        ty: FactType::Integer,
        sentence: "How many they are.",
        example: "0",
    },
    FactDecl {
        name: "missing_on_disk",
        ty: FactType::List(&FactType::Text),
        sentence: "The ids of those in the ledger that are not on disk.",
        example: "{ length: 0 }",
    },
    FactDecl {
        name: "missing_on_disk_count",
        ty: FactType::Integer,
        sentence: "How many they are.",
        example: "0",
    },
    FactDecl {
        name: "ledger",
        ty: FactType::Choice(LEDGERS),
        sentence: "Whether the ledger is there, and anything in it.",
        example: "present",
    },
    FactDecl {
        name: "newest",
        ty: FactType::Text,
        sentence: "The id of the newest migration in the ledger that succeeded; absent when there is none.",
        example: "\"20260102000000\"",
    },
    FactDecl {
        name: "total",
        ty: FactType::Integer,
        sentence: "How many migrations are on disk.",
        example: "at least 1",
    },
    FactDecl {
        name: "duration",
        ty: FactType::Duration,
        sentence: "How long it took to read both sides.",
        example: "under 2s",
    },
];

/// The built-in expectations.
pub(super) const BUILT_IN: &[BuiltIn] = &[BuiltIn {
    fact: "state",
    matcher: "applied",
    strength: Strength::Must,
}];

/// What `gonogo add` takes into a new check.
pub(super) const WORTH: &[Worth] = &[Worth::must("state", Hold::Exact)];

/// The states, worst first.
const STATES: &[TextChoice] = &[
    TextChoice {
        word: "failed",
        sentence: "A migration was begun and did not succeed.",
    },
    TextChoice {
        word: "modified",
        sentence: "The text of an applied migration was changed.",
    },
    TextChoice {
        word: "missing_on_disk",
        sentence: "The ledger has a migration that is not on disk.",
    },
    TextChoice {
        word: "out_of_order",
        sentence: "A pending migration comes before an applied one.",
    },
    TextChoice {
        word: "pending",
        sentence: "A migration on disk is not applied.",
    },
    TextChoice {
        word: "applied",
        sentence: "Every migration on disk is applied as it stands, and there is at least one.",
    },
];

const LEDGERS: &[TextChoice] = &[
    TextChoice {
        word: "present",
        sentence: "It is there, with rows.",
    },
    TextChoice {
        word: "empty",
        sentence: "It is there, without a row.",
    },
    TextChoice {
        word: "absent",
        sentence: "It was looked for, and is not there.",
    },
];
