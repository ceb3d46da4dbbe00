//! A gate with environments, or with phases that set variables, is several gates: `lint` reads each.

use std::collections::{BTreeSet, HashMap};

use gonogo_kind::{Diagnostic, NodeValue, Span};

use crate::hide::Hide;
use crate::keys::list;
use crate::load::{Loaded, look};
use crate::mistakes::Mistakes;
use crate::reader::Inputs;
use crate::source::{Source, Sources};
use crate::tree;

/// An environment and a phase in which a gate is judged.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Variant {
    /// `--env`, when the gate declares environments.
    pub environment: Option<String>,
    /// `--phase`, when the phase sets variables; none stands for all phases that set none.
    pub phase: Option<String>,
}

/// Returns every environment, and in each every phase that sets variables.
///
/// Without any, and for a text that is no gate, it is one variant that names neither.
#[must_use]
pub fn variants(source: &Source) -> Vec<Variant> {
    if !may_vary(&source.text) {
        return vec![Variant::default()];
    }
    let mut sources = Sources::default();
    let file = sources.add(&source.name, &source.text);
    let text = sources.get(file);
    let root = text.and_then(|text| tree::parse(text, file, &mut Mistakes::default()));
    let map = |key: &str| {
        let node = root.as_ref().and_then(|root| root.get(key))?;
        match &node.value {
            NodeValue::Map(entries) => Some(entries),
            NodeValue::Scalar(_) | NodeValue::List(_) => None,
        }
    };
    let environments = map("environments").into_iter().flatten();
    let mut environments: Vec<Option<String>> = environments
        .map(|entry| Some(entry.key.value.clone()))
        .collect();
    if environments.is_empty() {
        environments.push(None);
    }
    let phases: Vec<Option<String>> = match map("phases") {
        Some(entries) => {
            let (with, without): (Vec<_>, Vec<_>) =
                entries.iter().partition(|e| e.value.get("vars").is_some());
            let bare = (!without.is_empty() || with.is_empty()).then_some(None);
            let with = with.into_iter().map(|e| Some(e.key.value.clone()));
            bare.into_iter().chain(with).collect()
        }
        None => vec![None],
    };
    environments
        .iter()
        .flat_map(|environment| {
            phases.iter().map(|phase| Variant {
                environment: environment.clone(),
                phase: phase.clone(),
            })
        })
        .collect()
}

/// Returns whether a text can have environments, or phases that are a map: most have neither, and need not
/// be parsed to see it.
///
/// A key that is written with an escape holds a backslash.
fn may_vary(text: &str) -> bool {
    let is_list = |after: &str| {
        let value = after.trim_start_matches(['"', '\'', ' ', ':', '\n', '\r']);
        value.starts_with(['[', '-'])
    };
    let mut mentions = text.match_indices(PHASES);
    text.contains('\\')
        || text.contains("environments")
        || mentions.any(|(at, _)| !text.get(at + PHASES.len()..).is_some_and(is_list))
}

/// Reads a gate in every variant that the inputs leave open, and finds the mistakes of each.
///
/// What is wrong in every variant is told once; anything else says to which it belongs. There is no
/// manifest: it would be that of one gate, and much of it.
#[must_use]
pub fn lint(source: &Source, inputs: &Inputs<'_>) -> Loaded {
    let open = |given: &Option<String>, named: &Option<String>| given.is_none() || given == named;
    let mut variants: Vec<Variant> = variants(source)
        .into_iter()
        .filter(|v| open(&inputs.environment, &v.environment) && open(&inputs.phase, &v.phase))
        .collect();
    if variants.len() < 2 {
        let variant = variants.pop().unwrap_or_default();
        let inputs = inputs.of(variant.environment, variant.phase);
        let (mut loaded, _) = look(source, &inputs, Hide::default());
        loaded.manifest = None;
        return loaded;
    }
    let mut hide = Hide::default();
    let mut told = Told::default();
    let mut whole: Option<Loaded> = None;
    for (at, variant) in variants.iter().enumerate() {
        let inputs = inputs.of(variant.environment.clone(), variant.phase.clone());
        let (mut loaded, seen) = look(source, &inputs, hide);
        hide = seen;
        told.add(std::mem::take(&mut loaded.diagnostics), at);
        let work = loaded.checks + source.text.len() / BYTES_OF_A_CHECK;
        let checks = whole.map_or(0, |whole| whole.checks);
        loaded.checks = loaded.checks.max(checks);
        whole = Some(loaded);
        if work.saturating_mul(variants.len()) > MOST_WORK {
            told.add(vec![too_many(variants.len())], at);
            told.ends_early = true;
            break;
        }
    }
    let mut whole = whole.unwrap_or_else(|| look(source, inputs, Hide::default()).0);
    whole.manifest = None;
    whole.diagnostics = told.of(&variants);
    for diagnostic in &mut whole.diagnostics {
        // What is secret in one variant is in no word about another.
        whole.redactor.clean(&mut diagnostic.message);
        for text in diagnostic.label.iter_mut().chain(&mut diagnostic.hint) {
            whole.redactor.clean(text);
        }
    }
    whole
}

/// What was found, and in which of the variants.
#[derive(Default)]
struct Told {
    found: Vec<(Diagnostic, Vec<usize>)>,
    places: HashMap<(Option<Span>, &'static str), Vec<usize>>,
    ends_early: bool,
}

impl Told {
    fn add(&mut self, diagnostics: Vec<Diagnostic>, variant: usize) {
        for diagnostic in diagnostics {
            let place = (diagnostic.span, diagnostic.code);
            let near = self.places.entry(place).or_default();
            let found = &mut self.found;
            match near
                .iter()
                .find(|at| found.get(**at).is_some_and(|(d, _)| *d == diagnostic))
            {
                Some(at) => found[*at].1.push(variant),
                None => {
                    near.push(found.len());
                    found.push((diagnostic, vec![variant]));
                }
            }
        }
    }

    /// Returns what was found in the order of the file, with the variants it belongs to.
    fn of(self, variants: &[Variant]) -> Vec<Diagnostic> {
        let all = self.ends_early;
        let mut found: Vec<Diagnostic> = self
            .found
            .into_iter()
            .filter_map(|(mut diagnostic, of)| {
                if of.len() < variants.len() && !all {
                    // What one environment alone does not use is used.
                    if diagnostic.code == "config/unused" {
                        return None;
                    }
                    // What would mend one environment may break another.
                    diagnostic.fix = None;
                    let of: Vec<&Variant> = of.iter().filter_map(|at| variants.get(*at)).collect();
                    diagnostic.message =
                        format!("{}: {}", belongs_to(&of, variants), diagnostic.message);
                }
                Some(diagnostic)
            })
            .collect();
        found.sort_by_key(|d| (d.span, d.code));
        found
    }
}

/// Says in which environments and phases something is so.
pub(crate) fn belongs_to(of: &[&Variant], all: &[Variant]) -> String {
    type Part = fn(&Variant) -> Option<&String>;
    let parts: [(&str, Part); 2] = [
        ("environment", |v| v.environment.as_ref()),
        ("phase", |v| v.phase.as_ref()),
    ];
    let said: Vec<String> = parts
        .into_iter()
        .filter_map(|(noun, part)| {
            let here: BTreeSet<Option<&String>> = of.iter().map(|v| part(v)).collect();
            let everywhere: BTreeSet<Option<&String>> = all.iter().map(part).collect();
            if here == everywhere {
                return None;
            }
            let names = here.iter().flatten().map(|name| format!("`{name}`"));
            let names: Vec<String> = names.collect();
            let list = list(names.iter().map(String::as_str));
            Some(match (names.as_slice(), here.contains(&None)) {
                ([], _) => format!("without a {noun}"),
                ([_], false) => format!("in the {noun} {list}"),
                (_, false) => format!("in the {noun}s {list}"),
                (_, true) => format!("in the {noun} {list} and without one"),
            })
        })
        .collect();
    if said.is_empty() {
        "in some of its environments and phases".to_owned()
    } else {
        said.join(", ")
    }
}

/// Says that a gate would have to be read too often.
pub(crate) fn too_many(variants: usize) -> Diagnostic {
    let message = format!(
        "the gate would have to be read {variants} times, once for each environment and phase with values of its own"
    );
    Diagnostic::global("config/too_large", message)
        .hint("Look at one of them at a time: `--env NAME`, `--phase NAME`.")
}

/// How many checks may be read, all variants taken together.
const MOST_WORK: usize = 200_000;
/// So many bytes of a gate file cost about as much as a check.
const BYTES_OF_A_CHECK: usize = 200;
const PHASES: &str = "phases";
