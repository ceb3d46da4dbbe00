//! What TLS keeps for a run: the provider, the roots, what they vouch for, the queue for the processor.

use std::sync::{Arc, Mutex, PoisonError};

use gonogo_kind::{ProbeCx, RootsSource};
use gonogo_model::{Fault, codes};
use rustls::crypto::CryptoProvider;
use tokio::sync::{OnceCell, Semaphore};

use super::memo::Memo;
use super::roots::Roots;
use crate::net::within;

/// What TLS keeps for a run.
#[derive(Debug)]
pub(crate) struct Trust {
    stores: Mutex<Vec<(Arc<RootsSource>, Cell)>>,
    pub(super) provider: Arc<CryptoProvider>,
    pub(super) computing: Semaphore,
}

/// Where the roots of a source stand once they are read.
type Cell = Arc<OnceCell<Arc<Store>>>;

/// Roots, and the chains they were found to vouch for.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) roots: Roots,
    pub(super) memo: Memo,
}

impl Store {
    pub(super) fn new(roots: Roots) -> Self {
        Self {
            roots,
            memo: Memo::default(),
        }
    }
}

impl Default for Trust {
    fn default() -> Self {
        Self {
            stores: Mutex::default(),
            provider: Arc::new(rustls::crypto::ring::default_provider()),
            computing: Semaphore::new(COMPUTING),
        }
    }
}

impl Trust {
    /// Returns the roots of a source; they are read at the first call.
    pub(super) async fn store(
        &self,
        source: &Arc<RootsSource>,
        cx: &ProbeCx,
    ) -> Result<Arc<Store>, Fault> {
        let cell = self.cell(source);
        let load = async {
            let source = Arc::clone(source);
            tokio::task::spawn_blocking(move || Roots::load(&source))
                .await
                .unwrap_or_else(|_panic| {
                    Err(Fault::new(
                        codes::tls::NO_ROOTS,
                        "reading the roots crashed",
                    ))
                })
                .map(|roots| Arc::new(Store::new(roots)))
        };
        // A failure is not kept: a machine out of descriptors may have some again at the next attempt.
        match within("roots", cx, cell.get_or_try_init(|| load)).await {
            Ok(store) => store.cloned(),
            Err(_timeout) => Err(Fault::new(
                codes::tls::NO_ROOTS,
                "reading the roots took too long",
            )),
        }
    }

    fn cell(&self, source: &Arc<RootsSource>) -> Cell {
        let mut stores = self.stores.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, cell)) = stores.iter().find(|(known, _)| known == source) {
            return Arc::clone(cell);
        }
        let cell = Cell::default();
        stores.push((Arc::clone(source), Arc::clone(&cell)));
        cell
    }
}

/// Handshakes computed at once; more would only make all of them look slow.
const COMPUTING: usize = 64;
