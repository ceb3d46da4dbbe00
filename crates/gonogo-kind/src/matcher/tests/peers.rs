//! What other gates let pass, each of which was seen to happen, and what comes of it here.

use std::time::{Duration, Instant};

use gonogo_model::{Reading, Value};
use serde_json::json;

use super::{Tested, matcher, test};
use crate::decl::FactType;
use crate::diagnostic::Diagnostics;
use crate::flow;
use crate::matcher::Matcher;

fn holds(wanted: &str, ty: FactType, reading: &Reading) -> bool {
    matches!(matcher(wanted, ty).test(reading), Tested::Holds { .. })
}

#[test]
fn a_refused_connection_has_no_status_and_no_duration() {
    for wanted in [
        "\"< 300\"",
        "under 300",
        "not 500",
        "0..299",
        "{ not: 500 }",
    ] {
        assert!(
            !holds(wanted, FactType::Integer, &Reading::Absent),
            "{wanted}"
        );
    }
    assert!(!holds("under 500ms", FactType::Duration, &Reading::Absent));
}

#[test]
fn a_missing_key_and_an_error_page_are_below_no_limit() {
    let page = "<html><body>502 Bad Gateway</body></html>";
    for body in [
        json!({}),
        json!({"other": 1}),
        json!(page),
        json!([]),
        json!(null),
        json!(0),
    ] {
        for wanted in [
            "{ $.queue_depth: under 100 }",
            "{ $.lag: at most 5 }",
            "{ $.status: { not: DOWN } }",
            "{ $.status: \"!= 5\" }",
        ] {
            let reading = Reading::Value(Value::Json(body.clone()));
            assert!(!holds(wanted, FactType::Json, &reading), "{wanted} {body}");
        }
    }
}

#[test]
fn no_certificate_expires_in_no_time_at_all() {
    for wanted in ["under 30d", "over 0s", "not 0s", "at least 0s"] {
        assert!(
            !holds(wanted, FactType::Duration, &Reading::Absent),
            "{wanted}"
        );
    }
}

#[test]
fn numbers_are_neither_cut_nor_rounded_nor_octal() {
    let number = |text: &str| Value::Json(serde_json::from_str(text).unwrap());
    for (wanted, value, holds) in [
        ("under 0.5", "0.99", false),
        ("over 1.5", "1.9", true),
        ("12345678", "12345678", true),
        ("8", "\"010\"", false),
        ("10", "\"010\"", false),
        ("\"010\"", "\"010\"", true),
        ("9007199254740992", "9007199254740993", false),
        ("over 9007199254740992", "9007199254740993", true),
        ("0.1", "0.1000000000000000055511151231257827", false),
        ("1e400", "1e400", true),
        ("under 1e400", "1e399", true),
        ("true", "1", false),
        ("true", "\"true\"", false),
        ("0", "false", false),
        ("0", "null", false),
        ("0", "\"\"", false),
        ("not 0", "null", false),
        ("not 0", "\"\"", false),
    ] {
        assert_eq!(
            test(wanted, FactType::Json, &number(value)).0,
            holds,
            "{wanted} {value}"
        );
    }
    let slash = test("{ matches: 'a/b' }", FactType::Text, &Value::text("ab"));
    assert!(!slash.0);
}

#[test]
fn an_invalid_pattern_is_a_mistake_and_a_header_has_any_case() {
    let node = flow::read("{ matches: '[' }").unwrap();
    let mut diagnostics = Diagnostics::default();
    assert!(Matcher::read(&node, FactType::Text, &mut diagnostics).is_none());
    assert!(diagnostics.has_errors());
    let headers = Value::Map(vec![("X-Ready".to_owned(), Value::text("yes"))]);
    assert!(test("{ x-ready: yes }", FactType::Headers, &headers).0);
}

#[test]
fn a_list_that_asserts_nothing_is_a_mistake() {
    const TEXTS: FactType = FactType::List(&FactType::Text);
    for (ty, wanted) in [
        (FactType::Text, "[]"),
        (TEXTS, "[]"),
        (FactType::Rows, "[]"),
        (FactType::Json, "[]"),
        (FactType::Json, "{ $.a: [] }"),
        (FactType::Headers, "{ x: [] }"),
        (FactType::Headers, "{}"),
        (FactType::Text, "{ one_of: [] }"),
        (TEXTS, "{ has: [] }"),
        (TEXTS, "{ all: [] }"),
        (FactType::Text, "{ contains: '' }"),
    ] {
        let mut diagnostics = Diagnostics::default();
        let read = Matcher::read(&flow::read(wanted).unwrap(), ty, &mut diagnostics);
        assert!(read.is_none() && diagnostics.has_errors(), "{wanted}");
    }
}

#[test]
fn a_large_document_and_a_twisted_path_take_no_time() {
    let started = Instant::now();
    let document = Value::Json(json!(
        (0..50_000)
            .map(|i| json!({"a": {"b": i}}))
            .collect::<Vec<_>>()
    ));
    for wanted in [
        "{ '$..b': { all: at least 0 } }",
        "{ '$[?@.a.b > 49998].a.b': 49999 }",
        "{ all: { $.a.b: { not: over 50000 } } }",
        "{ length: 50000 }",
    ] {
        assert!(test(wanted, FactType::Json, &document).0, "{wanted}");
    }
    let depth = 11;
    let twisted = format!("$[?{}@.a{}]", "(".repeat(depth), ")".repeat(depth));
    let node = flow::read(&format!("{{ \"{twisted}\": {{ length: 0 }} }}")).unwrap();
    Matcher::read(&node, FactType::Json, &mut Diagnostics::default());
    let too_deep = format!("$[?{}@.a{}]", "(".repeat(500), ")".repeat(500));
    let node = flow::read(&format!("{{ \"{too_deep}\": {{ length: 0 }} }}")).unwrap();
    assert!(Matcher::read(&node, FactType::Json, &mut Diagnostics::default()).is_none());
    // Generous, since the tests of many share the processor.
    assert!(
        started.elapsed() < Duration::from_secs(20),
        "{:?}",
        started.elapsed()
    );
}
