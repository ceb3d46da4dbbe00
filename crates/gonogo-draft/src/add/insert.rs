//! Putting a check, and the secret it needs, into the text of a gate file.
//!
//! Text is inserted and nothing is taken away. Whether that says what it should is then read off the
//! new text: its tree is the old one with the new entries and nothing else.

use gonogo_config::outline;
use gonogo_kind::{Entry, Node, NodeValue};

use super::place::{self, Block};

/// What goes in.
#[derive(Debug)]
pub(super) struct New<'a> {
    /// The id of the check.
    pub(super) id: &'a str,
    /// Its lines: how deep each is, and its text; the first is that of the id or a comment before it.
    pub(super) lines: &'a [(usize, String)],
    /// The name and the variable of the environment of a secret that is to be declared.
    pub(super) secret: Option<(&'a str, &'a str)>,
}

/// Returns the text with what is new in it.
///
/// # Errors
///
/// Why it cannot be done, as a lowercase fragment.
pub(super) fn insert(text: &str, new: &New<'_>) -> Result<String, String> {
    let root = outline(text).ok_or("it is no YAML")?;
    let checks = place::block(text, &root, "checks")?;
    let mut edits = vec![(checks.end, lines(text, &checks, new.lines))];
    if let Some((name, environment)) = new.secret {
        edits.push(secret(text, &root, name, environment, checks.line_end)?);
    }
    // From the end, so that earlier places stay where they are.
    edits.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let mut whole = text.to_owned();
    for (at, added) in &edits {
        whole.insert_str(*at, added);
    }
    let after = outline(&whole).ok_or("it would be no YAML any more")?;
    if is_grown(&root, &after, new) {
        Ok(whole)
    } else {
        Err("something else in it would change".to_owned())
    }
}

/// Writes lines as entries of a block.
fn lines(text: &str, block: &Block, lines: &[(usize, String)]) -> String {
    let before = text.get(..block.end).unwrap_or_default();
    let mut added = String::new();
    let has_line_end = before.ends_with('\n');
    if !has_line_end {
        added.push_str(block.line_end);
    }
    if block.is_spaced {
        added.push_str(block.line_end);
    }
    for (at, (depth, line)) in lines.iter().enumerate() {
        added.push_str(&" ".repeat(block.indent + depth * block.step));
        added.push_str(line);
        // A file without a line break at its end stays one.
        if has_line_end || at + 1 < lines.len() {
            added.push_str(block.line_end);
        }
    }
    added
}

/// Returns where and how a secret is declared.
fn secret(
    text: &str,
    root: &Node,
    name: &str,
    environment: &str,
    line_end: &'static str,
) -> Result<(usize, String), String> {
    let declared = format!("{name}: {{ env: {environment} }}");
    let Some(known) = root.get("secrets") else {
        return Ok(new_block(text, root, &declared, line_end));
    };
    let is_braces = text
        .get(known.span.start..)
        .is_some_and(|t| t.starts_with('{'));
    let last = match &known.value {
        NodeValue::Map(entries) => entries.last(),
        NodeValue::Scalar(_) | NodeValue::List(_) => None,
    };
    match last {
        Some(last) if is_braces => Ok((last.value.span.end, format!(", {declared}"))),
        _ => {
            let mut block = place::block(text, root, "secrets")?;
            block.is_spaced =
                block.is_spaced && !matches!(&known.value, NodeValue::Map(e) if e.len() == 1);
            Ok((block.end, lines(text, &block, &[(0, declared)])))
        }
    }
}

/// Declares the first secret, before `checks` and the comments that belong to it.
fn new_block(text: &str, root: &Node, declared: &str, line_end: &str) -> (usize, String) {
    let checks = match &root.value {
        NodeValue::Map(entries) => entries.iter().find(|e| e.key.value == "checks"),
        NodeValue::Scalar(_) | NodeValue::List(_) => None,
    };
    let mut at = checks.map_or(0, |entry| entry.key.span.start);
    let above = |at: usize| {
        text.get(..at)
            .and_then(|t| t.split_inclusive('\n').next_back())
    };
    while let Some(line) = above(at).filter(|line| line.starts_with('#')) {
        at -= line.len();
    }
    let is_spaced = above(at).is_none_or(|line| line.trim().is_empty());
    let space = if is_spaced { line_end } else { "" };
    (
        at,
        format!("secrets:{line_end}  {declared}{line_end}{space}"),
    )
}

/// Returns whether a tree is the old one with the new check, and the new secret, at the end of their maps.
fn is_grown(old: &Node, new: &Node, added: &New<'_>) -> bool {
    let (NodeValue::Map(old), NodeValue::Map(new)) = (&old.value, &new.value) else {
        return false;
    };
    let secret = added.secret.map(|(name, _)| name);
    let mut known = old.iter();
    let all_known = new.iter().all(|entry| {
        let grown = match entry.key.value.as_str() {
            "checks" => Some(added.id),
            "secrets" => secret,
            _ => None,
        };
        if grown.is_some() && !old.iter().any(|o| o.key.value == entry.key.value) {
            // A block of secrets that was not there.
            return has_grown(&[], &entry.value, grown);
        }
        let Some(before) = known
            .next()
            .filter(|before| before.key.value == entry.key.value)
        else {
            return false;
        };
        match &before.value.value {
            NodeValue::Map(entries) if grown.is_some() => has_grown(entries, &entry.value, grown),
            _ => is_same(&before.value, &entry.value),
        }
    });
    all_known && known.next().is_none()
}

fn has_grown(old: &[Entry], new: &Node, added: Option<&str>) -> bool {
    let NodeValue::Map(entries) = &new.value else {
        return false;
    };
    let Some((last, kept)) = entries.split_last() else {
        return false;
    };
    Some(last.key.value.as_str()) == added
        && kept.len() == old.len()
        && old
            .iter()
            .zip(kept)
            .all(|(o, n)| o.key.value == n.key.value && is_same(&o.value, &n.value))
}

/// Compares two trees, their places left aside; a tree has a depth of 64 at most.
fn is_same(old: &Node, new: &Node) -> bool {
    match (&old.value, &new.value) {
        (NodeValue::Scalar(old), NodeValue::Scalar(new)) => old == new,
        (NodeValue::List(old), NodeValue::List(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(o, n)| is_same(o, n))
        }
        (NodeValue::Map(old), NodeValue::Map(new)) => {
            let same = |(o, n): (&Entry, &Entry)| {
                o.key.value == n.key.value && is_same(&o.value, &n.value)
            };
            old.len() == new.len() && old.iter().zip(new).all(same)
        }
        (NodeValue::Scalar(_) | NodeValue::List(_) | NodeValue::Map(_), _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(text: &str, secret: Option<(&str, &str)>) -> Result<String, String> {
        let lines = [(0, "new:".to_owned()), (1, "tcp: b:2".to_owned())];
        insert(
            text,
            &New {
                id: "new",
                lines: &lines,
                secret,
            },
        )
    }

    #[test]
    fn a_check_goes_to_the_end_of_the_block_and_nothing_else_moves() {
        for (before, after) in [
            // One entry, at the end of the file.
            (
                "checks:\n  a:\n    tcp: a:1\n",
                "checks:\n  a:\n    tcp: a:1\n\n  new:\n    tcp: b:2\n",
            ),
            // No line break at the end.
            (
                "checks:\n  a:\n    tcp: a:1",
                "checks:\n  a:\n    tcp: a:1\n\n  new:\n    tcp: b:2",
            ),
            // CRLF, another indentation, not spaced, something behind.
            (
                "checks:\r\n    a:\r\n       tcp: a:1\r\n    b: { tcp: a:1 }\r\n\r\n# groups\r\ngroups: {}\r\n",
                "checks:\r\n    a:\r\n       tcp: a:1\r\n    b: { tcp: a:1 }\r\n    new:\r\n       tcp: b:2\r\n\r\n# groups\r\ngroups: {}\r\n",
            ),
            // Comments that belong to the block, a key before it, a block of text at its end.
            (
                "checks:\n  # one\n  a:\n    tcp: a:1\n\n  # two\n  b:\n    tcp:\n      send: |\n        x\n\n        y\n  # end\n\n\nz: 1\n",
                "checks:\n  # one\n  a:\n    tcp: a:1\n\n  # two\n  b:\n    tcp:\n      send: |\n        x\n\n        y\n  # end\n\n  new:\n    tcp: b:2\n\n\nz: 1\n",
            ),
        ] {
            assert_eq!(added(before, None).as_deref(), Ok(after));
        }
    }

    #[test]
    fn a_secret_is_declared_where_secrets_are() {
        let secret = Some(("s", "S"));
        for (before, after) in [
            (
                "v: 1\n\n# all\nchecks:\n  a: { tcp: a:1 }\n  b: { tcp: a:1 }\n",
                "v: 1\n\nsecrets:\n  s: { env: S }\n\n# all\nchecks:\n  a: { tcp: a:1 }\n  b: { tcp: a:1 }\n  new:\n    tcp: b:2\n",
            ),
            (
                "secrets: { r: { env: R } } # one\nchecks:\n  a: { tcp: a:1 }\n  b: { tcp: a:1 }\n",
                "secrets: { r: { env: R }, s: { env: S } } # one\nchecks:\n  a: { tcp: a:1 }\n  b: { tcp: a:1 }\n  new:\n    tcp: b:2\n",
            ),
            (
                "checks:\n  a: { tcp: a:1 }\n  b: { tcp: a:1 }\nsecrets:\n    r:\n        env: R\n",
                "checks:\n  a: { tcp: a:1 }\n  b: { tcp: a:1 }\n  new:\n    tcp: b:2\nsecrets:\n    r:\n        env: R\n    s: { env: S }\n",
            ),
        ] {
            assert_eq!(added(before, secret).as_deref(), Ok(after));
        }
    }

    /// Takes the inserted lines out again: what is left must be every byte of the old text.
    fn is_inserted(old: &str, new: &str) -> bool {
        let mut rest = old;
        for line in new.split_inclusive('\n') {
            rest = rest.strip_prefix(line).unwrap_or(rest);
        }
        rest.is_empty()
    }

    #[test]
    fn gates_that_people_wrote_take_a_check() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for file in [
            "probes.yaml",
            "examples/demo/probes.yaml",
            "crates/gonogo-config/tests/valid/design.yaml",
        ] {
            let text = std::fs::read_to_string(root.join(file)).unwrap();
            for text in [text.clone(), text.replace('\n', "\r\n")] {
                let grown =
                    added(&text, Some(("s", "S"))).unwrap_or_else(|why| panic!("{file}: {why}"));
                assert!(
                    grown.len() > text.len() && is_inserted(&text, &grown),
                    "{file}:\n{grown}"
                );
                assert_eq!(grown.contains("\r\n"), text.contains("\r\n"));
                assert_eq!(
                    grown.matches('\n').count() == grown.matches("\r\n").count(),
                    text.contains('\r')
                );
            }
        }
    }

    #[test]
    fn what_is_laid_out_otherwise_is_refused() {
        for (text, why) in [
            (
                "checks: { a: { tcp: a:1 } }\n",
                "`checks` is written in braces",
            ),
            (
                "{ checks: { a: { tcp: a:1 } } }\n",
                "`checks` does not begin its line",
            ),
            ("checks:\n", "`checks` holds nothing to line up with"),
            ("checks: {}\n", "`checks` is written in braces"),
            ("v: 1\n", "it has no `checks`"),
            (
                "x: &x\n  a: { tcp: a:1 }\nchecks: *x\n",
                "the entries of `checks` do not stand below each other",
            ),
            (
                "checks:\n  ? a\n  : { tcp: a:1 }\n",
                "the entries of `checks` do not stand below each other",
            ),
            (
                "checks:\n  a: { tcp: a:1 }\n...\n",
                "the document ends by `...`",
            ),
            (
                "checks:\n  a:\n    tcp: |+\n      x\n\n\n",
                "something else in it would change",
            ),
            ("- a\n", "the file is no map"),
            ("a: [\n", "it is no YAML"),
        ] {
            assert_eq!(added(text, None), Err(why.to_owned()), "{text}");
        }
    }
}
