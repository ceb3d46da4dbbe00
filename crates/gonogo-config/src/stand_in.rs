//! Stand-ins: what takes the place of a secret that is not on this machine, so that the gate can be read
//! all the same.
//!
//! Where nothing resolves secrets, an absent one stands as a harmless word inside a longer text, and a
//! field that is nothing but a secret is read from the example of its own declaration. Whatever came of a
//! stand-in is marked as secret, so that no message shows it as if it were real, and mistakes that only a
//! stand-in could have caused are not told.
//!
//! # Invariants
//!
//! - Nothing of a stand-in reaches the redactor: hiding a word that is no secret would tear holes into
//!   what people read.
//! - A stand-in that cannot be read leaves the gate without a manifest and without an error. It never
//!   reads as something else.

use gonogo_kind::{
    Diagnostic, Diagnostics, Entry, FieldDecl, FieldMistake, FieldType, FieldValue, Fields,
    KindDecl, Node, NodeValue, Probe, Scalar, Span, flow,
};
use std::sync::Arc;

use crate::reader::Reader;

/// A scalar that holds a stand-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StandIn {
    /// The scalar.
    pub(crate) span: Span,
    /// Whether it is nothing else.
    pub(crate) extent: Extent,
}

/// How much of a text a stand-in is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All of it.
    Whole,
    /// A part of it.
    Part,
}

impl Reader<'_> {
    /// Returns where stand-ins that are put in from now on are noted.
    pub(crate) const fn mark(&self) -> usize {
        self.stand_ins.len()
    }

    /// Takes the stand-ins that were put in since a mark; who takes them answers for them.
    pub(crate) fn take_stand_ins(&mut self, mark: usize) -> Vec<StandIn> {
        self.stand_ins.split_off(mark.min(self.stand_ins.len()))
    }

    /// Passes on what was read, and the mistakes that no stand-in could have caused.
    ///
    /// When nothing was read and only stand-ins are to blame, the gate has no manifest.
    pub(crate) fn settle<T>(
        &mut self,
        read: Option<T>,
        told: &Diagnostics,
        stand_ins: &[StandIn],
    ) -> Option<T> {
        let is_nothing = read.is_none();
        if self.tell_others(told, stand_ins) == 0 && is_nothing {
            self.mistakes.unbuilt = true;
        }
        read
    }

    /// Tells the mistakes that stand elsewhere than in a stand-in, and returns how many there are.
    fn tell_others(&mut self, told: &Diagnostics, stand_ins: &[StandIn]) -> usize {
        let at_stand_in = |d: &Diagnostic| stand_ins.iter().any(|s| d.span == Some(s.span));
        let others = told.as_slice().iter().filter(|d| !at_stand_in(d));
        let mut count = 0;
        for diagnostic in others {
            self.mistakes.push(diagnostic.clone());
            count += 1;
        }
        count
    }

    /// Reads a field of a kind in which stand-ins were put.
    pub(crate) fn read_stand_in(
        &mut self,
        node: &Node,
        decl: &FieldDecl,
        stand_ins: &[StandIn],
    ) -> Option<FieldValue> {
        let is_scalar = node.as_scalar().is_some();
        if is_scalar && matches!(decl.ty, FieldType::Texts | FieldType::TextMap) {
            // One value is a mistake here, whatever it is.
            return self.read_field(node, decl);
        }
        let is_whole = is_scalar && stand_ins.iter().any(|s| s.extent == Extent::Whole);
        if !is_whole {
            let mut told = Diagnostics::default();
            let read = self.read_field_into(node, decl, &mut told);
            if read.is_some() || self.tell_others(&told, stand_ins) > 0 {
                return read;
            }
        }
        let mut unused = Diagnostics::default();
        let candidates = examples(decl, node.span).into_iter();
        let read = candidates
            .chain([node.clone()])
            .find_map(|node| self.read_field_into(&node, decl, &mut unused));
        self.mistakes.unbuilt |= read.is_none();
        read
    }

    /// Builds a probe from fields of which some stand in for secrets.
    ///
    /// An example has a scheme of its own, which may not go together with the other fields where the
    /// secret would: every scheme of such a field is tried. What is wrong with each of them is a mistake.
    pub(crate) fn compile_stand_ins(
        &mut self,
        kind: &'static KindDecl,
        fields: &mut Fields,
        stood_in: &[&'static str],
        entry: &Entry,
    ) -> Option<Arc<dyn Probe>> {
        let mut always: Vec<FieldMistake> = match self.inputs.kinds.compile(kind, fields) {
            Ok(probe) => return Some(probe),
            Err(mistakes) => mistakes,
        };
        for decl in kind.fields.iter().filter(|d| stood_in.contains(&d.name)) {
            for node in examples(decl, entry.key.span) {
                let mut unused = Diagnostics::default();
                let Some(value) = self.read_field_into(&node, decl, &mut unused) else {
                    continue;
                };
                let mut tried = fields.clone();
                tried.insert(decl.name, value, node.span);
                match self.inputs.kinds.compile(kind, &tried) {
                    Ok(probe) => {
                        *fields = tried;
                        return Some(probe);
                    }
                    Err(mistakes) => always.retain(|m| mistakes.contains(m)),
                }
            }
        }
        always.retain(|mistake| !stood_in.contains(&mistake.field));
        self.mistakes.unbuilt |= always.is_empty();
        crate::check::field_mistakes(self, always, fields, entry);
        None
    }
}

/// The word that stands for a secret inside a longer text; it can be part of a host, a path, a header.
pub(crate) const WORD: &str = "stand-in";

/// Returns the example of a field as a secret at a place, and a URL with each scheme that may stand there.
fn examples(decl: &FieldDecl, span: Span) -> Vec<Node> {
    let mut list = Vec::new();
    // Some show that a secret belongs there, `${database_url}`; a test holds that all others can be read.
    if !decl.example.contains("${") {
        list.push(flow::read(decl.example).unwrap_or_else(|_| Node::plain(decl.example)));
    }
    if let FieldType::Url(schemes) = decl.ty {
        let rest = decl.example.split_once("://").map_or(SOMEWHERE, |(_, r)| r);
        let urls = schemes.iter().map(|scheme| format!("{scheme}://{rest}"));
        list.extend(urls.map(Node::plain));
    }
    list.into_iter().map(|node| as_secret(node, span)).collect()
}

fn as_secret(node: Node, span: Span) -> Node {
    let value = match node.value {
        NodeValue::Scalar(scalar) => NodeValue::Scalar(Scalar {
            secret: true,
            ..scalar
        }),
        NodeValue::List(items) => {
            NodeValue::List(items.into_iter().map(|n| as_secret(n, span)).collect())
        }
        NodeValue::Map(entries) => {
            let entry = |e: Entry| Entry {
                key: e.key,
                value: as_secret(e.value, span),
            };
            NodeValue::Map(entries.into_iter().map(entry).collect())
        }
    };
    Node { value, span }
}

/// Where a URL without an example leads; the path names a database for every kind that has them.
const SOMEWHERE: &str = "user@stand-in.example.com/0";
