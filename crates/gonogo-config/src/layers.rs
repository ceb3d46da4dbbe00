//! Layers of values: `environments` and the map form of `phases`.
//!
//! A variable has the value of the highest layer that gives one: its default, the process environment,
//! `environments.NAME.vars`, `phases.NAME.vars`, `--var-file`, `--var`. The text of a layer may mention
//! variables, and means what they are without that layer: `host: canary.${host}`.

use gonogo_kind::{Diagnostic, Entry, Node, NodeValue, Span, closest};

use crate::keys::{self, KeyDecl, Keys, list};
use crate::names::{self, Known, Sort};
use crate::reader::{Reader, is_label};
use crate::substitute::mentioned;

/// An environment or a phase, and the variables that it gives values.
#[derive(Debug)]
pub(crate) struct Layer<'n> {
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) vars: &'n [Entry],
}

/// The layers of a gate.
#[derive(Debug, Default)]
pub(crate) struct Layers<'n> {
    /// Where `environments` stands, if the gate has any.
    pub(crate) environments_at: Option<Span>,
    pub(crate) environments: Vec<Layer<'n>>,
    /// Every phase, in order; with the list form none of them gives a value.
    pub(crate) phases: Vec<Layer<'n>>,
}

impl<'n> Layers<'n> {
    /// Reads `environments` and `phases`.
    pub(crate) fn read(
        reader: &mut Reader<'_>,
        environments: Option<&'n Entry>,
        phases: Option<&'n Node>,
    ) -> Self {
        let mut layers = Self::default();
        if let Some(entry) = environments {
            layers.environments_at = Some(entry.key.span);
            layers.environments = named_maps(reader, &entry.value, &ENVIRONMENTS);
        }
        layers.phases = match phases {
            Some(node) if matches!(node.value, NodeValue::Map(_)) => {
                named_maps(reader, node, &PHASES)
            }
            node => {
                let names = reader.declared_names(node, "phases").into_iter();
                let layer = |(name, span)| Layer {
                    name,
                    span,
                    vars: &[],
                };
                names.map(layer).collect()
            }
        };
        layers
    }

    /// Returns the phases that the gate declares, in order.
    pub(crate) fn phase_names(&self) -> Vec<(String, Span)> {
        let phases = self.phases.iter();
        phases.map(|p| (p.name.clone(), p.span)).collect()
    }

    /// Puts the values of the chosen environment and phase over those that the variables have, and says
    /// of which variables no layer knows a value.
    pub(crate) fn apply(&self, reader: &mut Reader<'_>) {
        for (what, layers) in [(&ENVIRONMENTS, &self.environments), (&PHASES, &self.phases)] {
            for layer in layers {
                known_names(reader, what, layer);
            }
        }
        let environment = self.chosen_environment(reader);
        if let Some(layer) = environment {
            put_over(reader, &ENVIRONMENTS, layer);
        }
        reader.names.environment = self.environments_at.map(|_| match environment {
            Some(layer) => Known::Value(layer.name.clone()),
            None => Known::Reported,
        });
        let phase = reader.inputs.phase.as_ref();
        if let Some(layer) = self.phases.iter().find(|p| Some(&p.name) == phase) {
            put_over(reader, &PHASES, layer);
        }
        // Without the environment nobody knows what it would have set, and that was reported.
        let blind = self.environments_at.is_some() && environment.is_none();
        self.unset(reader, blind);
    }

    fn chosen_environment(&self, reader: &mut Reader<'_>) -> Option<&Layer<'n>> {
        let names = || self.environments.iter().map(|e| e.name.as_str());
        let chosen = reader.inputs.environment.as_deref();
        let mistake = match (chosen, self.environments_at) {
            (None, None) => return None,
            (Some(chosen), None) => {
                let message =
                    format!("the gate has no environments, and `--env {chosen}` asks for one");
                Diagnostic::global("config/unknown_environment", message).hint(format!(
                    "Leave it out, or declare it: `environments: {{ {chosen}: {{ vars: {{ ... }} }} }}`."
                ))
            }
            // What is wrong with all of them was reported.
            (_, Some(_)) if self.environments.is_empty() => return None,
            (None, Some(span)) => {
                let names = list(names());
                let message = format!("the gate has environments ({names}), and none was chosen");
                let hint = "Say for which one it is to be judged: `--env NAME`.";
                Diagnostic::error("config/no_environment", message, span).hint(hint)
            }
            (Some(chosen), Some(span)) => {
                if let Some(layer) = self.environments.iter().find(|e| e.name == chosen) {
                    return Some(layer);
                }
                let message = format!("the gate has no environment `{chosen}`");
                let hint = match closest(chosen, names()) {
                    Some(near) => format!("Did you mean `--env {near}`?"),
                    None => format!("Its environments are {}.", list(names())),
                };
                Diagnostic::error("config/unknown_environment", message, span).hint(hint)
            }
        };
        reader.mistakes.push(mistake);
        None
    }

    /// Reports the variables that have no value after all.
    fn unset(&self, reader: &mut Reader<'_>, blind: bool) {
        for (text, name) in &mut reader.names.by_name {
            if name.value != Known::Unset {
                continue;
            }
            name.value = Known::Reported;
            let givers = self.givers(text);
            if blind && givers.iter().any(|giver| giver.starts_with("--env")) {
                continue;
            }
            let (why, source) = match &name.env {
                Some(env) => (
                    format!("{env} is not set, or empty"),
                    format!("Set {env}, give `--var {text}=...`"),
                ),
                None => (
                    "nothing here gives it one".to_owned(),
                    format!("Give `--var {text}=...`"),
                ),
            };
            let message = format!("the variable `{text}` has no value: {why}");
            let hint = match givers.as_slice() {
                [] => format!("{source}, or declare a default."),
                givers => format!("{source}, or choose what sets it: {}.", givers.join(" or ")),
            };
            reader
                .mistakes
                .push(Diagnostic::error("config/unset_variable", message, name.span).hint(hint));
        }
    }

    /// Returns the options that would have given a variable a value.
    fn givers(&self, variable: &str) -> Vec<String> {
        let gives = |layer: &&Layer<'_>| layer.vars.iter().any(|v| v.key.value == variable);
        let environments = self.environments.iter().filter(gives);
        let phases = self.phases.iter().filter(gives);
        environments
            .map(|layer| format!("--env {}", layer.name))
            .chain(phases.map(|layer| format!("--phase {}", layer.name)))
            .take(MAX_GIVERS)
            .collect()
    }
}

/// What tells environments from phases.
struct Words {
    key: &'static str,
    /// With its article.
    one: &'static str,
    /// What a name belongs to, with its article.
    decls: &'static [KeyDecl],
}

const ENVIRONMENTS: Words = Words {
    key: "environments",
    one: "an environment",
    decls: keys::ENVIRONMENT,
};

const PHASES: Words = Words {
    key: "phases",
    one: "a phase",
    decls: keys::PHASE,
};

/// Reads a map from names to what belongs to them.
fn named_maps<'n>(reader: &mut Reader<'_>, node: &'n Node, what: &Words) -> Vec<Layer<'n>> {
    let entries = reader.entries(Some(node), what.key);
    if entries.is_empty() && matches!(node.value, NodeValue::Map(_)) {
        let message = format!("`{}` names nothing", what.key);
        reader.mistakes.push(
            Diagnostic::error("config/empty_list", message, node.span).hint("Leave the key out."),
        );
    }
    if entries.len() > MAX_LAYERS {
        let message = format!("`{}` has more than {MAX_LAYERS} names", what.key);
        reader
            .mistakes
            .push(Diagnostic::error("config/too_large", message, node.span));
        return Vec::new();
    }
    entries
        .iter()
        .filter_map(|entry| layer(reader, entry, what))
        .collect()
}

fn layer<'n>(reader: &mut Reader<'_>, entry: &'n Entry, what: &Words) -> Option<Layer<'n>> {
    let name = &entry.key.value;
    if !is_label(name) {
        reader.mistakes.push(
            names::bad_name(what.one, name, entry.key.span)
                .hint("Its name is small letters, digits, '.', '_' and '-'."),
        );
        return None;
    }
    let mut layer = Layer {
        name: name.clone(),
        span: entry.key.span,
        vars: &[],
    };
    // One that sets nothing needs no braces.
    if !entry
        .value
        .as_scalar()
        .is_some_and(|scalar| scalar.is_null())
    {
        secrets_elsewhere(reader, &entry.value, what);
        let read = Keys::of_but(reader, &entry.value, what.decls, what.one, "secrets")?;
        layer.vars = reader.entries(read.get("vars"), "vars");
    }
    Some(layer)
}

/// A secret has one declaration, whatever it is looked up in.
fn secrets_elsewhere(reader: &mut Reader<'_>, node: &Node, what: &Words) {
    let NodeValue::Map(entries) = &node.value else {
        return;
    };
    for entry in entries.iter().filter(|e| e.key.value == "secrets") {
        let message = format!("{} declares no secrets", what.one);
        reader.mistakes.push(
            Diagnostic::error("config/unknown_key", message, entry.key.span).hint(
                "Declare them at the top level, once for all; each machine or pipeline that runs gonogo brings its own values.",
            ),
        );
    }
}

/// Holds that a layer, chosen or not, gives values to nothing but variables.
fn known_names(reader: &mut Reader<'_>, what: &Words, layer: &Layer<'_>) {
    for entry in layer.vars {
        let name = entry.key.value.as_str();
        let mistake = match reader.names.by_name.get(name).map(|n| (n.sort, n.span)) {
            Some((Sort::Variable, _)) => {
                is_text(reader, entry);
                uses(reader, entry);
                continue;
            }
            Some((Sort::Secret, declared)) => {
                let message = format!(
                    "`{name}` is a secret, and {}.{} may set variables only",
                    what.key, layer.name
                );
                Diagnostic::error("config/unknown_variable", message, entry.key.span)
                    .related(declared, "declared here")
                    .hint("The value of a secret comes from where it is declared: set that where gonogo is started.")
            }
            None => {
                let names = reader.names.by_name.iter();
                let variables = names.filter(|(_, n)| n.sort == Sort::Variable);
                let near = reader
                    .mistakes
                    .closest(name, variables.map(|(n, _)| n.as_str()));
                let message = format!("the gate declares no variable `{name}`");
                let hint = match near {
                    Some(near) => format!("Did you mean `{near}`?"),
                    None => format!(
                        "Declare it at the top level, `vars: {{ {name}: {{ default: ... }} }}`; {} only gives it another value.",
                        what.one
                    ),
                };
                Diagnostic::error("config/unknown_variable", message, entry.key.span).hint(hint)
            }
        };
        reader.mistakes.push(mistake);
    }
}

/// What a value mentions is used, whether or not its layer was chosen.
fn uses(reader: &Reader<'_>, entry: &Entry) {
    let text = entry.value.as_scalar().map_or("", |scalar| &scalar.text);
    for name in mentioned(text) {
        if let Some(known) = reader.names.by_name.get(name) {
            known.used.set(true);
        }
    }
}

/// Gives the variables of a layer their values, all of them read before the first is given.
fn put_over(reader: &mut Reader<'_>, what: &Words, layer: &Layer<'_>) {
    let mut values = Vec::with_capacity(layer.vars.len());
    for entry in layer.vars {
        let known = reader.names.by_name.get(&entry.key.value);
        // The value is read even where the command line beats it: a mistake in it is one.
        if known.is_some_and(|name| name.sort == Sort::Variable) {
            let noted = reader.written_mark();
            let value = value(reader, entry);
            // It is noted where the variable is used.
            reader.take_written(noted);
            let scalar = entry.value.as_scalar();
            let written = scalar.and_then(|scalar| reader.written_text(scalar, None));
            values.push((entry, value, written));
        }
    }
    for (entry, value, written) in values {
        let text = &entry.key.value;
        let Some(mut name) = reader.names.by_name.remove(text) else {
            continue;
        };
        // Where the command line beats the layer here, it may not do so where the gate is run.
        let beaten = value.clone().filter(|_| name.given);
        name.written = written.or(beaten);
        match value {
            _ if name.given => {}
            Some(value) => {
                let origin = format!("{}.{}", what.key, layer.name);
                names::set(reader, &mut name, text, value, origin);
                name.from_outside = false;
            }
            None => name.value = Known::Reported,
        }
        reader.names.by_name.insert(text.clone(), name);
    }
}

/// Returns the value that a layer gives a variable.
fn value(reader: &mut Reader<'_>, entry: &Entry) -> Option<String> {
    if !is_text(reader, entry) {
        return None;
    }
    let put = reader.put(&entry.value, None)?;
    let scalar = put.as_scalar()?;
    if !scalar.secret {
        return Some(scalar.text.clone());
    }
    let name = &entry.key.value;
    let message =
        format!("the variable `{name}` cannot hold a secret: it is shown in every report");
    reader.mistakes.push(
        Diagnostic::error("config/variable_not_here", message, entry.value.span)
            .hint("Put the secret in where it is used."),
    );
    None
}

/// Returns whether a value is one text, and says so if it is not.
fn is_text(reader: &mut Reader<'_>, entry: &Entry) -> bool {
    let name = &entry.key.value;
    let (code, message, hint) = match entry.value.as_scalar() {
        Some(scalar) if !scalar.is_null() => return true,
        Some(_) => (
            "config/empty_value",
            format!("the variable `{name}` is empty"),
            "An empty text is written \"\".",
        ),
        None => (
            "config/wrong_type",
            format!(
                "the value of `{name}` is one text, not {}",
                entry.value.describe()
            ),
            "What else a variable may come from is said at the top level, under `vars`.",
        ),
    };
    reader
        .mistakes
        .push(Diagnostic::error(code, message, entry.value.span).hint(hint));
    false
}

/// The most environments, and the most phases.
const MAX_LAYERS: usize = 1000;
/// How many options a hint names.
const MAX_GIVERS: usize = 4;
