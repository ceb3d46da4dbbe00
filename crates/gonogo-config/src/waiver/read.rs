//! Reading waivers and quarantines where they stand.

use gonogo_kind::manifest::Waiver;
use gonogo_kind::{Diagnostic, Entry, FieldValue, Node, NodeValue, Span};
use gonogo_model::{Id, Until};

use super::keys::{QUARANTINE, WAIVER};
use super::{code, until};
use crate::keys::{KeyDecl, Keys};
use crate::reader::Reader;

/// A waiver whose checks are not known yet.
#[derive(Debug)]
pub(crate) struct WaiverDraft {
    pub(crate) waiver: Waiver,
    /// Where what it names stands; of a quarantine, its key.
    pub(crate) check: Span,
    /// Where its code stands.
    pub(crate) code: Option<Span>,
    /// Where its end stands.
    pub(crate) until: Span,
}

/// Reads `waivers`, a list.
pub(crate) fn read(reader: &mut Reader<'_>, node: Option<&Node>) {
    let Some(node) = node else { return };
    let items = match &node.value {
        NodeValue::List(items) if items.is_empty() => {
            reader.mistakes.push(
                Diagnostic::error("config/empty_list", "`waivers` is an empty list", node.span)
                    .hint("Leave the key out."),
            );
            return;
        }
        NodeValue::List(items) => items,
        NodeValue::Scalar(_) | NodeValue::Map(_) => {
            let message = format!("`waivers` is a list, not {}", node.describe());
            let code = if node.describe() == "nothing" {
                "config/empty_value"
            } else {
                "config/wrong_type"
            };
            let hint = match node.as_scalar() {
                Some(scalar) if scalar.text.ends_with(".yaml") || scalar.text.ends_with(".yml") => {
                    ELSEWHERE
                }
                Some(_) | None => EXAMPLE,
            };
            reader
                .mistakes
                .push(Diagnostic::error(code, message, node.span).hint(hint));
            return;
        }
    };
    if items.len() > MAX_WAIVERS {
        let message = format!("there are more than {MAX_WAIVERS} waivers");
        reader.mistakes.push(
            Diagnostic::error("config/too_large", message, node.span)
                .hint("A gate with so many exceptions proves little."),
        );
        return;
    }
    for item in items {
        if reader.mistakes.is_full() {
            return;
        }
        let draft = waiver(reader, item);
        reader.waivers.extend(draft);
    }
}

/// Reads the `quarantine` of a check.
pub(crate) fn read_quarantine(reader: &mut Reader<'_>, entry: &Entry, check: &Id) {
    let Some((terms, count)) = quarantine(reader, &entry.value) else {
        return;
    };
    let draft = terms.draft(reader, check.to_string(), entry.key.span, None, Some(count));
    reader.waivers.push(draft);
}

/// Reads the `quarantine` of a template for its mistakes alone.
pub(crate) fn look_at_quarantine(reader: &mut Reader<'_>, entry: &Entry) {
    quarantine(reader, &entry.value);
}

/// Returns the terms of a quarantine, and its count.
fn quarantine(reader: &mut Reader<'_>, map: &Node) -> Option<(Terms, u32)> {
    let keys = Keys::of(reader, map, QUARANTINE, "a quarantine")?;
    let terms = terms(reader, &keys, QUARANTINE, "a quarantine", map.span);
    let count = required(reader, &keys, QUARANTINE, "count", "a quarantine", map.span);
    let count = count.and_then(|node| reader.literal_text(node, "`count`").map(|_| node));
    let count = count.and_then(|_| reader.field_of(&keys, QUARANTINE, "count", None));
    match (terms?, count?) {
        (terms, FieldValue::Integer(count)) => Some((terms, u32::try_from(count).ok()?)),
        _ => None,
    }
}

fn waiver(reader: &mut Reader<'_>, node: &Node) -> Option<WaiverDraft> {
    let keys = Keys::of(reader, node, WAIVER, "a waiver")?;
    let check = required(reader, &keys, WAIVER, "check", "a waiver", node.span);
    let check = check.and_then(|node| Some((named(reader, node)?, node.span)));
    // Everything is looked at, so that all mistakes are found.
    let code = match keys.get("code") {
        None => Some(None),
        Some(node) => reader
            .literal_text(node, "`code`")
            .and_then(|text| code::known(reader, text, node.span))
            .map(|code| Some((code, node.span))),
    };
    let terms = terms(reader, &keys, WAIVER, "a waiver", node.span);
    let ((check, span), code) = (check?, code?);
    Some(terms?.draft(reader, check, span, code, None))
}

/// What a waiver and a quarantine have in common.
struct Terms {
    reason: String,
    owner: String,
    ticket: Option<String>,
    until: (Until, Span),
    line: u32,
}

impl Terms {
    fn draft(
        self,
        reader: &Reader<'_>,
        check: String,
        span: Span,
        code: Option<(String, Span)>,
        quarantine: Option<u32>,
    ) -> WaiverDraft {
        let (until, until_span) = self.until;
        let (code, code_span) = code.unzip();
        WaiverDraft {
            waiver: Waiver {
                check,
                checks: Vec::new(),
                code,
                reason: self.reason,
                owner: self.owner,
                ticket: self.ticket,
                until,
                quarantine,
                file: reader.file_of(span).to_owned(),
                line: self.line,
            },
            check: span,
            code: code_span,
            until: until_span,
        }
    }
}

fn terms(
    reader: &mut Reader<'_>,
    keys: &Keys<'_>,
    decls: &'static [KeyDecl],
    what: &str,
    span: Span,
) -> Option<Terms> {
    let reason = required(reader, keys, decls, "reason", what, span);
    let reason = reason.and_then(|node| words(reader, node, "reason"));
    let owner = required(reader, keys, decls, "owner", what, span);
    let owner = owner.and_then(|node| words(reader, node, "owner"));
    let ticket = match keys.get("ticket") {
        None => Some(None),
        Some(node) => words(reader, node, "ticket").map(Some),
    };
    let end = required(reader, keys, decls, "until", what, span);
    let end = end.and_then(|node| Some((end_of(reader, node)?, node.span)));
    Some(Terms {
        reason: reason?,
        owner: owner?,
        ticket: ticket?,
        until: end?,
        line: span.line,
    })
}

/// Returns a key that must be there.
fn required<'n>(
    reader: &mut Reader<'_>,
    keys: &Keys<'n>,
    decls: &'static [KeyDecl],
    name: &str,
    what: &str,
    span: Span,
) -> Option<&'n Node> {
    let node = keys.get(name);
    if node.is_none() {
        let decl = decls.iter().find(|decl| decl.name == name);
        let example = decl.map_or("", |decl| decl.example);
        reader.mistakes.push(
            Diagnostic::error("config/missing_key", format!("{what} needs `{name}`"), span)
                .hint(format!("For example `{name}: {example}`.")),
        );
    }
    node
}

/// Returns an id or a glob over ids.
fn named(reader: &mut Reader<'_>, node: &Node) -> Option<String> {
    let text = reader.literal_text(node, "`check`")?;
    let is_id = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-*?".contains(&b);
    if text.len() <= MAX_ID && text.bytes().all(is_id) {
        return Some(text);
    }
    let message = format!("check: `{text}` is neither an id nor a glob");
    reader
        .mistakes
        .push(Diagnostic::error("config/bad_id", message, node.span).hint(
            "Name a check as the gate does, or several: `*` is any text, `?` any one character.",
        ));
    None
}

/// Returns words for people.
fn words(reader: &mut Reader<'_>, node: &Node, key: &str) -> Option<String> {
    let text = reader.literal_text(node, &format!("`{key}`"))?;
    if text.trim().is_empty() {
        let message = format!("`{key}` is empty");
        reader
            .mistakes
            .push(Diagnostic::error("config/empty_value", message, node.span));
        return None;
    }
    if text.chars().count() > MAX_WORDS {
        let message = format!("`{key}` has more than {MAX_WORDS} characters");
        reader.mistakes.push(
            Diagnostic::error("config/too_large", message, node.span).hint(
                "It stands in every report: say it in a sentence, and the rest in the ticket.",
            ),
        );
        return None;
    }
    Some(text)
}

fn end_of(reader: &mut Reader<'_>, node: &Node) -> Option<Until> {
    let text = reader.literal_text(node, "`until`")?;
    match until::read(&text) {
        Ok(until) => Some(until),
        Err(misread) => {
            reader.mistakes.push(
                Diagnostic::error("config/bad_until", misread.message, node.span)
                    .hint(misread.hint),
            );
            None
        }
    }
}

const EXAMPLE: &str = "For example `waivers: [{ check: region.ap, reason: moving out, owner: ops, until: 2027-01-31 }]`.";
const ELSEWHERE: &str =
    "Include the file: `include: [waivers.yaml]`; it has `version: 1` and `waivers`.";
/// The longest id or glob.
const MAX_ID: usize = 200;
/// The most characters of a reason, an owner or a ticket.
const MAX_WORDS: usize = 1_000;
/// The most waivers of a file.
const MAX_WAIVERS: usize = 1_000;
