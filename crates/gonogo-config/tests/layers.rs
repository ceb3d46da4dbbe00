//! Environments and phases that set variables: which value holds, where it comes from, and `lint` of all.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod support;

use gonogo_config::{Source, Variant, lint, render, variants};
use support::{Machine, rendered};

const GATE: &str = "\
version: 1
gate: shop
vars:
  host: { env: TARGET_HOST, default: dev.example.com }
  domain: example.com
  size: { env: SIZE }
  path: { default: health }
environments:
  production: { vars: { host: 'www.${domain}', size: large } }
  staging: { vars: { host: staging.example.com, size: small } }
  preview: { vars: { size: tiny } }
phases:
  pre-deploy:
  canary: { vars: { host: 'canary.${host}', path: '${size}$${x}' } }
checks:
  web:
    http: http://${host}/${path}/${size}
    expect: { body: { contains: ok } }
";

fn values(machine: &Machine, text: &str) -> String {
    let loaded = machine.load(text);
    assert!(!loaded.has_errors(), "{}", rendered(&loaded));
    let manifest = loaded.manifest.unwrap();
    let variables = manifest.variables.iter();
    let lines: Vec<String> = variables
        .map(|v| format!("{}={} ({})", v.name, v.value, v.origin))
        .collect();
    let url = &manifest.checks[0].options["url"];
    format!("{}\n{url}\n{:?}", lines.join("\n"), manifest.environment)
}

#[test]
fn an_environment_beats_the_environment_of_the_process_and_a_phase_beats_it() {
    let machine = Machine::default().env("TARGET_HOST", "process.example.com");
    assert_eq!(
        values(&machine.clone().environment("production"), GATE),
        "domain=example.com (gate file)\n\
         host=www.example.com (environments.production)\n\
         path=health (default)\n\
         size=large (environments.production)\n\
         http://www.example.com/health/large\n\
         Some(\"production\")"
    );
    assert_eq!(
        values(&machine.clone().environment("preview"), GATE),
        "domain=example.com (gate file)\n\
         host=process.example.com (env TARGET_HOST)\n\
         path=health (default)\n\
         size=tiny (environments.preview)\n\
         http://process.example.com/health/tiny\n\
         Some(\"preview\")"
    );
    assert_eq!(
        values(&machine.environment("staging").phase("canary"), GATE),
        "domain=example.com (gate file)\n\
         host=canary.staging.example.com (phases.canary)\n\
         path=small${x} (phases.canary)\n\
         size=small (environments.staging)\n\
         http://canary.staging.example.com/small${x}/small\n\
         Some(\"staging\")"
    );
}

#[test]
fn the_command_line_beats_every_layer_and_what_is_made_of_a_variable_follows_it() {
    let machine = Machine::default()
        .environment("production")
        .phase("canary")
        .var("size", "given")
        .var("domain", "example.net");
    assert_eq!(
        values(&machine, GATE),
        "domain=example.net (--var)\n\
         host=canary.www.example.net (phases.canary)\n\
         path=given${x} (phases.canary)\n\
         size=given (--var)\n\
         http://canary.www.example.net/given${x}/given\n\
         Some(\"production\")"
    );
    assert_eq!(
        values(&machine.var("host", "one.example.org"), GATE),
        "domain=example.net (--var)\n\
         host=one.example.org (--var)\n\
         path=given${x} (phases.canary)\n\
         size=given (--var)\n\
         http://one.example.org/given${x}/given\n\
         Some(\"production\")"
    );
}

#[test]
fn a_phase_without_values_and_no_phase_at_all_leave_the_lower_layers() {
    let machine = Machine::default().environment("staging");
    let bare = values(&machine, GATE);
    assert!(bare.contains("host=staging.example.com (environments.staging)"));
    assert_eq!(values(&machine.phase("pre-deploy"), GATE), bare);
}

#[test]
fn the_order_of_phases_is_that_of_the_map() {
    let loaded = Machine::default().environment("staging").load(GATE);
    assert_eq!(loaded.manifest.unwrap().phases, ["pre-deploy", "canary"]);
}

#[test]
fn values_of_a_layer_are_read_before_any_of_them_holds() {
    let text = "\
version: 1
gate: g
vars: { a: one.example.com, b: two.example.com }
phases: { swap: { vars: { a: '${b}', b: '${a}' } } }
checks: { web: { http: 'http://${a}/${b}', expect: { body: { contains: ok } } } }
";
    assert_eq!(
        values(&Machine::default().phase("swap"), text),
        "a=two.example.com (phases.swap)\n\
         b=one.example.com (phases.swap)\n\
         http://two.example.com/one.example.com\n\
         None"
    );
}

fn linted(machine: &Machine, text: &str) -> String {
    let source = Source {
        name: "probes.yaml".to_owned(),
        text: text.to_owned(),
        base: std::path::PathBuf::new(),
    };
    let loaded = machine.with_inputs(|inputs| lint(&source, inputs));
    render(
        &loaded.diagnostics,
        &loaded.sources,
        &loaded.redactor,
        false,
    )
}

fn all_variants(text: &str) -> Vec<String> {
    let source = Source {
        name: "probes.yaml".to_owned(),
        text: text.to_owned(),
        base: std::path::PathBuf::new(),
    };
    let shown = |name: Option<String>| name.unwrap_or_else(|| "-".to_owned());
    let pair = |v: Variant| format!("{}/{}", shown(v.environment), shown(v.phase));
    variants(&source).into_iter().map(pair).collect()
}

/// Compares with a file beside; `UPDATE_GOLDEN=1` writes it anew.
fn golden(name: &str, text: &str) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/layers");
    let path = folder.join(format!("{name}.stderr"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn a_gate_has_a_variant_for_each_environment_and_each_phase_with_values() {
    assert_eq!(
        all_variants(GATE),
        [
            "production/-",
            "production/canary",
            "staging/-",
            "staging/canary",
            "preview/-",
            "preview/canary",
        ]
    );
    assert_eq!(all_variants("version: 1\nphases: [a, b]\n"), ["-/-"]);
    assert_eq!(all_variants("]"), ["-/-"]);
    assert_eq!(
        all_variants("environments: { a: , b: {} }\nphases: { c: { vars: { x: y } } }"),
        ["a/c", "b/c"]
    );
}

#[test]
fn lint_finds_what_is_wrong_in_one_environment_only_and_says_so() {
    let text = "\
version: 1
gate: shop
vars: { url: { env: URL } }
environments:
  production: { vars: { url: https://www.example.com } }
  staging: { vars: { url: ftp://staging.example.com } }
  preview: { vars: { url: ftp://preview.example.com } }
checks:
  web:
    http: ${url}
    expect: { stauts: 200 }
";
    golden("one_environment", &linted(&Machine::default(), text));
}

#[test]
fn lint_of_one_environment_looks_at_no_other() {
    let text = "\
version: 1
gate: shop
vars: { url: { env: URL } }
environments:
  production: { vars: { url: https://www.example.com } }
  staging: { vars: { url: ftp://staging.example.com } }
checks:
  web:
    http: ${url}
    expect: { body: { contains: ok } }
";
    assert_eq!(
        linted(&Machine::default().environment("production"), text),
        ""
    );
    let staging = linted(&Machine::default().environment("staging"), text);
    assert!(
        staging.starts_with("error[config/wrong_scheme]: url: wants a URL"),
        "{staging}"
    );
}

#[test]
fn a_phase_whose_values_make_no_url_is_found_by_lint() {
    let text = "\
version: 1
gate: shop
vars: { host: www.example.com }
phases:
  pre-deploy:
  canary: { vars: { host: 'canary.${host}:x' } }
checks:
  web:
    tcp: ${host}:443
";
    golden("one_phase", &linted(&Machine::default(), text));
}

#[test]
fn so_many_environments_that_reading_each_takes_minutes_are_refused_by_lint() {
    let mut text = "version: 1\ngate: g\nvars: { a: b }\nenvironments:\n".to_owned();
    for at in 0..900 {
        text.push_str(&format!("  e{at}:\n"));
    }
    text.push_str("checks:\n");
    for at in 0..400 {
        text.push_str(&format!(
            "  c{at}: {{ tcp: '${{a}}.example.com:{}' }}\n",
            at + 1
        ));
    }
    let told = linted(&Machine::default(), &text);
    assert!(
        told.starts_with(
            "error[config/too_large]: the gate would have to be read 900 times, once for each environment and phase with values of its own"
        ),
        "{told}"
    );
}

#[test]
fn what_one_environment_uses_is_used_and_what_none_uses_is_told_once() {
    let text = "\
version: 1
gate: shop
vars: { domain: example.com, host: { env: HOST }, spare: x }
environments:
  production: { vars: { host: 'www.${domain}' } }
  staging: { vars: { host: staging.example.com } }
checks:
  web:
    http: https://${host}/
    expect: { body: { contains: ok } }
";
    let told = linted(&Machine::default(), text);
    assert_eq!(told.matches("config/unused").count(), 1, "{told}");
    assert!(
        told.starts_with("warning[config/unused]: nothing uses the variable `spare`\n"),
        "{told}"
    );
}
