//! Names, connections and TLS, shared by the kinds that need them.

use std::sync::Arc;

/// What the probes of a run share: resolved names, trust roots, chains already validated, and the
/// limit on handshakes being computed.
#[derive(Debug, Default)]
pub struct Net {}

impl Net {
    /// Returns a fresh one; nothing is opened or read before it is needed.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::new(Self::default())
    }
}
