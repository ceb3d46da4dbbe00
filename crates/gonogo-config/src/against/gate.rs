//! What holds for the gate as a whole.

use gonogo_kind::manifest::Manifest;
use gonogo_kind::unit;

use super::written;
use super::{Pair, Weakening};

/// Compares the top level of both gates.
pub(super) fn compare(pair: &Pair<'_>, found: &mut Vec<Weakening>) {
    let (new, old) = (pair.new.manifest, pair.old.manifest);
    if new.gate != old.gate {
        found.push(
            Weakening::of_gate("weaker/gate_renamed", pair, "has another name")
                .was(&*old.gate, &*new.gate)
                .hint("Sign-offs and earlier runs are bound to the name."),
        );
    }
    release(pair, found);
    let gone = old
        .phases
        .iter()
        .filter(|phase| !new.phases.contains(phase));
    for phase in gone {
        let what = format!("has no phase `{phase}` any more");
        found.push(Weakening::of_gate("weaker/phase_removed", pair, what));
    }
    let is_as_recent = match (&new.min_version, &old.min_version) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(new), Some(old)) => new >= old,
    };
    if !is_as_recent {
        let version = |version: &Option<gonogo_model::Version>| {
            version
                .as_ref()
                .map_or("not given".to_owned(), ToString::to_string)
        };
        found.push(
            Weakening::of_gate(
                "weaker/min_version_lowered",
                pair,
                "may be judged by an older gonogo",
            )
            .was(version(&old.min_version), version(&new.min_version)),
        );
    }
    let holds_no_longer = match (&new.valid_for, &old.valid_for) {
        (None, None) => true,
        (Some(new), Some(old)) => new <= old,
        (None, Some(_)) | (Some(_), None) => false,
    };
    if !holds_no_longer {
        let shown = |seconds: &Option<gonogo_model::Decimal>| {
            seconds
                .as_ref()
                .map_or("not given".to_owned(), unit::show::duration)
        };
        found.push(
            Weakening::of_gate("weaker/valid_for_changed", pair, "its GO may hold longer")
                .was(shown(&old.valid_for), shown(&new.valid_for)),
        );
    }
    policy(pair, found);
    texts(pair, found);
}

/// Which of two policies asks for more is not known: it may be added, and only stay as it is.
fn policy(pair: &Pair<'_>, found: &mut Vec<Weakening>) {
    let of = |side: &Manifest| {
        let text = side.written.get("policy")?;
        serde_json::from_str::<serde_json::Value>(text).ok()
    };
    let (new, old) = (pair.new.manifest, pair.old.manifest);
    if of(old).is_none() || of(new) == of(old) {
        return;
    }
    let shown = |side: &Manifest| {
        let text = side.written.get("policy");
        text.cloned().unwrap_or_else(|| "not given".to_owned())
    };
    found.push(
        Weakening::of_gate(
            "weaker/policy_changed",
            pair,
            "holds itself to another policy",
        )
        .was(shown(old), shown(new)),
    );
}

/// A report and its sign-offs are bound to the release.
fn release(pair: &Pair<'_>, found: &mut Vec<Weakening>) {
    let (new, old) = (pair.new.manifest, pair.old.manifest);
    let is_written_the_same =
        written::are_same(pair, (&new.written, "release"), (&old.written, "release"));
    if old.release.is_none() || (new.release == old.release && is_written_the_same) {
        return;
    }
    let shown = |side: &Manifest| {
        written::shown(&side.written, "release")
            .or_else(|| side.release.clone())
            .unwrap_or_else(|| "not given".to_owned())
    };
    found.push(
        Weakening::of_gate("weaker/release_changed", pair, "judges another release")
            .was(shown(old), shown(new)),
    );
}

/// Texts of the top level that read something from outside, such as the timeout of `defaults`.
fn texts(pair: &Pair<'_>, found: &mut Vec<Weakening>) {
    let (new, old) = (pair.new.manifest, pair.old.manifest);
    let mut keys: Vec<&String> = old.written.keys().chain(new.written.keys()).collect();
    keys.sort();
    keys.dedup();
    for key in keys {
        let is_same = written::are_same(pair, (&new.written, key), (&old.written, key));
        if is_same || key == "release" || key == "policy" {
            continue;
        }
        let word = |texts| written::shown(texts, key).unwrap_or_else(|| "written out".to_owned());
        let what = format!("`{key}` reads something else");
        found.push(
            Weakening::of_gate("weaker/variable_use", pair, what)
                .was(word(&old.written), word(&new.written)),
        );
    }
}
