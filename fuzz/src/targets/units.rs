//! Quantities as people write them: every line of an input is read as each of them.

use gonogo_kind::{Scalar, ScalarStyle, unit, unit::show};
use gonogo_model::{Decimal, DecimalError};

use super::Target;
use crate::behaviour::Behaviour;

pub(super) const TARGET: Target = Target {
    name: "units",
    what: "durations, sizes, ratios, numbers, versions, times",
    check,
    words: WORDS,
    tries: 5_000,
};

fn check(input: &[u8]) -> Behaviour {
    let text = String::from_utf8_lossy(input);
    let lines: Vec<&str> = text.split('\n').take(20).collect();
    let seen: Vec<_> = lines.iter().map(|line| one(line)).collect();
    for (name, read, ..) in QUANTITIES {
        let numbers: Vec<Decimal> = lines.iter().filter_map(|line| read(line).ok()).collect();
        for pair in numbers.windows(2) {
            in_order(name, &pair[0], &pair[1]);
        }
    }
    let versions: Vec<_> = lines
        .iter()
        .filter_map(|line| unit::version(line).ok())
        .collect();
    for pair in versions.windows(2) {
        assert_eq!(
            pair[1].cmp(&pair[0]),
            pair[0].cmp(&pair[1]).reverse(),
            "{pair:?}"
        );
    }
    Behaviour::of(seen)
}

/// Reads a line as everything, and returns as what it can be read and how long what is shown is.
fn one(line: &str) -> (Vec<&'static str>, usize) {
    let mut kinds = Vec::new();
    let mut length = 0;
    for (name, read, show, (part, least)) in QUANTITIES {
        let value = match read(line) {
            Ok(value) => value,
            Err(why) => {
                assert!(
                    !why.is_empty() && !why.chars().any(char::is_control),
                    "{why:?}"
                );
                continue;
            }
        };
        kinds.push(*name);
        exact(&value);
        let shown = show(&value);
        length = length.max(shown.len());
        assert!(shown.len() < 300, "{name} {line}: {shown}");
        if shown.contains("...") {
            continue;
        }
        let again = read(&shown).unwrap_or_else(|why| panic!("{name} {line}: {shown}: {why}"));
        is_near(
            &value,
            &again,
            part * value.approximate().abs() + least,
            &format!("{name} {line}: {shown}"),
        );
    }
    if let Ok(seconds) = unit::duration(line) {
        std_duration(&seconds);
    }
    if let Ok(number) = unit::integer(line) {
        assert!(number.is_integer(), "{line}");
        if let Some(small) = number.to_i128() {
            assert_eq!(Decimal::scaled(small, 0), number, "{line}");
        }
    }
    if let Ok(version) = unit::version(line) {
        kinds.push("version");
        let again = unit::version(&version.to_string());
        assert_eq!(again.as_ref(), Ok(&version), "{line}");
    }
    if let Ok(time) = unit::time(line) {
        kinds.push("time");
        assert_eq!(unit::time(&time.to_string()), Ok(time), "{line}");
    }
    if let Ok(yes) = unit::boolean(line) {
        assert_eq!(unit::boolean(&yes.to_string()), Ok(yes));
    }
    let json = unit::core_schema(&Scalar {
        text: line.to_owned(),
        style: ScalarStyle::Plain,
        secret: false,
    });
    let _shown = show::json(&json);
    let _looks = unit::looks_like(line);
    (kinds, length.min(30))
}

/// A number survives being written and read, and the arithmetic that units need.
fn exact(number: &Decimal) {
    let text = number.to_string();
    // What is beyond the largest exponent is nobody's quantity, and cannot be written either.
    match text.parse() {
        Ok(again) => assert_eq!(number, &again, "{text}"),
        Err(error) => assert_eq!((error, text.contains('e')), (DecimalError::TooLong, true)),
    }
    let there = number.clone().shifted(7).shifted(-7);
    assert_eq!(&there, number, "{text}");
    let back = number.clone().negated().negated();
    assert_eq!(&back, number, "{text}");
    assert!(number.minus(number).is_zero(), "{text}");
    let double = number.times(2);
    assert_eq!(&double.minus(number), number, "{text}");
    assert_eq!(double.is_negative(), number.is_negative(), "{text}");
}

/// What is shown is rounded, and not by more than `most`.
fn is_near(value: &Decimal, again: &Decimal, most: f64, what: &str) {
    let (value, again) = (value.approximate(), again.approximate());
    if value.is_finite() {
        let off = (value - again).abs();
        assert!(off <= most, "{what} is off by {off}");
    }
}

/// A duration for a clock is the same to the nanosecond, or there is none.
fn std_duration(seconds: &Decimal) {
    let Some(duration) = unit::to_std_duration(seconds) else {
        let nanos = seconds.clone().shifted(9);
        let is_outside =
            seconds.is_negative() || nanos.approximate() > 1.8e19 || !nanos.is_integer();
        assert!(is_outside, "no duration of {seconds}");
        return;
    };
    assert!(!seconds.is_negative(), "{seconds}");
    let off = Decimal::from(duration).minus(seconds);
    assert!(off.approximate().abs() <= 1e-9, "{seconds} is {duration:?}");
}

/// Which of two is more does not depend on how they are written.
fn in_order(name: &str, a: &Decimal, b: &Decimal) {
    let order = a.cmp(b);
    assert_eq!(b.cmp(a), order.reverse(), "{name} {a} {b}");
    assert_eq!(a == b, order.is_eq(), "{name} {a} {b}");
    let (near_a, near_b) = (a.approximate(), b.approximate());
    if near_a.is_finite() && near_b.is_finite() {
        let far = (near_a - near_b).abs() > 1e-9 * near_a.abs().max(near_b.abs());
        let same = near_a.total_cmp(&near_b) == order;
        assert!(same || !far, "{name} {a} {b}: {order:?}");
    }
    assert_eq!(a.minus(b).is_negative(), order.is_lt(), "{name} {a} {b}");
}

type Read = fn(&str) -> Result<Decimal, String>;
type Show = fn(&Decimal) -> String;

/// Their names, how they are read and shown, and by which part of them, and how much at least, what is
/// shown may be off.
const QUANTITIES: &[(&str, Read, Show, (f64, f64))] = &[
    ("number", unit::number, plain, (0.0, 0.0)),
    ("duration", unit::duration, show::duration, (0.05, 1e-9)),
    ("size", unit::size, show::size, (0.01, 0.005)),
    ("ratio", unit::ratio, show::ratio, (1e-9, 0.000_51)),
];

fn plain(number: &Decimal) -> String {
    let text = number.to_string();
    if text.len() > 200 {
        "...".to_owned()
    } else {
        text
    }
}

const WORDS: &[&str] = &[
    "ns",
    "us",
    "ms",
    "s",
    "m",
    "h",
    "d",
    "w",
    "min",
    "sec",
    "hours",
    "days",
    " days",
    "%",
    "B",
    "kB",
    "KB",
    "MB",
    "GB",
    "TB",
    "KiB",
    "MiB",
    "GiB",
    "TiB",
    "PiB",
    "K",
    "M",
    "G",
    "bytes",
    "1d 2h",
    "1h30m",
    "1.5",
    "0.5",
    ".5",
    "5.",
    "1e3",
    "1E-3",
    "1e999999999",
    "1e-999999999",
    "e",
    "+",
    "-",
    "0",
    "00",
    "010",
    "0x10",
    "1_000",
    "1,000",
    "9223372036854775807",
    "18446744073709551615",
    "18446744073709551616",
    "340282366920938463463374607431768211456",
    "999.5",
    "999.4999",
    "59.99",
    "60",
    "0.1",
    "0.0000000001",
    "99.95%",
    "100%",
    "2027-01-31T00:00:00Z",
    "2027-01-31T00:00:00+02:00",
    "2027-01-31",
    "15.4",
    "v15.4",
    "16beta1",
    "15.4 (Debian 15.4-1)",
    "1.10",
    "1.1.0",
    "true",
    "false",
    "yes",
    "null",
    "~",
    "0o17",
    ".inf",
    ".nan",
];
