//! The keys of a policy.

use gonogo_kind::FieldType;

use super::{KeyDecl, Shape, key};

/// The keys of a policy file.
pub(crate) const POLICY_FILE: &[KeyDecl] = &[
    key(
        "version",
        Shape::Constant,
        "The version of the file format: 1.",
        "1",
    ),
    key(
        "policy",
        Shape::Map(POLICY),
        "The rules.",
        "{ commands: false }",
    ),
];

/// The keys of a policy.
pub(crate) const POLICY: &[KeyDecl] = &[
    key(
        "require",
        Shape::Map(REQUIRE),
        "What a gate must have, as a blocker.",
        "{ checks: [\"edge-*\"], kinds: [tls] }",
    ),
    key(
        "severities",
        Shape::Severities,
        "The least severity of the checks and groups whose id matches.",
        "{ \"edge-*\": blocker }",
    ),
    key(
        "allow",
        Shape::Map(ALLOW),
        "What checks may do; anything else is forbidden.",
        "{ effects: [reads], hosts: [\"*.example.com\"] }",
    ),
    key(
        "longest_waiver",
        Shape::Constant,
        "How far off the end of a waiver or quarantine may be; `none` where there may be no waiver.",
        "30d",
    ),
    key(
        "commands",
        Shape::Field(FieldType::Boolean),
        "With false nothing may start a program: no check, and no secret that one prints.",
        "false",
    ),
];

/// The keys of `require`.
pub(crate) const REQUIRE: &[KeyDecl] = &[
    key(
        "checks",
        Shape::Field(FieldType::Texts),
        "Ids or globs, each of which a blocker or a blocking group must match.",
        "[\"edge-*\"]",
    ),
    key(
        "kinds",
        Shape::Field(FieldType::Texts),
        "Kinds, of each of which there must be a blocker.",
        "[tls]",
    ),
    key(
        "phases",
        Shape::Field(FieldType::Texts),
        "Phases that the gate must declare, and to which a blocker must belong.",
        "[pre-deploy]",
    ),
];

/// The keys of `allow`.
pub(crate) const ALLOW: &[KeyDecl] = &[
    key(
        "kinds",
        Shape::Field(FieldType::Texts),
        "The kinds that checks may be of.",
        "[http, tls]",
    ),
    key(
        "effects",
        Shape::Field(FieldType::Texts),
        "What probes may do: reads, writes, executes, loads.",
        "[reads]",
    ),
    key(
        "hosts",
        Shape::Field(FieldType::Texts),
        "The hosts that probes may look at: names, globs, addresses or networks, with a port or without.",
        "[\"*.example.com\", 10.0.0.0/8]",
    ),
];
