//! What every kind says is worth expecting names facts that it has, in ways that fit them.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use gonogo_kind::{Diagnostics, FactType, Hold, KindTable as _, Matcher, flow};
use gonogo_probes::Kinds;

#[test]
fn every_kind_names_facts_that_it_has() {
    for kind in Kinds::new().kinds() {
        assert!(
            !kind.worth.is_empty(),
            "{}: nothing is worth expecting",
            kind.name
        );
        for worth in kind.worth {
            let name = format!("{} {}", kind.name, worth.fact);
            let fact = kind
                .fact(worth.fact)
                .unwrap_or_else(|| panic!("{name}: no such fact"));
            let fits = match worth.hold {
                Hold::Exact => matches!(
                    fact.ty,
                    FactType::Boolean
                        | FactType::Integer
                        | FactType::Text
                        | FactType::Choice(_)
                        | FactType::List(FactType::Text)
                ),
                Hold::AtLeast => fact.ty == FactType::Version,
                Hold::Limit => fact.ty == FactType::Duration,
                Hold::Health => matches!(fact.ty, FactType::Json | FactType::Text),
                Hold::Matcher(text) => {
                    let node = flow::read(text).unwrap();
                    Matcher::read(&node, fact.ty, &mut Diagnostics::default()).is_some()
                }
            };
            assert!(fits, "{name}: {:?} of {:?}", worth.hold, fact.ty);
            let same = kind
                .worth
                .iter()
                .filter(|w| w.fact == worth.fact && w.strength == worth.strength);
            assert_eq!(same.count(), 1, "{name}: twice");
        }
    }
}
