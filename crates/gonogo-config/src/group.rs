//! Groups: checks that are judged together by a quorum.

use gonogo_kind::manifest::Group;
use gonogo_kind::{Diagnostic, Entry, FieldValue, Node, NodeValue, Span};
use gonogo_model::{Decimal, Quorum};

use crate::check::read_id;
use crate::common_keys::severity_of;
use crate::keys::{GROUP, Keys};
use crate::reader::Reader;

/// A group whose members are not counted yet.
#[derive(Debug)]
pub(crate) struct GroupDraft {
    pub(crate) group: Group,
    pub(crate) span: Span,
    /// Where the quorum stands.
    pub(crate) quorum: Span,
}

/// Reads one entry of `groups`.
pub(crate) fn read(reader: &mut Reader<'_>, entry: &Entry) -> Option<GroupDraft> {
    let span = entry.key.span;
    let id = read_id(reader, &entry.key.value, span)?;
    let mut group = Group {
        title: id.to_string(),
        id,
        severity: gonogo_model::Severity::Blocker,
        quorum: Quorum::All,
        covers: Vec::new(),
        file: reader.file_of(span).to_owned(),
        line: span.line,
    };
    let mut quorum_span = entry.value.span;
    match &entry.value.value {
        NodeValue::Scalar(scalar) if !scalar.is_null() => {
            group.quorum = quorum(reader, &entry.value).unwrap_or(Quorum::All);
        }
        NodeValue::Scalar(_) | NodeValue::List(_) | NodeValue::Map(_) => {
            let keys = Keys::of(reader, &entry.value, GROUP, "a group")?;
            if let Some(node) = keys.get("at_least") {
                quorum_span = node.span;
                group.quorum = quorum(reader, node).unwrap_or(Quorum::All);
            }
            if let Some(FieldValue::Text(title)) = reader.field_of(&keys, GROUP, "title", None) {
                group.title = title.text;
            }
            if let Some(FieldValue::Text(word)) = reader.field_of(&keys, GROUP, "severity", None) {
                group.severity = severity_of(&word.text);
            }
            if let Some(FieldValue::Texts(covers)) = reader.field_of(&keys, GROUP, "covers", None) {
                group.covers = covers.into_iter().map(|t| t.text).collect();
            }
        }
    }
    Some(GroupDraft {
        group,
        span,
        quorum: quorum_span,
    })
}

fn quorum(reader: &mut Reader<'_>, node: &Node) -> Option<Quorum> {
    let node = reader.put(node, None)?;
    let text = node.as_scalar().map(|s| s.text.trim());
    let read = text.and_then(parse);
    let shown = node
        .as_scalar()
        .map_or_else(|| node.describe(), |s| s.shown());
    let refuse = |reader: &mut Reader<'_>, code, why: &str| {
        let message = format!("`{shown}` {why}");
        reader.mistakes.push(
            Diagnostic::error(code, message, node.span)
                .hint("A quorum is a number of members, a share such as 95%, `all` or `any`."),
        );
        None
    };
    match read {
        Some(Quorum::AtLeast(0) | Quorum::AtLeastShare(0)) => refuse(
            reader,
            "config/group_quorum",
            "asks for nothing: nothing would be proved",
        ),
        Some(Quorum::AtLeastShare(share)) if share > WHOLE => {
            refuse(reader, "config/group_quorum", "is more than all members")
        }
        Some(quorum) => Some(quorum),
        None => refuse(reader, "config/wrong_type", "is not a quorum"),
    }
}

fn parse(text: &str) -> Option<Quorum> {
    match text {
        "all" => return Some(Quorum::All),
        "any" => return Some(Quorum::Any),
        _ => {}
    }
    let whole = |number: Decimal| u32::try_from(number.to_i128()?).ok();
    if let Some(share) = text.strip_suffix('%') {
        let share: Decimal = share.trim_end().parse().ok()?;
        return whole(share.shifted(2)).map(Quorum::AtLeastShare);
    }
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    whole(text.parse().ok()?).map(Quorum::AtLeast)
}

/// All members, in hundredths of a percent.
const WHOLE: u32 = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quorums_are_numbers_shares_or_words() {
        assert_eq!(parse("2"), Some(Quorum::AtLeast(2)));
        assert_eq!(parse("95%"), Some(Quorum::AtLeastShare(9500)));
        assert_eq!(parse("66.67 %"), Some(Quorum::AtLeastShare(6667)));
        assert_eq!(parse("all"), Some(Quorum::All));
        assert_eq!(parse("any"), Some(Quorum::Any));
        for bad in ["", "-1", "1.5", "99.999%", "most", "1e3"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
