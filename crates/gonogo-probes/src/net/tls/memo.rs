//! Chains that this run has already validated.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use rustls_pki_types::CertificateDer;
use sha2::{Digest as _, Sha256};

use super::chain::Path;

/// The valid paths of one set of roots, by the exact bytes of the chain that was sent.
///
/// Only what is valid is kept, and only as long as every certificate of the path is in date.
#[derive(Debug, Default)]
pub(super) struct Memo {
    paths: Mutex<HashMap<[u8; 32], Arc<Path>>>,
}

impl Memo {
    /// Returns the path of a chain that was found valid and still is at `time`.
    pub(super) fn recall(&self, key: &[u8; 32], time: Timestamp) -> Option<Arc<Path>> {
        let paths = self.paths.lock().unwrap_or_else(PoisonError::into_inner);
        paths.get(key).filter(|path| path.is_in_date(time)).cloned()
    }

    /// Keeps a valid path.
    pub(super) fn keep(&self, key: [u8; 32], path: Arc<Path>) {
        let mut paths = self.paths.lock().unwrap_or_else(PoisonError::into_inner);
        if paths.len() < MOST_CHAINS {
            paths.insert(key, path);
        }
    }
}

/// Returns the key of a chain: the digest of its certificates and their lengths.
pub(super) fn key_of(leaf: &CertificateDer<'_>, intermediates: &[CertificateDer<'_>]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for certificate in std::iter::once(leaf).chain(intermediates) {
        digest.update(certificate.len().to_be_bytes());
        digest.update(certificate);
    }
    digest.finalize().into()
}

/// A gate of 20,000 checks sees fewer chains than this.
const MOST_CHAINS: usize = 20_000;
