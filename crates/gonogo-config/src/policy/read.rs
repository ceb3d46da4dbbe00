//! From text to rules.

use std::time::Duration;

use gonogo_kind::{Diagnostic, FileId, Node, NodeValue, ScalarStyle, Span, Spanned, closest, unit};
use gonogo_model::{Effect, GateFile, Severity};
use sha2::{Digest as _, Sha256};

use crate::include::{hex, tree_of};
use crate::keys::{self, Keys, list};
use crate::policy::host::HostPattern;
use crate::reader::{Inputs, Reader};
use crate::source::{Source, Sources};

/// The rules of one policy.
#[derive(Debug, Default)]
pub(crate) struct Policy {
    pub(crate) checks: Vec<Spanned<String>>,
    pub(crate) kinds: Vec<Spanned<String>>,
    pub(crate) phases: Vec<Spanned<String>>,
    pub(crate) severities: Vec<(Spanned<String>, Severity)>,
    pub(crate) allowed_kinds: Option<Allowed<String>>,
    pub(crate) allowed_effects: Option<Allowed<Effect>>,
    pub(crate) allowed_hosts: Option<Allowed<HostPattern>>,
    /// The longest term of a waiver; zero where there may be none.
    pub(crate) longest_waiver: Option<Spanned<Duration>>,
    /// Where commands are forbidden, if they are.
    pub(crate) no_commands: Option<Span>,
}

/// What is allowed, and where that is said.
#[derive(Debug)]
pub(crate) struct Allowed<T> {
    pub(crate) span: Span,
    pub(crate) items: Vec<T>,
}

/// Reads the policy of the gate and those of the files that the request names.
pub(crate) fn all(
    reader: &mut Reader<'_>,
    sources: &mut Sources,
    own: Option<&Node>,
) -> Vec<Policy> {
    let mut policies: Vec<Policy> = own
        .and_then(|node| policy(reader, node))
        .into_iter()
        .collect();
    let inputs = reader.inputs;
    for source in inputs.policies {
        let file = sources.add(&source.name, &source.text);
        policies.extend(of_file(reader, sources, file));
    }
    policies
}

/// Returns the policy files of a request, with their digests.
pub(crate) fn files(inputs: &Inputs<'_>) -> Vec<GateFile> {
    let file = |source: &Source| GateFile {
        file: source.name.clone(),
        digest: hex(&Sha256::digest(source.text.as_bytes())),
    };
    inputs.policies.iter().map(file).collect()
}

/// A policy file that cannot be read whole is a mistake, and never no policy.
fn of_file(reader: &mut Reader<'_>, sources: &Sources, file: FileId) -> Option<Policy> {
    let name = sources.name(file).unwrap_or_default().to_owned();
    let before = reader.mistakes.count();
    let root = tree_of(reader, sources, file);
    let root = root.filter(|root| !root.as_scalar().is_some_and(|s| s.is_null()));
    let Some(root) = root else {
        if before == reader.mistakes.count() {
            let message = format!("the policy file `{name}` holds nothing");
            reader.mistakes.push(
                Diagnostic::global("config/empty_file", message)
                    .hint("A policy file has `version: 1` and `policy`."),
            );
        }
        return None;
    };
    let keys = Keys::of(reader, &root, keys::POLICY_FILE, "a policy file")?;
    let is_one = |node: &Node| {
        node.as_scalar()
            .is_some_and(|s| s.text == "1" && s.style == ScalarStyle::Plain)
    };
    match keys.get("version") {
        Some(node) if is_one(node) => {}
        Some(node) => reader.mistakes.push(
            Diagnostic::error(
                "config/unsupported_version",
                "this gonogo reads version 1 of a policy file",
                node.span,
            )
            .hint("Write `version: 1`."),
        ),
        None => missing(reader, &name, "version", root.span),
    }
    match keys.get("policy") {
        Some(node) => policy(reader, node),
        None => {
            missing(reader, &name, "policy", root.span);
            None
        }
    }
}

fn missing(reader: &mut Reader<'_>, name: &str, key: &str, span: Span) {
    let message = format!("the policy file `{name}` has no `{key}`");
    reader.mistakes.push(
        Diagnostic::error("config/missing_key", message, span)
            .hint("For example `version: 1` and `policy: { commands: false }`."),
    );
}

fn policy(reader: &mut Reader<'_>, node: &Node) -> Option<Policy> {
    let keys = Keys::of(reader, node, keys::POLICY, "a policy")?;
    nothing(reader, node, "policy");
    let mut policy = Policy::default();
    if let Some(node) = keys.get("require")
        && let Some(keys) = Keys::of(reader, node, keys::REQUIRE, "`require`")
    {
        nothing(reader, node, "require");
        policy.checks = texts(reader, keys.get("checks"), "checks");
        policy.kinds = texts(reader, keys.get("kinds"), "kinds");
        let kinds = policy.kinds.clone();
        kinds.iter().for_each(|kind| known_kind(reader, kind));
        policy.phases = texts(reader, keys.get("phases"), "phases");
    }
    if let Some(node) = keys.get("severities") {
        policy.severities = severities(reader, node);
    }
    if let Some(node) = keys.get("allow")
        && let Some(keys) = Keys::of(reader, node, keys::ALLOW, "`allow`")
    {
        nothing(reader, node, "allow");
        allow(reader, &keys, &mut policy);
    }
    if let Some(node) = keys.get("longest_waiver") {
        policy.longest_waiver = longest_waiver(reader, node);
    }
    if let Some(node) = keys.get("commands") {
        match reader.literal_text(node, "`commands`").as_deref() {
            Some("false") => policy.no_commands = Some(node.span),
            Some("true") | None => {}
            Some(_) => reader.mistakes.push(
                Diagnostic::error(
                    "config/wrong_type",
                    "`commands` is true or false",
                    node.span,
                )
                .hint("`commands: false` forbids whatever starts a program."),
            ),
        }
    }
    Some(policy)
}

fn allow(reader: &mut Reader<'_>, keys: &Keys<'_>, policy: &mut Policy) {
    let listed = |reader: &mut Reader<'_>, key: &str| {
        let node = keys.get(key)?;
        Some((node.span, texts(reader, Some(node), key)))
    };
    if let Some((span, kinds)) = listed(reader, "kinds") {
        kinds.iter().for_each(|kind| known_kind(reader, kind));
        let items = kinds.into_iter().map(|kind| kind.value).collect();
        policy.allowed_kinds = Some(Allowed { span, items });
    }
    if let Some((span, words)) = listed(reader, "effects") {
        let mut items = Vec::new();
        for word in words {
            match EFFECTS
                .iter()
                .find(|effect| effect.to_string() == word.value)
            {
                Some(effect) => items.push(*effect),
                None => {
                    let names = EFFECTS.map(|effect| effect.to_string());
                    let names = names.iter().map(String::as_str);
                    let message = format!("`{}` is no effect", word.value);
                    let hint = format!("The effects are {}.", list(names));
                    reader.mistakes.push(
                        Diagnostic::error("config/unknown_word", message, word.span).hint(hint),
                    );
                }
            }
        }
        policy.allowed_effects = Some(Allowed { span, items });
    }
    if let Some((span, words)) = listed(reader, "hosts") {
        let mut items = Vec::new();
        for word in words {
            match HostPattern::parse(&word.value) {
                Some(pattern) => items.push(pattern),
                None => {
                    let message = format!("`{}` is no pattern of hosts", word.value);
                    reader.mistakes.push(
                        Diagnostic::error("config/wrong_type", message, word.span).hint(
                            "For example `*.example.com`, `db.example.com:5432` or `10.0.0.0/8`.",
                        ),
                    );
                }
            }
        }
        policy.allowed_hosts = Some(Allowed { span, items });
    }
}

fn severities(reader: &mut Reader<'_>, node: &Node) -> Vec<(Spanned<String>, Severity)> {
    nothing(reader, node, "severities");
    let mut read = Vec::new();
    for entry in reader.entries(Some(node), "severities") {
        let Some(word) = reader.literal_text(&entry.value, "a severity") else {
            continue;
        };
        let severity = match word.as_str() {
            "blocker" => Severity::Blocker,
            "warning" => Severity::Warning,
            _ => {
                let message = format!("`{word}` is not the least severity that a policy asks for");
                reader.mistakes.push(
                    Diagnostic::error("config/unknown_word", message, entry.value.span)
                        .hint("It is blocker or warning."),
                );
                continue;
            }
        };
        read.push((entry.key.clone(), severity));
    }
    read
}

fn longest_waiver(reader: &mut Reader<'_>, node: &Node) -> Option<Spanned<Duration>> {
    let text = reader.literal_text(node, "`longest_waiver`")?;
    let span = node.span;
    if text == "none" {
        let value = Duration::ZERO;
        return Some(Spanned { value, span });
    }
    let read = unit::duration(&text).ok();
    let read = read.as_ref().and_then(unit::to_std_duration);
    match read.filter(|term| !term.is_zero()) {
        Some(value) => Some(Spanned { value, span }),
        None => {
            let message = format!("`{text}` is no term of a waiver");
            reader.mistakes.push(
                Diagnostic::error("config/wrong_type", message, span)
                    .hint("It is a duration such as 30d, or `none` where there may be no waiver."),
            );
            None
        }
    }
}

/// A list of texts that holds no variable: no value from outside changes a rule.
fn texts(reader: &mut Reader<'_>, node: Option<&Node>, what: &str) -> Vec<Spanned<String>> {
    let Some(node) = node else { return Vec::new() };
    let NodeValue::List(items) = &node.value else {
        let message = format!("`{what}` is a list, not {}", node.describe());
        reader
            .mistakes
            .push(Diagnostic::error("config/wrong_type", message, node.span));
        return Vec::new();
    };
    nothing(reader, node, what);
    items
        .iter()
        .filter_map(|item| {
            let value = reader.literal_text(item, "a rule")?;
            let span = item.span;
            Some(Spanned { value, span })
        })
        .collect()
}

fn known_kind(reader: &mut Reader<'_>, kind: &Spanned<String>) {
    if reader.inputs.kinds.find(&kind.value).is_some() {
        return;
    }
    let names = || reader.inputs.kinds.kinds().iter().map(|k| k.name);
    let hint = match closest(&kind.value, names()) {
        Some(near) => format!("Did you mean `{near}`?"),
        None => format!("The kinds are {}.", list(names())),
    };
    let message = format!("there is no kind `{}`", kind.value);
    reader
        .mistakes
        .push(Diagnostic::error("config/unknown_word", message, kind.span).hint(hint));
}

/// Refuses what is empty: a rule that asks for nothing was meant to ask for something.
fn nothing(reader: &mut Reader<'_>, node: &Node, what: &str) {
    let is_empty = match &node.value {
        NodeValue::Map(entries) => entries.is_empty(),
        NodeValue::List(items) => items.is_empty(),
        NodeValue::Scalar(_) => false,
    };
    if is_empty {
        let message = format!("`{what}` asks for nothing");
        reader.mistakes.push(
            Diagnostic::error("config/empty_list", message, node.span).hint("Leave the key out."),
        );
    }
}

/// What a probe may do.
pub(crate) const EFFECTS: [Effect; 4] = [
    Effect::Reads,
    Effect::Writes,
    Effect::Executes,
    Effect::Loads,
];
