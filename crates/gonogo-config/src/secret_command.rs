//! Secrets that a program prints: `token: { command: [vault, read, ...] }`.
//!
//! Reading a gate runs nothing by itself: the program is run through [`Commands`], by `check` alone, once
//! the whole gate was read without a mistake.

use std::fmt;
use std::path::PathBuf;

use gonogo_kind::{Diagnostic, Entry, FieldValue, NodeValue, Span};

use crate::hide::Hide;
use crate::keys::{self, Keys};
use crate::names::{self, Known, Sort};
use crate::reader::Reader;

/// A program that prints a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretCommand {
    /// The program and its arguments.
    pub argv: Vec<String>,
    /// The variables of gonogo's own environment that it sees; no others.
    pub inherit: Vec<String>,
    /// The folder in which it runs: that of the gate file.
    pub cwd: PathBuf,
}

/// Why a program printed no secret.
#[derive(Clone, PartialEq, Eq)]
pub struct CommandFailure {
    /// What became of it: "it ended with exit code 2".
    pub why: String,
    /// What it printed all the same, which may be part of the secret.
    pub stdout: Vec<u8>,
    /// What it said.
    pub stderr: Vec<u8>,
}

impl fmt::Debug for CommandFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What it printed may be the secret.
        write!(f, "CommandFailure({})", self.why)
    }
}

/// Who runs the programs that print secrets.
#[derive(Clone, Copy)]
pub enum Commands<'a> {
    /// Nobody: something stands in for what they would print.
    StandIn,
    /// This function, which returns what the program printed.
    Run(&'a dyn Fn(&SecretCommand) -> Result<Vec<u8>, CommandFailure>),
}

impl fmt::Debug for Commands<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StandIn => "StandIn",
            Self::Run(_) => "Run(..)",
        })
    }
}

impl Reader<'_> {
    /// Reads the secrets that come from commands, now that variables have their values.
    pub(crate) fn run_commands(&mut self) {
        for entry in std::mem::take(&mut self.commands) {
            let name = entry.key.value.as_str();
            let Some((value, origin)) = self.of_command(&entry) else {
                continue;
            };
            self.from_commands.push(name.to_owned());
            if let Some(known) = self.names.by_name.get_mut(name) {
                (known.value, known.origin) = (value, origin);
            }
        }
    }

    /// Returns what is known of a secret, and its origin; nothing when its declaration is mistaken.
    fn of_command(&mut self, entry: &Entry) -> Option<(Known, String)> {
        let keys = Keys::unchecked(
            match &entry.value.value {
                NodeValue::Map(entries) => entries,
                NodeValue::Scalar(_) | NodeValue::List(_) => return None,
            },
            entry.value.span,
        );
        let node = keys.get("command")?;
        if self.holds_a_secret(node) {
            return None;
        }
        let texts = |value| match value {
            Some(FieldValue::Texts(texts)) => Some(texts.into_iter().map(|t| t.text).collect()),
            _ => None,
        };
        let argv: Vec<String> = texts(self.field_of(&keys, keys::SECRET, "command", None))?;
        let inherit: Option<Vec<String>> = match keys.get("inherit") {
            Some(_) => Some(texts(self.field_of(&keys, keys::SECRET, "inherit", None))?),
            None => None,
        };
        let program = argv.first().filter(|p| !p.is_empty()).cloned();
        let Some(program) = program.filter(|_| !argv.iter().any(|a| a.contains('\0'))) else {
            self.mistakes.push(
                Diagnostic::error(
                    "config/bad_field",
                    "the command names no program",
                    node.span,
                )
                .hint("Its first text is the program, the others are its arguments."),
            );
            return None;
        };
        let origin = format!("command {program}");
        let command = SecretCommand {
            argv,
            inherit: inherit.unwrap_or_else(|| INHERITED.map(str::to_owned).to_vec()),
            cwd: self.base_of(entry.key.span).to_owned(),
        };
        let run = match self.inputs.commands {
            Commands::StandIn => return Some((Known::Elsewhere, origin)),
            // Nothing is run for a gate that has a mistake.
            Commands::Run(_) if self.mistakes.has_errors() => {
                return Some((Known::Elsewhere, origin));
            }
            Commands::Run(run) => run,
        };
        let value = match run(&command) {
            Ok(printed) => self.printed(entry, printed, &program, &origin),
            Err(failure) => {
                self.failed(entry.key.span, &entry.key.value, &program, &failure);
                Known::Reported
            }
        };
        Some((value, origin))
    }

    /// Everyone on the machine can read the arguments of a program while it runs.
    fn holds_a_secret(&mut self, node: &gonogo_kind::Node) -> bool {
        let NodeValue::List(items) = &node.value else {
            return false;
        };
        let mut any = false;
        for item in items {
            let Some(scalar) = item.as_scalar() else {
                continue;
            };
            let secret = crate::substitute::mentioned(&scalar.text)
                .find(|name| {
                    let known = self.names.by_name.get(*name);
                    known.is_some_and(|known| known.sort == Sort::Secret)
                })
                .map(str::to_owned);
            if let Some(secret) = secret {
                let message =
                    format!("the arguments of a command cannot hold the secret `{secret}`");
                self.mistakes.push(
                    Diagnostic::error("config/variable_not_here", message, item.span).hint(
                        "Every user of this machine can read them while the command runs: let it take the secret from its environment (`inherit`) or a file.",
                    ),
                );
                any = true;
            }
        }
        any
    }

    fn printed(&mut self, entry: &Entry, printed: Vec<u8>, program: &str, origin: &str) -> Known {
        let (name, span) = (&entry.key.value, entry.key.span);
        let Ok(text) = String::from_utf8(printed) else {
            let message =
                format!("the secret `{name}` is not text: `{program}` printed what is not UTF-8");
            self.mistakes.push(
                Diagnostic::error("config/bad_secret", message, span)
                    .hint("A secret is UTF-8 text."),
            );
            return Known::Reported;
        };
        let line = text.strip_suffix('\n').unwrap_or(&text);
        let value = line.strip_suffix('\r').unwrap_or(line).to_owned();
        if value.is_empty() {
            let message = format!("the secret `{name}` has no value: `{program}` printed nothing");
            self.mistakes.push(
                Diagnostic::error("config/unset_secret", message, span).hint(
                    "The program prints the secret, and nothing else, to its standard output.",
                ),
            );
            return Known::Reported;
        }
        names::keep(self, entry, value, origin.to_owned()).0
    }

    fn failed(&mut self, span: Span, name: &str, program: &str, failure: &CommandFailure) {
        let message = format!(
            "the secret `{name}` cannot be had from `{program}`: {}",
            failure.why
        );
        let hint = match self.last_words(failure) {
            Some(said) => format!("It said: {said}"),
            None => "Run it by hand; gonogo gives it no shell, no input, and of the environment only what `inherit` names.".to_owned(),
        };
        self.mistakes
            .push(Diagnostic::error("config/secret_command", message, span).hint(hint));
    }

    /// Returns the first line that a program said, without secrets and without what it printed.
    fn last_words(&self, failure: &CommandFailure) -> Option<String> {
        let said = String::from_utf8_lossy(&failure.stderr).into_owned();
        let line = said.lines().map(str::trim).find(|line| !line.is_empty())?;
        // What it printed before it failed may be the secret, whole or in part.
        let mut hide: Hide = self.hide.clone();
        let printed = String::from_utf8_lossy(&failure.stdout).into_owned();
        for part in printed.split_whitespace().take(MOST_PARTS) {
            // What is too short to be looked for is too short to be told apart.
            hide.secret(part).ok();
        }
        hide.passwords(line);
        let line = hide.redactor().redact(line).into_owned();
        Some(line.chars().take(MOST_WORDS).collect())
    }
}

/// What nearly every program needs and what holds no secrets; as for the kind `command`.
const INHERITED: [&str; 7] = ["PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR"];
/// How much of what a program said is shown.
const MOST_WORDS: usize = 200;
/// How many words of what it printed are kept out of that.
const MOST_PARTS: usize = 1000;
