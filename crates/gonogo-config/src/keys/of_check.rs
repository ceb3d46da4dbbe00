//! The keys of checks and groups, and of what is in force where they say nothing.

use gonogo_kind::{Choice, FieldType};

use super::{KeyDecl, Shape, key};
use crate::waiver;

/// The keys of `defaults`.
pub(crate) const DEFAULTS: &[KeyDecl] = &[
    key(
        "timeout",
        Shape::Field(FieldType::Duration),
        "How long one attempt may take; 10s unless given.",
        "5s",
    ),
    key(
        "retry",
        Shape::Map(RETRY),
        "How often to try again.",
        "{ attempts: 3, backoff: 200ms }",
    ),
];

/// The keys of `retry`.
pub(crate) const RETRY: &[KeyDecl] = &[
    key(
        "attempts",
        Shape::Field(FieldType::Integer { min: 1, max: 100 }),
        "The most attempts of one round, 1 to 100; 1 unless given.",
        "3",
    ),
    key(
        "backoff",
        Shape::Field(FieldType::Duration),
        "The wait between attempts; 500ms unless given.",
        "200ms",
    ),
];

/// The keys of a check that every kind has; beside them stands the one key that is the kind.
pub(crate) const CHECK: &[KeyDecl] = &[
    key(
        "title",
        Shape::Field(FieldType::Text),
        "What the check is called in reports; its id unless given.",
        "the API answers",
    ),
    key(
        "severity",
        Shape::Field(FieldType::Choice(SEVERITIES)),
        "How much the check weighs; blocker unless given.",
        "warning",
    ),
    key(
        "expect",
        Shape::Expectations,
        "What must hold: facts and matchers.",
        "{ duration: under 500ms }",
    ),
    key(
        "should",
        Shape::Expectations,
        "What should hold, and only warns.",
        "{ expires_in: over 30d }",
    ),
    key(
        "assert",
        Shape::Conditions,
        "What must hold of several facts together: a condition in CEL, or a list of them.",
        "status < 500 && duration < duration(\"500ms\")",
    ),
    key(
        "when",
        Shape::Condition,
        "The check is part of the gate when this condition over the variables, in CEL, holds.",
        "region == \"eu\"",
    ),
    key(
        "needs",
        Shape::Field(FieldType::Texts),
        "Checks and groups that must pass before this one starts.",
        "[database]",
    ),
    key(
        "phases",
        Shape::Field(FieldType::Texts),
        "The phases to which it belongs; all unless given.",
        "[pre-deploy]",
    ),
    key(
        "tags",
        Shape::Field(FieldType::Texts),
        "Its tags.",
        "[edge]",
    ),
    key(
        "group",
        Shape::Field(FieldType::Text),
        "The group with which it is judged.",
        "regions",
    ),
    key(
        "each",
        Shape::Each,
        "Makes one check of each name: `${each}` is the name, and its values have names of their own.",
        "[eu, us]",
    ),
    key(
        "timeout",
        Shape::Field(FieldType::Duration),
        "How long one attempt may take.",
        "5s",
    ),
    key(
        "retry",
        Shape::Map(RETRY),
        "How often to try again.",
        "{ attempts: 3, backoff: 200ms }",
    ),
    key(
        "consecutive",
        Shape::Field(FieldType::Integer { min: 1, max: 100 }),
        "How many passing attempts in a row it takes; 1 unless given.",
        "3",
    ),
    key(
        "max_age",
        Shape::Field(FieldType::Duration),
        "How old the evidence may be.",
        "1h",
    ),
    key(
        "owner",
        Shape::Field(FieldType::Text),
        "Who acts when it fails.",
        "platform-team",
    ),
    key(
        "runbook",
        Shape::Field(FieldType::Text),
        "Where to read what to do.",
        "https://runbooks.example.com/health",
    ),
    key(
        "covers",
        Shape::Field(FieldType::Texts),
        "The lines of a checklist that it answers.",
        "[\"CHECKLIST.md#L52\"]",
    ),
    key(
        "message",
        Shape::Messages,
        "Your own words for when it does not hold, for the check or for each fact.",
        "ask platform-team before you retry",
    ),
    key(
        "extends",
        Shape::OneOrMore,
        "The template that it extends, or several: a later one wins, and the check wins over all.",
        "page",
    ),
    key(
        "quarantine",
        Shape::Map(waiver::QUARANTINE),
        "A waiver for a check that is flaky: it covers so many instances at once and no more.",
        "{ reason: flaky under load, owner: platform-team, until: 2027-01-31, count: 1 }",
    ),
];

/// The keys of a group.
pub(crate) const GROUP: &[KeyDecl] = &[
    key(
        "at_least",
        Shape::Quorum,
        "How many members must pass: a number, a share, `all` (unless given) or `any`.",
        "2",
    ),
    key(
        "title",
        Shape::Field(FieldType::Text),
        "What the group is called in reports; its id unless given.",
        "regions",
    ),
    key(
        "severity",
        Shape::Field(FieldType::Choice(SEVERITIES)),
        "How much the group weighs; its members weigh nothing by themselves.",
        "blocker",
    ),
    key(
        "covers",
        Shape::Field(FieldType::Texts),
        "The lines of a checklist that it answers.",
        "[\"CHECKLIST.md#L60\"]",
    ),
];

const SEVERITIES: &[Choice] = &[
    Choice {
        word: "blocker",
        sentence: "Without it there is no GO.",
    },
    Choice {
        word: "warning",
        sentence: "Shown, and a blocker under `--strict`.",
    },
    Choice {
        word: "info",
        sentence: "Shown.",
    },
];
