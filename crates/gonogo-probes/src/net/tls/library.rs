//! TLS for a library that makes the handshake by itself and then sends at once.
//!
//! Such a library gives nobody the time to look at the certificate, so the verifier is strict: a chain
//! that is not good ends the handshake, and not a byte of the request is sent. What was wrong is kept,
//! and told as for our own handshakes.

use std::fmt;
use std::io;
use std::sync::Arc;

use gonogo_kind::{ProbeCx, RootsSource};
use gonogo_model::{Fault, codes};
use rustls::client::{
    ClientSessionStore, Resumption, Tls12ClientSessionValue, Tls13ClientSessionValue,
};
use rustls::{ClientConfig, NamedGroup, RootCertStore};
use rustls_pki_types::ServerName;

use super::failure::{fault_of_problem, faults_of_handshake};
use super::verifier::Watch;
use crate::net::Net;

/// The TLS of one connection that a library makes.
#[derive(Debug)]
pub(crate) struct LibraryTls {
    /// What the library is given.
    pub(crate) config: ClientConfig,
    watch: Arc<Watch>,
}

impl LibraryTls {
    /// Returns the TLS of a connection to a server that one of the roots must vouch for.
    ///
    /// `begun` is called when the connection is made and the handshake begins.
    ///
    /// # Errors
    ///
    /// `tls/no_roots` when the roots cannot be read.
    pub(crate) async fn new(
        roots: &Arc<RootsSource>,
        net: &Net,
        cx: &ProbeCx,
        begun: impl Fn() + Send + Sync + 'static,
    ) -> Result<Self, Fault> {
        let trust = &net.trust;
        let store = trust.store(roots, cx).await?;
        let watch = Watch::strict(store, Arc::clone(&trust.provider), cx.now());
        let mut config = ClientConfig::builder_with_provider(Arc::clone(&trust.provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| Fault::new(codes::tls::HANDSHAKE, error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::<Watch>::clone(&watch))
            .with_client_cert_resolver(Arc::<Watch>::clone(&watch));
        config.resumption = Resumption::store(Arc::new(Forgetful {
            begun: Box::new(begun),
        }));
        Ok(Self { config, watch })
    }

    /// Returns what is wrong with the server's certificate, the cause first.
    pub(crate) fn problems(&self) -> Vec<Fault> {
        let seen = self.watch.take();
        let problems = seen.into_iter().flat_map(|seen| seen.verdict.problems);
        problems.map(|problem| fault_of_problem(&problem)).collect()
    }

    /// Returns the fault of a handshake that broke for another reason.
    pub(crate) fn fault(&self, error: &io::Error) -> Option<Fault> {
        let faults = faults_of_handshake(error, &self.watch, false);
        faults.into_iter().next()
    }
}

/// Returns a configuration for a connection without TLS: it trusts nobody.
///
/// # Errors
///
/// When the provider speaks no version that is safe.
pub(crate) fn no_tls(net: &Net) -> Result<ClientConfig, Fault> {
    let builder = ClientConfig::builder_with_provider(Arc::clone(&net.trust.provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| Fault::new(codes::tls::HANDSHAKE, error.to_string()))?;
    Ok(builder
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth())
}

/// Keeps no session: a resumed one shows no certificate. That it is asked for one tells the moment at
/// which a handshake begins, which the library tells nobody.
struct Forgetful {
    begun: Box<dyn Fn() + Send + Sync>,
}

impl fmt::Debug for Forgetful {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Forgetful")
    }
}

impl ClientSessionStore for Forgetful {
    fn set_kx_hint(&self, _server: ServerName<'static>, _group: NamedGroup) {}

    fn kx_hint(&self, _server: &ServerName<'_>) -> Option<NamedGroup> {
        (self.begun)();
        None
    }

    fn set_tls12_session(&self, _server: ServerName<'static>, _value: Tls12ClientSessionValue) {}

    fn tls12_session(&self, _server: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        None
    }

    fn remove_tls12_session(&self, _server: &ServerName<'static>) {}

    fn insert_tls13_ticket(&self, _server: ServerName<'static>, _value: Tls13ClientSessionValue) {}

    fn take_tls13_ticket(&self, _server: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        None
    }
}
