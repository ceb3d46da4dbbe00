//! Tests of matchers that always hold.

use super::{STATE, matcher};
use crate::decl::{FactDecl, FactType};
use crate::expectation::Expectation;
use gonogo_model::{Origin, Strength};

/// Type, matcher, whether it holds whatever the fact is.
const TABLE: &[(FactType, &str, bool)] = &[
    (FactType::Duration, "at least 0s", true),
    (FactType::Duration, "over 0s", false),
    (FactType::Duration, "under 500ms", false),
    (FactType::Duration, "not 5s", false),
    (FactType::Size, "at least 0B", true),
    (FactType::Size, "at most 2GiB", false),
    (FactType::Ratio, "at most 100%", true),
    (FactType::Ratio, "under 100%", false),
    (FactType::Ratio, "under 101%", true),
    (FactType::Ratio, "0%..100%", true),
    (FactType::Ratio, "at least 0", true),
    (FactType::Integer, "at least 0", false),
    (FactType::Boolean, "[true, false]", true),
    (FactType::Boolean, "true", false),
    (STATE, "[open, refused, timeout]", true),
    (STATE, "{ one_of: [open, refused] }", false),
    (FactType::Text, "{ matches: '.*' }", true),
    (FactType::Text, "{ matches: 'a?' }", true),
    (FactType::Text, "{ matches: '^$' }", false),
    (FactType::Text, "{ matches: '.' }", false),
    (FactType::Text, "{ length: at least 0 }", true),
    (FactType::Text, "{ length: 0 }", false),
    (
        FactType::List(&FactType::Text),
        "{ length: at least 0 }",
        true,
    ),
    (
        FactType::List(&FactType::Text),
        "{ length: at least 1 }",
        false,
    ),
    (FactType::Text, "{ matches: '.*', contains: a }", false),
    (FactType::Json, "{ $.a: 1 }", false),
];

#[test]
fn matchers_that_always_hold_are_known() {
    for (ty, wanted, vacuous) in TABLE {
        assert_eq!(matcher(wanted, *ty).is_vacuous(*ty), *vacuous, "{wanted}");
    }
}

#[test]
fn a_distance_in_time_can_be_negative() {
    static FACTS: [FactDecl; 2] = [fact("duration"), fact("expires_in")];
    let is_vacuous = |fact: &'static FactDecl| {
        let matcher = matcher("at least 0s", fact.ty);
        let expectation = Expectation {
            fact,
            matcher,
            strength: Strength::Must,
            origin: Origin::Argument,
            message: None,
        };
        expectation.is_vacuous()
    };
    assert_eq!(FACTS.each_ref().map(is_vacuous), [true, false]);
}

const fn fact(name: &'static str) -> FactDecl {
    FactDecl {
        name,
        ty: FactType::Duration,
        sentence: "A time.",
        example: "over 1s",
    }
}
