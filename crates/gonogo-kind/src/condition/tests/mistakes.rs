//! What is refused when a gate file is read.

use super::*;

#[test]
fn every_mistake_of_a_condition_is_told_with_its_place() {
    let told = read("statuss == 200 && duration < 500 && body.lenght() > 2").unwrap_err();
    assert_eq!(
        told,
        [
            "unknown_fact [statuss] `fake` has no fact `statuss` | Did you mean `status`?",
            "condition_type [duration < 500] `duration` is a duration, and `500` is a whole number: `<` cannot compare them | A duration has a unit: `duration(\"500ms\")` or `duration(\"500s\")`.",
            "bad_condition [lenght] there is no function `lenght` | There are size, contains, startsWith, endsWith, matches, values, int, uint, double, string, bool, duration, timestamp, version, milliseconds, seconds, minutes, hours, days, bytes, kb, mb, gb, tb, kib, mib, gib, tib, percent, all, exists, exists_one, filter and map.",
        ]
    );
}
