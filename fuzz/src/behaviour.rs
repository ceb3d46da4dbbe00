//! What a target did with an input, as far as it matters whether it was seen before.

use std::hash::{DefaultHasher, Hash, Hasher as _};

/// What a target did with an input: two that are equal are no news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Behaviour(pub(crate) u64);

impl Behaviour {
    /// Returns the behaviour that is described by some value.
    pub fn of(seen: impl Hash) -> Self {
        let mut hasher = DefaultHasher::new();
        seen.hash(&mut hasher);
        Self(hasher.finish())
    }
}
