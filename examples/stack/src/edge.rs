//! The edge: HTTPS in front of the gateway, with a certificate of a throw-away CA.

use std::fmt;
use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gonogo_testkit::ca::{Ca, Issued, Validity};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::fault::{Fault, Faults};
use crate::services;
use crate::stack::Trouble;

/// The certificates of the edge.
pub(crate) struct Edge {
    good: Issued,
    expired: Issued,
    ca_file: PathBuf,
}

impl fmt::Debug for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Edge")
            .field("ca_file", &self.ca_file)
            .finish_non_exhaustive()
    }
}

/// Presents the good certificate, or the expired one while that fault is in force.
#[derive(Debug)]
struct Presents {
    good: Arc<CertifiedKey>,
    expired: Arc<CertifiedKey>,
    faults: Faults,
}

impl ResolvesServerCert for Presents {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(if self.faults.has(Fault::Certificate) {
            &self.expired
        } else {
            &self.good
        }))
    }
}

impl Edge {
    /// Makes the CA, and writes its root into a folder.
    pub(crate) fn new(dir: &Path) -> Result<Self, Trouble> {
        let ca = Ca::with_intermediate();
        let ca_file = dir.join("ca.pem");
        fs::write(&ca_file, ca.root_pem())?;
        let good = ca.leaf(NAMES).valid(Validity::days(60)).issue();
        let expired = ca.leaf(NAMES).valid(Validity::ended_days_ago(3)).issue();
        Ok(Self {
            good,
            expired,
            ca_file,
        })
    }

    /// Returns the file of the root.
    pub(crate) fn ca_file(&self) -> &Path {
        &self.ca_file
    }

    /// Returns the chain and the key that nginx is to present, in PEM.
    pub(crate) fn pem(&self, expired: bool) -> (String, String) {
        let issued = if expired { &self.expired } else { &self.good };
        (issued.chain_pem(), issued.key_pem())
    }

    /// Serves the gateway over HTTPS on a free port, and returns the port.
    pub(crate) async fn serve(&self, faults: &Faults) -> Result<u16, Trouble> {
        let presents = Presents {
            good: certified(&self.good)?,
            expired: certified(&self.expired)?,
            faults: faults.clone(),
        };
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| Trouble::new(error.to_string()))?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(presents));
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let faults = faults.clone();
        tokio::spawn(async move {
            loop {
                // An accept that fails (a peer that is gone already) concerns nobody else.
                let Ok((stream, _)) = listener.accept().await else {
                    continue;
                };
                let (acceptor, faults) = (acceptor.clone(), faults.clone());
                tokio::spawn(async move {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        services::serve("gateway", stream, faults).await;
                    }
                });
            }
        });
        Ok(port)
    }
}

fn certified(issued: &Issued) -> Result<Arc<CertifiedKey>, Trouble> {
    let key = ring::sign::any_supported_type(&issued.key_der())
        .map_err(|error| Trouble::new(error.to_string()))?;
    Ok(Arc::new(CertifiedKey::new(issued.chain(), key)))
}

/// The names and addresses of the certificate.
const NAMES: &[&str] = &[
    "beluga.test",
    "api.beluga.test",
    "www.beluga.test",
    "localhost",
    "127.0.0.1",
];
