//! A fact, a matcher, and whether it must or should hold.

use std::sync::Arc;

use gonogo_model::{ExpectationSummary, Finding, Origin, Strength};

use crate::condition::Condition;
use crate::decl::{FactDecl, FactType, KindDecl, Looks};
use crate::diagnostic::Diagnostics;
use crate::flow;
use crate::matcher::Matcher;

/// One expectation of a check.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// The fact it is about.
    pub fact: &'static FactDecl,
    /// What the fact is compared with.
    pub matcher: Matcher,
    /// Whether it must or should hold.
    pub strength: Strength,
    /// Where it comes from.
    pub origin: Origin,
    /// The author's own words for when it does not hold.
    pub message: Option<String>,
}

/// A condition over several facts that must hold: an `assert`.
#[derive(Debug, Clone)]
pub struct Assertion {
    /// The condition.
    pub condition: Arc<Condition>,
    /// Where it comes from.
    pub origin: Origin,
    /// The author's own words for when it does not hold.
    pub message: Option<String>,
}

/// Every expectation of a check that is in force, built-in ones included.
#[derive(Debug, Clone, Default)]
pub struct Expectations {
    /// The expectations, in the order in which they are shown.
    pub list: Vec<Expectation>,
    /// The conditions over facts, in the order of the file.
    pub asserts: Vec<Assertion>,
    /// What the check's kind looks at, which says whose fault it is when it cannot.
    pub looks: Looks,
}

impl Expectation {
    /// Returns whether the expectation holds whatever the fact is, as far as is easily seen.
    ///
    /// By convention a duration whose name ends in `_in` lies ahead and turns negative once it is over,
    /// so that `expires_in: at least 0s` says something.
    #[must_use]
    pub fn is_vacuous(&self) -> bool {
        self.matcher.is_vacuous(self.fact.ty) && !self.fact.name.ends_with("_in")
    }
}

impl Expectation {
    /// Returns whether the expectation is about a span of time, and holds for none.
    ///
    /// What lies ahead, by a name that ends in `_in`, may be over.
    #[must_use]
    pub fn never_holds(&self) -> bool {
        matches!(self.fact.ty, FactType::Duration)
            && !self.fact.name.ends_with("_in")
            && self.matcher.holds_for_no_span()
    }
}

impl Expectations {
    /// Returns what is in force for a check: what its author expects, and what the kind brings along.
    ///
    /// An explicit `expect` replaces the built-in expectations on its fact; a `should` never does. One
    /// that names another state than the good one (`state: refused`) replaces the whole built-in set,
    /// since a subject that refuses has no version.
    ///
    /// # Panics
    ///
    /// Never with a kind whose built-in matchers can be read, which a test holds for every kind.
    #[must_use]
    pub fn effective(kind: &KindDecl, explicit: Vec<Expectation>) -> Self {
        Self::beside(&built_in(kind), kind, explicit)
    }

    /// Does what [`Expectations::effective`] does with the kind's [`built_in`] expectations at hand, which
    /// a gate of many checks reads once.
    #[must_use]
    pub fn beside(built_in: &[Expectation], kind: &KindDecl, explicit: Vec<Expectation>) -> Self {
        let brought = if expects_another_state(built_in, kind, &explicit) {
            &[]
        } else {
            built_in
        };
        let mut list = Vec::with_capacity(brought.len() + explicit.len());
        list.extend(
            brought
                .iter()
                .filter(|b| !is_replaced(b, &explicit))
                .cloned(),
        );
        list.extend(explicit);
        Self {
            list,
            asserts: Vec::new(),
            looks: kind.looks,
        }
    }

    /// Adds conditions over facts; what the kind expects of the facts that they read is replaced.
    ///
    /// Whatever they say of the kind's state, they never replace its whole built-in set: only an
    /// `expect` names the failure that is wanted.
    #[must_use]
    pub fn asserting(mut self, asserts: Vec<Assertion>) -> Self {
        let reads = |name: &str| asserts.iter().any(|a| a.reads(name));
        self.list
            .retain(|e| e.origin != Origin::BuiltIn || !reads(e.fact.name));
        self.asserts.extend(asserts);
        self
    }

    /// Returns whether anything must hold, so that a pass proves something.
    #[must_use]
    pub fn prove_something(&self) -> bool {
        !self.asserts.is_empty() || self.list.iter().any(|e| e.strength == Strength::Must)
    }

    /// Returns the names of the facts that are compared with something.
    pub fn facts(&self) -> impl Iterator<Item = &'static str> {
        let asserted = self.asserts.iter().flat_map(|a| a.condition.facts());
        let listed = self.list.iter().map(|e| e.fact.name);
        listed.chain(asserted.map(|fact| fact.name))
    }

    /// Returns the expectations as a plan shows them, one for each part of a matcher.
    #[must_use]
    pub fn summaries(&self) -> Vec<ExpectationSummary> {
        let summary = |e: &Expectation| -> Vec<ExpectationSummary> {
            let leaves = e.matcher.leaves().into_iter();
            let summaries = leaves.map(|leaf| ExpectationSummary {
                fact: e.fact_name(leaf.place.as_deref()),
                wanted: leaf.wanted,
                strength: e.strength,
                origin: e.origin.clone(),
            });
            summaries.collect()
        };
        let assertion = |a: &Assertion| ExpectationSummary {
            fact: Finding::ASSERT.to_owned(),
            wanted: a.condition.shown(),
            strength: Strength::Must,
            origin: a.origin.clone(),
        };
        let listed = self.list.iter().flat_map(summary);
        listed.chain(self.asserts.iter().map(assertion)).collect()
    }
}

impl Assertion {
    fn reads(&self, name: &str) -> bool {
        self.condition.facts().iter().any(|fact| fact.name == name)
    }
}

/// What stands in the place of a fact where a finding is about several: the key of the gate file.
pub const ASSERT: &str = Finding::ASSERT;

impl Expectation {
    /// Returns the name of the fact with the place in it: `json $.db.connected`.
    pub(crate) fn fact_name(&self, place: Option<&str>) -> String {
        match place {
            Some(place) => format!("{} {place}", self.fact.name),
            None => self.fact.name.to_owned(),
        }
    }
}

/// Returns the expectations that a kind brings along.
///
/// # Panics
///
/// Never with a kind whose built-in matchers can be read, which a test holds for every kind.
#[must_use]
pub fn built_in(kind: &KindDecl) -> Vec<Expectation> {
    let read = |built_in: &crate::decl::BuiltIn| {
        let fact = kind
            .fact(built_in.fact)
            .expect("a kind declares the facts of its built-in expectations");
        let node = flow::read(built_in.matcher).expect("built-in matchers are well-formed");
        let matcher = Matcher::read(&node, fact.ty, &mut Diagnostics::default())
            .expect("built-in matchers fit their facts");
        Expectation {
            fact,
            matcher,
            strength: built_in.strength,
            origin: Origin::BuiltIn,
            message: None,
        }
    };
    kind.built_in.iter().map(read).collect()
}

fn is_replaced(built_in: &Expectation, explicit: &[Expectation]) -> bool {
    explicit
        .iter()
        .any(|e| e.strength == Strength::Must && e.fact.name == built_in.fact.name)
}

/// Returns whether an `expect` names the kind's state exactly, and not its good one.
fn expects_another_state(
    built_in: &[Expectation],
    kind: &KindDecl,
    explicit: &[Expectation],
) -> bool {
    let Some(state) = kind.state else {
        return false;
    };
    let good = || built_in.iter().filter(|b| b.fact.name == state);
    let accepts_good = |matcher: &Matcher| {
        let good = good().filter_map(|b| b.matcher.exact_values());
        good.flatten().any(|value| matcher.names_value(value))
    };
    explicit.iter().any(|e| {
        e.strength == Strength::Must
            && e.fact.name == state
            && e.matcher.is_exact()
            && !accepts_good(&e.matcher)
    })
}
