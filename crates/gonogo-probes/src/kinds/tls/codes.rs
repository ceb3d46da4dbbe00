//! The codes of `tls`: those of the handshake, which every kind over TLS shares, stand in the model.

use gonogo_model::CodeDecl;

/// Every code of this kind that is not shared.
pub(super) const ALL: &[&CodeDecl] = &[];
