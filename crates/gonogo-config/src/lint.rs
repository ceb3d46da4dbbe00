//! What a gate may do, and its author probably did not mean: warnings.

use std::net::IpAddr;

use gonogo_kind::{Diagnostic, Entry, Node, NodeValue, ScalarStyle, Span};
use gonogo_model::{Id, Severity};

use crate::check::{Declared, Draft};
use crate::group::GroupDraft;
use crate::names::Sort;
use crate::reader::Reader;
use crate::source::SourceText;

/// Adds warnings about a gate that has no mistake; what a mistake hides would look unused.
pub(crate) fn lint(
    reader: &mut Reader<'_>,
    (root, vars): (&Node, Option<&Node>),
    (drafts, groups): (&[Draft], &[GroupDraft]),
    needs: &[Vec<Id>],
    declared: &Declared<'_>,
) {
    loopback_defaults(reader, vars);
    loopback_layers(reader, root);
    if reader.mistakes.has_errors() {
        return;
    }
    unused_names(reader);
    unused_tags(reader, drafts, declared);
    unused_templates(reader, declared);
    empty_phases(reader, drafts, declared);
    status_only(reader, drafts);
    hidden_blockers(reader, drafts, groups, needs);
}

/// Warns of texts that end before a `#`: `title: Fix #3` is the title "Fix".
pub(crate) fn cut_by_comments(reader: &mut Reader<'_>, root: &Node, source: &SourceText) {
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        match &node.value {
            NodeValue::List(items) => open.extend(items),
            NodeValue::Map(entries) => open.extend(entries.iter().map(|e| &e.value)),
            NodeValue::Scalar(scalar) if scalar.style == ScalarStyle::Plain => {
                let Some(comment) = comment_after(source, node.span) else {
                    continue;
                };
                if !scalar.text.contains(|c: char| c.is_alphabetic()) {
                    continue;
                }
                let message =
                    format!("the text ends before `{comment}`, which YAML takes for a comment");
                let hint = format!(
                    "Put the whole text in quotes, or a space behind the `#`: \"{} {comment}\".",
                    scalar.text
                );
                reader.mistakes.push(
                    Diagnostic::error("config/cut_by_comment", message, node.span)
                        .warning()
                        .hint(hint),
                );
            }
            NodeValue::Scalar(_) => {}
        }
    }
}

/// Returns the comment right behind a text, unless it looks like one that was meant.
fn comment_after(source: &SourceText, span: Span) -> Option<&str> {
    let line_end = source.line_end(source.line_of(span.end.max(span.start)));
    let rest = source.text().get(span.end..line_end)?;
    let comment = rest.trim_start();
    let meant = !comment
        .strip_prefix('#')?
        .starts_with(|c: char| c.is_alphanumeric());
    (!meant && comment.len() < rest.len()).then_some(comment)
}

/// A default that points at this machine makes a gate say GO about the wrong one.
fn loopback_defaults(reader: &mut Reader<'_>, vars: Option<&Node>) {
    let entries: &[Entry] = match vars.map(|vars| &vars.value) {
        Some(NodeValue::Map(entries)) => entries,
        _ => return,
    };
    for entry in entries {
        let default = entry.value.get("default");
        let Some((node, scalar)) = default.and_then(|node| Some((node, node.as_scalar()?))) else {
            continue;
        };
        if is_loopback(&scalar.text) {
            let name = &entry.key.value;
            let message = format!("`{name}` is this machine unless it is given");
            reader.mistakes.push(
                Diagnostic::error("config/loopback_default", message, node.span)
                    .warning()
                    .hint("A pipeline that forgets the variable judges itself: leave the default out."),
            );
        }
    }
}

/// An environment or a phase that is this machine may be meant, and is worth a word.
fn loopback_layers(reader: &mut Reader<'_>, root: &Node) {
    for key in ["environments", "phases"] {
        let Some(NodeValue::Map(layers)) = root.get(key).map(|layers| &layers.value) else {
            continue;
        };
        for layer in layers {
            let Some(NodeValue::Map(vars)) = layer.value.get("vars").map(|vars| &vars.value) else {
                continue;
            };
            let here = |entry: &&Entry| {
                entry
                    .value
                    .as_scalar()
                    .is_some_and(|s| is_loopback(&s.text))
            };
            for entry in vars.iter().filter(here) {
                let message = format!(
                    "`{}` is this machine in {key}.{}",
                    entry.key.value, layer.key.value
                );
                reader.mistakes.push(
                    Diagnostic::error("config/loopback_default", message, entry.value.span)
                        .warning()
                        .hint("A pipeline judges the machine it runs on: name the host that is to be judged."),
                );
            }
        }
    }
}

/// Returns whether a host, an address or a URL is this machine.
pub(crate) fn is_loopback(text: &str) -> bool {
    let authority = match text.split_once("://") {
        Some((_, rest)) => rest.split(['/', '?', '#']).next().unwrap_or_default(),
        None => text,
    };
    let address = authority.rsplit('@').next().unwrap_or_default();
    let host = match address.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None if address.matches(':').count() == 1 => address.split(':').next().unwrap_or_default(),
        None => address,
    };
    let is_loopback_address = host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    is_loopback_address || host == "localhost" || host.ends_with(".localhost")
}

fn unused_names(reader: &mut Reader<'_>) {
    let unused: Vec<(String, Sort, Span)> = reader
        .names
        .by_name
        .iter()
        .filter(|(_, name)| !name.used.get())
        .map(|(text, name)| (text.clone(), name.sort, name.span))
        .collect();
    for (name, sort, span) in unused {
        let what = match sort {
            Sort::Variable => "variable",
            Sort::Secret => "secret",
        };
        let message = format!("nothing uses the {what} `{name}`");
        reader.mistakes.push(
            Diagnostic::error("config/unused", message, span)
                .warning()
                .hint(format!("Use it as `${{{name}}}`, or leave it out.")),
        );
    }
}

fn unused_tags(reader: &mut Reader<'_>, drafts: &[Draft], declared: &Declared<'_>) {
    for (tag, span) in declared.tags {
        if !drafts.iter().any(|d| d.tags.contains(tag)) {
            let message = format!("no check has the tag `{tag}`");
            reader.mistakes.push(
                Diagnostic::error("config/unused", message, *span)
                    .warning()
                    .hint("Give it to a check, or leave it out."),
            );
        }
    }
}

fn unused_templates(reader: &mut Reader<'_>, declared: &Declared<'_>) {
    for template in declared.templates.unused() {
        let message = format!("no check extends the template `{}`", template.name);
        reader.mistakes.push(
            Diagnostic::error("config/unused", message, template.span)
                .warning()
                .hint(format!(
                    "Extend it by `extends: {}`, or leave it out.",
                    template.name
                )),
        );
    }
}

fn empty_phases(reader: &mut Reader<'_>, drafts: &[Draft], declared: &Declared<'_>) {
    if drafts.iter().any(|d| d.phases.is_empty()) {
        return;
    }
    for (phase, span) in declared.phases {
        if !drafts.iter().any(|d| d.phases.contains(phase)) {
            let message = format!("no check belongs to the phase `{phase}`");
            reader.mistakes.push(
                Diagnostic::error("config/unused", message, *span)
                    .warning()
                    .hint("Give it to a check, or leave it out: a run of it has nothing to judge."),
            );
        }
    }
}

/// An answer of 200 may be a maintenance page.
fn status_only(reader: &mut Reader<'_>, drafts: &[Draft]) {
    for draft in drafts {
        if draft.read.is_some_and(|read| read.status_only) {
            reader.mistakes.push(
                Diagnostic::error("config/status_only", "the check looks at nothing but the status", draft.span)
                    .warning()
                    .hint("A page that says \"down for maintenance\" may come with 200: expect something of the body, too."),
            );
        }
    }
}

/// A blocker that waits for what does not block is skipped for its sake.
fn hidden_blockers(
    reader: &mut Reader<'_>,
    drafts: &[Draft],
    groups: &[GroupDraft],
    needs: &[Vec<Id>],
) {
    let own = |d: &Draft| d.severity.map(|(s, _)| s).unwrap_or_default();
    let group = |id: &str| groups.iter().find(|g| g.group.id.as_str() == id);
    let weight = |d: &Draft| match d.group.as_ref().and_then(|g| group(&g.value)) {
        Some(group) => group.group.severity,
        None => own(d),
    };
    let mut weights: std::collections::HashMap<&str, Severity> =
        drafts.iter().map(|d| (d.id.as_str(), weight(d))).collect();
    weights.extend(
        groups
            .iter()
            .map(|g| (g.group.id.as_str(), g.group.severity)),
    );
    for (draft, needs) in drafts.iter().zip(needs) {
        if weight(draft) != Severity::Blocker {
            continue;
        }
        for need in needs {
            let needed = weights.get(need.as_str()).copied().unwrap_or_default();
            if needed == Severity::Blocker {
                continue;
            }
            let message = format!("a blocker needs `{need}`, whose severity is {needed}");
            reader.mistakes.push(
                Diagnostic::error("config/need_hides_blocker", message, draft.span)
                    .warning()
                    .hint(format!(
                        "When `{need}` fails, this blocker is skipped and its truth stays hidden: make `{need}` a blocker, or take the need out."
                    )),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_known_in_every_spelling() {
        for text in [
            "localhost",
            "127.0.0.1",
            "127.8.9.1:80",
            "::1",
            "[::1]:443",
            "http://localhost:3000/x",
            "postgres://app@127.0.0.1/db",
            "api.localhost",
        ] {
            assert!(is_loopback(text), "{text}");
        }
        for text in [
            "example.com",
            "10.0.0.1",
            "localhost.example.com",
            "3000",
            "",
        ] {
            assert!(!is_loopback(text), "{text}");
        }
    }
}
