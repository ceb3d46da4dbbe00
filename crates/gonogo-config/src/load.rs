//! The whole of reading: text, tree, names, checks, references, lint, manifest.

use std::borrow::Cow;

use gonogo_kind::manifest::{Check, Group, Manifest};
use gonogo_kind::{Diagnostic, Entry, FieldValue, Fix, Node, NodeValue, ScalarStyle, Span};
use gonogo_model::{Decimal, Excluded, GateFile, Id, Redactor, Version};
use sha2::{Digest as _, Sha256};

use crate::check::{self, Declared, Draft, MAX_CHECKS};
use crate::defaults::Defaults;
use crate::group::{self, GroupDraft};
use crate::hide::Hide;
use crate::keys::{self, Keys};
use crate::layers::Layers;
use crate::mend::attach::attach;
use crate::names::Sort;
use crate::reader::{Inputs, Reader};
use crate::source::{Source, Sources};
use crate::template::Templates;
use crate::{characters, declared, hidden_in, lint, names, references, tree, waiver};

/// A gate file, read.
#[derive(Debug)]
pub struct Loaded {
    /// The gate; none when there is an error, or when nothing can stand in for a secret that is elsewhere.
    pub manifest: Option<Manifest>,
    /// Errors and warnings, in the order of the file, secrets taken out.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that the diagnostics point into.
    pub sources: Sources,
    /// Removes the secrets of the gate from text.
    pub redactor: Redactor,
    /// How many checks the file declares, instances counted; also where there is no manifest.
    pub checks: usize,
    /// Whether the file is YAML, so that all of it was read.
    pub is_yaml: bool,
}

impl Loaded {
    /// Returns whether any mistake keeps the gate from running.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        let error = |d: &Diagnostic| d.level == gonogo_kind::Level::Error;
        self.diagnostics.iter().any(error)
    }
}

/// Reads a gate file and finds every mistake in it, without touching the network.
#[must_use]
pub fn load(source: &Source, inputs: &Inputs<'_>) -> Loaded {
    load_hiding(source, inputs, Hide::default()).0
}

/// Reads a gate file, and hides besides its own secrets what was hidden before.
pub(crate) fn load_hiding(source: &Source, inputs: &Inputs<'_>, hide: Hide) -> (Loaded, Hide) {
    let mut sources = Sources::default();
    let file = sources.add(&source.name, &source.text);
    let mut reader = Reader::new(inputs, &source.name, &source.base);
    reader.hide = hide;
    let root = sources.get(file).and_then(|text| {
        if !hidden_in::lines(&mut reader, &source.text) {
            return None;
        }
        if characters::reject(text, file, &mut reader.mistakes) {
            return None;
        }
        tree::parse(text, file, &mut reader.mistakes)
    });
    let is_read = root.is_some();
    let is_yaml = !reader.mistakes.has_errors() || root.is_some();
    let manifest = match root {
        Some(root) => {
            hidden_in::literals(&mut reader, &root);
            if let Some(text) = sources.get(file) {
                lint::cut_by_comments(&mut reader, &root, text);
            }
            gate(&mut reader, &root, &source.text)
        }
        None => {
            if is_yaml {
                empty(&mut reader);
            }
            None
        }
    };
    let hide = reader.hide.clone();
    let mut loaded = finish(reader, manifest, sources);
    loaded.is_yaml = is_read;
    attach(&mut loaded.diagnostics, &loaded.sources);
    (loaded, hide)
}

/// Puts together what came of reading.
pub(crate) fn finish(reader: Reader<'_>, manifest: Option<Manifest>, sources: Sources) -> Loaded {
    let redactor = reader.hide.redactor();
    let checks = reader.checks;
    let has_errors = reader.mistakes.has_errors() || reader.mistakes.unbuilt;
    let mut diagnostics = reader.mistakes.sorted();
    for diagnostic in &mut diagnostics {
        redactor.clean(&mut diagnostic.message);
        shorten(&mut diagnostic.message);
        for text in diagnostic.label.iter_mut().chain(&mut diagnostic.hint) {
            redactor.clean(text);
        }
        if let Some(hint) = &mut diagnostic.hint {
            shorten(hint);
            sentence(hint);
        }
    }
    let manifest = manifest.filter(|_| !has_errors).map(|mut manifest| {
        redact_shown(&mut manifest, &redactor);
        manifest.redactor = redactor.clone();
        manifest
    });
    Loaded {
        manifest,
        diagnostics,
        sources,
        redactor,
        checks,
        is_yaml: true,
    }
}

/// Cuts off what nobody would read: the mistaken text may have a megabyte.
fn shorten(text: &mut String) {
    if let Some((at, _)) = text.char_indices().nth(MAX_WORDS) {
        text.truncate(at);
        text.push_str(" ...");
    }
}

/// Makes a sentence of a hint, wherever it was written.
fn sentence(hint: &mut String) {
    if let Some(first) = hint.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    if !hint.ends_with(['.', '?', '!']) {
        hint.push('.');
    }
}

/// Takes literal passwords out of what a plan shows and digests.
fn redact_shown(manifest: &mut Manifest, redactor: &Redactor) {
    for variable in &mut manifest.variables {
        redactor.clean(&mut variable.value);
    }
    if let Some(release) = &mut manifest.release {
        redactor.clean(release);
    }
    for waiver in &mut manifest.waivers {
        for text in [&mut waiver.reason, &mut waiver.owner] {
            redactor.clean(text);
        }
        if let Some(ticket) = &mut waiver.ticket {
            redactor.clean(ticket);
        }
    }
    for check in &mut manifest.checks {
        redactor.clean(&mut check.title);
        for text in check.owner.iter_mut().chain(&mut check.runbook) {
            redactor.clean(text);
        }
        for text in check.options.values_mut() {
            if let Cow::Owned(clean) = redactor.redact(text) {
                *text = Cow::Owned(clean);
            }
        }
        for text in &mut check.covers {
            redactor.clean(text);
        }
    }
}

fn empty(reader: &mut Reader<'_>) {
    reader.mistakes.push(
        Diagnostic::global("config/empty_file", "the file holds nothing")
            .hint("A gate has at least `version: 1`, `gate: NAME` and `checks`."),
    );
}

fn gate(reader: &mut Reader<'_>, root: &Node, text: &str) -> Option<Manifest> {
    if root.as_scalar().is_some_and(|scalar| scalar.is_null()) {
        empty(reader);
        return None;
    }
    let keys = Keys::of(reader, root, keys::TOP, "the file")?;
    let min_version = version(reader, &keys);
    let name = required(reader, &keys, "gate")
        .and_then(|node| reader.literal_text(node, "the name of the gate"));
    let layers = Layers::read(reader, keys.entry("environments"), keys.get("phases"));
    names::read(reader, keys.get("vars"), keys.get("secrets"));
    layers.apply(reader);
    let mut declared_names = declared::of(reader, keys.get("vars"), Sort::Variable);
    declared_names.extend(declared::of(reader, keys.get("secrets"), Sort::Secret));
    let phases = layers.phase_names();
    let tags = reader.declared_names(keys.get("tags"), "tags");
    let release = reader.field_of(&keys, keys::TOP, "release", None);
    let valid_for = reader.field_of(&keys, keys::TOP, "valid_for", None);
    roots(reader, &keys);
    let defaults = Defaults::read(reader, keys.get("defaults"));
    let of_templates: Vec<&Entry> = reader
        .entries(keys.get("templates"), "templates")
        .iter()
        .collect();
    let templates = Templates::read(reader, &of_templates);
    let declared = Declared {
        phases: &phases,
        tags: &tags,
        defaults: &defaults,
        templates: &templates,
    };
    let drafts = checks(reader, &keys, &declared);
    templates.look(reader, &declared);
    reader.checks = drafts.len();
    let groups: Vec<GroupDraft> = reader
        .entries(keys.get("groups"), "groups")
        .iter()
        .filter_map(|entry| group::read(reader, entry))
        .collect();
    let needs = references::resolve(&drafts, &groups, &phases, &mut reader.mistakes);
    waiver::read(reader, keys.get("waivers"));
    let waivers = waiver::resolve(reader, &drafts, &groups);
    lint::lint(reader, root, (&drafts, &groups), &needs, &declared);
    let release = match release {
        Some(FieldValue::Text(text)) => Some(text.text),
        _ => None,
    };
    let valid_for = match valid_for {
        Some(FieldValue::Duration(duration)) => Some(Decimal::from(duration)),
        _ => None,
    };
    // Whoever put a stand-in in and did not take it may have read it as if it were real.
    reader.mistakes.unbuilt |= !reader.stand_ins.is_empty();
    let excluded = drafts.iter().filter(|draft| draft.is_excluded);
    let excluded: Vec<Excluded> = excluded.map(|draft| when_excludes(&draft.id)).collect();
    let checks: Option<Vec<Check>> = drafts
        .into_iter()
        .zip(needs)
        .filter(|(draft, _)| !draft.is_excluded)
        .map(|(draft, needs)| {
            let file = reader.file_of(draft.span);
            draft.finish(file, needs)
        })
        .collect();
    let file_digest = hex(&Sha256::digest(text.as_bytes()));
    let names = |list: Vec<(String, Span)>| list.into_iter().map(|(name, _)| name).collect();
    Some(Manifest {
        gate: name?,
        release,
        file: reader.file.clone(),
        files: vec![GateFile {
            file: reader.file.clone(),
            digest: file_digest.clone(),
        }],
        file_digest,
        environment: reader.inputs.environment.clone(),
        phases: names(phases),
        tags: names(tags),
        variables: reader.names.variables(),
        secrets: reader.names.secrets(),
        stand_ins: reader.names.stand_ins(),
        redactor: Redactor::default(),
        valid_for,
        min_version,
        declared: declared_names,
        written: reader.take_written(0),
        checks: checks?,
        excluded,
        groups: groups
            .into_iter()
            .map(|draft| draft.group)
            .collect::<Vec<Group>>(),
        waivers,
    })
}

fn when_excludes(id: &Id) -> Excluded {
    Excluded {
        id: id.clone(),
        reason: "when".to_owned(),
    }
}

fn checks(reader: &mut Reader<'_>, keys: &Keys<'_>, declared: &Declared<'_>) -> Vec<Draft> {
    let Some(node) = required(reader, keys, "checks") else {
        return Vec::new();
    };
    let entries = reader.entries(Some(node), "checks");
    if entries.is_empty() && matches!(node.value, NodeValue::Map(_)) {
        reader.mistakes.push(
            Diagnostic::error("config/no_checks", "the gate has no checks", node.span)
                .hint("A gate without checks proves nothing."),
        );
    }
    if entries.len() > MAX_CHECKS {
        let message = format!("the gate has more than {MAX_CHECKS} checks");
        reader.mistakes.push(
            Diagnostic::error("config/too_large", message, node.span)
                .hint("Split the gate into several files."),
        );
        return Vec::new();
    }
    let mut drafts = Vec::with_capacity(entries.len());
    for entry in entries {
        if reader.mistakes.is_full() {
            break;
        }
        check::read(reader, entry, declared, &mut drafts);
    }
    drafts
}

/// Returns a key of the file that must be there.
fn required<'n>(reader: &mut Reader<'_>, keys: &Keys<'n>, name: &str) -> Option<&'n Node> {
    let node = keys.get(name);
    if node.is_none() {
        let example = keys::TOP
            .iter()
            .find(|d| d.name == name)
            .map_or("", |d| d.example);
        reader.mistakes.push(
            Diagnostic::global("config/missing_key", format!("the file has no `{name}`"))
                .hint(format!("For example `{name}: {example}`.")),
        );
    }
    node
}

/// The version is a whole number without quotes, so that nothing can be read into it.
fn version(reader: &mut Reader<'_>, keys: &Keys<'_>) -> Option<Version> {
    if let Some(node) = required(reader, keys, "version") {
        let is_one = node
            .as_scalar()
            .is_some_and(|s| s.text == "1" && s.style == ScalarStyle::Plain);
        if !is_one {
            let shown = node
                .as_scalar()
                .map_or_else(|| node.describe(), |s| s.shown());
            let fix = node
                .as_scalar()
                .filter(|s| matches!(s.text.as_str(), "1" | "1.0"))
                .and_then(|_| Fix::scalar(node.span, ScalarStyle::Plain, "1"));
            let message = if shown == "1" {
                "`version` is the number 1, without quotes".to_owned()
            } else {
                format!("this gonogo reads version 1 of the format, not `{shown}`")
            };
            reader.mistakes.push(
                Diagnostic::error("config/unsupported_version", message, node.span)
                    .hint("Write `version: 1`.")
                    .fix(fix),
            );
        }
    }
    let node = keys.get("min_version")?;
    let text = reader.literal_text(node, "`min_version`")?;
    let wanted = Version::parse(&text);
    match (&wanted, Version::parse(reader.inputs.version)) {
        (None, _) => {
            let message = format!("`{text}` is not a version");
            reader.mistakes.push(
                Diagnostic::error("config/wrong_type", message, node.span)
                    .hint("For example `min_version: 0.1.0`."),
            );
        }
        (Some(wanted), Some(here)) if *wanted > here => {
            let message = format!("the gate wants gonogo {wanted} or newer, and this is {here}");
            reader.mistakes.push(
                Diagnostic::error("config/needs_newer", message, node.span).hint("Update gonogo."),
            );
        }
        (Some(_), _) => {}
    }
    wanted
}

fn roots(reader: &mut Reader<'_>, keys: &Keys<'_>) {
    let Some(node) = keys.get("tls") else { return };
    let Some(tls) = Keys::of(reader, node, keys::TLS, "`tls`") else {
        return;
    };
    if let Some(FieldValue::Roots(roots)) = reader.field_of(&tls, keys::TLS, "roots", None) {
        reader.roots = roots;
        if let Some(node) = tls.get("roots") {
            reader.roots_shown = crate::kind_value::shown(node).into();
        }
    }
}

/// How many characters of a message or hint are shown.
const MAX_WORDS: usize = 600;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
