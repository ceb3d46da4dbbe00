//! What `postgres` observes, and what it expects by itself.

use gonogo_kind::{BuiltIn, FactDecl, FactType, Hold, TextChoice, Worth};
use gonogo_model::Strength;

use crate::net::tls::{joined, session_facts};

/// The facts.
pub(super) const FACTS: &[FactDecl] = &joined::<21, 21, 42>(OWN, session_facts!("tls."));

const OWN: [FactDecl; 21] = [
    FactDecl {
        name: "answers",
        ty: FactType::Boolean,
        sentence: "Whether the server let the role in and answered a question.",
        example: "true",
    },
    FactDecl {
        name: "role",
        ty: FactType::Choice(ROLES),
        sentence: "Whether the server takes writes or follows another one.",
        example: "primary",
    },
    FactDecl {
        name: "read_only",
        ty: FactType::Boolean,
        sentence: "Whether a session of this role that asks for nothing else may only read.",
        example: "false",
    },
    FactDecl {
        name: "version",
        ty: FactType::Version,
        sentence: "The version of the server.",
        example: "at least 15.4",
    },
    FactDecl {
        name: "server_version",
        ty: FactType::Text,
        sentence: "The version in the server's own words.",
        example: "{ contains: Debian }",
    },
    FactDecl {
        name: "database",
        ty: FactType::Text,
        sentence: "The database that was reached.",
        example: "app",
    },
    FactDecl {
        name: "user",
        ty: FactType::Text,
        sentence: "The role that the session has.",
        example: "app",
    },
    FactDecl {
        name: "superuser",
        ty: FactType::Boolean,
        sentence: "Whether the role could do more than use the database: a superuser, one that may replicate, run programs or write files on the server.",
        example: "false",
    },
    FactDecl {
        name: "connections",
        ty: FactType::Integer,
        sentence: "The client connections that the server has, ours included; the role needs pg_read_all_stats (part of pg_monitor).",
        example: "under 90",
    },
    FactDecl {
        name: "connections_max",
        ty: FactType::Integer,
        sentence: "The connections that ordinary roles may have: max_connections without those reserved.",
        example: "at least 100",
    },
    FactDecl {
        name: "connections_used",
        ty: FactType::Ratio,
        sentence: "connections divided by connections_max; the role needs pg_read_all_stats (part of pg_monitor).",
        example: "under 80%",
    },
    FactDecl {
        name: "rows",
        ty: FactType::Rows,
        sentence: "The rows of `query`, 1,000 at most; absent without one.",
        example: "{ length: at least 1 }",
    },
    FactDecl {
        name: "row_count",
        ty: FactType::Integer,
        sentence: "How many rows `query` gave; absent without one.",
        example: "at least 1",
    },
    FactDecl {
        name: "value",
        ty: FactType::Json,
        sentence: "The first column of the first row of `query`; absent when there is no row.",
        example: "at least 1",
    },
    FactDecl {
        name: "tls",
        ty: FactType::Boolean,
        sentence: "Whether the connection is encrypted.",
        example: "true",
    },
    FactDecl {
        name: "duration",
        ty: FactType::Duration,
        sentence: "From the start of the attempt to the last answer.",
        example: "under 500ms",
    },
    FactDecl {
        name: "timing.resolve",
        ty: FactType::Duration,
        sentence: "How long the name took; absent when the URL has an address or a socket.",
        example: "under 50ms",
    },
    FactDecl {
        name: "timing.connect",
        ty: FactType::Duration,
        sentence: "How long the connection took.",
        example: "under 50ms",
    },
    FactDecl {
        name: "timing.tls",
        ty: FactType::Duration,
        sentence: "How long it took to secure the connection; absent on plain text.",
        example: "under 100ms",
    },
    FactDecl {
        name: "timing.login",
        ty: FactType::Duration,
        sentence: "How long the login took.",
        example: "under 100ms",
    },
    FactDecl {
        name: "timing.query",
        ty: FactType::Duration,
        sentence: "How long `query` took, its transaction included; absent without one.",
        example: "under 200ms",
    },
];

/// The built-in expectations.
pub(super) const BUILT_IN: &[BuiltIn] = &[
    BuiltIn {
        fact: "answers",
        matcher: "true",
        strength: Strength::Must,
    },
    BuiltIn {
        fact: "superuser",
        matcher: "false",
        strength: Strength::Should,
    },
];

/// What `gonogo add` takes into a new check.
pub(super) const WORTH: &[Worth] = &[
    Worth::must("role", Hold::Exact),
    Worth::must("version", Hold::AtLeast),
];

/// The facts that only a `query` gives.
pub(super) const OF_QUERY: [&str; 4] = ["rows", "row_count", "value", "timing.query"];

const ROLES: &[TextChoice] = &[
    TextChoice {
        word: "primary",
        sentence: "It takes writes.",
    },
    TextChoice {
        word: "replica",
        sentence: "It is in recovery: a standby, or not yet promoted.",
    },
];
