//! The fields that every kind with TLS has, declared once.

use gonogo_kind::{FieldDecl, FieldType};

/// Where trust begins.
pub(crate) const ROOTS: FieldDecl = FieldDecl {
    name: "roots",
    ty: FieldType::Roots,
    required: false,
    default: None,
    sentence: "Where trust begins: `system`, a PEM file, or a list of these; the gate's `tls: { roots: ... }` unless given.",
    example: "ca.pem",
};

/// The certificate that we show.
pub(crate) const CLIENT_CERT: FieldDecl = FieldDecl {
    name: "client_cert",
    ty: FieldType::File,
    required: false,
    default: None,
    sentence: "The certificate to show when the server asks for one, in PEM, its intermediates after it; goes with `client_key`.",
    example: "client.pem",
};

/// Its private key.
pub(crate) const CLIENT_KEY: FieldDecl = FieldDecl {
    name: "client_key",
    ty: FieldType::File,
    required: false,
    default: None,
    sentence: "The private key of `client_cert`, in PEM, not encrypted.",
    example: "client.key",
};
