//! What `tls` observes, and what it expects by itself.

use gonogo_kind::{BuiltIn, FactDecl, FactType, Hold, TextChoice, Worth};
use gonogo_model::Strength;

use crate::net::tls::{joined, session_facts};

/// The facts.
pub(super) const FACTS: &[FactDecl] = &joined::<3, 21, 24>(OWN, session_facts!(""));

/// What is not the same for every kind over TLS.
const OWN: [FactDecl; 3] = [
    FactDecl {
        name: "state",
        ty: FactType::Choice(STATES),
        sentence: "Whether there is a secured connection to a server with a good certificate, or why not.",
        example: "expired",
    },
    FactDecl {
        name: "handshake",
        ty: FactType::Duration,
        sentence: "How long the handshake took, without the connection.",
        example: "under 200ms",
    },
    FactDecl {
        name: "address",
        ty: FactType::Text,
        sentence: "The address and port that took the connection.",
        example: "192.0.2.10:443",
    },
];

/// The built-in expectations.
pub(super) const BUILT_IN: &[BuiltIn] = &[
    BuiltIn {
        fact: "trusted",
        matcher: "true",
        strength: Strength::Must,
    },
    BuiltIn {
        fact: "name_matches",
        matcher: "true",
        strength: Strength::Must,
    },
    BuiltIn {
        fact: "in_date",
        matcher: "true",
        strength: Strength::Must,
    },
    BuiltIn {
        fact: "expires_in",
        matcher: "over 14d",
        strength: Strength::Should,
    },
];

/// What `gonogo add` takes into a new check.
pub(super) const WORTH: &[Worth] = &[
    Worth::must("expires_in", Hold::Matcher("over 14d")),
    Worth {
        fact: "expires_in",
        hold: Hold::Matcher("over 30d"),
        strength: Strength::Should,
    },
];

const fn state(word: &'static str, sentence: &'static str) -> TextChoice {
    TextChoice { word, sentence }
}

pub(super) const STATES: &[TextChoice] = &[
    state("ok", "The certificate is good."),
    state("expired", "A certificate of the chain has expired."),
    state(
        "not_yet_valid",
        "A certificate of the chain is not valid yet.",
    ),
    state("wrong_name", "The certificate is for other names."),
    state(
        "self_signed",
        "The certificate is signed by itself and not trusted.",
    ),
    state(
        "untrusted_root",
        "The chain ends at a root that is not trusted.",
    ),
    state(
        "missing_intermediate",
        "The server does not send what links its certificate to a root.",
    ),
    state("ca_as_leaf", "The server presents the certificate of a CA."),
    state("wrong_usage", "The certificate is not meant for servers."),
    state(
        "revoked",
        "A certificate of the chain is revoked; not looked up yet, so never the state.",
    ),
    state("weak", "A key or signature of the chain is too weak."),
    state(
        "bad_certificate",
        "A certificate is malformed, or breaks the rules.",
    ),
    state("not_tls", "The port answers, but not in TLS."),
    state("version", "The server speaks neither TLS 1.2 nor 1.3."),
    state("handshake", "The handshake failed for another reason."),
    state(
        "client_certificate",
        "The server wants a client certificate, or refuses ours.",
    ),
    state("refused", "Nothing listens there, or a firewall says no."),
    state("reset", "The server reset the connection."),
    state("closed", "The server closed the connection."),
    state("timeout", "Nothing answered in time."),
    state("unreachable", "No route leads there from this machine."),
    state(
        "no_such_name",
        "The name does not exist, or has no address.",
    ),
];
