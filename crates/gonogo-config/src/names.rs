//! Variables and secrets: the only names that `${...}` reaches, each declared once.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;

use gonogo_kind::{Diagnostic, Entry, Node, NodeValue, Scalar, Span, closest};
use gonogo_model::Variable;

use crate::characters::is_hidden;
use crate::keys::{self, Keys};
use crate::reader::Reader;
use crate::substitute::mentions_variable;

/// The names of a gate.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// The chosen environment, as conditions name it, if the gate has any.
    pub(crate) environment: Option<Known>,
    pub(crate) by_name: BTreeMap<String, Name>,
}

/// A variable or a secret.
#[derive(Debug)]
pub(crate) struct Name {
    pub(crate) span: Span,
    pub(crate) sort: Sort,
    pub(crate) value: Known,
    pub(crate) used: Cell<bool>,
    /// Where the value comes from.
    pub(crate) origin: String,
    /// Whether the environment may give it a value.
    pub(crate) from_outside: bool,
    /// The text of the layer that gave the value, where that does not say all.
    pub(crate) written: Option<String>,
    /// The environment variable that may give the value.
    pub(crate) env: Option<String>,
    /// Whether the command line gave the value, which no layer of the gate beats.
    pub(crate) given: bool,
}

/// Whether a name may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    Variable,
    Secret,
}

/// What is known of a name.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Known {
    /// Its value.
    Value(String),
    /// It is a variable that has none, unless a layer of the gate gives it one.
    Unset,
    /// It has none, and that was reported.
    Reported,
    /// It is a secret that is not on this machine, and nobody asked for it.
    Elsewhere,
}

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Value(_) => "Value(..)",
            Self::Unset => "Unset",
            Self::Reported => "Reported",
            Self::Elsewhere => "Elsewhere",
        })
    }
}

impl Names {
    /// Returns the variables as a report shows them.
    pub(crate) fn variables(&self) -> Vec<Variable> {
        let of_sort = self
            .by_name
            .iter()
            .filter(|(_, n)| n.sort == Sort::Variable);
        of_sort
            .filter_map(|(name, n)| match &n.value {
                Known::Value(value) => Some(Variable {
                    name: name.clone(),
                    value: value.clone(),
                    origin: n.origin.clone(),
                }),
                Known::Unset | Known::Reported | Known::Elsewhere => None,
            })
            .collect()
    }

    /// Returns the names of the secrets that are not on this machine.
    pub(crate) fn stand_ins(&self) -> Vec<String> {
        let elsewhere = self
            .by_name
            .iter()
            .filter(|(_, n)| n.value == Known::Elsewhere);
        elsewhere.map(|(name, _)| name.clone()).collect()
    }

    /// Returns the names of the secrets.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let of_sort = self.by_name.iter().filter(|(_, n)| n.sort == Sort::Secret);
        of_sort.map(|(name, _)| name.clone()).collect()
    }
}

/// Reads `vars` and `secrets`, and looks their values up.
pub(crate) fn read(reader: &mut Reader<'_>, vars: Option<&Node>, secrets: Option<&Node>) {
    let (of_vars, of_secrets) = (
        reader.entries(vars, "vars"),
        reader.entries(secrets, "secrets"),
    );
    if of_vars.len() + of_secrets.len() > MAX_NAMES {
        let message = format!("the file declares more than {MAX_NAMES} variables and secrets");
        let span = vars.or(secrets).map_or(Span::NOWHERE, |node| node.span);
        reader
            .mistakes
            .push(Diagnostic::error("config/too_large", message, span));
        return;
    }
    for entry in of_vars {
        if is_new(reader, entry, Sort::Variable) {
            let name = variable(reader, entry);
            reader.names.by_name.insert(entry.key.value.clone(), name);
        }
    }
    for entry in of_secrets {
        if is_new(reader, entry, Sort::Secret) {
            let (value, origin) = secret(reader, entry);
            let name = named(entry, Sort::Secret, value, origin);
            reader.names.by_name.insert(entry.key.value.clone(), name);
        }
    }
    unknown_overrides(reader);
}

/// Returns whether a text can be a name: snake_case.
pub(crate) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && text.len() <= 100
}

/// Says that a name has the wrong form.
pub(crate) fn bad_name(what: &str, text: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "config/bad_name",
        format!("`{text}` cannot name {what}"),
        span,
    )
    .hint("A name is a small letter, then small letters, digits and '_'.")
}

fn is_new(reader: &mut Reader<'_>, entry: &Entry, sort: Sort) -> bool {
    let name = entry.key.value.as_str();
    if !is_name(name) {
        reader
            .mistakes
            .push(bad_name("a variable or secret", name, entry.key.span));
        return false;
    }
    if name == "each" {
        let message = "`each` is the name of an instance, and no variable";
        reader.mistakes.push(
            Diagnostic::error("config/shadowed_name", message, entry.key.span)
                .hint("Give the variable another name."),
        );
        return false;
    }
    let Some(first) = reader.names.by_name.get(name) else {
        return true;
    };
    let message = match sort {
        // Within a file YAML itself has each key once.
        _ if first.sort == sort => format!("`{name}` is declared twice"),
        Sort::Variable | Sort::Secret => format!("`{name}` is a variable and a secret"),
    };
    reader.mistakes.push(
        Diagnostic::error("config/shadowed_name", message, entry.key.span)
            .related(first.span, "first declared here")
            .hint("A name is declared once: give one of them another."),
    );
    false
}

fn named(entry: &Entry, sort: Sort, value: Known, origin: String) -> Name {
    Name {
        span: entry.key.span,
        sort,
        value,
        used: Cell::new(false),
        origin,
        from_outside: entry.value.get("env").is_some(),
        written: None,
        env: None,
        given: false,
    }
}

/// Returns a variable with what the command line, the process environment and its default say of it.
fn variable(reader: &mut Reader<'_>, entry: &Entry) -> Name {
    let mut name = named(entry, Sort::Variable, Known::Reported, String::new());
    let mut declared = Declared::default();
    match &entry.value.value {
        NodeValue::Scalar(scalar) => {
            declared.constant = constant(reader, &entry.key.value, scalar, entry.value.span);
            if declared.constant.is_none() {
                return name;
            }
        }
        NodeValue::Map(_) => {
            let Some(keys) = Keys::of(reader, &entry.value, keys::VARIABLE, "a variable") else {
                return name;
            };
            if !declared.fill(reader, &entry.key.value, &keys) {
                return name;
            }
        }
        NodeValue::List(_) => {
            let message = format!(
                "the variable `{}` wants one value or a map, not a list",
                entry.key.value
            );
            reader.mistakes.push(
                Diagnostic::error("config/wrong_type", message, entry.value.span)
                    .hint("For example `host: { env: TARGET_HOST, default: 127.0.0.1 }`."),
            );
            return name;
        }
    }
    name.env.clone_from(&declared.env);
    let overrides = &reader.inputs.vars;
    let found = match overrides
        .iter()
        .rev()
        .find(|(n, _, _)| *n == entry.key.value)
    {
        Some((_, value, origin)) => {
            name.given = true;
            if value.is_empty() {
                empty_override(reader, entry, origin);
                return name;
            }
            Some((value.clone(), origin.clone()))
        }
        None => value_of(reader, declared),
    };
    match found {
        Some((value, origin)) => set(reader, &mut name, &entry.key.value, value, origin),
        None => name.value = Known::Unset,
    }
    name
}

#[derive(Default)]
struct Declared {
    constant: Option<String>,
    env: Option<String>,
    default: Option<String>,
}

impl Declared {
    fn fill(&mut self, reader: &mut Reader<'_>, name: &str, keys: &Keys<'_>) -> bool {
        self.env = keys
            .get("env")
            .and_then(|node| reader.environment_name(node));
        if let Some(node) = keys.get("default") {
            self.default = match node.as_scalar() {
                Some(scalar) => constant(reader, name, scalar, node.span),
                None => {
                    let message = format!("a default is one value, not {}", node.describe());
                    reader.mistakes.push(Diagnostic::error(
                        "config/wrong_type",
                        message,
                        node.span,
                    ));
                    None
                }
            };
        }
        let is_whole = self.env.is_some() || self.default.is_some();
        if keys.get("env").is_none() && keys.get("default").is_none() {
            let message = format!("the variable `{name}` has neither `env` nor `default`");
            reader.mistakes.push(
                Diagnostic::error("config/missing_key", message, keys.span)
                    .hint("For example `{ env: TARGET_HOST, default: 127.0.0.1 }`."),
            );
        }
        is_whole
    }
}

/// Reads a constant or a default.
fn constant(reader: &mut Reader<'_>, name: &str, scalar: &Scalar, span: Span) -> Option<String> {
    if scalar.is_null() {
        let message = format!("the variable `{name}` is empty");
        reader.mistakes.push(
            Diagnostic::error("config/empty_value", message, span)
                .hint("An empty text is written \"\"."),
        );
        return None;
    }
    if mentions_variable(&scalar.text) {
        reader.variable_not_here("the value of a variable", span);
        return None;
    }
    Some(scalar.text.replace("$${", "${"))
}

fn value_of(reader: &Reader<'_>, declared: Declared) -> Option<(String, String)> {
    let of_process = declared.env.as_deref().and_then(|env| {
        let value = (reader.inputs.env)(env).filter(|value| !value.is_empty())?;
        Some((value, format!("env {env}")))
    });
    of_process
        .or_else(|| Some((declared.constant?, "gate file".to_owned())))
        .or_else(|| Some((declared.default?, "default".to_owned())))
}

/// Gives a variable its value, unless no author would have written such a one.
pub(crate) fn set(
    reader: &mut Reader<'_>,
    name: &mut Name,
    text: &str,
    value: String,
    origin: String,
) {
    if let Some(bad) = value
        .chars()
        .find(|c| is_hidden(*c) || matches!(c, '\n' | '\r'))
    {
        let message = format!(
            "the value of `{text}` ({origin}) holds the character U+{:04X}",
            bad as u32
        );
        reader.mistakes.push(
            Diagnostic::error("config/hidden_character", message, name.span)
                .hint("A variable is one line of visible text."),
        );
        (name.value, name.origin) = (Known::Reported, String::new());
        return;
    }
    reader.hide.passwords(&value);
    (name.value, name.origin) = (Known::Value(value), origin);
}

fn empty_override(reader: &mut Reader<'_>, entry: &Entry, origin: &str) {
    let name = &entry.key.value;
    let message = format!("the variable `{name}` has no value: {origin} gives an empty one");
    reader.mistakes.push(
        Diagnostic::error("config/unset_variable", message, entry.key.span)
            .hint("Give it a value."),
    );
}

/// Reports `--var` for names that no variable has.
fn unknown_overrides(reader: &mut Reader<'_>) {
    if reader.inputs.comparing {
        return;
    }
    for (name, _, origin) in &reader.inputs.vars {
        let message = match reader.names.by_name.get(name).map(|n| n.sort) {
            Some(Sort::Variable) => continue,
            Some(Sort::Secret) => format!("`{name}` ({origin}) is a secret, and no variable"),
            None => format!("the gate declares no variable `{name}` ({origin})"),
        };
        let variables = reader
            .names
            .by_name
            .iter()
            .filter(|(_, n)| n.sort == Sort::Variable);
        let hint = match closest(name, variables.map(|(n, _)| n.as_str())) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => "Only variables that `vars` declares can be given; a secret comes from the environment or a file.".to_owned(),
        };
        reader
            .mistakes
            .push(Diagnostic::global("config/unknown_variable", message).hint(hint));
    }
}

/// Returns the value of a secret from the environment or a file; those of commands come later.
fn secret(reader: &mut Reader<'_>, entry: &Entry) -> (Known, String) {
    let name = entry.key.value.as_str();
    let reported = (Known::Reported, String::new());
    if !matches!(entry.value.value, NodeValue::Map(_)) {
        if let Some(scalar) = entry.value.as_scalar() {
            // It was written out after all; what is too short to be hidden stays.
            reader.hide.secret(&scalar.text).ok();
        }
        let message = format!("the secret `{name}` does not say where it comes from");
        reader.mistakes.push(
            Diagnostic::error("config/wrong_type", message, entry.value.span).hint(
                "A secret is never written into the file: `{ env: DATABASE_URL }`, `{ file: /run/secrets/database_url }` or `{ command: [vault, read, ...] }`.",
            ),
        );
        return reported;
    }
    let Some(keys) = Keys::of(reader, &entry.value, keys::SECRET, "a secret") else {
        return reported;
    };
    let sources = (keys.get("env"), keys.get("file"), keys.get("command"));
    if let (Some(entry), true) = (keys.entry("inherit"), sources.2.is_none()) {
        reader.mistakes.push(
            Diagnostic::error(
                "config/bad_field",
                "`inherit` belongs to the command of a secret",
                entry.key.span,
            )
            .hint("Leave it out: nothing is run for this secret."),
        );
    }
    let found = match sources {
        (Some(node), None, None) => reader
            .environment_name(node)
            .map(|env| from_environment(reader, &env)),
        (None, Some(node), None) => reader
            .literal_text(node, "the file of a secret")
            .map(|file| from_file(reader, node.span, &file)),
        (None, None, Some(_)) => {
            // It may hold variables, which have no values yet.
            reader.commands.push(entry.clone());
            return reported;
        }
        _ => {
            let message =
                format!("the secret `{name}` wants exactly one of `env`, `file` and `command`");
            reader.mistakes.push(
                Diagnostic::error("config/missing_key", message, keys.span)
                    .hint("For example `{ env: DATABASE_URL }`."),
            );
            None
        }
    };
    let Some((origin, found)) = found else {
        return reported;
    };
    match found {
        Ok(value) => keep(reader, entry, value, origin),
        Err(_) if !reader.inputs.resolve_secrets => (Known::Elsewhere, origin),
        Err(absent) => {
            let message = format!("the secret `{name}` {}", absent.why);
            let mistake = Diagnostic::error(absent.code, message, entry.key.span);
            // It is one, unless it keeps nobody but a receiver of notices from anything.
            let absent = (name.to_owned(), mistake.hint(absent.hint));
            reader.absent.push(absent);
            reported
        }
    }
}

/// Why a secret is not there.
struct Absent {
    code: &'static str,
    why: String,
    hint: String,
}

fn from_environment(reader: &Reader<'_>, env: &str) -> (String, Result<String, Absent>) {
    let value = (reader.inputs.env)(env).filter(|value| !value.is_empty());
    let value = value.ok_or_else(|| Absent {
        code: "config/unset_secret",
        why: format!("has no value: {env} is not set, or empty"),
        hint: format!("Set {env} in the environment of gonogo."),
    });
    (format!("env {env}"), value)
}

fn from_file(reader: &Reader<'_>, span: Span, file: &str) -> (String, Result<String, Absent>) {
    let path = reader.base_of(span).join(Path::new(file));
    let value = (reader.inputs.read_file)(&path)
        .map_err(|error| Absent {
            code: "config/unreadable_file",
            why: format!("cannot be read from `{file}`: {error}"),
            hint: "Paths are relative to the folder of the file in which they stand.".to_owned(),
        })
        .and_then(|bytes| {
            String::from_utf8(bytes).map_err(|_| Absent {
                code: "config/bad_secret",
                why: format!("is not text: `{file}` is not UTF-8"),
                hint: "A secret is UTF-8 text.".to_owned(),
            })
        })
        .map(|text| {
            let line = text.strip_suffix('\n').unwrap_or(&text);
            line.strip_suffix('\r').unwrap_or(line).to_owned()
        })
        .and_then(|text| {
            if text.is_empty() {
                Err(Absent {
                    code: "config/unset_secret",
                    why: format!("has no value: `{file}` is empty"),
                    hint: "Write the secret into the file.".to_owned(),
                })
            } else {
                Ok(text)
            }
        });
    (format!("file {file}"), value)
}

/// Keeps a secret, if it can be kept out of the output.
pub(crate) fn keep(
    reader: &mut Reader<'_>,
    entry: &Entry,
    value: String,
    origin: String,
) -> (Known, String) {
    let name = &entry.key.value;
    let why = if value.len() > MAX_SECRET {
        Some(format!("has more than {MAX_SECRET} bytes"))
    } else if reader.hide.size_with(&value) > MAX_SECRETS {
        let most = MAX_SECRETS >> 10;
        Some(format!("and those before it have more than {most} KiB"))
    } else if value.contains('\0') {
        Some("holds a NUL".to_owned())
    } else if value.trim().is_empty() {
        Some("is blank".to_owned())
    } else {
        let refused = reader.hide.secret(&value).is_err();
        refused.then(|| "has fewer than 4 characters".to_owned())
    };
    let Some(why) = why else {
        return (Known::Value(value), origin);
    };
    let message =
        format!("the secret `{name}` ({origin}) {why}, so it cannot be kept out of the output");
    reader.mistakes.push(
        Diagnostic::error("config/bad_secret", message, entry.key.span)
            .hint("If it is no secret, declare it under `vars`."),
    );
    (Known::Reported, String::new())
}

/// The largest secret; every encoding of every secret is looked for in all output.
const MAX_SECRET: usize = 16 << 10;
/// The most bytes of all secrets: looking for a byte takes about a kilobyte of memory.
const MAX_SECRETS: usize = 128 << 10;
/// The most variables and secrets.
const MAX_NAMES: usize = 2_000;
