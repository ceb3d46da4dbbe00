//! The fields of `tcp`.

use std::sync::Arc;

use gonogo_kind::{FieldDecl, FieldMistake, FieldType, Fields, Probe};

use super::probe::Tcp;
use crate::net::Net;

/// The keys of the long form.
pub(super) const FIELDS: &[FieldDecl] = &[
    FieldDecl {
        name: "address",
        ty: FieldType::Address(None),
        required: true,
        default: None,
        sentence: "Where to connect: a name or an address, and a port.",
        example: "db.example.com:5432",
    },
    FieldDecl {
        name: "banner",
        ty: FieldType::Boolean,
        required: false,
        default: Some("false"),
        sentence: "Whether to read the first line, also when no expectation looks at it.",
        example: "true",
    },
    FieldDecl {
        name: "send",
        ty: FieldType::Text,
        required: false,
        default: None,
        sentence: "What to say first, as it stands; end a line with \\r\\n in double quotes.",
        example: "\"version\\r\\n\"",
    },
];

/// Builds the probe.
pub(crate) fn compile(
    fields: &Fields,
    net: &Arc<Net>,
) -> Result<Arc<dyn Probe>, Vec<FieldMistake>> {
    let Some((host, port)) = fields.address("address") else {
        return Err(vec![FieldMistake::new("address", "is missing")]);
    };
    let send = fields.text("send").cloned();
    let wants_banner = fields.is_on("banner")
        || send.is_some()
        || fields.wants("banner")
        || fields.wants("first_byte");
    Ok(Arc::new(Tcp {
        host: host.to_owned(),
        port,
        send,
        wants_banner,
        net: Arc::clone(net),
    }))
}
