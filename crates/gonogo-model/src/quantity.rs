//! Quantities in the units people read: `734ms`, `13d 4h`, `1.5GiB`, `83.2%`.
//!
//! A figure is shortened to three digits, but a shortened figure never looks like a round one: 80.04 %
//! is `80.04%` and not `80%`, so that "wanted under 80%, found 80%" is never said.

use crate::Decimal;

/// Returns a span of seconds with its units; one that lies in the past ends in `ago`.
#[must_use]
pub fn duration(seconds: &Decimal) -> String {
    if seconds.is_negative() {
        return format!("{} ago", duration(&seconds.clone().negated()));
    }
    if seconds.is_zero() {
        return "0s".to_owned();
    }
    if *seconds < Decimal::from(60_u32) {
        return below_a_minute(seconds);
    }
    let whole = seconds.truncated();
    let Some(whole_seconds) = whole.to_i128() else {
        return format!("{seconds}s");
    };
    let mut parts = vec![
        (whole_seconds / 86_400, "d"),
        (whole_seconds / 3600 % 24, "h"),
        (whole_seconds / 60 % 60, "m"),
        (whole_seconds % 60, "s"),
    ];
    parts.retain(|(count, _)| *count > 0);
    let mut shown: Vec<String> = parts
        .iter()
        .take(2)
        .map(|(count, unit)| format!("{count}{unit}"))
        .collect();
    let fraction = seconds.minus(&whole);
    if shown.len() == 1 && !fraction.is_zero() {
        shown.push(below_a_minute(&fraction));
    }
    shown.join(" ")
}

fn below_a_minute(seconds: &Decimal) -> String {
    let (places, unit) = match seconds.magnitude() {
        1.. => (0, "s"),
        -2..=0 => (3, "ms"),
        -5..=-3 => (6, "us"),
        _ => (9, "ns"),
    };
    format!("{}{unit}", short(&seconds.clone().shifted(places)))
}

/// Returns a number of bytes with a binary unit.
#[must_use]
pub fn size(bytes: &Decimal) -> String {
    let step = Decimal::from(1024_u32);
    let (mut figure, mut unit) = (bytes.clone(), 0);
    let large = |figure: &Decimal| *figure >= step || *figure <= step.clone().negated();
    while large(&figure) && unit + 1 < SIZE_UNITS.len() {
        // 1 / 1024 = 0.0009765625, so nothing is rounded here.
        figure = figure.times(9_765_625).shifted(-10);
        unit += 1;
    }
    let unit = SIZE_UNITS.get(unit).copied().unwrap_or("B");
    format!("{}{unit}", short(&figure))
}

/// Returns a share of a whole in percent.
#[must_use]
pub fn ratio(share: &Decimal) -> String {
    format!("{}%", short(&share.clone().shifted(2)))
}

/// Shortens a figure to three digits, or to as many as keep it from looking like a round one.
fn short(figure: &Decimal) -> Decimal {
    let whole = usize::try_from(figure.magnitude().max(0)).unwrap_or(usize::MAX);
    let least = whole.clamp(3, MOST_DIGITS);
    (least..MOST_DIGITS)
        .map(|digits| (digits, figure.rounded(digits)))
        .find(|(digits, rounded)| rounded.significant_digits() == *digits || rounded == figure)
        .map_or_else(|| figure.rounded(MOST_DIGITS), |(_, rounded)| rounded)
}

const SIZE_UNITS: [&str; 6] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
const MOST_DIGITS: usize = 24;

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn durations_have_at_most_two_units() {
        for (seconds, shown) in [
            ("0", "0s"),
            ("0.000000012", "12ns"),
            ("0.0000125", "12.5us"),
            ("0.001", "1ms"),
            ("0.0123456", "12.3ms"),
            ("0.5000001", "500.0001ms"),
            ("0.49996", "499.96ms"),
            ("0.9", "900ms"),
            ("0.1", "100ms"),
            ("1.2345", "1.23s"),
            ("59.96", "59.96s"),
            ("60", "1m"),
            ("90", "1m 30s"),
            ("120.3", "2m 300ms"),
            ("125.3", "2m 5s"),
            ("1209605", "14d 5s"),
            ("1209600", "14d"),
            ("1180799", "13d 15h"),
            ("-273600", "3d 4h ago"),
            ("1e60", "1e60s"),
        ] {
            assert_eq!(duration(&number(seconds)), shown, "{seconds}");
        }
    }

    #[test]
    fn sizes_are_binary() {
        for (bytes, shown) in [
            ("0", "0B"),
            ("1000", "1000B"),
            ("1024", "1KiB"),
            ("1048000", "1023KiB"),
            ("1610612736", "1.5GiB"),
            ("-2048", "-2KiB"),
            ("1e30", "888178419700125PiB"),
        ] {
            assert_eq!(size(&number(bytes)), shown, "{bytes}");
        }
    }

    #[test]
    fn a_share_that_is_not_round_does_not_look_round() {
        for (share, shown) in [
            ("0.8", "80%"),
            ("0.8004", "80.04%"),
            ("0.333333333", "33.3%"),
            ("0.99999", "99.999%"),
            ("1", "100%"),
            ("0", "0%"),
        ] {
            assert_eq!(ratio(&number(share)), shown, "{share}");
        }
    }
}
