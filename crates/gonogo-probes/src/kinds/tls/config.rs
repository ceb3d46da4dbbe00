//! The fields of `tls`.

use std::sync::Arc;

use gonogo_kind::{FieldDecl, FieldMistake, FieldType, Fields, Probe};

use super::probe::Tls;
use crate::net::Net;
use crate::net::tls::fields::{CLIENT_CERT, CLIENT_KEY, ROOTS};
use crate::net::tls::{TlsOptions, identity_fields, server_name};

/// The keys of the long form.
pub(super) const FIELDS: &[FieldDecl] = &[
    FieldDecl {
        name: "address",
        ty: FieldType::Address(Some(443)),
        required: true,
        default: None,
        sentence: "Where to connect: a name or an address, and a port (443 when it is left out).",
        example: "example.com:443",
    },
    FieldDecl {
        name: "server_name",
        ty: FieldType::Name,
        required: false,
        default: None,
        sentence: "The name to ask for and to find in the certificate, when it is not the host of the address.",
        example: "example.com",
    },
    ROOTS,
    CLIENT_CERT,
    CLIENT_KEY,
    FieldDecl {
        name: "alpn",
        ty: FieldType::Texts,
        required: false,
        default: None,
        sentence: "The protocols to offer inside TLS, the preferred one first.",
        example: "[h2, http/1.1]",
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
    let mut mistakes = Vec::new();
    let (asked, at) = match fields.text("server_name") {
        Some(name) => (name.text.as_str(), "server_name"),
        None => (host, "address"),
    };
    let name = server_name(asked).map_err(|why| {
        mistakes.push(
            FieldMistake::new(at, why)
                .hint("name the host that the certificate is for in `server_name`"),
        );
    });
    let identity = identity_fields(fields).map_err(|mistake| mistakes.push(mistake));
    let alpn: Vec<Vec<u8>> = fields
        .texts("alpn")
        .iter()
        .map(|protocol| protocol.text.as_bytes().to_vec())
        .collect();
    if alpn
        .iter()
        .any(|protocol| !(1..=255).contains(&protocol.len()))
    {
        mistakes.push(FieldMistake::new("alpn", "wants names of 1 to 255 bytes"));
    }
    match (name, identity) {
        (Ok(name), Ok(identity)) if mistakes.is_empty() => Ok(Arc::new(Tls {
            host: host.to_owned(),
            port,
            options: TlsOptions {
                name,
                roots: fields.roots("roots"),
                identity,
                alpn,
            },
            net: Arc::clone(net),
        })),
        _ => Err(mistakes),
    }
}
