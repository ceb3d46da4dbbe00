//! What `env` observes, and what it expects by itself.

use gonogo_kind::{BuiltIn, FactDecl, FactType, Hold, Worth};
use gonogo_model::Strength;

/// The facts.
pub(super) const FACTS: &[FactDecl] = &[
    FactDecl {
        name: "wrong",
        ty: FactType::List(&FactType::Text),
        sentence: "Each name with what is wrong with it: `PORT is not set`.",
        example: "{ length: 0 }",
    },
    FactDecl {
        name: "missing",
        ty: FactType::List(&FactType::Text),
        sentence: "The names that are not set, or set to an empty text.",
        example: "{ length: 0 }",
    },
    FactDecl {
        name: "mismatched",
        ty: FactType::List(&FactType::Text),
        sentence: "The names whose value does not match its pattern; absent without `patterns`.",
        example: "{ length: 0 }",
    },
    FactDecl {
        name: "placeholders",
        ty: FactType::List(&FactType::Text),
        sentence: "The names whose value is a placeholder.",
        example: "{ length: 0 }",
    },
    FactDecl {
        name: "forbidden",
        ty: FactType::List(&FactType::Text),
        sentence: "The names whose value holds a word of `forbid`; absent without it.",
        example: "{ length: 0 }",
    },
    FactDecl {
        name: "same",
        ty: FactType::List(&FactType::Text),
        sentence: "The names whose value is the same in the file of `differs_from`; absent without it.",
        example: "{ length: 0 }",
    },
    FactDecl {
        name: "set",
        ty: FactType::Integer,
        sentence: "How many of the names are set.",
        example: "at least 3",
    },
    FactDecl {
        name: "scheme",
        ty: FactType::Text,
        sentence: "The scheme of the connection string, in small letters; absent without `dsn`, and so are the others.",
        example: "postgres",
    },
    FactDecl {
        name: "host",
        ty: FactType::Text,
        sentence: "Its host.",
        example: "{ ends_with: .prod.internal }",
    },
    FactDecl {
        name: "port",
        ty: FactType::Integer,
        sentence: "Its port, where it is written.",
        example: "5432",
    },
    FactDecl {
        name: "database",
        ty: FactType::Text,
        sentence: "The database that it names.",
        example: "shop",
    },
    FactDecl {
        name: "sslmode",
        ty: FactType::Text,
        sentence: "How its TLS is verified (`sslmode`, `ssl-mode`, `tls`), where it is written.",
        example: "verify-full",
    },
];

/// The built-in expectations.
pub(super) const BUILT_IN: &[BuiltIn] = &[BuiltIn {
    fact: "wrong",
    matcher: "{ length: 0 }",
    strength: Strength::Must,
}];

/// What `gonogo add` takes into a new check.
pub(super) const WORTH: &[Worth] = &[Worth::must("host", Hold::Exact)];
