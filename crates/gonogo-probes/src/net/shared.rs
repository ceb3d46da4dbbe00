//! What the probes of a run share.

use std::sync::Arc;

use super::resolve::Names;
use super::tls::Trust;

/// What the probes of a run share: resolved names, trust roots, chains already validated, and the
/// limit on handshakes being computed.
#[derive(Debug, Default)]
pub struct Net {
    pub(super) names: Names,
    pub(super) trust: Trust,
}

impl Net {
    /// Returns a fresh one; nothing is opened or read before it is needed.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::new(Self::default())
    }
}
