//! `assert` and `when`, with the built binary.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use gonogo_testkit::fake::Fake;
use gonogo_tests::{Gonogo, judged, refused};
use serde_json::json;

/// Makes a gate of these lines.
fn gate(lines: &str) -> String {
    format!("version: 1\ngate: conditions\n{lines}")
}

/// Makes a gate whose one check prints this and asserts that.
fn printing(output: &str, assert: &str) -> String {
    gate(&format!(
        "checks:\n  a:\n    command: [printf, '{output}']\n    assert: {assert}\n"
    ))
}

#[test]
fn a_condition_that_holds_is_go_and_one_that_does_not_is_no_go() {
    let holds = "\"exit_code == 0 && stdout.startsWith('ready') && duration < minutes(5)\"";
    assert_eq!(judged(&printing("ready 3", holds)), ["GO", "a passed"]);
    let run = Gonogo::new(&["check", "-o", "json"])
        .gate(&printing("ready 3", "stdout == 'ready' && exit_code == 0"))
        .run()
        .exits(1);
    let check = &run.json()["checks"][0];
    assert_eq!(
        check["findings"],
        json!([{
            "fact": "assert",
            "strength": "must",
            "wanted": "stdout == 'ready' && exit_code == 0",
            "got": "stdout ready 3, exit_code 0",
            "held": false,
            "code": null,
            "origin": { "from": "file", "file": "probes.yaml", "line": 6 },
            "message": null,
        }])
    );
    assert_eq!(
        check["message"],
        "stdout == 'ready' && exit_code == 0 does not hold: stdout ready 3, exit_code 0"
    );
    assert!(
        run.stderr
            .contains("assert  stdout == 'ready' && exit_code == 0 does not hold:"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_fact_that_cannot_be_read_is_hold() {
    let server = Fake::answer_then_drop(
        "HTTP/1.1 200 OK\r\ncontent-length: 4096\r\n\r\n".to_owned() + &"x".repeat(4096),
    )
    .unwrap();
    let checks = format!(
        "checks:\n  a:\n    http: {{ url: 'http://{}/', body_limit: 1KiB }}\n    assert: status == 200 && body.contains('y')\n",
        server.address()
    );
    assert_eq!(
        judged(&gate(&checks)),
        ["HOLD", "a unknown http/body_too_large"]
    );
}

#[test]
fn a_condition_that_cannot_be_evaluated_is_no_go_with_the_reason() {
    let run = Gonogo::new(&["check", "-o", "json"])
        .gate(&printing("x", "100 % exit_code == 0"))
        .run()
        .exits(1);
    assert_eq!(
        run.json()["checks"][0]["message"],
        "100 % exit_code == 0 does not hold: `100 % exit_code`: division by zero (exit_code 0)"
    );
}

#[test]
fn an_assert_replaces_what_is_built_in_of_its_facts_and_no_more() {
    let checks = "checks:\n  a: { command: ['false'], assert: exit_code == 1 }\n";
    assert_eq!(judged(&gate(checks)), ["GO", "a passed"]);
    let checks = "checks:\n  a: { command: ['false'], assert: stdout == '' }\n";
    assert_eq!(
        judged(&gate(checks)),
        ["NO-GO", "a failed engine/expectation"]
    );
}

#[test]
fn a_condition_with_a_mistake_is_refused_before_anything_runs() {
    for (assert, code) in [
        ("duration < 500", "config/condition_type"),
        ("exit_code", "config/condition_type"),
        ("exit_cod == 0", "config/unknown_fact"),
        ("exit_code == 0 and duration", "config/bad_condition"),
        ("1 == 1", "config/constant_condition"),
        ("exit_code == ${x}", "config/variable_not_here"),
        ("stdout.matches('(')", "config/bad_regex"),
    ] {
        assert_eq!(refused(&printing("x", assert)), [code], "{assert}");
    }
    let nested = format!("'{}exit_code{} == 0'", "(".repeat(5_000), ")".repeat(5_000));
    assert_eq!(refused(&printing("x", &nested)), ["config/bad_condition"]);
}

#[test]
fn what_when_excludes_is_listed_and_never_runs() {
    let text = gate(
        "vars: { region: { env: REGION, default: us } }\nchecks:\n  a: { command: ['true'] }\n  b: { command: ['false'], when: 'region == \"eu\"' }\n  c:\n    each: [x, y]\n    command: [printf, '${each}']\n    when: each != 'y' || region == 'eu'\n",
    );
    let run = Gonogo::new(&["check", "-o", "json"]).gate(&text).run();
    let run = run.exits(0);
    assert_eq!(run.outcomes(), ["a passed", "c.x passed"]);
    assert_eq!(
        run.json()["excluded"],
        json!([
            { "id": "b", "reason": "when" },
            { "id": "c.y", "reason": "when" },
        ])
    );
    assert!(run.stderr.contains("excluded"), "{}", run.stderr);
    let there = Gonogo::new(&["check", "-o", "json"])
        .gate(&text)
        .env("REGION", "eu")
        .run()
        .exits(1);
    assert_eq!(
        there.outcomes(),
        [
            "a passed",
            "b failed engine/expectation",
            "c.x passed",
            "c.y passed"
        ]
    );
    let plan = Gonogo::new(&["plan"]).gate(&text).run().exits(0);
    assert!(
        plan.stdout.contains("when (b, c.y)") || plan.stdout.contains("when"),
        "{}",
        plan.stdout
    );
    let list = Gonogo::new(&["check", "--list"]).gate(&text).run().exits(0);
    assert_eq!(
        list.stdout,
        "a    command  blocker\nc.x  command  blocker\n"
    );
}

#[test]
fn when_knows_the_environment() {
    let text = gate(
        "environments: { production: {}, staging: {} }\nchecks:\n  a: { command: ['true'] }\n  b: { command: ['false'], when: environment == 'production' }\n",
    );
    Gonogo::new(&["check", "--env", "staging"])
        .gate(&text)
        .run()
        .exits(0);
    Gonogo::new(&["check", "--env", "production"])
        .gate(&text)
        .run()
        .exits(1);
    Gonogo::new(&["lint"]).gate(&text).run().exits(0);
}

#[test]
fn a_gate_of_which_when_leaves_nothing_never_goes() {
    for (checks, code) in [
        (
            "  a: { command: ['true'], when: region == 'eu' }\n",
            "config/no_checks",
        ),
        (
            "  a: { command: ['true'], when: region == 'eu' }\n  b: { command: ['true'], severity: warning }\n",
            "config/no_blocker",
        ),
        (
            "  a: { command: ['true'], when: region == 'eu' }\n  b: { command: ['true'], needs: [a] }\n",
            "config/dangling_need",
        ),
        (
            "  a: { command: ['true'], when: region == 'eu', expect: { exit_cod: 0 } }\n  b: { command: ['true'] }\n",
            "config/unknown_fact",
        ),
        (
            "  a: { command: ['true'], when: int(region) > 2 }\n  b: { command: ['true'] }\n",
            "config/bad_condition",
        ),
    ] {
        let text = gate(&format!("vars: {{ region: us }}\nchecks:\n{checks}"));
        assert_eq!(refused(&text), [code], "{checks}");
    }
}
