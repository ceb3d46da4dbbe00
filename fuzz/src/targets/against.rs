//! `lint NEW --against OLD`: two gates, and every way in which one is weaker.
//!
//! The old gate is what follows `#=== old`; without one the gate is compared with itself. Gates that were
//! weakened on purpose must be found out.

use std::path::Path;
use std::time::Duration;

use gonogo_config::{Side, WEAKENINGS, Weakening, compare, render_weakenings, weakenings};
use gonogo_kind::manifest::Manifest;
use gonogo_model::{Severity, Strength};

use super::Target;
use super::gate::{Folder, How, codes, read, visible};
use crate::behaviour::Behaviour;

pub(super) const TARGET: Target = Target {
    name: "against",
    what: "two gates, compared",
    check,
    words: WORDS,
    tries: 500,
};

fn check(input: &[u8]) -> Behaviour {
    let text = match read(input) {
        Ok(text) => text,
        Err(behaviour) => return behaviour,
    };
    let folder = Folder::of(&text);
    let (new, old) = (
        folder.source("", "new.yaml"),
        folder.source(
            if folder.file("old").is_some() {
                "old"
            } else {
                ""
            },
            "old.yaml",
        ),
    );
    let [both, again, same] = folder.with(How::USUAL, |inputs| {
        [
            compare(&new, &old, inputs),
            compare(&new, &old, inputs),
            compare(&new, &new, inputs),
        ]
    });
    assert_eq!(both.weakenings, again.weakenings, "compared twice");
    let has_errors = both.new.has_errors() || both.old.has_errors();
    assert!(!(has_errors && both.weakenings.is_some()), "of no gate");
    if let Some(found) = &same.weakenings {
        assert_eq!(*found, [], "against itself");
    }
    let found = both.weakenings.unwrap_or_default();
    let shown = render_weakenings(&found, false);
    assert!(visible(&shown), "{shown:?}");
    for weaker in &found {
        let known = WEAKENINGS.iter().any(|known| known.code == weaker.code);
        assert!(known, "{}", weaker.code);
        assert!(shown.contains(weaker.code), "{} is not shown", weaker.code);
    }
    if let Some(gate) = folder.load(How::USUAL).manifest {
        weakened(&gate);
    }
    let told: Vec<&str> = found.iter().map(|weaker| weaker.code).collect();
    Behaviour::of((told, codes(&both.new), codes(&both.old)))
}

/// Weakens a gate in ways that must be found, one at a time.
fn weakened(gate: &Manifest) {
    for at in 0..gate.checks.len().min(MOST_WEAKENED) {
        let id = gate.checks[at].id.clone();
        let with = |change: &dyn Fn(&mut Manifest)| {
            let mut new = gate.clone();
            change(&mut new);
            found(&new, gate)
        };
        let gone = with(&|new| {
            new.checks.remove(at);
        });
        assert!(!gone.is_empty(), "`{id}` is gone");
        let hurried = with(&|new| new.checks[at].timeout += Duration::from_secs(600));
        assert!(!hurried.is_empty(), "`{id}` has more time");
        let tries = with(&|new| new.checks[at].attempts += 50);
        assert!(!tries.is_empty(), "`{id}` tries more often");
        let check = &gate.checks[at];
        if check.group.is_none() && check.severity == Severity::Blocker {
            let lower = with(&|new| new.checks[at].severity = Severity::Info);
            assert!(!lower.is_empty(), "`{id}` counts for less");
        }
        for expected in 0..check.expectations.list.len() {
            let less = with(&|new| {
                new.checks[at].expectations.list.remove(expected);
            });
            // What only should hold, or is said by another one too, may go.
            let list = &check.expectations.list;
            let of_fact = list
                .iter()
                .filter(|e| e.fact.name == list[expected].fact.name);
            let is_must = list[expected].strength == Strength::Must;
            assert!(
                !less.is_empty() || !is_must || of_fact.count() > 1,
                "`{id}` expects less: {:?}",
                list[expected]
            );
        }
    }
    for group in 0..gate.groups.len().min(MOST_WEAKENED) {
        let mut new = gate.clone();
        let lowered = &mut new.groups[group];
        if lowered.severity == Severity::Blocker {
            lowered.severity = Severity::Info;
            assert!(!found(&new, gate).is_empty(), "a group counts for less");
        }
    }
}

fn found(new: &Manifest, old: &Manifest) -> Vec<Weakening> {
    let side = |manifest| Side {
        manifest,
        base: Path::new("/gate"),
    };
    weakenings(&side(new), &side(old))
}

/// How many checks of a gate are weakened.
const MOST_WEAKENED: usize = 3;

const WORDS: &[&str] = &[
    "\n#=== old\nversion: 1\ngate: g\nchecks:\n",
    "version: 1\ngate: g\nchecks:\n",
    "  a: { tcp: \"a.example.com:1\" }\n",
    "  b: { tcp: \"b.example.com:1\", severity: warning }\n",
    "severity: blocker",
    "severity: info",
    "timeout: 1s",
    "timeout: 90s",
    "retry: { attempts: 3, backoff: 1s }",
    "consecutive: 3",
    "max_age: 1h",
    "needs: [a]",
    "group: g1",
    "groups: { g1: { at_least: 2 } }",
    "groups: { g1: { at_least: 50% } }",
    "groups: { g1: any }",
    "phases: [pre, post]",
    "phases: [pre]",
    "tags: [web]",
    "when: host == 'x'",
    "vars: { host: { env: TARGET_HOST, default: x } }",
    "vars: { host: api.example.com }",
    "environments: { production: { vars: { host: p } }, staging: { vars: { host: s } } }",
    "each: [eu, us]",
    "each: [eu, us, ap]",
    "extends: base",
    "templates: { base: { timeout: 2s } }",
    "waivers:\n  - { check: a, reason: r, owner: o, until: 2027-01-31 }\n",
    "quarantine: { reason: r, owner: o, until: 2027-06-30, count: 1 }",
    "http: https://${host}/health",
    "http: https://api.example.com/health",
    "expect:",
    "should:",
    "assert: duration < duration('1s')",
    "duration: under 500ms",
    "duration: under 1s",
    "duration: 10ms..2s",
    "status: 200",
    "status: 200..299",
    "status: [200, 204]",
    "status: not 500",
    "json: { $.status: ok }",
    "json: { $.status: { one_of: [ok, fine] } }",
    "body: { contains: ok }",
    "body: { matches: '^ok$' }",
    "headers: { content-type: { contains: json } }",
    "expires_in: over 14d",
    "expires_in: over 30d",
    "state: refused",
    "policy: { commands: false }",
    "release: ${host}",
    "valid_for: 15m",
    "min_version: 0.1.0",
    "${host}",
    "${each}",
];
