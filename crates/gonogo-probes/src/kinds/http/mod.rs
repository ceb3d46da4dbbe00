//! `http`: a URL answers as it should.
//!
//! One connection an attempt, opened, timed and closed by the attempt itself: no pool, no cookie, no
//! redirect and no proxy that was not asked for. The body is read to its end whatever the
//! expectations, since an exchange that breaks off is no answer, and is bounded both as it is sent and
//! as it is decoded.

mod body;
mod codes;
mod config;
mod connect;
mod exchange;
mod facts;
mod failure;
mod fields;
mod probe;
mod proxy;
mod redirect;
mod request;
mod tap;
#[cfg(test)]
mod tests;
mod trace;

use gonogo_kind::{Example, KindDecl, Looks};

pub(crate) use config::compile;

/// The declaration of `http`.
pub(crate) static KIND: KindDecl = KindDecl {
    name: "http",
    summary: "A URL answers with the expected status, in time, with the expected headers and body.",
    manual: MANUAL,
    looks: Looks::Directly,
    schemes: &["http", "https"],
    short: "url",
    fields: fields::FIELDS,
    facts: facts::FACTS,
    state: None,
    built_in: facts::BUILT_IN,
    worth: facts::WORTH,
    codes: codes::ALL,
    examples: &[
        Example {
            title: "A health endpoint that says in JSON that all is well, and soon",
            yaml: "\
http: https://api.example.com/health
expect:
  json: { $.status: ok }
  duration: under 500ms
",
        },
        Example {
            title: "The plain port sends everybody to https",
            yaml: "\
http: http://www.example.com/
expect:
  status: 301
  location: https://www.example.com/
",
        },
        Example {
            title: "A new server behind the old name, before the DNS record is changed",
            yaml: "\
http:
  url: https://api.example.com/version
  address: 10.0.0.7:443
  headers: { authorization: \"Bearer ${token}\" }
expect:
  headers: { content-type: { contains: json } }
  tls.expires_in: over 14d
",
        },
    ],
};

const MANUAL: &str = "\
Without an expectation on it, the status must be 200 to 299. A status alone says little: a login page
and an error page have one too. Where no expectation looks at the body, the report says \"status only\".

**Redirects** are answers like any other; `follow: 3` follows up to three. Another origin (scheme, host
or port) gets no login, no client certificate, no body and none of the check's headers but `accept`,
`accept-language`, `accept-encoding`, `cache-control`, `content-type` and `user-agent`. A redirect from
https to http, to another scheme, or from a remote server to an address of this machine is a failure.
The facts are those of the last answer; `duration` is that of the whole way.

**Time.** `duration` is `timing.resolve` + `.connect` + `.tls` + `.first_byte` + `.transfer` and what
lies between; waits for a place in gonogo's own queue are left out. A server that does not answer in
time is `net/timeout` and names the phase; one that begins and does not end is `http/body_timeout`.

**Body.** It is asked for in gzip and decoded (`decompress: false` to refrain). `body`, `body_size` and
`json` speak of the decoded body. One larger than `body_limit` is not read to its end: an expectation on
it, or on the duration, is then unknown. Headers are at most 64 KiB.

**Connection.** Spoken are HTTP/1.1 (RFC 9112) and HTTP/2 (RFC 9113); HTTP/2 is offered in the TLS
handshake, and `http_version` insists on a version. No proxy of the environment is used. `address` and
`unix_socket` (for http only) change where to connect and nothing else. A certificate is judged as by the
kind `tls`: a server with a bad one fails, and no request is sent to it.

A request with another method than GET, HEAD or OPTIONS writes: `--read-only` skips it, and it is not
retried.
";
