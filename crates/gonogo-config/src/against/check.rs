//! One check of the old gate, and the one of the same id in the new.

use std::collections::HashMap;
use std::time::Duration;

use gonogo_kind::manifest::{Check, Group};
use gonogo_kind::{Looks, unit};
use gonogo_model::{Decimal, Quorum, Severity};

use super::{Pair, Place, Weakening, expectations, looks_at, needs, options, written};

/// Compares two checks of one id.
pub(super) fn compare(pair: &Pair<'_>, new: &Check, old: &Check, found: &mut Vec<Weakening>) {
    if new.kind.name == old.kind.name {
        options::compare(pair, new, old, found);
        expectations::compare(pair, new, old, found);
    } else {
        found.push(
            Weakening::of_check("weaker/kind_changed", new, "is of another kind")
                .was(old.kind.name, new.kind.name),
        );
    }
    weight(pair, new, old, found);
    selection(pair, new, old, found);
    needs::compare(pair, new, old, found);
    patience(new, old, found);
    freshness(new, old, found);
    conditions(pair, new, old, found);
    other_texts(pair, new, old, found);
}

/// Returns what is said about a check that is gone.
pub(super) fn removed(pair: &Pair<'_>, old: &Check) -> Weakening {
    let each = old.each_of.as_ref().map(gonogo_model::Id::as_str);
    let has_siblings = each.is_some_and(|each| pair.new_each.contains(each));
    let (code, what) = if has_siblings {
        ("weaker/instance_removed", "the instance is gone")
    } else {
        ("weaker/check_removed", "the check is gone")
    };
    let (kind, subject) = looks_at(old);
    let weaker = Weakening::of_check(code, old, what).had(format!("{kind} {subject}"));
    match renamed(pair, old) {
        Some(new) => weaker.hint(format!(
            "`{}` is the same check: ids are referred to from outside, so keep the old one.",
            new.id
        )),
        None => weaker,
    }
}

/// Returns a check that is new and the same as one that is gone.
fn renamed<'p>(pair: &Pair<'p>, old: &Check) -> Option<&'p Check> {
    let candidates = pair.added.get(&looks_at(old))?.iter().copied();
    candidates.take(MOST_TRIED).find(|new| {
        let mut found = Vec::new();
        compare(pair, new, old, &mut found);
        found.is_empty()
    })
}

/// How much the check counts, by itself or in its group.
fn weight<'m>(pair: &Pair<'m>, new: &Check, old: &Check, found: &mut Vec<Weakening>) {
    let group_of = |groups: &HashMap<&str, &'m Group>, check: &Check| {
        let id = check.group.as_ref()?;
        groups.get(id.as_str()).copied()
    };
    let old_group = group_of(&pair.old_groups, old);
    let new_group = group_of(&pair.new_groups, new);
    let before = old_group.map_or(old.severity, |g| g.severity);
    let Some(group) = new_group else {
        if new.severity > before {
            found.push(severity(Weakening::of_check, new, before, new.severity));
        }
        return;
    };
    if old_group.is_some_and(|old| old.id == group.id) {
        return;
    }
    // In a group of which all must pass, a member weighs what the group weighs.
    if group.quorum == Quorum::All && group.severity <= before {
        return;
    }
    let what = format!("counts only within the group `{}`", group.id);
    let alone = match &old.group {
        Some(old) => format!("group {old}"),
        None => before.to_string(),
    };
    let now = format!("{}, {}", quorum(group.quorum), group.severity);
    found.push(Weakening::of_check("weaker/moved_into_group", new, what).was(alone, now));
}

/// Returns what is said about a severity that is lower.
pub(super) fn severity<T>(
    at: impl FnOnce(&'static str, &T, String) -> Weakening,
    subject: &T,
    old: Severity,
    new: Severity,
) -> Weakening {
    let what = "counts for less".to_owned();
    at("weaker/severity_lowered", subject, what).was(old.to_string(), new.to_string())
}

/// Which runs the check belongs to.
fn selection(pair: &Pair<'_>, new: &Check, old: &Check, found: &mut Vec<Weakening>) {
    let declared = &pair.new.manifest.phases;
    let belongs =
        |check: &Check, phase: &String| check.phases.is_empty() || check.phases.contains(phase);
    let left = |phase: &&String| belongs(old, phase) && !belongs(new, phase);
    let left: Vec<&str> = declared.iter().filter(left).map(String::as_str).collect();
    if !left.is_empty() {
        let what = format!("is not run any more in {}", left.join(", "));
        let shown = |check: &Check| {
            if check.phases.is_empty() {
                "every phase".to_owned()
            } else {
                check.phases.join(", ")
            }
        };
        found.push(Weakening::of_check("weaker/phase_left", new, what).was(shown(old), shown(new)));
    }
    let gone = old.tags.iter().filter(|tag| !new.tags.contains(tag));
    let gone: Vec<&str> = gone.map(String::as_str).collect();
    if !gone.is_empty() {
        let what = format!("is not run any more with --tag {}", gone.join(" --tag "));
        found.push(Weakening::of_check("weaker/tag_left", new, what));
    }
}

/// How long, and how often, it is tried before it has failed.
fn patience(new: &Check, old: &Check, found: &mut Vec<Weakening>) {
    if new.timeout > old.timeout {
        found.push(
            Weakening::of_check("weaker/timeout_raised", new, "is given more time")
                .was(shown(old.timeout), shown(new.timeout)),
        );
    }
    if new.attempts > old.attempts {
        found.push(
            Weakening::of_check("weaker/retry_raised", new, "is tried more often")
                .was(attempts(old.attempts), attempts(new.attempts)),
        );
    }
    let is_tried_again = new.attempts > 1 || new.consecutive > 1;
    // Passing attempts prove more when they lie further apart.
    let is_closer = old.consecutive > 1 && new.backoff < old.backoff;
    if is_tried_again && new.backoff > old.backoff || is_closer {
        let what = if is_closer {
            "its attempts lie closer together"
        } else {
            "is given more time between attempts"
        };
        found.push(
            Weakening::of_check("weaker/backoff_changed", new, what)
                .was(shown(old.backoff), shown(new.backoff)),
        );
    }
    if new.consecutive < old.consecutive {
        found.push(
            Weakening::of_check(
                "weaker/consecutive_lowered",
                new,
                "need not pass so often in a row",
            )
            .was(old.consecutive.to_string(), new.consecutive.to_string()),
        );
    }
}

/// How old its evidence may be.
fn freshness(new: &Check, old: &Check, found: &mut Vec<Weakening>) {
    let is_as_fresh = match (new.max_age, old.max_age) {
        (Some(new), Some(old)) => new <= old,
        (None, None) => true,
        // Evidence of any age was good; a look of its own was good for no longer than a round.
        (Some(_), None) => new.kind.looks == Looks::AtEvidence,
        (None, Some(_)) => new.kind.looks == Looks::Directly,
    };
    if !is_as_fresh {
        let age = |age: Option<Duration>| age.map_or("not given".to_owned(), shown);
        found.push(
            Weakening::of_check("weaker/max_age_raised", new, "its evidence may be older")
                .was(age(old.max_age), age(new.max_age)),
        );
    }
}

/// When it is a part of the gate, and what it asserts.
fn conditions(pair: &Pair<'_>, new: &Check, old: &Check, found: &mut Vec<Weakening>) {
    let of = |check: &Check, key: &str| check.written.get(key).cloned();
    if let Some(when) = of(new, "when")
        && !written::are_same(pair, (&new.written, "when"), (&old.written, "when"))
    {
        let always = || "always".to_owned();
        let what = "is left out under a condition";
        found.push(
            Weakening::of_check("weaker/condition_changed", new, what)
                .was(of(old, "when").unwrap_or_else(always), when),
        );
    }
    let asserts = |texts: Vec<(String, String)>| -> Vec<String> {
        let lines = texts.into_iter().map(|(_, text)| text);
        lines
            .flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
            .collect()
    };
    let now = asserts(written::under(pair, &new.written, "assert"));
    for before in asserts(written::as_is(&old.written, "assert")) {
        if !now.contains(&before) {
            let what = "does not assert the same any more";
            let weaker = Weakening::of_check("weaker/assertion_removed", new, what);
            found.push(weaker.had(before));
        }
    }
}

/// Texts that decide about the check and read something from outside, such as its timeout.
fn other_texts(pair: &Pair<'_>, new: &Check, old: &Check, found: &mut Vec<Weakening>) {
    let first = |key: &str| key.split('.').next().unwrap_or_default().to_owned();
    let told_elsewhere = |key: &str| {
        FOR_PEOPLE.contains(&key)
            || matches!(key, "expect" | "should" | "assert" | "when")
            || key == old.kind.name
            || key == new.kind.name
    };
    let mut keys: Vec<String> = old
        .written
        .keys()
        .chain(new.written.keys())
        .map(|k| first(k))
        .collect();
    keys.sort();
    keys.dedup();
    for key in keys.iter().filter(|key| !told_elsewhere(key)) {
        if written::are_same(pair, (&new.written, key), (&old.written, key)) {
            continue;
        }
        let word = |check: &Check| {
            written::shown(&check.written, key).unwrap_or_else(|| "written out".to_owned())
        };
        let what = format!("`{key}` reads something else");
        let weaker = Weakening::of_check("weaker/variable_use", new, what);
        found.push(weaker.was(word(old), word(new)));
    }
}

impl Place {
    /// Returns where a group stands.
    pub(super) fn of_group(group: &Group) -> Self {
        Self {
            file: group.file.clone(),
            line: group.line,
        }
    }
}

fn attempts(count: u32) -> String {
    match count {
        1 => "1 attempt".to_owned(),
        _ => format!("{count} attempts"),
    }
}

/// Writes a quorum.
pub(super) fn quorum(quorum: Quorum) -> String {
    match quorum {
        Quorum::All => "all".to_owned(),
        Quorum::Any => "any".to_owned(),
        Quorum::AtLeast(count) => format!("at least {count}"),
        Quorum::AtLeastShare(share) => {
            let percent = Decimal::scaled(i128::from(share), -2);
            format!("at least {percent}%")
        }
    }
}

fn shown(duration: Duration) -> String {
    unit::show::duration(&Decimal::from(duration))
}

/// The keys whose text is for people.
const FOR_PEOPLE: &[&str] = &["title", "owner", "runbook", "message", "covers"];
/// How many new checks are tried for one that is gone.
const MOST_TRIED: usize = 20;
