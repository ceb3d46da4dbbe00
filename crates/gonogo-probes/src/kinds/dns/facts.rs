//! What `dns` observes, and what it expects by itself.

use gonogo_kind::{BuiltIn, FactDecl, FactType, Hold, TextChoice, Worth};
use gonogo_model::Strength;

/// The facts.
pub(super) const FACTS: &[FactDecl] = &[
    FactDecl {
        name: "rcode",
        ty: FactType::Choice(RCODES),
        sentence: "The rcode of the answer, in lower case.",
        example: "nxdomain",
    },
    FactDecl {
        name: "answers",
        ty: FactType::List(&FactType::Text),
        sentence: "The records of the asked type, aliases followed, in presentation form.",
        example: "{ has: 192.0.2.10 }",
    },
    FactDecl {
        name: "answer_count",
        ty: FactType::Integer,
        sentence: "How many records of the asked type there are.",
        example: "at least 2",
    },
    FactDecl {
        name: "offered",
        ty: FactType::Boolean,
        sentence: "False when the records say that there is no such service (an MX of `0 .`, an SRV target of `.`); absent without an answer.",
        example: "true",
    },
    FactDecl {
        name: "ttl",
        ty: FactType::Duration,
        sentence: "The least TTL of the answers and of the aliases before them, as sent; absent without an answer.",
        example: "at most 5m",
    },
    FactDecl {
        name: "ttl_max",
        ty: FactType::Duration,
        sentence: "The greatest TTL of the answers and of the aliases before them, as sent; absent without an answer.",
        example: "at most 1h",
    },
    FactDecl {
        name: "authoritative",
        ty: FactType::Boolean,
        sentence: "Whether the server speaks for the zone itself (the AA flag).",
        example: "true",
    },
    FactDecl {
        name: "truncated",
        ty: FactType::Boolean,
        sentence: "Whether the answer did not fit into UDP and was asked for again over TCP.",
        example: "false",
    },
    FactDecl {
        name: "canonical_name",
        ty: FactType::Text,
        sentence: "The name at the end of the aliases; the asked name when there are none.",
        example: "lb.example.net",
    },
    FactDecl {
        name: "chain",
        ty: FactType::List(&FactType::Text),
        sentence: "The targets of the aliases, in order; empty when there are none.",
        example: "{ length: at most 2 }",
    },
    FactDecl {
        name: "soa_serial",
        ty: FactType::Integer,
        sentence: "The serial of the zone's SOA record, when one was sent (always with type SOA, mostly with a negative answer).",
        example: "at least 2026110100",
    },
    FactDecl {
        name: "server",
        ty: FactType::Text,
        sentence: "The address and port of the server that answered.",
        example: "\"192.0.2.53:53\"",
    },
    FactDecl {
        name: "duration",
        ty: FactType::Duration,
        sentence: "From the first question sent to the answer, a change to TCP included.",
        example: "under 200ms",
    },
];

/// The built-in expectations: noerror and an answer.
pub(super) const BUILT_IN: &[BuiltIn] = &[
    BuiltIn {
        fact: "rcode",
        matcher: "noerror",
        strength: Strength::Must,
    },
    BuiltIn {
        fact: "answer_count",
        matcher: "at least 1",
        strength: Strength::Must,
    },
];

/// What `gonogo add` takes into a new check.
pub(super) const WORTH: &[Worth] = &[Worth::must("answers", Hold::Exact)];

const RCODES: &[TextChoice] = &[
    TextChoice {
        word: "noerror",
        sentence: "The name exists.",
    },
    TextChoice {
        word: "nxdomain",
        sentence: "The name does not exist.",
    },
    TextChoice {
        word: "servfail",
        sentence: "The server could not find out.",
    },
    TextChoice {
        word: "refused",
        sentence: "The server refuses to answer.",
    },
    TextChoice {
        word: "formerr",
        sentence: "The server could not read the question.",
    },
    TextChoice {
        word: "notimp",
        sentence: "The server does not support the question.",
    },
    TextChoice {
        word: "other",
        sentence: "Another error; the message of the check names it.",
    },
];
