//! The tree of a gate file, for whoever edits its text.

use gonogo_kind::Node;

use crate::mistakes::Mistakes;
use crate::source::Sources;
use crate::tree;

/// Reads a text as YAML; nothing when it is none, and [`load`](crate::load()) says why.
///
/// Spans are bytes of the text without its byte order mark. What the tree leaves out is a mistake.
#[must_use]
pub fn outline(text: &str) -> Option<Node> {
    let mut sources = Sources::default();
    let file = sources.add("", text);
    tree::parse(sources.get(file)?, file, &mut Mistakes::default())
}
