//! The table of values, matchers and types.

use gonogo_model::{Decimal, Value, Version};

use super::{STATE, matcher, test};
use crate::decl::FactType;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn value(ty: FactType, text: &str) -> Value {
    match ty {
        FactType::Boolean => Value::Boolean(text == "true"),
        FactType::Integer => Value::Integer(decimal(text)),
        FactType::Number => Value::Number(decimal(text)),
        FactType::Duration => Value::Duration(decimal(text)),
        FactType::Size => Value::Size(decimal(text)),
        FactType::Ratio => Value::Ratio(decimal(text)),
        FactType::Version => Value::Version(Version::parse(text).unwrap()),
        FactType::Time => Value::Time(text.parse().unwrap()),
        _ => Value::text(text),
    }
}

/// Type, value in base units, matcher, whether it holds, what is shown.
const TABLE: &[(FactType, &str, &str, bool, &str)] = &[
    (FactType::Text, " ok", "ok", false, "\" ok\" (text)"),
    (FactType::Text, "ok\n", "ok", false, "\"ok\\n\" (text)"),
    (FactType::Text, "null", "ok", false, "\"null\" (text)"),
    (FactType::Text, "15.10", "15.1", false, "\"15.10\" (text)"),
    (FactType::Text, "fine", "ok", false, "fine"),
    (FactType::Boolean, "true", "true", true, "true"),
    (FactType::Boolean, "false", "true", false, "false"),
    (FactType::Boolean, "false", "{ not: true }", true, "false"),
    (FactType::Integer, "200", "200", true, "200"),
    (FactType::Integer, "503", "200", false, "503"),
    (FactType::Integer, "200", "200..299", true, "200"),
    (FactType::Integer, "299", "200..299", true, "299"),
    (FactType::Integer, "300", "200..299", false, "300"),
    (FactType::Integer, "204", "[200, 204]", true, "204"),
    (FactType::Integer, "404", "[200, 300..399]", false, "404"),
    (FactType::Integer, "301", "[200, 300..399]", true, "301"),
    (FactType::Integer, "3", "at least 3", true, "3"),
    (FactType::Integer, "3", "over 3", false, "3"),
    (FactType::Integer, "0", "not 0", false, "0"),
    (FactType::Integer, "5", "not 0", true, "5"),
    (FactType::Integer, "404", "not 400..499", false, "404"),
    (
        FactType::Integer,
        "12345678901234567891",
        "over 12345678901234567890",
        true,
        "12345678901234567891",
    ),
    (FactType::Number, "0.99", "\"< 0.5\"", false, "0.99"),
    (FactType::Number, "1.9", "\"> 1.5\"", true, "1.9"),
    (FactType::Number, "1.0", "1", true, "1"),
    (FactType::Duration, "0.734", "under 500ms", false, "734ms"),
    (FactType::Duration, "0.5", "under 500ms", false, "500ms"),
    (FactType::Duration, "0.5", "at most 500ms", true, "500ms"),
    (
        FactType::Duration,
        "0.5000001",
        "at most 500ms",
        false,
        "0.5000001s",
    ),
    (
        FactType::Duration,
        "0.4999999",
        "under 500ms",
        true,
        "0.4999999s",
    ),
    (FactType::Duration, "1137600", "over 14d", false, "13d 4h"),
    (FactType::Duration, "-3600", "over 0s", false, "-1h"),
    (FactType::Duration, "1", "10ms..2s", true, "1s"),
    (
        FactType::Size,
        "1610612736",
        "under 1.5GiB",
        false,
        "1.5GiB",
    ),
    (
        FactType::Size,
        "1610612736",
        "at most 1.5GiB",
        true,
        "1.5GiB",
    ),
    (FactType::Size, "1500000000", "at most 1.5GB", true, "1.5GB"),
    (FactType::Ratio, "0.832", "under 80%", false, "83.2%"),
    (FactType::Ratio, "0.8", "under 80%", false, "80%"),
    (FactType::Ratio, "0.79999", "under 80%", true, "79.999%"),
    (FactType::Ratio, "0.5", "under 0.8", true, "50%"),
    (FactType::Version, "15.10", "\">= 15.4\"", true, "15.10"),
    (FactType::Version, "15", "15.0", true, "15"),
    (FactType::Version, "14.9", "at least 15", false, "14.9"),
    (FactType::Version, "15.4", "15..15.99", true, "15.4"),
    (
        FactType::Time,
        "2026-11-20T00:00:00Z",
        "over 2026-11-19T23:00:00-02:00",
        false,
        "2026-11-20T00:00:00Z",
    ),
    (FactType::Text, "primary", "primary", true, "primary"),
    (FactType::Text, "replica", "primary", false, "replica"),
    (FactType::Text, "010", "10", false, "010"),
    (FactType::Text, "200", "200", true, "200"),
    (FactType::Text, "", "{ contains: x }", false, "\"\""),
    (FactType::Text, "a\u{1b}[2Jb", "ok", false, "a\\u{1b}[2Jb"),
    (
        FactType::Text,
        "not found",
        "{ is: not found }",
        true,
        "not found",
    ),
    (FactType::Text, "found", "{ not: found }", false, "found"),
    (FactType::Text, "a/b", "{ contains: a/b }", true, "a/b"),
    (FactType::Text, "ab", "{ contains: a/b }", false, "ab"),
    (
        FactType::Text,
        "server: nginx",
        "{ matches: 'ngin[x]$', starts_with: server }",
        true,
        "server: nginx",
    ),
    (FactType::Text, "abc", "{ length: 3 }", true, "length 3"),
    (
        FactType::Text,
        "abc",
        "{ length: over 3 }",
        false,
        "length 3",
    ),
    (STATE, "open", "open", true, "open"),
    (STATE, "refused", "[open, refused]", true, "refused"),
    (
        STATE,
        "timeout",
        "{ one_of: [open, refused] }",
        false,
        "timeout",
    ),
    (STATE, "open", "{ not: refused }", true, "open"),
];

/// Every matcher of the table.
pub(super) fn matchers() -> impl Iterator<Item = (&'static str, FactType)> {
    TABLE.iter().map(|(ty, _, wanted, ..)| (*wanted, *ty))
}

#[test]
fn values_of_every_type_against_every_matcher() {
    for (ty, text, wanted, holds, got) in TABLE {
        let tested = test(wanted, *ty, &value(*ty, text));
        assert_eq!(
            tested,
            (*holds, (*got).to_owned()),
            "{text} against {wanted}"
        );
    }
}

#[test]
fn exact_matchers_name_values() {
    for (wanted, word, names, exact) in [
        ("refused", "refused", true, true),
        ("[open, refused]", "refused", true, true),
        ("{ one_of: [open, refused] }", "refused", true, true),
        ("{ is: refused }", "refused", true, true),
        ("open", "refused", false, true),
        ("{ not: open }", "refused", false, false),
        ("{ absent: true }", "refused", false, false),
    ] {
        let matcher = matcher(wanted, STATE);
        assert_eq!(
            (matcher.names(word), matcher.is_exact()),
            (names, exact),
            "{wanted}"
        );
    }
}
