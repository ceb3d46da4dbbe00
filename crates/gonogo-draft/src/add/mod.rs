//! `gonogo add`: one more check, of a target that was looked at.
//!
//! Before the look, [`prepare`] says whether there is a place for the check. After it, [`Prepared::finish`]
//! makes expectations of what was seen, and puts the check into the text of the file.

mod insert;
mod known;
mod matcher;
mod pins;
mod place;
mod target;

use std::path::Path;

use gonogo_config::{Loaded, outline};
use gonogo_kind::{Diagnostic, KindDecl, Level, Node, NodeValue, ScalarStyle, flow};
use gonogo_model::{CheckResult, Id};
use gonogo_run::Refusal;

use crate::init::empty_gate;
use crate::{names, scalar};
use insert::New;
use known::Known;
use pins::Pin;

pub use target::Target;
pub(crate) use target::holds_secret;

/// Reads a text as the gate file that it is to be.
pub type Loads<'a> = dyn Fn(&str) -> Result<Loaded, Refusal> + 'a;

/// What is to be added.
#[derive(Debug, Clone, Copy)]
pub struct AddRequest<'a> {
    /// The text of the gate file; none when there is no such file.
    pub text: Option<&'a str>,
    /// The folder of the gate file.
    pub folder: &'a Path,
    /// The kind of the check.
    pub kind: &'static KindDecl,
    /// What it looks at.
    pub target: Target<'a>,
    /// Further fields, and their values in one line.
    pub set: &'a [(String, String)],
    /// The id, when it is not to be made of the target.
    pub id: Option<&'a str>,
    /// The phases to which the check belongs.
    pub phases: &'a [String],
}

/// A check to be, with a place in its file.
#[derive(Debug)]
pub struct Prepared<'a> {
    request: AddRequest<'a>,
    /// The text into which it goes; of a new file, its head.
    text: String,
    id: String,
    /// What the kind's short form holds.
    subject: String,
    /// The name of a secret that is to be declared, and its variable of the environment.
    secret: Option<(String, String)>,
    set: Vec<(String, String)>,
}

/// A check that was added.
#[derive(Debug)]
pub struct Added {
    /// The whole new text of the file, or why the check can only be pasted.
    pub text: Result<String, String>,
    /// The check as it stands in the file.
    pub shown: String,
    /// Its id.
    pub id: String,
    /// What was seen and is not expected, and why.
    pub notes: Vec<String>,
    /// New warnings of `gonogo lint`.
    pub warnings: Vec<Diagnostic>,
}

/// Says whether a check of a target can be added, and as what.
///
/// # Errors
///
/// The target holds a secret, the file has such a check already, or is no gate file.
pub fn prepare(request: AddRequest<'_>) -> Result<Prepared<'_>, Refusal> {
    let text = match request.text {
        Some(text) => text.strip_prefix('\u{feff}').unwrap_or(text).to_owned(),
        None => empty_gate(request.folder),
    };
    let root = outline(&text).ok_or_else(|| {
        Refusal::request("config/syntax", "the gate file is no YAML")
            .hint("`gonogo lint` says where it is not.")
    })?;
    let known = Known::new(root);
    let of_target = matches!(request.target, Target::Written(text) if holds_secret(text));
    let mut set = request.set.iter();
    if of_target || set.any(|(name, value)| target::is_credential(name, value)) {
        return Err(Refusal::request(
            "config/written_secret",
            "the target holds a password or a token, and a gate file holds none",
        )
        .hint("Put the whole target into an environment variable and name that: gonogo add env:DATABASE_URL."));
    }
    let (subject, secret) = subject(request.target, &known)?;
    if request.id.is_none()
        && let Some((id, line)) = known.check_of(request.kind, &subject)
    {
        let message = format!("check `{id}` in line {line} looks at that already");
        return Err(Refusal::request("config/same_target", message)
            .hint("Change that check, or give the second one a name of its own: --id NAME."));
    }
    let id = id(&request, &known)?;
    for phase in request.phases {
        if Id::new(phase).is_err() {
            let message = format!("`{phase}` cannot be a phase");
            return Err(Refusal::request("config/bad_name", message));
        }
    }
    let set = with_roots(&request, &known);
    Ok(Prepared {
        request,
        text,
        id,
        subject,
        secret,
        set,
    })
}

/// Returns what the short form holds, and the secret that it needs.
fn subject(
    target: Target<'_>,
    known: &Known,
) -> Result<(String, Option<(String, String)>), Refusal> {
    let environment = match target {
        Target::Written(text) => return Ok((scalar::literal(text), None)),
        Target::Environment(name) => name,
    };
    if !names::is_environment(environment) {
        let message = format!("`{environment}` cannot name a variable of the environment");
        return Err(Refusal::request("config/bad_name", message));
    }
    if let Some(name) = known.of_environment("secrets", environment) {
        return Ok((format!("${{{name}}}"), None));
    }
    if let Some(name) = known.of_environment("vars", environment) {
        let message = format!("{environment} is the variable `{name}` of the gate, and no secret");
        return Err(Refusal::request("config/written_secret", message)
            .hint("Move it from `vars` to `secrets`: a variable stands in every report."));
    }
    let wish = names::variable(environment);
    let name = names::unused(&wish, '_', |name| known.has_name(name));
    let mention = format!("${{{name}}}");
    Ok((mention, Some((name, environment.to_owned()))))
}

fn id(request: &AddRequest<'_>, known: &Known) -> Result<String, Refusal> {
    if let Some(id) = request.id {
        if let Err(error) = Id::new(id) {
            let message = format!("`{id}` cannot be the id of a check: {error}");
            return Err(Refusal::request("config/bad_id", message));
        }
        if known.has_id(id) {
            let message = format!("the gate has a check or group `{id}` already");
            return Err(Refusal::request("config/duplicate_id", message)
                .hint("Give the new check another name."));
        }
        return Ok(id.to_owned());
    }
    let wish = request.target.wish();
    let longer = format!("{wish}-{}", request.kind.name);
    let wish = if known.has_id(&wish) { longer } else { wish };
    Ok(names::unused(&wish, '-', |id| known.has_id(id)))
}

/// Returns the fields to look with: trust is where the gate says, as it will be for the check.
fn with_roots(request: &AddRequest<'_>, known: &Known) -> Vec<(String, String)> {
    let mut set = request.set.to_vec();
    let roots = known.roots();
    let takes_roots = request.kind.field("roots").is_some();
    let is_plain = roots.iter().all(|root| !root.contains("${"));
    if takes_roots && is_plain && !roots.is_empty() && set.iter().all(|(name, _)| name != "roots") {
        let from_here = roots.iter().map(|root| match *root {
            "system" => scalar::item("system"),
            path => scalar::quoted(&request.folder.join(path).to_string_lossy()),
        });
        let list: Vec<String> = from_here.collect();
        set.push(("roots".to_owned(), format!("[{}]", list.join(", "))));
    }
    set
}

impl Prepared<'_> {
    /// Returns the further fields with which to look.
    #[must_use]
    pub fn set(&self) -> &[(String, String)] {
        &self.set
    }

    /// Makes the check of what was seen, and puts it into the file; `loads` reads a text as the file's.
    ///
    /// # Errors
    ///
    /// The check would be a mistake in the file, which is told.
    pub fn finish(self, seen: &CheckResult, loads: &Loads<'_>) -> Result<Added, Refusal> {
        let (pins, mut notes) = pins::of(self.request.kind, seen);
        let kept = self.held(pins, seen, loads, &mut notes)?;
        let mut lines = self.lines(&kept);
        if !self.request.phases.is_empty() {
            lines.push((1, format!("phases: [{}]", self.request.phases.join(", "))));
        }
        let shown = self.alone(&lines);
        let text = self.inserted(&lines);
        let mut warnings = Vec::new();
        if let Ok(text) = &text {
            let before = self.request.text.map(loads).transpose()?;
            let mut after = loads(text)?;
            let mut old: Vec<Diagnostic> =
                before.map_or_else(Vec::new, |before| before.diagnostics);
            after.diagnostics.retain(|new| {
                let same = |o: &Diagnostic| o.code == new.code && o.message == new.message;
                let known = old.iter().position(same);
                known.map(|at| old.swap_remove(at)).is_none()
            });
            if after.has_errors() {
                return Err(mistakes(&after));
            }
            warnings = after.diagnostics;
        }
        let mark = if self.request.text.is_some_and(|t| t.starts_with('\u{feff}')) {
            "\u{feff}"
        } else {
            ""
        };
        Ok(Added {
            text: text.map(|text| format!("{mark}{text}")),
            shown,
            id: self.id,
            notes,
            warnings,
        })
    }

    /// Returns the expectations that hold for what was seen; the others would fail at once.
    fn held(
        &self,
        pins: Vec<Pin>,
        seen: &CheckResult,
        loads: &Loads<'_>,
        notes: &mut Vec<String>,
    ) -> Result<Vec<Pin>, Refusal> {
        let alone = format!(
            "version: 1\ngate: gate\n\n{}",
            self.alone(&self.lines(&pins))
        );
        let loaded = loads(&alone)?;
        let check = loaded.manifest.as_ref().and_then(|m| m.checks.first());
        let Some(check) = check else {
            return Err(mistakes(&loaded));
        };
        let broken = pins::broken(&check.expectations, seen);
        let (kept, left_out): (Vec<Pin>, Vec<Pin>) = pins
            .into_iter()
            .partition(|pin| !broken.contains(&(pin.fact, pin.strength)));
        notes.extend(
            left_out
                .iter()
                .map(|pin| format!("{pin}: it does not hold now, and is left out")),
        );
        Ok(kept)
    }

    fn inserted(&self, lines: &[(usize, String)]) -> Result<String, String> {
        let secret = self.secret.as_ref();
        let new = New {
            id: &self.id,
            lines,
            secret: secret.map(|(name, environment)| (name.as_str(), environment.as_str())),
        };
        match self.request.text {
            Some(_) => insert::insert(&self.text, &new),
            None => Ok(self.whole(&self.text, lines)),
        }
    }

    /// Returns the part of a gate that is this check and its secret.
    fn alone(&self, lines: &[(usize, String)]) -> String {
        self.whole("checks:\n", lines)
    }

    fn whole(&self, head: &str, lines: &[(usize, String)]) -> String {
        let secrets = self
            .secret
            .as_ref()
            .map_or_else(String::new, |(name, environment)| {
                format!("secrets:\n  {name}: {{ env: {environment} }}\n\n")
            });
        let mut text = head.replacen("checks:\n", &format!("{secrets}checks:\n"), 1);
        for (depth, line) in lines {
            text.push_str(&format!("{}{line}\n", "  ".repeat(depth + 1)));
        }
        text
    }

    /// Returns the lines of the check without its phases, each with its depth.
    fn lines(&self, pins: &[Pin]) -> Vec<(usize, String)> {
        let kind = self.request.kind;
        let mut lines = vec![
            (
                0,
                "# Made by `gonogo add`: it expects what was seen.".to_owned(),
            ),
            (0, format!("{}:", self.id)),
        ];
        let subject = scalar::value(&self.subject);
        if self.request.set.is_empty() {
            lines.push((1, format!("{}: {subject}", kind.name)));
        } else {
            lines.push((1, format!("{}:", kind.name)));
            lines.push((2, format!("{}: {subject}", kind.short)));
            for (name, value) in self.request.set {
                let value =
                    flow::read(value).map_or_else(|_| scalar::quoted(value), |node| written(&node));
                lines.push((2, format!("{}: {value}", scalar::value(name))));
            }
        }
        lines.extend(pins::lines(pins));
        lines
    }
}

/// Writes a value of the command line as it stands in a file.
fn written(node: &Node) -> String {
    match &node.value {
        NodeValue::Scalar(known) if known.style == ScalarStyle::Plain => {
            scalar::value(&scalar::literal(&known.text))
        }
        NodeValue::Scalar(known) => scalar::quoted(&scalar::literal(&known.text)),
        NodeValue::List(items) => {
            let items: Vec<String> = items.iter().map(written).collect();
            format!("[{}]", items.join(", "))
        }
        NodeValue::Map(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|entry| {
                    format!(
                        "{}: {}",
                        scalar::value(&entry.key.value),
                        written(&entry.value)
                    )
                })
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}

fn mistakes(loaded: &Loaded) -> Refusal {
    let errors: Vec<Diagnostic> = loaded
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.level == Level::Error)
        .cloned()
        .collect();
    Refusal::Mistakes(gonogo_config::render(
        &errors,
        &loaded.sources,
        &loaded.redactor,
        false,
    ))
}
