//! What is asked: built once when the gate is read, written anew for each attempt and each hop.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, AUTHORIZATION, CACHE_CONTROL, CONNECTION,
    CONTENT_LENGTH, CONTENT_TYPE, EXPECT, HOST, HeaderMap, HeaderName, HeaderValue,
    PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE, USER_AGENT,
};
use hyper::{Method, Uri};
use percent_encoding::percent_decode_str;
use url::Url;

use super::redirect::Hop;

/// What is asked of the first URL.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: Method,
    pub(super) body: Option<Bytes>,
    asks_gzip: bool,
    sends_json: bool,
    /// What the check says to send.
    given: HeaderMap,
}

/// A user and a password, as RFC 7617 sends them.
pub(super) struct Basic {
    pub(super) username: String,
    pub(super) password: String,
}

/// How the target is written in the request.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form<'a> {
    /// HTTP/1.1 to the server itself: path and query.
    Origin,
    /// HTTP/1.1 to a proxy: the whole URL, and our login there.
    Proxy(Option<&'a Basic>),
    /// HTTP/2: the whole URL, its host instead of a `Host` header.
    Two,
}

impl Request {
    /// Returns a request with the headers that gonogo sends by itself.
    pub(super) fn new(method: Method, asks_gzip: bool) -> Self {
        Self {
            method,
            body: None,
            asks_gzip,
            sends_json: false,
            given: HeaderMap::new(),
        }
    }

    /// Says that the body is JSON.
    pub(super) const fn sends_json(&mut self) {
        self.sends_json = true;
    }

    /// Adds a header of the check; its value is not shown, it may be a secret.
    pub(super) fn set_header(&mut self, name: &str, value: &str) -> Result<(), String> {
        let shown = name.escape_debug();
        let Ok(parsed) = HeaderName::from_bytes(name.as_bytes()) else {
            return Err(format!("`{shown}` is not the name of a header"));
        };
        if FRAMING.contains(&parsed) {
            return Err(format!(
                "`{shown}` belongs to the connection, which gonogo writes itself"
            ));
        }
        let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) else {
            return Err(format!(
                "the value of `{shown}` holds a line break or control character"
            ));
        };
        if self.given.insert(parsed, value).is_some() {
            return Err(format!(
                "`{shown}` comes twice, names being the same in any case"
            ));
        }
        Ok(())
    }

    /// Adds a Basic login.
    pub(super) fn log_in(&mut self, login: &Basic) -> Result<(), String> {
        if self.given.contains_key(AUTHORIZATION) {
            return Err("an `authorization` header does not go together with a login".to_owned());
        }
        self.given.insert(AUTHORIZATION, login.header());
        Ok(())
    }

    /// Writes the request for a hop.
    pub(super) fn write(&self, hop: &Hop, form: Form<'_>) -> hyper::Request<Full<Bytes>> {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host_header(&hop.url));
        headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        if self.asks_gzip {
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(GZIP));
        }
        if self.sends_json {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        for (name, value) in &self.given {
            if hop.is_trusted || HARMLESS.contains(name) {
                headers.insert(name, value.clone());
            }
        }
        let body = self.body.clone().filter(|_| hop.sends_body);
        if body.is_none() {
            headers.remove(CONTENT_TYPE);
        }
        let authority = headers.get(HOST).cloned();
        let uri = match form {
            Form::Origin => origin_form(&hop.url),
            Form::Proxy(login) => {
                if let Some(login) = login {
                    headers.insert(PROXY_AUTHORIZATION, login.header());
                }
                absolute_form(&hop.url, None)
            }
            Form::Two => {
                headers.remove(HOST);
                absolute_form(&hop.url, authority.as_ref())
            }
        };
        let mut request = hyper::Request::new(Full::new(body.unwrap_or_default()));
        *request.method_mut() = hop.method.clone();
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        request
    }

    /// Returns the content codings that are asked for, in small letters.
    pub(super) fn asked_codings(&self) -> String {
        match self.given.get(ACCEPT_ENCODING) {
            Some(given) => given.to_str().unwrap_or_default().to_ascii_lowercase(),
            None if self.asks_gzip => GZIP.to_owned(),
            None => String::new(),
        }
    }
}

impl Basic {
    /// Returns the login inside a URL, if it has one.
    pub(super) fn of_url(url: &Url) -> Option<Self> {
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let username = decoded(url.username());
        let password = url.password().map(decoded);
        if username.is_empty() && password.is_none() {
            return None;
        }
        Some(Self {
            username,
            password: password.unwrap_or_default(),
        })
    }

    /// Returns the value of the header that carries it.
    pub(super) fn header(&self) -> HeaderValue {
        let pair = format!("{}:{}", self.username, self.password);
        let text = format!("Basic {}", STANDARD.encode(pair));
        let mut value = HeaderValue::try_from(text).expect("base64 is plain ASCII");
        value.set_sensitive(true);
        value
    }
}

impl std::fmt::Debug for Basic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Basic(..)")
    }
}

/// Returns host and port as the `Host` header has them: the port only where it is not the scheme's own.
fn host_header(url: &Url) -> HeaderValue {
    let host = url.host_str().unwrap_or_default();
    let text = match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    HeaderValue::try_from(text).expect("a host that was parsed is plain ASCII")
}

fn origin_form(url: &Url) -> Uri {
    let query = url.query().map(|q| format!("?{q}")).unwrap_or_default();
    parse_uri(&format!("{}{query}", url.path()))
}

fn absolute_form(url: &Url, authority: Option<&HeaderValue>) -> Uri {
    let mut text = url.clone();
    text.set_fragment(None);
    let uri = parse_uri(text.as_str());
    let Some(authority) = authority else {
        return uri;
    };
    let mut parts = uri.into_parts();
    if let Ok(authority) = authority.as_bytes().try_into() {
        parts.authority = Some(authority);
    }
    Uri::from_parts(parts).unwrap_or_default()
}

/// The `url` crate leaves a few characters alone that a request line must not hold.
fn parse_uri(text: &str) -> Uri {
    text.parse().unwrap_or_else(|_| {
        let allowed = |c: char| c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(c);
        let escaped: String = text
            .chars()
            .map(|c| {
                if allowed(c) {
                    c.to_string()
                } else {
                    let mut bytes = [0; 4];
                    let bytes = c.encode_utf8(&mut bytes).bytes();
                    bytes.map(|b| format!("%{b:02X}")).collect()
                }
            })
            .collect();
        escaped.parse().unwrap_or_default()
    })
}

const GZIP: &str = "gzip";
const AGENT: &str = concat!("gonogo/", env!("CARGO_PKG_VERSION"));

/// Headers by which the connection is run.
const FRAMING: &[HeaderName] = &[
    CONNECTION,
    CONTENT_LENGTH,
    EXPECT,
    PROXY_AUTHORIZATION,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// Headers of the check that may go to another origin: none of them can be a credential.
const HARMLESS: &[HeaderName] = &[
    ACCEPT,
    ACCEPT_ENCODING,
    ACCEPT_LANGUAGE,
    CACHE_CONTROL,
    CONTENT_TYPE,
    USER_AGENT,
];
