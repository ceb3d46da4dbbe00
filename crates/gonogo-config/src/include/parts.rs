//! The keys of all files of a gate together.

use std::borrow::Cow;

use gonogo_kind::{Diagnostic, Entry, Node, NodeValue};

use super::collect::Gathered;
use crate::keys::{self, Keys};
use crate::reader::Reader;

/// The keys of the gate file, and those of what it includes.
#[derive(Debug)]
pub(crate) struct Parts<'n> {
    /// The gate file's.
    pub(crate) main: Keys<'n>,
    included: Vec<Keys<'n>>,
}

impl<'n> Parts<'n> {
    /// Reads the top level of every file; what is unknown in it is reported.
    pub(crate) fn of(reader: &mut Reader<'_>, gathered: &'n Gathered) -> Option<Self> {
        let main = Keys::of(reader, &gathered.main, keys::TOP, "the file")?;
        let included = gathered
            .included
            .iter()
            .filter_map(|root| Keys::of(reader, root, keys::INCLUDED, keys::AN_INCLUDED_FILE))
            .collect();
        Some(Self { main, included })
    }

    /// Returns the keys of every file, those of the gate file first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Keys<'n>> {
        std::iter::once(&self.main).chain(&self.included)
    }

    /// Returns the keys of the files that are included.
    pub(crate) fn included(&self) -> &[Keys<'n>] {
        &self.included
    }

    /// Returns the entries of a map that every file may have.
    pub(crate) fn entries(&self, reader: &mut Reader<'_>, key: &str) -> Vec<&'n Entry> {
        let of_each = self.all().map(|keys| reader.entries(keys.get(key), key));
        of_each.flatten().collect()
    }

    /// Returns a map that every file may have a part of; where one file has it alone, it is what
    /// stands there, whatever that is.
    pub(crate) fn joined_map(&self, reader: &mut Reader<'_>, key: &str) -> Option<Cow<'n, Node>> {
        self.joined(key, |node| {
            let entries = reader.entries(Some(node), key);
            NodeValue::Map(entries.to_vec())
        })
    }

    /// Returns a list that every file may have a part of.
    pub(crate) fn joined_list(&self, reader: &mut Reader<'_>, key: &str) -> Option<Cow<'n, Node>> {
        self.joined(key, |node| match &node.value {
            NodeValue::List(items) => NodeValue::List(items.clone()),
            NodeValue::Scalar(_) | NodeValue::Map(_) => {
                let message = format!("`{key}` is a list, not {}", node.describe());
                let mistake = Diagnostic::error("config/wrong_type", message, node.span);
                reader.mistakes.push(mistake);
                NodeValue::List(Vec::new())
            }
        })
    }

    fn joined(&self, key: &str, part: impl FnMut(&'n Node) -> NodeValue) -> Option<Cow<'n, Node>> {
        let found: Vec<&'n Node> = self.all().filter_map(|keys| keys.get(key)).collect();
        let span = found.first()?.span;
        if let [alone] = found.as_slice() {
            return Some(Cow::Borrowed(alone));
        }
        let value = found
            .into_iter()
            .map(part)
            .reduce(|all, more| match (all, more) {
                (NodeValue::Map(mut all), NodeValue::Map(more)) => {
                    all.extend(more);
                    NodeValue::Map(all)
                }
                (NodeValue::List(mut all), NodeValue::List(more)) => {
                    all.extend(more);
                    NodeValue::List(all)
                }
                (all, _) => all,
            })?;
        Some(Cow::Owned(Node { value, span }))
    }
}
