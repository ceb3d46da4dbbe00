use super::STATE;
use crate::decl::FactType;
use crate::diagnostic::Diagnostics;
use crate::flow;
use crate::matcher::Matcher;

/// Type, matcher, code, message.
const TABLE: &[(FactType, &str, &str, &str)] = &[
    (
        FactType::Duration,
        "under 80%",
        "config/wrong_unit",
        "`80%` is a ratio, and a duration is wanted",
    ),
    (
        FactType::Duration,
        "under 500",
        "config/wrong_unit",
        "`500` is a number without a unit, and a duration is wanted",
    ),
    (
        FactType::Size,
        "30d",
        "config/wrong_unit",
        "`30d` is a duration, and a size is wanted",
    ),
    (
        FactType::Ratio,
        "over 80",
        "config/wrong_unit",
        "`80` is a number without a unit, and a ratio is wanted",
    ),
    (
        FactType::Integer,
        "010",
        "config/wrong_matcher",
        "`010` is not an integer",
    ),
    (
        FactType::Integer,
        "over the hill",
        "config/wrong_matcher",
        "`over` takes a quantity, and `the hill` is none",
    ),
    (
        FactType::Integer,
        "299..200",
        "config/empty_range",
        "a range from the higher to the lower end never holds",
    ),
    (
        FactType::Text,
        "not found",
        "config/wrong_matcher",
        "`not` takes a quantity, and `found` is none",
    ),
    (
        FactType::Text,
        "over 5",
        "config/wrong_matcher",
        "`over` compares quantities, and this fact is text",
    ),
    (
        FactType::Duration,
        "{ contains: 5 }",
        "config/wrong_matcher",
        "`contains` says nothing about a duration",
    ),
    (
        FactType::Text,
        "{ matches: '(' }",
        "config/bad_regex",
        "`(` is not a pattern: unclosed group",
    ),
    (
        FactType::Text,
        "[]",
        "config/empty_list",
        "an empty list asserts nothing",
    ),
    (
        FactType::Text,
        "{}",
        "config/empty_matcher",
        "an empty map asserts nothing",
    ),
    (
        FactType::Text,
        "{ contans: x }",
        "config/unknown_key",
        "unknown key `contans` in a matcher",
    ),
    (
        STATE,
        "opened",
        "config/unknown_word",
        "`opened` is no word of this fact",
    ),
    (FactType::Json, "{ '$.a[': 1 }", "config/bad_jsonpath", ""),
];

#[test]
fn every_mistake_has_its_code_and_a_hint() {
    for (ty, text, code, message) in TABLE {
        let node = flow::read(text).unwrap_or_else(|why| panic!("{text}: {why}"));
        let mut diagnostics = Diagnostics::default();
        let read = Matcher::read(&node, *ty, &mut diagnostics);
        assert!(read.is_none(), "{text} was read as {read:?}");
        let [found] = diagnostics.as_slice() else {
            panic!("{text}: {:?}", diagnostics.as_slice());
        };
        assert_eq!(found.code, *code, "{text}: {}", found.message);
        assert!(
            message.is_empty() || found.message == *message,
            "{text}: {}",
            found.message
        );
        assert!(found.hint.is_some(), "{text}");
    }
}
