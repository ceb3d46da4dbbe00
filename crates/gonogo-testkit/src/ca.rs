//! A throw-away certificate authority.
//!
//! Everything that can be wrong with a certificate is one word on [`Leaf`]; what is not said is right.

use std::time::Duration;

use jiff::{Timestamp, ToSpan as _};
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CustomExtension, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, SanType,
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// Returns a moment as the type of another crate, which is reached through a date of its own.
macro_rules! offset {
    ($time:expr) => {
        rcgen::date_time_ymd(1970, 1, 1)
            + Duration::from_secs(
                u64::try_from($time.as_second()).expect("the times of a test lie after 1970"),
            )
    };
}

/// A root, and maybe an intermediate below it that signs in its place.
#[derive(Debug)]
pub struct Ca {
    root: Authority,
    intermediate: Option<Authority>,
}

#[derive(Debug)]
struct Authority {
    certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

/// What is unusual about an authority.
#[derive(Debug, Clone)]
pub struct Setup {
    name: String,
    root: Validity,
    intermediate: Option<Validity>,
}

/// From when until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// The first moment.
    pub from: Timestamp,
    /// The last moment.
    pub until: Timestamp,
}

/// A certificate to be issued.
#[derive(Debug)]
pub struct Leaf<'ca> {
    ca: &'ca Ca,
    params: CertificateParams,
    key: Key,
    signer: Signer,
}

/// The key of a certificate.
#[derive(Debug, Clone, Default)]
pub enum Key {
    /// ECDSA on P-256.
    #[default]
    P256,
    /// ECDSA on P-384.
    P384,
    /// Ed25519.
    Ed25519,
    /// A private key in PEM, for what cannot be generated here: RSA.
    Pem(String),
}

/// What a certificate says it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Usage {
    /// Servers.
    Server,
    /// Clients.
    Client,
    /// Programs.
    CodeSigning,
}

#[derive(Debug, Clone, Copy)]
enum Signer {
    Lowest,
    Root,
    Itself,
}

/// An issued certificate and its key.
#[derive(Debug)]
pub struct Issued {
    certificate: Certificate,
    intermediates: Vec<Certificate>,
    key: KeyPair,
    validity: Validity,
}

impl Ca {
    /// Makes a root.
    #[must_use]
    pub fn new() -> Self {
        Self::setup("Test").make()
    }

    /// Makes a root and an intermediate that signs in its place.
    #[must_use]
    pub fn with_intermediate() -> Self {
        Self::setup("Test").intermediate(Validity::long(5)).make()
    }

    /// Begins an authority with peculiarities; its certificates are called `NAME Root` and
    /// `NAME Intermediate`.
    #[must_use]
    pub fn setup(name: &str) -> Setup {
        Setup {
            name: name.to_owned(),
            root: Validity::long(10),
            intermediate: None,
        }
    }

    /// Returns the root in PEM: what a client has to trust.
    #[must_use]
    pub fn root_pem(&self) -> String {
        self.root.certificate.pem()
    }

    /// Returns the root in DER.
    #[must_use]
    pub fn root_der(&self) -> CertificateDer<'static> {
        self.root.certificate.der().clone()
    }

    /// Begins a certificate for these names and addresses; the first is its subject.
    #[must_use]
    pub fn leaf(&self, names: &[&str]) -> Leaf<'_> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let subject = names.first().cloned().unwrap_or_default();
        let mut params =
            CertificateParams::new(names).expect("the names of a test are names of servers");
        params.distinguished_name = named(&subject);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        Leaf {
            ca: self,
            params,
            key: Key::default(),
            signer: Signer::Lowest,
        }
        .valid(Validity::days(90))
    }
}

impl Default for Ca {
    fn default() -> Self {
        Self::new()
    }
}

impl Setup {
    /// Sets the validity of the root.
    #[must_use]
    pub const fn root(mut self, validity: Validity) -> Self {
        self.root = validity;
        self
    }

    /// Adds an intermediate that signs in the place of the root.
    #[must_use]
    pub const fn intermediate(mut self, validity: Validity) -> Self {
        self.intermediate = Some(validity);
        self
    }

    /// Makes the authority.
    #[must_use]
    pub fn make(self) -> Ca {
        self.with_key(generate(&Key::P256))
    }

    /// Makes the authority twice, with the same name and the same key, each with a validity of its own.
    #[must_use]
    pub fn renewed(self, old: Validity, new: Validity) -> (Ca, Ca) {
        let key = generate(&Key::P256);
        let same = generate(&Key::Pem(key.serialize_pem()));
        let again = self.clone().root(new);
        (self.root(old).with_key(key), again.with_key(same))
    }

    fn with_key(self, key: KeyPair) -> Ca {
        let params = authority(&format!("{} Root", self.name), self.root);
        let certificate = params
            .self_signed(&key)
            .expect("a key that was just made can sign");
        let root = Authority {
            certificate,
            issuer: Issuer::new(params, key),
        };
        let intermediate = self.intermediate.map(|validity| {
            let params = authority(&format!("{} Intermediate", self.name), validity);
            let key = generate(&Key::P256);
            let certificate = params
                .signed_by(&key, &root.issuer)
                .expect("a key that was just made can sign");
            Authority {
                certificate,
                issuer: Issuer::new(params, key),
            }
        });
        Ca { root, intermediate }
    }
}

impl Validity {
    /// Returns a validity that began an hour ago and lasts some days from now.
    #[must_use]
    pub fn days(days: i64) -> Self {
        let now = now();
        Self {
            from: now - 1.hour(),
            until: now + (days * 24).hours(),
        }
    }

    /// Returns the validity of an authority: it began a year ago and lasts some years of 365 days.
    #[must_use]
    pub fn long(years: i64) -> Self {
        let now = now();
        Self {
            from: now - (365 * 24).hours(),
            until: now + (years * 365 * 24).hours(),
        }
    }

    /// Returns a validity that ended some days ago, after 90 days.
    #[must_use]
    pub fn ended_days_ago(days: i64) -> Self {
        let until = now() - (days * 24).hours();
        Self {
            from: until - (90 * 24).hours(),
            until,
        }
    }

    /// Returns a validity that begins in some days, for 90 days.
    #[must_use]
    pub fn begins_in_days(days: i64) -> Self {
        let from = now() + (days * 24).hours();
        Self {
            from,
            until: from + (90 * 24).hours(),
        }
    }
}

impl Leaf<'_> {
    /// Sets the validity; 90 days from now when it is not said.
    #[must_use]
    pub fn valid(mut self, validity: Validity) -> Self {
        self.params.not_before = offset!(validity.from);
        self.params.not_after = offset!(validity.until);
        self
    }

    /// Sets what it is for, and nothing else.
    #[must_use]
    pub fn usage(mut self, usage: Usage) -> Self {
        self.params.extended_key_usages = vec![match usage {
            Usage::Server => ExtendedKeyUsagePurpose::ServerAuth,
            Usage::Client => ExtendedKeyUsagePurpose::ClientAuth,
            Usage::CodeSigning => ExtendedKeyUsagePurpose::CodeSigning,
        }];
        self
    }

    /// Leaves open what it is for.
    #[must_use]
    pub fn any_usage(mut self) -> Self {
        self.params.extended_key_usages.clear();
        self
    }

    /// Makes it the certificate of a CA.
    #[must_use]
    pub fn as_ca(mut self) -> Self {
        self.params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        self.params.key_usages = vec![
            KeyUsagePurpose::KeyCertSign,
            KeyUsagePurpose::DigitalSignature,
        ];
        self
    }

    /// Sets the serial number, from its bytes.
    #[must_use]
    pub fn serial(mut self, bytes: &[u8]) -> Self {
        self.params.serial_number = Some(bytes.to_vec().into());
        self
    }

    /// Replaces the subject.
    #[must_use]
    pub fn subject(mut self, name: &str) -> Self {
        self.params.distinguished_name = named(name);
        self
    }

    /// Adds a name as it stands, checked by nobody.
    #[must_use]
    pub fn raw_name(mut self, name: SanType) -> Self {
        self.params.subject_alt_names.push(name);
        self
    }

    /// Adds a critical extension that nobody knows.
    #[must_use]
    pub fn critical_extension(mut self) -> Self {
        let mut extension = CustomExtension::from_oid_content(&[1, 2, 3, 4], vec![5, 0]);
        extension.set_criticality(true);
        self.params.custom_extensions.push(extension);
        self
    }

    /// Sets the key.
    #[must_use]
    pub fn key(mut self, key: Key) -> Self {
        self.key = key;
        self
    }

    /// Lets the root sign it, also when there is an intermediate.
    #[must_use]
    pub const fn signed_by_root(mut self) -> Self {
        self.signer = Signer::Root;
        self
    }

    /// Lets it sign itself.
    #[must_use]
    pub const fn self_signed(mut self) -> Self {
        self.signer = Signer::Itself;
        self
    }

    /// Issues it.
    #[must_use]
    pub fn issue(self) -> Issued {
        let key = generate(&self.key);
        let authority = match (self.signer, &self.ca.intermediate) {
            (Signer::Itself, _) => None,
            (Signer::Lowest, Some(intermediate)) => Some(intermediate),
            (Signer::Lowest, None) | (Signer::Root, _) => Some(&self.ca.root),
        };
        let certificate = match authority {
            Some(authority) => self.params.signed_by(&key, &authority.issuer),
            None => self.params.self_signed(&key),
        };
        let through = matches!(self.signer, Signer::Lowest);
        let intermediate = self.ca.intermediate.as_ref().filter(|_| through);
        Issued {
            certificate: certificate.expect("a key that was just made can sign"),
            intermediates: intermediate
                .map(|i| i.certificate.clone())
                .into_iter()
                .collect(),
            key,
            validity: Validity {
                from: stamp(self.params.not_before.unix_timestamp()),
                until: stamp(self.params.not_after.unix_timestamp()),
            },
        }
    }
}

impl Issued {
    /// Returns the certificate and the intermediates above it, in PEM.
    #[must_use]
    pub fn chain_pem(&self) -> String {
        let intermediates = self.intermediates.iter().map(Certificate::pem);
        std::iter::once(self.pem()).chain(intermediates).collect()
    }

    /// Returns the certificate alone, in PEM.
    #[must_use]
    pub fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// Returns the private key, in PEM.
    #[must_use]
    pub fn key_pem(&self) -> String {
        self.key.serialize_pem()
    }

    /// Returns the certificate and the intermediates above it.
    #[must_use]
    pub fn chain(&self) -> Vec<CertificateDer<'static>> {
        std::iter::once(&self.certificate)
            .chain(&self.intermediates)
            .map(|certificate| certificate.der().clone())
            .collect()
    }

    /// Returns the private key.
    #[must_use]
    pub fn key_der(&self) -> PrivateKeyDer<'static> {
        PrivatePkcs8KeyDer::from(self.key.serialize_der()).into()
    }

    /// Returns its validity, in whole seconds.
    #[must_use]
    pub const fn validity(&self) -> Validity {
        self.validity
    }
}

fn authority(name: &str, validity: Validity) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = named(name);
    params.not_before = offset!(validity.from);
    params.not_after = offset!(validity.until);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.use_authority_key_identifier_extension = true;
    params
}

fn named(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    distinguished
}

fn generate(key: &Key) -> KeyPair {
    match key {
        Key::P256 => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256),
        Key::P384 => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384),
        Key::Ed25519 => KeyPair::generate_for(&rcgen::PKCS_ED25519),
        Key::Pem(pem) => KeyPair::from_pem(pem),
    }
    .expect("the kinds of keys here can be made, and a test gives a key that can be read")
}

fn now() -> Timestamp {
    stamp(Timestamp::now().as_second())
}

fn stamp(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).expect("the times of a test lie in this age")
}
