//! Tests of every quantity, as people write it.

use gonogo_model::{Decimal, Value};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::node::{Scalar, ScalarStyle};

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn durations_are_exact_seconds() {
    for (text, seconds) in [
        ("500ms", "0.5"),
        ("2 s", "2"),
        (" 2s ", "2"),
        ("0s", "0"),
        ("30d", "2592000"),
        ("1h30m", "5400"),
        ("1h 30m", "5400"),
        ("1h05m", "3900"),
        ("4w", "2419200"),
        ("250us", "0.00025"),
        ("250\u{b5}s", "0.00025"),
        ("7ns", "0.000000007"),
        ("1.5h", "5400"),
        ("0.1s", "0.1"),
        ("-3d", "-259200"),
        ("13d 4h", "1137600"),
        ("1w2d3h4m5s6ms7us8ns", "788645.006007008"),
    ] {
        assert_eq!(duration(text), Ok(decimal(seconds)), "{text}");
    }
}

#[test]
fn sizes_are_exact_bytes() {
    for (text, bytes) in [
        ("0B", "0"),
        ("512B", "512"),
        ("1kB", "1000"),
        ("20MB", "20000000"),
        ("1.5 GB", "1500000000"),
        ("2TB", "2000000000000"),
        ("1KiB", "1024"),
        ("1.5GiB", "1610612736"),
        ("3TiB", "3298534883328"),
    ] {
        assert_eq!(size(text), Ok(decimal(bytes)), "{text}");
    }
}

#[test]
fn a_size_that_could_not_be_shown_is_none() {
    for digits in [
        "1".to_owned() + &"0".repeat(100),
        format!("0.{}1", "0".repeat(60)),
    ] {
        let told = size(&format!("{digits}B")).unwrap_err();
        assert_eq!(told, "it has too many digits");
    }
}

#[test]
fn numbers_and_ratios_are_exact() {
    for (text, value) in [
        ("0", "0"),
        ("-0.50", "-0.5"),
        ("+3", "3"),
        ("1e3", "1000"),
        ("12345678901234567891", "12345678901234567891"),
    ] {
        assert_eq!(number(text), Ok(decimal(value)), "{text}");
    }
    for (text, value) in [
        ("80%", "0.8"),
        ("99.99 %", "0.9999"),
        ("0.1%", "0.001"),
        ("0.8", "0.8"),
        ("1", "1"),
        ("0", "0"),
        ("120%", "1.2"),
    ] {
        assert_eq!(ratio(text), Ok(decimal(value)), "{text}");
    }
    assert_eq!(integer("-7"), Ok(decimal("-7")));
}

type Read = fn(&str) -> Option<String>;

/// What reads it, what it is given, what it says.
const REFUSED: &[(Read, &str, &str)] = &[
    (
        |t| integer(t).err(),
        "010",
        "some would read it as octal because of the leading zero; write `10`",
    ),
    (
        |t| integer(t).err(),
        "00",
        "some would read it as octal because of the leading zero; write `0`",
    ),
    (
        |t| integer(t).err(),
        "-010",
        "some would read it as octal because of the leading zero; write `10`",
    ),
    (
        |t| integer(t).err(),
        "0x1F",
        "write it in decimal, not in hexadecimal or octal",
    ),
    (
        |t| integer(t).err(),
        "0o17",
        "write it in decimal, not in hexadecimal or octal",
    ),
    (
        |t| integer(t).err(),
        "1_000",
        "digits are written without `_`",
    ),
    (
        |t| integer(t).err(),
        "1,000",
        "digits are written without `,`, and a fraction with `.`",
    ),
    (
        |t| integer(t).err(),
        "1.0",
        "a whole number has digits only",
    ),
    (
        |t| integer(t).err(),
        "1e3",
        "a whole number has digits only",
    ),
    (|t| integer(t).err(), "", "there is nothing"),
    (
        |t| integer(t).err(),
        "ten",
        "a number is written in digits, such as 200 or 0.5",
    ),
    (
        |t| integer(t).err(),
        "22:22",
        "a number is written in digits, such as 200 or 0.5",
    ),
    (|t| number(t).err(), ".5", "write `0.5`"),
    (
        |t| number(t).err(),
        "5.",
        "a number is written in digits, such as 200 or 0.5",
    ),
    (
        |t| number(t).err(),
        ".nan",
        "a number is written in digits, such as 200 or 0.5",
    ),
    (
        |t| number(t).err(),
        "NaN",
        "a number is written in digits, such as 200 or 0.5",
    ),
    (
        |t| number(t).err(),
        ".inf",
        "a number is written in digits, such as 200 or 0.5",
    ),
    (
        |t| number(t).err(),
        "1e99999999999",
        "it has too many digits",
    ),
    (
        |t| duration(t).err(),
        "500",
        "it has no unit; write `500ms`, `500s`, `500m`, `500h` or `500d`",
    ),
    (
        |t| duration(t).err(),
        "0",
        "it has no unit; write `0ms`, `0s`, `0m`, `0h` or `0d`",
    ),
    (|t| duration(t).err(), "", "there is nothing"),
    (|t| duration(t).err(), "-", "there is nothing"),
    (
        |t| duration(t).err(),
        "5 sec",
        "`sec` is no unit of time; did you mean `5s`?",
    ),
    (
        |t| duration(t).err(),
        "5 Minutes",
        "`Minutes` is no unit of time; did you mean `5m`?",
    ),
    (
        |t| duration(t).err(),
        "5min",
        "`min` is no unit of time; did you mean `5m`?",
    ),
    (
        |t| duration(t).err(),
        "5H",
        "`H` is no unit of time; did you mean `5h`?",
    ),
    (
        |t| duration(t).err(),
        "2 months",
        "a `months` has no fixed length; count it in days, `d`",
    ),
    (
        |t| duration(t).err(),
        "1y",
        "a `y` has no fixed length; count it in days, `d`",
    ),
    (
        |t| duration(t).err(),
        "5GB",
        "`GB` is no unit of time; there are ns, us, ms, s, m, h, d and w",
    ),
    (
        |t| duration(t).err(),
        "30m1h",
        "each unit comes once, the largest first",
    ),
    (
        |t| duration(t).err(),
        "1h1h",
        "each unit comes once, the largest first",
    ),
    (
        |t| duration(t).err(),
        "010s",
        "some would read it as octal because of the leading zero; write `10`",
    ),
    (
        |t| number(t).err(),
        "01\u{1b}[2J\r",
        "some would read it as octal because of the leading zero; write `1\\u{1b}[2J\\r`",
    ),
    (|t| number(t).err(), ".5\u{1b}", "write `0.5\\u{1b}`"),
    (
        |t| duration(t).err(),
        "1_000ms",
        "digits are written without `_`",
    ),
    (|t| duration(t).err(), "1.2.3s", "`1.2.3` is not a number"),
    (
        |t| duration(t).err(),
        "ms",
        "a duration is a number and a unit, such as 500ms, 30s, 1h30m or 14d",
    ),
    (
        |t| duration(t).err(),
        "99999999999999999999999w",
        "it is too long",
    ),
    (
        |t| duration(t).err(),
        "infinite",
        "a duration is a number and a unit, such as 500ms, 30s, 1h30m or 14d",
    ),
    (
        |t| size(t).err(),
        "5",
        "it has no unit; write `5B`, `5MB` (decimal) or `5MiB` (binary)",
    ),
    (
        |t| size(t).err(),
        "5G",
        "`G` could mean two things; write `5GB` (decimal) or `5GiB` (binary)",
    ),
    (
        |t| size(t).err(),
        "5k",
        "`k` could mean two things; write `5kB` (decimal) or `5KiB` (binary)",
    ),
    (
        |t| size(t).err(),
        "5KB",
        "`KB` could mean two things; write `5kB` (decimal) or `5KiB` (binary)",
    ),
    (
        |t| size(t).err(),
        "5Mi",
        "`Mi` is no unit of size; did you mean `5MiB`?",
    ),
    (
        |t| size(t).err(),
        "5gib",
        "`gib` is no unit of size; did you mean `5GiB`?",
    ),
    (
        |t| size(t).err(),
        "5b",
        "`b` is no unit of size; did you mean `5B`?",
    ),
    (
        |t| size(t).err(),
        "5ms",
        "`ms` is no unit of size; did you mean `5MB` or `5MiB`?",
    ),
    (|t| size(t).err(), "-5MB", "a size is not negative"),
    (
        |t| size(t).err(),
        "MB",
        "a size is a number and a unit, such as 512B, 20MB or 2GiB",
    ),
    (
        |t| ratio(t).err(),
        "80",
        "without `%` a ratio is 0 to 1; did you mean `80%`?",
    ),
    (
        |t| ratio(t).err(),
        "1.01",
        "without `%` a ratio is 0 to 1; did you mean `1.01%`?",
    ),
    (|t| ratio(t).err(), "-5%", "a ratio is not negative"),
    (|t| ratio(t).err(), "%", "there is nothing"),
    (
        |t| boolean(t).err(),
        "yes",
        "YAML 1.2 knows no yes and no, on and off; write `true`",
    ),
    (
        |t| boolean(t).err(),
        "NO",
        "YAML 1.2 knows no yes and no, on and off; write `false`",
    ),
    (|t| boolean(t).err(), "1", "it is true or false"),
    (
        |t| version(t).err(),
        "latest",
        "a version is numbers between dots, such as 15.4",
    ),
    (
        |t| version(t).err(),
        "15.x",
        "write the version out, or a range such as `15..15.99`",
    ),
    (
        |t| version(t).err(),
        "15.4 or so",
        "a version is numbers between dots, such as 15.4",
    ),
    (
        |t| version(t).err(),
        "",
        "a version is numbers between dots, such as 15.4",
    ),
    (
        |t| version(t).err(),
        "1..2",
        "a version is numbers between dots, such as 15.4",
    ),
    (
        |t| time(t).err(),
        "2027-01-31",
        "a time is a date, a time of day and a zone, such as 2027-01-31T00:00:00Z",
    ),
    (
        |t| time(t).err(),
        "2027-01-31T00:00:00",
        "a time is a date, a time of day and a zone, such as 2027-01-31T00:00:00Z",
    ),
    (
        |t| time(t).err(),
        "tomorrow",
        "a time is a date, a time of day and a zone, such as 2027-01-31T00:00:00Z",
    ),
];

#[test]
fn what_could_mean_two_things_is_a_mistake_that_says_how_to_write_it() {
    for (read, text, why) in REFUSED {
        assert_eq!(read(text).as_deref(), Some(*why), "{text:?}");
    }
}

#[test]
fn a_version_may_have_a_suffix() {
    for text in [
        "15.4",
        "v1.2.3",
        "16beta1",
        "1.2.3-rc.1",
        "7.0.15-1~deb12u1",
        "1.0+build.5",
    ] {
        assert!(version(text).is_ok(), "{text}");
    }
}

#[test]
fn plain_scalars_have_the_types_of_the_core_schema() {
    let plain = |text: &str| {
        core_schema(&Scalar {
            text: text.to_owned(),
            style: ScalarStyle::Plain,
            secret: false,
        })
    };
    for text in ["", "~", "null", "Null", "NULL"] {
        assert_eq!(plain(text), json!(null), "{text}");
    }
    for (text, yes) in [("true", true), ("True", true), ("FALSE", false)] {
        assert_eq!(plain(text), json!(yes), "{text}");
    }
    for (text, value) in [
        ("0", "0"),
        ("-19", "-19"),
        ("+12", "12"),
        ("010", "10"),
        ("0o17", "15"),
        ("0x1F", "31"),
        (
            "0xffffffffffffffffffffffffffffffff",
            "340282366920938463463374607431768211455",
        ),
        ("12345678901234567890123", "12345678901234567890123"),
        ("1.10", "1.10"),
        ("1.", "1"),
        (".5", "0.5"),
        ("-.5", "-0.5"),
        ("1e400", "1e400"),
        ("1E+3", "1e+3"),
    ] {
        let number = plain(text);
        assert!(number.is_number(), "{text}");
        assert_eq!(number.to_string(), value, "{text}");
    }
    for text in [
        "yes",
        "no",
        "on",
        "off",
        "y",
        "nULL",
        "tRUE",
        "1_000",
        "22:22",
        "0b1",
        "0x",
        "0xg",
        "0o8",
        "-0x1F",
        ".",
        "-",
        "+",
        "e5",
        "1e",
        ".inf",
        "-.INF",
        ".nan",
        "1.2.3",
        "2026-01-01",
        "12e03x",
        "0xfffffffffffffffffffffffffffffffff",
    ] {
        assert_eq!(plain(text), json!(text), "{text}");
    }
    for style in [ScalarStyle::Quoted, ScalarStyle::Block] {
        for text in ["", "null", "true", "12"] {
            let scalar = Scalar {
                text: text.to_owned(),
                style,
                secret: false,
            };
            assert_eq!(core_schema(&scalar), json!(text), "{text}");
        }
    }
}

#[test]
fn quantities_are_shown_as_people_read_them() {
    for (seconds, shown) in [
        ("0", "0s"),
        ("0.734", "734ms"),
        ("0.7345678", "735ms"),
        ("0.0123456", "12.3ms"),
        ("0.00000042", "420ns"),
        ("0.0000425", "42.5us"),
        ("0.9996", "1s"),
        ("1.5", "1.5s"),
        ("59.96", "60s"),
        ("60", "1m"),
        ("252", "4m 12s"),
        ("3600", "1h"),
        ("11100", "3h 5m"),
        ("1137600", "13d 4h"),
        ("86399", "23h 59m"),
        ("-7200", "-2h"),
        ("-0.05", "-50ms"),
        ("1e12", "1000000000000s"),
        ("1e400", "1e400s"),
    ] {
        assert_eq!(show::duration(&decimal(seconds)), shown, "{seconds}");
    }
    for (bytes, shown) in [
        ("0", "0B"),
        ("512", "512B"),
        ("1000", "1kB"),
        ("1023", "1KiB"),
        ("1024", "1KiB"),
        ("1610612736", "1.5GiB"),
        ("1500000000", "1.5GB"),
        ("123456789", "118MiB"),
        ("-5", "-5B"),
        ("1e30", "1000000000000000000000000000000B"),
    ] {
        assert_eq!(show::size(&decimal(bytes)), shown, "{bytes}");
    }
    for (share, shown) in [
        ("0.832", "83.2%"),
        ("0", "0%"),
        ("1", "100%"),
        ("0.8329", "83.3%"),
        ("0.99996", "100%"),
        ("1e30", "100000000000000000000000000000000%"),
    ] {
        assert_eq!(show::ratio(&decimal(share)), shown, "{share}");
    }
}

#[test]
fn texts_are_shown_without_power_over_a_terminal() {
    for (text, shown) in [
        ("", "\"\""),
        ("plain text", "plain text"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\u{1b}[31mred", "\\u{1b}[31mred"),
        ("\u{9b}2J\u{7f}\0", "\\u{9b}2J\\u{7f}\\u{0}"),
        ("abc\u{202e}cba\u{200b}", "abc\\u{202e}cba\\u{200b}"),
        ("gr\u{fc}n", "gr\u{fc}n"),
    ] {
        assert_eq!(show::text(text), shown);
        let value = Value::List(vec![Value::Json(json!({ text: text }))]);
        assert!(
            !show::value(&value).chars().any(char::is_control),
            "{text:?}"
        );
    }
    let long = show::text(&"x".repeat(1 << 20));
    assert_eq!((long.len(), long.ends_with("x...")), (203, true));
    let many = Value::Json(json!(vec![1_000_000; 10_000]));
    let shown = show::value(&many);
    assert!(
        shown.len() < 300 && shown.ends_with("... 9978 more]"),
        "{shown}"
    );
}

proptest! {
    #[test]
    fn what_is_shown_can_be_read_and_is_near(mantissa in 1_u64..u64::MAX, places in 6_i64..19) {
        let exact = Decimal::scaled(i128::from(mantissa), -places);
        let near = |read: Result<Decimal, String>| {
            let read = read.map(|n| n.approximate()).unwrap_or(f64::NAN);
            (read / exact.approximate() - 1.0).abs() < 0.04 || exact.approximate() < 1e-8
        };
        prop_assert!(near(duration(&show::duration(&exact))), "{}", show::duration(&exact));
        prop_assert!(near(size(&show::size(&exact))) || exact < decimal("1"), "{}", show::size(&exact));
    }

    #[test]
    fn no_reader_panics(text in ".{0,20}", unit in "(ms|s|d|%|GiB|)") {
        for text in [text.clone(), format!("{text}{unit}")] {
            let _numbers = (integer(&text), number(&text), duration(&text), size(&text), ratio(&text));
            let _others = (version(&text), time(&text), boolean(&text), looks_like(&text));
            let _shown = show::text(&text);
        }
    }

    #[test]
    fn a_duration_is_read_back_exactly(nanos in any::<u64>()) {
        let read = duration(&format!("{nanos}ns")).unwrap();
        prop_assert_eq!(to_std_duration(&read), Some(std::time::Duration::from_nanos(nanos)));
    }
}
