//! What a gate says again and again, read once: built-in expectations, defaults, matchers.
//!
//! A gate of 10,000 checks has a few dozen different matchers. What is kept here is what was read without
//! any mistake: one with a mistake is read again, since its mistake stands at another place.

use std::collections::HashMap;
use std::rc::Rc;

use gonogo_kind::{
    Expectation, Expectations, FactDecl, FieldDecl, FieldType, FieldValue, Fields, KindDecl,
    Matcher, Node, NodeValue, ScalarStyle, built_in, flow,
};

use crate::reader::Reader;

/// What was read before.
#[derive(Debug, Default)]
pub(crate) struct Memo {
    built_in: HashMap<&'static str, Rc<[Expectation]>>,
    /// By kind.
    defaults: HashMap<&'static str, Fields>,
    /// Those that may hold and may fail, by kind, fact, and what is written, in the bytes of [`write()`].
    matchers: HashMap<Box<[u8]>, Matcher>,
}

/// A matcher that was read.
pub(crate) struct Remembered {
    pub(crate) matcher: Matcher,
    /// Whether it was kept before, so that there is nothing to say about it.
    pub(crate) known: bool,
    /// What is written, when it can be kept.
    pub(crate) written: Option<Vec<u8>>,
}

impl Reader<'_> {
    /// Returns what is in force for a check: what its author expects, and what the kind brings along.
    pub(crate) fn effective(
        &mut self,
        kind: &'static KindDecl,
        explicit: Vec<Expectation>,
    ) -> Expectations {
        let known = self.memo.built_in.entry(kind.name);
        let built_in = known.or_insert_with(|| built_in(kind).into());
        Expectations::beside(built_in, kind, explicit)
    }

    /// Returns the fields of a kind with every default that is the same in all files.
    pub(crate) fn defaults_of(&mut self, kind: &'static KindDecl) -> Fields {
        if let Some(fields) = self.memo.defaults.get(kind.name) {
            return fields.clone();
        }
        let shared = kind.fields.iter().filter(|decl| is_shared(decl));
        let read: Vec<_> = shared
            .filter_map(|decl| Some((decl.name, self.default_of(decl)?)))
            .collect();
        let fields = Fields::of_defaults(read);
        self.memo.defaults.insert(kind.name, fields.clone());
        fields
    }

    /// Reads the default of a field, if it has one.
    pub(crate) fn default_of(&mut self, decl: &'static FieldDecl) -> Option<FieldValue> {
        let default = decl.default?;
        // A test of every kind holds that its defaults can be read.
        let node = flow::read(default).unwrap_or_else(|_| Node::plain(default));
        self.read_field(&node, decl)
    }

    /// Reads a matcher whose variables were put in.
    pub(crate) fn matcher(
        &mut self,
        kind: &'static KindDecl,
        fact: &'static FactDecl,
        node: &Node,
    ) -> Option<Remembered> {
        let mut written = Vec::with_capacity(64);
        // No name holds a NUL.
        for name in [kind.name, fact.name] {
            written.extend_from_slice(name.as_bytes());
            written.push(0);
        }
        let is_short = write(node, &mut written);
        if is_short && let Some(matcher) = self.memo.matchers.get(written.as_slice()) {
            return Some(Remembered {
                matcher: matcher.clone(),
                known: true,
                written: None,
            });
        }
        if !self.has_room_for_patterns(0, node.span) {
            return None;
        }
        let before = self.mistakes.diagnostics().as_slice().len();
        let matcher = Matcher::read(node, fact.ty, self.mistakes.diagnostics())?;
        if !self.has_room_for_patterns(matcher.pattern_size(), node.span) {
            return None;
        }
        let is_good = self.mistakes.diagnostics().as_slice().len() == before;
        Some(Remembered {
            matcher,
            known: false,
            written: (is_short && is_good).then_some(written),
        })
    }
}

impl Memo {
    /// Keeps a matcher about which there is nothing to say.
    pub(crate) fn keep(&mut self, written: Vec<u8>, matcher: &Matcher) {
        if self.matchers.len() < MAX_MATCHERS {
            self.matchers.insert(written.into(), matcher.clone());
        }
    }
}

/// Returns whether a default means the same in every file; a path belongs to the folder of its own.
pub(crate) const fn is_shared(decl: &FieldDecl) -> bool {
    !matches!(
        decl.ty,
        FieldType::Path | FieldType::File | FieldType::Roots
    )
}

/// Writes a node so that two are the same exactly if they are read the same; a long one is not worth it.
fn write(node: &Node, to: &mut Vec<u8>) -> bool {
    let text = |text: &str, to: &mut Vec<u8>| {
        to.extend_from_slice(&text.len().to_le_bytes());
        to.extend_from_slice(text.as_bytes());
    };
    match &node.value {
        NodeValue::Scalar(scalar) => {
            to.push(match scalar.style {
                ScalarStyle::Plain => b'p',
                ScalarStyle::Quoted => b'q',
                ScalarStyle::Block => b'b',
            });
            to.push(u8::from(scalar.secret));
            if scalar.text.len() > MAX_WRITTEN {
                return false;
            }
            text(&scalar.text, to);
        }
        NodeValue::List(items) => {
            to.push(b'[');
            if !items.iter().all(|item| write(item, to)) {
                return false;
            }
            to.push(b']');
        }
        NodeValue::Map(entries) => {
            to.push(b'{');
            for entry in entries {
                if entry.key.value.len() > MAX_WRITTEN {
                    return false;
                }
                text(&entry.key.value, to);
                if !write(&entry.value, to) {
                    return false;
                }
            }
            to.push(b'}');
        }
    }
    to.len() <= MAX_WRITTEN
}

/// The longest matcher that is kept, in bytes.
const MAX_WRITTEN: usize = 500;
/// How many different matchers are kept.
const MAX_MATCHERS: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        write(&flow::read(text).unwrap(), &mut bytes).then_some(bytes)
    }

    #[test]
    fn what_is_read_otherwise_is_written_otherwise() {
        let texts = [
            "200",
            "'200'",
            "[200]",
            "[2, 00]",
            "[[2], 00]",
            "[[2, 00]]",
            "{ a: 1 }",
            "{ a: '1' }",
            "{ a: 1, b: 2 }",
            "{ a: { b: 2 } }",
            "[a, { b: 2 }]",
            "{ }",
            "[]",
            "''",
        ];
        for (at, one) in texts.iter().enumerate() {
            for (other_at, other) in texts.iter().enumerate() {
                let same = written(one).unwrap() == written(other).unwrap();
                assert_eq!(same, at == other_at, "{one} {other}");
            }
        }
        let secret = |secret| {
            let mut node = Node::plain("x");
            if let NodeValue::Scalar(scalar) = &mut node.value {
                scalar.secret = secret;
            }
            let mut bytes = Vec::new();
            assert!(write(&node, &mut bytes));
            bytes
        };
        assert_ne!(secret(true), secret(false));
    }

    #[test]
    fn what_is_long_is_not_kept() {
        assert!(written(&"x".repeat(400)).is_some());
        assert_eq!(written(&"x".repeat(501)), None);
        assert_eq!(written(&format!("[{}]", "x, ".repeat(200))), None);
    }
}
