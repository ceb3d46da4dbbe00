//! The codes of `http`.

use gonogo_model::CodeDecl;

/// What came is not an HTTP answer.
pub(super) const BAD_RESPONSE: &CodeDecl = &CodeDecl::subject(
    "http/bad_response",
    "What came is not an HTTP answer, or one that breaks the rules.",
    "The message shows how it begins; is this the port of an HTTP server, and http or https as it speaks?",
);
/// The status line and the headers are larger than 64 KiB, or there are more than 100 headers.
pub(super) const TOO_LARGE_HEAD: &CodeDecl = &CodeDecl::subject(
    "http/too_large_head",
    "The status line and the headers are larger than 64 KiB, or there are more than 100 headers.",
    "Look for a cookie or header that the server adds again and again.",
);
/// The server closed the connection in the middle of its answer.
pub(super) const TRUNCATED: &CodeDecl = &CodeDecl::subject(
    "http/truncated",
    "The server closed the connection in the middle of its answer.",
    "Look at the log of the server, and of the proxies in between: a crash or a timeout there does this.",
);
/// The answer began in time, but its body did not come to its end in time.
pub(super) const BODY_TIMEOUT: &CodeDecl = &CodeDecl::subject(
    "http/body_timeout",
    "The answer began in time, but its body did not come to its end in time.",
    "Is it a stream, or is the server slow to make it? An endpoint for checks answers in one piece.",
);
/// The body is not in the coding that the headers name, or in one that was not asked for.
pub(super) const BAD_ENCODING: &CodeDecl = &CodeDecl::subject(
    "http/bad_encoding",
    "The body is not in the coding that the headers name, or in one that was not asked for.",
    "Look at what compresses: the server or a proxy; `decompress: false` asks for no compression.",
);
/// The body is in a coding that the check asked for and gonogo does not decode.
pub(super) const UNDECODED: &CodeDecl = &CodeDecl::ours(
    "http/undecoded",
    "The body is in a coding that the check asked for and gonogo does not decode.",
    "Ask for gzip or for nothing, or expect something of the headers only.",
)
.permanent();
/// The body is larger than body_limit, and an expectation needs it.
pub(super) const BODY_TOO_LARGE: &CodeDecl = &CodeDecl::ours(
    "http/body_too_large",
    "The body is larger than body_limit, and an expectation needs the whole of it.",
    "Look at a smaller page made for checks, or raise body_limit.",
);
/// The body is not JSON, and an expectation looks into it.
pub(super) const NOT_JSON: &CodeDecl = &CodeDecl::subject(
    "http/not_json",
    "The body is not JSON, and an expectation looks into it.",
    "Is it a login page or an error page? The content type and the body are among the facts.",
);
/// The check wants HTTP/2, and the server does not speak it.
pub(super) const NO_HTTP2: &CodeDecl = &CodeDecl::subject(
    "http/no_http2",
    "The check wants HTTP/2, and the server does not speak it.",
    "Enable HTTP/2 (ALPN h2) on the server, or leave http_version out.",
)
.permanent();
/// The exchange over HTTP/2 ended in an error.
pub(super) const HTTP2: &CodeDecl = &CodeDecl::subject(
    "http/http2",
    "The exchange over HTTP/2 ended in an error.",
    "The message carries the reason the server gave; with `http_version: 1.1` one sees whether it is HTTP/2 alone.",
);
/// The redirects lead in a circle.
pub(super) const REDIRECT_LOOP: &CodeDecl = &CodeDecl::subject(
    "http/redirect_loop",
    "The redirects lead in a circle.",
    "Two rules send the client to each other; http to https behind a proxy that ends TLS is the usual cause.",
)
.permanent();
/// There are more redirects than `follow` allows.
pub(super) const REDIRECT_LIMIT: &CodeDecl = &CodeDecl::subject(
    "http/redirect_limit",
    "There are more redirects than `follow` allows.",
    "Ask for the last URL itself, or raise follow.",
);
/// A redirect has no Location, or one that is not a URL.
pub(super) const REDIRECT_LOCATION: &CodeDecl = &CodeDecl::subject(
    "http/redirect_location",
    "A redirect has no Location, or one that is not a URL.",
    "Look at the rule of the server that makes the redirect.",
);
/// A redirect leads from https to http.
pub(super) const REDIRECT_DOWNGRADE: &CodeDecl = &CodeDecl::subject(
    "http/redirect_downgrade",
    "A redirect leads from https to http.",
    "The server, or a proxy in front of it, does not know that it is reached by https.",
)
.permanent();
/// A redirect leads where no check follows.
pub(super) const REDIRECT_REFUSED: &CodeDecl = &CodeDecl::subject(
    "http/redirect_refused",
    "A redirect leads where no check follows: another scheme, an address of this machine, or elsewhere with a body.",
    "If the new place is the right one, name it as the url.",
)
.permanent();
/// The proxy that the check names did not let us through.
pub(super) const PROXY: &CodeDecl = &CodeDecl::ours(
    "http/proxy",
    "The proxy that the check names did not let us through, so the subject was not seen.",
    "Is the proxy up, is its login right, and does it allow this host and port?",
);

/// Every code of this kind.
pub(super) const ALL: &[&CodeDecl] = &[
    BAD_RESPONSE,
    TOO_LARGE_HEAD,
    TRUNCATED,
    BODY_TIMEOUT,
    BAD_ENCODING,
    UNDECODED,
    BODY_TOO_LARGE,
    NOT_JSON,
    NO_HTTP2,
    HTTP2,
    REDIRECT_LOOP,
    REDIRECT_LIMIT,
    REDIRECT_LOCATION,
    REDIRECT_DOWNGRADE,
    REDIRECT_REFUSED,
    PROXY,
];
