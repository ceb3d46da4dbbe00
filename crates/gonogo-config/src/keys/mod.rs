//! The keys of a gate file, declared once: read, suggested, and described in the schema from here.

mod file;
mod of_check;
mod policy;

use gonogo_kind::{Diagnostic, Entry, FieldDecl, FieldType, Node, NodeValue, Span, closest};

use crate::reader::Reader;

pub(crate) use file::{AN_INCLUDED_FILE, ENVIRONMENT, INCLUDED, PHASE, SECRET, TLS, TOP, VARIABLE};
pub(crate) use of_check::{CHECK, DEFAULTS, GROUP, RETRY};
pub(crate) use policy::{ALLOW, POLICY, POLICY_FILE, REQUIRE};

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
    /// A map from names to receivers of notices.
    Receivers,
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
