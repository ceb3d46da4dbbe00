//! Tests of matchers that hold for nothing.

use super::STATE;
use crate::decl::FactType;
use crate::diagnostic::Diagnostics;
use crate::flow;
use crate::matcher::Matcher;

const TEXTS: FactType = FactType::List(&FactType::Text);
const NUMBERS: FactType = FactType::List(&FactType::Integer);

/// Type, matcher, whether it holds for nothing.
const TABLE: &[(FactType, &str, bool)] = &[
    (FactType::Ratio, "over 100%", true),
    (FactType::Ratio, "at least 100%", false),
    (FactType::Ratio, "at least 100.01%", true),
    (FactType::Ratio, "101%", true),
    (FactType::Ratio, "over 99.99%", false),
    (FactType::Ratio, "under 0%", true),
    (FactType::Ratio, "under 0.001%", false),
    (FactType::Ratio, "100%..200%", false),
    (FactType::Ratio, "101%..200%", true),
    (FactType::Ratio, "[80%, 101%]", false),
    (FactType::Ratio, "{ not: 0%..100% }", true),
    (FactType::Ratio, "{ not: at least 0% }", true),
    (FactType::Size, "under 0B", true),
    (FactType::Size, "at most 0B", false),
    (FactType::Size, "under 1B", false),
    (FactType::Size, "{ is: 2GiB, not: over 1GiB }", true),
    (FactType::Size, "{ is: 1GiB, not: over 1GiB }", false),
    // What lies ahead may be over: whether it is, its name says.
    (FactType::Duration, "under 0s", false),
    (
        FactType::Integer,
        "{ not: at most 5, one_of: [1..5] }",
        true,
    ),
    (
        FactType::Integer,
        "{ not: at most 5, one_of: [1..6] }",
        false,
    ),
    (FactType::Integer, "{ not: [5, 7], one_of: [5..7] }", false),
    (FactType::Integer, "{ not: [5, 6], one_of: [5..6] }", true),
    (FactType::Number, "{ not: [5, 6], one_of: [5..6] }", false),
    (FactType::Integer, "over 999999999999999999999", false),
    (FactType::Integer, "{ is: 5, absent: true }", true),
    (FactType::Integer, "{ is: 5, absent: false }", false),
    (FactType::Integer, "{ absent: true }", false),
    (FactType::Integer, "{ not: { absent: true } }", false),
    (FactType::Boolean, "{ not: [true, false] }", true),
    (FactType::Boolean, "{ not: true }", false),
    (FactType::Boolean, "{ is: true, not: true }", true),
    (STATE, "{ not: [open, refused, timeout] }", true),
    (STATE, "{ not: [open, refused] }", false),
    (STATE, "{ is: open, one_of: [refused, timeout] }", true),
    (FactType::Text, "{ is: ok, contains: k }", false),
    (FactType::Text, "{ is: ok, contains: x }", true),
    (FactType::Text, "{ one_of: [a, b], starts_with: c }", true),
    (FactType::Text, "{ one_of: [a, b], not: b }", false),
    (
        FactType::Text,
        "{ contains: a, not: { contains: a } }",
        false,
    ),
    (FactType::Text, "{ length: under 0 }", true),
    (FactType::Text, "{ length: under 1 }", false),
    (FactType::Version, "{ is: 15.4, not: 15.4 }", false),
    (TEXTS, "{ length: 0, has: a }", true),
    (TEXTS, "{ length: 1, has: a }", false),
    (TEXTS, "{ length: at most 0, all: { contains: a } }", true),
    (TEXTS, "{ length: 0, absent: false }", false),
    (TEXTS, "{ all: { one_of: [a, b] }, has: c }", true),
    (TEXTS, "{ all: { one_of: [a, b] }, has: b }", false),
    (TEXTS, "{ all: a, none: a }", true),
    (TEXTS, "{ any: a, none: a }", true),
    (TEXTS, "{ any: a, none: b }", false),
    (NUMBERS, "{ all: over 5, any: under 3 }", true),
    (NUMBERS, "{ all: over 5, any: under 7 }", false),
    (NUMBERS, "{ all: over 5, any: under 6 }", true),
    (NUMBERS, "{ none: over 5, has: 6 }", true),
    (FactType::Json, "{ $.a: { is: 5, not: over 4 } }", true),
    (FactType::Json, "{ $.a: { is: '5', not: over 4 } }", true),
    (FactType::Json, "{ $.a: { not: over 4 } }", false),
    (FactType::Json, "{ $.a: { not: 4, one_of: [4, x] } }", true),
    (
        FactType::Json,
        "{ $.a: { all: over 5, any: under 3 } }",
        true,
    ),
    (FactType::Json, "{ $.a: { all: over 5, any: x } }", true),
    (
        FactType::Json,
        "{ '$.a[*]': { all: over 5, any: 6 } }",
        false,
    ),
    (FactType::Json, "{ $.a: { length: 2, is: [] } }", true),
    (FactType::Json, "{ $.a: { length: 0, is: [] } }", false),
    (
        FactType::Headers,
        "{ server: { absent: true, contains: x } }",
        true,
    ),
    (FactType::Headers, "{ server: { absent: true } }", false),
    (FactType::Rows, "{ length: 0, all: { id: 1 } }", true),
    (FactType::Rows, "[{ id: 1 }]", false),
];

#[test]
fn what_holds_for_nothing_is_a_mistake() {
    for (ty, text, never) in TABLE {
        let node = flow::read(text).unwrap();
        let mut found = Diagnostics::default();
        let matcher = Matcher::read(&node, *ty, &mut found);
        let codes: Vec<_> = found.as_slice().iter().map(|d| d.code).collect();
        let wanted: &[&str] = if *never { &["config/never_holds"] } else { &[] };
        assert_eq!(
            (codes.as_slice(), matcher.is_none()),
            (wanted, *never),
            "{text}"
        );
    }
}

#[test]
fn a_span_of_time_is_never_below_zero() {
    for (text, never) in [
        ("under 0s", true),
        ("at most -5s", true),
        ("-3d", true),
        ("at most 0s", false),
        ("under 1ns", false),
        ("not 0s", false),
    ] {
        let matcher = super::matcher(text, FactType::Duration);
        assert_eq!(matcher.holds_for_no_span(), never, "{text}");
    }
}
