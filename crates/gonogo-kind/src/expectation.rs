//! A fact, a matcher, and whether it must or should hold.

use gonogo_model::{ExpectationSummary, Origin, Strength};

use crate::decl::FactDecl;
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

/// Every expectation of a check that is in force, built-in ones included.
#[derive(Debug, Clone, Default)]
pub struct Expectations {
    /// The expectations, in the order in which they are shown.
    pub list: Vec<Expectation>,
}

impl Expectations {
    /// Returns the expectations as a plan shows them.
    #[must_use]
    pub fn summaries(&self) -> Vec<ExpectationSummary> {
        self.list
            .iter()
            .map(|e| ExpectationSummary {
                fact: e.fact.name.to_owned(),
                wanted: e.matcher.to_string(),
                strength: e.strength,
                origin: e.origin.clone(),
            })
            .collect()
    }
}
