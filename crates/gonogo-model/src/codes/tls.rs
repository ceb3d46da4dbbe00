//! Codes of TLS, whatever the kind: `tls/...`.

use super::CodeDecl;

/// A certificate of the path has expired.
pub const EXPIRED: &CodeDecl = &CodeDecl::subject(
    "tls/expired",
    "A certificate of the path has expired.",
    "Renew the certificate, then reload the server so that it sends the new one.",
)
.permanent();
/// A certificate of the path is not valid yet.
pub const NOT_YET_VALID: &CodeDecl = &CodeDecl::subject(
    "tls/not_yet_valid",
    "A certificate of the path is not valid yet.",
    "Compare the clock of this machine with the start of the validity.",
)
.permanent();
/// The certificate is for other names.
pub const WRONG_NAME: &CodeDecl = &CodeDecl::subject(
    "tls/wrong_name",
    "The certificate is for other names.",
    "Is this the right host? If so, issue a certificate that carries the name.",
)
.permanent();
/// The certificate is signed by itself and not trusted.
pub const SELF_SIGNED: &CodeDecl = &CodeDecl::subject(
    "tls/self_signed",
    "The certificate is signed by itself and not trusted.",
    "Install a certificate of a CA, or name the certificate in roots.",
)
.permanent();
/// The chain ends at a root that is not trusted here.
pub const UNTRUSTED_ROOT: &CodeDecl = &CodeDecl::subject(
    "tls/untrusted_root",
    "The chain ends at a root that is not trusted here.",
    "If the root is yours, name its file in roots; otherwise the server sends the wrong chain.",
)
.permanent();
/// The server does not send the intermediate certificate that links its own to a root.
pub const MISSING_INTERMEDIATE: &CodeDecl = &CodeDecl::subject(
    "tls/missing_intermediate",
    "The server does not send the intermediate certificate that links its own to a root.",
    "Configure the full chain on the server (certificate first, then the intermediates).",
)
.permanent();
/// The server presents a CA certificate as its own.
pub const CA_AS_LEAF: &CodeDecl = &CodeDecl::subject(
    "tls/ca_as_leaf",
    "The server presents a CA certificate as its own.",
    "Issue a server certificate from the CA and install that.",
)
.permanent();
/// The certificate is not meant for servers.
pub const WRONG_USAGE: &CodeDecl = &CodeDecl::subject(
    "tls/wrong_usage",
    "The certificate is not meant for servers.",
    "Issue it with the extended key usage serverAuth.",
)
.permanent();
/// A certificate of the path is revoked.
pub const REVOKED: &CodeDecl = &CodeDecl::subject(
    "tls/revoked",
    "A certificate of the path is revoked.",
    "Replace it; it must not be used any more.",
)
.permanent();
/// A key or signature of the path is too weak.
pub const WEAK: &CodeDecl = &CodeDecl::subject(
    "tls/weak",
    "A key or signature of the path is too weak.",
    "Reissue with RSA of 2048 bits or more, or ECDSA, and SHA-256 or better.",
)
.permanent();
/// A certificate of the path is malformed or breaks the rules.
pub const BAD_CERTIFICATE: &CodeDecl = &CodeDecl::subject(
    "tls/bad_certificate",
    "A certificate of the path is malformed or breaks the rules.",
    "The message says which rule; reissue the certificate.",
)
.permanent();
/// The port answers, but does not speak TLS.
pub const NOT_TLS: &CodeDecl = &CodeDecl::subject(
    "tls/not_tls",
    "The port answers, but does not speak TLS.",
    "Is this the plain-text port of the service?",
)
.permanent();
/// Server and gonogo have no TLS version in common; TLS 1.2 and 1.3 are spoken.
pub const VERSION: &CodeDecl = &CodeDecl::subject(
    "tls/version",
    "Server and gonogo have no TLS version in common; TLS 1.2 and 1.3 are spoken.",
    "Enable TLS 1.2 or 1.3 on the server.",
)
.permanent();
/// The handshake failed.
pub const HANDSHAKE: &CodeDecl = &CodeDecl::subject(
    "tls/handshake",
    "The handshake failed.",
    "The message carries the alert; a missing SNI name, cipher or client certificate are the usual causes.",
);
/// The server asks for a client certificate, or refused it.
pub const CLIENT_CERTIFICATE: &CodeDecl = &CodeDecl::subject(
    "tls/client_certificate",
    "The server asks for a client certificate, or refused it.",
    "Give client_cert and client_key.",
)
.permanent();
/// This machine has no CA bundle to verify with.
pub const NO_ROOTS: &CodeDecl = &CodeDecl::ours(
    "tls/no_roots",
    "This machine has no CA bundle to verify with.",
    "Install ca-certificates, or name a roots file.",
)
.permanent();
/// The chain is signed in a way that gonogo cannot verify.
pub const UNSUPPORTED: &CodeDecl = &CodeDecl::ours(
    "tls/unsupported",
    "The chain is signed in a way that gonogo cannot verify.",
    "Verified are RSA, ECDSA on P-256 and P-384, and Ed25519, with SHA-256, SHA-384 or SHA-512.",
)
.permanent();

/// Every code of this area.
pub const ALL: &[&CodeDecl] = &[
    EXPIRED,
    NOT_YET_VALID,
    WRONG_NAME,
    SELF_SIGNED,
    UNTRUSTED_ROOT,
    MISSING_INTERMEDIATE,
    CA_AS_LEAF,
    WRONG_USAGE,
    REVOKED,
    WEAK,
    BAD_CERTIFICATE,
    NOT_TLS,
    VERSION,
    HANDSHAKE,
    CLIENT_CERTIFICATE,
    NO_ROOTS,
    UNSUPPORTED,
];
