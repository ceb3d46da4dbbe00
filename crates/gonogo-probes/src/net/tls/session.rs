//! What a handshake showed, and the facts it makes.

use std::time::Duration;

use gonogo_model::{Decimal, Observation, Reading, Value, Version};
use jiff::Timestamp;
use rustls::{ClientConnection, ProtocolVersion};

use super::certificate::Certificate;
use super::chain::{ChainVerdict, whole_second};
use super::verifier::{Seen, Watch};

/// What a handshake showed, also one that failed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TlsSession {
    /// `1.2` or `1.3`; none when the handshake did not end.
    pub(crate) version: Option<&'static str>,
    /// The cipher suite by its IANA name; none when the handshake did not end.
    pub(crate) cipher: Option<String>,
    /// The protocol that was agreed on, if one was.
    pub(crate) alpn: Option<String>,
    /// The certificates as they were sent, the server's own first; one that cannot be read is left out.
    pub(crate) sent: Vec<Certificate>,
    /// What there is to say about them.
    pub(crate) verdict: ChainVerdict,
    /// Whether the server asked for a certificate of ours.
    pub(crate) client_certificate_asked: bool,
    /// How long the handshake took, waits of our own left out.
    pub(crate) handshake: Duration,
}

impl TlsSession {
    pub(super) fn new(
        seen: Seen,
        connection: Option<&ClientConnection>,
        watch: &Watch,
        handshake: Duration,
    ) -> Self {
        // What lies on the verified path was read when that was found, maybe by an earlier check.
        let known = &seen.verdict.path.certificates;
        let sent = seen.sent.iter().filter_map(|der| {
            let read = known.iter().find(|known| known.der == *der).cloned();
            read.or_else(|| Certificate::parse(der).ok())
        });
        Self {
            version: connection.and_then(|c| version(c.protocol_version()?)),
            cipher: connection.and_then(cipher),
            alpn: connection
                .and_then(|c| c.alpn_protocol())
                .map(|name| String::from_utf8_lossy(name).into_owned()),
            sent: sent.collect(),
            verdict: seen.verdict,
            client_certificate_asked: watch.was_asked(),
            handshake,
        }
    }

    /// Returns the end of the validity that comes first: on the verified path, its root included; or,
    /// without one, among all that was sent.
    pub(crate) fn earliest_expiry(&self) -> Option<Timestamp> {
        let path = &self.verdict.path.certificates;
        let certificates = if path.is_empty() { &self.sent } else { path };
        certificates.iter().map(|c| c.not_after).min()
    }

    /// Records the facts of [`session_facts!`](super::session_facts), each name after `prefix`.
    ///
    /// What a handshake that did not end could not show is left out.
    pub(crate) fn record(&self, prefix: &str, now: Timestamp, observation: &mut Observation) {
        let now = whole_second(now);
        let mut set = |name: &str, reading: Reading| {
            observation.set(&format!("{prefix}{name}"), reading);
        };
        let verdict = &self.verdict;
        if let Some(trusted) = verdict.trusted {
            set("trusted", Value::Boolean(trusted).into());
        }
        set("name_matches", Value::Boolean(verdict.name_matches).into());
        set("in_date", Value::Boolean(verdict.in_date).into());
        if let Some(expiry) = self.earliest_expiry() {
            set(
                "expires_in",
                Value::Duration(seconds_between(now, expiry)).into(),
            );
        }
        if let Some(version) = self.version.and_then(Version::parse) {
            set("version", Value::Version(version).into());
            let alpn = self.alpn.as_ref().map(Value::text);
            set("alpn", alpn.map_or(Reading::Absent, Reading::Value));
        }
        if let Some(cipher) = &self.cipher {
            set("cipher", Value::text(cipher).into());
        }
        if let Some(own) = self.sent.first() {
            record_own(own, &mut set);
        }
        set(
            "chain_length",
            Value::integer(self.sent.len() as u64).into(),
        );
        let chain = self.sent.iter().map(|c| c.subject.as_str());
        set("chain", Value::texts(chain).into());
        let anchor = verdict.path.certificates.last();
        let anchor = anchor.map(|anchor| Value::text(&anchor.subject));
        set("anchor", anchor.map_or(Reading::Absent, Reading::Value));
    }

    /// Returns remarks on what is no fault but may become one.
    pub(crate) fn notes(&self, now: Timestamp) -> Vec<String> {
        let path = &self.verdict.path.certificates;
        let unused = self.sent.iter().filter(|c| {
            !path.is_empty()
                && c.not_after < now
                && !path.iter().any(|p| p.fingerprint == c.fingerprint)
        });
        let mut notes: Vec<String> = unused
            .map(|c| {
                format!(
                    "the server also sends `{}`, which expired on {} and is not needed: old clients may stumble over it",
                    c.name(),
                    c.not_after
                )
            })
            .collect();
        if self.sent.first().is_some_and(|own| !own.has_usage) {
            notes.push(
                "the certificate does not say that it is for servers (no extended key usage)"
                    .to_owned(),
            );
        }
        notes
    }
}

fn record_own(own: &Certificate, set: &mut impl FnMut(&str, Reading)) {
    set("not_after", Value::Time(own.not_after).into());
    set("not_before", Value::Time(own.not_before).into());
    let lifetime = seconds_between(own.not_before, own.not_after);
    set("lifetime", Value::Duration(lifetime).into());
    set("subject", Value::text(&own.subject).into());
    set("issuer", Value::text(&own.issuer).into());
    set(
        "sans",
        Value::texts(own.sans.iter().map(String::as_str)).into(),
    );
    set("serial", Value::text(&own.serial).into());
    set("fingerprint", Value::text(&own.fingerprint).into());
    set("key_type", Value::text(own.key_type).into());
    set("key_bits", Value::integer(own.key_bits).into());
    set(
        "signature_algorithm",
        Value::text(&own.signature_algorithm).into(),
    );
}

fn seconds_between(from: Timestamp, to: Timestamp) -> Decimal {
    Decimal::scaled(to.as_nanosecond() - from.as_nanosecond(), -9)
}

const fn version(version: ProtocolVersion) -> Option<&'static str> {
    match version {
        ProtocolVersion::TLSv1_3 => Some("1.3"),
        ProtocolVersion::TLSv1_2 => Some("1.2"),
        _ => None,
    }
}

/// The library calls the suites of TLS 1.3 `TLS13_...`; IANA and everybody else `TLS_...`.
fn cipher(connection: &ClientConnection) -> Option<String> {
    let suite = connection.negotiated_cipher_suite()?.suite();
    suite
        .as_str()
        .map(|name| name.replacen("TLS13_", "TLS_", 1))
}
