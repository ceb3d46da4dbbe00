//! Tests of matchers that look into JSON, headers, maps and rows.

use gonogo_model::{Reading, Value};
use serde_json::json;

use super::{matcher, test};
use crate::decl::FactType;
use crate::matcher::Tested;

const TEXTS: FactType = FactType::List(&FactType::Text);
const SIZES: FactType = FactType::Map(&FactType::Size);

fn document() -> Value {
    let text = r#"{
        "status": "ok", "n": 1.0, "big": 12345678901234567891, "text": "100", "on": true, "nothing": null,
        "db": { "connected": true, "lag": 0.5 },
        "items": [
            { "name": "a", "state": "UP", "n": 3 },
            { "name": "b", "state": "UP", "n": 12 },
            { "name": "c", "state": "DOWN", "n": 7 }
        ],
        "tags": ["x", "y"], "numbers": [1, 2, 3], "empty": [], "hollow": {},
        "odd.name": 1, "deep": [[1], [2]]
    }"#;
    Value::Json(serde_json::from_str(text).unwrap())
}

/// Matcher, whether it holds, what is shown.
const JSON: &[(&str, bool, &str)] = &[
    ("{ $.status: ok }", true, "$.status: ok"),
    ("{ $.status: degraded }", false, "$.status: ok"),
    ("{ $.status: { not: DOWN } }", true, "$.status: ok"),
    ("{ $.n: 1 }", true, "$.n: 1.0"),
    (
        "{ $.big: 12345678901234567891 }",
        true,
        "$.big: 12345678901234567891",
    ),
    (
        "{ $.big: 12345678901234567890 }",
        false,
        "$.big: 12345678901234567891",
    ),
    (
        "{ $.big: over 12345678901234567890 }",
        true,
        "$.big: 12345678901234567891",
    ),
    // A number written as text is not a number, whichever way one asks.
    ("{ $.text: 100 }", false, "$.text: \"100\" (text)"),
    ("{ $.text: not 5 }", false, "$.text: \"100\" (text)"),
    ("{ $.text: under 500 }", false, "$.text: \"100\" (text)"),
    ("{ $.text: \"100\" }", true, "$.text: 100"),
    ("{ $.text: 0..200 }", false, "$.text: \"100\" (text)"),
    ("{ $.n: \"1\" }", false, "$.n: 1.0 (a number)"),
    ("{ $.n: { not: \"1\" } }", false, "$.n: 1.0 (a number)"),
    ("{ $.on: true }", true, "$.on: true"),
    ("{ $.on: \"true\" }", false, "$.on: true (a boolean)"),
    ("{ $.on: yes }", false, "$.on: true (a boolean)"),
    // null is there; only null is null.
    ("{ $.nothing: null }", true, "$.nothing: null"),
    ("{ $.status: null }", false, "$.status: ok"),
    ("{ $.status: { not: null } }", true, "$.status: ok"),
    ("{ $.nothing: { not: DOWN } }", false, "$.nothing: null"),
    ("{ $.nothing: { absent: true } }", false, "$.nothing: null"),
    ("{ $.nothing: under 100 }", false, "$.nothing: null"),
    // What is missing fails, whichever way one asks.
    (
        "{ $.queue_depth: under 100 }",
        false,
        "$.queue_depth: absent",
    ),
    (
        "{ $.queue_depth: at most 5 }",
        false,
        "$.queue_depth: absent",
    ),
    ("{ $.queue_depth: not 5 }", false, "$.queue_depth: absent"),
    ("{ $.state: { not: DOWN } }", false, "$.state: absent"),
    ("{ $.error: { absent: true } }", true, "$.error: absent"),
    (
        "{ $.error: { not: { absent: false } } }",
        true,
        "$.error: absent",
    ),
    ("{ $.status: { absent: true } }", false, "$.status: ok"),
    ("{ $.status: { absent: false } }", true, "$.status: ok"),
    (
        "{ $.error.code: { absent: true } }",
        false,
        "$.error.code: absent (so is what it belongs to)",
    ),
    (
        "{ $.status.code: { absent: true } }",
        false,
        "$.status.code: absent (so is what it belongs to)",
    ),
    (
        "{ $.tags.code: { absent: true } }",
        false,
        "$.tags.code: absent (so is what it belongs to)",
    ),
    (
        "{ '$.tags[7]': { absent: true } }",
        true,
        "$.tags[7]: absent",
    ),
    ("{ $['odd.name']: 1 }", true, "$['odd.name']: 1"),
    // Lists are whole.
    ("{ $.tags: [x, y] }", true, "$.tags: [x, y]"),
    ("{ $.tags: [y, x] }", false, "$.tags: [x, y]"),
    ("{ $.tags: [x] }", false, "$.tags: [x, y]"),
    ("{ $.numbers: [1, 2.0, 3] }", true, "$.numbers: [1, 2, 3]"),
    (
        "{ $.numbers: ['1', '2', '3'] }",
        false,
        "$.numbers: [1, 2, 3] (a list)",
    ),
    ("{ $.status: { one_of: [ok, up] } }", true, "$.status: ok"),
    ("{ $.n: { one_of: [n/a, 1] } }", true, "$.n: 1.0"),
    ("{ $.n: { not: { one_of: [n/a, 2] } } }", true, "$.n: 1.0"),
    (
        "{ $.n: { not: { one_of: [n/a, none] } } }",
        false,
        "$.n: 1.0 (a number)",
    ),
    ("{ $.n: { one_of: [0..2] } }", true, "$.n: 1.0"),
    ("{ $.empty: { is: [] } }", true, "$.empty: []"),
    ("{ $.tags: { is: [] } }", false, "$.tags: [x, y]"),
    (
        "{ $.db: { is: { connected: true, lag: 0.50 } } }",
        true,
        "$.db: { connected: true, lag: 0.5 }",
    ),
    (
        "{ $.db: { is: { connected: true } } }",
        false,
        "$.db: { connected: true, lag: 0.5 }",
    ),
    (
        "{ $.db: { $.connected: true, $.lag: under 1 } }",
        true,
        "$.db: { connected: true, lag: 0.5 }",
    ),
    (
        "{ $.db: { $.connected: true, $.lag: under 0.1 } }",
        false,
        "$.db: 0.5 at $.lag",
    ),
    // Quantified: the parts of a list, or what a path selects.
    (
        "{ $.numbers: { all: over 0 } }",
        true,
        "$.numbers: [1, 2, 3]",
    ),
    (
        "{ $.numbers: { all: under 3 } }",
        false,
        "$.numbers: 3 at [2] (of 3)",
    ),
    (
        "{ $.numbers: { any: over 2 } }",
        true,
        "$.numbers: [1, 2, 3]",
    ),
    (
        "{ $.numbers: { none: over 2 } }",
        false,
        "$.numbers: 3 at [2] (of 3)",
    ),
    (
        "{ $.numbers: { none: over 3 } }",
        true,
        "$.numbers: [1, 2, 3]",
    ),
    (
        "{ $.tags: { none: over 3 } }",
        false,
        "$.tags: x (text) at [0] (of 2)",
    ),
    ("{ $.tags: { has: x } }", true, "$.tags: [x, y]"),
    ("{ $.tags: { has: [x, z] } }", false, "$.tags: [x, y]"),
    ("{ $.tags: { not: { has: z } } }", true, "$.tags: [x, y]"),
    (
        "{ $.db: { has: connected } }",
        true,
        "$.db: { connected: true, lag: 0.5 }",
    ),
    (
        "{ $.db: { has: [connected, pool] } }",
        false,
        "$.db: { connected: true, lag: 0.5 }",
    ),
    ("{ $.numbers: { length: 3 } }", true, "$.numbers: length 3"),
    (
        "{ $.numbers: { length: over 3 } }",
        false,
        "$.numbers: length 3: [1, 2, 3]",
    ),
    ("{ $.n: { length: 3 } }", false, "$.n: 1.0 (a number)"),
    // Over nothing nothing is true, except that there is nothing.
    ("{ $.empty: { all: over 0 } }", false, "$.empty: [] (empty)"),
    (
        "{ $.empty: { none: over 0 } }",
        false,
        "$.empty: [] (empty)",
    ),
    ("{ $.empty: { any: over 0 } }", false, "$.empty: [] (empty)"),
    (
        "{ $.empty: { not: { any: over 0 } } }",
        false,
        "$.empty: [] (empty)",
    ),
    (
        "{ $.empty: { not: { has: z } } }",
        false,
        "$.empty: [] (empty)",
    ),
    ("{ $.hollow: { none: 5 } }", false, "$.hollow: {} (empty)"),
    ("{ $.empty: { length: 0 } }", true, "$.empty: length 0"),
    // A path that selects several.
    (
        "{ '$.items[*].state': UP }",
        false,
        "$.items[*].state: 3 values where one is wanted (say all, any or none): [UP, UP, DOWN]",
    ),
    (
        "{ '$.items[*].state': { not: UP } }",
        false,
        "$.items[*].state: 3 values where one is wanted (say all, any or none): [UP, UP, DOWN]",
    ),
    (
        "{ '$.items[*].state': { any: DOWN } }",
        true,
        "$.items[*].state: [UP, UP, DOWN]",
    ),
    (
        "{ '$.items[*].state': { all: UP } }",
        false,
        "$.items[*].state: DOWN at [2] (of 3)",
    ),
    (
        "{ '$.items[*].state': { none: DOWN } }",
        false,
        "$.items[*].state: DOWN at [2] (of 3)",
    ),
    (
        "{ '$.items[*].state': { none: FAILED } }",
        true,
        "$.items[*].state: [UP, UP, DOWN]",
    ),
    (
        "{ '$.items[*].n': { length: 3, all: under 20 } }",
        true,
        "$.items[*].n: length 3",
    ),
    (
        "{ \"$.items[?@.name=='b'].n\": 12 }",
        true,
        "$.items[?@.name=='b'].n: 12",
    ),
    (
        "{ \"$.items[?@.name=='z'].n\": 12 }",
        false,
        "$.items[?@.name=='z'].n: absent (so is what it belongs to)",
    ),
    (
        "{ \"$.items[?@.state=='FAILED']\": { length: 0 } }",
        true,
        "$.items[?@.state=='FAILED']: length 0",
    ),
    (
        "{ \"$.items[?@.state=='FAILED']\": { absent: true } }",
        true,
        "$.items[?@.state=='FAILED']: absent",
    ),
    (
        "{ \"$.items[?@.state=='DOWN']\": { absent: true } }",
        false,
        "$.items[?@.state=='DOWN']: { name: c, state: DOWN, n: 7 }",
    ),
    (
        "{ \"$.nowhere[?@.state=='FAILED']\": { length: 0 } }",
        false,
        "$.nowhere[?@.state=='FAILED']: absent (so is what it belongs to)",
    ),
    (
        "{ \"$.nowhere[?@.state=='FAILED']\": { absent: true } }",
        false,
        "$.nowhere[?@.state=='FAILED']: absent (so is what it belongs to)",
    ),
    (
        "{ \"$.items[?@.state=='FAILED']\": { none: x } }",
        false,
        "$.items[?@.state=='FAILED']: [] (empty)",
    ),
    (
        "{ $.items: { all: { $.n: over 2, $.state: { one_of: [UP, DOWN] } } } }",
        true,
        "$.items: [{ name: a, state: UP, n: 3 }, { name: b, state: UP, n: 12 }, { name: c, state: DOWN, n: 7 }]",
    ),
    (
        "{ $.items: { all: { $.n: under 10 } } }",
        false,
        "$.items: 12 at $.n at [1] (of 3)",
    ),
    (
        "{ $.items: { none: { $.missing: 1 } } }",
        false,
        "$.items: absent at $.missing at [0] (of 3)",
    ),
    (
        "{ $.items: { any: { $.missing: 1 } } }",
        false,
        "$.items: [{ name: a, state: UP, n: 3 }, { name: b, state: UP, n: 12 }, { name: c, state: DOWN, n: 7 }]",
    ),
    (
        "{ $.status: { contains: o, starts_with: o, ends_with: k, matches: '^[a-z]+$' } }",
        true,
        "$.status: ok",
    ),
    ("{ $.n: { contains: '1' } }", false, "$.n: 1.0 (a number)"),
    ("{ $.n: { matches: '1' } }", false, "$.n: 1.0 (a number)"),
    (
        "{ $.status: ok, length: over 3 }",
        true,
        "length 14, $.status: ok",
    ),
];

/// Every matcher of the tables.
pub(super) fn matchers() -> impl Iterator<Item = (&'static str, FactType)> {
    let tables = [
        (JSON, FactType::Json),
        (HEADERS, FactType::Headers),
        (LISTS, TEXTS),
        (ROWS, FactType::Rows),
    ];
    tables
        .into_iter()
        .flat_map(|(table, ty)| table.iter().map(move |(wanted, ..)| (*wanted, ty)))
}

#[test]
fn json_documents() {
    for (wanted, holds, got) in JSON {
        let tested = test(wanted, FactType::Json, &document());
        assert_eq!(tested, (*holds, (*got).to_owned()), "{wanted}");
    }
}

#[test]
fn an_error_page_satisfies_nothing() {
    let page = Value::Json(json!("<html>503</html>"));
    for wanted in [
        "{ $.queue_depth: under 100 }",
        "{ $.status: { not: DOWN } }",
        "{ $.error: { absent: true } }",
        "{ not: { $.status: DOWN } }",
        "{ '$..error': { absent: true } }",
        "{ none: { $.status: DOWN } }",
        "{ length: { not: 3 } }",
    ] {
        let (holds, got) = test(wanted, FactType::Json, &page);
        let counts_characters = wanted.contains("length");
        assert_eq!(holds, counts_characters, "{wanted}: {got}");
    }
    let all = [
        "{ $.error: { absent: true } }",
        "{ absent: false }",
        "{ not: { $.status: DOWN } }",
    ];
    for wanted in all {
        let tested = matcher(wanted, FactType::Json).test(&Reading::Absent);
        let got = "absent".to_owned();
        match tested {
            Tested::Fails { .. } => {}
            other => panic!("{wanted}: {other:?}, {got}"),
        }
    }
}

fn headers() -> Value {
    let text = |name: &str, value: &str| (name.to_owned(), Value::text(value));
    Value::Map(vec![
        text("Content-Type", "application/json; charset=utf-8"),
        text("X-Ready", "yes"),
        text("set-cookie", "a=1; Secure"),
        text("Set-Cookie", "b=2"),
    ])
}

/// Matcher, whether it holds, what is shown.
const HEADERS: &[(&str, bool, &str)] = &[
    (
        "{ content-type: { contains: json } }",
        true,
        "content-type: application/json; charset=utf-8",
    ),
    (
        "{ CONTENT-TYPE: { starts_with: text/ } }",
        false,
        "CONTENT-TYPE: application/json; charset=utf-8",
    ),
    ("{ x-ready: yes }", true, "x-ready: yes"),
    ("{ x-ready: { not: yes } }", false, "x-ready: yes"),
    (
        "{ x-powered-by: { absent: true } }",
        true,
        "x-powered-by: absent",
    ),
    ("{ x-ready: { absent: true } }", false, "x-ready: yes"),
    ("{ x-missing: { not: x } }", false, "x-missing: absent"),
    (
        "{ has: [content-type, X-READY] }",
        true,
        "[Content-Type, X-Ready, set-cookie, Set-Cookie]",
    ),
    (
        "{ not: { has: server } }",
        true,
        "[Content-Type, X-Ready, set-cookie, Set-Cookie]",
    ),
    (
        "{ set-cookie: { contains: Secure } }",
        false,
        "set-cookie: 2 values where one is wanted (say all, any or none): [a=1; Secure, b=2]",
    ),
    (
        "{ set-cookie: { not: { contains: Secure } } }",
        false,
        "set-cookie: 2 values where one is wanted (say all, any or none): [a=1; Secure, b=2]",
    ),
    (
        "{ set-cookie: { all: { contains: Secure } } }",
        false,
        "set-cookie: b=2 at [1] (of 2)",
    ),
    (
        "{ set-cookie: { any: { contains: Secure } } }",
        true,
        "set-cookie: [a=1; Secure, b=2]",
    ),
    (
        "{ set-cookie: { length: 2 } }",
        true,
        "set-cookie: length 2",
    ),
    ("{ x-ready: { length: 1 } }", true, "x-ready: length 1"),
    ("{ x-ready: { all: yes } }", true, "x-ready: [yes]"),
    (
        "{ set-cookie: [b=2, a=1; Secure] }",
        true,
        "set-cookie: [a=1; Secure, b=2]",
    ),
    ("{ x-ready: [yes] }", true, "x-ready: [yes]"),
    (
        "{ set-cookie: { absent: true } }",
        false,
        "set-cookie: [a=1; Secure, b=2]",
    ),
];

#[test]
fn header_fields() {
    for (wanted, holds, got) in HEADERS {
        let tested = test(wanted, FactType::Headers, &headers());
        assert_eq!(tested, (*holds, (*got).to_owned()), "{wanted}");
    }
}

/// Matcher, whether it holds, what is shown.
const LISTS: &[(&str, bool, &str)] = &[
    ("[a, b, b]", true, "[a, b, b]"),
    ("[b, a, b]", true, "[a, b, b]"),
    ("[a, b]", false, "[a, b, b]"),
    ("[a, a, b]", false, "[a, b, b]"),
    ("{ has: a }", true, "[a, b, b]"),
    ("{ has: [a, b] }", true, "[a, b, b]"),
    ("{ has: c }", false, "[a, b, b]"),
    ("{ length: at least 1 }", true, "length 3"),
    ("{ all: { matches: '^[ab]$' } }", true, "[a, b, b]"),
    ("{ all: a }", false, "b at [1] (of 3)"),
    ("{ any: { contains: b } }", true, "[a, b, b]"),
    ("{ none: c }", true, "[a, b, b]"),
    ("{ one_of: [[a], [a, b, b]] }", true, "[a, b, b]"),
    ("{ not: [a] }", true, "[a, b, b]"),
];

#[test]
fn lists() {
    for (wanted, holds, got) in LISTS {
        let tested = test(wanted, TEXTS, &Value::texts(["a", "b", "b"]));
        assert_eq!(tested, (*holds, (*got).to_owned()), "{wanted}");
    }
    let nothing = Value::texts::<String>([]);
    for (wanted, holds) in [
        ("{ all: a }", false),
        ("{ none: a }", false),
        ("{ any: a }", false),
        ("{ has: a }", false),
        ("{ not: { has: a } }", false),
        ("{ not: { all: a } }", false),
        ("{ length: 0 }", true),
        ("[a]", false),
        ("{ absent: true }", false),
    ] {
        assert_eq!(test(wanted, TEXTS, &nothing).0, holds, "{wanted}");
    }
}

#[test]
fn maps() {
    let sizes = Value::Map(vec![
        ("used".to_owned(), Value::size(1_u64 << 30)),
        ("peak".to_owned(), Value::size(3_u64 << 30)),
    ]);
    for (wanted, holds, got) in [
        ("{ used: under 2GiB }", true, "used: 1GiB"),
        (
            "{ used: under 2GiB, peak: under 2GiB }",
            false,
            "peak: 3GiB",
        ),
        ("{ Used: under 2GiB }", false, "Used: absent"),
        ("{ limit: { absent: true } }", true, "limit: absent"),
        ("{ has: used }", true, "[used, peak]"),
        ("{ all: under 4GiB }", true, "{ used: 1GiB, peak: 3GiB }"),
        ("{ all: under 2GiB }", false, "3GiB at peak (of 2)"),
        ("{ length: 2, used: 1GiB }", true, "length 2, used: 1GiB"),
    ] {
        assert_eq!(
            test(wanted, SIZES, &sizes),
            (holds, got.to_owned()),
            "{wanted}"
        );
    }
}

/// Matcher, whether it holds, what is shown.
const ROWS: &[(&str, bool, &str)] = &[
    (
        "[{ name: a, n: over 2 }, { name: b }]",
        true,
        "[{ name: a, n: 3 }, { name: b, n: null }]",
    ),
    (
        "[{ name: b }, { name: a }]",
        false,
        "[{ name: a, n: 3 }, { name: b, n: null }]",
    ),
    (
        "[{ name: a }]",
        false,
        "[{ name: a, n: 3 }, { name: b, n: null }]",
    ),
    ("{ length: 2 }", true, "length 2"),
    (
        "{ all: { n: { not: 5 } } }",
        false,
        "null at n at [1] (of 2)",
    ),
    (
        "{ any: { n: 3 } }",
        true,
        "[{ name: a, n: 3 }, { name: b, n: null }]",
    ),
    (
        "{ none: { name: { starts_with: z } } }",
        true,
        "[{ name: a, n: 3 }, { name: b, n: null }]",
    ),
    (
        "{ none: { missing: 1 } }",
        false,
        "absent at missing at [0] (of 2)",
    ),
    (
        "{ has: { name: b } }",
        true,
        "[{ name: a, n: 3 }, { name: b, n: null }]",
    ),
    ("{ '$[0].n': 3 }", true, "$[0].n: 3"),
    (
        "{ '$[*].name': { all: { matches: '^.$' } } }",
        true,
        "$[*].name: [a, b]",
    ),
];

#[test]
fn rows_of_a_query() {
    let rows = Value::Json(json!([{"name": "a", "n": 3}, {"name": "b", "n": null}]));
    let typed = Value::List(vec![
        Value::Map(vec![
            ("name".to_owned(), Value::text("a")),
            ("n".to_owned(), Value::integer(3)),
        ]),
        Value::Map(vec![
            ("name".to_owned(), Value::text("b")),
            ("n".to_owned(), Value::Json(serde_json::Value::Null)),
        ]),
    ]);
    for (wanted, holds, got) in ROWS {
        for rows in [&rows, &typed] {
            let tested = test(wanted, FactType::Rows, rows);
            assert_eq!(tested, (*holds, (*got).to_owned()), "{wanted}");
        }
    }
    assert!(!test("{ all: { n: 3 } }", FactType::Rows, &Value::Json(json!([]))).0);
}

#[test]
fn each_place_is_a_leaf() {
    let leaves = |text: &str, ty| -> Vec<String> {
        let leaves = matcher(text, ty).leaves();
        let leaf = |l: crate::matcher::Leaf| match l.place {
            Some(place) => format!("{place} -> {}", l.wanted),
            None => l.wanted,
        };
        leaves.into_iter().map(leaf).collect()
    };
    assert_eq!(
        leaves(
            "{ $.a: 1, $.b: { not: x }, '$.c[*]': { all: over 2 } }",
            FactType::Json
        ),
        ["$.a -> 1", "$.b -> { not: x }", "$.c[*] -> { all: over 2 }"]
    );
    assert_eq!(
        leaves("{ length: over 1, x-a: b }", FactType::Headers),
        ["{ length: over 1 }", "x-a -> b"]
    );
    assert_eq!(leaves("under 500ms", FactType::Duration), ["under 500ms"]);
}
