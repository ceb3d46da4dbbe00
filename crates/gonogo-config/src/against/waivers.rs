//! Waivers: each of the new gate must be no more than what was waived before.

use std::collections::HashMap;

use gonogo_kind::manifest::Waiver;
use gonogo_model::Id;

use super::{Pair, Place, Weakening};

/// Compares the waivers and quarantines of both gates.
pub(super) fn compare(pair: &Pair<'_>, found: &mut Vec<Weakening>) {
    let mut before: HashMap<&str, Vec<&Waiver>> = HashMap::new();
    for old in &pair.old.manifest.waivers {
        for id in &old.checks {
            before.entry(id.as_str()).or_default().push(old);
        }
    }
    // A quarantine counts: one of the old gate stands for one of the new.
    let mut used: Vec<&Waiver> = Vec::new();
    for new in &pair.new.manifest.waivers {
        // A check that is new may be waived from the start: nothing was proved by it before.
        let known = |id: &&Id| pair.old_checks.contains_key(id.as_str());
        let checks: Vec<&Id> = new.checks.iter().filter(known).collect();
        let old_of = |id: &Id| {
            let old = before.get(id.as_str()).map_or(&[][..], Vec::as_slice);
            old.iter().copied().filter(|old| covers(old, new))
        };
        let was_waived = |id: &&Id| old_of(id).any(|old| old.quarantine.is_none());
        if checks.iter().all(was_waived) {
            continue;
        }
        let first = checks.first().into_iter().flat_map(|id| old_of(id));
        let one = first.filter(|old| {
            let counts_as_few = new.quarantine.is_some() && old.quarantine >= new.quarantine;
            counts_as_few && !used.iter().any(|used| std::ptr::eq(*used, *old))
        });
        let has_all = |old: &&Waiver| checks.iter().all(|id| old.checks.contains(id));
        match one.take(MOST_NAMED).find(has_all) {
            Some(old) => used.push(old),
            None => found.push(weaker(pair, new, &checks)),
        }
    }
}

fn old_waivers<'m>(pair: &Pair<'m>) -> std::slice::Iter<'m, Waiver> {
    pair.old.manifest.waivers.iter()
}

/// Returns whether what was waived was waived for as long, and for the same codes.
fn covers(old: &Waiver, new: &Waiver) -> bool {
    (old.code.is_none() || old.code == new.code) && old.until.ends >= new.until.ends
}

fn weaker(pair: &Pair<'_>, new: &Waiver, checks: &[&Id]) -> Weakening {
    let place = Place {
        file: new.file.clone(),
        line: new.line,
    };
    let at = |code, what: &str| Weakening::at(code, &new.check, place.clone(), what);
    let same_sort = |old: &&Waiver| {
        old.check == new.check && old.quarantine.is_some() == new.quarantine.is_some()
    };
    let Some(old) = old_waivers(pair).find(same_sort) else {
        let what = if new.quarantine.is_some() {
            "is quarantined"
        } else {
            "is waived"
        };
        return at("weaker/waiver_added", what).has(format!("until {}: {}", new.until, new.reason));
    };
    let count = |waiver: &Waiver| waiver.quarantine.unwrap_or_default();
    if count(new) > count(old) {
        return at(
            "weaker/quarantine_raised",
            "more of its instances may fail at once",
        )
        .was(count(old).to_string(), count(new).to_string());
    }
    if new.until.ends > old.until.ends {
        return at("weaker/waiver_extended", "is waived for longer").was(
            format!("until {}", old.until),
            format!("until {}", new.until),
        );
    }
    let more = checks.iter().filter(|id| !old.checks.contains(id));
    let more: Vec<String> = more.take(MOST_NAMED).map(ToString::to_string).collect();
    let what = if more.is_empty() {
        "is waived for more codes".to_owned()
    } else {
        format!("waives more checks: {}", more.join(", "))
    };
    let code = |waiver: &Waiver| waiver.code.clone().unwrap_or_else(|| "any code".to_owned());
    let weaker = at("weaker/waiver_widened", &what);
    if more.is_empty() {
        weaker.was(code(old), code(new))
    } else {
        weaker
    }
}

/// How many checks are named.
const MOST_NAMED: usize = 5;
