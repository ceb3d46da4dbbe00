//! Properties of matchers: nothing panics, and nothing holds together with its opposite.

use gonogo_model::{Decimal, Reading, Value, Version};
use proptest::prelude::*;
use serde_json::Value as Json;

use super::{STATE, Tested, nested, scalars};
use crate::decl::FactType;
use crate::diagnostic::Diagnostics;
use crate::flow;
use crate::matcher::Matcher;
use crate::node::{Entry, Node, NodeValue, Scalar, ScalarStyle, Span, Spanned};

const TYPES: &[FactType] = &[
    FactType::Boolean,
    FactType::Integer,
    FactType::Number,
    FactType::Text,
    STATE,
    FactType::Duration,
    FactType::Size,
    FactType::Ratio,
    FactType::Version,
    FactType::Time,
    FactType::List(&FactType::Text),
    FactType::List(&FactType::Integer),
    FactType::Map(&FactType::Size),
    FactType::Map(&FactType::Text),
    FactType::Headers,
    FactType::Json,
    FactType::Rows,
];

fn any_type() -> impl Strategy<Value = FactType> {
    proptest::sample::select(TYPES)
}

fn any_number() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        (any::<i64>(), -30_i64..30).prop_map(|(m, e)| Decimal::scaled(i128::from(m), e)),
        (-20_i64..20).prop_map(Decimal::from),
    ]
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any_number().prop_map(|n| serde_json::to_value(n).unwrap()),
        any_text().prop_map(Json::String),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::Array),
            proptest::collection::vec(("[abn$]{1,2}", inner), 0..4)
                .prop_map(|entries| Json::Object(entries.into_iter().collect())),
        ]
    })
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,12}",
        "[0-9.]{1,5}(ms|s|d|%|GiB|MB)?",
        proptest::sample::select(vec![
            "open", "refused", "true", "null", "10", "a", "0x1F", "not a"
        ])
        .prop_map(str::to_owned),
    ]
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::Boolean),
        any_number().prop_map(Value::Integer),
        any_number().prop_map(Value::Number),
        any_number().prop_map(Value::Duration),
        any_number().prop_map(Value::Size),
        any_number().prop_map(Value::Ratio),
        any_text().prop_map(Value::Text),
        "[0-9]{1,2}(\\.[0-9]{1,2}){0,2}".prop_map(|v| Value::Version(Version::parse(&v).unwrap())),
        any_json().prop_map(Value::Json),
    ];
    leaf.prop_recursive(2, 12, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::List),
            proptest::collection::vec(("[ab]", inner), 0..3).prop_map(Value::Map),
        ]
    })
}

fn scalar_text() -> impl Strategy<Value = String> {
    let quantity = "-?[0-9]{1,3}(\\.[0-9])?(ms|s|d|%|GiB|MB|)";
    prop_oneof![
        any_text(),
        quantity.prop_map(|q| q),
        ("(over|under|at least|at most|not|>|<|>=|<=|!=) ?", quantity)
            .prop_map(|(word, q)| format!("{word}{q}")),
        (quantity, quantity).prop_map(|(low, high)| format!("{low}..{high}")),
    ]
}

fn any_node() -> impl Strategy<Value = Node> {
    let style = proptest::sample::select(vec![ScalarStyle::Plain, ScalarStyle::Quoted]);
    let leaf = (scalar_text(), style).prop_map(|(text, style)| {
        let secret = false;
        node(NodeValue::Scalar(Scalar {
            text,
            style,
            secret,
        }))
    });
    let key = proptest::sample::select(vec![
        "not",
        "contains",
        "matches",
        "starts_with",
        "ends_with",
        "has",
        "length",
        "all",
        "any",
        "none",
        "one_of",
        "is",
        "absent",
        "$.a",
        "$.b.a",
        "$[0]",
        "$[*]",
        "$..a",
        "a",
        "b",
    ]);
    leaf.prop_recursive(4, 16, 3, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(|i| node(NodeValue::List(i))),
            proptest::collection::btree_map(key.clone(), inner, 0..3).prop_map(|entries| {
                let entries = entries.into_iter().map(|(key, value)| entry(key, value));
                node(NodeValue::Map(entries.collect()))
            }),
        ]
    })
}

const fn node(value: NodeValue) -> Node {
    Node {
        value,
        span: Span::NOWHERE,
    }
}

fn entry(key: &str, value: Node) -> Entry {
    Entry {
        key: Spanned {
            value: key.to_owned(),
            span: Span::NOWHERE,
        },
        value,
    }
}

/// A matcher that mostly fits a type, and a value that mostly is of it.
fn fitting(ty: FactType) -> BoxedStrategy<Node> {
    let value = value_text(ty);
    let has_order = matches!(
        ty,
        FactType::Integer
            | FactType::Number
            | FactType::Duration
            | FactType::Size
            | FactType::Ratio
            | FactType::Json
    );
    let word = if has_order {
        "(over |under |at least |at most |not |> |<= |!= |)"
    } else {
        ""
    };
    let scalar = (word, value.clone()).prop_map(|(word, value)| plain(format!("{word}{value}")));
    let range =
        (value.clone(), value.clone()).prop_map(|(low, high)| plain(format!("{low}..{high}")));
    let list = proptest::collection::vec(value.prop_map(plain), 1..4)
        .prop_map(|items| node(NodeValue::List(items)));
    let text = (
        proptest::sample::select(vec!["contains", "matches", "starts_with", "ends_with"]),
        "[ab]{1,2}",
    )
        .prop_map(|(operator, text)| map(vec![(operator, plain(text))]));
    let absent = any::<bool>().prop_map(|yes| map(vec![("absent", plain(yes.to_string()))]));
    let leaf = prop_oneof![4 => scalar, 1 => range, 2 => list, 2 => text, 1 => absent];
    let inner_types = leaf.prop_recursive(3, 12, 3, move |inner| {
        let key = match ty {
            FactType::Json | FactType::Rows => vec!["$.a", "$.b", "$[0]", "$[*]", "$..a", "$.a.b"],
            FactType::Headers | FactType::Map(_) => vec!["a", "B", "b"],
            _ => vec!["not", "is"],
        };
        let operator = vec!["not", "is", "one_of", "has", "length", "all", "any", "none"];
        let one = (proptest::sample::select(operator), inner.clone())
            .prop_map(|(operator, inner)| map(vec![(operator, inner)]));
        let parts = proptest::collection::btree_map(proptest::sample::select(key), inner, 1..3)
            .prop_map(|entries| map(entries.into_iter().collect()));
        prop_oneof![one, parts]
    });
    inner_types.boxed()
}

fn plain(text: String) -> Node {
    Node::plain(text)
}

fn map(entries: Vec<(&'static str, Node)>) -> Node {
    let entries = entries.into_iter().map(|(key, value)| entry(key, value));
    node(NodeValue::Map(entries.collect()))
}

/// A value of a type as it is written, from a small range so that it is often met.
fn value_text(ty: FactType) -> BoxedStrategy<String> {
    let unit = match ty {
        FactType::Duration => "s",
        FactType::Size => "B",
        FactType::Ratio => "%",
        _ => "",
    };
    match ty {
        FactType::Boolean => any::<bool>().prop_map(|b| b.to_string()).boxed(),
        FactType::Integer
        | FactType::Number
        | FactType::Duration
        | FactType::Size
        | FactType::Ratio => (0_i32..4).prop_map(move |n| format!("{n}{unit}")).boxed(),
        FactType::Version => "[12]\\.[012]".boxed(),
        FactType::Time => "2026-01-0[1-3]T00:00:00Z".boxed(),
        FactType::Choice(_) => "(open|refused|timeout)".boxed(),
        FactType::Json | FactType::Rows => "([0-3]|[ab]|true|null)".boxed(),
        FactType::List(item) | FactType::Map(item) => value_text(*item),
        FactType::Text | FactType::Headers => "[ab]{1,2}".boxed(),
    }
}

/// A value of a type, from the same small range.
fn value_of(ty: FactType) -> BoxedStrategy<Value> {
    match ty {
        FactType::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
        FactType::Integer => (0_i32..4).prop_map(Value::integer).boxed(),
        FactType::Number => (0_i32..4).prop_map(|n| Value::Number(n.into())).boxed(),
        FactType::Duration => (0_i32..4).prop_map(|n| Value::Duration(n.into())).boxed(),
        FactType::Size => (0_i32..4).prop_map(Value::size).boxed(),
        FactType::Ratio => (0..4)
            .prop_map(|n| Value::Ratio(Decimal::scaled(i128::from(n), -2)))
            .boxed(),
        FactType::Version => value_text(ty)
            .prop_map(|text| Value::Version(Version::parse(&text).unwrap()))
            .boxed(),
        FactType::Time => value_text(ty)
            .prop_map(|text| Value::Time(text.parse().unwrap()))
            .boxed(),
        FactType::Text | FactType::Choice(_) => value_text(ty).prop_map(Value::Text).boxed(),
        FactType::List(item) => proptest::collection::vec(value_of(*item), 0..4)
            .prop_map(Value::List)
            .boxed(),
        FactType::Map(item) => proptest::collection::vec(("[ab]", value_of(*item)), 0..3)
            .prop_map(Value::Map)
            .boxed(),
        FactType::Headers => proptest::collection::vec(("[abAB]", value_of(FactType::Text)), 0..4)
            .prop_map(Value::Map)
            .boxed(),
        FactType::Json | FactType::Rows => small_json().prop_map(Value::Json).boxed(),
    }
}

fn small_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        (0_i32..4).prop_map(|n| Json::Number(n.into())),
        "[ab0-3]".prop_map(Json::String),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Json::Array),
            proptest::collection::vec(("[ab]", inner), 0..3)
                .prop_map(|entries| Json::Object(entries.into_iter().collect())),
        ]
    })
}

fn fitting_case() -> impl Strategy<Value = (FactType, Node, Value)> {
    any_type().prop_flat_map(|ty| {
        let value = prop_oneof![9 => value_of(ty), 1 => any_value()];
        (Just(ty), fitting(ty), value)
    })
}

fn holds(matcher: &Matcher, reading: &Reading) -> bool {
    matches!(matcher.test(reading), Tested::Holds { .. })
}

fn read(node: &Node, ty: FactType) -> Option<Matcher> {
    let mut diagnostics = Diagnostics::default();
    let matcher = Matcher::read(node, ty, &mut diagnostics);
    assert_eq!(matcher.is_none(), diagnostics.has_errors(), "{node:?}");
    matcher
}

/// A matcher, its opposite and a reading: never both, never without a value, nothing that steers.
fn check(node: &Node, ty: FactType, value: Value) -> Result<(), TestCaseError> {
    let Some(matcher) = read(node, ty) else {
        return Ok(());
    };
    let shown = matcher.to_string();
    let again = flow::read(&shown).map_err(|why| TestCaseError::fail(format!("{shown}: {why}")))?;
    let again = read(&again, ty)
        .ok_or_else(|| TestCaseError::fail(format!("{shown} cannot be read again")))?;
    prop_assert_eq!(&again.to_string(), &shown);
    let reading = Reading::Value(value);
    prop_assert_eq!(again.test(&reading), matcher.test(&reading), "{}", shown);
    for (_, tested) in matcher.test_all(&reading) {
        if let Tested::Holds { got } | Tested::Fails { got } = tested {
            prop_assert!(!got.chars().any(char::is_control), "{:?}", got);
            prop_assert!(got.chars().count() < 1_000, "{}", got.len());
        }
    }
    let opposite = read(&not(node), ty);
    if let Some(opposite) = opposite {
        prop_assert!(
            !(holds(&matcher, &reading) && holds(&opposite, &reading)),
            "{}",
            shown
        );
    }
    let unreadable = Reading::Unreadable {
        code: gonogo_model::codes::net::RESOLVER.into(),
        message: String::new(),
    };
    prop_assert!(!holds(&matcher, &unreadable));
    Ok(())
}

fn not(inner: &Node) -> Node {
    node(NodeValue::Map(vec![entry("not", inner.clone())]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn nothing_panics_and_no_matcher_holds_with_its_opposite(
        node in any_node(), ty in any_type(), value in any_value(),
    ) {
        check(&node, ty, value)?;
    }

    #[test]
    fn no_fitting_matcher_holds_with_its_opposite((ty, node, value) in fitting_case()) {
        check(&node, ty, value)?;
    }

    #[test]
    fn json_matchers_against_json(node in fitting(FactType::Json), json in small_json()) {
        check(&node, FactType::Json, Value::Json(json))?;
    }

    #[test]
    fn comparisons_are_a_total_order(bound in any_number(), number in any_number()) {
        let holds = |wanted: String| {
            let matcher = read(&Node::plain(wanted), FactType::Number).unwrap();
            holds(&matcher, &Reading::Value(Value::Number(number.clone())))
        };
        prop_assume!(!bound.to_string().contains('e'));
        let (over, under) = (holds(format!("over {bound}")), holds(format!("under {bound}")));
        let (least, most) = (holds(format!("at least {bound}")), holds(format!("at most {bound}")));
        let (is, not) = (holds(format!("{bound}")), holds(format!("not {bound}")));
        prop_assert_eq!(u8::from(over) + u8::from(under) + u8::from(is), 1);
        prop_assert_eq!((least, most, not), (!under, !over, !is));
        prop_assert_eq!(holds(format!("{bound}..{bound}")), is);
    }

    #[test]
    fn an_absent_fact_satisfies_only_those_who_ask_for_it(node in any_node(), ty in any_type()) {
        if let Some(matcher) = read(&node, ty)
            && holds(&matcher, &Reading::Absent)
        {
            prop_assert!(matcher.to_string().contains("absent"), "{}", matcher);
        }
    }
}

#[test]
fn every_matcher_of_the_tables_is_shown_as_it_can_be_read() {
    for (wanted, ty) in scalars::matchers().chain(nested::matchers()) {
        let first = super::matcher(wanted, ty);
        let shown = first.to_string();
        assert_eq!(super::matcher(&shown, ty).to_string(), shown, "{wanted}");
    }
}

/// The generators are worth something only if matchers fit and often hold.
#[test]
fn the_generators_make_matchers_that_fit_and_hold() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut fit, mut held) = (0, 0);
    for _ in 0..2_000 {
        let (ty, node, value) = fitting_case().new_tree(&mut runner).unwrap().current();
        if let Some(matcher) = read(&node, ty) {
            fit += 1;
            held += usize::from(holds(&matcher, &Reading::Value(value)));
        }
    }
    assert!(fit > 500 && held > 100, "{fit} fit, {held} hold");
}
