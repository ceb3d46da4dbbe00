//! The keys of a gate file, declared once: read, suggested, and described in the schema from here.

use gonogo_kind::{
    Choice, Diagnostic, Entry, FieldDecl, FieldType, Node, NodeValue, Span, closest,
};

use crate::reader::Reader;
use crate::waiver;

/// The declaration of a key.
#[derive(Debug)]
pub(crate) struct KeyDecl {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    /// What it says, in one sentence.
    pub(crate) sentence: &'static str,
    /// A value that makes sense, as it would stand in a gate file.
    pub(crate) example: &'static str,
}

/// What stands under a key.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    /// A field like those of the kinds.
    Field(FieldType),
    /// Names that the gate declares.
    Names,
    /// A map of variables.
    Variables,
    /// Names that the gate declares, or a map from them to what belongs to each.
    Phases,
    /// A map from names to the values of variables.
    Environments,
    /// A map from variables to values.
    Values,
    /// A map from globs to severities.
    Severities,
    /// A map of secrets.
    Secrets,
    /// A map from ids to checks.
    Checks,
    /// A map from names to templates.
    Templates,
    /// One text, or a list of texts.
    OneOrMore,
    /// A map from ids to groups.
    Groups,
    /// A map from facts to matchers.
    Expectations,
    /// A condition over variables.
    Condition,
    /// A condition over facts, or several.
    Conditions,
    /// A text, or a map from facts to texts.
    Messages,
    /// A list of names, or a map from names to values.
    Each,
    /// A map with keys of its own.
    Map(&'static [KeyDecl]),
    /// A list of waivers.
    Waivers,
    /// How many members of a group must pass.
    Quorum,
    /// One plain value.
    Constant,
    /// Known, and not read by this version.
    NotYet,
}

/// The entries of a map whose keys are declared.
#[derive(Debug)]
pub(crate) struct Keys<'n> {
    entries: &'n [Entry],
    pub(crate) span: Span,
}

impl<'n> Keys<'n> {
    /// Reads a map; unknown keys are reported. `what` is what the map is: "a group".
    pub(crate) fn of(
        reader: &mut Reader<'_>,
        node: &'n Node,
        decls: &'static [KeyDecl],
        what: &str,
    ) -> Option<Self> {
        Self::of_but(reader, node, decls, what, "")
    }

    /// Reads a map as [`Keys::of`] does, but for one key that was reported.
    pub(crate) fn of_but(
        reader: &mut Reader<'_>,
        node: &'n Node,
        decls: &'static [KeyDecl],
        what: &str,
        reported: &str,
    ) -> Option<Self> {
        let NodeValue::Map(entries) = &node.value else {
            let message = format!("{what} is a map, not {}", node.describe());
            let hint = format!("Its keys are {}.", list(decls.iter().map(|d| d.name)));
            let code = if node.describe() == "nothing" {
                "config/empty_value"
            } else {
                "config/wrong_type"
            };
            reader
                .mistakes
                .push(Diagnostic::error(code, message, node.span).hint(hint));
            return None;
        };
        for entry in entries {
            if reader.mistakes.is_full() {
                break;
            }
            match decls.iter().find(|d| d.name == entry.key.value) {
                Some(decl) => not_yet(reader, decl, entry.key.span),
                None if entry.key.value == reported => {}
                None => unknown(reader, entry, (entries, decls), what),
            }
        }
        Some(Self {
            entries,
            span: node.span,
        })
    }

    /// Returns the entries of a map whose keys were looked at already.
    pub(crate) const fn unchecked(entries: &'n [Entry], span: Span) -> Self {
        Self { entries, span }
    }

    /// Returns the entries, in the order of the file.
    pub(crate) const fn entries(&self) -> &'n [Entry] {
        self.entries
    }

    /// Returns the value of a key.
    pub(crate) fn get(&self, name: &str) -> Option<&'n Node> {
        self.entry(name).map(|entry| &entry.value)
    }

    /// Returns a key and its value.
    pub(crate) fn entry(&self, name: &str) -> Option<&'n Entry> {
        self.entries.iter().find(|e| e.key.value == name)
    }
}

impl KeyDecl {
    /// Returns the declaration as that of a field, if a field is what it is.
    pub(crate) const fn field(&self) -> Option<FieldDecl> {
        let Shape::Field(ty) = self.shape else {
            return None;
        };
        Some(FieldDecl {
            name: self.name,
            ty,
            required: false,
            default: None,
            sentence: self.sentence,
            example: self.example,
        })
    }
}

/// Reports a key that this version does not read.
pub(crate) fn not_yet(reader: &mut Reader<'_>, decl: &KeyDecl, span: Span) {
    if !matches!(decl.shape, Shape::NotYet) {
        return;
    }
    let message = format!("`{}` comes with a later version of gonogo", decl.name);
    reader.mistakes.push(
        Diagnostic::error("config/not_yet", message, span)
            .hint("Leave it out; nothing is skipped silently, so the gate does not run with it."),
    );
}

fn unknown(
    reader: &mut Reader<'_>,
    entry: &Entry,
    (entries, decls): (&[Entry], &'static [KeyDecl]),
    what: &str,
) {
    let key = &entry.key.value;
    let message = format!("{what} has no key `{key}`");
    let mistake = Diagnostic::error("config/unknown_key", message, entry.key.span).fix_key(
        key,
        entries,
        decls.iter().map(|d| d.name),
    );
    let of_gate = what == AN_INCLUDED_FILE && TOP.iter().any(|d| d.name == key);
    let hint = match closest(key, decls.iter().map(|d| d.name)) {
        _ if of_gate => {
            format!("`{key}` belongs into the gate file: it holds for all files that are included.")
        }
        Some(near) => format!("Did you mean `{near}`?"),
        None if CHECK.iter().any(|d| d.name == key) => {
            format!("`{key}` belongs to a check: one level further in, under its id.")
        }
        None if TOP.iter().any(|d| d.name == key) => {
            format!("`{key}` belongs to the top level of the file.")
        }
        None => format!("The keys are {}.", list(decls.iter().map(|d| d.name))),
    };
    reader.mistakes.push(mistake.hint(hint));
}

/// Writes names as a list for people: `a, b and c`.
pub(crate) fn list<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let words: Vec<&str> = words.into_iter().collect();
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

pub(crate) const fn key(
    name: &'static str,
    shape: Shape,
    sentence: &'static str,
    example: &'static str,
) -> KeyDecl {
    KeyDecl {
        name,
        shape,
        sentence,
        example,
    }
}

const fn not_yet_key(name: &'static str, sentence: &'static str) -> KeyDecl {
    key(name, Shape::NotYet, sentence, "")
}

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
