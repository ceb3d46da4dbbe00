//! From the fields of `http` to its probe.

use std::path::Path;
use std::sync::Arc;

use gonogo_kind::{FieldMistake, Fields, Probe};
use hyper::Method;
use url::Url;

use super::connect::{Proxy, Route, Tls};
use super::probe::{Common, HttpProbe, Wanted};
use super::request::{Basic, Request};
use crate::net::Net;
use crate::net::tls::{identity_fields, server_name};

/// Which version of HTTP to speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HttpVersion {
    /// What TLS agrees on.
    Auto,
    /// HTTP/1.1.
    One,
    /// HTTP/2.
    Two,
}

/// Builds the probe.
pub(crate) fn compile(
    fields: &Fields,
    net: &Arc<Net>,
) -> Result<Arc<dyn Probe>, Vec<FieldMistake>> {
    let mut mistakes = Vec::new();
    let Some(url) = fields.url("url") else {
        return Err(vec![FieldMistake::new("url", "is missing")]);
    };
    let version = match fields.text("http_version").map(|v| v.text.as_str()) {
        Some("1.1") => HttpVersion::One,
        Some("2") => HttpVersion::Two,
        _ => HttpVersion::Auto,
    };
    let secure = url.scheme() == "https";
    let tls = read_tls(fields, secure, &mut mistakes);
    let route = read_route(fields, &mut mistakes);
    if route.proxy.is_some() && !secure && version == HttpVersion::Two {
        let message = "HTTP/2 over http does not pass through a proxy";
        mistakes.push(FieldMistake::new("http_version", message));
    }
    if route.unix_socket.is_some() && secure {
        let message =
            "goes together with http only: no TLS is spoken through a socket of this machine";
        mistakes.push(FieldMistake::new("unix_socket", message));
    }
    let request = read_request(fields, url, &mut mistakes);
    if fields
        .size("body_limit")
        .is_some_and(|size| size > MAX_LIMIT)
    {
        let message = "is more than 1GiB: a body is kept in memory";
        mistakes.push(FieldMistake::new("body_limit", message));
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let target = without_login(url);
    let shown = shown(&target, fields.text("url").is_some_and(|text| text.secret));
    Ok(Arc::new(HttpProbe {
        url: target,
        shown,
        request,
        follow: fields
            .integer("follow")
            .and_then(|f| usize::try_from(f).ok())
            .unwrap_or(0),
        body_limit: fields
            .size("body_limit")
            .and_then(|s| usize::try_from(s).ok())
            .unwrap_or(DEFAULT_LIMIT),
        decodes: fields.is_on("decompress"),
        wanted: Wanted {
            body: ["body", "body_size", "json"]
                .iter()
                .any(|f| fields.wants(f)),
            json: fields.wants("json"),
        },
        common: Common {
            net: Arc::clone(net),
            route,
            tls,
            version,
        },
    }))
}

fn read_tls(fields: &Fields, secure: bool, mistakes: &mut Vec<FieldMistake>) -> Tls {
    if !secure {
        for field in ["server_name", "client_cert", "client_key"] {
            if fields.get(field).is_some() {
                let message = "means nothing without https";
                mistakes.push(FieldMistake::new(field, message));
            }
        }
    }
    let identity = identity_fields(fields).unwrap_or_else(|mistake| {
        mistakes.push(mistake);
        None
    });
    let name = fields.text("server_name").map(|name| name.text.as_str());
    if let Some(Err(why)) = name.map(server_name) {
        mistakes.push(FieldMistake::new("server_name", why));
    }
    Tls {
        roots: fields.roots("roots"),
        server_name: name.map(str::to_owned),
        identity,
    }
}

fn read_route(fields: &Fields, mistakes: &mut Vec<FieldMistake>) -> Route {
    let given: Vec<&'static str> = ["proxy", "address", "unix_socket"]
        .into_iter()
        .filter(|field| fields.get(field).is_some())
        .collect();
    if let [first, second, ..] = given.as_slice() {
        let message = format!("does not go together with {first}: one place to connect to");
        mistakes.push(FieldMistake::new(second, message));
    }
    let proxy = fields.url("proxy").map(|url| Proxy {
        host: bare_host(url),
        port: url.port_or_known_default().unwrap_or(80),
        login: Basic::of_url(url),
    });
    Route {
        proxy,
        address: fields
            .address("address")
            .map(|(host, port)| (host.to_owned(), port)),
        unix_socket: fields.path("unix_socket").map(Path::to_owned),
    }
}

fn read_request(fields: &Fields, url: &Url, mistakes: &mut Vec<FieldMistake>) -> Request {
    let method = fields
        .text("method")
        .and_then(|m| Method::from_bytes(m.text.as_bytes()).ok())
        .unwrap_or(Method::GET);
    let login = read_login(fields, url, mistakes);
    let body = match (fields.text("body"), fields.json("json")) {
        (Some(_), Some(_)) => {
            mistakes.push(FieldMistake::new("json", "does not go together with body"));
            None
        }
        (Some(text), None) => Some(text.text.clone().into_bytes()),
        (None, Some(json)) => Some(json.to_string().into_bytes()),
        (None, None) => None,
    };
    if body.is_some() && method == Method::HEAD {
        let message = "HEAD has no body to send";
        mistakes.push(FieldMistake::new("method", message));
    }
    let asks_gzip = fields.is_on("decompress");
    let mut request = Request::new(method, asks_gzip);
    if fields.json("json").is_some() {
        request.sends_json();
    }
    if let Some(body) = body {
        request.body = Some(body.into());
    }
    for (name, value) in fields.text_map("headers") {
        if let Err(why) = request.set_header(name, &value.text) {
            mistakes.push(FieldMistake::new("headers", why));
        }
    }
    if let Some(login) = login
        && let Err(why) = request.log_in(&login)
    {
        mistakes.push(FieldMistake::new("headers", why));
    }
    request
}

fn read_login(fields: &Fields, url: &Url, mistakes: &mut Vec<FieldMistake>) -> Option<Basic> {
    let in_url = Basic::of_url(url);
    let (username, password) = (fields.text("username"), fields.text("password"));
    if in_url.is_some() && (username.is_some() || password.is_some()) {
        let message = "the url has a login of its own";
        mistakes.push(FieldMistake::new("username", message));
    }
    if username.is_none() && password.is_some() {
        mistakes.push(FieldMistake::new("password", "needs `username` beside it"));
    }
    if username.is_some_and(|name| name.text.contains(':')) {
        let message = "a user of a Basic login has no colon in its name";
        mistakes.push(FieldMistake::new("username", message));
    }
    let given = username.map(|username| Basic {
        username: username.text.clone(),
        password: password.map(|p| p.text.clone()).unwrap_or_default(),
    });
    given.or(in_url)
}

/// Returns the host as one dials it: an IPv6 address without brackets.
pub(super) fn bare_host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let inner = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
    inner.unwrap_or(host).to_owned()
}

/// Returns the URL as it is asked for: no login, no fragment.
fn without_login(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    // Both fail only for URLs without a host, which http and https do not have.
    let _set = url.set_username("");
    let _set = url.set_password(None);
    url
}

/// Returns the URL as it may be shown; of a secret one only where it leads.
fn shown(url: &Url, secret: bool) -> String {
    if secret {
        format!("{}/...", url.origin().ascii_serialization())
    } else {
        url.to_string()
    }
}

const DEFAULT_LIMIT: usize = 1024 * 1024;
const MAX_LIMIT: u64 = 1 << 30;
