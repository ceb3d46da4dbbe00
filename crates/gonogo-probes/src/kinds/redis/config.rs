//! The fields of `redis`, and what its URL says.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use gonogo_kind::{FieldDecl, FieldMistake, FieldType, Fields, Probe};
use percent_encoding::percent_decode_str;
use url::{Host, Url};

use super::probe::Redis;
use crate::net::Net;
use crate::net::tls::fields::{CLIENT_CERT, CLIENT_KEY, ROOTS};
use crate::net::tls::{TlsOptions, identity_fields, server_name};

/// The keys of the long form.
pub(super) const FIELDS: &[FieldDecl] = &[
    FieldDecl {
        name: "url",
        ty: FieldType::Url(&["redis", "rediss"]),
        required: true,
        default: None,
        sentence: "Where the server is, and who we are: redis://user:password@host:6379/0, with rediss:// for TLS; port 6379 and database 0 unless given.",
        example: "redis://cache.example.com",
    },
    ROOTS,
    CLIENT_CERT,
    CLIENT_KEY,
];

/// Builds the probe.
pub(crate) fn compile(
    fields: &Fields,
    net: &Arc<Net>,
) -> Result<Arc<dyn Probe>, Vec<FieldMistake>> {
    let url = fields
        .url("url")
        .ok_or_else(|| vec![FieldMistake::new("url", "is missing")])?;
    let mut mistakes = mistakes_of(url);
    let target = Target::read(url)
        .map_err(|mistake| mistakes.push(mistake))
        .ok();
    let identity = identity_fields(fields)
        .map_err(|mistake| mistakes.push(mistake))
        .ok()
        .flatten();
    if url.scheme() == "redis" && identity.is_some() {
        let message = "is of no use: the URL says plain text";
        mistakes.push(FieldMistake::new("client_cert", message).hint("Write rediss:// for TLS."));
    }
    let tls = target
        .as_ref()
        .filter(|_| url.scheme() == "rediss")
        .map(|target| server_name(&target.host))
        .transpose()
        .map_err(|message| mistakes.push(FieldMistake::new("url", message)))
        .ok()
        .flatten()
        .map(|name| TlsOptions {
            name,
            roots: fields.roots("roots"),
            identity,
            alpn: Vec::new(),
        });
    match target {
        Some(target) if mistakes.is_empty() => Ok(Arc::new(Redis {
            target,
            tls,
            net: Arc::clone(net),
        })),
        Some(_) | None => Err(mistakes),
    }
}

/// What a URL says.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// The host, an IPv6 address without brackets.
    pub(super) host: String,
    /// The port.
    pub(super) port: u16,
    /// The number of the database.
    pub(super) database: u32,
    /// The user, if one is named.
    pub(super) user: Option<String>,
    /// The password, if there is one.
    pub(super) password: Option<String>,
}

impl Target {
    fn read(url: &Url) -> Result<Self, FieldMistake> {
        let mistake = |message: String| FieldMistake::new("url", message);
        let host = match url.host() {
            Some(Host::Domain(name)) if !name.is_empty() => decoded(name)
                .filter(|name| !name.contains(|c: char| c.is_control() || c.is_whitespace()))
                .ok_or_else(|| mistake("has a malformed host".to_owned()))?,
            Some(Host::Ipv4(ip)) => ip.to_string(),
            Some(Host::Ipv6(ip)) => ip.to_string(),
            Some(Host::Domain(_)) | None => return Err(mistake("has no host".to_owned())),
        };
        let path = url.path().trim_start_matches('/');
        let database = match path {
            "" => 0,
            // Never quoted: with a bare `/` in the password, a part of it stands here.
            number => number.parse().map_err(|_| {
                mistake("names a database that is not a number".to_owned()).hint(
                    "Databases of Redis have numbers: redis://host:6379/0. A `/` in a password is written %2F.",
                )
            })?,
        };
        let text = |encoded: &str| {
            decoded(encoded)
                .ok_or_else(|| mistake("has a user or password that is not UTF-8".to_owned()))
        };
        let user = Some(url.username()).filter(|user| !user.is_empty());
        Ok(Self {
            host,
            port: url.port().unwrap_or(6379),
            database,
            user: user.map(text).transpose()?,
            password: url.password().map(text).transpose()?,
        })
    }

    /// Returns host and port as an address is written.
    pub(super) fn address(&self) -> String {
        match self.host.parse::<IpAddr>() {
            Ok(IpAddr::V6(ip)) => bracketed(ip, self.port),
            Ok(IpAddr::V4(_)) | Err(_) => format!("{}:{}", self.host, self.port),
        }
    }
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Target")
            .field("address", &self.address())
            .field("database", &self.database)
            .finish_non_exhaustive()
    }
}

fn bracketed(ip: Ipv6Addr, port: u16) -> String {
    format!("[{ip}]:{port}")
}

/// Says what a URL has that would silently mean nothing.
fn mistakes_of(url: &Url) -> Vec<FieldMistake> {
    let mut mistakes = Vec::new();
    if url.query().is_some() {
        let message = "has parameters after `?`, and there are none here";
        mistakes.push(FieldMistake::new("url", message));
    }
    if url.fragment().is_some() {
        let message = "has a part after `#`, which has no meaning here";
        mistakes.push(FieldMistake::new("url", message).hint(
            "The certificate is always verified; name your own CA in `roots`. A `#` in a password is written %23.",
        ));
    }
    if !url.username().is_empty() && url.password().is_none() {
        let message = "names a user without a password";
        mistakes.push(
            FieldMistake::new("url", message)
                .hint("A password alone is written redis://:password@host."),
        );
    }
    mistakes
}

fn decoded(text: &str) -> Option<String> {
    let bytes = percent_decode_str(text);
    bytes.decode_utf8().ok().map(std::borrow::Cow::into_owned)
}
