//! What is expected: each expectation of the old check must follow from one of the new.

use gonogo_kind::Expectation;
use gonogo_kind::manifest::Check;
use gonogo_model::{Origin, Strength};

use super::written;
use super::{Pair, Place, Weakening};

/// Compares the expectations of two checks of one kind.
pub(super) fn compare(pair: &Pair<'_>, new: &Check, old: &Check, found: &mut Vec<Weakening>) {
    for before in &old.expectations.list {
        let of_fact: Vec<&Expectation> = new
            .expectations
            .list
            .iter()
            .filter(|now| now.fact.name == before.fact.name)
            .collect();
        let binds =
            |now: &&&Expectation| now.strength == Strength::Must || now.strength == before.strength;
        let follows = |now: &&&Expectation| {
            now.matcher.is_at_least_as_strict_as(&before.matcher)
                && written::are_same(
                    pair,
                    (&new.written, &key(now)),
                    (&old.written, &key(before)),
                )
        };
        if of_fact.iter().filter(binds).any(|now| follows(&now)) {
            continue;
        }
        let only_asked = of_fact.iter().find(|now| follows(now) && !binds(now));
        let binding = of_fact.iter().find(binds);
        found.push(match (only_asked, binding) {
            (Some(now), _) => lowered(new, now, before),
            (None, Some(now)) => relaxed(new, now, before, old),
            (None, None) => removed(new, before, old),
        });
    }
}

fn lowered(new: &Check, now: &Expectation, before: &Expectation) -> Weakening {
    let what = format!("`{}` only should be as it had to be", before.fact.name);
    at(new, now, "weaker/expectation_lowered", what).was(
        format!("expect {}", before.matcher),
        format!("should {}", now.matcher),
    )
}

fn relaxed(new: &Check, now: &Expectation, before: &Expectation, old: &Check) -> Weakening {
    let name = before.fact.name;
    let (code, what) = if before.origin == Origin::BuiltIn {
        let what = format!(
            "replaces what `{}` expects of `{name}` by itself",
            old.kind.name
        );
        ("weaker/built_in_replaced", what)
    } else {
        let what = format!("expects less of `{name}`, or something else");
        ("weaker/expectation_relaxed", what)
    };
    at(new, now, code, what).was(shown(before, old), shown(now, new))
}

fn removed(new: &Check, before: &Expectation, old: &Check) -> Weakening {
    let name = before.fact.name;
    let (code, what) = match (&before.origin, before.strength) {
        (Origin::BuiltIn, _) => {
            let what = format!(
                "drops what `{}` expects of `{name}` by itself",
                old.kind.name
            );
            ("weaker/built_in_replaced", what)
        }
        (_, Strength::Must) => (
            "weaker/expectation_removed",
            format!("expects nothing of `{name}` any more"),
        ),
        (_, Strength::Should) => (
            "weaker/expectation_removed",
            format!("warns no more of `{name}`"),
        ),
    };
    Weakening::of_check(code, new, what).had(shown(before, old))
}

/// Returns a weakening where an expectation stands.
fn at(check: &Check, now: &Expectation, code: &'static str, what: String) -> Weakening {
    let mut weaker = Weakening::of_check(code, check, what);
    if let Origin::File { file, line } | Origin::Template { file, line, .. } = &now.origin {
        weaker.place = Place {
            file: file.clone(),
            line: *line,
        };
    }
    weaker
}

fn shown(expectation: &Expectation, check: &Check) -> String {
    let wanted = written::shown(&check.written, &key(expectation));
    wanted.unwrap_or_else(|| expectation.matcher.to_string())
}

/// Returns under which key the texts of an expectation are kept.
fn key(expectation: &Expectation) -> String {
    let key = match expectation.strength {
        Strength::Must => "expect",
        Strength::Should => "should",
    };
    format!("{key}.{}", expectation.fact.name)
}
