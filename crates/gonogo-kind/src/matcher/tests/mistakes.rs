//! Every mistake in a matcher has its code, message and hint.

use super::STATE;
use crate::decl::FactType;
use crate::diagnostic::{Diagnostic, Diagnostics, Level};
use crate::flow;
use crate::matcher::Matcher;
use crate::node::{Entry, Node, NodeValue, Scalar, ScalarStyle, Span, Spanned};

const TEXTS: FactType = FactType::List(&FactType::Text);
const SIZES: FactType = FactType::Map(&FactType::Size);

/// Type, matcher, code, message, hint.
const TABLE: &[(FactType, &str, &str, &str, &str)] = &[
    // As other languages write it: where any text may stand it would be a text that nothing equals.
    (
        FactType::Text,
        "\"== 31\"",
        "config/wrong_matcher",
        "`== 31` is no comparison here",
        "did you mean `31`? For the text itself write `{ is: \"== 31\" }`",
    ),
    (
        FactType::Text,
        "\"== DOWN\"",
        "config/wrong_matcher",
        "`== DOWN` is no comparison here",
        "did you mean `DOWN`? For the text itself write `{ is: \"== DOWN\" }`",
    ),
    (
        FactType::Text,
        "less than 5",
        "config/wrong_matcher",
        "`less than 5` is no comparison here",
        "did you mean `under 5`? For the text itself write `{ is: less than 5 }`",
    ),
    // The wrong unit, or none.
    (
        FactType::Duration,
        "under 80%",
        "config/wrong_unit",
        "`80%` is a ratio, and a duration is wanted",
        "`%` is no unit of time; there are ns, us, ms, s, m, h, d and w",
    ),
    (
        FactType::Duration,
        "under 500",
        "config/wrong_unit",
        "`500` is a number without a unit, and a duration is wanted",
        "it has no unit; write `500ms`, `500s`, `500m`, `500h` or `500d`",
    ),
    (
        FactType::Duration,
        "0",
        "config/wrong_unit",
        "`0` is a number without a unit, and a duration is wanted",
        "it has no unit; write `0ms`, `0s`, `0m`, `0h` or `0d`",
    ),
    (
        FactType::Duration,
        "10..20ms",
        "config/wrong_unit",
        "`10` is a number without a unit, and a duration is wanted",
        "it has no unit; write `10ms`, `10s`, `10m`, `10h` or `10d`",
    ),
    (
        FactType::Duration,
        "over 30 days ago",
        "config/wrong_matcher",
        "`30 days ago` is not a duration",
        "`days` is no unit of time; did you mean `30d`?",
    ),
    (
        FactType::Size,
        "30d",
        "config/wrong_unit",
        "`30d` is a duration, and a size is wanted",
        "`d` is no unit of size; there are B, kB, MB, GB, TB, PB and KiB, MiB, GiB, TiB, PiB",
    ),
    (
        FactType::Size,
        "at most 2G",
        "config/wrong_matcher",
        "`2G` is not a size",
        "`G` could mean two things; write `2GB` (decimal) or `2GiB` (binary)",
    ),
    (
        FactType::Ratio,
        "over 80",
        "config/wrong_unit",
        "`80` is a number without a unit, and a ratio is wanted",
        "without `%` a ratio is 0 to 1; did you mean `80%`?",
    ),
    (
        FactType::Integer,
        "under 80%",
        "config/wrong_unit",
        "`80%` is a ratio, and an integer is wanted",
        "this fact has no unit; write the number alone",
    ),
    (
        FactType::Integer,
        "200ms",
        "config/wrong_unit",
        "`200ms` is a duration, and an integer is wanted",
        "this fact has no unit; write the number alone",
    ),
    (
        FactType::Integer,
        "over 1.5",
        "config/wrong_matcher",
        "`1.5` is not an integer",
        "a whole number has digits only",
    ),
    (
        FactType::Json,
        "{ $.lag: under 500ms }",
        "config/wrong_unit",
        "`500ms` is a duration, and a number is wanted",
        "numbers in JSON have no unit; write the number in the unit of the document",
    ),
    (
        FactType::Json,
        "{ $.lag: 10ms..2s }",
        "config/wrong_unit",
        "`10ms` is a duration, and a number is wanted",
        "numbers in JSON have no unit; write the number in the unit of the document",
    ),
    // Numbers that could mean something else.
    (
        FactType::Integer,
        "010",
        "config/wrong_matcher",
        "`010` is not an integer",
        "some would read it as octal because of the leading zero; write `10`",
    ),
    (
        FactType::Integer,
        "0x1F",
        "config/wrong_matcher",
        "`0x1F` is not an integer",
        "write it in decimal, not in hexadecimal or octal",
    ),
    (
        FactType::Integer,
        "1_000",
        "config/wrong_matcher",
        "`1_000` is not an integer",
        "digits are written without `_`",
    ),
    (
        FactType::Integer,
        ".nan",
        "config/wrong_matcher",
        "`.nan` is not an integer",
        "a number is written in digits, such as 200 or 0.5",
    ),
    (
        FactType::Integer,
        "under .inf",
        "config/wrong_matcher",
        "`under` takes a quantity, and `.inf` is none",
        "it is a number, such as 200",
    ),
    (
        FactType::Json,
        "{ $.n: 010 }",
        "config/wrong_matcher",
        "`010` has a leading zero, which some readers take for octal",
        "write the number without leading zeros, or quote it for the text, `\"010\"`",
    ),
    (
        FactType::Json,
        "{ $.n: { is: [1, 010] } }",
        "config/wrong_matcher",
        "`010` has a leading zero, which some readers take for octal",
        "write the number without leading zeros, or quote it for the text, `\"010\"`",
    ),
    (
        FactType::Boolean,
        "yes",
        "config/wrong_matcher",
        "`yes` is not a boolean",
        "YAML 1.2 knows no yes and no, on and off; write `true`",
    ),
    // Comparisons that are none.
    (
        FactType::Integer,
        "over the hill",
        "config/wrong_matcher",
        "`over` takes a quantity, and `the hill` is none",
        "it is a number, such as 200",
    ),
    (
        FactType::Text,
        "not found",
        "config/wrong_matcher",
        "`not` takes a quantity, and `found` is none",
        "write `{ is: not found }` for the text itself, or `{ not: found }` for anything but `found`",
    ),
    (
        FactType::Text,
        "\"not found\"",
        "config/wrong_matcher",
        "`not` takes a quantity, and `found` is none",
        "write `{ is: not found }` for the text itself, or `{ not: found }` for anything but `found`",
    ),
    (
        FactType::Json,
        "{ $.status: not DOWN }",
        "config/wrong_matcher",
        "`not` takes a quantity, and `DOWN` is none",
        "write `{ is: not DOWN }` for the text itself, or `{ not: DOWN }` for anything but `DOWN`",
    ),
    (
        FactType::Json,
        "{ $.status: \"!= DOWN\" }",
        "config/wrong_matcher",
        "`not` takes a quantity, and `DOWN` is none",
        "write `{ is: \"!= DOWN\" }` for the text itself, or `{ not: DOWN }` for anything but `DOWN`",
    ),
    (
        FactType::Text,
        "\"<html>\"",
        "config/wrong_matcher",
        "`under` takes a quantity, and `html>` is none",
        "write `{ is: \"<html>\" }` for the text itself, or a quantity after `under`",
    ),
    (
        FactType::Text,
        "not",
        "config/wrong_matcher",
        "`not` what?",
        "write a quantity after it, or `{ is: not }` for the text itself",
    ),
    (
        FactType::Text,
        "over 5",
        "config/wrong_matcher",
        "`over` compares quantities, and this fact is text",
        "write the value; for the text itself `{ is: over 5 }`",
    ),
    (
        FactType::Text,
        "not 5",
        "config/wrong_matcher",
        "`not` compares quantities, and this fact is text",
        "write `{ is: not 5 }` for the text itself, or `{ not: 5 }` for anything but `5`",
    ),
    (
        FactType::Text,
        "200..299",
        "config/wrong_matcher",
        "`200..299` is a range of quantities, and this fact is text",
        "for the text itself write `{ is: 200..299 }`",
    ),
    (
        STATE,
        "not refused",
        "config/wrong_matcher",
        "`not` compares quantities, and this fact is text",
        "write `{ not: refused }` for anything but `refused`",
    ),
    (
        FactType::Boolean,
        "not true",
        "config/wrong_matcher",
        "`not` compares quantities, and this fact is a boolean",
        "write `{ not: true }` for anything but `true`",
    ),
    (
        FactType::Integer,
        "above 5",
        "config/wrong_matcher",
        "`above 5` is not an integer",
        "did you mean `over 5`?",
    ),
    (
        FactType::Integer,
        "Over 5",
        "config/wrong_matcher",
        "`Over 5` is not an integer",
        "did you mean `over 5`?",
    ),
    (
        FactType::Integer,
        "== 5",
        "config/wrong_matcher",
        "`== 5` is not an integer",
        "did you mean `5`?",
    ),
    (
        FactType::Integer,
        "299..200",
        "config/empty_range",
        "a range from the higher to the lower end never holds",
        "did you mean `200..299`?",
    ),
    (
        FactType::Integer,
        "200..",
        "config/wrong_matcher",
        "a range has two ends",
        "write `200..299`; with one end it is `at least 200` or `at most 299`",
    ),
    (
        FactType::Integer,
        "..299",
        "config/wrong_matcher",
        "a range has two ends",
        "write `200..299`; with one end it is `at least 200` or `at most 299`",
    ),
    (
        FactType::Integer,
        "[200, over 300]",
        "config/wrong_matcher",
        "`over 300` is a comparison, and a list has values",
        "write comparisons without a list; for the text itself `{ is: ... }`",
    ),
    // Operators that say nothing about the fact.
    (
        FactType::Duration,
        "{ contains: 5 }",
        "config/wrong_matcher",
        "`contains` says nothing about a duration",
        "write a value, a comparison such as `over 5`, or a range such as `5..9`, with the unit of the fact",
    ),
    (
        FactType::Integer,
        "{ all: 5 }",
        "config/wrong_matcher",
        "`all` says nothing about an integer",
        "write a value, a comparison such as `over 5`, or a range such as `5..9`, with the unit of the fact",
    ),
    (
        STATE,
        "{ contains: open }",
        "config/wrong_matcher",
        "`contains` says nothing about text",
        "it is one of open, refused, timeout",
    ),
    (
        TEXTS,
        "{ contains: a }",
        "config/wrong_matcher",
        "`contains` says nothing about a list of text",
        "say of which parts: `{ any: { contains: x } }`, `{ all: ... }`, `{ none: ... }`, `{ has: x }`, `{ length: 2 }`",
    ),
    (
        TEXTS,
        "a",
        "config/wrong_matcher",
        "one value cannot be compared with a list of text",
        "for exactly this one write `[a]`, for this one among others `{ has: a }`",
    ),
    (
        TEXTS,
        "at least 3",
        "config/wrong_matcher",
        "one value cannot be compared with a list of text",
        "for their number write `{ length: at least 3 }`, for each of them `{ all: at least 3 }`",
    ),
    (
        SIZES,
        "2GiB",
        "config/wrong_matcher",
        "one value cannot be compared with a map of size",
        "name the part: `{ NAME: MATCHER }`",
    ),
    (
        SIZES,
        "{ used: 80% }",
        "config/wrong_unit",
        "`80%` is a ratio, and a size is wanted",
        "`%` is no unit of size; there are B, kB, MB, GB, TB, PB and KiB, MiB, GiB, TiB, PiB",
    ),
    (
        FactType::Headers,
        "{ is: { a: b } }",
        "config/wrong_matcher",
        "`is` says nothing about header fields",
        "name the part: `{ NAME: MATCHER }`",
    ),
    (
        FactType::Rows,
        "3",
        "config/wrong_matcher",
        "one value cannot be compared with rows",
        "name the rows, `[{ COLUMN: MATCHER }]`, or say `{ length: 3 }`, `{ all: { COLUMN: MATCHER } }`",
    ),
    (
        FactType::Text,
        "{ is: [a] }",
        "config/wrong_matcher",
        "text cannot be a list",
        "`is` and `one_of` take values of the type of the fact",
    ),
    (
        FactType::Text,
        "{ one_of: a }",
        "config/wrong_type",
        "`one_of` wants a list, not a single value",
        "for example `{ one_of: [a, b] }`",
    ),
    (
        FactType::Text,
        "{ absent: maybe }",
        "config/wrong_type",
        "`absent` wants true, not a single value",
        "`absent: true` wants nothing to be there, `absent: false` something",
    ),
    (
        FactType::Text,
        "{ length: 3s }",
        "config/wrong_unit",
        "`3s` is a duration, and an integer is wanted",
        "this fact has no unit; write the number alone",
    ),
    // Nothing at all.
    (
        FactType::Text,
        "[]",
        "config/empty_list",
        "an empty list asserts nothing",
        "for nothing in it write `{ length: 0 }`, for a JSON list that is empty `{ is: [] }`, or leave it out",
    ),
    (
        FactType::Json,
        "{ $.errors: [] }",
        "config/empty_list",
        "an empty list asserts nothing",
        "for nothing in it write `{ length: 0 }`, for a JSON list that is empty `{ is: [] }`, or leave it out",
    ),
    (
        FactType::Text,
        "{ one_of: [] }",
        "config/empty_list",
        "`one_of` nothing never holds",
        "name the values that are good",
    ),
    (
        TEXTS,
        "{ has: [] }",
        "config/empty_list",
        "`has` nothing always holds",
        "name what must be in it",
    ),
    (
        FactType::Text,
        "{}",
        "config/empty_matcher",
        "an empty map asserts nothing",
        "write what must be so, such as `{ contains: ok }`, or leave it out",
    ),
    (
        FactType::Text,
        "",
        "config/empty_matcher",
        "there is no matcher",
        "write what must be so; for a value that is not there `{ absent: true }`, for the text itself quote it",
    ),
    (
        FactType::Text,
        "null",
        "config/empty_matcher",
        "there is no matcher",
        "write what must be so; for a value that is not there `{ absent: true }`, for the text itself quote it",
    ),
    (
        FactType::Json,
        "{ $.a: }",
        "config/empty_matcher",
        "there is no matcher",
        "write what must be so; for a value that is not there `{ absent: true }`, for the text itself quote it",
    ),
    (
        FactType::Text,
        "{ contains: \"\" }",
        "config/empty_matcher",
        "`contains` without a text always holds",
        "write the text; for a value that is there write `{ absent: false }`",
    ),
    (
        FactType::Text,
        "{ matches: \"\" }",
        "config/empty_matcher",
        "`matches` without a text always holds",
        "write the text; for a value that is there write `{ absent: false }`",
    ),
    // Slips.
    (
        FactType::Text,
        "{ contans: x }",
        "config/unknown_key",
        "unknown key `contans` in a matcher",
        "did you mean `contains`?",
    ),
    (
        FactType::Text,
        "{ regex: x }",
        "config/unknown_key",
        "unknown key `regex` in a matcher",
        "did you mean `matches`?",
    ),
    (
        FactType::Text,
        "{ equals: x }",
        "config/unknown_key",
        "unknown key `equals` in a matcher",
        "did you mean `is`?",
    ),
    (
        FactType::Integer,
        "{ gt: 5 }",
        "config/unknown_key",
        "unknown key `gt` in a matcher",
        "comparisons are written as text: `over 14d`, `under 80%`, `at least 3`, `at most 2GiB`",
    ),
    (
        FactType::Json,
        "{ status: ok }",
        "config/unknown_key",
        "unknown key `status` in a matcher",
        "a place in JSON is named by its path, `$.status`; a whole object is `{ is: ... }`",
    ),
    (
        STATE,
        "opened",
        "config/unknown_word",
        "`opened` is no word of this fact",
        "did you mean `open`?",
    ),
    (
        STATE,
        "[open, shut]",
        "config/unknown_word",
        "`shut` is no word of this fact",
        "it is one of open, refused, timeout",
    ),
    (
        STATE,
        "{ not: refusd }",
        "config/unknown_word",
        "`refusd` is no word of this fact",
        "did you mean `refused`?",
    ),
    (
        FactType::Text,
        "{ matches: '(' }",
        "config/bad_regex",
        "`(` is not a pattern: unclosed group",
        PATTERNS,
    ),
    (
        FactType::Text,
        "{ matches: '(?=a)' }",
        "config/bad_regex",
        "`(?=a)` is not a pattern: look-around, including look-ahead and look-behind, is not supported",
        PATTERNS,
    ),
    (
        FactType::Text,
        "{ matches: '\\w{5000}{5000}' }",
        "config/bad_regex",
        "`\\w{5000}{5000}` is not a pattern: it is too big",
        PATTERNS,
    ),
    (
        FactType::Json,
        "{ '$.a[': 1 }",
        "config/bad_jsonpath",
        "`$.a[` is not a JSONPath: it cannot be read from character 4 on",
        PATHS,
    ),
    (
        FactType::Json,
        "{ $a: 1 }",
        "config/bad_jsonpath",
        "",
        PATHS,
    ),
];

const PATTERNS: &str = "patterns are those of the Rust regex crate, without look-around and back-references; put them in single quotes";
const PATHS: &str =
    "a path is as in RFC 9535: `$.db.connected`, `$.items[0]`, `$['a-b']`, `$.items[*].state`";

fn mistakes(node: &Node, ty: FactType) -> Vec<Diagnostic> {
    let mut diagnostics = Diagnostics::default();
    let read = Matcher::read(node, ty, &mut diagnostics);
    assert!(read.is_none(), "{node:?} was read as {read:?}");
    diagnostics.sorted()
}

#[test]
fn every_mistake_has_its_code_its_words_and_its_hint() {
    for (ty, text, code, message, hint) in TABLE {
        let node = flow::read(text).unwrap_or_else(|why| panic!("{text}: {why}"));
        let found = mistakes(&node, *ty);
        let [found] = found.as_slice() else {
            panic!("{text}: {found:?}");
        };
        assert_eq!((found.code, found.level), (*code, Level::Error), "{text}");
        assert_eq!(found.hint.as_deref(), Some(*hint), "{text}");
        assert!(
            message.is_empty() || found.message == *message,
            "{text}: {}",
            found.message
        );
    }
}

#[test]
fn all_mistakes_of_a_matcher_are_found_together() {
    let text = "{ $.a: not DOWN, $.b: [], $.c: { contans: x, matches: '(' } }";
    let found = mistakes(&flow::read(text).unwrap(), FactType::Json);
    let mut codes: Vec<_> = found.iter().map(|d| d.code).collect();
    codes.sort_unstable();
    assert_eq!(
        codes,
        [
            "config/bad_regex",
            "config/empty_list",
            "config/unknown_key",
            "config/wrong_matcher"
        ]
    );
}

fn scalar(text: &str, style: ScalarStyle, secret: bool) -> Node {
    let text = text.to_owned();
    Node {
        value: NodeValue::Scalar(Scalar {
            text,
            style,
            secret,
        }),
        span: Span::NOWHERE,
    }
}

#[test]
fn a_block_where_a_matcher_belongs_is_told_to_be_quoted() {
    for ty in [FactType::Duration, FactType::Text, FactType::Json] {
        let found = mistakes(&scalar("500ms\n", ScalarStyle::Block, false), ty);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].code, "config/block_scalar");
        let hint = found[0].hint.as_deref().unwrap();
        assert!(
            hint.contains("`\"> 5\"`") && hint.contains("`over 5`"),
            "{hint}"
        );
    }
    // Where a text belongs, a block is a text.
    let block = scalar("two\nlines\n", ScalarStyle::Block, false);
    let matcher = Matcher::read(
        &map("is", block),
        FactType::Text,
        &mut Diagnostics::default(),
    );
    assert!(matcher.unwrap().names("two\nlines\n"));
}

fn map(key: &str, value: Node) -> Node {
    let key = Spanned {
        value: key.to_owned(),
        span: Span::NOWHERE,
    };
    Node {
        value: NodeValue::Map(vec![Entry { key, value }]),
        span: Span::NOWHERE,
    }
}

#[test]
fn a_secret_is_shown_in_no_mistake_and_no_matcher() {
    const SECRET: &str = "hunter2(canary";
    let types = [
        FactType::Boolean,
        FactType::Integer,
        FactType::Duration,
        FactType::Size,
        FactType::Ratio,
        FactType::Version,
        FactType::Time,
        FactType::Text,
        STATE,
        TEXTS,
        SIZES,
        FactType::Headers,
        FactType::Json,
        FactType::Rows,
    ];
    let operators = [
        "not", "is", "contains", "matches", "has", "length", "one_of", "absent", "all", "$.a", "a",
    ];
    for text in [
        SECRET.to_owned(),
        format!("over {SECRET}"),
        format!("not {SECRET}"),
        format!("1..{SECRET}"),
        format!("{SECRET}ms"),
    ] {
        for style in [ScalarStyle::Plain, ScalarStyle::Quoted, ScalarStyle::Block] {
            let plain = scalar(&text, style, true);
            let maps = operators
                .iter()
                .map(|operator| map(operator, plain.clone()));
            let list = Node {
                value: NodeValue::List(vec![plain.clone()]),
                span: Span::NOWHERE,
            };
            for node in maps.chain([plain.clone(), list.clone(), map("one_of", list.clone())]) {
                for ty in types {
                    let mut diagnostics = Diagnostics::default();
                    let matcher = Matcher::read(&node, ty, &mut diagnostics);
                    let shown = matcher.map(|m| m.to_string()).unwrap_or_default();
                    let told = format!("{shown} {:?}", diagnostics.as_slice());
                    assert!(!told.contains("hunter2"), "{ty:?}: {told}");
                }
            }
        }
    }
}
