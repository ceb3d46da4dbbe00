//! The keys of receivers, a table for each kind of service.

use gonogo_kind::{Choice, FieldType};

use crate::keys::{KeyDecl, Shape, key};

/// The kinds of services: the key that says where the service is, its other keys, and those it must have.
pub(crate) const SERVICES: &[(&str, &[KeyDecl], &[&str])] = &[
    ("slack", SLACK, &["slack"]),
    ("discord", DISCORD, &["discord"]),
    ("teams", TEAMS, &["teams"]),
    ("webhook", WEBHOOK, &["webhook"]),
    ("email", EMAIL, &["email", "from", "smtp"]),
];

const SLACK: &[KeyDecl] = &[
    key(
        "slack",
        HTTP,
        "The URL of an incoming webhook of Slack; it is a secret.",
        "${slack_hook}",
    ),
    ON,
];

const DISCORD: &[KeyDecl] = &[
    key(
        "discord",
        HTTP,
        "The URL of a webhook of Discord; it is a secret.",
        "${discord_hook}",
    ),
    ON,
];

const TEAMS: &[KeyDecl] = &[
    key(
        "teams",
        HTTP,
        "The URL of a workflow of Microsoft Teams that posts the cards it receives; it is a secret.",
        "${teams_hook}",
    ),
    ON,
];

const WEBHOOK: &[KeyDecl] = &[
    key(
        "webhook",
        HTTP,
        "The URL that gets what the run came to as JSON.",
        "${hook_url}",
    ),
    key(
        "secret",
        Shape::Field(FieldType::Text),
        "The key that requests are signed with, as in Standard Webhooks: `whsec_` and 24 to 64 bytes in base64.",
        "${hook_secret}",
    ),
    key(
        "format",
        Shape::Field(FieldType::Choice(FORMATS)),
        "What is sent: `json` unless given.",
        "cloudevents",
    ),
    key(
        "headers",
        Shape::Field(FieldType::TextMap),
        "Headers to send, too.",
        "{ authorization: \"Bearer ${token}\" }",
    ),
    ON,
];

const EMAIL: &[KeyDecl] = &[
    key(
        "email",
        Shape::Field(FieldType::Texts),
        "Who gets the message.",
        "[ops@example.com]",
    ),
    key(
        "from",
        Shape::Field(FieldType::Text),
        "Who sends it.",
        "gonogo@example.com",
    ),
    key(
        "smtp",
        Shape::Field(FieldType::Url(&["smtp", "smtps"])),
        "The server that takes the message: smtps://user:password@host, or smtp:// for one that is secured by STARTTLS.",
        "${smtp_url}",
    ),
    key(
        "starttls",
        Shape::Field(FieldType::Boolean),
        "Whether a connection of smtp:// must be secured before anything is said: yes, unless the server is this machine or `false` stands here.",
        "true",
    ),
    ON,
];

const ON: KeyDecl = key(
    "on",
    Shape::Field(FieldType::Choice(OCCASIONS)),
    "When it is told: `change` unless given.",
    "problem",
);

const HTTP: Shape = Shape::Field(FieldType::Url(&["https", "http"]));

const OCCASIONS: &[Choice] = &[
    Choice {
        word: "change",
        sentence: "The verdict or what does not hold is another than in the run of `--baseline`; without one, always.",
    },
    Choice {
        word: "problem",
        sentence: "The verdict is not GO.",
    },
    Choice {
        word: "always",
        sentence: "After every run.",
    },
];

const FORMATS: &[Choice] = &[
    Choice {
        word: "json",
        sentence: "`type`, `timestamp` and `data`, as Standard Webhooks advises.",
    },
    Choice {
        word: "cloudevents",
        sentence: "The same data as a CloudEvent 1.0 in structured mode.",
    },
];
