//! Runs a target on its corpus and on changes of it.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::behaviour::Behaviour;
use crate::corpus::{Corpus, Input};
use crate::mutate::{Dice, mutate};
use crate::targets::Target;
use crate::watch::Watch;

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many inputs were tried, the corpus among them.
    pub tried: u64,
    /// How many different behaviours they showed.
    pub behaviours: usize,
    /// The inputs that broke the target; it ends after a few.
    pub broken: Vec<Broken>,
}

/// An input that broke the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The input, or the one of the corpus that was changed, with a `+`.
    pub input: Input,
    /// What the target said.
    pub message: String,
}

/// Runs a target on its corpus, and on changes of it for as long as `goes_on` says so, given how many were
/// made; the same seed makes the same changes.
pub fn run(
    target: &Target,
    corpus: &Corpus,
    seed: u64,
    watch: &Watch,
    mut goes_on: impl FnMut(u64) -> bool,
) -> Outcome {
    let mut outcome = Outcome::default();
    let mut seen: BTreeSet<Behaviour> = BTreeSet::new();
    let mut pool: Vec<Input> = corpus.inputs.clone();
    for input in &corpus.inputs {
        try_one(target, input.clone(), &mut outcome, &mut seen, watch);
    }
    let mut dice = Dice::new(seed);
    let mut made = 0;
    while outcome.broken.len() < MAX_BROKEN && goes_on(made) {
        made += 1;
        let (Some(of), Some(other)) = (
            pool.get(dice.below(pool.len())),
            pool.get(dice.below(pool.len())),
        ) else {
            break;
        };
        let input = Input {
            name: format!("{}+", of.name.trim_end_matches('+')),
            bytes: mutate(&of.bytes, &other.bytes, target.words, &mut dice),
        };
        let is_new = try_one(target, input.clone(), &mut outcome, &mut seen, watch);
        if is_new && pool.len() < MAX_POOL {
            pool.push(input);
        }
    }
    outcome.behaviours = seen.len();
    outcome
}

/// Tries one input, and returns whether it showed something new.
fn try_one(
    target: &Target,
    input: Input,
    outcome: &mut Outcome,
    seen: &mut BTreeSet<Behaviour>,
    watch: &Watch,
) -> bool {
    outcome.tried += 1;
    watch.begins(&input.bytes);
    let tried = catch_unwind(AssertUnwindSafe(|| (target.check)(&input.bytes)));
    watch.ended();
    match tried {
        Ok(behaviour) => seen.insert(behaviour),
        Err(panic) => {
            let message = panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
                .unwrap_or_else(|| "a panic without words".to_owned());
            outcome.broken.push(Broken { input, message });
            false
        }
    }
}

/// After so many there is enough to mend.
const MAX_BROKEN: usize = 20;
/// How many inputs are kept to be changed further.
const MAX_POOL: usize = 20_000;
