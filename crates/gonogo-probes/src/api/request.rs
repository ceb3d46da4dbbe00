//! What is asked.

use std::fmt;

use bytes::Bytes;
use url::Url;

/// The method of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Sends something new.
    Post,
    /// Puts something in the place of what was there.
    Put,
}

/// Where a request goes: an http or https URL, of which only scheme, host and port are ever shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Target {
    url: Url,
}

/// One request.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Where it goes.
    pub target: Target,
    /// Its headers, beyond what the client sends by itself (`host`, `user-agent`, `accept`,
    /// `content-length`, and `authorization` for a user in the URL).
    pub headers: Vec<(String, String)>,
    /// Its body; empty for none.
    pub body: Bytes,
    /// How much of the answer's body is read, in bytes.
    pub limit: usize,
}

impl Target {
    /// Reads a URL.
    ///
    /// # Errors
    ///
    /// What is wrong with it, as a lowercase fragment that does not repeat it.
    pub fn parse(url: &str) -> Result<Self, String> {
        let url = Url::parse(url).map_err(|error| match error {
            url::ParseError::RelativeUrlWithoutBase => {
                "expected a URL with its scheme, such as https://".to_owned()
            }
            error => format!("expected a URL, found {}", error.to_string().to_lowercase()),
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!(
                "expected an http or https URL, found the scheme `{}`",
                url.scheme()
            ));
        }
        Ok(Self { url })
    }

    /// Returns the host without the brackets of an IPv6 address.
    #[must_use]
    pub fn host(&self) -> &str {
        let host = self.url.host_str().unwrap_or_default();
        let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
        bare.unwrap_or(host)
    }

    /// Returns the port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or(80)
    }

    /// Returns whether the connection is secured.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.url.scheme() == "https"
    }

    pub(super) const fn url(&self) -> &Url {
        &self.url
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.url.host_str().unwrap_or_default();
        write!(f, "{}://{host}:{}", self.url.scheme(), self.port())
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({self})")
    }
}

impl Request {
    /// Returns a request that reads.
    #[must_use]
    pub const fn get(target: Target) -> Self {
        Self {
            method: Method::Get,
            target,
            headers: Vec::new(),
            body: Bytes::new(),
            limit: LIMIT,
        }
    }

    /// Returns a request that sends a body of a type.
    #[must_use]
    pub fn post(target: Target, content_type: &str, body: impl Into<Bytes>) -> Self {
        Self {
            method: Method::Post,
            body: body.into(),
            ..Self::get(target)
        }
        .header("content-type", content_type)
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Sets how much of the answer's body is read, in bytes.
    #[must_use]
    pub const fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }
}

/// Headers carry tokens, bodies too.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("target", &self.target)
            .finish_non_exhaustive()
    }
}

/// Enough for any answer that somebody will look at.
const LIMIT: usize = 8 * 1024 * 1024;
