//! The whole of reading: text, tree, names, checks, references, lint, manifest.

use std::borrow::Cow;
use std::sync::Arc;

use gonogo_kind::manifest::{Check, Group, Manifest, Waiver};
use gonogo_kind::{
    Diagnostic, FieldValue, FileId, Fix, Node, NodeValue, RootsSource, ScalarStyle, Span,
};
use gonogo_model::{Decimal, Excluded, Id, Redactor, Version};

use crate::check::{self, Declared, Draft, MAX_CHECKS};
use crate::defaults::Defaults;
use crate::group::{self, GroupDraft};
use crate::hide::Hide;
use crate::include::{Gathered, Parts};
use crate::keep::Keep;
use crate::keys::{self, Keys};
use crate::layers::Layers;
use crate::mend::attach::attach;
use crate::notify::Receiver;
use crate::reader::{Included, Inputs, Reader};
use crate::secret_command::Commands;
use crate::source::{Source, Sources};
use crate::template::Templates;
use crate::{declared, include, lint, names, notify, policy, references, waiver};

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
    /// Who is told what a run of the gate came to.
    pub receivers: Vec<Receiver>,
    /// Whom the gate trusts, for what is no check.
    pub roots: Arc<RootsSource>,
    /// The secrets that programs print, which were run or are yet to be.
    pub from_commands: Vec<String>,
    /// How many checks the file declares, instances counted; also where there is no manifest.
    pub checks: usize,
    /// Whether the file is YAML, so that all of it was read.
    pub is_yaml: bool,
    /// The files that it includes, whose spans begin at 1.
    pub(crate) included: Vec<Included>,
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
    let once = match inputs.commands {
        Commands::StandIn => Keep::Some,
        // The gate was read before, and no program is run twice.
        Commands::Run(_) => Keep::All,
    };
    let read = |keep| load_hiding(source, inputs, keep, Hide::default());
    let (loaded, unfinished, _) = read(once);
    if unfinished {
        drop(loaded);
        return read(Keep::All).0;
    }
    loaded
}

/// Finds every mistake of a gate and keeps nothing else, so that it takes less; and hides besides its own
/// secrets what was hidden before.
pub(crate) fn look(source: &Source, inputs: &Inputs<'_>, hide: Hide) -> (Loaded, Hide) {
    let (loaded, unfinished, hide) = load_hiding(source, inputs, Keep::Nothing, hide);
    if unfinished {
        drop(loaded);
        let (loaded, _, hide) = load_hiding(source, inputs, Keep::All, hide);
        return (loaded, hide);
    }
    (loaded, hide)
}

/// Reads a gate file; says also whether it must be read again with everything kept.
fn load_hiding(
    source: &Source,
    inputs: &Inputs<'_>,
    keep: Keep,
    hide: Hide,
) -> (Loaded, bool, Hide) {
    let mut sources = Sources::default();
    let file = sources.add(&source.name, &source.text);
    let mut reader = Reader::new(inputs, &source.name, &source.base);
    reader.hide = hide;
    let root = include::tree_of(&mut reader, &sources, file);
    if root.is_none() && !reader.mistakes.has_errors() {
        empty(&mut reader);
    }
    let gathered = root.map(|root| include::gather(&mut reader, &mut sources, source, root));
    let is_whole = gathered.as_ref().is_some_and(|gathered| gathered.whole);
    let is_read = gathered.is_some();
    let own = gathered.as_ref().and_then(|g| g.main.get("policy"));
    let policies = policy::all(&mut reader, &mut sources, own);
    reader.keep = match keep {
        // A policy is held against what was built.
        Keep::Nothing if !policies.is_empty() => Keep::Some,
        keep => keep,
    };
    let manifest = gathered
        .as_ref()
        .and_then(|gathered| gate(&mut reader, gathered));
    policy::hold(&mut reader, &sources, &policies, manifest.as_ref());
    let manifest = manifest.map(|manifest| Manifest {
        policies: policy::files(inputs),
        ..manifest
    });
    let unfinished = reader.taken.too_much && !reader.mistakes.has_errors();
    let hide = reader.hide.clone();
    let mut loaded = finish(reader, manifest, sources);
    loaded.is_yaml = is_read;
    if is_read && !is_whole {
        // What seems to be missing may well stand in the file that could not be read.
        loaded
            .diagnostics
            .retain(|told| !ABSENCES.contains(&told.code));
    }
    for told in &mut loaded.diagnostics {
        told.span = told.span.map(|span| loaded.sources.placed(span));
        for (span, _) in &mut told.related {
            *span = loaded.sources.placed(*span);
        }
    }
    attach(&mut loaded.diagnostics, &loaded.sources);
    for told in &mut loaded.diagnostics {
        // `lint --fix` writes the files of the gate, and no policy.
        let is_of_gate = |fix: &Fix| usize::from(fix.span.file.0) <= loaded.included.len();
        told.fix = told.fix.take().filter(is_of_gate);
    }
    (loaded, unfinished, hide)
}

/// Puts together what came of reading.
pub(crate) fn finish(
    mut reader: Reader<'_>,
    manifest: Option<Manifest>,
    sources: Sources,
) -> Loaded {
    for (_, mistake) in std::mem::take(&mut reader.absent) {
        reader.mistakes.push(mistake);
    }
    let redactor = reader.hide.redactor();
    let checks = reader.checks;
    let receivers = reader.receivers;
    let roots = reader.roots;
    let from_commands = reader.from_commands;
    let included = reader.included;
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
        receivers,
        roots,
        from_commands,
        manifest,
        diagnostics,
        sources,
        redactor,
        checks,
        is_yaml: true,
        included,
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

fn gate(reader: &mut Reader<'_>, gathered: &Gathered) -> Option<Manifest> {
    let root = &gathered.main;
    if root.as_scalar().is_some_and(|scalar| scalar.is_null()) {
        empty(reader);
        return None;
    }
    let parts = Parts::of(reader, gathered)?;
    let keys = &parts.main;
    let min_version = version(reader, keys);
    let name = required(reader, keys, "gate")
        .and_then(|node| reader.literal_text(node, "the name of the gate"));
    let layers = Layers::read(reader, keys.entry("environments"), keys.get("phases"));
    for included in parts.included() {
        version(reader, included);
    }
    let (vars, secrets) = (
        parts.joined_map(reader, "vars"),
        parts.joined_map(reader, "secrets"),
    );
    names::read(reader, vars.as_deref(), secrets.as_deref());
    layers.apply(reader);
    reader.run_commands();
    reader.note_node("policy", keys.get("policy"));
    let declared_names = declared::all(reader, vars.as_deref(), secrets.as_deref());
    let phases = layers.phase_names();
    let tags = parts.joined_list(reader, "tags");
    let tags = reader.declared_names(tags.as_deref(), "tags");
    let release = release(reader, keys);
    let valid_for = valid_for(reader, keys);
    roots(reader, keys);
    let of_templates = parts.entries(reader, "templates");
    let templates = Templates::read(reader, &of_templates);
    let declared = Declared {
        phases: &phases,
        tags: &tags,
        defaults: &Defaults::built_in(),
        templates: &templates,
    };
    let drafts = all_checks(reader, &parts, &declared);
    templates.look(reader, &declared);
    let groups = all_groups(reader, &parts);
    let needs = references::resolve(&drafts, &groups, &phases, &mut reader.mistakes);
    let waivers = all_waivers(reader, &parts, (&drafts, &groups));
    reader.receivers = notify::read(reader, keys.get("notify"));
    let vars = vars.as_deref();
    lint::lint(reader, (root, vars), (&drafts, &groups), &needs, &declared);
    // Whoever put a stand-in in and did not take it may have read it as if it were real.
    reader.mistakes.unbuilt |= !reader.stand_ins.is_empty();
    let excluded = excluded(&drafts);
    let checks = finished(reader, drafts, needs);
    let names = |list: Vec<(String, Span)>| list.into_iter().map(|(name, _)| name).collect();
    Some(Manifest {
        gate: name?,
        release,
        file: reader.file.clone(),
        files: gathered.files.clone(),
        file_digest: gathered.digest.clone(),
        policies: Vec::new(),
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

/// Returns the checks that are part of the gate; none when one of them could not be built.
fn finished(reader: &Reader<'_>, drafts: Vec<Draft>, needs: Vec<Vec<Id>>) -> Option<Vec<Check>> {
    drafts
        .into_iter()
        .zip(needs)
        .filter(|(draft, _)| !draft.is_excluded)
        .map(|(draft, needs)| {
            let file = reader.file_of(draft.span);
            draft.finish(file, needs)
        })
        .collect()
}

/// Reads the groups of every file.
fn all_groups(reader: &mut Reader<'_>, parts: &Parts<'_>) -> Vec<GroupDraft> {
    parts
        .entries(reader, "groups")
        .into_iter()
        .filter_map(|entry| group::read(reader, entry))
        .collect()
}

/// Returns the checks that are no part of the gate because their `when` does not hold.
fn excluded(drafts: &[Draft]) -> Vec<Excluded> {
    let excluded = drafts.iter().filter(|draft| draft.is_excluded);
    excluded
        .map(|draft| Excluded {
            id: draft.id.clone(),
            reason: "when".to_owned(),
        })
        .collect()
}

/// Reads the waivers of every file; the quarantines were read with their checks.
fn all_waivers(
    reader: &mut Reader<'_>,
    parts: &Parts<'_>,
    (drafts, groups): (&[Draft], &[GroupDraft]),
) -> Vec<Waiver> {
    for part in parts.all() {
        waiver::read(reader, part.get("waivers"));
    }
    waiver::resolve(reader, drafts, groups)
}

/// Reads the checks of every file.
fn all_checks(reader: &mut Reader<'_>, parts: &Parts<'_>, declared: &Declared<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for part in parts.all() {
        // The defaults of a file are for its own checks.
        let defaults = Defaults::read(reader, part.get("defaults"));
        let declared = Declared {
            defaults: &defaults,
            ..*declared
        };
        checks(reader, part, &declared, &mut drafts);
    }
    any_checks(reader, parts);
    reader.checks = drafts.len();
    drafts
}

/// Reads the checks of one file.
fn checks(
    reader: &mut Reader<'_>,
    keys: &Keys<'_>,
    declared: &Declared<'_>,
    drafts: &mut Vec<Draft>,
) {
    let Some(node) = keys.get("checks") else {
        return;
    };
    let entries = reader.entries(Some(node), "checks");
    if entries.is_empty() && matches!(node.value, NodeValue::Map(_)) {
        reader.mistakes.push(
            Diagnostic::error("config/no_checks", "`checks` is empty", node.span)
                .hint("A gate without checks proves nothing."),
        );
    }
    if drafts.len() + entries.len() > MAX_CHECKS {
        let message = format!("the gate has more than {MAX_CHECKS} checks");
        reader.mistakes.push(
            Diagnostic::error("config/too_large", message, node.span)
                .hint("Split the gate into several gates."),
        );
        return;
    }
    drafts.reserve(entries.len());
    for entry in entries {
        if reader.mistakes.is_full() {
            return;
        }
        check::read(reader, entry, declared, drafts);
        reader.let_go(drafts);
    }
}

/// Holds that one of the files has checks.
fn any_checks(reader: &mut Reader<'_>, parts: &Parts<'_>) {
    if parts.all().any(|keys| keys.get("checks").is_some()) {
        return;
    }
    if parts.included().is_empty() {
        required(reader, &parts.main, "checks");
    } else {
        let message = "neither the gate nor a file that it includes has checks";
        reader.mistakes.push(
            Diagnostic::global("config/no_checks", message)
                .hint("A gate without checks proves nothing."),
        );
    }
}

fn release(reader: &mut Reader<'_>, keys: &Keys<'_>) -> Option<String> {
    match reader.field_of(keys, keys::TOP, "release", None) {
        Some(FieldValue::Text(text)) => Some(text.text),
        _ => None,
    }
}

fn valid_for(reader: &mut Reader<'_>, keys: &Keys<'_>) -> Option<Decimal> {
    match reader.field_of(keys, keys::TOP, "valid_for", None) {
        Some(FieldValue::Duration(duration)) => Some(Decimal::from(duration)),
        _ => None,
    }
}

/// Returns a key of the file that must be there.
fn required<'n>(reader: &mut Reader<'_>, keys: &Keys<'n>, name: &str) -> Option<&'n Node> {
    let node = keys.get(name);
    if node.is_none() {
        let example = keys::TOP
            .iter()
            .find(|d| d.name == name)
            .map_or("", |d| d.example);
        let message = format!("the file has no `{name}`");
        let mut mistake = Diagnostic::global("config/missing_key", message)
            .hint(format!("For example `{name}: {example}`."));
        // Of the gate file the name is enough.
        mistake.span = Some(keys.span).filter(|span| span.file != FileId(0));
        reader.mistakes.push(mistake);
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

/// What is told of names that nothing declares, and of checks that are not there.
const ABSENCES: [&str; 10] = [
    "config/dangling_need",
    "config/group_quorum",
    "config/group_without_members",
    "config/no_blocker",
    "config/no_checks",
    "config/unknown_group",
    "config/unknown_tag",
    "config/unknown_template",
    "config/unknown_variable",
    "config/unused",
];

/// How many characters of a message or hint are shown.
const MAX_WORDS: usize = 600;
