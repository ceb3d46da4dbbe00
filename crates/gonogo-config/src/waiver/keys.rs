//! The keys of waivers and quarantines.

use gonogo_kind::FieldType;

use crate::keys::{KeyDecl, Shape, key};

/// The keys of a waiver.
pub(crate) const WAIVER: &[KeyDecl] = &[
    key(
        "check",
        Shape::Constant,
        "The check that may fail: an id, that of an `each` for all its instances, or a glob.",
        "region.ap",
    ),
    key(
        "code",
        Shape::Constant,
        "The one code that it covers; whatever goes wrong unless given.",
        "net/refused",
    ),
    REASON,
    OWNER,
    TICKET,
    UNTIL,
];

/// The keys of a quarantine.
pub(crate) const QUARANTINE: &[KeyDecl] = &[
    REASON,
    OWNER,
    TICKET,
    UNTIL,
    key(
        "count",
        Shape::Field(FieldType::Integer {
            min: 1,
            max: 20_000,
        }),
        "The most instances that it covers at once; when more do not pass, it covers none.",
        "1",
    ),
];

const REASON: KeyDecl = key("reason", Shape::Constant, "Why it may fail.", "moving out");
const OWNER: KeyDecl = key("owner", Shape::Constant, "Who answers for it.", "ops");
const TICKET: KeyDecl = key(
    "ticket",
    Shape::Constant,
    "Where it is discussed.",
    "OPS-42",
);
const UNTIL: KeyDecl = key(
    "until",
    Shape::Constant,
    "When it ends: a date ends that day in UTC, a time has a zone.",
    "2027-01-31",
);
