//! `lint --fix`: what is mechanical is mended, and nothing else is touched.
//!
//! `UPDATE_GOLDEN=1 cargo test -p gonogo-config --test mend` writes the expected files anew.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod support;

use std::fs;
use std::path::PathBuf;

use gonogo_config::{Loaded, Mended, Source, decode, mend};
use proptest::prelude::*;
use support::Machine;
use support::samples::{machine, samples};

fn mended(machine: &Machine, name: &str, text: &str) -> Mended {
    let source = Source {
        name: name.to_owned(),
        text: text.to_owned(),
        base: PathBuf::new(),
    };
    machine.with_inputs(|inputs| mend(&source, inputs))
}

/// Mends a gate on an empty machine.
fn text_of(text: &str) -> String {
    mended(&Machine::default(), "probes.yaml", text).text
}

/// Returns every sample that can be mended, with what comes of it.
fn mendable() -> Vec<(String, PathBuf, String, Mended)> {
    let read = samples().into_iter().filter_map(|(stem, path, bytes)| {
        let text = decode(bytes).ok()?;
        let name = format!("{stem}.yaml");
        let loaded = machine(&text).load_as(&name, &text);
        let can_be_mended = loaded.diagnostics.iter().any(|d| d.fix.is_some());
        let mended = mended(&machine(&text), &name, &text);
        assert!(
            can_be_mended || mended.text == text,
            "{stem} is changed without a fix"
        );
        can_be_mended.then_some((stem, path, text, mended))
    });
    read.collect()
}

#[test]
fn what_can_be_mended_is_mended_as_agreed() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut wrong = Vec::new();
    for (stem, path, text, mended) in mendable() {
        let golden = path.with_extension("mended");
        let mut all = mended.text.clone();
        for file in &mended.included {
            all.push_str(&format!("#=== {}\n{}", file.name, file.text));
        }
        if update {
            fs::write(&golden, &all).unwrap();
        } else if fs::read_to_string(&golden).unwrap_or_default() != all {
            wrong.push(format!("{stem}:\n{all}"));
        }
        assert_ne!(all, text, "{stem} has a fix that does not help");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_mended_mistake_is_gone_and_no_fix_is_left() {
    for (stem, _, text, mended) in mendable() {
        let before = machine(&text).load(&text);
        let left = mended.loaded.diagnostics.iter().find(|d| d.fix.is_some());
        assert!(left.is_none(), "{stem}: {left:?}");
        let files = mended.included.iter();
        let machine = files.fold(machine(&text), |machine, f| machine.file(&f.name, &f.text));
        let again = machine.load(&mended.text);
        for mistake in before.diagnostics.iter().filter(|d| d.fix.is_some()) {
            let same = |d: &&gonogo_kind::Diagnostic| {
                (d.code, &d.message) == (mistake.code, &mistake.message)
            };
            let (was, is) = (
                before.diagnostics.iter().filter(same).count(),
                again.diagnostics.iter().filter(same).count(),
            );
            assert!(is < was, "{stem}: {}", mistake.message);
        }
    }
}

/// Says what a gate with one check comes to, and that it has no mistake any more.
fn check(body: &str) -> String {
    let text = format!("version: 1\ngate: g\nchecks:\n  a:\n{body}\n");
    let machine = Machine::default();
    let mended = mended(&machine, "probes.yaml", &text);
    let left = support::rendered(&mended.loaded);
    assert!(!mended.loaded.has_errors(), "{body}\n{left}");
    let lines: Vec<&str> = mended.text.lines().skip(4).collect();
    lines.join("\n")
}

#[test]
fn comparisons_and_texts_are_mended_where_one_thing_was_meant() {
    for (was, is) in [
        ("duration: > 500ms", "duration: \"> 500ms\""),
        ("duration: >=500ms # slow", "duration: \">=500ms\" # slow"),
        ("duration: \"> = 500ms\"", "duration: \">= 500ms\""),
        ("duration: '=> 500ms'", "duration: \">= 500ms\""),
        ("duration: under500ms", "duration: under 500ms"),
        ("duration: at_most 5 seconds", "duration: at most 5s"),
        ("duration: less than 5s", "duration: under 5s"),
        ("duration: under 1 minute 30 sec", "duration: under 1m30s"),
        ("status: == 200", "status: 200"),
        ("status: != 404", "status: \"!= 404\""),
        ("status: !=404", "status: \"!=404\""),
        (
            "{ duration: > 500ms, status: 200 }",
            "{ duration: \"> 500ms\", status: 200 }",
        ),
        (
            "{ status: != 404, duration: under 1s }",
            "{ status: \"!= 404\", duration: under 1s }",
        ),
        (
            "json: { $.a[*]: { all: ok } }",
            "json: { \"$.a[*]\": { all: ok } }",
        ),
        (
            "body: { contians: *.example.com }",
            "body: { contains: \"*.example.com\" }",
        ),
        (
            "body: { matches: \"\\d+\\.\\d+\" }",
            "body: { matches: '\\d+\\.\\d+' }",
        ),
        ("headers: { server: * }", "headers: { server: \"*\" }"),
        ("Status: 200", "status: 200"),
        ("timing-connect: under 1s", "timing.connect: under 1s"),
    ] {
        let (open, was, is) = match was.strip_prefix('{') {
            Some(_) => ("    expect: ", was, is),
            None => ("    expect:\n      ", was, is),
        };
        let body = format!("    http: https://example.com\n{open}{was}");
        let wanted = format!("    http: https://example.com\n{open}{is}");
        assert_eq!(check(&body), wanted);
    }
}

#[test]
fn what_could_mean_two_things_is_left_alone() {
    for body in [
        // A block of text with a text in it.
        "    http: https://example.com\n    expect:\n      body: >2\n            so much",
        // Metres, minutes, milliseconds.
        "    http: https://example.com\n    expect: { duration: under 5M }",
        "    postgres: postgres://a@h/d\n    expect: { size: under 2gb }",
        // What is new for a version is old for an age.
        "    postgres: postgres://a@h/d\n    expect: { version: newer than 15 }",
        // Two keys are as near.
        "    http: https://example.com\n    expect: { body: { aly: x } }",
        // The right key is there, too.
        "    http: https://example.com\n    expect: { body: { contains: a, contians: b } }",
        // A backslash that YAML knows.
        "    http: https://example.com\n    expect: { body: { matches: \"\\d\\n\" } }",
        // Octal or not.
        "    command: [x]\n    expect: { exit_code: 010 }",
        // A variable would be written out.
        "    http: { url: https://example.com, follow: \"${f}\" }\n    expect: { body: { contains: x } }",
        // An id, a declared name.
        "    tcp: example.com:1\n    needs: [aa]",
        "    tcp: example.com:1\n    tags: [egde]",
        // A key, which may be an id.
        "    tcp: example.com:443\n  %b:\n    tcp: example.com:443",
        // A note, and no number of an issue.
        "    title: Look #here\n    tcp: example.com:1",
        "    tcp: example.com:443 #3",
    ] {
        let text = format!(
            "version: 1\ngate: g\nvars: {{ f: yes }}\ntags: [edge]\nchecks:\n  a:\n{body}\n  b: {{ tcp: \"x:1\", tags: [edge], title: \"${{f}}\" }}\n"
        );
        assert_eq!(text_of(&text), text);
    }
}

#[test]
fn what_is_not_mended_stays_byte_for_byte() {
    let text = "\u{feff}# ours\r\nversion: '1'   # the format\r\ngate: g\r\n\r\ntags:\r\n  - edge\r\n  - data\r\nchecks:\r\n  # the edge\r\n  a:\r\n    tpc:   example.com:443\t# here\r\n    tags: edge\r\n    covers: []\r\n\r\n";
    let mended = mended(&Machine::default(), "probes.yaml", text);
    assert_eq!(
        mended.text,
        "\u{feff}# ours\r\nversion: 1   # the format\r\ngate: g\r\n\r\ntags:\r\n  - edge\r\nchecks:\r\n  # the edge\r\n  a:\r\n    tcp:   example.com:443\t# here\r\n    tags: [edge]\r\n\r\n"
    );
    let changes: Vec<String> = mended
        .changes
        .iter()
        .map(|c| format!("{}: {:?} -> {:?}", c.line, c.before, c.after))
        .collect();
    assert_eq!(
        changes,
        [
            r#"2: "version: '1'   # the format" -> Some("version: 1   # the format")"#,
            r#"7: "  - data" -> None"#,
            r#"11: "    tpc:   example.com:443\t# here" -> Some("    tcp:   example.com:443\t# here")"#,
            r#"12: "    tags: edge" -> Some("    tags: [edge]")"#,
            r#"13: "    covers: []" -> None"#,
        ]
    );
}

#[test]
fn a_fix_that_would_bring_another_mistake_is_not_made() {
    // Without the variable there would be nothing under `vars`, and with the key twice no YAML.
    for text in [
        "version: 1\ngate: g\nvars:\n  host: x\nchecks: { a: { tcp: \"x:1\" } }\n",
        "version: 1\ngate: g\ntags:\n- edge\nchecks: { a: { tcp: \"x:1\" } }\n",
    ] {
        assert_eq!(text_of(text), text);
    }
}

#[test]
fn mistakes_that_hide_others_are_mended_one_after_the_other() {
    let text = "version: 1\ngate: g\nchecks:\n  a:\n    http: https://example.com\n    expects: { duraton: > 500ms, json: { $.a[0]: != 5, $.b[0]: over5 } }\n    title: a: b\n";
    assert_eq!(
        text_of(text),
        "version: 1\ngate: g\nchecks:\n  a:\n    http: https://example.com\n    expect: { duration: \"> 500ms\", json: { \"$.a[0]\": \"!= 5\", \"$.b[0]\": over5 } }\n    title: \"a: b\"\n"
    );
}

/// Mends a gate, and returns its text, what became of the files that it includes, and whether mistakes are left.
fn mended_files(machine: &Machine, text: &str) -> (String, Vec<(String, String)>, bool) {
    let mended = mended(machine, "probes.yaml", text);
    let files = mended.included.into_iter();
    let files = files.map(|file| (file.name, file.text)).collect();
    (mended.text, files, mended.loaded.has_errors())
}

#[test]
fn a_mistake_in_an_included_file_is_mended_there() {
    let gate = "version: 1\ngate: g\ninclude: checks/*.yaml\n";
    let machine = Machine::default()
        .file(
            "checks/a.yaml",
            "\u{feff}version: 1\ninclude: deeper/c.yaml\nchecks:\n  a:\n    http: https://example.com\n    expect:\n      duration: > 500ms # slow\n      bodi: ok\n",
        )
        .file("checks/b.yaml", "version: 1\nchecks: { b: { tcp: \"x:1\" } }\n")
        .file(
            "checks/deeper/c.yaml",
            "version: '1'\nchecks:\n  c:\n    tpc: x:1\n    needs: []\n",
        );
    let (text, files, has_errors) = mended_files(&machine, gate);
    assert_eq!(text, gate);
    assert_eq!(
        files,
        [
            (
                "checks/a.yaml".to_owned(),
                "\u{feff}version: 1\ninclude: deeper/c.yaml\nchecks:\n  a:\n    http: https://example.com\n    expect:\n      duration: \"> 500ms\" # slow\n      body: ok\n".to_owned()
            ),
            (
                "checks/deeper/c.yaml".to_owned(),
                "version: 1\nchecks:\n  c:\n    tcp: x:1\n".to_owned()
            ),
        ]
    );
    assert!(!has_errors);
}

#[test]
fn an_included_file_that_would_not_load_better_stays_as_it_is() {
    // Without the only tag nothing would be left under `tags`, which is a mistake of its own.
    let machine = Machine::default()
        .file(
            "a.yaml",
            "version: 1\ntags:\n- edge\nchecks: { a: { tcp: \"x:1\" } }\n",
        )
        .file("b.yaml", "version: 1\nchecks: { b: { tpc: \"x:1\" } }\n");
    let gate = "version: 1\ngate: g\ninclude: [a.yaml, b.yaml]\n";
    let (_, files, has_errors) = mended_files(&machine, gate);
    let b = "version: 1\nchecks: { b: { tcp: \"x:1\" } }\n".to_owned();
    assert_eq!(files, [("b.yaml".to_owned(), b)]);
    assert!(!has_errors);
}

#[test]
fn what_a_gate_on_standard_input_includes_is_left_alone() {
    let machine =
        Machine::default().file("a.yaml", "version: 1\nchecks: { a: { tpc: \"x:1\" } }\n");
    let gate = "version: '1'\ngate: g\ninclude: a.yaml\n";
    let mended = mended(&machine, "-", gate);
    assert_eq!(mended.text, "version: 1\ngate: g\ninclude: a.yaml\n");
    assert!(mended.included.is_empty());
    assert!(mended.loaded.has_errors());
}

const GATE: &str = "version: 1
gate: shop
tags: [edge, data]
vars:
  host: example.com
checks:
  api:
    each: [eu, us]
    http: https://${each}.${host}/health
    expect:
      status: 200..299
      duration: under 500ms
      json: { $.status: ok, $.items: { length: over 0 } }
    should: { body: { contains: ok } }
    tags: [edge]
  db:
    postgres:
      url: postgres://app@db.example.com/app
      query: select 1
    expect: { rows: { length: 1 }, connections_used: under 80% }
    severity: warning
    needs: [api]
    tags: [data]
  unit:
    command: [make, check]
    expect: { exit_code: not 2, stdout: { matches: '[0-9]+' } }
    timeout: 5s
";

/// Returns the ids of the checks as they stand in the text.
fn ids(text: &str) -> Vec<&str> {
    let id = |line: &&str| {
        let name = line.strip_prefix("  ").and_then(|l| l.strip_suffix(':'));
        name.is_some_and(|name| !name.starts_with(' '))
    };
    text.lines().filter(id).collect()
}

fn expectations(loaded: &Loaded) -> Option<Vec<(String, usize)>> {
    let manifest = loaded.manifest.as_ref()?;
    let of_check = |check: &gonogo_kind::manifest::Check| {
        (check.id.to_string(), check.expectations.summaries().len())
    };
    Some(manifest.checks.iter().map(of_check).collect())
}

/// What fingers do to a text.
fn slipped(text: &str, at: usize, how: u8, with: char) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let at = at % (letters.len() - 1);
    match how {
        0 => {
            letters.remove(at);
        }
        1 => letters.insert(at, letters[at]),
        2 => letters.swap(at, at + 1),
        3 => letters[at] = with,
        _ => letters.insert(at, with),
    }
    letters.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn mending_keeps_the_checks_and_what_they_expect(
        slips in prop::collection::vec((0_usize..2_000, 0_u8..5, prop::sample::select(" *!>@:{}[]\"'#$,-&%|<=x0\n".chars().collect::<Vec<_>>())), 1..4)
    ) {
        let mut text = GATE.to_owned();
        for (at, how, with) in slips {
            text = slipped(&text, at, how, with);
        }
        let before = Machine::default().load(&text);
        let mended = mended(&Machine::default(), "probes.yaml", &text);
        prop_assert_eq!(ids(&mended.text), ids(&text), "{}\n{}", text, mended.text);
        prop_assert!(!before.is_yaml || mended.loaded.checks >= before.checks, "{}\n{}", text, mended.text);
        if let (Some(was), Some(is)) = (expectations(&before), expectations(&mended.loaded)) {
            prop_assert_eq!(was, is);
        }
        let again = support::rendered(&Machine::default().load(&mended.text));
        prop_assert_eq!(again, support::rendered(&mended.loaded));
        prop_assert_eq!(text_of(&mended.text), mended.text);
    }
}
