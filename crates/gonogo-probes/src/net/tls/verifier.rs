//! The verifier that rustls asks: it keeps what it sees and says yes, unless there is something to lose.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use rustls::client::ResolvesClientCert;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::sign::CertifiedKey;
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

use super::chain::{ChainVerdict, verify_chain};
use super::demand::Demand;
use super::identity::Identity;
use super::trust::Store;

/// What one handshake showed.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// The chain as it was sent, the server's certificate first.
    pub(super) sent: Vec<CertificateDer<'static>>,
    /// What there is to say about it.
    pub(super) verdict: ChainVerdict,
}

/// Watches one handshake.
#[derive(Debug)]
pub(super) struct Watch {
    store: Arc<Store>,
    provider: Arc<CryptoProvider>,
    identity: Option<Identity>,
    demand: Demand,
    strict: bool,
    now: Timestamp,
    seen: Mutex<Option<Seen>>,
    asked: AtomicBool,
}

impl Watch {
    pub(super) fn new(
        store: Arc<Store>,
        provider: Arc<CryptoProvider>,
        identity: Option<Identity>,
        demand: Demand,
        now: Timestamp,
    ) -> Arc<Self> {
        Arc::new(Self {
            store,
            provider,
            identity,
            demand,
            strict: false,
            now,
            seen: Mutex::new(None),
            asked: AtomicBool::new(false),
        })
    }

    /// Returns one that breaks the handshake off for a certificate that is not good: for a library that
    /// sends its request without asking again.
    pub(super) fn strict(
        store: Arc<Store>,
        provider: Arc<CryptoProvider>,
        now: Timestamp,
    ) -> Arc<Self> {
        Arc::new(Self {
            store,
            provider,
            identity: None,
            demand: Demand::Everything,
            strict: true,
            now,
            seen: Mutex::new(None),
            asked: AtomicBool::new(false),
        })
    }

    /// Takes what was seen of the server's certificates, if it came to that.
    pub(super) fn take(&self) -> Option<Seen> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    /// Returns whether the server asked for a certificate of ours.
    pub(super) fn was_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    /// Returns whether we have a certificate to show.
    pub(super) const fn has_identity(&self) -> bool {
        self.identity.is_some()
    }

    /// Returns what is demanded of the server's certificate.
    pub(super) const fn demand(&self) -> Demand {
        self.demand
    }
}

impl ServerCertVerifier for Watch {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verdict = verify_chain(leaf, intermediates, &self.store, name, self.now);
        let is_good = verdict.problems.iter().all(|p| self.demand.tolerates(p));
        let sent = std::iter::once(leaf)
            .chain(intermediates)
            .map(|der| der.clone().into_owned())
            .collect();
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(Seen { sent, verdict });
        // Our own certificate is for the server we meant and for nobody else.
        if is_good || (self.identity.is_none() && !self.strict) {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(Error::InvalidCertificate(CertificateError::UnknownIssuer))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

impl ResolvesClientCert for Watch {
    fn resolve(
        &self,
        _root_hint_subjects: &[&[u8]],
        _schemes: &[SignatureScheme],
    ) -> Option<Arc<CertifiedKey>> {
        self.asked.store(true, Ordering::Relaxed);
        self.identity
            .as_ref()
            .map(|identity| Arc::clone(&identity.key))
    }

    fn has_certs(&self) -> bool {
        // With `false` the server's question would never reach us.
        true
    }
}
