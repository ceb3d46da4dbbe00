//! Policies: a gate, and the file of rules that it must obey.
//!
//! The policy is what follows `#=== policy`. A second one, which is always the same, is held against what
//! it lets pass.

use std::collections::BTreeSet;
use std::path::PathBuf;

use gonogo_config::{Loaded, Source};
use gonogo_kind::Level;
use gonogo_model::{Effect, Severity};

use super::Target;
use super::gate::{Folder, How, codes, read};
use crate::behaviour::Behaviour;

pub(super) const TARGET: Target = Target {
    name: "policies",
    what: "gates, and the policy files they must obey",
    check,
    words: WORDS,
    tries: 1_000,
};

fn check(input: &[u8]) -> Behaviour {
    let text = match read(input) {
        Ok(text) => text,
        Err(behaviour) => return behaviour,
    };
    let folder = Folder::of(&text);
    let without = folder.load(How::USUAL);
    folder.sound(&without);
    let own = [folder.source("policy", "policy.yaml")];
    let with = under(&folder, &own);
    asks_for_more(&without, &with);
    let again = under(&folder, &own);
    assert_eq!(with.diagnostics, again.diagnostics, "read twice");

    let floor = [Source {
        name: "floor.yaml".to_owned(),
        text: FLOOR.to_owned(),
        base: PathBuf::from("/"),
    }];
    let floored = under(&folder, &floor);
    asks_for_more(&without, &floored);
    obeys(&floored);
    Behaviour::of((codes(&with), codes(&floored)))
}

fn under(folder: &Folder<'_>, policies: &[Source]) -> Loaded {
    let loaded = folder.load(How {
        policies,
        ..How::USUAL
    });
    folder.sound(&loaded);
    loaded
}

/// A policy takes no mistake away, and changes nothing in a gate that obeys it.
fn asks_for_more(without: &Loaded, with: &Loaded) {
    let errors = |loaded: &Loaded| -> BTreeSet<(&'static str, String)> {
        let errors = loaded.diagnostics.iter();
        let errors = errors.filter(|d| d.level == Level::Error && d.code != "config/too_large");
        errors.map(|d| (d.code, d.message.clone())).collect()
    };
    let (before, after) = (errors(without), errors(with));
    // Beyond some hundred mistakes the rest is left out.
    if after.len() < 400 {
        let lost: Vec<_> = before.difference(&after).collect();
        assert!(lost.is_empty(), "{lost:?} is told only without the policy");
    }
    let Some(obeys) = &with.manifest else { return };
    let same = without.manifest.as_ref();
    let same = same.expect("what obeys a policy is a gate without it");
    let shown = |manifest: &gonogo_kind::manifest::Manifest| {
        let checks = manifest.checks.iter().map(|c| format!("{c:?}"));
        checks.collect::<Vec<_>>()
    };
    assert_eq!(shown(obeys), shown(same), "the policy changed the gate");
}

/// What passes the floor keeps to each of its rules.
fn obeys(loaded: &Loaded) {
    let Some(gate) = &loaded.manifest else { return };
    for check in &gate.checks {
        assert!(["http", "tcp"].contains(&check.kind.name), "{}", check.id);
        assert_eq!(check.probe.effect(), Effect::Reads, "{}", check.id);
        let group = check.group.as_ref();
        let group = group.and_then(|id| gate.groups.iter().find(|group| group.id == *id));
        let severity = group.map_or(check.severity, |group| group.severity);
        assert!(severity <= Severity::Warning, "{}", check.id);
        let origin = check.probe.origin().expect("http and tcp have an origin");
        let (host, _) = origin.rsplit_once(':').expect("an origin has a port");
        assert!(
            host.to_lowercase().ends_with(".example.com") || host == "10.0.0.7",
            "{origin}"
        );
    }
    assert!(gate.phases.iter().any(|phase| phase == "pre"));
    assert!(gate.waivers.is_empty(), "{:?}", gate.waivers);
}

const FLOOR: &str = "\
version: 1
policy:
  require: { phases: [pre] }
  severities: { \"*\": warning }
  allow:
    kinds: [http, tcp]
    effects: [reads]
    hosts: [\"*.example.com\", 10.0.0.7/32]
  longest_waiver: none
  commands: false
";

const WORDS: &[&str] = &[
    "policy:",
    "\n#=== policy\nversion: 1\npolicy:\n",
    "require:",
    "checks: [\"edge-*\"]",
    "kinds: [http, tcp]",
    "phases: [pre]",
    "severities: { \"*\": blocker }",
    "severities:",
    "allow:",
    "effects: [reads]",
    "effects: [reads, writes, executes, loads]",
    "hosts: [\"*.example.com\"]",
    "hosts: [10.0.0.0/8, \"[::1]:443\", db.example.net:5432]",
    "10.0.0.7/32",
    "2001:db8::/32",
    "0.0.0.0/0",
    "10.0.0.0/33",
    "*:443",
    "*",
    "longest_waiver: 30d",
    "longest_waiver: none",
    "longest_waiver: 0s",
    "commands: false",
    "commands: true",
    "version: 1",
    "gate: g",
    "phases: [pre, post]",
    "severity: info",
    "severity: warning",
    "group: g",
    "groups: { g: { at_least: 1, severity: info } }",
    "http: https://api.example.com/health",
    "http: { url: https://api.example.com/health, method: POST }",
    "http: { url: https://api.example.com/health, address: 10.0.0.7:443 }",
    "http: { url: https://API.example.com./health, proxy: http://10.0.0.9:3128 }",
    "tcp: 10.0.0.7:443",
    "tcp: \"[::ffff:10.0.0.7]:443\"",
    "tcp: xexample.com:443",
    "command: [make]",
    "secrets: { token: { command: [vault] } }",
    "${token}",
    "waivers:\n  - { check: a, reason: r, owner: o, until: 2027-01-31 }\n",
    "[]",
    "{}",
    "~",
];
