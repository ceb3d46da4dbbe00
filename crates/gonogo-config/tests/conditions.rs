//! `assert` and `when` in gates that are read with fake kinds.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod support;

use gonogo_kind::manifest::Manifest;
use support::{Machine, rendered};

fn read(machine: &Machine, text: &str) -> Manifest {
    let loaded = machine.load(&format!("version: 1\ngate: g\n{text}"));
    assert!(!loaded.has_errors(), "{}", rendered(&loaded));
    loaded.manifest.unwrap()
}

/// Returns the ids that are part of the gate, then those that are not, in brackets.
fn ids(manifest: &Manifest) -> Vec<String> {
    let excluded = manifest.excluded.iter();
    let excluded = excluded.map(|e| format!("[{} {}]", e.id, e.reason));
    let checks = manifest.checks.iter().map(|check| check.id.to_string());
    checks.chain(excluded).collect()
}

fn codes(text: &str) -> Vec<&'static str> {
    let loaded = Machine::default().load(&format!("version: 1\ngate: g\n{text}"));
    loaded.diagnostics.iter().map(|d| d.code).collect()
}

/// Returns every expectation of the first check: fact, matcher, strength and origin.
fn expectations(text: &str) -> Vec<String> {
    let manifest = read(&Machine::default(), text);
    let summaries = manifest.checks[0].expectations.summaries();
    let told = summaries.into_iter().map(|e| {
        format!(
            "{} {} ({}, {})",
            e.fact,
            e.wanted,
            e.strength.as_str(),
            e.origin
        )
    });
    told.collect()
}

#[test]
fn an_assert_stands_beside_what_is_expected_with_its_origin() {
    assert_eq!(
        expectations(
            "checks:\n  a:\n    http: https://example.com\n    assert:\n      - json.ok\n      - |\n        body != ''\n        && json.a == 1\n"
        ),
        [
            "status 200..299 (must, built in)",
            "assert json.ok (must, probes.yaml:7)",
            "assert body != '' && json.a == 1 (must, probes.yaml:8)",
        ]
    );
}

#[test]
fn an_assert_replaces_what_is_built_in_of_the_facts_it_reads() {
    for (assert, left) in [
        ("status < 500", vec![]),
        ("json.ok || status == 404", vec![]),
        ("body != ''", vec!["status 200..299 (must, built in)"]),
    ] {
        let mut expected: Vec<String> = left.into_iter().map(str::to_owned).collect();
        expected.push(format!("assert {assert} (must, probes.yaml:6)"));
        let text = format!("checks:\n  a:\n    http: https://example.com\n    assert: {assert}\n");
        assert_eq!(expectations(&text), expected, "{assert}");
    }
    // It names a state, and still replaces nothing but the expectation on it.
    assert_eq!(
        expectations("checks:\n  a:\n    tcp: example.com:1\n    assert: state == 'refused'\n"),
        [
            "duration under 10s (must, built in)",
            "assert state == 'refused' (must, probes.yaml:6)",
        ]
    );
}

#[test]
fn a_check_may_expect_nothing_but_an_assert() {
    assert_eq!(
        expectations(
            "checks:\n  a:\n    metric: up\n    assert: value > 0.5 && labels.job == 'api'\n"
        ),
        ["assert value > 0.5 && labels.job == 'api' (must, probes.yaml:6)"]
    );
    assert_eq!(
        codes("checks:\n  a: { metric: up }\n"),
        ["config/no_expectation"]
    );
}

#[test]
fn an_assert_of_a_template_says_so() {
    assert_eq!(
        expectations(
            "templates:\n  t: { assert: status == 204 }\nchecks:\n  a: { http: https://example.com, extends: t }\n"
        ),
        ["assert status == 204 (must, template t, probes.yaml:4)"]
    );
}

#[test]
fn an_assert_names_variables_and_the_values_of_an_instance() {
    let manifest = read(
        &Machine::default(),
        "vars: { wanted: '200' }\nchecks:\n  a:\n    each: { x: { limit: '3' }, y: { limit: '5' } }\n    http: https://example.com/${each}\n    assert: status == int(vars.wanted) && json.count < int(vars.limit) && json.name == each\n",
    );
    assert_eq!(ids(&manifest), ["a.x", "a.y"]);
}

#[test]
fn when_decides_by_variables_and_instances() {
    let text = "vars: { region: { env: REGION, default: us }, replicas: '3' }\nchecks:\n  a: { tcp: 'example.com:1' }\n  b: { tcp: 'example.com:1', when: region == 'eu' }\n  c: { tcp: 'example.com:1', when: int(replicas) >= 3 && region != 'eu' }\n  d:\n    each: { x: { tier: gold }, y: { tier: tin } }\n    tcp: ${each}.example.com:1\n    when: tier == 'gold' || vars.region == 'eu'\n";
    assert_eq!(
        ids(&read(&Machine::default(), text)),
        ["a", "c", "d.x", "[b when]", "[d.y when]"]
    );
    assert_eq!(
        ids(&read(&Machine::default().env("REGION", "eu"), text)),
        ["a", "b", "d.x", "d.y", "[c when]"]
    );
}

#[test]
fn when_knows_the_environment_that_was_chosen() {
    let text = "environments: { prod: {}, staging: {} }\nchecks:\n  a: { tcp: 'example.com:1' }\n  b: { tcp: 'example.com:1', when: environment == 'prod' }\n";
    let of = |name: &str| ids(&read(&Machine::default().environment(name), text));
    assert_eq!(of("prod"), ["a", "b"]);
    assert_eq!(of("staging"), ["a", "[b when]"]);
    // Without one it is that mistake and no other.
    assert_eq!(
        codes(
            "environments: { prod: {} }\nchecks:\n  a: { tcp: 'example.com:1', when: environment == 'prod' }\n"
        ),
        ["config/no_environment"]
    );
    assert_eq!(
        codes("checks:\n  a: { tcp: 'example.com:1', when: environment == 'prod' }\n"),
        ["config/unknown_variable"]
    );
    // A variable of that name is what was declared.
    let own = "vars: { environment: x }\nchecks:\n  a: { tcp: 'example.com:1', when: environment == 'x' }\n";
    assert_eq!(ids(&read(&Machine::default(), own)), ["a"]);
}

#[test]
fn what_when_excludes_is_needed_by_nobody_who_runs() {
    let gate = |of_b: &str| {
        format!(
            "vars: {{ region: us }}\nchecks:\n  a: {{ tcp: 'example.com:1', when: region == 'eu' }}\n  b: {{ tcp: 'example.com:1', {of_b} }}\n  c: {{ tcp: 'example.com:1' }}\n"
        )
    };
    assert_eq!(codes(&gate("needs: [a]")), ["config/dangling_need"]);
    let both = gate("needs: [a], when: region == 'eu'");
    assert_eq!(
        ids(&read(&Machine::default(), &both)),
        ["c", "[a when]", "[b when]"]
    );
}

#[test]
fn the_id_of_an_each_stands_for_the_instances_that_are_left() {
    let gate = |of_c: &str| {
        format!(
            "vars: {{ region: us }}\nchecks:\n  a: {{ each: [x, y], tcp: '${{each}}:1', when: {of_c} }}\n  b: {{ tcp: 'example.com:1', needs: [a] }}\n"
        )
    };
    let manifest = read(&Machine::default(), &gate("each == 'x' || region == 'eu'"));
    assert_eq!(ids(&manifest), ["a.x", "b", "[a.y when]"]);
    let needs: Vec<&str> = manifest.checks[1]
        .needs
        .iter()
        .map(|id| id.as_str())
        .collect();
    assert_eq!(needs, ["a.x"]);
    assert_eq!(codes(&gate("region == 'eu'")), ["config/dangling_need"]);
}

#[test]
fn a_group_is_held_to_the_members_that_are_left() {
    let gate = |when: &str, at_least: &str| {
        format!(
            "vars: {{ region: us }}\nchecks:\n  a: {{ each: [x, y, z], tcp: '${{each}}:1', group: g, when: {when} }}\n  b: {{ tcp: 'example.com:1' }}\ngroups: {{ g: {{ at_least: {at_least} }} }}\n"
        )
    };
    let two = "each != 'z' || region == 'eu'";
    assert_eq!(
        ids(&read(&Machine::default(), &gate(two, "2"))),
        ["a.x", "a.y", "b", "[a.z when]"]
    );
    assert_eq!(codes(&gate(two, "3")), ["config/group_quorum"]);
    assert_eq!(
        ids(&read(&Machine::default(), &gate("region == 'eu'", "2"))),
        ["b", "[a.x when]", "[a.y when]", "[a.z when]"]
    );
}

#[test]
fn an_excluded_check_is_read_in_full() {
    for (check, code) in [
        (
            "{ tcp: nonsense, when: region == 'eu' }",
            "config/wrong_type",
        ),
        (
            "{ tcp: 'example.com:1', when: region == 'eu', tags: [t] }",
            "config/unknown_tag",
        ),
        (
            "{ tcp: 'example.com:1', when: region == 'eu', assert: staet == 'x' }",
            "config/unknown_fact",
        ),
        (
            "{ tcp: 'example.com:1', when: region == 'eu', needs: [nobody] }",
            "config/dangling_need",
        ),
        (
            "{ tcp: 'example.com:1', when: region == 'eu', group: nobody }",
            "config/unknown_group",
        ),
    ] {
        let text = format!(
            "vars: {{ region: us }}\nchecks:\n  a: {check}\n  b: {{ tcp: 'example.com:1' }}\n"
        );
        assert!(codes(&text).contains(&code), "{check}: {:?}", codes(&text));
    }
}

#[test]
fn a_secret_is_out_of_reach_of_conditions() {
    let machine = Machine::default().env("TOKEN", "canary-1");
    for check in [
        "{ http: 'https://example.com', assert: json.token == vars.token }",
        "{ http: 'https://example.com', assert: json.token == token }",
        "{ http: 'https://example.com', when: token != '' }",
        "{ http: 'https://example.com', when: vars.token != '' }",
        "{ each: { x: { v: '${token}' } }, http: 'https://example.com', when: v != '' }",
    ] {
        let text = format!(
            "version: 1\ngate: g\nsecrets: {{ token: {{ env: TOKEN }} }}\nchecks:\n  a: {check}\n"
        );
        let loaded = machine.load(&text);
        let told = rendered(&loaded);
        assert!(
            told.contains("is a secret, and a condition cannot read it"),
            "{told}"
        );
        assert!(!told.contains("canary"), "{told}");
    }
}

#[test]
fn a_variable_that_only_a_condition_reads_is_used() {
    let loaded = Machine::default().load(
        "version: 1\ngate: g\nvars: { a: x, b: y }\nchecks:\n  c: { http: 'https://example.com', when: a == 'x', assert: json.b == vars.b }\n",
    );
    assert_eq!(rendered(&loaded), "");
}

#[test]
fn conditions_are_one_text_each() {
    for (check, code) in [
        ("assert:", "config/empty_value"),
        ("assert: []", "config/empty_list"),
        ("assert: { status: 200 }", "config/wrong_type"),
        ("assert: [[status == 200]]", "config/wrong_type"),
        ("assert: ''", "config/bad_condition"),
        ("assert: 200", "config/condition_type"),
        ("assert: true", "config/constant_condition"),
        ("when: [a]", "config/wrong_type"),
        ("when:", "config/empty_value"),
        ("when: true", "config/constant_condition"),
        ("when: no", "config/unknown_variable"),
    ] {
        let text = format!("checks:\n  a:\n    http: https://example.com\n    {check}\n");
        assert_eq!(codes(&text), [code], "{check}");
    }
}

#[test]
fn a_literal_dollar_brace_stands_in_a_condition_as_everywhere() {
    assert_eq!(
        expectations("checks:\n  a:\n    http: https://example.com\n    assert: body != '$${x}'\n"),
        [
            "status 200..299 (must, built in)",
            "assert body != '${x}' (must, probes.yaml:6)",
        ]
    );
}
