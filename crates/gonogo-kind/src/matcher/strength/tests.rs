//! What is said to be stricter is stricter on every value that is tried.

use gonogo_model::{Reading, Value};
use serde_json::json;

use super::*;
use crate::decl::FactType;
use crate::diagnostic::Diagnostics;
use crate::matcher::Tested;
use crate::node::{Node, NodeValue};
use crate::{flow, unit};

fn matcher(text: &str, ty: FactType) -> Matcher {
    let mut told = Diagnostics::default();
    let node = flow::read(text).unwrap_or_else(|_| Node::plain(text));
    let read = Matcher::read(&node, ty, &mut told);
    read.unwrap_or_else(|| panic!("{text}: {told:?}"))
}

fn holds(matcher: &Matcher, reading: &Reading) -> bool {
    matches!(matcher.test(reading), Tested::Holds { .. })
}

/// Reads each matcher and value, and tries every pair of matchers on every value.
///
/// Returns how many pairs are said to be stricter, of those that are on these values.
fn try_all(ty: FactType, matchers: &[&str], values: Vec<Value>) -> (usize, usize) {
    let mut readings: Vec<Reading> = values.into_iter().map(Reading::Value).collect();
    readings.push(Reading::Absent);
    let read: Vec<Matcher> = matchers.iter().map(|text| matcher(text, ty)).collect();
    let (mut said, mut seem) = (0, 0);
    for (new_text, new) in matchers.iter().zip(&read) {
        assert!(
            new.is_at_least_as_strict_as(new),
            "{new_text} against itself"
        );
        for (old_text, old) in matchers.iter().zip(&read) {
            let wrong = readings
                .iter()
                .find(|reading| holds(new, reading) && !holds(old, reading));
            seem += usize::from(wrong.is_none());
            if new.is_at_least_as_strict_as(old) {
                said += 1;
                assert!(
                    wrong.is_none(),
                    "`{new_text}` is no stricter than `{old_text}`: {wrong:?}"
                );
            }
        }
    }
    (said, seem)
}

const QUANTITIES: &[&str] = &[
    "0",
    "3",
    "5",
    "over 3",
    "over 5",
    "under 3",
    "under 5",
    "at least 3",
    "at least 5",
    "at most 3",
    "at most 5",
    "not 3",
    "not 5",
    "3..5",
    "3..9",
    "5..5",
    "\"4..4.5\"",
    "[3, 5]",
    "[3, 3..5]",
    "{ one_of: [3, 5, 7] }",
    "{ not: [3, 5] }",
    "{ not: 3..5 }",
    "{ not: over 3 }",
    "{ not: 3, is: 5 }",
    "{ absent: false }",
    "{ absent: true }",
    "{ not: { one_of: [3, 5, 7] } }",
    "{ not: { not: 3 } }",
    "{ not: { absent: true } }",
    "{ is: 3 }",
    "{ one_of: [3..4, 8] }",
];

#[test]
fn bounds_and_ranges() {
    let texts = [
        "-1", "0", "2.999", "3", "3.5", "4", "4.7", "5", "5.0001", "7", "8", "9", "100",
    ];
    let numbers = texts
        .iter()
        .map(|t| Value::Number(unit::number(t).unwrap()));
    let (said, seem) = try_all(FactType::Number, QUANTITIES, numbers.collect());
    assert_eq!((said, seem), (224, 248));
}

const TEXTS: &[&str] = &[
    "ok",
    "okay",
    "{ is: ok }",
    "[ok, okay]",
    "{ one_of: [ok, no] }",
    "{ not: ok }",
    "{ not: [ok, no] }",
    "{ contains: o }",
    "{ contains: ok }",
    "{ starts_with: o }",
    "{ starts_with: ok }",
    "{ ends_with: k }",
    "{ ends_with: ok }",
    "{ not: { contains: o } }",
    "{ not: { contains: ok } }",
    "{ matches: '^o' }",
    "{ matches: 'k$' }",
    "{ length: 2 }",
    "{ length: over 2 }",
    "{ length: { not: 2 } }",
    "{ contains: o, length: 2 }",
    "{ absent: true }",
    "{ absent: false }",
    "{ not: { matches: '^o' } }",
    "{ not: { not: ok } }",
    "{ starts_with: ok, ends_with: y }",
    "{ not: { length: 2 } }",
    "{ not: { length: 2..4 } }",
    "{ not: { length: 0..2 } }",
];

#[test]
fn texts() {
    let values = ["", "o", "ok", "okay", "no", "nook", "k", "OK", "ko"];
    let values = values.into_iter().map(Value::text).collect();
    let (said, seem) = try_all(FactType::Text, TEXTS, values);
    assert!(said * 2 > seem, "{said} of {seem}");
}

const LISTS: &[&str] = &[
    "[a]",
    "[a, b]",
    "[b, a]",
    "[a, a]",
    "{ has: a }",
    "{ has: [a, b] }",
    "{ length: 1 }",
    "{ length: at least 1 }",
    "{ length: 0 }",
    "{ all: a }",
    "{ any: a }",
    "{ none: a }",
    "{ all: { contains: a } }",
    "{ any: { contains: a } }",
    "{ none: { contains: a } }",
    "{ all: [a, b] }",
    "{ none: [a, b] }",
    "{ all: { not: a } }",
    "{ all: { not: [a, b] } }",
    "{ not: { has: a } }",
    "{ not: { all: a } }",
    "{ not: [a] }",
    "{ is: [a, b] }",
    "{ absent: true }",
    "{ absent: false }",
    "{ all: a, length: 1 }",
    "{ is: [] }",
    "{ one_of: [[a], [b]] }",
    "{ has: { contains: a } }",
    "{ not: { length: 1 } }",
];

#[test]
fn lists() {
    let values: &[&[&str]] = &[
        &[],
        &["a"],
        &["b"],
        &["a", "b"],
        &["b", "a"],
        &["a", "a"],
        &["ab"],
        &["c"],
        &["a", "c"],
        &["a", "b", "c"],
        &[""],
    ];
    let list = |items: &&[&str]| Value::List(items.iter().copied().map(Value::text).collect());
    let values = values.iter().map(list).collect();
    let (said, seem) = try_all(FactType::List(&FactType::Text), LISTS, values);
    assert!(said * 3 > seem, "{said} of {seem}");
}

const MAPS: &[&str] = &[
    "{ a: x }",
    "{ a: x, b: y }",
    "{ b: y, a: x }",
    "{ a: { contains: x } }",
    "{ has: a }",
    "{ has: [a, b] }",
    "{ length: 1 }",
    "{ a: { absent: true } }",
    "{ a: { absent: false } }",
    "{ absent: true }",
    "{ absent: false }",
    "{ a: { not: x } }",
    "{ A: x }",
    "{ has: a, a: x }",
    "{ not: { has: a } }",
];

const HEADERS: &[&str] = &[
    "{ A: { contains: x } }",
    "{ a: { has: x } }",
    "{ a: { all: x } }",
    "{ a: { any: { contains: x } } }",
    "{ a: { none: y } }",
    "{ a: [x] }",
    "{ a: { one_of: [x, y] } }",
    "{ a: { length: 1 } }",
    "{ a: { not: [x, y] } }",
    "{ a: { absent: false, not: y } }",
    "{ a: { is: x } }",
    "{ a: [x, y] }",
    "{ a: { starts_with: x } }",
    "{ a: { none: { contains: y } } }",
];

#[test]
fn maps_and_headers() {
    let pairs: &[&[(&str, &str)]] = &[
        &[],
        &[("a", "x")],
        &[("A", "x")],
        &[("a", "xy")],
        &[("a", "y")],
        &[("b", "y")],
        &[("a", "x"), ("b", "y")],
        &[("a", "x"), ("a", "y")],
        &[("c", "")],
        &[("a", "x"), ("a", "x")],
    ];
    let map = |pairs: &&[(&str, &str)]| {
        let pairs = pairs.iter();
        Value::Map(
            pairs
                .map(|(k, v)| ((*k).to_owned(), Value::text(*v)))
                .collect(),
        )
    };
    let values = || pairs.iter().map(map).collect::<Vec<_>>();
    let (said, seem) = try_all(FactType::Map(&FactType::Text), MAPS, values());
    assert!(said * 3 > seem, "{said} of {seem}");
    let both: Vec<&str> = MAPS.iter().chain(HEADERS).copied().collect();
    let (said, seem) = try_all(FactType::Headers, &both, values());
    assert!(said * 4 > seem, "{said} of {seem}");
}

const DOCUMENTS: &[&str] = &[
    "{ $.a: 1 }",
    "{ $.a: over 0 }",
    "{ $.a: 0..3 }",
    "{ $.a: x }",
    "{ $.a: null }",
    "{ $.a: { absent: true } }",
    "{ $.a: { absent: false } }",
    "{ $.a: { not: null } }",
    "{ $.a: { is: { b: 1 } } }",
    "{ $.a.b: 1 }",
    "{ $.a.b: { absent: true } }",
    "{ $.a: { $.b: 1 } }",
    "{ $.a: { $.b: over 0 } }",
    "{ $.a: { has: b } }",
    "{ $.a: { has: [b, c] } }",
    "{ $.a: [1, 2] }",
    "{ $.a: { all: over 0 } }",
    "{ $.a: { any: over 1 } }",
    "{ $.a: { none: over 1 } }",
    "{ '$.a[*]': { all: over 0 } }",
    "{ '$.a[*]': { length: 2 } }",
    "{ '$.a[*]': { absent: true } }",
    "{ '$.a[*]': { absent: false } }",
    "{ '$.a[*]': 1 }",
    "{ '$.a[*]': over 0 }",
    "{ '$.a[*]': { any: 1 } }",
    "{ '$.a[*]': { has: 1 } }",
    "{ '$.a[*]': { not: 2 } }",
    "{ '$.a[*]': { is: [] } }",
    "{ '$.a[*]': { not: null } }",
    "{ '$.a[*]': { none: 2 } }",
    "{ '$.a[*]': { not: { not: 1 } } }",
    "{ $.a: [n/a, 3] }",
    "{ $.a: { one_of: [1, x] } }",
    "{ $.a: { not: { one_of: [1, x] } } }",
    "{ $.a: { not: 1 } }",
    "{ $.a: { not: x } }",
    "{ $.a: true }",
    "{ $.a: { contains: x } }",
    "{ $.a: { not: { contains: x } } }",
    "{ $.a: { length: 2 } }",
    "{ $.a: 1, $.c: 2 }",
    "{ is: { a: 1 } }",
    "{ absent: true }",
    "{ absent: false }",
    "{ has: a }",
    "{ $.a: { $: 1 } }",
    "{ $.a: { not: { $.b: 1 } } }",
    "{ $.a: 1, has: a }",
];

#[test]
fn documents() {
    let parts = [
        json!(null),
        json!(0),
        json!(1),
        json!(1.0),
        json!(2),
        json!(3),
        json!("x"),
        json!("n/a"),
        json!("xy"),
        json!(true),
        json!(false),
        json!([]),
        json!([1]),
        json!([2]),
        json!([1, 2]),
        json!([2, 1]),
        json!([0, 1]),
        json!([null]),
        json!({}),
        json!({"b": 1}),
        json!({"b": 2, "c": 1}),
        json!({"b": [1]}),
        json!([[]]),
        json!([{"b": 1}]),
    ];
    let mut values: Vec<Value> = parts
        .iter()
        .map(|part| Value::Json(json!({ "a": part })))
        .collect();
    values.extend(parts.into_iter().map(Value::Json));
    values.push(Value::Json(json!({"a": 1, "c": 2})));
    values.push(Value::Json(json!({"c": 2})));
    let (said, seem) = try_all(FactType::Json, DOCUMENTS, values);
    assert!(said * 4 > seem, "{said} of {seem}");
}

const ROWS: &[&str] = &[
    "[{ n: 1 }]",
    "[{ n: over 0 }]",
    "[{ n: 1 }, { n: 2 }]",
    "{ length: 1 }",
    "{ length: at least 1 }",
    "{ all: { n: over 0 } }",
    "{ all: { n: 1 } }",
    "{ any: { n: 1 } }",
    "{ none: { n: 1 } }",
    "{ has: { n: 1 } }",
    "{ '$[0].n': 1 }",
    "{ '$[*].n': { all: 1 } }",
    "{ is: [{ n: 1 }] }",
    "{ all: { n: { not: 2 } } }",
    "{ none: { n: over 1 } }",
    "{ none: { n: over 0 } }",
    "{ all: { n: 1, m: x } }",
];

#[test]
fn rows() {
    let rows = |values: &[Vec<(&str, Value)>]| {
        let row = |row: &Vec<(&str, Value)>| {
            Value::Map(
                row.iter()
                    .map(|(k, v)| ((*k).to_owned(), v.clone()))
                    .collect(),
            )
        };
        Value::List(values.iter().map(row).collect())
    };
    let n = |n: u64| vec![("n", Value::integer(n))];
    let values = vec![
        rows(&[]),
        rows(&[n(0)]),
        rows(&[n(1)]),
        rows(&[n(2)]),
        rows(&[n(1), n(2)]),
        rows(&[n(1), n(1)]),
        rows(&[vec![("n", Value::integer(1_u64)), ("m", Value::text("x"))]]),
        rows(&[vec![("m", Value::text("x"))]]),
        rows(&[vec![("n", Value::text("1"))]]),
    ];
    let (said, seem) = try_all(FactType::Rows, ROWS, values);
    assert!(said * 3 > seem, "{said} of {seem}");
}

/// What a reviewer would call stricter, or the same.
const STRICTER: &[(FactType, &str, &str)] = &[
    (FactType::Duration, "under 1m", "under 60s"),
    (FactType::Duration, "under 60s", "under 1m"),
    (FactType::Duration, "\"< 400ms\"", "under 500ms"),
    (FactType::Duration, "10ms..1s", "at most 2s"),
    (FactType::Duration, "over 30d", "over 14d"),
    (FactType::Size, "under 1GiB", "under 2GiB"),
    (FactType::Ratio, "under 0.7", "under 80%"),
    (FactType::Version, "\">= 16\"", "\">= 15.4\""),
    (FactType::Version, "16.1", "at least 15.4"),
    (
        FactType::Time,
        "over 2027-01-01T00:00:00Z",
        "over 2026-01-01T00:00:00Z",
    ),
    (FactType::Integer, "204", "200..299"),
    (FactType::Integer, "[200, 204]", "200..299"),
    (FactType::Integer, "[200]", "[200, 204]"),
    (FactType::Text, "primary", "{ one_of: [primary, replica] }"),
    (
        FactType::Text,
        "{ starts_with: https://a }",
        "{ starts_with: https }",
    ),
    (
        FactType::Text,
        "{ contains: ok, length: over 3 }",
        "{ contains: ok }",
    ),
    (FactType::Boolean, "true", "{ is: true }"),
    (FactType::Json, "{ $.a: 1, $.b: { $.c: x } }", "{ $.a: 1 }"),
    (FactType::Json, "{ $.n: 5 }", "{ $.n: over 3 }"),
    (FactType::Headers, "{ X-A: x, x-b: y }", "{ x-b: y }"),
    (
        FactType::Headers,
        "{ X-A: x }",
        "{ x-a: { absent: false } }",
    ),
    (FactType::List(&FactType::Text), "[b, a]", "[a, b]"),
    (
        FactType::List(&FactType::Text),
        "{ all: 'x', length: over 2 }",
        "{ length: over 1 }",
    ),
    (
        FactType::List(&FactType::Duration),
        "{ all: under 1s }",
        "{ all: under 2s }",
    ),
    (
        FactType::List(&FactType::Duration),
        "{ none: over 1s }",
        "{ none: over 2s }",
    ),
];

/// What must never pass for as strict.
const WEAKER: &[(FactType, &str, &str)] = &[
    (FactType::Duration, "under 501ms", "under 500ms"),
    (FactType::Duration, "at most 500ms", "under 500ms"),
    (FactType::Duration, "over 0s", "under 500ms"),
    (FactType::Duration, "not 5s", "under 500ms"),
    (FactType::Version, "at least 15.3", "at least 15.4"),
    (FactType::Integer, "200..499", "200..299"),
    (FactType::Integer, "[200, 500]", "200..299"),
    (FactType::Integer, "{ absent: false }", "200"),
    (FactType::Text, "{ contains: primary }", "primary"),
    (FactType::Text, "{ matches: '.*' }", "{ matches: 'ok' }"),
    (FactType::Text, "{ starts_with: o }", "{ starts_with: ok }"),
    (FactType::Text, "{ ends_with: ok }", "{ starts_with: ok }"),
    (FactType::Json, "{ $.a: 1 }", "{ $.a: 1, $.b: 2 }"),
    (FactType::Json, "{ $.b: 1 }", "{ $.a: 1 }"),
    (FactType::Json, "{ $.a: x }", "{ $.a: true }"),
    (FactType::Headers, "{ x-a: x }", "{ x-b: x }"),
    (FactType::List(&FactType::Text), "{ any: x }", "{ all: x }"),
    (FactType::List(&FactType::Text), "{ has: x }", "[x]"),
    (
        FactType::List(&FactType::Text),
        "{ length: 2 }",
        "{ length: over 2 }",
    ),
];

#[test]
fn what_a_reviewer_would_say() {
    for (ty, new, old) in STRICTER {
        let (read_new, read_old) = (matcher(new, *ty), matcher(old, *ty));
        assert!(
            read_new.is_at_least_as_strict_as(&read_old),
            "`{new}` after `{old}`"
        );
    }
    for (ty, new, old) in WEAKER {
        let (read_new, read_old) = (matcher(new, *ty), matcher(old, *ty));
        assert!(
            !read_new.is_at_least_as_strict_as(&read_old),
            "`{new}` after `{old}`"
        );
    }
}

/// Marks every scalar of a node as one that a secret was put into.
fn as_secret(mut node: Node) -> Node {
    match &mut node.value {
        NodeValue::Scalar(scalar) => scalar.secret = true,
        NodeValue::List(items) => {
            *items = std::mem::take(items).into_iter().map(as_secret).collect();
        }
        NodeValue::Map(entries) => {
            for entry in entries {
                entry.value = as_secret(entry.value.clone());
            }
        }
    }
    node
}

#[test]
fn a_secret_is_not_its_text_written_out() {
    for (ty, text) in [
        (FactType::Text, "token"),
        (FactType::Text, "{ contains: token }"),
        (FactType::Text, "[token, token]"),
        (FactType::Text, "{ not: token }"),
        (FactType::Text, "{ matches: token }"),
        (FactType::List(&FactType::Text), "[token]"),
        (FactType::Json, "{ $.a: token }"),
        (FactType::Json, "{ $.a: { is: { b: [token] } } }"),
        (FactType::Headers, "{ a: token }"),
        (FactType::Integer, "under 5"),
    ] {
        let mut told = Diagnostics::default();
        let open = matcher(text, ty);
        let node = as_secret(flow::read(text).unwrap());
        let secret = Matcher::read(&node, ty, &mut told).unwrap();
        assert!(secret.is_at_least_as_strict_as(&secret), "{text}");
        assert!(!open.is_at_least_as_strict_as(&secret), "{text}");
        assert!(!secret.is_at_least_as_strict_as(&open), "{text}");
    }
}

#[test]
fn a_hostile_matcher_costs_little() {
    let many: Vec<String> = (0..20_000).map(|n| format!("x{n}")).collect();
    let reversed: Vec<String> = many.iter().rev().cloned().collect();
    let text = |items: &[String]| format!("{{ not: {{ one_of: [{}] }} }}", items.join(", "));
    let new = matcher(&text(&many), FactType::Text);
    let old = matcher(&text(&reversed), FactType::Text);
    assert!(new.is_at_least_as_strict_as(&new));
    // It is the same, and looking for that would take too long.
    assert!(!new.is_at_least_as_strict_as(&old));
}
