//! The fields of `http`.

use gonogo_kind::{Choice, FieldDecl, FieldType};

use crate::net::tls::fields::{CLIENT_CERT, CLIENT_KEY, ROOTS};

/// The keys of the long form.
pub(super) const FIELDS: &[FieldDecl] = &[
    FieldDecl {
        name: "url",
        ty: FieldType::Url(&["http", "https"]),
        required: true,
        default: None,
        sentence: "What to ask for; a user and a password in it are sent as a Basic login.",
        example: "https://api.example.com/health",
    },
    field(
        "method",
        FieldType::Choice(METHODS),
        Some("GET"),
        "The method; any but GET, HEAD and OPTIONS counts as writing, which --read-only skips.",
        "HEAD",
    ),
    field(
        "headers",
        FieldType::TextMap,
        None,
        "Headers to send; they replace those that gonogo sends by itself (accept, accept-encoding, user-agent, host).",
        "{ authorization: \"Bearer ${token}\" }",
    ),
    field(
        "body",
        FieldType::Text,
        None,
        "Text to send as the body.",
        "ping",
    ),
    field(
        "json",
        FieldType::Json,
        None,
        "A document to send as the body, as JSON.",
        "{ query: ping }",
    ),
    field(
        "username",
        FieldType::Text,
        None,
        "The user of a Basic login.",
        "monitor",
    ),
    field(
        "password",
        FieldType::Text,
        None,
        "The password of a Basic login.",
        "${password}",
    ),
    field(
        "server_name",
        FieldType::Name,
        None,
        "The name that TLS asks for and verifies, instead of the host of the url.",
        "api.example.com",
    ),
    ROOTS,
    CLIENT_CERT,
    CLIENT_KEY,
    field(
        "follow",
        FieldType::Integer { min: 0, max: 20 },
        Some("0"),
        "The most redirects to follow, 0 to 20; at 0 a redirect is an answer like any other.",
        "3",
    ),
    field(
        "proxy",
        FieldType::Url(&["http"]),
        None,
        "The proxy to go through; without it none is used, whatever the environment says.",
        "http://proxy.internal:3128",
    ),
    field(
        "address",
        FieldType::Address(None),
        None,
        "Where to connect instead of the host and port of the url, which stay in the request and in TLS.",
        "10.0.0.7:8443",
    ),
    field(
        "unix_socket",
        FieldType::Path,
        None,
        "The unix socket to connect to instead of the host of the url.",
        "/run/docker.sock",
    ),
    field(
        "body_limit",
        FieldType::Size,
        Some("1MiB"),
        "How large the body may be, after decoding; a larger one cannot be judged.",
        "4MiB",
    ),
    field(
        "http_version",
        FieldType::Choice(VERSIONS),
        Some("auto"),
        "The version of HTTP to speak.",
        "2",
    ),
    field(
        "decompress",
        FieldType::Boolean,
        Some("true"),
        "Whether to ask for gzip and to decode it.",
        "false",
    ),
];

const METHODS: &[Choice] = &[
    Choice {
        word: "GET",
        sentence: "Asks for the resource.",
    },
    Choice {
        word: "HEAD",
        sentence: "Asks for the headers of the resource.",
    },
    Choice {
        word: "OPTIONS",
        sentence: "Asks what is allowed.",
    },
    Choice {
        word: "POST",
        sentence: "Sends something to the resource; writes.",
    },
    Choice {
        word: "PUT",
        sentence: "Replaces the resource; writes.",
    },
    Choice {
        word: "PATCH",
        sentence: "Changes the resource; writes.",
    },
    Choice {
        word: "DELETE",
        sentence: "Removes the resource; writes.",
    },
];

const VERSIONS: &[Choice] = &[
    Choice {
        word: "auto",
        sentence: "HTTP/2 where TLS agrees on it, HTTP/1.1 otherwise.",
    },
    Choice {
        word: "1.1",
        sentence: "HTTP/1.1.",
    },
    Choice {
        word: "2",
        sentence: "HTTP/2 and nothing else; over http without asking first.",
    },
];

/// Shortens the table: only the url is required.
const fn field(
    name: &'static str,
    ty: FieldType,
    default: Option<&'static str>,
    sentence: &'static str,
    example: &'static str,
) -> FieldDecl {
    FieldDecl {
        name,
        ty,
        required: false,
        default,
        sentence,
        example,
    }
}
