//! What `migrations` observes, and what it expects by itself.

use gonogo_kind::{BuiltIn, FactDecl};

/// The facts.
pub(super) const FACTS: &[FactDecl] = &[];

/// The built-in expectations.
pub(super) const BUILT_IN: &[BuiltIn] = &[];
