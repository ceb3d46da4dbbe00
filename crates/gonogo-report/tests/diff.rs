//! What changed between two runs, in every format; `UPDATE_GOLDEN=1` writes the files anew.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod fixture;
#[path = "fixture/later.rs"]
mod later;

use std::path::Path;

use gonogo_report::Style;
use gonogo_report::diff::{Change, Difference, human, json, markdown};

fn golden(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden/diff")
        .join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, found).unwrap();
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        wanted == found,
        "{name} is otherwise; UPDATE_GOLDEN=1 writes it anew. Found:\n{found}"
    );
}

#[test]
fn every_kind_of_change_is_told_in_every_format() {
    let [before, after] = later::runs();
    let difference = Difference::between(&before, &after);
    for change in Change::ALL {
        assert!(difference.count(change) > 0, "{change:?}");
    }
    golden("human", &human(&difference, &Style::PLAIN));
    golden("json", &json(&difference));
    golden("markdown", &markdown(&difference, 65_536));
}

#[test]
fn a_run_and_itself_differ_in_nothing() {
    let [before, _] = later::runs();
    let difference = Difference::between(&before, &before);
    let open = difference.count(Change::StillOpen);
    assert_eq!(difference.changes.len(), open);
    assert_eq!(difference.unchanged + open, before.record.checks.len());
    assert_eq!(difference.reservations(), Vec::<String>::new());
}

#[test]
fn each_check_of_either_run_is_counted_once() {
    let [before, after] = later::runs();
    let difference = Difference::between(&before, &after);
    let gone = difference.count(Change::Gone);
    assert_eq!(
        difference.changes.len() - gone + difference.unchanged,
        after.record.checks.len()
    );
    let new = after.record.checks.len() + gone - before.record.checks.len();
    assert_eq!(new, 1);
}

#[test]
fn a_comment_is_never_longer_than_it_may_be() {
    let [before, after] = later::runs();
    let difference = Difference::between(&before, &after);
    let whole = markdown(&difference, 65_536);
    for most in (1200..whole.len()).step_by(97) {
        let text = markdown(&difference, most);
        assert!(text.len() <= most, "{} of {most}", text.len());
        assert!(text.contains(" more\n"), "{text}");
    }
}
