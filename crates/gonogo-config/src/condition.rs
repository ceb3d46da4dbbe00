//! `assert` and `when`: conditions over facts, and over variables.
//!
//! Nothing is put into a condition: a value that holds an operator would change what it means, and
//! nobody would see it. Variables are named instead, as `vars.host`, and are texts like any other.

use std::sync::Arc;

use gonogo_kind::condition::{Condition, Facts, Mistake, Named, Scope, Variables};
use gonogo_kind::{Assertion, Diagnostic, Entry, KindDecl, Node, NodeValue, Scalar, Span};

use crate::names::{Known, Names, Sort};
use crate::reader::Reader;
use crate::substitute::{Instance, mentions_variable, within};
use crate::template::Parts;

/// Reads `assert`: a condition, or a list of them; nothing when there is a mistake in it.
pub(crate) fn assertions(
    reader: &mut Reader<'_>,
    kind: &'static KindDecl,
    entry: &Entry,
    (instance, parts): (Option<&Instance>, Parts<'_>),
) -> Option<Vec<Assertion>> {
    let around = Around::Check(instance);
    let read: Vec<Option<Assertion>> = several(reader, entry)?
        .iter()
        .map(|node| {
            let condition = read(reader, node, "assert", Facts::Of(kind), around)?;
            let origin = reader.origin(node.span, parts.template(0));
            Some(Assertion {
                condition: Arc::new(condition),
                origin,
                message: None,
            })
        })
        .collect();
    read.into_iter().collect()
}

/// Reads the `assert` of a template for its mistakes alone; without a kind, that of any will do.
pub(crate) fn look_at_assertions(
    reader: &mut Reader<'_>,
    kind: Option<&'static KindDecl>,
    entry: &Entry,
) {
    let kinds = reader.inputs.kinds.kinds();
    let facts = kind.map_or(Facts::OfAny(kinds), Facts::Of);
    for node in several(reader, entry).unwrap_or_default() {
        read(reader, node, "assert", facts, Around::Template);
    }
}

/// Reads the `when` of a template for its mistakes alone.
pub(crate) fn look_at_when(reader: &mut Reader<'_>, entry: &Entry) {
    answer(reader, entry, Around::Template);
}

/// Returns the conditions under `assert`.
fn several<'n>(reader: &mut Reader<'_>, entry: &'n Entry) -> Option<&'n [Node]> {
    match &entry.value.value {
        NodeValue::List(items) if items.is_empty() => {
            reader.mistakes.push(
                Diagnostic::error(
                    "config/empty_list",
                    "`assert` asks for nothing",
                    entry.value.span,
                )
                .hint("For example `assert: status < 500`."),
            );
            None
        }
        NodeValue::List(items) => Some(items),
        NodeValue::Scalar(_) | NodeValue::Map(_) => Some(std::slice::from_ref(&entry.value)),
    }
}

/// Reads `when`, and answers it; none where there is a mistake, or a variable has no value here.
pub(crate) fn when(
    reader: &mut Reader<'_>,
    entry: &Entry,
    instance: Option<&Instance>,
) -> Option<bool> {
    answer(reader, entry, Around::Check(instance))
}

fn answer(reader: &mut Reader<'_>, entry: &Entry, around: Around<'_>) -> Option<bool> {
    let condition = read(reader, &entry.value, "when", Facts::None, around)?;
    match condition.decide() {
        Ok(answer) => answer,
        Err(reason) => {
            let message = format!("the condition cannot be answered: {reason}");
            reader.mistakes.push(
                Diagnostic::error("config/bad_condition", message, entry.value.span).hint(
                    "Whether the check is part of the gate has to be known before anything runs.",
                ),
            );
            None
        }
    }
}

fn read(
    reader: &mut Reader<'_>,
    node: &Node,
    what: &str,
    facts: Facts<'_>,
    around: Around<'_>,
) -> Option<Condition> {
    let example = match facts {
        Facts::Of(_) | Facts::OfAny(_) => "For example `assert: status < 500`.",
        Facts::None => "For example `when: region == \"eu\"`.",
    };
    let mut refuse = |code, message: String, hint: &str| {
        let mistake = Diagnostic::error(code, message, node.span).hint(hint);
        reader.mistakes.push(mistake);
        None
    };
    let scalar = match &node.value {
        NodeValue::Scalar(scalar) if scalar.is_null() => {
            return refuse("config/empty_value", format!("`{what}` is empty"), example);
        }
        NodeValue::Scalar(scalar) => scalar,
        NodeValue::List(_) | NodeValue::Map(_) => {
            let message = format!(
                "`{what}` is a condition in one text, not {}",
                node.describe()
            );
            return refuse("config/wrong_type", message, example);
        }
    };
    if mentions_variable(&scalar.text) {
        let hint = match facts {
            Facts::Of(_) | Facts::OfAny(_) => {
                "Name the variable: `vars.host == ...`; a literal `${` is written `$${`."
            }
            Facts::None => {
                "Name the variable: `region == \"eu\"`; a literal `${` is written `$${`."
            }
        };
        let message = format!("`{what}` cannot hold a variable as `${{...}}`");
        return refuse("config/variable_not_here", message, hint);
    }
    if !reader.has_room_for_patterns(0, node.span) {
        return None;
    }
    let text = scalar.text.replace("$${", "${");
    let mut mistakes = Vec::new();
    let reach = Reach {
        names: &reader.names,
        around,
    };
    let scope = Scope {
        facts,
        variables: &reach,
    };
    let condition = Condition::read(&text, scope, &mut mistakes);
    if let Some(condition) = &condition {
        reader.note_condition(what, condition, around.instance());
    }
    let found: Vec<Diagnostic> = mistakes
        .into_iter()
        .map(|mistake| located(mistake, node.span, scalar, &text))
        .filter(|found| !is_told(reader, found))
        .collect();
    for mistake in found {
        reader.mistakes.push(mistake);
    }
    let size = condition.as_ref().map_or(0, Condition::pattern_size);
    condition.filter(|_| reader.has_room_for_patterns(size, node.span))
}

/// Returns whether a name was found out already: a template may be extended by checks of several kinds.
fn is_told(reader: &mut Reader<'_>, found: &Diagnostic) -> bool {
    let told = reader.mistakes.diagnostics();
    found.code == "config/unknown_fact" && found.span.is_some_and(|at| told.tell(found.code, at))
}

/// Finds a mistake in the file, where the text stands in it as it is.
fn located(mistake: Mistake, span: Span, scalar: &Scalar, text: &str) -> Diagnostic {
    mistake.diagnostic(|at| {
        if *text == scalar.text {
            within(span, scalar, at)
        } else {
            span
        }
    })
}

/// What a condition stands in.
#[derive(Debug, Clone, Copy)]
enum Around<'i> {
    /// A check, or one of its instances.
    Check(Option<&'i Instance>),
    /// A template: the checks that extend it may have instances with values.
    Template,
}

impl<'i> Around<'i> {
    const fn instance(self) -> Option<&'i Instance> {
        match self {
            Self::Check(instance) => instance,
            Self::Template => None,
        }
    }
}

/// The variables of a gate, and the values of an instance.
struct Reach<'r> {
    names: &'r Names,
    around: Around<'r>,
}

impl Variables for Reach<'_> {
    fn look_up(&self, name: &str) -> Named {
        if let Some(instance) = self.around.instance() {
            if name == "each" {
                return Named::Text(instance.name.clone());
            }
            if let Some(value) = instance.values.iter().find(|value| value.name == name) {
                return match &value.text {
                    Some(scalar) if scalar.secret => Named::Secret,
                    Some(scalar) => Named::Text(scalar.text.clone()),
                    None => Named::Nothing,
                };
            }
        }
        let Some(known) = self.names.by_name.get(name) else {
            let environment = self.names.environment.as_ref();
            return match environment.filter(|_| name == ENVIRONMENT) {
                Some(value) => text_of(value),
                None if matches!(self.around, Around::Template) => Named::Open,
                None => Named::Unknown,
            };
        };
        match known.sort {
            Sort::Secret => Named::Secret,
            Sort::Variable => {
                known.used.set(true);
                text_of(&known.value)
            }
        }
    }

    fn names(&self) -> Vec<String> {
        let variables = self.names.by_name.iter();
        let variables = variables.filter(|(_, name)| name.sort == Sort::Variable);
        let instance = self.around.instance();
        let each = instance.map(|_| "each".to_owned());
        let environment = self.names.environment.as_ref();
        let environment = environment.map(|_| ENVIRONMENT.to_owned());
        let values = instance.into_iter().flat_map(|instance| {
            let shown = instance.values.iter();
            let shown = shown.filter(|v| !v.text.as_ref().is_some_and(|text| text.secret));
            shown.map(|value| value.name.clone())
        });
        variables
            .map(|(name, _)| name.clone())
            .chain(values)
            .chain(each)
            .chain(environment)
            .collect()
    }
}

fn text_of(value: &Known) -> Named {
    match value {
        Known::Value(text) => Named::Text(text.clone()),
        Known::Unset | Known::Reported | Known::Elsewhere => Named::Nothing,
    }
}

/// The name of the environment that was chosen by `--env`, unless a variable has it.
const ENVIRONMENT: &str = "environment";
