//! The keys of a gate file and of an included file, and of what they declare.

use gonogo_kind::FieldType;

use super::{DEFAULTS, KeyDecl, POLICY, Shape, key, not_yet_key};

/// The keys of the file.
pub(crate) const TOP: &[KeyDecl] = &[
    VERSION_KEY,
    key(
        "min_version",
        Shape::Constant,
        "The oldest gonogo that may judge this gate.",
        "0.1.0",
    ),
    key("gate", Shape::Constant, "The name of the gate.", "beluga"),
    key(
        "release",
        Shape::Field(FieldType::Text),
        "What is judged; reports are bound to it.",
        "${release}",
    ),
    key(
        "phases",
        Shape::Phases,
        "The phases of a deployment, in order, a list or a map of phases with values of their own; checks say to which they belong.",
        "[pre-deploy, post-deploy]",
    ),
    TAGS_KEY,
    VARS_KEY,
    key(
        "environments",
        Shape::Environments,
        "What variables are in each environment; `--env` says which one is judged.",
        "{ production: { vars: { host: example.com } }, staging: }",
    ),
    SECRETS_KEY,
    key(
        "tls",
        Shape::Map(TLS),
        "Whom to trust, for every check that speaks TLS.",
        "{ roots: ca.pem }",
    ),
    DEFAULTS_KEY,
    key(
        "valid_for",
        Shape::Field(FieldType::Duration),
        "For how long a GO holds.",
        "4h",
    ),
    CHECKS_KEY,
    GROUPS_KEY,
    TEMPLATES_KEY,
    WAIVERS_KEY,
    INCLUDE_KEY,
    key(
        "notify",
        Shape::Receivers,
        "Who is told what a run came to, by name: Slack, Discord, Microsoft Teams, webhooks, e-mail.",
        "{ ops: { slack: \"${slack_hook}\", on: change } }",
    ),
    key(
        "policy",
        Shape::Map(POLICY),
        "Rules that the gate itself must obey; `--policy FILE` brings more, and all of them hold.",
        "{ commands: false, longest_waiver: 30d }",
    ),
    not_yet_key("thresholds", "Named limits."),
];

/// What a file is called that a gate includes.
pub(crate) const AN_INCLUDED_FILE: &str = "an included file";

/// The keys of a file that a gate includes.
pub(crate) const INCLUDED: &[KeyDecl] = &[
    VERSION_KEY,
    INCLUDE_KEY,
    TAGS_KEY,
    VARS_KEY,
    SECRETS_KEY,
    TEMPLATES_KEY,
    DEFAULTS_KEY,
    CHECKS_KEY,
    GROUPS_KEY,
    WAIVERS_KEY,
];

const VERSION_KEY: KeyDecl = key(
    "version",
    Shape::Constant,
    "The version of the file format: 1.",
    "1",
);

const TAGS_KEY: KeyDecl = key(
    "tags",
    Shape::Names,
    "The tags by which checks can be selected.",
    "[edge, data]",
);

const VARS_KEY: KeyDecl = key(
    "vars",
    Shape::Variables,
    "The variables that `${...}` reaches.",
    "{ host: { env: TARGET_HOST } }",
);

const SECRETS_KEY: KeyDecl = key(
    "secrets",
    Shape::Secrets,
    "The secrets that `${...}` reaches; they are redacted everywhere.",
    "{ database_url: { env: DATABASE_URL } }",
);

const DEFAULTS_KEY: KeyDecl = key(
    "defaults",
    Shape::Map(DEFAULTS),
    "What is in force where a check says nothing else.",
    "{ timeout: 5s }",
);

const TEMPLATES_KEY: KeyDecl = key(
    "templates",
    Shape::Templates,
    "What checks have in common, by name; a check takes it over by `extends`.",
    "{ page: { timeout: 5s, expect: { duration: under 500ms } } }",
);

const CHECKS_KEY: KeyDecl = key(
    "checks",
    Shape::Checks,
    "The checks, by id.",
    "{ api: { http: https://api.example.com/health } }",
);

const GROUPS_KEY: KeyDecl = key(
    "groups",
    Shape::Groups,
    "Checks that are judged together, by id.",
    "{ regions: { at_least: 2 } }",
);

const WAIVERS_KEY: KeyDecl = key(
    "waivers",
    Shape::Waivers,
    "Checks that may fail for a while: why, who answers for it, and until when.",
    "[{ check: region.ap, reason: moving out, owner: ops, until: 2027-01-31 }]",
);

const INCLUDE_KEY: KeyDecl = key(
    "include",
    Shape::OneOrMore,
    "Other files whose checks belong to this gate; paths and patterns below the folder of the file.",
    "[\"checks/*.yaml\"]",
);

/// The keys of a variable.
pub(crate) const VARIABLE: &[KeyDecl] = &[
    key(
        "env",
        Shape::Constant,
        "The environment variable that gives the value.",
        "TARGET_HOST",
    ),
    key(
        "default",
        Shape::Constant,
        "The value when the environment gives none.",
        "dev",
    ),
];

/// The keys of an environment.
pub(crate) const ENVIRONMENT: &[KeyDecl] = &[key(
    "vars",
    Shape::Values,
    "The values of variables in this environment.",
    "{ host: staging.example.com }",
)];

/// The keys of a phase.
pub(crate) const PHASE: &[KeyDecl] = &[key(
    "vars",
    Shape::Values,
    "The values of variables in this phase; they may be made of what the variables are without it.",
    "{ host: \"canary.${host}\" }",
)];

/// The keys of a secret.
pub(crate) const SECRET: &[KeyDecl] = &[
    key(
        "env",
        Shape::Constant,
        "The environment variable that holds the secret.",
        "DATABASE_URL",
    ),
    key(
        "file",
        Shape::Constant,
        "The file that holds the secret; a line break at its end is left out.",
        "/run/secrets/database_url",
    ),
    key(
        "command",
        Shape::Field(FieldType::Texts),
        "The program that prints the secret, and its arguments: run by `check` only, without a shell, for 30s at most; a line break at the end of what it prints is left out.",
        "[vault, read, -field=token, secret/deploy]",
    ),
    key(
        "inherit",
        Shape::Field(FieldType::Texts),
        "The variables of gonogo's own environment that the program sees, instead of PATH, HOME, USER, LANG, LC_ALL, TZ and TMPDIR.",
        "[PATH, HOME, VAULT_ADDR, VAULT_TOKEN]",
    ),
];

/// The keys of `tls`.
pub(crate) const TLS: &[KeyDecl] = &[key(
    "roots",
    Shape::Field(FieldType::Roots),
    "Where trust begins: `system`, a file of PEM certificates, or a list of these.",
    "ca.pem",
)];
