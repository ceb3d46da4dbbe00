//! Templates: what a check comes to that extends some.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod support;

use std::fmt::Write as _;

use gonogo_kind::manifest::{Check, Manifest};
use support::{Machine, rendered};

fn manifest(text: &str) -> Manifest {
    let loaded = Machine::default().load(text);
    assert!(!loaded.has_errors(), "{}", rendered(&loaded));
    loaded.manifest.unwrap()
}

/// Returns what is in force for a check, one line each.
fn in_force(check: &Check) -> String {
    let mut text = String::new();
    for (name, value) in &check.options {
        writeln!(text, "{name} = {value}").unwrap();
    }
    for e in check.expectations.summaries() {
        writeln!(
            text,
            "{} {} {} ({})",
            e.strength.as_str(),
            e.fact,
            e.wanted,
            e.origin
        )
        .unwrap();
    }
    writeln!(
        text,
        "{}ms x {} after {}ms",
        check.timeout.as_millis(),
        check.attempts,
        check.backoff.as_millis()
    )
    .unwrap();
    text
}

#[test]
fn maps_are_joined_key_by_key_and_the_check_wins() {
    let manifest = manifest(
        "version: 1
gate: g
defaults: { timeout: 2s, retry: { attempts: 5 } }
templates:
  page:
    http: { method: HEAD, headers: { accept: text/html } }
    expect:
      duration: under 1s
      body: { contains: ok }
    should: { duration: under 100ms }
    retry: { backoff: 1s }
    timeout: 7s
  slow:
    extends: page
    expect: { duration: under 9s }
    timeout: 30s
checks:
  api:
    extends: slow
    http: https://example.com/health
    expect: { status: 204, body: { contains: yes } }
    retry: { attempts: 2 }
  web:
    http: https://example.com/
",
    );
    assert_eq!(
        in_force(&manifest.checks[0]),
        r#"body_limit = 1MiB
follow = false
headers = {"accept":"text/html"}
method = HEAD
roots = system
url = https://example.com/health
must duration under 9s (template slow, probes.yaml:15)
must body { contains: yes } (probes.yaml:21)
must status 204 (probes.yaml:21)
should duration under 100ms (template page, probes.yaml:10)
30000ms x 2 after 1000ms
"#
    );
    assert_eq!(
        in_force(&manifest.checks[1]),
        "body_limit = 1MiB
follow = false
method = GET
roots = system
url = https://example.com/
must status 200..299 (built in)
2000ms x 5 after 500ms
"
    );
}

#[test]
fn a_later_template_wins_and_each_counts_once() {
    let manifest = manifest(
        "version: 1
gate: g
templates:
  base: { timeout: 5s, owner: base-team, http: https://example.com/base }
  quick: { extends: base, timeout: 1s, expect: { duration: under 1s } }
  owned: { extends: base, owner: edge-team, expect: { duration: under 2s } }
checks:
  api:
    extends: [quick, owned]
  web:
    extends: [owned, quick]
    http: { url: https://example.com/web }
",
    );
    let [api, web] = manifest.checks.as_slice() else {
        panic!("two checks");
    };
    // `base` is behind `quick`, so it does not take the timeout back when `owned` brings it again.
    assert_eq!(api.timeout.as_secs(), 1);
    assert_eq!(api.owner.as_deref(), Some("edge-team"));
    assert_eq!(api.options["url"], "https://example.com/base");
    assert!(in_force(api).contains("must duration under 2s (template owned, probes.yaml:6)"));
    assert!(in_force(web).contains("must duration under 1s (template quick, probes.yaml:5)"));
    assert_eq!(web.options["url"], "https://example.com/web");
}

#[test]
fn variables_and_instances_are_put_in_per_check() {
    let manifest = manifest(
        "version: 1
gate: g
vars: { host: example.com }
templates:
  service:
    title: ${each} answers
    http: http://${each}.${host}:${port}/health
    expect: { json: { $.service: \"${each}\", $.port: \"${port}\" } }
checks:
  service:
    extends: service
    each: { auth: { port: 3001 }, core: { port: 3002 } }
",
    );
    let shown: Vec<String> = manifest
        .checks
        .iter()
        .map(|c| {
            let wanted: Vec<String> = c
                .expectations
                .summaries()
                .into_iter()
                .map(|e| e.wanted)
                .collect();
            format!("{} {} {} {wanted:?}", c.id, c.title, c.options["url"])
        })
        .collect();
    assert_eq!(
        shown,
        [
            r#"service.auth auth answers http://auth.example.com:3001/health ["200..299", "auth", "\"3001\""]"#,
            r#"service.core core answers http://core.example.com:3002/health ["200..299", "core", "\"3002\""]"#,
        ]
    );
}

#[test]
fn a_short_form_is_its_one_field() {
    let manifest = manifest(
        "version: 1
gate: g
templates:
  make: { command: [make, check] }
  probe: { command: { argv: [probe] } }
checks:
  a: { extends: make }
  b: { extends: make, command: { argv: [make, test] } }
  c: { extends: probe, command: [other] }
",
    );
    let argv: Vec<&str> = manifest
        .checks
        .iter()
        .map(|c| c.options["argv"].as_ref())
        .collect();
    assert_eq!(
        argv,
        [r#"["make","check"]"#, r#"["make","test"]"#, r#"["other"]"#]
    );
}

#[test]
fn a_mistake_in_a_template_is_told_once_however_many_extend_it() {
    let mut text = "version: 1
gate: g
templates:
  page:
    retyr: { attempts: 3 }
    timeout: 5x
    http: { metod: HEAD }
    expect: { statsu: 200, duration: under 5 }
    tags: [nowhere]
    needs: [nothing]
checks:
"
    .to_owned();
    for i in 0..5_000 {
        writeln!(
            text,
            "  c{i}: {{ extends: page, http: https://example.com/{i} }}"
        )
        .unwrap();
    }
    let loaded = Machine::default().load(&text);
    let told: Vec<(&str, u32, Vec<u32>)> = loaded
        .diagnostics
        .iter()
        .map(|d| {
            let related = d.related.iter().map(|(span, _)| span.line).collect();
            (d.code, d.span.unwrap().line, related)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("config/unknown_key", 5, vec![12]),
            ("config/wrong_unit", 6, vec![12]),
            ("config/unknown_key", 7, vec![12]),
            ("config/unknown_fact", 8, vec![12]),
            ("config/wrong_unit", 8, vec![12]),
            ("config/unknown_tag", 9, vec![12]),
            ("config/dangling_need", 10, vec![]),
        ],
        "{}",
        rendered(&loaded)
    );
}

#[test]
fn templates_do_not_multiply() {
    // Each extends two that extend the same two: written out it would be 2 to the 8th.
    let mut text =
        "version: 1\ngate: g\ntemplates:\n  a0: { timeout: 1s }\n  b0: { timeout: 2s }\n"
            .to_owned();
    for i in 1..8 {
        let below = i - 1;
        writeln!(text, "  a{i}: {{ extends: [a{below}, b{below}] }}").unwrap();
        writeln!(text, "  b{i}: {{ extends: [a{below}, b{below}] }}").unwrap();
    }
    text.push_str("checks:\n  api: { extends: [a7, b7], http: https://example.com/ }\n");
    assert_eq!(manifest(&text).checks[0].timeout.as_secs(), 2);

    // A template of 1,000 values in 20,000 checks is more than anyone waits for.
    let facts = "x, ".repeat(1_000);
    let mut text =
        format!("version: 1\ngate: g\ntemplates:\n  page: {{ covers: [{facts}y] }}\nchecks:\n");
    for i in 0..20_000 {
        writeln!(text, "  c{i}: {{ extends: page, tcp: db:{} }}", i + 1).unwrap();
    }
    let loaded = Machine::default().load(&text);
    assert!(loaded.manifest.is_none());
    let codes: Vec<&str> = loaded.diagnostics.iter().map(|d| d.code).collect();
    assert!(
        codes.iter().all(|code| *code == "config/too_large"),
        "{codes:?}"
    );

    // As is a row of templates that each bring another.
    let mut text = "version: 1\ngate: g\ntemplates:\n".to_owned();
    for i in 0..100 {
        writeln!(text, "  t{i}: {{ timeout: 1s }}").unwrap();
    }
    let names: Vec<String> = (0..100).map(|i| format!("t{i}")).collect();
    writeln!(
        text,
        "checks:\n  api: {{ extends: [{}], tcp: db:1 }}",
        names.join(", ")
    )
    .unwrap();
    let loaded = Machine::default().load(&text);
    assert_eq!(
        rendered(&loaded).lines().next(),
        Some("error[config/too_large]: more than 64 templates are extended at once")
    );
}

#[test]
fn what_a_template_leaves_to_its_checks_is_no_mistake_where_nobody_extends_it() {
    let text = "version: 1
gate: g
vars: { region: { env: REGION, default: eu } }
templates:
  page:
    http: { url: \"https://${each}.example.com:${port}/\" }
    title: ${each} answers
    assert: [status < 500 && vars.port != \"1\", each == body, has(json.each)]
    when: port != \"80\" && [\"eu\"].exists(place, place == region)
    expect: { status: \"${wanted}\", json: { $.name: \"${each}\" } }
    message: { status: \"${each} is down\", assert: no }
    quarantine: { reason: flaky, owner: ops, until: 2030-01-31, count: 1 }
  any:
    assert: [duration < duration(\"1s\"), state == \"open\" || status == 200, \"json.items.all(i, i.up)\"]
    expect: { duration: under 5s, state: open }
    message: { state: closed, assert: no }
checks:
  api: { http: https://example.com/, expect: { json: { $.status: ok } } }
";
    let unused = Machine::default().load(text);
    let told: Vec<&str> = unused.diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(told, ["config/unused"; 2], "{}", rendered(&unused));
    let extending = format!(
        "{text}  shop: {{ extends: page, each: {{ a: {{ port: 81, wanted: 200 }}, b: {{ port: 80, wanted: 204 }} }} }}\n"
    );
    let used = Machine::default().load(&extending);
    let told: Vec<&str> = used.diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(told, ["config/unused"], "{}", rendered(&used));
    let manifest = used.manifest.unwrap();
    let ids: Vec<&str> = manifest.checks.iter().map(|c| c.id.as_str()).collect();
    assert_eq!(ids, ["api", "shop.a"]);
    let waivers: Vec<&str> = manifest.waivers.iter().map(|w| w.check.as_str()).collect();
    assert_eq!(waivers, ["shop"]);
}
