use super::*;
use gonogo_model::Decimal;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn durations_are_exact_seconds() {
    for (text, seconds) in [
        ("500ms", "0.5"),
        ("2 s", "2"),
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
    ] {
        assert_eq!(duration(text), Ok(decimal(seconds)), "{text}");
    }
}
