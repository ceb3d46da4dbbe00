//! Checks: common keys, one kind, expectations; an `each` makes several of one declaration.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use gonogo_kind::manifest::Check;
use gonogo_kind::{
    Diagnostic, Entry, Expectation, Expectations, FieldMistake, Fields, KindDecl, NodeValue, Probe,
    Span, Spanned, closest,
};
use gonogo_model::{Effect, Id, Severity, Strength};

use crate::common_keys::Common;
use crate::defaults::{Defaults, Retry};
use crate::keep::weight_of;
use crate::keys::{self, CHECK, Keys, list};
use crate::messages::Messages;
use crate::reader::Reader;
use crate::substitute::Instance;
use crate::template::{Extended, Parts, Templates};
use crate::{condition, each, expect, kind_value, template, waiver};

/// A check whose references are not resolved yet.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) id: Id,
    pub(crate) each_of: Option<Id>,
    pub(crate) span: Span,
    pub(crate) severity: Option<(Severity, Span)>,
    pub(crate) phases: Vec<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) group: Option<Spanned<String>>,
    pub(crate) needs: Vec<Spanned<String>>,
    /// Whether its `when` says that it is no part of the gate.
    pub(crate) is_excluded: bool,
    /// What it was read as; nothing when there is a mistake in it.
    pub(crate) read: Option<ReadAs>,
    /// What was built; nothing when there is a mistake in it, or when it is not [kept](crate::keep).
    pub(crate) built: Option<Box<Built>>,
    /// The texts that read something from outside, by their keys.
    written: BTreeMap<String, String>,
}

/// What is known of a check that was read without a mistake, whether or not it is kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReadAs {
    pub(crate) kind: &'static KindDecl,
    /// Whether it looks at nothing but the status.
    pub(crate) status_only: bool,
}

/// What stands by itself in a check.
#[derive(Debug)]
pub(crate) struct Built {
    title: String,
    kind: &'static KindDecl,
    probe: Arc<dyn Probe>,
    expectations: Expectations,
    options: BTreeMap<&'static str, Cow<'static, str>>,
    fields: Fields,
    stand_ins: Vec<&'static str>,
    timeout: Duration,
    retry: Retry,
    consecutive: u32,
    max_age: Option<Duration>,
    owner: Option<String>,
    runbook: Option<String>,
    covers: Vec<String>,
}

impl Built {
    fn read_as(&self) -> ReadAs {
        let mut facts = self.expectations.facts().peekable();
        ReadAs {
            kind: self.kind,
            status_only: facts.peek().is_some() && facts.all(|fact| fact == "status"),
        }
    }
}

impl Draft {
    /// Returns the check of a file, its needs resolved.
    pub(crate) fn finish(self, file: &str, needs: Vec<Id>) -> Option<Check> {
        let built = *self.built?;
        Some(Check {
            group: self.group.and_then(|group| Id::new(&group.value).ok()),
            id: self.id,
            each_of: self.each_of,
            title: built.title,
            kind: built.kind,
            probe: built.probe,
            expectations: built.expectations,
            options: built.options,
            fields: built.fields,
            written: self.written,
            stand_ins: built.stand_ins,
            severity: self.severity.map(|(s, _)| s).unwrap_or_default(),
            phases: self.phases,
            tags: self.tags,
            needs,
            timeout: built.timeout,
            attempts: built.retry.attempts,
            backoff: built.retry.backoff,
            consecutive: built.consecutive,
            max_age: built.max_age,
            owner: built.owner,
            runbook: built.runbook,
            covers: built.covers,
            file: file.to_owned(),
            line: self.span.line,
        })
    }
}

/// What a check may refer to.
pub(crate) struct Declared<'a> {
    pub(crate) phases: &'a [(String, Span)],
    pub(crate) tags: &'a [(String, Span)],
    pub(crate) defaults: &'a Defaults,
    pub(crate) templates: &'a Templates<'a>,
}

/// Reads one entry of `checks`, and adds a draft for each of its instances.
pub(crate) fn read(
    reader: &mut Reader<'_>,
    entry: &Entry,
    declared: &Declared<'_>,
    drafts: &mut Vec<Draft>,
) {
    let Some(id) = read_id(reader, &entry.key.value, entry.key.span) else {
        return;
    };
    let NodeValue::Map(entries) = &entry.value.value else {
        let message = format!("the check `{id}` is a map, not {}", entry.value.describe());
        let names = reader.inputs.kinds.kinds().iter().map(|k| k.name);
        let hint = format!("It holds one kind ({}) and what is expected.", list(names));
        reader
            .mistakes
            .push(Diagnostic::error("config/wrong_type", message, entry.value.span).hint(hint));
        return;
    };
    let before = reader.mistakes.diagnostics().as_slice().len();
    let extended = declared.templates.extend(reader, entries);
    let body = Body::of(reader, entry, entries, extended.as_ref());
    if let Some(body) = body {
        instances(reader, &id, &body, declared, drafts);
    }
    if let Some(extended) = extended.as_ref().filter(|extended| !extended.whole) {
        let what = (format!("the check `{id}`"), entry.key.span);
        template::look(reader, declared, (&what.0, what.1), &extended.entries);
    }
    if let Some(extends) = entry.value.get("extends") {
        reader.mistakes.diagnostics().relate(before, |told| {
            let here = declared.templates.extended_at(told.span?, extends)?;
            Some((here, "extended here".to_owned()))
        });
    }
}

/// Reads a check, or each of its instances.
fn instances(
    reader: &mut Reader<'_>,
    id: &Id,
    body: &Body<'_>,
    declared: &Declared<'_>,
    drafts: &mut Vec<Draft>,
) {
    if let Some(entry) = body.keys.entry("quarantine") {
        waiver::read_quarantine(reader, entry, id);
    }
    let Some(node) = body.keys.get("each") else {
        let draft = body.draft(reader, id.clone(), None, None, declared);
        drafts.push(draft);
        return;
    };
    let Some(instances) = each::read(reader, node) else {
        return;
    };
    if drafts.len() + instances.len() > MAX_CHECKS {
        let message = format!("`{id}` makes the gate larger than {MAX_CHECKS} checks");
        reader.mistakes.push(
            Diagnostic::error("config/too_large", message, node.span)
                .hint("Split the gate into several gates."),
        );
        return;
    }
    // The first of them is what is written.
    let copies = instances.len().saturating_sub(1);
    if !reader.expand(body.size.saturating_mul(copies), node.span) {
        return;
    }
    drafts.reserve(instances.len());
    for (instance, span) in instances {
        if reader.mistakes.is_full() {
            return;
        }
        let expanded = format!("{id}.{}", instance.name);
        if let Some(expanded) = read_id(reader, &expanded, span) {
            let draft = body.draft(reader, expanded, Some(id), Some(&instance), declared);
            drafts.push(draft);
        }
    }
}

/// Reads the id of a check or a group.
pub(crate) fn read_id(reader: &mut Reader<'_>, text: &str, span: Span) -> Option<Id> {
    match Id::new(text) {
        Ok(id) => Some(id),
        Err(error) => {
            let foreign = text.chars().find(|c| !c.is_ascii());
            let message = match foreign {
                Some(c) => format!("`{text}` is not an id: it holds U+{:04X}", c as u32),
                None => format!("`{text}` is not an id"),
            };
            let hint = format!("{}.", capitalized(&error.to_string()));
            reader
                .mistakes
                .push(Diagnostic::error("config/bad_id", message, span).hint(hint));
            None
        }
    }
}

/// The entries of a check, sorted into common keys and the kind.
struct Body<'n> {
    span: Span,
    /// How much it takes, see [`weight_of`].
    size: usize,
    keys: Keys<'n>,
    kind: Option<(&'static KindDecl, &'n Entry)>,
    extended: Option<&'n Extended>,
}

impl<'n> Body<'n> {
    fn of(
        reader: &mut Reader<'_>,
        check: &'n Entry,
        entries: &'n [Entry],
        extended: Option<&'n Extended>,
    ) -> Option<Self> {
        let whole = extended.is_none_or(|extended| extended.whole);
        let entries = extended.map_or(entries, |extended| extended.entries.as_slice());
        let mut kinds = Vec::new();
        for entry in entries {
            if reader.mistakes.is_full() {
                return None;
            }
            let key = entry.key.value.as_str();
            if let Some(decl) = CHECK.iter().find(|d| d.name == key) {
                keys::not_yet(reader, decl, entry.key.span);
            } else if let Some(kind) = reader.inputs.kinds.find(key) {
                kinds.push((kind, entry));
            } else {
                unknown_key(reader, entry, entries);
            }
        }
        several_kinds(reader, &format!("the check `{}`", check.key.value), &kinds);
        let known_keys = |e: &Entry| CHECK.iter().any(|d| d.name == e.key.value);
        if whole && kinds.is_empty() && entries.iter().all(known_keys) {
            let message = format!("the check `{}` has no kind", check.key.value);
            let names = list(reader.inputs.kinds.kinds().iter().map(|k| k.name));
            reader.mistakes.push(
                Diagnostic::error("config/no_kind", message, check.key.span)
                    .hint(format!("Say what to look at by one of {names}.")),
            );
        }
        Some(Self {
            span: check.key.span,
            size: weight_of(entries),
            keys: Keys::unchecked(entries, check.value.span),
            // What is missing in a template that is not there may stand in the right one.
            kind: kinds.first().copied().filter(|_| whole),
            extended,
        })
    }

    /// Reads one instance, or the check itself when it has no `each`.
    fn draft(
        &self,
        reader: &mut Reader<'_>,
        id: Id,
        each_of: Option<&Id>,
        instance: Option<&Instance>,
        declared: &Declared<'_>,
    ) -> Draft {
        let noted = reader.written_mark();
        let mut read = Common {
            reader: &mut *reader,
            keys: &self.keys,
            instance,
        };
        let severity = read.severity();
        let phases = read.declared("phases", declared.phases, "config/unknown_phase");
        let tags = read.declared("tags", declared.tags, "config/unknown_tag");
        let needs = read.spanned_texts("needs");
        let group = read.spanned_text("group");
        // What is excluded is read in full all the same, so that its mistakes are told.
        let when = self.keys.entry("when");
        let is_excluded = !read.reader.inputs.comparing
            & when
                .and_then(|when| condition::when(read.reader, when, instance))
                .is_some_and(|holds| !holds);
        let built = self.built(read, &id, declared);
        let read = built.as_ref().map(Built::read_as);
        let built = built.filter(|_| reader.keeps(self.size)).map(Box::new);
        Draft {
            id,
            each_of: each_of.cloned(),
            span: self.span,
            severity,
            phases,
            tags,
            group,
            needs,
            is_excluded,
            read,
            built,
            written: reader.take_written(noted),
        }
    }

    fn built(&self, mut read: Common<'_, '_>, id: &Id, declared: &Declared<'_>) -> Option<Built> {
        let defaults = declared.defaults;
        let message = self.keys.entry("message");
        let messages = Messages::read(read.reader, message, read.instance);
        let title = read.text("title").unwrap_or_else(|| id.to_string());
        let owner = read.text("owner");
        let runbook = read.text("runbook");
        let covers = read.texts("covers");
        let timeout = read.duration("timeout").unwrap_or(defaults.timeout);
        let max_age = read.duration("max_age");
        let consecutive = read.integer("consecutive").unwrap_or(1);
        let own_retry = read.keys.entry("retry");
        let mut retry = Retry::read(read.reader, own_retry, defaults.retry, read.instance);
        let (kind, entry) = self.kind?;
        let noted = read.reader.written_mark();
        let value = kind_value::read(read.reader, kind, entry, read.instance);
        read.reader.label_written(noted, kind.name);
        let expectations = self.expectations(&mut read, kind, (&messages, declared.templates));
        // Everything was looked at; now nothing of it may be missing.
        let (mut value, expectations) = (value?, expectations?);
        value.fields.set_wanted(expectations.facts());
        let probe = if value.stood_in.is_empty() {
            compile(read.reader, kind, &value.fields, entry)?
        } else {
            let (fields, stood_in) = (&mut value.fields, &value.stood_in);
            read.reader
                .compile_stand_ins(kind, fields, stood_in, entry)?
        };
        if probe.effect() != Effect::Reads {
            let consecutive = read.keys.entry("consecutive").filter(|_| consecutive > 1);
            for repeated in own_retry.into_iter().chain(consecutive) {
                repeated_effect(read.reader, repeated, probe.effect());
            }
            retry.attempts = 1;
        }
        Some(Built {
            title,
            kind,
            probe,
            expectations,
            options: value.options,
            fields: value.fields,
            stand_ins: value.stood_in,
            timeout,
            retry,
            consecutive,
            max_age,
            owner,
            runbook,
            covers,
        })
    }

    fn expectations(
        &self,
        read: &mut Common<'_, '_>,
        kind: &'static KindDecl,
        (messages, templates): (&Messages, &Templates<'_>),
    ) -> Option<Expectations> {
        let mut explicit: Vec<Expectation> = Vec::new();
        let mut whole = true;
        for (key, strength) in [("expect", Strength::Must), ("should", Strength::Should)] {
            if let Some(entry) = self.keys.entry(key) {
                let noted = read.reader.written_mark();
                let parts = Parts::of(templates, self.extended, key);
                let within = (read.instance, parts);
                match expect::read(read.reader, kind, entry, strength, within) {
                    Some(list) => explicit.extend(list),
                    None => whole = false,
                }
                read.reader.label_written(noted, key);
            }
        }
        let asserts = match self.keys.entry("assert") {
            Some(entry) => {
                let parts = Parts::of(templates, self.extended, "assert");
                condition::assertions(read.reader, kind, entry, (read.instance, parts))
            }
            None => Some(Vec::new()),
        };
        let asserts = asserts?;
        if !whole {
            return None;
        }
        let mut effective = read.reader.effective(kind, explicit).asserting(asserts);
        messages.put_into(read.reader, kind, &mut effective);
        if effective.prove_something() {
            return Some(effective);
        }
        let facts = list(kind.facts.iter().map(|f| f.name));
        read.reader.mistakes.push(
            Diagnostic::error(
                "config/no_expectation",
                "the check expects nothing",
                self.span,
            )
            .hint(format!(
                "`{}` expects nothing by itself: say under `expect` what must hold of {facts}.",
                kind.name
            )),
        );
        None
    }
}

/// Reports that a check, or what it extends, has several kinds.
pub(crate) fn several_kinds(
    reader: &mut Reader<'_>,
    what: &str,
    kinds: &[(&'static KindDecl, &Entry)],
) {
    let [(_, first), (second, at), ..] = kinds else {
        return;
    };
    let code = "config/several_kinds";
    if reader.mistakes.diagnostics().tell(code, at.key.span) {
        return;
    }
    let names = list(kinds.iter().map(|(kind, _)| kind.name));
    let message = format!("{what} has several kinds: {names}");
    reader.mistakes.push(
        Diagnostic::error(code, message, at.key.span)
            .related(first.key.span, "the first")
            .hint(format!(
                "A check looks at one thing: put `{}` into a check of its own.",
                second.name
            )),
    );
}

fn compile(
    reader: &mut Reader<'_>,
    kind: &'static KindDecl,
    fields: &Fields,
    entry: &Entry,
) -> Option<Arc<dyn Probe>> {
    match reader.inputs.kinds.compile(kind, fields) {
        Ok(probe) => Some(probe),
        Err(found) => {
            field_mistakes(reader, found, fields, entry);
            None
        }
    }
}

/// Says what is wrong with the fields taken together.
pub(crate) fn field_mistakes(
    reader: &mut Reader<'_>,
    found: Vec<FieldMistake>,
    fields: &Fields,
    entry: &Entry,
) {
    for mistake in found {
        let place = fields.get(mistake.field).map(|(_, span)| *span);
        let span = place
            .filter(|s| *s != Span::NOWHERE)
            .unwrap_or(entry.key.span);
        let message = format!("{}: {}", mistake.field, mistake.message);
        let mut diagnostic = Diagnostic::error("config/bad_field", message, span);
        diagnostic.hint = mistake.hint;
        reader.mistakes.push(diagnostic);
    }
}

fn repeated_effect(reader: &mut Reader<'_>, entry: &Entry, effect: Effect) {
    let message = format!("a probe that {effect} is never tried again");
    reader.mistakes.push(
        Diagnostic::error("config/repeated_effect", message, entry.key.span)
            .hint(format!("Leave `{}` out.", entry.key.value)),
    );
}

pub(crate) fn unknown_key(reader: &mut Reader<'_>, entry: &Entry, entries: &[Entry]) {
    let key = entry.key.value.as_str();
    let kinds = reader.inputs.kinds.kinds();
    let common = CHECK.iter().map(|d| d.name);
    let names = kinds.iter().map(|k| k.name);
    let candidates = common.chain(names.clone());
    let hint = if let Some(near) = closest(key, candidates.clone()) {
        format!("Did you mean `{near}`?")
    } else if keys::TOP.iter().any(|d| d.name == key) {
        format!("`{key}` belongs to the top level of the file.")
    } else if let Some(kind) = kinds.iter().find(|k| k.fact(key).is_some()) {
        format!(
            "`{key}` is a fact of `{}`: it belongs under `expect`.",
            kind.name
        )
    } else if let Some(kind) = kinds.iter().find(|k| k.field(key).is_some()) {
        format!(
            "`{key}` is a key of `{}`: it belongs inside `{}: {{ }}`.",
            kind.name, kind.name
        )
    } else {
        format!("The kinds are {}.", list(names))
    };
    let message = format!("a check has no key `{key}`");
    reader.mistakes.push(
        Diagnostic::error("config/unknown_key", message, entry.key.span)
            .hint(hint)
            .fix_key(key, entries, candidates),
    );
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// The most checks of a gate, instances counted.
pub(crate) const MAX_CHECKS: usize = 20_000;
