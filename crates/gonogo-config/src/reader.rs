//! What every stage of reading shares: the inputs, the names, the mistakes, what to hide.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gonogo_kind::{
    Diagnostic, Diagnostics, Entry, FieldDecl, FieldValue, KindTable, Node, NodeValue, ReadCx,
    RootsSource, SecretText, Span, read_field,
};
use gonogo_model::Origin;
use jiff::Timestamp;

use crate::hide::Hide;
use crate::include::Includes;
use crate::keep::{Keep, Taken};
use crate::keys::{self, KeyDecl};
use crate::memo::Memo;
use crate::mistakes::Mistakes;
use crate::names::{Names, bad_name};
use crate::notify::Receiver;
use crate::secret_command::Commands;
use crate::source::Source;
use crate::stand_in::StandIn;
use crate::substitute::{Instance, mentions_variable};
use crate::tree::Cost;
use crate::waiver::WaiverDraft;
use crate::written::Written;

/// What reading a gate may use, and nothing else: no environment, no files, no clock of its own.
pub struct Inputs<'a> {
    /// The table of kinds.
    pub kinds: &'a dyn KindTable,
    /// Looks an environment variable up.
    pub env: &'a dyn Fn(&str) -> Option<String>,
    /// Reads a file, up to a limit of 4 MiB.
    pub read_file: &'a dyn Fn(&Path) -> std::io::Result<Vec<u8>>,
    /// How the files are found and read that the gate includes.
    pub includes: Includes<'a>,
    /// Variables from the command line, later ones win: name, value, and `--var` or the file's name.
    pub vars: Vec<(String, String, String)>,
    /// The version of this gonogo, for `min_version`.
    pub version: &'a str,
    /// The clock on the wall: which waivers are over.
    pub now: Timestamp,
    /// Whether a secret that is not there is a mistake.
    ///
    /// `lint` says no, so that a gate can be checked where its secrets are not. Stand-ins take their
    /// place, with a warning: see [`Manifest::stand_ins`](gonogo_kind::manifest::Manifest::stand_ins).
    pub resolve_secrets: bool,
    /// Who runs the programs that print secrets.
    pub commands: Commands<'a>,
    /// The policies that the gate must obey besides its own: `--policy`.
    pub policies: &'a [Source],
    /// The environment that was asked for: `--env`.
    pub environment: Option<String>,
    /// The phase that was asked for, whose values hold: `--phase`.
    pub phase: Option<String>,
    /// Whether the gate is read to be compared with another one.
    ///
    /// Variables may then be given that only the other declares, and what `when` leaves out here is
    /// read as a part of the gate: it may be one where the gate is run.
    pub comparing: bool,
}

/// Reads a gate.
pub(crate) struct Reader<'a> {
    pub(crate) inputs: &'a Inputs<'a>,
    /// The name of the gate file as it was given.
    pub(crate) file: String,
    pub(crate) base: PathBuf,
    /// The files that the gate includes, whose spans begin at 1.
    pub(crate) included: Vec<Included>,
    /// What the trees of all files cost so far.
    pub(crate) spent: Cost,
    pub(crate) names: Names,
    /// The secrets that programs print, until they are asked for.
    pub(crate) commands: Vec<Entry>,
    /// The secrets of that kind, once they were.
    pub(crate) from_commands: Vec<String>,
    pub(crate) mistakes: Mistakes,
    pub(crate) hide: Hide,
    /// How many checks there are, instances counted.
    pub(crate) checks: usize,
    pub(crate) keep: Keep,
    /// What the gate takes so far.
    pub(crate) taken: Taken,
    /// How many bytes variables have put in.
    pub(crate) substituted: usize,
    /// The waivers that were read, of whatever file, and the quarantines of checks.
    pub(crate) waivers: Vec<WaiverDraft>,
    /// The secrets that are missing, until it is known who uses them.
    pub(crate) absent: Vec<(String, Diagnostic)>,
    /// Who is told what a run came to.
    pub(crate) receivers: Vec<Receiver>,
    /// The scalars in which stand-ins were put, and which nobody has taken.
    pub(crate) stand_ins: Vec<StandIn>,
    /// The texts that read something from outside, and which nobody has taken.
    pub(crate) written: Vec<Written>,
    pub(crate) roots: Arc<RootsSource>,
    /// The roots as a plan shows them.
    pub(crate) roots_shown: Cow<'static, str>,
    /// What was read before.
    pub(crate) memo: Memo,
}

impl std::fmt::Debug for Inputs<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.vars.iter().map(|(name, _, _)| name.as_str()).collect();
        f.debug_struct("Inputs")
            .field("vars", &names)
            .field("version", &self.version)
            .field("now", &self.now)
            .field("resolve_secrets", &self.resolve_secrets)
            .field("environment", &self.environment)
            .field("phase", &self.phase)
            .finish_non_exhaustive()
    }
}

/// A file that the gate includes.
#[derive(Debug)]
pub(crate) struct Included {
    /// Its name, as it is shown.
    pub(crate) name: String,
    /// The folder that paths in it are relative to.
    pub(crate) base: PathBuf,
    /// Where it is, without links.
    pub(crate) path: PathBuf,
    /// Whether it is YAML, so that all of it was read.
    pub(crate) is_yaml: bool,
}

impl Included {
    fn of(files: &[Self], span: Span) -> Option<&Self> {
        files.get(usize::from(span.file.0).checked_sub(1)?)
    }
}

impl<'a> Inputs<'a> {
    /// Returns the same inputs with somebody else who runs the programs that print secrets.
    #[must_use]
    pub fn with<'b>(&'b self, commands: Commands<'b>) -> Inputs<'b> {
        Inputs {
            commands,
            ..self.of(self.environment.clone(), self.phase.clone())
        }
    }

    /// Returns the same inputs for an environment and a phase.
    #[must_use]
    pub fn of(&self, environment: Option<String>, phase: Option<String>) -> Self {
        Inputs {
            vars: self.vars.clone(),
            environment,
            phase,
            ..*self
        }
    }
}

impl<'a> Reader<'a> {
    pub(crate) fn new(inputs: &'a Inputs<'a>, file: &str, base: &Path) -> Self {
        Self {
            inputs,
            file: file.to_owned(),
            base: base.to_owned(),
            included: Vec::new(),
            spent: Cost::default(),
            names: Names::default(),
            commands: Vec::new(),
            from_commands: Vec::new(),
            mistakes: Mistakes::default(),
            hide: Hide::default(),
            checks: 0,
            keep: Keep::All,
            taken: Taken::default(),
            substituted: 0,
            waivers: Vec::new(),
            absent: Vec::new(),
            receivers: Vec::new(),
            stand_ins: Vec::new(),
            written: Vec::new(),
            roots: Arc::new(RootsSource::system()),
            roots_shown: Cow::Borrowed("system"),
            memo: Memo::default(),
        }
    }

    /// Returns the name of the file in which something stands.
    pub(crate) fn file_of(&self, span: Span) -> &str {
        let included = Included::of(&self.included, span);
        included.map_or(self.file.as_str(), |file| file.name.as_str())
    }

    /// Returns the folder that paths are relative to which stand at a place.
    pub(crate) fn base_of(&self, span: Span) -> &Path {
        let included = Included::of(&self.included, span);
        included.map_or(self.base.as_path(), |file| file.base.as_path())
    }

    /// Returns where something was said: in a template, or in the check itself.
    pub(crate) fn origin(&self, span: Span, template: Option<&str>) -> Origin {
        let (file, line) = (self.file_of(span).to_owned(), span.line);
        match template {
            Some(name) => Origin::Template {
                name: name.to_owned(),
                file,
                line,
            },
            None => Origin::File { file, line },
        }
    }

    /// Returns the entries of a map that may be missing; `what` is the key under which it stands.
    pub(crate) fn entries<'n>(&mut self, node: Option<&'n Node>, what: &str) -> &'n [Entry] {
        let Some(node) = node else { return &[] };
        match &node.value {
            NodeValue::Map(entries) => entries,
            NodeValue::Scalar(_) | NodeValue::List(_) => {
                let message = format!("`{what}` is a map, not {}", node.describe());
                let code = if node.describe() == "nothing" {
                    "config/empty_value"
                } else {
                    "config/wrong_type"
                };
                self.mistakes
                    .push(Diagnostic::error(code, message, node.span));
                &[]
            }
        }
    }

    /// Returns a text that holds no variable.
    pub(crate) fn literal_text(&mut self, node: &Node, what: &str) -> Option<String> {
        let Some(scalar) = node.as_scalar() else {
            let message = format!("{what} is one value, not {}", node.describe());
            self.mistakes
                .push(Diagnostic::error("config/wrong_type", message, node.span));
            return None;
        };
        if scalar.is_null() || scalar.text.is_empty() {
            let message = format!("{what} is empty");
            self.mistakes
                .push(Diagnostic::error("config/empty_value", message, node.span));
            return None;
        }
        if mentions_variable(&scalar.text) {
            self.variable_not_here(what, node.span);
            return None;
        }
        Some(scalar.text.clone())
    }

    /// Returns the name of an environment variable.
    pub(crate) fn environment_name(&mut self, node: &Node) -> Option<String> {
        let text = self.literal_text(node, "the name of an environment variable")?;
        let is_name = !text.starts_with(|c: char| c.is_ascii_digit())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if is_name {
            return Some(text);
        }
        let message = format!("`{text}` cannot name an environment variable");
        self.mistakes.push(
            Diagnostic::error("config/bad_name", message, node.span)
                .hint("The name is written by itself: `{ env: TARGET_HOST }`."),
        );
        None
    }

    /// Reads a list of names that the gate declares, such as `phases`.
    pub(crate) fn declared_names(
        &mut self,
        node: Option<&Node>,
        what: &str,
    ) -> Vec<(String, Span)> {
        let Some(node) = node else { return Vec::new() };
        let items = match &node.value {
            NodeValue::List(items) if items.is_empty() => {
                let message = format!("`{what}` is an empty list");
                self.mistakes.push(
                    Diagnostic::error("config/empty_list", message, node.span)
                        .hint("Leave the key out."),
                );
                return Vec::new();
            }
            NodeValue::List(items) => items,
            NodeValue::Scalar(_) | NodeValue::Map(_) => {
                let message = format!("`{what}` is a list, not {}", node.describe());
                self.mistakes
                    .push(Diagnostic::error("config/wrong_type", message, node.span));
                return Vec::new();
            }
        };
        let mut names: Vec<(String, Span)> = Vec::new();
        for item in items.iter().take(MAX_NAMES) {
            let Some(text) = self.literal_text(item, "a name") else {
                continue;
            };
            if !is_label(&text) {
                self.mistakes.push(
                    bad_name("a phase or a tag", &text, item.span)
                        .hint("A phase or tag is small letters, digits, '.', '_' and '-'."),
                );
            } else if let Some((_, first)) = names.iter().find(|(name, _)| *name == text) {
                let message = format!("`{text}` is there twice");
                self.mistakes.push(
                    Diagnostic::error("config/duplicate_name", message, item.span)
                        .related(*first, "first here")
                        .hint("Keep one of the two."),
                );
            } else {
                names.push((text, item.span));
            }
        }
        if items.len() > MAX_NAMES {
            let message = format!("`{what}` has more than {MAX_NAMES} names");
            self.mistakes
                .push(Diagnostic::error("config/too_large", message, node.span));
        }
        names
    }

    /// Reads a key that is a field, variables put in; nothing when it is missing or mistaken.
    pub(crate) fn field(
        &mut self,
        node: Option<&Node>,
        decl: &KeyDecl,
        instance: Option<&Instance>,
    ) -> Option<FieldValue> {
        let field = decl.field()?;
        let (node, mark, noted) = (node?, self.mark(), self.written_mark());
        let put = self.put(node, instance)?;
        self.label_written(noted, decl.name);
        let stand_ins = self.take_stand_ins(mark);
        if stand_ins.is_empty() {
            return self.read_field(&put, &field);
        }
        if let (Some(scalar), true) = (node.as_scalar(), FREE_TEXTS.contains(&decl.name)) {
            let shown = self.shown(scalar, instance);
            return Some(FieldValue::Text(SecretText::open(shown)));
        }
        let mut told = Diagnostics::default();
        let read = self.read_field_into(&put, &field, &mut told);
        // What decides about the check must not be read from a stand-in.
        self.settle(read, &told, &stand_ins)?;
        self.mistakes.unbuilt = true;
        None
    }

    /// Reads a key of a table that is a field.
    pub(crate) fn field_of(
        &mut self,
        map: &keys::Keys<'_>,
        table: &'static [KeyDecl],
        name: &str,
        instance: Option<&Instance>,
    ) -> Option<FieldValue> {
        let decl = table.iter().find(|d| d.name == name)?;
        self.field(map.get(name), decl, instance)
    }

    /// Reads a field whose variables were put in.
    pub(crate) fn read_field(&mut self, node: &Node, field: &FieldDecl) -> Option<FieldValue> {
        let included = Included::of(&self.included, node.span);
        let cx = ReadCx {
            base: included.map_or(&self.base, |file| &file.base),
            read_file: self.inputs.read_file,
            roots: Arc::clone(&self.roots),
        };
        read_field(node, field, &cx, self.mistakes.diagnostics())
    }

    /// Reads a field, and leaves it to the caller which of its mistakes are told.
    pub(crate) fn read_field_into(
        &self,
        node: &Node,
        field: &FieldDecl,
        told: &mut Diagnostics,
    ) -> Option<FieldValue> {
        let included = Included::of(&self.included, node.span);
        let cx = ReadCx {
            base: included.map_or(&self.base, |file| &file.base),
            read_file: self.inputs.read_file,
            roots: Arc::clone(&self.roots),
        };
        read_field(node, field, &cx, told)
    }
}

/// Returns whether a text can be a phase or a tag.
pub(crate) fn is_label(text: &str) -> bool {
    gonogo_model::Id::new(text).is_ok()
}

/// The keys whose text is for people: a secret that is not here is shown by its name.
const FREE_TEXTS: &[&str] = &["title", "owner", "runbook", "message", "release"];
/// The most phases or tags a gate declares.
const MAX_NAMES: usize = 1000;
