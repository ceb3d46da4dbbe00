//! How types, codes and areas are called on every page.

use gonogo_config::Weight;
use gonogo_kind::{FieldDecl, FieldType, KindDecl, Looks, TextChoice};
use gonogo_model::{Blame, CodeDecl, Recurrence, codes};

/// A code of whatever origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AnyCode {
    pub(super) code: &'static str,
    pub(super) meaning: &'static str,
    pub(super) hint: &'static str,
    /// Of a check's code, whose fault it is and whether it is tried again.
    pub(super) decl: Option<&'static CodeDecl>,
    /// Of any other code, whether a gate runs in spite of it.
    weight: Weight,
}

impl From<&'static CodeDecl> for AnyCode {
    fn from(decl: &'static CodeDecl) -> Self {
        Self {
            code: decl.code,
            meaning: decl.meaning,
            hint: decl.hint,
            decl: Some(decl),
            weight: Weight::Mistake,
        }
    }
}

impl AnyCode {
    /// Returns the part before the slash.
    pub(super) fn area(&self) -> &'static str {
        self.code.split_once('/').map_or("", |(area, _)| area)
    }

    /// Returns the part after the slash.
    pub(super) fn name(&self) -> &'static str {
        self.code.split_once('/').map_or("", |(_, name)| name)
    }

    /// Returns what a check with this code comes to.
    pub(super) fn outcome(&self) -> &'static str {
        match (self.area(), self.decl.map(|decl| decl.blame)) {
            ("needs", _) => "skipped: the check was not looked at",
            ("gate", _) => "a reason of the verdict, not of one check",
            ("output", _) => "exit code 4, unless the verdict is NO-GO",
            ("shard", _) => "exit code 3 of `gonogo run merge`, unless the verdict is NO-GO",
            ("waiver", _) => "what became of a waiver, not of one check",
            ("notify", _) => "a warning: no notice changes a verdict or an exit code",
            ("weaker", _) => "exit code 1 of `gonogo lint --against`",
            (_, Some(Blame::Subject)) => "failed: the subject of the check is wrong",
            (_, Some(Blame::Us)) => "unknown: we could not look",
            (_, None) => match self.weight {
                Weight::Mistake => "exit code 2: nothing is probed",
                Weight::Warning => "a warning: the gate runs in spite of it",
                Weight::WarningInLint => {
                    "exit code 2: nothing is probed; for `lint` only a warning"
                }
            },
        }
    }

    /// Returns whether another attempt is made, where attempts are made.
    pub(super) fn again(&self) -> Option<&'static str> {
        if matches!(
            self.area(),
            "needs" | "gate" | "notify" | "output" | "shard" | "waiver"
        ) {
            return None;
        }
        Some(match self.decl?.recurrence {
            Recurrence::Transient => "yes, where the check has `retry` or the run has --wait",
            Recurrence::Permanent => "no: it stays until somebody acts",
            Recurrence::Requeue => "yes, without counting the attempt",
        })
    }
}

/// Returns every code, sorted.
pub(super) fn every_code(kinds: &[&'static KindDecl]) -> Vec<AnyCode> {
    let shared = codes::SHARED.iter().flat_map(|area| area.iter().copied());
    let own = kinds.iter().flat_map(|kind| kind.codes.iter().copied());
    let mut all: Vec<AnyCode> = shared.chain(own).map(AnyCode::from).collect();
    let of_files = gonogo_config::CODES.iter().chain(gonogo_config::WEAKENINGS);
    all.extend(of_files.map(|code| AnyCode {
        code: code.code,
        meaning: code.meaning,
        hint: code.hint,
        decl: None,
        weight: code.weight,
    }));
    let requests = gonogo_engine::CODES
        .iter()
        .chain(gonogo_run::CODES)
        .chain(gonogo_draft::CODES);
    all.extend(requests.map(|decl| AnyCode {
        code: decl.code,
        meaning: decl.meaning,
        hint: decl.hint,
        decl: None,
        weight: Weight::Mistake,
    }));
    all.sort_by_key(|code| code.code);
    all.dedup_by_key(|code| code.code);
    all
}

/// Returns what the codes of an area are about.
pub(super) fn area(area: &str, kinds: &[&'static KindDecl]) -> String {
    match area {
        "api" => "answers of APIs, whatever the kind".to_owned(),
        "config" => "mistakes in a gate file or on the command line".to_owned(),
        "engine" => "the run itself".to_owned(),
        "gate" => "the verdict as a whole".to_owned(),
        "needs" => "checks that did not start or did not finish".to_owned(),
        "net" => "names and connections, whatever the kind".to_owned(),
        "notify" => "notices of what a run came to".to_owned(),
        "output" => "what gonogo writes".to_owned(),
        "shard" => "shards of a run, and their merge".to_owned(),
        "waiver" => "waivers and quarantines".to_owned(),
        "weaker" => "gates that are weaker than the one before them".to_owned(),
        "tls" => "certificates and handshakes, whatever the kind".to_owned(),
        _ if kinds.iter().any(|kind| kind.name == area) => format!("the kind {area}"),
        _ => area.to_owned(),
    }
}

/// Returns what may stand in a field.
pub(super) fn field_type(ty: FieldType) -> String {
    match ty {
        FieldType::Text => "text".to_owned(),
        FieldType::Url(schemes) => format!("URL ({})", schemes.join(", ")),
        FieldType::Address(Some(port)) => format!("host:port, port {port} when left out"),
        FieldType::Address(None) => "host:port".to_owned(),
        FieldType::Name => "name".to_owned(),
        FieldType::Integer { min, max: i64::MAX } => format!("whole number from {min}"),
        FieldType::Integer { min, max } => format!("whole number, {min} to {max}"),
        FieldType::Duration => "duration".to_owned(),
        FieldType::Size => "size".to_owned(),
        FieldType::Boolean => "true or false".to_owned(),
        FieldType::Choice(_) => "one of these words".to_owned(),
        FieldType::Texts => "list of texts".to_owned(),
        FieldType::TextMap => "map of texts".to_owned(),
        FieldType::Json => "any YAML".to_owned(),
        FieldType::Path => "path".to_owned(),
        FieldType::Roots => "`system`, a file of PEM certificates, or a list".to_owned(),
        FieldType::File => "file".to_owned(),
    }
}

/// Returns the words that a field takes.
pub(super) fn field_words(field: &FieldDecl) -> Vec<(&'static str, &'static str)> {
    match field.ty {
        FieldType::Choice(choices) => choices.iter().map(|c| (c.word, c.sentence)).collect(),
        FieldType::Text
        | FieldType::Url(_)
        | FieldType::Address(_)
        | FieldType::Name
        | FieldType::Integer { .. }
        | FieldType::Duration
        | FieldType::Size
        | FieldType::Boolean
        | FieldType::Texts
        | FieldType::TextMap
        | FieldType::Json
        | FieldType::Path
        | FieldType::Roots
        | FieldType::File => Vec::new(),
    }
}

/// Returns whether a field must be given, or what is in force without it.
pub(super) fn presence(field: &FieldDecl) -> String {
    match (field.required, field.default) {
        (true, _) => "required".to_owned(),
        (false, Some(default)) => format!("default {default}"),
        (false, None) => "optional".to_owned(),
    }
}

/// Returns the words that a fact takes.
pub(super) fn fact_words(ty: gonogo_kind::FactType) -> &'static [TextChoice] {
    match ty {
        gonogo_kind::FactType::Choice(words) => words,
        gonogo_kind::FactType::List(item) | gonogo_kind::FactType::Map(item) => fact_words(*item),
        gonogo_kind::FactType::Boolean
        | gonogo_kind::FactType::Integer
        | gonogo_kind::FactType::Number
        | gonogo_kind::FactType::Text
        | gonogo_kind::FactType::Duration
        | gonogo_kind::FactType::Size
        | gonogo_kind::FactType::Ratio
        | gonogo_kind::FactType::Version
        | gonogo_kind::FactType::Time
        | gonogo_kind::FactType::Headers
        | gonogo_kind::FactType::Json
        | gonogo_kind::FactType::Rows => &[],
    }
}

/// Returns how a kind's failures to look are judged.
pub(super) const fn looks(kind: &KindDecl) -> &'static str {
    match kind.looks {
        Looks::Directly => {
            "It looks at its subject directly: whatever keeps the subject from answering is *failed*."
        }
        Looks::AtEvidence => {
            "It reads evidence about something else: whatever keeps it from reading is *unknown*."
        }
    }
}

/// Returns what an exact expectation on the kind's state fact does.
pub(super) fn wanted_failure(kind: &KindDecl) -> Option<String> {
    let state = kind.state?;
    Some(format!(
        "A check that wants a failure names it: an exact `{state}` in `expect` replaces all built-in expectations."
    ))
}
