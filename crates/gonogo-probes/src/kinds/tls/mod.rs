//! `tls`: the certificate of a server, and whether it will do for long enough.
//!
//! The handshake is completed with any certificate, so that what is wrong with it can be reported in
//! full; nothing is sent after it. Each failure is a word of the fact `state` and a code of its own.

mod codes;
mod config;
mod facts;
mod probe;
#[cfg(test)]
mod tests;

use gonogo_kind::{Example, KindDecl, Looks};

pub(crate) use config::compile;

/// The declaration of `tls`.
pub(crate) static KIND: KindDecl = KindDecl {
    name: "tls",
    summary: "A server proves who it is, with a certificate that is good for long enough.",
    manual: MANUAL,
    looks: Looks::Directly,
    schemes: &["tls"],
    short: "address",
    fields: config::FIELDS,
    facts: facts::FACTS,
    state: Some("state"),
    built_in: facts::BUILT_IN,
    worth: facts::WORTH,
    codes: codes::ALL,
    examples: &[
        Example {
            title: "The certificate is trusted, for this name, in date, and should be for 14 days more",
            yaml: "tls: example.com:443\n",
        },
        Example {
            title: "It must be good for 14 days, and should be for 30",
            yaml: "tls: example.com\nexpect:\n  expires_in: over 14d\nshould:\n  expires_in: over 30d\n",
        },
        Example {
            title: "A new machine, before the name points at it",
            yaml: "tls:\n  address: 192.0.2.10:443\n  server_name: example.com\n",
        },
        Example {
            title: "A service inside, with a CA of its own and a client certificate",
            yaml: "tls:\n  address: vault.internal:8200\n  roots: ca.pem\n  client_cert: gate.pem\n  client_key: gate.key\nexpect:\n  version: at least 1.3\n",
        },
        Example {
            title: "The retired host really has run out",
            yaml: "tls: old.example.com\nexpect:\n  state: expired\n",
        },
    ],
};

const MANUAL: &str = "\
`trusted`, `name_matches` and `in_date` must be true, and `expires_in` should be over 14 days. A fact is
told even when the certificate is bad; the check then fails with the code of the cause, and with one code
for each further thing that is wrong: a certificate that is expired *and* for another name says both.

`expires_in` counts to the first end of a validity on the verified path: the server's certificate, the
intermediates and the root. A certificate that the server sends but nobody needs does not count; if it
is expired, the report remarks on it. Without a path, all that was sent counts. A root that has expired
is refused like any other certificate, although many libraries do not look.

`state` is `ok` or the name of the failure. A server that does not send its intermediates fails with
`missing_intermediate`, also when browsers, which remember them from elsewhere, are content. Where no
intermediate was sent and the issuer is unknown, an unknown root looks the same: the hint names both.

Trust begins at the roots of this machine (those of `SSL_CERT_FILE` and `SSL_CERT_DIR`, where these are
set), or at those of `roots:` (in the check or at the top of the file). A certificate that stands itself
in a file of roots is trusted as it is. Keys below RSA 2048 or 256 bits of elliptic curve and signatures
with MD5 or SHA-1 are refused as `weak`, wherever in the path they are; only what a root says about
itself is not looked at. Whether a certificate was revoked is not looked up. Chains that ring cannot
verify (P-521, Ed448) are unknown, not failed.

Spoken are TLS 1.3 (RFC 8446) and TLS 1.2 (RFC 5246). The path is verified as in RFC 5280; the name must
be among the certificate's subject alternative names (RFC 9525), the common name does not count.

A client certificate is shown only to a server whose own is good. With TLS 1.3 a server refuses it after
the handshake; so when it asks for one, the probe waits until the server has accepted or refused.

No data is sent beside the handshake. A server that wants STARTTLS first cannot be looked at yet.
";
