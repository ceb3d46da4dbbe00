//! The certificate and key by which we show ourselves to a server.

use std::fmt;
use std::sync::Arc;

use gonogo_kind::{FieldMistake, Fields};
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

/// A client certificate with its key, found to belong together.
#[derive(Clone)]
pub(crate) struct Identity {
    pub(super) key: Arc<CertifiedKey>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(..)")
    }
}

/// Reads the identity from the fields `client_cert` and `client_key`, if they are given.
///
/// # Errors
///
/// What is wrong with them, at the field; the key itself is never shown.
pub(crate) fn identity_fields(fields: &Fields) -> Result<Option<Identity>, FieldMistake> {
    let (certificate, key) = match (fields.file("client_cert"), fields.file("client_key")) {
        (None, None) => return Ok(None),
        (Some(certificate), Some(key)) => (certificate, key),
        (Some(_), None) => {
            return Err(FieldMistake::new(
                "client_cert",
                "needs `client_key` beside it",
            ));
        }
        (None, Some(_)) => {
            return Err(FieldMistake::new(
                "client_key",
                "needs `client_cert` beside it",
            ));
        }
    };
    let chain = CertificateDer::pem_slice_iter(certificate)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| FieldMistake::new("client_cert", format!("is no PEM file: {error}")))?;
    if chain.is_empty() {
        return Err(FieldMistake::new("client_cert", "holds no PEM certificate"));
    }
    if is_encrypted(key) {
        return Err(
            FieldMistake::new("client_key", "is encrypted").hint("give a key without a passphrase")
        );
    }
    let key = PrivateKeyDer::from_pem_slice(key)
        .map_err(|_content| FieldMistake::new("client_key", "holds no PEM private key"))?;
    let provider = rustls::crypto::ring::default_provider();
    match CertifiedKey::from_der(chain, key, &provider) {
        Ok(key) => Ok(Some(Identity { key: Arc::new(key) })),
        Err(rustls::Error::InconsistentKeys(_)) => Err(FieldMistake::new(
            "client_key",
            "is not the key of the certificate in client_cert",
        )),
        Err(rustls::Error::InvalidCertificate(_)) => Err(FieldMistake::new(
            "client_cert",
            "holds a malformed certificate",
        )),
        Err(_) => Err(FieldMistake::new(
            "client_key",
            "is of no kind that can be used: RSA, ECDSA P-256 or P-384, or Ed25519",
        )),
    }
}

fn is_encrypted(pem: &[u8]) -> bool {
    let text = String::from_utf8_lossy(pem);
    text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED")
}
