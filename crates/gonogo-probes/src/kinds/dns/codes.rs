//! The codes of `dns`.

use gonogo_model::CodeDecl;

/// Every code of this kind.
pub(super) const ALL: &[&CodeDecl] = &[];
