//! Where a redirect leads, and whether a check follows it there.
//!
//! Another origin gets nothing that was meant for the first: no header of the check but the harmless
//! ones, no login, no client certificate, no body. What leads to this machine or out of https is
//! refused before anything is opened.

use std::net::IpAddr;

use gonogo_model::{CodeDecl, Fault};
use hyper::header::{HeaderMap, LOCATION};
use hyper::{Method, StatusCode};
use url::{Host, Url};

use super::codes;

/// One request on the way.
#[derive(Debug, Clone)]
pub(super) struct Hop {
    pub(super) url: Url,
    pub(super) method: Method,
    /// Whether the body of the check is sent.
    pub(super) sends_body: bool,
    /// Whether the hop leads to the origin that the check names.
    pub(super) is_trusted: bool,
}

/// The hops that were made.
#[derive(Debug)]
pub(super) struct Way {
    first: Url,
    limit: usize,
    been: Vec<(Method, Url)>,
}

impl Way {
    /// Begins a way of at most `limit` redirects.
    pub(super) fn new(first: &Url, limit: usize) -> Self {
        Self {
            first: first.clone(),
            limit,
            been: Vec::new(),
        }
    }

    /// Returns where an answer leads, if it is a redirect and redirects are followed.
    pub(super) fn next(
        &mut self,
        hop: &Hop,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Result<Option<Hop>, Fault> {
        if self.limit == 0 || !is_redirect(status) {
            return Ok(None);
        }
        let url = location(&hop.url, headers)?;
        let is_rewritten = match status {
            StatusCode::SEE_OTHER => hop.method != Method::HEAD,
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => hop.method == Method::POST,
            _ => false,
        };
        let next = Hop {
            method: if is_rewritten {
                Method::GET
            } else {
                hop.method.clone()
            },
            sends_body: hop.sends_body && !is_rewritten,
            is_trusted: url.origin() == self.first.origin(),
            url,
        };
        refuse(hop, &next)?;
        self.been.push((hop.method.clone(), hop.url.clone()));
        let same = |(method, url): &(Method, Url)| *method == next.method && *url == next.url;
        if self.been.iter().any(same) {
            let message = format!("the redirects come back to {}", next.url);
            return Err(Fault::new(codes::REDIRECT_LOOP, message));
        }
        if self.been.len() > self.limit {
            let message = format!(
                "{} redirects were followed, and {} leads on to {}",
                self.limit, hop.url, next.url
            );
            return Err(Fault::new(codes::REDIRECT_LIMIT, message));
        }
        Ok(Some(next))
    }
}

/// Returns whether an answer sends the client elsewhere.
pub(super) fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Returns where an answer leads, as an absolute URL without a login.
pub(super) fn location(base: &Url, headers: &HeaderMap) -> Result<Url, Fault> {
    let wrong = |why: String| Fault::new(codes::REDIRECT_LOCATION, why);
    let mut values = headers.get_all(LOCATION).iter();
    let value = values
        .next()
        .ok_or_else(|| wrong("the redirect has no Location".to_owned()))?;
    if values.next().is_some() {
        return Err(wrong("the redirect has more than one Location".to_owned()));
    }
    let text = std::str::from_utf8(value.as_bytes())
        .map_err(|_| wrong("the Location of the redirect is not UTF-8".to_owned()))?;
    if text.len() > LONGEST {
        let length = text.len();
        return Err(wrong(format!(
            "the Location of the redirect has {length} bytes"
        )));
    }
    let mut url = base
        .join(text)
        .map_err(|error| wrong(format!("the Location `{text}` is not a URL: {error}")))?;
    // A login that a server puts into a redirect is not ours.
    let _none = url.set_username("");
    let _none = url.set_password(None);
    url.set_fragment(None);
    Ok(url)
}

/// Refuses hops that no check makes.
fn refuse(hop: &Hop, next: &Hop) -> Result<(), Fault> {
    let refusal = |code: &'static CodeDecl, why: &str| {
        let message = format!("{} redirects to {}: {why}", hop.url, next.url);
        Err(Fault::new(code, message))
    };
    match (hop.url.scheme(), next.url.scheme()) {
        ("https", "http") => {
            return refusal(codes::REDIRECT_DOWNGRADE, "from https to http");
        }
        (_, "http" | "https") => {}
        _ => return refusal(codes::REDIRECT_REFUSED, "neither http nor https"),
    }
    if next.url.host_str().is_none_or(str::is_empty) {
        return refusal(codes::REDIRECT_REFUSED, "it names no host");
    }
    if next.sends_body && !next.is_trusted {
        return refusal(
            codes::REDIRECT_REFUSED,
            "the body of the check is for the first origin only",
        );
    }
    if is_local(&next.url) && !is_local(&hop.url) {
        return refusal(
            codes::REDIRECT_REFUSED,
            "an address of this machine or its link, where a remote server has no business",
        );
    }
    Ok(())
}

/// Returns whether a host means this machine, or the metadata service of its cloud.
fn is_local(url: &Url) -> bool {
    let address = match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            return name == "localhost" || name.ends_with(".localhost");
        }
        Some(Host::Ipv4(v4)) => IpAddr::V4(v4),
        Some(Host::Ipv6(v6)) => IpAddr::V6(v6).to_canonical(),
        None => return false,
    };
    match address {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_link_local() || v4.is_unspecified(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unspecified() || v6.is_unicast_link_local(),
    }
}

/// A URL that grows with each redirect ends here.
const LONGEST: usize = 8 * 1024;
