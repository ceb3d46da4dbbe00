//! Two gate files, compared in every environment and phase in which either of them is judged.

use std::collections::{BTreeSet, HashMap};

use gonogo_kind::{Diagnostic, closest};

use super::{Side, Weakening, weakenings};
use crate::load::{Loaded, load};
use crate::reader::Inputs;
use crate::source::Source;
use crate::variants::{Variant, belongs_to, lint, too_many, variants};

/// Two gates that were read to be compared.
#[derive(Debug)]
pub struct Compared {
    /// The new gate.
    pub new: Loaded,
    /// The old one.
    pub old: Loaded,
    /// Every way in which the new one is weaker; none when they cannot be compared.
    ///
    /// That is so when one of them has a mistake, or when nothing can stand in for a secret.
    pub weakenings: Option<Vec<Weakening>>,
}

/// Reads two gate files and tells every way in which the new one is weaker, or cannot be shown to be as
/// strong, in any environment and phase that the inputs leave open.
///
/// A variable that only one of them declares is given to that one.
#[must_use]
pub fn compare(new: &Source, old: &Source, inputs: &Inputs<'_>) -> Compared {
    let with = |environment: &Option<String>, phase: &Option<String>| Inputs {
        comparing: true,
        ..inputs.of(environment.clone(), phase.clone())
    };
    let open = with(&inputs.environment, &inputs.phase);
    let mut compared = Compared {
        new: lint(new, &open_to(new, &open)),
        old: lint(old, &open_to(old, &open)),
        weakenings: None,
    };
    if compared.new.has_errors() || compared.old.has_errors() {
        return compared;
    }
    let pairs = Pairs::of(&variants(new), &variants(old), inputs);
    let work = (compared.new.checks + compared.old.checks).saturating_mul(pairs.list.len());
    if work > MOST_WORK {
        compared.new.diagnostics.push(too_many(pairs.list.len()));
        return compared;
    }
    let mut told = Told::default();
    let mut declared = BTreeSet::new();
    for (at, pair) in pairs.list.iter().enumerate() {
        let (of_new, of_old) = (
            load(new, &with(&pair.new, &pair.phase)),
            load(old, &with(&pair.old, &pair.phase)),
        );
        let (Some(new_manifest), Some(old_manifest)) = (&of_new.manifest, &of_old.manifest) else {
            return compared;
        };
        let names = new_manifest.declared.iter().chain(&old_manifest.declared);
        let names = names.filter(|name| !name.is_secret);
        declared.extend(names.map(|name| name.name.clone()));
        let new_side = Side {
            manifest: new_manifest,
            base: &new.base,
        };
        let old_side = Side {
            manifest: old_manifest,
            base: &old.base,
        };
        told.add(weakenings(&new_side, &old_side), at);
    }
    if let Some(mistake) = unknown_variable(inputs, &declared) {
        compared.new.diagnostics.push(mistake);
        return compared;
    }
    let mut list = told.of(&pairs.variants());
    list.extend(pairs.removed.iter().map(|name| {
        let what = format!("has no environment `{name}` any more");
        Weakening::of_file("weaker/environment_removed", &new.name, what)
    }));
    compared.weakenings = Some(list);
    compared
}

/// Returns the inputs for a gate that may have no environments though the other one has.
fn open_to<'a>(source: &Source, inputs: &Inputs<'a>) -> Inputs<'a> {
    let has_environments = variants(source).iter().any(|v| v.environment.is_some());
    let environment = inputs.environment.clone().filter(|_| has_environments);
    inputs.of(environment, inputs.phase.clone())
}

/// What is compared with what.
struct Pairs {
    list: Vec<OnePair>,
    /// The environments that only the old gate has.
    removed: Vec<String>,
}

/// The environments in which both gates are read, and the phase.
struct OnePair {
    new: Option<String>,
    old: Option<String>,
    phase: Option<String>,
}

impl Pairs {
    fn of(new: &[Variant], old: &[Variant], inputs: &Inputs<'_>) -> Self {
        let environments = |variants: &[Variant]| -> BTreeSet<String> {
            let asked = |name: &String| inputs.environment.as_ref().is_none_or(|e| e == name);
            let names = variants.iter().filter_map(|v| v.environment.clone());
            names.filter(asked).collect()
        };
        let phases: BTreeSet<Option<String>> = match &inputs.phase {
            Some(phase) => BTreeSet::from([Some(phase.clone())]),
            None => {
                let phases = new.iter().chain(old).map(|v| v.phase.clone());
                phases.chain([None]).collect()
            }
        };
        let (of_new, of_old) = (environments(new), environments(old));
        let mut removed = Vec::new();
        let mut both: Vec<(Option<String>, Option<String>)> = Vec::new();
        for name in &of_old {
            if of_new.contains(name) {
                both.push((Some(name.clone()), Some(name.clone())));
            } else {
                removed.push(name.clone());
                if of_new.is_empty() {
                    both.push((None, Some(name.clone())));
                }
            }
        }
        if of_old.is_empty() {
            both.extend(of_new.iter().map(|name| (Some(name.clone()), None)));
        }
        if both.is_empty() && of_old.is_empty() {
            both.push((None, None));
        }
        let list = both.iter().flat_map(|(new, old)| {
            phases.iter().map(|phase| OnePair {
                new: new.clone(),
                old: old.clone(),
                phase: phase.clone(),
            })
        });
        Self {
            list: list.collect(),
            removed,
        }
    }

    fn variants(&self) -> Vec<Variant> {
        let variant = |pair: &OnePair| Variant {
            environment: pair.new.clone().or_else(|| pair.old.clone()),
            phase: pair.phase.clone(),
        };
        self.list.iter().map(variant).collect()
    }
}

/// What is weaker, and in which of the pairs.
#[derive(Default)]
struct Told {
    found: Vec<(Weakening, Vec<usize>)>,
    places: HashMap<(&'static str, Vec<String>), Vec<usize>>,
}

impl Told {
    fn add(&mut self, weakenings: Vec<Weakening>, pair: usize) {
        for weakening in weakenings {
            let key = (weakening.code, weakening.subjects.clone());
            let near = self.places.entry(key).or_default();
            let found = &mut self.found;
            let same = near
                .iter()
                .find(|at| found.get(**at).is_some_and(|(w, _)| *w == weakening));
            match same {
                Some(at) => found[*at].1.push(pair),
                None => {
                    near.push(found.len());
                    found.push((weakening, vec![pair]));
                }
            }
        }
    }

    /// Returns what is weaker, with the environments and phases in which it is.
    fn of(self, variants: &[Variant]) -> Vec<Weakening> {
        let of_pairs = |(mut weakening, of): (Weakening, Vec<usize>)| {
            if of.len() < variants.len() {
                let of: Vec<&Variant> = of.iter().filter_map(|at| variants.get(*at)).collect();
                let where_it_is = belongs_to(&of, variants);
                weakening.what = format!("{}, {where_it_is}", weakening.what);
            }
            weakening
        };
        self.found.into_iter().map(of_pairs).collect()
    }
}

/// Says that a variable was given that neither gate declares.
fn unknown_variable(inputs: &Inputs<'_>, declared: &BTreeSet<String>) -> Option<Diagnostic> {
    let unknown = inputs
        .vars
        .iter()
        .find(|(name, ..)| !declared.contains(name));
    let (name, _, origin) = unknown?;
    let message = format!("neither gate declares a variable `{name}` ({origin})");
    let mistake = Diagnostic::global("config/unknown_variable", message);
    let near = closest(name, declared.iter().map(String::as_str));
    Some(match near {
        Some(near) => mistake.hint(format!("Did you mean `{near}`?")),
        None => mistake.hint("Leave it out."),
    })
}

/// How many checks may be compared, all environments and phases taken together.
const MOST_WORK: usize = 400_000;
