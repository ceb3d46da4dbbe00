//! Every way in which a gate is weaker than the one before it: the answer to a change that edits its own
//! gate.
//!
//! Two manifests are compared, not two texts, so that order, quoting, templates and includes say nothing.
//! What cannot be shown to be as strong is told.
//!
//! # Invariants
//!
//! - A gate against itself has no weakening.
//! - Whoever says GO to a gate without a weakening would have said GO to the one before it, given the same
//!   world, environment and command line.
//! - Nothing here reads a file, the environment or a clock.

mod check;
mod codes;
mod compare;
mod expectations;
mod gate;
mod groups;
mod names;
mod needs;
mod options;
mod render;
mod waivers;
mod written;

use std::collections::{HashMap, HashSet};
use std::path::Path;

use gonogo_kind::manifest::{Check, Group, Manifest};
use gonogo_model::Id;

pub use self::codes::WEAKENINGS;
pub use self::compare::{Compared, compare};
pub use self::render::render_weakenings;

/// One of the two gates.
#[derive(Debug, Clone, Copy)]
pub struct Side<'m> {
    /// The gate; secrets may be stood in for.
    pub manifest: &'m Manifest,
    /// The folder that the paths of its file are relative to.
    pub base: &'m Path,
}

/// One way in which the new gate is weaker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weakening {
    /// The stable code: `weaker/check_removed`.
    pub code: &'static str,
    /// What it is about: ids of checks and groups, names of variables; empty for the gate.
    pub subjects: Vec<String>,
    /// What is weaker, as a lowercase fragment.
    pub what: String,
    /// Where it shows.
    pub place: Place,
    /// What was there.
    pub old: Option<String>,
    /// What is there now.
    pub new: Option<String>,
    /// What to do, in a sentence.
    pub hint: Option<String>,
}

/// A line of one of the two gates.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The line, from 1; 0 is the file as a whole.
    pub line: u32,
}

/// Returns every way in which `new` is weaker than `old`, or cannot be shown to be as strong.
#[must_use]
pub fn weakenings(new: &Side<'_>, old: &Side<'_>) -> Vec<Weakening> {
    let pair = Pair::of(*new, *old);
    let mut found = Vec::new();
    gate::compare(&pair, &mut found);
    names::compare(&pair, &mut found);
    for check in &old.manifest.checks {
        match pair.new_checks.get(check.id.as_str()) {
            Some(now) => check::compare(&pair, now, check, &mut found),
            None => found.push(check::removed(&pair, check)),
        }
    }
    groups::compare(&pair, &mut found);
    waivers::compare(&pair, &mut found);
    let mut found = together(found);
    for weakening in &mut found {
        clean(&pair, weakening);
    }
    found
}

/// Both gates, and what is looked up in them again and again.
struct Pair<'m> {
    new: Side<'m>,
    old: Side<'m>,
    new_checks: HashMap<&'m str, &'m Check>,
    old_checks: HashMap<&'m str, &'m Check>,
    new_groups: HashMap<&'m str, &'m Group>,
    old_groups: HashMap<&'m str, &'m Group>,
    /// The ids of the declarations that have instances in the new gate.
    new_each: HashSet<&'m str>,
    /// The checks that only the new gate has, by kind and by what they look at.
    added: HashMap<(&'m str, &'m str), Vec<&'m Check>>,
    /// New names of variables and secrets that had another name before, with the old ones.
    renamed: HashMap<&'m str, &'m str>,
}

impl<'m> Pair<'m> {
    fn of(new: Side<'m>, old: Side<'m>) -> Self {
        let checks = |manifest: &'m Manifest| -> HashMap<&'m str, &'m Check> {
            let checks = manifest.checks.iter();
            checks.map(|check| (check.id.as_str(), check)).collect()
        };
        let groups = |manifest: &'m Manifest| -> HashMap<&'m str, &'m Group> {
            let groups = manifest.groups.iter();
            groups.map(|group| (group.id.as_str(), group)).collect()
        };
        let old_checks = checks(old.manifest);
        let mut added: HashMap<(&'m str, &'m str), Vec<&'m Check>> = HashMap::new();
        for check in &new.manifest.checks {
            if !old_checks.contains_key(check.id.as_str()) {
                added.entry(looks_at(check)).or_default().push(check);
            }
        }
        let each = new
            .manifest
            .checks
            .iter()
            .filter_map(|c| c.each_of.as_ref());
        Self {
            new,
            old,
            new_checks: checks(new.manifest),
            old_checks,
            new_groups: groups(new.manifest),
            old_groups: groups(old.manifest),
            new_each: each.map(Id::as_str).collect(),
            added,
            renamed: names::renamed(new.manifest, old.manifest),
        }
    }
}

/// Returns the kind of a check and what it looks at, as it is shown.
fn looks_at(check: &Check) -> (&str, &str) {
    let subject = check.options.get(check.kind.short);
    (check.kind.name, subject.map_or("", |subject| &**subject))
}

impl Weakening {
    fn of_check(code: &'static str, check: &Check, what: impl Into<String>) -> Self {
        let place = Place::of_check(check);
        Self::at(code, check.id.as_str(), place, what)
    }

    fn at(code: &'static str, subject: &str, place: Place, what: impl Into<String>) -> Self {
        Self {
            code,
            subjects: vec![subject.to_owned()],
            what: what.into(),
            place,
            old: None,
            new: None,
            hint: None,
        }
    }

    fn of_gate(code: &'static str, pair: &Pair<'_>, what: impl Into<String>) -> Self {
        Self::of_file(code, &pair.new.manifest.file, what)
    }

    fn of_file(code: &'static str, file: &str, what: impl Into<String>) -> Self {
        let place = Place {
            file: file.to_owned(),
            line: 0,
        };
        Self {
            subjects: Vec::new(),
            ..Self::at(code, "", place, what)
        }
    }

    fn was(mut self, old: impl Into<String>, new: impl Into<String>) -> Self {
        self.old = Some(old.into());
        self.new = Some(new.into());
        self
    }

    fn had(mut self, old: impl Into<String>) -> Self {
        self.old = Some(old.into());
        self
    }

    fn has(mut self, new: impl Into<String>) -> Self {
        self.new = Some(new.into());
        self
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl Place {
    fn of_check(check: &Check) -> Self {
        Self {
            file: check.file.clone(),
            line: check.line,
        }
    }
}

/// Tells once what the instances of an `each`, or several checks in one place, have in common.
fn together(found: Vec<Weakening>) -> Vec<Weakening> {
    let mut list: Vec<Weakening> = Vec::new();
    let mut places = HashMap::new();
    for weakening in found {
        let texts = [
            weakening.old.clone(),
            weakening.new.clone(),
            weakening.hint.clone(),
        ];
        let key = (
            weakening.code,
            weakening.what.clone(),
            weakening.place.clone(),
            texts,
        );
        let known = places.get(&key).copied();
        match known.and_then(|at: usize| list.get_mut(at)) {
            Some(same) => same.subjects.extend(weakening.subjects),
            None => {
                places.insert(key, list.len());
                list.push(weakening);
            }
        }
    }
    list
}

/// Takes the secrets of both gates out of everything that is shown.
fn clean(pair: &Pair<'_>, weakening: &mut Weakening) {
    let texts = [&mut weakening.old, &mut weakening.new, &mut weakening.hint];
    let texts = texts.into_iter().flatten();
    for text in texts.chain([&mut weakening.what]) {
        pair.new.manifest.redactor.clean(text);
        pair.old.manifest.redactor.clean(text);
    }
}
