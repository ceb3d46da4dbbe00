//! Texts and bodies that were made to hurt.

use proptest::prelude::*;

use super::*;

#[test]
fn deep_nesting_is_a_mistake_and_no_overflow() {
    for text in [
        format!("{}1{} == status", "(".repeat(8_000), ")".repeat(8_000)),
        format!("{}secure", "!".repeat(16_000)),
        format!("status == {}1", "-".repeat(16_000)),
        format!("status == 1{}", " + 1".repeat(4_000)),
        format!("json{} == 1", ".a".repeat(8_000)),
        format!("json{} == 1", "[0]".repeat(5_000)),
        format!("{}1{} == answers", "[".repeat(8_000), "]".repeat(8_000)),
        "secure ? ".repeat(1_000),
        format!("secure{}", " ? secure : secure".repeat(800)),
        format!("{}1", "{1:".repeat(5_000)),
        format!("{}1", "int(".repeat(4_000)),
        format!("{}json", "json.all(x, ".repeat(1_000)),
    ] {
        let told = read(&text).unwrap_err();
        let expected = "the condition is nested more than 64 levels deep";
        assert!(
            told[0].contains(expected)
                || told[0].contains("where a value is wanted")
                || told[0].contains("where `:`"),
            "{}",
            told[0]
        );
    }
}

#[test]
fn as_many_parts_as_a_person_writes_are_fine() {
    let all = vec!["status > 1"; 1_000].join(" && ");
    assert!(matches!(ask(&all), Tested::Holds { .. }));
    let any = vec!["status < 1"; 1_000].join(" || ");
    assert!(matches!(ask(&any), Tested::Fails { .. }));
    let listed: Vec<String> = (0..3_000).map(|n| n.to_string()).collect();
    let listed = format!("status in [{}]", listed.join(","));
    assert!(matches!(ask(&listed), Tested::Holds { .. }));
    let nested = format!("{}status == 503{}", "(".repeat(60), ")".repeat(60));
    assert!(matches!(ask(&nested), Tested::Holds { .. }));
}

#[test]
fn long_texts_and_numbers_are_mistakes() {
    let long = format!("body == '{}'", "x".repeat(17_000));
    assert_eq!(
        read(&long).unwrap_err(),
        ["bad_condition [] the condition has more than 16 KiB | Write several conditions."]
    );
    for text in [
        format!("status == {}", "9".repeat(501)),
        "value == 1e501".to_owned(),
        "value == 1e-501".to_owned(),
        "value == 1e999999999999".to_owned(),
        "status == 0xffffffffffffffffffffffffffffffff".to_owned(),
        "status == 0x".to_owned(),
    ] {
        let told = read(&text).unwrap_err();
        assert!(
            told[0].contains("is no number that can be read"),
            "{}",
            told[0]
        );
    }
}

#[test]
fn patterns_that_are_too_big_are_mistakes() {
    for pattern in [
        "(a{1000}){1000}",
        "\\\\w{5000}",
        "[^x]{99999}",
        "(?:(?:a{100}){100}){100}",
    ] {
        let told = read(&format!("body.matches('{pattern}')")).unwrap_err();
        assert!(told[0].starts_with("bad_regex ["), "{}", told[0]);
    }
    let nested = format!("body.matches('{}a{}')", "(".repeat(500), ")".repeat(500));
    assert!(read(&nested).unwrap_err()[0].starts_with("bad_regex ["));
}

/// A body that makes nested macros run for a long time.
fn large() -> BTreeMap<&'static str, Reading> {
    let mut facts = observed();
    let items: Vec<u32> = (0..20_000).collect();
    let text = "ab".repeat(500_000);
    let long = "1".repeat(9_999);
    let number: serde_json::Value = serde_json::from_str(&long).unwrap();
    let too_long: serde_json::Value = serde_json::from_str(&"1".repeat(20_000)).unwrap();
    let json = serde_json::json!({
        "items": items, "text": text, "number": &number, "too_long": too_long,
        "numbers": vec![number; 300],
    });
    facts.insert("json", Reading::Value(Value::Json(json)));
    facts
}

#[test]
fn nested_macros_over_a_large_body_end() {
    let facts = large();
    for text in [
        "json.items.all(a, json.items.all(b, json.items.all(c, a + b + c >= 0)))",
        "json.items.map(a, json.items.map(b, json.items)) != []",
        "json.items.exists(a, json.text.matches('(a|b)*c'))",
        "json.items.exists(a, (json.text + json.text + json.text) == '')",
        "json.items.exists(a, json.items == json.items.filter(b, b < 0))",
        "json.items.exists(a, a + 1 in json.items.map(b, b - 1) && false)",
        "json.numbers.all(a, json.numbers.all(b, json.numbers.all(c, a == b && b == c)))",
        "!json.items.all(a, json.items.all(b, a + b >= 0)) || json.items.all(a, json.items.all(b, true))",
    ] {
        let asked = ask_about(text, &facts);
        match asked {
            Tested::Fails { got } => {
                assert!(got.starts_with("it takes too many steps"), "{text}: {got}")
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn numbers_beyond_every_measure_are_compared_and_not_calculated_with() {
    let facts = large();
    for (text, holds) in [
        ("json.number > 1", true),
        ("json.number == json.numbers[0] && json.number > 1", true),
        ("json.number + 1 > 1", false),
        ("json.too_long > 1", false),
        ("json.too_long != 1", false),
        ("json.too_long != 'x'", false),
    ] {
        let asked = ask_about(text, &facts);
        assert_eq!(
            matches!(asked, Tested::Holds { .. }),
            holds,
            "{text}: {asked:?}"
        );
    }
    let powers = format!("value * {} > 1.0", vec!["value"; 40].join(" * "));
    assert!(matches!(ask(&powers), Tested::Holds { .. }));
    let mut facts = observed();
    facts.insert(
        "value",
        Reading::Value(Value::Number(decimal(&"7".repeat(300)))),
    );
    assert!(matches!(
        ask_about("value * value > 1.0", &facts),
        Tested::Fails { got } if got.contains("too many digits")
    ));
    facts.insert(
        "value",
        Reading::Value(Value::Number(decimal("1e1000000000"))),
    );
    assert!(matches!(
        ask_about("value - 1 < value", &facts),
        Tested::Fails { got } if got.contains("too many digits")
    ));
    assert!(matches!(
        ask_about("value > 1", &facts),
        Tested::Holds { .. }
    ));
}

#[test]
fn what_is_found_is_shown_short_and_harmless() {
    let mut facts = observed();
    facts.insert(
        "body",
        Reading::Value(Value::text(format!("\u{1b}[2J{}", "x".repeat(5_000)))),
    );
    match ask_about("body == 'a'", &facts) {
        Tested::Fails { got } => {
            assert!(got.starts_with("body \"\\u{1b}[2Jxxx"), "{got}");
            assert!(got.chars().count() < 260, "{got}");
        }
        other => panic!("{other:?}"),
    }
}

/// Parts of conditions, put together at random.
fn any_condition() -> impl Strategy<Value = String> {
    let leaf = proptest::sample::select(vec![
        "status",
        "value",
        "secure",
        "body",
        "role",
        "duration",
        "expires_in",
        "timing.connect",
        "body_size",
        "used",
        "server",
        "not_after",
        "answers",
        "labels",
        "headers",
        "json",
        "rows",
        "json.items",
        "json.big",
        "json.none",
        "headers.server",
        "1",
        "0",
        "-1",
        "2.5",
        "1e30",
        "'x'",
        "'15.4'",
        "true",
        "false",
        "null",
        "[]",
        "[1, 'a']",
        "{'a': 1}",
        "vars.host",
        "vars.elsewhere",
        "nothing",
        "duration('1h')",
        "days(3)",
        "percent(80)",
        "mib(2)",
        "timestamp('2027-01-31T00:00:00Z')",
        "x",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(5, 40, 3, |inner| {
        let sign = proptest::sample::select(vec![
            "&&", "||", "==", "!=", "<", "<=", ">", ">=", "in", "+", "-", "*", "/", "%",
        ]);
        let function = proptest::sample::select(vec![
            "size",
            "int",
            "double",
            "string",
            "bool",
            "duration",
            "timestamp",
            "version",
            "hours",
            "percent",
            "has",
        ]);
        let method = proptest::sample::select(vec!["contains", "startsWith", "matches", "values"]);
        let each = proptest::sample::select(vec!["all", "exists", "exists_one", "filter", "map"]);
        prop_oneof![
            (inner.clone(), sign, inner.clone()).prop_map(|(l, s, r)| format!("({l} {s} {r})")),
            inner.clone().prop_map(|i| format!("!{i}")),
            inner.clone().prop_map(|i| format!("-{i}")),
            (function, inner.clone()).prop_map(|(f, i)| format!("{f}({i})")),
            (inner.clone(), method, inner.clone()).prop_map(|(l, m, r)| format!("{l}.{m}({r})")),
            (inner.clone(), each, inner.clone()).prop_map(|(l, e, r)| format!("{l}.{e}(x, {r})")),
            (inner.clone(), inner.clone()).prop_map(|(l, r)| format!("{l}[{r}]")),
            inner.clone().prop_map(|i| format!("{i}.a")),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
        ]
    })
}

/// Says whether a condition holds; none when it is refused.
fn holds(text: &str) -> Option<bool> {
    let condition = read(text).ok()?;
    let facts = observed();
    let tested = condition.test(|name| facts.get(name));
    Some(matches!(tested, Tested::Holds { .. }))
}

proptest! {
    #[test]
    fn no_text_makes_a_panic(text in "\\PC{0,60}") {
        let _told = read(&text);
    }

    #[test]
    fn no_text_of_tokens_makes_a_panic(
        words in proptest::collection::vec(proptest::sample::select(vec![
            "status", "json", ".", "(", ")", "[", "]", "{", "}", ",", ":", "?", "!", "-", "+", "*", "/", "%", "&&",
            "||", "==", "<", "in", "1", "2.5", "'a'", "r'\\'", "\"\\u00e9\"", "all", "has", "x", "vars", "\n", "//", "\u{e9}", "0x", "1e", ".5",
        ]), 0..40)
    ) {
        let _told = read(&words.concat());
        let _spaced = read(&words.join(" "));
    }

    #[test]
    fn every_mistake_has_its_place_in_the_text(text in any_condition()) {
        let mut mistakes = Vec::new();
        let scope = Scope { facts: Facts::Of(&KIND), variables: &VARS };
        let condition = Condition::read(&text, scope, &mut mistakes);
        let errors = mistakes.iter().any(|m| m.level == crate::Level::Error);
        prop_assert_eq!(condition.is_none(), errors);
        for mistake in mistakes {
            prop_assert!(text.get(mistake.at.clone()).is_some(), "{:?}", mistake);
            prop_assert!(!mistake.message.is_empty());
        }
    }

    #[test]
    fn nothing_holds_together_with_its_opposite(text in any_condition()) {
        let opposite = format!("!({text})");
        prop_assert!(!(holds(&text) == Some(true) && holds(&opposite) == Some(true)), "{}", text);
    }

    #[test]
    fn joining_with_what_does_not_hold_never_makes_it_hold(text in any_condition()) {
        let joined = format!("({text}) && status == 1");
        prop_assert_ne!(holds(&joined), Some(true));
    }

    #[test]
    fn calculating_is_exact(left: i32, right: i32, places in 0_u32..6) {
        let number = |n: i32| Decimal::scaled(i128::from(n), -i64::from(places)).to_string();
        let (l, r) = (number(left), number(right));
        let scale = 10_i128.pow(places);
        let sum = Decimal::scaled(i128::from(left) + i128::from(right), -i64::from(places));
        let product = Decimal::scaled(i128::from(left) * i128::from(right), -2 * i64::from(places));
        let text = format!("({l}) + ({r}) == {sum} && ({l}) * ({r}) == {product} && secure");
        prop_assert_eq!(holds(&text), Some(true), "{}", text);
        if right != 0 {
            let text = format!("double({l}) / ({r}) * ({r}) == {l} && secure");
            prop_assert_eq!(holds(&text), Some(true), "{}", text);
        }
        let order = format!("(({l}) < ({r})) == {} && secure", left < right);
        prop_assert_eq!(holds(&order), Some(true), "{} {}", order, scale);
    }
}
