//! What `http` observes, and what it expects by itself.

use gonogo_kind::{BuiltIn, FactDecl, FactType, Hold, TextChoice, Worth};
use gonogo_model::Strength;

use crate::net::tls::{joined, session_facts};

/// The facts.
pub(super) const FACTS: &[FactDecl] = &joined::<16, 21, 37>(OWN, session_facts!("tls."));

const OWN: [FactDecl; 16] = [
    FactDecl {
        name: "status",
        ty: FactType::Integer,
        sentence: "The status of the answer.",
        example: "200..299",
    },
    FactDecl {
        name: "version",
        ty: FactType::Choice(&[
            TextChoice {
                word: "1.0",
                sentence: "HTTP/1.0.",
            },
            TextChoice {
                word: "1.1",
                sentence: "HTTP/1.1.",
            },
            TextChoice {
                word: "2",
                sentence: "HTTP/2.",
            },
        ]),
        sentence: "The version of HTTP in which the server answers.",
        example: "'2'",
    },
    FactDecl {
        name: "duration",
        ty: FactType::Duration,
        sentence: "From the start of the attempt to the last byte of the body, redirects included.",
        example: "under 500ms",
    },
    FactDecl {
        name: "timing.resolve",
        ty: FactType::Duration,
        sentence: "How long the name took; absent when the host is an address.",
        example: "under 50ms",
    },
    FactDecl {
        name: "timing.connect",
        ty: FactType::Duration,
        sentence: "How long the connection took.",
        example: "under 100ms",
    },
    FactDecl {
        name: "timing.tls",
        ty: FactType::Duration,
        sentence: "How long the TLS handshake took; absent without https.",
        example: "under 200ms",
    },
    FactDecl {
        name: "timing.first_byte",
        ty: FactType::Duration,
        sentence: "From the request to the end of the head of the answer.",
        example: "under 300ms",
    },
    FactDecl {
        name: "timing.transfer",
        ty: FactType::Duration,
        sentence: "From the head of the answer to the end of its body.",
        example: "under 1s",
    },
    FactDecl {
        name: "address",
        ty: FactType::Text,
        sentence: "The address and port, or the socket, that the connection went to.",
        example: "{ starts_with: '10.' }",
    },
    FactDecl {
        name: "content_type",
        ty: FactType::Text,
        sentence: "The media type of the body, in small letters and without parameters.",
        example: "application/json",
    },
    FactDecl {
        name: "headers",
        ty: FactType::Headers,
        sentence: "The headers of the answer.",
        example: "{ cache-control: { contains: no-store } }",
    },
    FactDecl {
        name: "location",
        ty: FactType::Text,
        sentence: "Where a redirect leads, as a whole URL.",
        example: "https://www.example.com/",
    },
    FactDecl {
        name: "redirects",
        ty: FactType::List(&FactType::Text),
        sentence: "The URLs to which redirects were followed, in order.",
        example: "{ length: at most 1 }",
    },
    FactDecl {
        name: "body_size",
        ty: FactType::Size,
        sentence: "The size of the body after decoding; absent for HEAD.",
        example: "at least 1KiB",
    },
    FactDecl {
        name: "body",
        ty: FactType::Text,
        sentence: "The body after decoding, bytes that are not UTF-8 replaced; absent for HEAD.",
        example: "{ contains: healthy }",
    },
    FactDecl {
        name: "json",
        ty: FactType::Json,
        sentence: "The body as one JSON document.",
        example: "{ $.status: ok }",
    },
];

/// The built-in expectations.
pub(super) const BUILT_IN: &[BuiltIn] = &[BuiltIn {
    fact: "status",
    matcher: "200..299",
    strength: Strength::Must,
}];

/// What `gonogo add` takes into a new check.
pub(super) const WORTH: &[Worth] = &[
    Worth::must("status", Hold::Exact),
    Worth::must("content_type", Hold::Exact),
    Worth::must("json", Hold::Health),
    Worth::must("body", Hold::Health),
    Worth::must("duration", Hold::Limit),
];
