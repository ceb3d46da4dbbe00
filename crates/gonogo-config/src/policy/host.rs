//! Patterns of hosts: `*.example.com`, `10.0.0.0/8`, `db.example.com:5432`.

use std::net::IpAddr;

use gonogo_kind::glob_matches;

/// A pattern of hosts, with a port or for any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HostPattern {
    host: Host,
    port: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Host {
    Name(String),
    Network { address: IpAddr, bits: u8 },
}

impl HostPattern {
    /// Reads a pattern.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if let Some((address, bits)) = text.split_once('/') {
            let address: IpAddr = address.parse().ok()?;
            let bits: u8 = bits.parse().ok()?;
            let most = if address.is_ipv4() { 32 } else { 128 };
            let host = Host::Network { address, bits };
            return (bits <= most).then_some(Self { host, port: None });
        }
        let (host, port) = split(text);
        let port = match port {
            Some(port) => Some(port.parse().ok()?),
            None => None,
        };
        let is_plain = |c: char| !c.is_whitespace() && !matches!(c, '@' | '?' | '#' | '$');
        let host = match host.parse::<IpAddr>() {
            Ok(address) => Host::Network {
                address,
                bits: if address.is_ipv4() { 32 } else { 128 },
            },
            Err(_) if !host.is_empty() && host.chars().all(is_plain) => {
                Host::Name(host.trim_end_matches('.').to_ascii_lowercase())
            }
            Err(_) => return None,
        };
        Some(Self { host, port })
    }

    /// Returns whether an origin, `host:port`, is one of them.
    pub(crate) fn allows(&self, origin: &str) -> bool {
        let (host, port) = split(origin);
        let is_port = match self.port {
            Some(wanted) => port.is_some_and(|port| port.parse() == Ok(wanted)),
            None => true,
        };
        is_port
            && match (&self.host, host.parse::<IpAddr>()) {
                (Host::Network { address, bits }, Ok(host)) => within(host, *address, *bits),
                (Host::Name(name), Err(_)) => {
                    let host = host.trim_end_matches('.').to_ascii_lowercase();
                    glob_matches(name, &host)
                }
                // A glob of names says nothing of addresses, and a network nothing of names.
                (Host::Network { .. }, Err(_)) | (Host::Name(_), Ok(_)) => false,
            }
    }
}

/// Splits a port off; brackets stand around an IPv6 address that has one.
fn split(text: &str) -> (&str, Option<&str>) {
    if let Some((host, rest)) = text.strip_prefix('[').and_then(|t| t.split_once(']')) {
        return (host, rest.strip_prefix(':'));
    }
    match text.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') => (host, Some(port)),
        Some(_) | None => (text, None),
    }
}

fn within(host: IpAddr, network: IpAddr, bits: u8) -> bool {
    let (host, network, width) = match (host.to_canonical(), network.to_canonical()) {
        (IpAddr::V4(host), IpAddr::V4(network)) => (
            u128::from(host.to_bits()),
            u128::from(network.to_bits()),
            32,
        ),
        (IpAddr::V6(host), IpAddr::V6(network)) => (host.to_bits(), network.to_bits(), 128),
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => return false,
    };
    let shift = u32::from(u8::saturating_sub(width, bits));
    host.checked_shr(shift) == network.checked_shr(shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_allowed_by_name_by_network_and_by_port() {
        for (pattern, origin, allowed) in [
            ("*.example.com", "www.example.com:443", true),
            ("*.example.com", "WWW.Example.COM:443", true),
            ("*.example.com", "a.b.example.com.:443", true),
            ("*.example.com", "example.com:443", false),
            ("*.example.com", "www.example.com.evil.net:443", false),
            ("*.example.com", "evil-example.com:443", false),
            ("db.example.com:5432", "db.example.com:5432", true),
            ("db.example.com:5432", "db.example.com:5433", false),
            ("db.example.com:5432", "db.example.com", false),
            ("10.0.0.0/8", "10.255.1.2:80", true),
            ("10.0.0.0/8", "11.0.0.1:80", false),
            ("10.0.0.0/8", "10.evil.net:80", false),
            ("*", "10.0.0.1:80", false),
            ("*", "anything:80", true),
            ("0.0.0.0/0", "10.0.0.1:80", true),
            ("fd00::/8", "[fd12::1]:443", true),
            ("fd00::/8", "[fe80::1]:443", false),
            ("::1", "[::1]:443", true),
            ("[::1]:443", "[::1]:80", false),
            // The same machine, written otherwise.
            ("127.0.0.1", "[::ffff:127.0.0.1]:80", true),
        ] {
            let read = HostPattern::parse(pattern).unwrap();
            assert_eq!(read.allows(origin), allowed, "{pattern} {origin}");
        }
        for bad in [
            "",
            "10.0.0.0/33",
            "10.0.0/8",
            "a b",
            "x:port",
            "${host}",
            "https://a/",
            "u@h",
        ] {
            assert_eq!(HostPattern::parse(bad), None, "{bad}");
        }
    }
}
