//! The ten traps of YAML: each is either read as it was meant, or met with words that help.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod support;

use support::{Machine, rendered};

/// Returns the first mistake of a check, with its hint.
fn told(check: &str) -> (String, String) {
    let text = format!(
        "version: 1\ngate: g\nvars: {{ host: example.com }}\nchecks:\n  a:\n{check}\n  b:\n    tcp: \"${{host}}:1\"\n"
    );
    let loaded = Machine::default().load(&text);
    let first = loaded.diagnostics.first();
    let first = first.unwrap_or_else(|| panic!("no mistake in {check}"));
    (
        first.message.clone(),
        first.hint.clone().unwrap_or_default(),
    )
}

/// Returns what is wanted of a fact.
fn wanted(check: &str, fact: &str) -> String {
    let text = format!("version: 1\ngate: g\nchecks:\n  a:\n{check}\n");
    let loaded = Machine::default().load(&text);
    assert!(!loaded.has_errors(), "{}", rendered(&loaded));
    let manifest = loaded.manifest.unwrap();
    let summaries = manifest.checks[0].expectations.summaries();
    let summary = summaries.into_iter().find(|s| s.fact.starts_with(fact));
    summary.unwrap().wanted
}

#[test]
fn an_unquoted_greater_than_is_a_block_of_text() {
    let (message, hint) = told("    command: [x]\n    expect: \n      exit_code: >2");
    assert_eq!(
        message,
        "this is a block of text, since YAML reads `>` and `|` at the start of a value as the sign of one"
    );
    assert_eq!(
        hint,
        "Quote a comparison: `\"> 5\"`, or write `over 5`; a text of several lines is `{ is: ... }`."
    );
    let (message, hint) =
        told("    http: https://example.com\n    expect:\n      duration: > 500ms");
    assert_eq!(message, "an unquoted `>` begins a block of text");
    assert_eq!(
        hint,
        "Put the comparison in quotes, \"> 500ms\", or use words: over 500ms."
    );
}

#[test]
fn an_unquoted_not_equal_is_a_tag() {
    let (message, hint) = told("    command: [x]\n    expect:\n      exit_code: != 0");
    assert_eq!(
        message,
        "`!=` is read as a YAML tag, and a gate file has none"
    );
    assert_eq!(
        hint,
        "Put the comparison in quotes, \"!= 0\", or use words: not 0."
    );
    let (message, _) = told("    command: [x]\n    expect:\n      exit_code: !=0");
    assert_eq!(
        message,
        "`!=0` is read as a YAML tag, and a gate file has none"
    );
}

#[test]
fn a_backslash_in_double_quotes_is_an_escape() {
    let (message, hint) = told("    command: [x]\n    expect: { stdout: { matches: \"\\d+\" } }");
    assert_eq!(message, "double quotes know no such escape");
    assert_eq!(
        hint,
        "Use single quotes, in which a backslash is a backslash: '\\d+'."
    );
}

#[test]
fn an_unquoted_star_is_an_alias() {
    let (message, hint) = told("    command: [x]\n    expect:\n      stdout: *.example.com");
    assert_eq!(
        message,
        "`*.example.com` is read as an alias, and nothing has the anchor `&.example.com`"
    );
    assert_eq!(
        hint,
        "Put a text that begins with `*` in quotes: \"*.example.com\"."
    );
}

#[test]
fn brackets_inside_brackets_want_quotes() {
    for (check, quoted) in [
        (
            "    http: https://example.com\n    expect: { json: { $.items[*]: 1 } }",
            "$.items[*]",
        ),
        (
            "    http: https://example.com\n    expect: { json: { $.items[0].x: 1 } }",
            "$.items[0].x",
        ),
        ("    { tcp: ${host}:443 }", "${host}:443"),
        ("    command: [ping, ${host}]", "${host}"),
        ("    each: { x: { port: ${host} } }", "${host}"),
    ] {
        let (message, hint) = told(check);
        assert_eq!(
            message, "a bracket inside a text that is not in quotes",
            "{check}"
        );
        assert_eq!(
            hint,
            format!("Inside `{{ }}` and `[ ]`, put it in quotes: \"{quoted}\"."),
            "{check}"
        );
    }
}

#[test]
fn a_number_sign_cuts_a_text_off() {
    let (message, hint) = told("    title: Fix #3\n    tcp: example.com:1");
    assert_eq!(
        message,
        "the text ends before `#3`, which YAML takes for a comment"
    );
    assert_eq!(
        hint,
        "Put the whole text in quotes, or a space behind the `#`: \"Fix #3\"."
    );
    // What is meant as a comment is one, and one in quotes is none.
    let text = "version: 1\ngate: g # ours\nchecks:\n  a:\n    title: \"Fix #3\" # yes\n    tcp: example.com:1 # 3\n    timeout: 5s #3\n";
    let loaded = Machine::default().load(text);
    assert_eq!(rendered(&loaded).matches("cut_by_comment").count(), 1);
}

#[test]
fn norway_is_a_text_and_no_truth() {
    assert_eq!(
        wanted(
            "    postgres: postgres://app@h/d\n    expect: { role: NO }",
            "role"
        ),
        "NO"
    );
    let (message, hint) = told("    http: { url: https://example.com, follow: NO }");
    assert_eq!(message, "follow: wants true or false, not `NO`");
    assert_eq!(hint, "YAML 1.2 knows no yes, no, on or off.");
}

#[test]
fn a_leading_zero_is_asked_about() {
    for check in [
        "    command: [x]\n    expect: { exit_code: 010 }",
        "    http: https://example.com\n    expect: { json: { $.n: 010 } }",
        "    metric: { query: up, max: 010 }\n    expect: { value: 1 }",
    ] {
        let (message, hint) = told(check);
        let said = format!("{message} {hint}");
        assert!(
            said.contains("octal") || said.contains("leading zero"),
            "{said}"
        );
    }
    // A text fact is compared with the text.
    assert_eq!(
        wanted(
            "    postgres: postgres://app@h/d\n    expect: { role: 010 }",
            "role"
        ),
        "010"
    );
}

#[test]
fn a_version_keeps_its_zero() {
    assert_eq!(
        wanted(
            "    postgres: postgres://app@h/d\n    expect: { version: at least 1.10 }",
            "version"
        ),
        "at least 1.10"
    );
    let text =
        "version: 1\ngate: g\nvars: { v: 1.10 }\nrelease: ${v}\nchecks: { a: { tcp: \"x:1\" } }\n";
    let manifest = Machine::default().load(text).manifest.unwrap();
    assert_eq!(manifest.release.as_deref(), Some("1.10"));
}

#[test]
fn sixty_based_numbers_are_texts() {
    let (message, _) = told("    tcp: example.com:1\n    timeout: 22:22");
    assert_eq!(
        message,
        "timeout: `22:22` is not a duration: `:` is no unit of time; there are ns, us, ms, s, m, h, d and w"
    );
}
