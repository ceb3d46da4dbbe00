//! Waivers of large and hostile gates are resolved in time, and the limits are told.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod support;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use support::{Machine, rendered};

/// Returns a gate of many checks with waivers of one name each.
fn gate(checks: usize, id: &str, names: &[String]) -> String {
    let mut text = "version: 1\ngate: g\nchecks:\n".to_owned();
    for n in 0..checks {
        writeln!(text, "  {id}{n}: {{ tcp: 'h:1' }}").unwrap();
    }
    text.push_str("waivers:\n");
    for (n, name) in names.iter().enumerate() {
        writeln!(
            text,
            "  - {{ check: '{name}', reason: r{n}, owner: o, until: 2027-01-31 }}"
        )
        .unwrap();
    }
    text
}

fn codes(text: &str) -> Vec<&'static str> {
    let began = Instant::now();
    let loaded = Machine::default().load(text);
    let took = began.elapsed();
    assert!(took < Duration::from_secs(20), "{took:?}");
    let mut codes: Vec<_> = loaded.diagnostics.iter().map(|d| d.code).collect();
    codes.dedup();
    codes
}

#[test]
fn what_waivers_name_together_has_a_limit() {
    let everything = vec!["c*".to_owned(); 11];
    assert_eq!(codes(&gate(1_000, "c", &everything)), Vec::<&str>::new());
    assert_eq!(codes(&gate(19_000, "c", &everything)), ["config/too_large"]);
}

#[test]
fn a_glob_that_takes_long_is_refused_and_not_tried() {
    let id = "a".repeat(150);
    let slow = vec![format!("*{}b", "a".repeat(100)); 100];
    // Those before the limit were tried, and name nothing.
    let told = ["config/orphaned_waiver", "config/too_large"];
    assert_eq!(codes(&gate(2_000, &id, &slow)), told);
}

#[test]
fn a_file_has_a_thousand_waivers_at_most() {
    let names: Vec<String> = (0..1_001).map(|n| format!("c{n}")).collect();
    assert_eq!(codes(&gate(1_001, "c", &names)), ["config/too_large"]);
    assert_eq!(codes(&gate(1_001, "c", &names[1..])), Vec::<&str>::new());
}

#[test]
fn a_reason_is_a_sentence() {
    let text = gate(1, "c", &["c0".to_owned()]).replace("r0", &"x".repeat(1_001));
    let loaded = Machine::default().load(&text);
    let told = rendered(&loaded);
    assert!(
        told.starts_with("error[config/too_large]: `reason` has more than 1000 characters\n"),
        "{told}"
    );
}
