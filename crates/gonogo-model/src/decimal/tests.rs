//! Tests of decimal numbers: exact, as long as they were written, and never a panic.

use proptest::prelude::*;

use super::*;

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn equal_numbers_are_equal_however_they_are_written() {
    for (left, right) in [
        ("1.50", "1.5"),
        ("0.0", "-0"),
        ("1e2", "100"),
        ("010", "10"),
        ("0.1e1", "1"),
    ] {
        assert_eq!(number(left), number(right), "{left} {right}");
    }
}

#[test]
fn comparison_is_exact_where_floating_point_is_not() {
    let ordered = [
        "-1e400",
        "-2",
        "-1.5",
        "0",
        "1e-400",
        "0.1",
        "0.10000000000000000000001",
        "0.99",
        "1",
        "12345678901234567890",
        "12345678901234567891",
        "1e400",
        "1e999999999",
    ];
    for (i, left) in ordered.iter().enumerate() {
        for (j, right) in ordered.iter().enumerate() {
            assert_eq!(
                number(left).cmp(&number(right)),
                i.cmp(&j),
                "{left} {right}"
            );
        }
    }
}

#[test]
fn what_is_no_number_is_refused() {
    for text in [
        "",
        "-",
        ".5",
        "5.",
        "1e",
        "1e+",
        "0x10",
        "1_000",
        "NaN",
        "inf",
        "1 2",
        "1e99999999999",
    ] {
        assert!(text.parse::<Decimal>().is_err(), "{text}");
    }
}

#[test]
fn what_is_shown_in_scientific_notation_can_be_read() {
    for (text, shown) in [
        ("5.41e-999999999", "5.41e-999999999"),
        ("99.0011e-999999999", "9.90011e-999999998"),
        ("-1234e100", "-1.234e103"),
        ("1e1000000000", "1e1000000000"),
        ("0.1e1000000001", "1e1000000000"),
    ] {
        assert_eq!(number(text).to_string(), shown);
        assert_eq!(number(shown), number(text));
    }
    for text in ["10e1000000000", "0.5e-1000000000"] {
        assert_eq!(
            text.parse::<Decimal>(),
            Err(DecimalError::TooLong),
            "{text}"
        );
    }
}

#[test]
fn display_keeps_every_digit() {
    for text in [
        "0",
        "-1.5",
        "0.00042",
        "12345678901234567890",
        "100",
        "1000000",
    ] {
        assert_eq!(number(text).to_string(), text);
    }
    assert_eq!(number("1e400").to_string(), "1e400");
}

#[test]
fn truncating_and_rounding() {
    for (exact, whole) in [("1.9", "1"), ("-1.9", "-1"), ("0.99", "0"), ("120", "120")] {
        assert_eq!(number(exact).truncated(), number(whole), "{exact}");
    }
    for (exact, digits, rounded) in [
        ("734.2831", 3, "734"),
        ("0.0012345", 3, "0.00123"),
        ("999.96", 4, "1000"),
        ("-99.5", 2, "-100"),
        ("5", 3, "5"),
        ("9.9", 1, "10"),
        ("0.4", 0, "0"),
    ] {
        assert_eq!(number(exact).rounded(digits), number(rounded), "{exact}");
    }
}

#[test]
fn products_and_ratios() {
    assert_eq!(number("1.5").times(60), number("90"));
    assert_eq!(
        number("0.25").times(1_099_511_627_776),
        number("274877906944")
    );
    assert_eq!(Decimal::ratio(1, 3, 9), Some(number("0.333333333")));
    assert_eq!(Decimal::ratio(2, 3, 9), Some(number("0.666666667")));
    assert_eq!(Decimal::ratio(1, 0, 9), None);
}

#[test]
fn the_width_is_that_of_all_digits_written_out() {
    for (text, width) in [
        ("0", 0),
        ("7", 1),
        ("-120", 3),
        ("0.25", 2),
        ("12.25", 4),
        ("0.001", 3),
        ("1e30", 31),
        ("1e-30", 30),
        ("1e1000000000", 1_000_000_001),
    ] {
        assert_eq!(number(text).width(), width, "{text}");
    }
    assert_eq!(number("1.5").product(&number("-0.2")), number("-0.3"));
    assert_eq!(number("0").product(&number("-7")), number("0"));
}

#[test]
fn differences() {
    for (left, right, difference) in [
        ("1", "0.001", "0.999"),
        ("0.001", "1", "-0.999"),
        ("5", "-5", "10"),
        ("-5", "5", "-10"),
        ("-5", "-7", "2"),
        ("100", "100", "0"),
        ("0", "3", "-3"),
        ("3", "0", "3"),
        ("0", "-3", "3"),
        ("-0.5", "0.25", "-0.75"),
        ("1000000", "1", "999999"),
    ] {
        assert_eq!(
            number(left).minus(&number(right)),
            number(difference),
            "{left} - {right}"
        );
    }
}

#[test]
fn every_number_that_is_shown_can_be_read_again() {
    let nines = "9".repeat(MAX_DIGITS);
    let fraction = format!("0.{}", "9".repeat(MAX_DIGITS - 2));
    let tiny = format!("-0.5e-{}", MAX_POWER - 1);
    for text in [nines.as_str(), &fraction, &tiny, "1e1000000000"] {
        for shown in [
            number(text),
            number(text).times(u64::MAX),
            number(text).shifted(-9),
        ] {
            let json = serde_json::to_string(&shown).unwrap();
            let read: Decimal = serde_json::from_str(&json).unwrap();
            assert_eq!(read, shown);
        }
    }
}

proptest! {
    #[test]
    fn arithmetic_is_that_of_whole_numbers(
        left in -(1_i128 << 90)..(1_i128 << 90),
        right in -(1_i128 << 90)..(1_i128 << 90),
        factor: u64,
        places in 0_u32..9,
        small in any::<u32>(),
    ) {
        let decimal = |number: i128| Decimal::scaled(number, -i64::from(places));
        prop_assert_eq!(decimal(left).minus(&decimal(right)), decimal(left - right));
        prop_assert_eq!(decimal(left).cmp(&decimal(right)), left.cmp(&right));
        prop_assert_eq!(decimal(i128::from(small)).times(factor), decimal(i128::from(small) * i128::from(factor)));
        let (narrow_left, narrow_right) = (left >> 32, right >> 32);
        prop_assert_eq!(
            decimal(narrow_left).product(&decimal(narrow_right)),
            Decimal::scaled(narrow_left * narrow_right, -2 * i64::from(places))
        );
        prop_assert_eq!(decimal(left).truncated(), Decimal::from(left / 10_i128.pow(places)));
        prop_assert_eq!(decimal(left).negated(), decimal(-left));
        prop_assert_eq!(Decimal::from(left).to_i128(), Some(left));
    }

    #[test]
    fn numbers_of_different_exponents_are_brought_together(
        left in -1_000_000_i64..1_000_000, right in -1_000_000_i64..1_000_000,
        up in 0_u32..12, down in 0_u32..12,
    ) {
        let (a, b) = (Decimal::scaled(i128::from(left), i64::from(up)), Decimal::scaled(i128::from(right), -i64::from(down)));
        let scale = 10_i128.pow(down);
        let (x, y) = (i128::from(left) * 10_i128.pow(up) * scale, i128::from(right));
        prop_assert_eq!(a.minus(&b), Decimal::scaled(x - y, -i64::from(down)));
        prop_assert_eq!(b.minus(&a), Decimal::scaled(y - x, -i64::from(down)));
        prop_assert_eq!(a.cmp(&b), x.cmp(&y));
    }

    #[test]
    fn what_is_shown_is_what_was_read(mantissa: i128, exponent in -2_000_i64..2_000) {
        let number = Decimal::scaled(mantissa, exponent);
        prop_assert_eq!(&number.to_string().parse::<Decimal>().unwrap(), &number);
        let written = format!("{mantissa}e{exponent}");
        prop_assert_eq!(written.parse::<Decimal>().unwrap(), number);
    }

    #[test]
    fn rounding_is_never_off_by_more_than_half_a_digit(number: u32, significant in 1_usize..12) {
        let digits = number.to_string().len();
        let step = 10_i128.pow(u32::try_from(digits.saturating_sub(significant)).unwrap());
        let rounded = Decimal::from(number).rounded(significant).to_i128().unwrap();
        prop_assert_eq!(rounded, (i128::from(number) + step / 2) / step * step);
    }

    #[test]
    fn no_text_makes_a_panic(text in "[-+0-9.eE ]{0,20}") {
        if let Ok(number) = text.parse::<Decimal>() {
            prop_assert_eq!(number.to_string().parse::<Decimal>().unwrap(), number);
        }
    }
}

#[test]
fn json_round_trip_keeps_big_integers() {
    let value: Decimal = serde_json::from_str("12345678901234567891").unwrap();
    assert_eq!(
        serde_json::to_string(&value).unwrap(),
        "12345678901234567891"
    );
}
