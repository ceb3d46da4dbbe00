//! What is refused when a gate file is read, by a table in a file of its own.

use std::fmt::Write as _;

use super::*;

/// Each condition, and below it what is told: code, place, message, and hint.
const TABLE: &str = include_str!("mistakes.txt");

#[test]
fn every_mistake_is_told_as_in_the_table() {
    let mut told = String::new();
    for line in TABLE.lines().filter(|line| !line.starts_with("    ")) {
        let text = line.replace("\\n", "\n");
        writeln!(told, "{line}").unwrap();
        let mistakes = read(&text).err();
        for mistake in mistakes.unwrap_or_else(|| vec!["(nothing)".to_owned()]) {
            writeln!(told, "    {}", mistake.replace('\n', "\\n")).unwrap();
        }
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src/condition/tests/mistakes.txt"
        );
        std::fs::write(file, &told).unwrap();
    }
    assert_eq!(told, TABLE);
}

#[test]
fn every_mistake_of_a_condition_is_told() {
    let told = read("statuss == 200 && duration < 500 && body.lenght() > 2").unwrap_err();
    let codes: Vec<&str> = told.iter().filter_map(|t| t.split(' ').next()).collect();
    assert_eq!(codes, ["unknown_fact", "condition_type", "bad_condition"]);
}

#[test]
fn a_condition_over_variables_has_mistakes_of_its_own() {
    for (text, expected) in [
        (
            "hots == 'x'",
            "unknown_variable [hots] nothing declares `hots` | Did you mean `host`?",
        ),
        (
            "region == 'x'",
            "unknown_variable [region] nothing declares `region` | There are host, replicas and elsewhere.",
        ),
        (
            "each == 'x'",
            "unknown_variable [each] nothing declares `each` | `each` is the name of an instance: the check has no `each`.",
        ),
        (
            "replicas > 2",
            "condition_type [replicas > 2] `replicas` is text, and `2` is a whole number: `>` cannot compare them | Write `int(replicas)`, which reads the text as a number.",
        ),
        (
            "token == 'x'",
            "bad_condition [token] `token` is a secret, and a condition cannot read it | What a condition decides is shown: name a variable instead.",
        ),
        (
            "host",
            "condition_type [host] the condition comes to text, and not to true or false | Compare it with something: `host == ...`.",
        ),
        (
            "true",
            "constant_condition [true] the condition reads no variable | It would always say the same: leave out the `when`, or the check.",
        ),
        (
            "host == 'a' || true",
            "constant_condition [host == 'a' || true] the condition holds whatever is found | A condition that cannot be otherwise proves nothing.",
        ),
        (
            "host == host",
            "vacuous [host == host] both sides of `==` are the same | A condition that cannot be otherwise proves nothing.",
        ),
        (
            "now == host",
            "bad_condition [now] a condition has no clock: there is no `now` | What a probe sees of time is a fact: `expires_in > days(30)`, or `max_age` for how old the evidence may be.",
        ),
    ] {
        assert_eq!(read_when(text).unwrap_err(), [expected], "{text}");
    }
}
