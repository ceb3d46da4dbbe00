//! What the gate may do, and its author probably did not mean: warnings.

use gonogo_kind::Node;

use crate::check::{Declared, Draft};
use crate::group::GroupDraft;
use crate::reader::Reader;

/// Adds warnings.
pub(crate) fn lint(
    reader: &mut Reader<'_>,
    root: &Node,
    drafts: &[Draft],
    groups: &[GroupDraft],
    declared: &Declared<'_>,
) {
    let _ = (reader, root, drafts, groups, declared);
}
