//! What a certificate says, read once and owned.

use std::net::IpAddr;

use jiff::Timestamp;
use rustls_pki_types::CertificateDer;
use sha2::{Digest as _, Sha256};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::FromDer as _;
use x509_parser::public_key::PublicKey;
use x509_parser::x509::{AlgorithmIdentifier, SubjectPublicKeyInfo, X509Name};

/// A certificate, as far as anybody asks about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Certificate {
    /// Whom it is for: `CN=example.com`.
    pub(crate) subject: String,
    /// Who signed it.
    pub(crate) issuer: String,
    /// The serial number in hexadecimal, leading zeros kept.
    pub(crate) serial: String,
    /// The start of its validity.
    pub(crate) not_before: Timestamp,
    /// The end of its validity.
    pub(crate) not_after: Timestamp,
    /// The type of its key: `rsa`, `ecdsa`, `ed25519`, ...
    pub(crate) key_type: &'static str,
    /// The size of its key in bits; 0 when it is not known.
    pub(crate) key_bits: u32,
    /// How it is signed: `ecdsa-sha256`.
    pub(crate) signature_algorithm: String,
    /// The SHA-256 of the whole certificate in hexadecimal.
    pub(crate) fingerprint: String,
    /// Whom it is for, by the names that count: DNS names and addresses first.
    pub(crate) sans: Vec<String>,
    /// Whether it is the certificate of a CA.
    pub(crate) is_ca: bool,
    /// Whether subject and issuer are the same.
    pub(crate) self_issued: bool,
    /// The certificate itself.
    pub(super) der: CertificateDer<'static>,
    pub(super) subject_der: Vec<u8>,
    pub(super) issuer_der: Vec<u8>,
    /// What is too weak about the key, if anything is.
    pub(super) weak_key: Option<String>,
    /// What is too weak about the signature, if anything is.
    pub(super) weak_signature: Option<String>,
    /// Whether it says for what it may be used.
    pub(super) has_usage: bool,
}

impl Certificate {
    /// Reads a certificate.
    ///
    /// # Errors
    ///
    /// What is malformed, as a lowercase fragment.
    pub(crate) fn parse(der: &CertificateDer<'_>) -> Result<Self, String> {
        let (rest, parsed) =
            X509Certificate::from_der(der).map_err(|_| "it is not a certificate".to_owned())?;
        if !rest.is_empty() {
            return Err("bytes follow the certificate".to_owned());
        }
        let (key_type, key_bits) = key(parsed.public_key());
        let algorithm = signature_name(&parsed.signature_algorithm);
        Ok(Self {
            subject: parsed.subject().to_string(),
            issuer: parsed.issuer().to_string(),
            serial: hex(magnitude(parsed.raw_serial())),
            not_before: time(parsed.validity().not_before.timestamp()),
            not_after: time(parsed.validity().not_after.timestamp()),
            weak_key: weak_key(key_type, key_bits),
            weak_signature: weak_signature(&algorithm),
            key_type,
            key_bits,
            signature_algorithm: algorithm,
            fingerprint: hex(&Sha256::digest(der)),
            sans: sans(&parsed),
            is_ca: parsed.is_ca(),
            self_issued: same_name(parsed.subject(), parsed.issuer()),
            der: der.clone().into_owned(),
            subject_der: parsed.subject().as_raw().to_vec(),
            issuer_der: parsed.issuer().as_raw().to_vec(),
            has_usage: !matches!(parsed.extended_key_usage(), Ok(None)),
        })
    }

    /// Returns a short name for messages.
    pub(crate) fn name(&self) -> &str {
        match (self.subject.is_empty(), self.sans.first()) {
            (true, Some(san)) => san,
            _ => &self.subject,
        }
    }
}

fn same_name(one: &X509Name<'_>, other: &X509Name<'_>) -> bool {
    one.as_raw() == other.as_raw()
}

/// The year 9999 means "does not expire" and ends after the last moment that can be told.
fn time(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(if seconds < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

/// Returns the bytes of a positive number without the zero that only says it is positive.
fn magnitude(serial: &[u8]) -> &[u8] {
    match serial {
        [0, rest @ ..] if rest.first().is_some_and(|byte| byte & 0x80 != 0) => rest,
        whole => whole,
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}

fn sans(parsed: &X509Certificate<'_>) -> Vec<String> {
    parsed
        .extensions()
        .iter()
        .filter_map(|extension| match extension.parsed_extension() {
            ParsedExtension::SubjectAlternativeName(names) => Some(&names.general_names),
            _ => None,
        })
        .flatten()
        .filter_map(|name| match name {
            GeneralName::DNSName(name) => Some((*name).to_owned()),
            GeneralName::IPAddress(bytes) => address(bytes).map(|address| address.to_string()),
            GeneralName::URI(uri) => Some((*uri).to_owned()),
            GeneralName::RFC822Name(mail) => Some((*mail).to_owned()),
            _ => None,
        })
        .collect()
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    <[u8; 4]>::try_from(bytes)
        .map(IpAddr::from)
        .or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from))
        .ok()
}

fn key(info: &SubjectPublicKeyInfo<'_>) -> (&'static str, u32) {
    let oid = info.algorithm.algorithm.to_id_string();
    match info.parsed() {
        Ok(PublicKey::RSA(rsa)) => ("rsa", bits(rsa.modulus)),
        Ok(PublicKey::EC(point)) => (
            "ecdsa",
            curve(&info.algorithm).unwrap_or(point_bits(point.key_size())),
        ),
        Ok(PublicKey::DSA(_)) => ("dsa", 0),
        _ => match oid.as_str() {
            "1.3.101.112" => ("ed25519", 256),
            "1.3.101.113" => ("ed448", 456),
            "1.2.840.10040.4.1" => ("dsa", 0),
            _ => ("unknown", 0),
        },
    }
}

fn point_bits(bits: usize) -> u32 {
    u32::try_from(bits).unwrap_or(0)
}

fn bits(modulus: &[u8]) -> u32 {
    let significant = modulus
        .iter()
        .position(|byte| *byte != 0)
        .unwrap_or(modulus.len());
    let Some(rest) = modulus.get(significant..) else {
        return 0;
    };
    rest.first().map_or(0, |first| {
        u32::try_from(rest.len() * 8).unwrap_or(u32::MAX) - first.leading_zeros()
    })
}

fn curve(algorithm: &AlgorithmIdentifier<'_>) -> Option<u32> {
    let oid = algorithm.parameters()?.as_oid().ok()?;
    match oid.to_id_string().as_str() {
        "1.2.840.10045.3.1.1" => Some(192),
        "1.3.132.0.33" => Some(224),
        "1.2.840.10045.3.1.7" | "1.3.132.0.10" => Some(256),
        "1.3.132.0.34" => Some(384),
        "1.3.132.0.35" => Some(521),
        _ => None,
    }
}

fn signature_name(algorithm: &AlgorithmIdentifier<'_>) -> String {
    let oid = algorithm.algorithm.to_id_string();
    match oid.as_str() {
        "1.2.840.113549.1.1.2" => "rsa-md2",
        "1.2.840.113549.1.1.4" => "rsa-md5",
        "1.2.840.113549.1.1.5" => "rsa-sha1",
        "1.2.840.113549.1.1.14" => "rsa-sha224",
        "1.2.840.113549.1.1.11" => "rsa-sha256",
        "1.2.840.113549.1.1.12" => "rsa-sha384",
        "1.2.840.113549.1.1.13" => "rsa-sha512",
        "1.2.840.113549.1.1.10" => "rsa-pss",
        "1.2.840.10045.4.1" => "ecdsa-sha1",
        "1.2.840.10045.4.3.1" => "ecdsa-sha224",
        "1.2.840.10045.4.3.2" => "ecdsa-sha256",
        "1.2.840.10045.4.3.3" => "ecdsa-sha384",
        "1.2.840.10045.4.3.4" => "ecdsa-sha512",
        "1.2.840.10040.4.3" => "dsa-sha1",
        "2.16.840.1.101.3.4.3.2" => "dsa-sha256",
        "1.3.101.112" => "ed25519",
        "1.3.101.113" => "ed448",
        _ => return oid,
    }
    .to_owned()
}

/// RSA below 2048 bits, or of a length that no honest tool makes; DSA; elliptic curves below 256 bits.
fn weak_key(key_type: &str, key_bits: u32) -> Option<String> {
    match (key_type, key_bits) {
        ("rsa", bits) if bits < 2048 => Some(format!("an RSA key of {bits} bits")),
        ("rsa", bits) if bits % 8 != 0 => {
            Some(format!("an RSA key of {bits} bits, not a multiple of 8"))
        }
        ("dsa", _) => Some("a DSA key".to_owned()),
        ("ecdsa", bits) if bits < 256 => Some(format!("an elliptic curve of {bits} bits")),
        _ => None,
    }
}

fn weak_signature(algorithm: &str) -> Option<String> {
    let weak = algorithm.starts_with("dsa-")
        || ["-md2", "-md5", "-sha1"]
            .iter()
            .any(|hash| algorithm.ends_with(hash));
    weak.then(|| format!("the signature algorithm {algorithm}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_keep_their_zeros_and_lose_the_sign() {
        assert_eq!(hex(magnitude(&[0, 0x80, 1])), "8001");
        assert_eq!(hex(magnitude(&[0, 1])), "0001");
        assert_eq!(hex(magnitude(&[])), "");
    }

    #[test]
    fn bits_of_a_modulus_are_counted_not_its_bytes() {
        assert_eq!(bits(&[0, 0x80, 0]), 16);
        assert_eq!(bits(&[0x40, 0]), 15);
        assert_eq!(bits(&[0, 0]), 0);
        assert_eq!(bits(&[]), 0);
    }

    #[test]
    fn the_end_of_time_is_the_year_9999() {
        assert_eq!(time(253_402_300_799), Timestamp::MAX);
        assert_eq!(time(0), Timestamp::UNIX_EPOCH);
    }

    #[test]
    fn what_is_too_weak() {
        for (key_type, bits, weak) in [
            ("rsa", 1024, true),
            ("rsa", 2048, false),
            ("rsa", 2049, true),
            ("ecdsa", 192, true),
            ("ecdsa", 256, false),
            ("ed25519", 256, false),
            ("dsa", 0, true),
            ("unknown", 0, false),
        ] {
            assert_eq!(
                weak_key(key_type, bits).is_some(),
                weak,
                "{key_type} {bits}"
            );
        }
        assert!(weak_signature("rsa-sha1").is_some());
        assert!(weak_signature("rsa-sha256").is_none());
    }

    #[test]
    fn garbage_is_no_certificate() {
        for bytes in [&b""[..], b"\x30", b"\x30\x03\x02\x01\x01", &[0xff; 64]] {
            assert!(Certificate::parse(&CertificateDer::from(bytes)).is_err());
        }
    }
}
