//! The fields of `http`.

use std::sync::Arc;

use gonogo_kind::{FieldDecl, FieldMistake, FieldType, Fields, Probe};

use crate::net::Net;

/// The keys of the long form.
pub(super) const FIELDS: &[FieldDecl] = &[FieldDecl {
    name: "url",
    ty: FieldType::Text,
    required: true,
    default: None,
    sentence: "To be built.",
    example: "x",
}];

/// Builds the probe.
pub(crate) fn compile(
    fields: &Fields,
    net: &Arc<Net>,
) -> Result<Arc<dyn Probe>, Vec<FieldMistake>> {
    let _ = (fields, net);
    Err(vec![FieldMistake::new("url", "is not built")])
}
