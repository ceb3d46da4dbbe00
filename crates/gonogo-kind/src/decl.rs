//! Declarations: what a kind reads, what it observes, what it expects by itself.

use std::sync::Arc;

use gonogo_model::{Blame, Code, CodeDecl, Strength};

use crate::field::{FieldDecl, FieldMistake, Fields};
use crate::probe::Probe;

/// The declaration of a kind.
#[derive(Debug)]
pub struct KindDecl {
    /// The YAML key, the folder, the code prefix, the docs page.
    pub name: &'static str,
    /// What it proves, in one sentence.
    pub summary: &'static str,
    /// What there is to know beyond the tables, in Markdown.
    pub manual: &'static str,
    /// Whether it looks at its subject, or reads evidence about something else.
    pub looks: Looks,
    /// The URL schemes by which `gonogo probe TARGET` knows the kind.
    pub schemes: &'static [&'static str],
    /// The field that the short form fills: `http: https://...` is `http: { url: https://... }`.
    pub short: &'static str,
    /// The keys of the long form.
    pub fields: &'static [FieldDecl],
    /// What it observes.
    pub facts: &'static [FactDecl],
    /// The fact that names the failure when there is one: `state: refused`, `rcode: nxdomain`.
    ///
    /// An exact expectation on it replaces all built-in ones.
    pub state: Option<&'static str>,
    /// What it expects unless the gate file says otherwise.
    pub built_in: &'static [BuiltIn],
    /// The facts that `gonogo add` takes into a new check, as they were seen.
    pub worth: &'static [Worth],
    /// The codes of its own, `<name>/...`.
    pub codes: &'static [&'static CodeDecl],
    /// Checks that show it at work; they are read by the tests and printed by `explain`.
    pub examples: &'static [Example],
}

/// What a kind looks at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Looks {
    /// Its subject: whatever keeps it from answering is the subject's failure.
    #[default]
    Directly,
    /// Evidence about something else: whatever keeps us from reading it is unknown.
    AtEvidence,
}

impl Looks {
    /// Returns whose fault a code speaks of.
    ///
    /// A refused connection is the failure of a subject; of evidence it says that we could not look.
    #[must_use]
    pub fn blame(self, code: &Code) -> Blame {
        let is_shared = code.as_str().starts_with("net/") || code.as_str().starts_with("tls/");
        match self {
            Self::AtEvidence if is_shared => Blame::Us,
            Self::AtEvidence | Self::Directly => code.blame(),
        }
    }
}

/// The declaration of a fact.
#[derive(Debug, Clone, Copy)]
pub struct FactDecl {
    /// Its name, snake_case; parts of a whole after a dot: `timing.connect`.
    pub name: &'static str,
    /// Its type.
    pub ty: FactType,
    /// What it says, in one sentence.
    pub sentence: &'static str,
    /// A matcher that makes sense for it: `under 500ms`.
    pub example: &'static str,
}

/// The type of a fact, which decides what it can be compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactType {
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// Any text.
    Text,
    /// One of a fixed set of words.
    Choice(&'static [TextChoice]),
    /// A span of time, with its unit: `500ms`, `14d`.
    Duration,
    /// A size, with its unit: `2GiB`.
    Size,
    /// A share: `80%` or 0..1.
    Ratio,
    /// A version: `15.4`.
    Version,
    /// A point in time, RFC 3339.
    Time,
    /// Several values of one type.
    List(&'static Self),
    /// Named values of one type; names are compared as they are.
    Map(&'static Self),
    /// Header fields: names in any case, each with one or more values.
    Headers,
    /// A JSON document.
    Json,
    /// Rows of a query: a list of maps from column to value, as JSON.
    Rows,
}

/// One word of a fact that has a fixed set of them.
#[derive(Debug, PartialEq, Eq)]
pub struct TextChoice {
    /// The word.
    pub word: &'static str,
    /// What it means, in one sentence.
    pub sentence: &'static str,
}

/// An expectation that a kind brings along.
#[derive(Debug)]
pub struct BuiltIn {
    /// The fact.
    pub fact: &'static str,
    /// The matcher, as it would stand in a gate file.
    pub matcher: &'static str,
    /// Whether it must or should hold.
    pub strength: Strength,
}

/// A fact that is worth expecting once it was seen: it says something, and does not change by itself.
#[derive(Debug)]
pub struct Worth {
    /// The fact.
    pub fact: &'static str,
    /// What is expected of it.
    pub hold: Hold,
    /// Whether it must or should hold.
    pub strength: Strength,
}

impl Worth {
    /// Returns what must hold of a fact.
    #[must_use]
    pub const fn must(fact: &'static str, hold: Hold) -> Self {
        Self {
            fact,
            hold,
            strength: Strength::Must,
        }
    }
}

/// What is expected of a fact that was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// The value that was seen.
    Exact,
    /// A version no older: the first number of the one that was seen.
    AtLeast,
    /// A duration within several times the one that was seen.
    Limit,
    /// In JSON, the members that say that all is well; of a text, the one word that says so.
    Health,
    /// This matcher, as long as what was seen fits it.
    Matcher(&'static str),
}

/// A check that shows a kind at work.
#[derive(Debug)]
pub struct Example {
    /// What it shows.
    pub title: &'static str,
    /// The body of the check as it stands under its id in a gate file.
    pub yaml: &'static str,
}

/// The table of kinds, as everyone who must not know one kind sees it.
pub trait KindTable: Send + Sync {
    /// Returns every kind, sorted by name.
    fn kinds(&self) -> &[&'static KindDecl];

    /// Builds a probe of a kind from fields that were read by its declaration.
    ///
    /// # Errors
    ///
    /// What is wrong with the fields taken together, each mistake at its field.
    fn compile(
        &self,
        kind: &'static KindDecl,
        fields: &Fields,
    ) -> Result<Arc<dyn Probe>, Vec<FieldMistake>>;

    /// Returns the kind of a name.
    fn find(&self, name: &str) -> Option<&'static KindDecl> {
        self.kinds().iter().copied().find(|kind| kind.name == name)
    }
}

impl KindDecl {
    /// Returns the declaration of a fact.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<&'static FactDecl> {
        self.facts.iter().find(|fact| fact.name == name)
    }

    /// Returns the declaration of a field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static FieldDecl> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl FactType {
    /// Returns the name of the type as people read it: `duration`, `list of text`.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Boolean => "boolean".to_owned(),
            Self::Integer => "integer".to_owned(),
            Self::Number => "number".to_owned(),
            Self::Text | Self::Choice(_) => "text".to_owned(),
            Self::Duration => "duration".to_owned(),
            Self::Size => "size".to_owned(),
            Self::Ratio => "ratio".to_owned(),
            Self::Version => "version".to_owned(),
            Self::Time => "time".to_owned(),
            Self::List(item) => format!("list of {}", item.name()),
            Self::Map(item) => format!("map of {}", item.name()),
            Self::Headers => "headers".to_owned(),
            Self::Json => "JSON".to_owned(),
            Self::Rows => "rows".to_owned(),
        }
    }
}
