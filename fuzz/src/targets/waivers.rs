//! Waivers and quarantines: what they name, and when they end.

use std::collections::BTreeSet;

use gonogo_kind::manifest::{Manifest, Waiver};
use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Target;
use super::gate::{Folder, How, codes, read};
use crate::behaviour::Behaviour;

pub(super) const TARGET: Target = Target {
    name: "waivers",
    what: "waivers and quarantines, and when they end",
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
    let judged = folder.judged();
    let Some(manifest) = &judged.loaded.manifest else {
        return judged.behaviour;
    };
    let known: BTreeSet<&str> = manifest
        .checks
        .iter()
        .map(|check| check.id.as_str())
        .chain(manifest.excluded.iter().map(|e| e.id.as_str()))
        .collect();
    for waiver in &manifest.waivers {
        assert!(!waiver.reason.trim().is_empty(), "{waiver:?}");
        assert!(!waiver.owner.trim().is_empty(), "{waiver:?}");
        let strange = waiver.checks.iter().find(|id| !known.contains(id.as_str()));
        assert!(strange.is_none(), "{waiver:?}");
        ends(waiver);
    }
    // A policy of the gate may want waivers to end soon, which time brings about.
    if !text.contains("policy") {
        passes(&folder, manifest, &codes(&judged.loaded));
    }
    judged.behaviour
}

/// A day ends with the day, in UTC.
fn ends(waiver: &Waiver) {
    let until = &waiver.until;
    if until.text.len() != "2027-01-31".len() {
        return;
    }
    let day: Date = until.text.parse().expect("a date alone is a date");
    let midnight = day.to_zoned(TimeZone::UTC).expect("UTC has every day");
    let long = until.ends.duration_since(midnight.timestamp());
    assert!(
        long == SignedDuration::from_hours(24) || until.text == "9999-12-31",
        "{waiver:?}"
    );
}

/// Time ends waivers, one after another, and changes nothing else.
fn passes(folder: &Folder<'_>, manifest: &Manifest, told: &[&str]) {
    let expired = |codes: &[&str]| {
        let expired = codes.iter().filter(|code| **code == EXPIRED);
        expired.count()
    };
    let others = |codes: &[&str]| -> Vec<String> {
        let others = codes.iter().filter(|code| **code != EXPIRED);
        others.map(|code| (*code).to_owned()).collect()
    };
    let mut before = expired(told);
    // Beyond the year in which most of them end.
    for later in [1, 24, 24 * 400, 24 * 365 * 100] {
        let loaded = folder.load(How {
            later,
            ..How::USUAL
        });
        folder.sound(&loaded);
        let then = codes(&loaded);
        assert_eq!(others(&then), others(told), "{later} hours later");
        assert!(expired(&then) >= before, "{later} hours later");
        before = expired(&then);
        let same = loaded.manifest.map(|manifest| manifest.waivers);
        assert_eq!(
            same.map(|waivers| format!("{waivers:?}")),
            Some(format!("{:?}", manifest.waivers))
        );
    }
}

const EXPIRED: &str = "config/expired_waiver";

const WORDS: &[&str] = &[
    "waivers:",
    "  - { check: a, reason: r, owner: o, until: 2027-01-31 }\n",
    "quarantine: { reason: r, owner: o, until: 2027-06-30, count: 1 }",
    "check: a",
    "check: region.*",
    "check: region",
    "check: \"*\"",
    "check: \"?\"",
    "code: net/refused",
    "code: http/status",
    "reason: moving",
    "owner: ops",
    "ticket: OPS-42",
    "until: 2027-01-31",
    "until: 2026-12-18",
    "until: 2026-12-17T23:59:59Z",
    "until: 2027-01-31T18:00:00+01:00",
    "until: 2027-01-31 18:00:00-02:30",
    "until: 2027-02-29",
    "until: 9999-12-31",
    "until: 0000-01-01",
    "until: 9999-12-31T23:59:59-23:59",
    "until: -9999-01-01T00:00:00Z",
    "2027-01-31T18:00:00",
    "2027-01-31T24:00:00Z",
    "2026-12-31T23:59:60Z",
    "T18:00Z",
    "[Europe/Paris]",
    "count: 0",
    "count: 20000",
    "count: 20001",
    "each: [eu, us, ap]",
    "group: regions",
    "groups: { regions: { at_least: 1 } }",
    "when: each == 'eu'",
    "policy: { longest_waiver: 30d }",
    "${each}",
    "tomorrow",
    "30d",
    "~",
    "[]",
    "{}",
    "\n#=== waivers.yaml\nversion: 1\nwaivers:\n",
    "include: [waivers.yaml]",
];
