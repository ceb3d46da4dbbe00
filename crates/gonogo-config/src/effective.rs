//! Which expectations are in force.

use gonogo_kind::{Expectation, Expectations, KindDecl};
use gonogo_model::Strength;

use crate::expect::built_in;

/// Returns the built-in expectations that explicit ones leave in force, and the explicit ones.
///
/// An explicit `expect` replaces the built-in one on the same fact; `should` never does. An exact
/// `expect` on the kind's state fact replaces all of them.
pub(crate) fn effective(kind: &'static KindDecl, explicit: Vec<Expectation>) -> Expectations {
    let must = |name: &str| {
        explicit
            .iter()
            .find(|e| e.strength == Strength::Must && e.fact.name == name)
    };
    let wants_a_state = kind
        .state
        .and_then(must)
        .is_some_and(|e| e.matcher.is_exact());
    let mut list: Vec<Expectation> = if wants_a_state {
        Vec::new()
    } else {
        built_in(kind)
            .into_iter()
            .filter(|b| b.strength == Strength::Should || must(b.fact.name).is_none())
            .collect()
    };
    list.extend(explicit);
    Expectations { list }
}
