//! Files that want to hang, crash or blind the reader. None may take long, and none may be a gate.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod support;

use std::fmt::Write as _;

use support::{Machine, rendered};

/// Returns the codes of the mistakes in a file that is no gate.
fn codes(text: &str) -> Vec<&'static str> {
    let loaded = Machine::default().load(text);
    assert!(loaded.has_errors(), "read as a gate");
    assert!(loaded.manifest.is_none());
    // Whatever it is, it can be shown.
    assert!(rendered(&loaded).len() < 4 << 20);
    loaded.diagnostics.iter().map(|d| d.code).collect()
}

#[test]
fn aliases_do_not_multiply() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..20 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        writeln!(bomb, "a{level}: &a{level} [{aliases}]").unwrap();
    }
    assert_eq!(codes(&bomb), ["config/too_large"]);
}

#[test]
fn a_long_text_is_not_repeated_without_end() {
    let text = format!(
        "a: &a {}\nb: [{}]\n",
        "x".repeat(50_000),
        "*a, ".repeat(50_000)
    );
    assert_eq!(codes(&text), ["config/too_large"]);
}

#[test]
fn nested_anchors_are_counted() {
    let text = format!("a: {}1{}\n", "&a [".repeat(60), "]".repeat(60));
    let codes = codes(&text);
    assert!(codes.contains(&"config/unknown_key"), "{codes:?}");
}

#[test]
fn an_alias_of_itself_ends() {
    assert_eq!(codes("a: &a [*a]\n"), ["config/bad_alias"]);
    assert_eq!(codes("a: &a { b: *a }\n"), ["config/bad_alias"]);
}

#[test]
fn depth_ends_at_its_limit() {
    for open in ["[", "{a: ", "- ", "? "] {
        let text = open.repeat(100_000);
        let codes = codes(&text);
        assert_eq!(codes.len(), 1, "{open}: {codes:?}");
        assert!(
            matches!(codes[0], "config/too_deep" | "config/syntax"),
            "{open}: {codes:?}"
        );
    }
}

#[test]
fn many_values_end_at_their_limit() {
    let list = format!("a: [{}]\n", "x,".repeat(1_500_000));
    assert_eq!(codes(&list), ["config/too_large"]);
    let keys: String = (0..150_000).fold("vars:\n".to_owned(), |mut text, i| {
        writeln!(text, "  k{i}: v").unwrap();
        text
    });
    let codes = codes(&keys);
    assert!(codes.contains(&"config/missing_key"), "{codes:?}");
}

#[test]
fn a_mistake_in_every_line_is_not_told_without_end() {
    let mut text = "version: 1\ngate: g\nchecks:\n".to_owned();
    for i in 0..20_000 {
        writeln!(text, "  c{i}: {{ tpc: \"x:1\", banana: 2 }}").unwrap();
    }
    let codes = codes(&text);
    assert!((400..=600).contains(&codes.len()), "{}", codes.len());
    assert_eq!(codes.last(), Some(&"config/too_large"));
}

#[test]
fn no_number_of_warnings_keeps_a_check_from_being_read() {
    let mut text = "version: 1\ngate: g\nchecks:\n".to_owned();
    for i in 0..600 {
        writeln!(text, "  c{i}:\n    http: http://x\n    title: cut #3").unwrap();
    }
    let loaded = Machine::default().load(&text);
    assert!(!loaded.has_errors(), "{}", rendered(&loaded));
    assert_eq!(loaded.diagnostics.len(), 501);
    let last = loaded.diagnostics.last().unwrap();
    assert_eq!(
        last.message,
        "there are more than 500 warnings; the rest is left out"
    );
    assert_eq!(loaded.manifest.unwrap().checks.len(), 600);

    writeln!(text, "  last:\n    tcp: \"x:1\"\n    needs: [nobody]").unwrap();
    let codes = codes(&text);
    assert!(codes.contains(&"config/dangling_need"), "{codes:?}");
}

#[test]
fn twenty_thousand_checks_in_a_chain_are_read() {
    let mut text = "version: 1\ngate: g\nchecks:\n  c0: { tcp: \"x:1\" }\n".to_owned();
    for i in 1..20_000 {
        writeln!(text, "  c{i}: {{ tcp: \"x:1\", needs: [c{}] }}", i - 1).unwrap();
    }
    let loaded = Machine::default().load(&text);
    assert!(!loaded.has_errors(), "{}", rendered(&loaded));
    assert_eq!(loaded.manifest.unwrap().checks.len(), 20_000);
    writeln!(text, "  c20000: {{ tcp: \"x:1\" }}").unwrap();
    assert_eq!(codes(&text)[0], "config/too_large");
}

#[test]
fn a_circle_of_five_thousand_is_shown_by_its_ends() {
    let mut text = "version: 1\ngate: g\nchecks:\n".to_owned();
    for i in 0..5_000 {
        let next = (i + 1) % 5_000;
        writeln!(text, "  c{i}: {{ tcp: \"x:1\", needs: [c{next}] }}").unwrap();
    }
    let loaded = Machine::default().load(&text);
    let messages: Vec<&str> = loaded
        .diagnostics
        .iter()
        .map(|d| d.message.as_str())
        .collect();
    assert_eq!(
        messages,
        [
            "needs go round in a circle: c0 -> c1 -> c2 -> c3 -> ... (4993 more) ... -> c4997 -> c4998 -> c4999 -> c0"
        ]
    );
}

#[test]
fn instances_do_not_multiply_without_end() {
    let names: Vec<String> = (0..5_000).map(|i| format!("n{i}")).collect();
    let names = names.join(", ");
    let needs = format!(
        "version: 1\ngate: g\nchecks:\n  a: {{ each: [{names}], tcp: \"x:1\" }}\n  b: {{ each: [{names}], tcp: \"x:1\", needs: [a] }}\n"
    );
    assert!(codes(&needs).contains(&"config/too_large"));
    let facts = "stdout: { contains: x }";
    let big = format!(
        "version: 1\ngate: g\nchecks:\n  a: {{ each: [{names}], command: [{}], expect: {{ {facts} }} }}\n",
        "x, ".repeat(5_000)
    );
    assert_eq!(codes(&big), ["config/too_large"]);
}

#[test]
fn variables_do_not_multiply_without_end() {
    let long = "x".repeat(1 << 20);
    let mut text = format!("version: 1\ngate: g\nvars: {{ a: {long} }}\nchecks:\n");
    for i in 0..1_000 {
        writeln!(text, "  c{i}: {{ tcp: \"x:1\", title: \"${{a}}\" }}").unwrap();
    }
    assert!(codes(&text).contains(&"config/too_large"));
}

#[test]
fn many_passwords_do_not_fill_the_memory() {
    let mut text = "version: 1\ngate: g\nchecks:\n".to_owned();
    for i in 0..10_000 {
        writeln!(
            text,
            "  c{i}: {{ postgres: \"postgres://u:password{i}@h/d\" }}"
        )
        .unwrap();
    }
    assert!(codes(&text).contains(&"config/too_large"));
}

#[test]
fn one_long_line_is_no_trouble() {
    let text = format!(
        "{{version: 1, gate: g, checks: {{{}}}}}",
        "c: {tcp: \"x:1\", bad: 1}, ".repeat(50_000)
    );
    let codes = codes(&text);
    assert!(codes.contains(&"config/duplicate_key"));
}

#[test]
fn what_is_no_gate_is_told_so() {
    for (text, code) in [
        ("", "config/empty_file"),
        ("# comment\n", "config/empty_file"),
        ("null\n", "config/empty_file"),
        ("~", "config/empty_file"),
        ("---\n...\n", "config/empty_file"),
        ("\u{feff}", "config/empty_file"),
        ("- version: 1\n", "config/wrong_type"),
        ("version\n", "config/wrong_type"),
        ("version: 1\n--- {}\n", "config/second_document"),
        ("a\0b: 1", "config/hidden_character"),
        ("a: 1\rb: 2\r", "config/hidden_character"),
        ("a: \u{1b}[2J", "config/hidden_character"),
        ("!!binary aGk=: 1", "config/tag"),
        ("a: !!python/object:os.system x", "config/tag"),
        ("%YAML 1.1\n---\na: 1", "config/syntax"),
        ("a: 'x", "config/syntax"),
        ("a: {", "config/syntax"),
        (": a", "config/bad_key"),
        ("{[a]: b}", "config/bad_key"),
        ("checks:\n", "config/empty_value"),
        ("checks: []\n", "config/wrong_type"),
    ] {
        let codes = codes(text);
        assert!(codes.contains(&code), "{text:?}: {codes:?}");
    }
}

#[test]
fn the_escape_character_may_be_written_as_an_escape() {
    let text = "version: 1\ngate: g\nchecks:\n  a: { command: [x], expect: { stdout: { contains: \"\\x1b[0m\" } } }\n";
    assert!(Machine::default().load(text).manifest.is_some());
}

#[test]
fn no_cut_of_a_gate_makes_the_reader_panic() {
    let text = include_str!("valid/design.yaml");
    let machine = Machine::default();
    for at in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
        let loaded = machine.load(&text[..at]);
        let _shown = rendered(&loaded);
        let loaded = machine.load(&text[at..]);
        let _shown = rendered(&loaded);
    }
}

#[test]
fn whatever_is_repeated_ends() {
    for piece in [
        "a: ",
        "- ",
        "? ",
        ": ",
        "[",
        "{",
        "]",
        "}",
        ",",
        "\"",
        "'",
        "|\n",
        ">\n",
        "&a ",
        "*a ",
        "!!x ",
        "!",
        "#",
        " #",
        "\t",
        "---\n",
        "...\n",
        "%x\n",
        "a:\n",
        "a: b\n",
        "- a\n",
        "? a\n",
        "\\",
        "[a, ",
        "{a: b, ",
        "[[], ",
        "\"a\" ",
        "'a': ",
        "://",
        "u:p@",
        "x://u:p@h ",
        "${",
        "${a}",
        "$${",
        "@",
        "`",
        "\n",
        "\r\n",
        " ",
        "\u{e9}",
        "-\n",
        "&a\n",
        "a: &a b\n",
        "a: *a\n",
    ] {
        let text = piece.repeat((64 << 10) / piece.len());
        for text in [
            text.clone(),
            format!("version: 1\ngate: g\nrelease: '{text}'\n"),
            format!("x: [{text}"),
            format!("a: {text}"),
        ] {
            codes(&text);
        }
    }
}

#[test]
fn long_words_are_not_compared_letter_by_letter() {
    let word = "x".repeat(1 << 20);
    let text = format!(
        "version: 1\ngate: g\nphases: [pre]\nchecks:\n  a: {{ tcp: \"x:1\", severity: {word}, phases: [{word}], needs: [{word}] }}\n  ? {word}\n  : {{ tcp: \"x:1\" }}\n"
    );
    let codes = codes(&text);
    assert!(codes.contains(&"config/unknown_word"), "{codes:?}");
}

#[test]
fn wrong_needs_are_not_compared_with_every_id() {
    let mut text = "version: 1\ngate: g\nchecks:\n".to_owned();
    for i in 0..20_000 {
        writeln!(text, "  c{i:05}: {{ tcp: \"x:1\", needs: [d{i:05}] }}").unwrap();
    }
    assert!(codes(&text).contains(&"config/dangling_need"));
}

#[test]
fn mistakes_in_one_map_of_matchers_are_not_compared_with_each_other() {
    let places: String = (0..30_000).fold(String::new(), |mut text, i| {
        write!(text, "$.p{i}: 010, ").unwrap();
        text
    });
    let text = format!(
        "version: 1\ngate: g\nchecks:\n  a: {{ http: https://example.com, expect: {{ json: {{ {places} }} }} }}\n"
    );
    assert_eq!(codes(&text).len(), 1_001);
}

#[test]
fn too_many_passwords_are_not_shown() {
    let mut text = "version: 1\ngate: g\nchecks:\n".to_owned();
    for i in 0..600 {
        writeln!(
            text,
            "  c{i}: {{ postgres: \"postgres://u:canary-{i}@h:nope/d\" }}"
        )
        .unwrap();
    }
    let loaded = Machine::default().load(&text);
    assert!(loaded.has_errors());
    assert!(!rendered(&loaded).contains("canary-"));
}

#[test]
fn a_pattern_of_megabytes_is_not_read() {
    for piece in ["(", "a|", "[a-z]"] {
        let pattern = piece.repeat((3 << 20) / piece.len());
        let text = format!(
            "version: 1\ngate: g\nchecks:\n  a: {{ http: http://x, expect: {{ body: {{ matches: '{pattern}' }} }} }}\n"
        );
        let loaded = Machine::default().load(&text);
        let told: Vec<&str> = loaded
            .diagnostics
            .iter()
            .map(|d| d.message.as_str())
            .collect();
        assert_eq!(told, ["the pattern is longer than 10000 bytes"]);
    }
}

#[test]
fn a_password_that_repeats_itself_is_hidden_at_once() {
    // A table of its states would take the square of its length.
    let password = "p4sswo:".repeat(280);
    let text = format!("version: 1\ngate: g\nx: postgres://u:{password}@h/d\n");
    let loaded = Machine::default().load(&text);
    assert!(loaded.has_errors());
    assert!(!rendered(&loaded).contains("p4sswo"));
}

#[test]
fn passwords_that_would_take_gigabytes_to_hide_are_refused() {
    let long = "x".repeat(3 << 20);
    for text in [
        format!("a: http://u:{long}@h/\n"),
        format!("password: {long}\n"),
        (0..400).fold(String::new(), |text, n| {
            text + &format!("- http://u:{}{n}@h/\n", "y".repeat(5_000))
        }),
    ] {
        let loaded = Machine::default().load(&text);
        let codes: Vec<&str> = loaded.diagnostics.iter().map(|d| d.code).collect();
        assert!(codes.contains(&"config/too_large"), "{codes:?}");
        let shown = rendered(&loaded);
        assert!(
            !shown.contains("xxxx") && !shown.contains("yyyy"),
            "{shown}"
        );
    }
}

#[test]
fn secrets_that_would_take_gigabytes_to_hide_are_refused() {
    let mut machine = Machine::default();
    let mut text = "version: 1\ngate: g\nsecrets:\n".to_owned();
    let mut used = String::new();
    for number in 0..40 {
        let value: String = (0..4_000)
            .map(|n| format!("{:02x}", (n * 7 + number) % 256))
            .collect();
        machine = machine.env(&format!("S{number}"), &value);
        writeln!(text, "  s{number}: {{ env: S{number} }}").unwrap();
        write!(used, "${{s{number}}}").unwrap();
    }
    writeln!(
        text,
        "checks:\n  a: {{ command: {{ argv: [cat], stdin: '{used}' }} }}"
    )
    .unwrap();
    let loaded = machine.load(&text);
    assert!(loaded.manifest.is_none());
    assert!(
        rendered(&loaded).contains(
            "and those before it have more than 128 KiB, so it cannot be kept out of the output"
        ),
        "{}",
        rendered(&loaded)
    );
}

#[test]
fn a_blank_secret_would_shred_every_text() {
    let loaded = Machine::default()
        .env("S", "      ")
        .load("version: 1\ngate: g\nsecrets: { s: { env: S } }\nchecks:\n  a: { command: { argv: [cat], stdin: '${s}' } }\n");
    assert_eq!(
        rendered(&loaded).lines().next(),
        Some(
            "error[config/bad_secret]: the secret `s` (env S) is blank, so it cannot be kept out of the output"
        )
    );
}

/// A template with so many header fields, and so many checks that extend it.
fn headers(fields: usize, checks: usize) -> String {
    let mut text = "version: 1\ngate: g\ntemplates:\n  t: { http: { headers: {".to_owned();
    for n in 0..fields {
        write!(text, " h{n}: x,").unwrap();
    }
    text.push_str(" } } }\nchecks:\n");
    for n in 0..checks {
        writeln!(text, "  c{n}: {{ extends: t, http: http://x/{n} }}").unwrap();
    }
    text
}

#[test]
fn templates_do_not_multiply_without_end() {
    assert_eq!(codes(&headers(2_000, 2_000)), ["config/too_large"]);
    // A template of one long text counts by its bytes.
    let long = "x".repeat(1 << 20);
    let mut text = format!("version: 1\ngate: g\ntemplates:\n  t: {{ owner: {long} }}\nchecks:\n");
    for n in 0..100 {
        writeln!(text, "  c{n}: {{ extends: t, tcp: \"x:1\" }}").unwrap();
    }
    assert_eq!(codes(&text), ["config/too_large"]);
}

#[test]
fn templates_and_instances_share_one_budget() {
    let extending = headers(1_000, 250);
    let names: Vec<String> = (0..250).map(|n| format!("n{n}")).collect();
    let fields: String = (0..1_000).map(|n| format!("h{n}: x, ")).collect();
    let each = format!(
        "  e: {{ each: [{}], http: {{ url: http://x, headers: {{ {fields} }} }} }}\n",
        names.join(", ")
    );
    let alone = format!("version: 1\ngate: g\nchecks:\n{each}");
    for one in [&extending, &alone] {
        let loaded = Machine::default().load(one);
        assert!(!loaded.has_errors(), "{}", rendered(&loaded));
    }
    assert_eq!(codes(&(extending + &each)), ["config/too_large"]);
}

#[test]
fn twenty_thousand_checks_that_extend_a_template_are_read() {
    let mut text = "version: 1
gate: g
templates:
  page: { owner: platform, runbook: \"https://runbooks.example.com/page\", timeout: 3s, expect: { status: 200, duration: under 1s } }
checks:
"
    .to_owned();
    for n in 0..20_000 {
        writeln!(text, "  c{n}: {{ extends: page, http: http://x/{n} }}").unwrap();
    }
    let loaded = Machine::default().load(&text);
    assert!(!loaded.has_errors(), "{}", rendered(&loaded));
    let checks = loaded.manifest.unwrap().checks;
    assert_eq!(checks.len(), 20_000);
    assert!(
        checks
            .iter()
            .all(|check| check.owner.as_deref() == Some("platform"))
    );
}

/// A gate of which more would be kept than is before all of it was read, and what else is in it.
fn large(more: &str) -> String {
    let mut text = "version: 1\ngate: g\nwaivers: [{ check: c1, reason: r, owner: o, until: 2999-01-01 }]\nchecks:\n".to_owned();
    for n in 0..4_000 {
        let title = "x".repeat(500);
        writeln!(
            text,
            "  c{n}:\n    tcp: \"x:{}\"\n    title: {title}",
            n + 1
        )
        .unwrap();
        for key in [
            "owner",
            "runbook",
            "timeout",
            "severity",
            "max_age",
            "consecutive",
        ] {
            let value = match key {
                "owner" | "runbook" => &title[..200],
                "consecutive" => "2",
                "severity" => "blocker",
                _ => "1m",
            };
            writeln!(text, "    {key}: {value}").unwrap();
        }
        text.push_str("    covers: [");
        for line in 0..30 {
            write!(text, "\"CHECKLIST.md#L{line}\", ").unwrap();
        }
        text.push_str("]\n");
    }
    text + more
}

#[test]
fn a_gate_that_is_read_twice_is_read_the_same() {
    let flaky = "  flaky: { tcp: \"y:1\", quarantine: { reason: r, owner: o, until: 2999-01-01, count: 1 } }\n";
    let loaded = Machine::default().load(&large(flaky));
    assert!(!loaded.has_errors(), "{}", rendered(&loaded));
    assert_eq!(loaded.checks, 4_001);
    let manifest = loaded.manifest.unwrap();
    assert_eq!(manifest.checks.len(), 4_001);
    assert_eq!(manifest.waivers.len(), 2);
    assert_eq!(manifest.checks[2_999].line, 4 + 10 * 2_999 + 1);
}

#[test]
fn the_last_mistake_of_a_large_gate_is_told() {
    let wrong = large("  last: { tcp: \"y:1\", needs: [nobody], titel: x }\n");
    let codes = codes(&wrong);
    assert_eq!(codes, ["config/dangling_need", "config/unknown_key"]);
    // Policies are held against checks that are kept.
    let loaded = Machine::default()
        .policy(
            "floor.yaml",
            "version: 1\npolicy: { allow: { kinds: [http] } }\n",
        )
        .load(&large(""));
    assert!(loaded.manifest.is_none());
    assert_eq!(loaded.diagnostics[0].code, "config/policy_forbidden");
}

/// So many checks, each with a pattern of its own.
fn patterns(count: usize, pattern: impl Fn(usize) -> String) -> String {
    let mut text = "version: 1\ngate: g\nchecks:\n".to_owned();
    for n in 0..count {
        let pattern = pattern(n);
        writeln!(
            text,
            "  c{n}: {{ http: http://x, expect: {{ body: {{ matches: '{pattern}' }} }} }}"
        )
        .unwrap();
    }
    text
}

#[test]
fn patterns_share_one_budget() {
    let large = patterns(200, |n| format!("[ab]{{5000}}{n}"));
    assert_eq!(codes(&large), ["config/too_large"]);
    let shared = patterns(200, |_| "[ab]{5000}".to_owned());
    assert!(Machine::default().load(&shared).manifest.is_some());
    let usual = patterns(1_000, |n| format!("^ready {n}$"));
    assert!(Machine::default().load(&usual).manifest.is_some());
}

#[test]
fn the_patterns_of_one_matcher_or_condition_have_a_limit() {
    let places: String = (0..200)
        .map(|n| format!("$.p{n}: {{ matches: '[ab]{{5000}}{n}' }}, "))
        .collect();
    let text = format!(
        "version: 1\ngate: g\nchecks:\n  c: {{ http: http://x, expect: {{ json: {{ {places} }} }} }}\n"
    );
    assert!(codes(&text).contains(&"config/too_large"));
    let calls: Vec<String> = (0..200)
        .map(|n| format!("body.matches(r\"[ab]{{5000}}{n}\")"))
        .collect();
    let text = format!(
        "version: 1\ngate: g\nchecks:\n  c: {{ http: http://x, assert: '{}' }}\n",
        calls.join(" || ")
    );
    assert!(codes(&text).contains(&"config/too_large"));
}

#[test]
fn a_place_inside_a_text_of_two_lines_is_on_its_own_line() {
    // Folded, the text is as long as it is written.
    let text = "version: 1\ngate: g\nchecks:\n  a: { tcp: \"x\n${port}:1\" }\n";
    let loaded = Machine::default().load(text);
    let unknown = loaded.diagnostics.iter();
    let unknown = unknown.filter(|d| d.code == "config/unknown_variable");
    let places: Vec<String> = unknown
        .map(|d| loaded.sources.place(d.span.unwrap()).unwrap())
        .collect();
    assert_eq!(places, ["probes.yaml:5:1"]);
}

#[test]
fn the_name_of_a_file_makes_no_lines_of_its_own() {
    let machine = Machine::default()
        .file(
            "checks/a\nerror[x]: all is well\tb.yaml",
            "version: 1\nodd: 1\n",
        )
        .file("checks/c\u{202e}d.yaml", "version: 1\nodd: 1\n");
    let loaded = machine
        .load("version: 1\ngate: g\ninclude: checks/*.yaml\nchecks:\n  a: { tcp: \"x:1\" }\n");
    let shown = rendered(&loaded);
    let odd = |c: char| c == '\t' || c == '\u{202e}';
    assert!(!shown.contains(odd), "{shown}");
    assert!(
        !shown.lines().any(|line| line.starts_with("error[x]")),
        "{shown}"
    );
    assert!(
        shown.contains("checks/a\u{fffd}error[x]: all is well\u{fffd}b.yaml:2:1"),
        "{shown}"
    );
}
