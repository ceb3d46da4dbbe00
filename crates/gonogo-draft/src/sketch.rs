//! A gate in the making: what was seen, and what becomes of it.

use std::fmt;

use crate::names;
use crate::scalar;

/// Where something was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// The file, relative to the folder that is looked at.
    pub(crate) file: String,
    /// The line, from 1; 0 for the whole file.
    pub(crate) line: usize,
}

impl Place {
    pub(crate) fn new(file: &str, line: usize) -> Self {
        Self {
            file: file.to_owned(),
            line,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = scalar::comment(&self.file);
        match self.line {
            0 => f.write_str(&file),
            line => write!(f, "{file}:{line}"),
        }
    }
}

/// A variable or a secret of the gate.
#[derive(Debug)]
struct Name {
    name: String,
    environment: String,
    default: Option<String>,
    remark: Option<String>,
}

/// A check of the gate.
#[derive(Debug, Default)]
pub(crate) struct Check {
    /// The id, once it is part of a sketch; the wished one before.
    pub(crate) id: String,
    pub(crate) kind: &'static str,
    /// The fields; the first is the kind's short form.
    pub(crate) fields: Vec<(&'static str, String)>,
    pub(crate) expect: Vec<(&'static str, String)>,
    pub(crate) should: Vec<(&'static str, String)>,
    pub(crate) needs: Vec<String>,
    /// Where it comes from.
    pub(crate) from: Vec<String>,
}

/// Everything that was seen, in the order in which it was seen.
#[derive(Debug, Default)]
pub(crate) struct Sketch {
    vars: Vec<Name>,
    secrets: Vec<Name>,
    pub(crate) checks: Vec<Check>,
    /// What was seen and is no check.
    pub(crate) notes: Vec<String>,
    /// Addresses inside a network of containers, `name:port`, and the check that stands for each.
    inside: Vec<(String, usize)>,
}

impl Check {
    /// Returns a check with its one field.
    pub(crate) fn new(wish: &str, kind: &'static str, field: &'static str, text: String) -> Self {
        Self {
            id: names::id(wish),
            kind,
            fields: vec![(field, text)],
            ..Self::default()
        }
    }

    /// Adds where the check comes from.
    pub(crate) fn from(mut self, place: &Place, words: &str) -> Self {
        self.from.push(origin(place, words));
        self
    }

    pub(crate) fn expect(mut self, fact: &'static str, matcher: impl Into<String>) -> Self {
        self.expect.push((fact, matcher.into()));
        self
    }

    /// Returns the check of a certificate at `address`.
    pub(crate) fn of_certificate(wish: &str, address: String) -> Self {
        let mut check = Self::new(wish, "tls", "address", address).expect("expires_in", "over 14d");
        check.should.push(("expires_in", "over 30d".to_owned()));
        check
    }

    /// Returns `host:port` of what the check looks at, when it says so.
    fn address(&self) -> Option<String> {
        let (_, text) = self.fields.first()?;
        match self.kind {
            "tcp" => Some(text.clone()),
            "http" => {
                let (scheme, rest) = text.split_once("://")?;
                let authority = rest.split('/').next()?;
                let has_port = without_name(authority).contains(':');
                Some(match (has_port, scheme) {
                    (true, _) => authority.to_owned(),
                    (false, "https") => format!("{authority}:443"),
                    (false, _) => format!("{authority}:80"),
                })
            }
            _ => None,
        }
    }
}

impl Sketch {
    /// Returns the variable for the machine that is judged, as a text mentions it.
    pub(crate) fn host(&mut self) -> String {
        self.named("host", "TARGET_HOST", None, None)
    }

    /// Returns the variable for a variable of the environment, as a text mentions it.
    pub(crate) fn var(&mut self, environment: &str, default: Option<&str>) -> String {
        let wish = names::variable(environment);
        self.named(&wish, environment, default, None)
    }

    /// Does the same, with a remark behind its declaration.
    pub(crate) fn var_with(&mut self, environment: &str, remark: &str) -> String {
        let wish = names::variable(environment);
        self.named(&wish, environment, None, Some(remark))
    }

    fn named(
        &mut self,
        wish: &str,
        environment: &str,
        default: Option<&str>,
        remark: Option<&str>,
    ) -> String {
        if let Some(known) = self.vars.iter().find(|v| v.environment == environment) {
            return format!("${{{}}}", known.name);
        }
        let name = self.unused_name(wish);
        let mention = format!("${{{name}}}");
        self.vars.push(Name {
            name,
            environment: environment.to_owned(),
            default: default.map(str::to_owned),
            remark: remark.map(scalar::comment),
        });
        mention
    }

    /// Returns the secret for a variable of the environment, as a text mentions it.
    pub(crate) fn secret(&mut self, environment: &str) -> String {
        if let Some(known) = self.secrets.iter().find(|s| s.environment == environment) {
            return format!("${{{}}}", known.name);
        }
        let name = self.unused_name(&names::variable(environment));
        let mention = format!("${{{name}}}");
        self.secrets.push(Name {
            name,
            environment: environment.to_owned(),
            default: None,
            remark: None,
        });
        mention
    }

    fn unused_name(&self, wish: &str) -> String {
        let is_taken = |name: &str| {
            let mut known = self.vars.iter().chain(&self.secrets);
            known.any(|known| known.name == name)
        };
        names::unused(wish, '_', is_taken)
    }

    /// Takes a check in, and returns its place in the list; what looks at the same thing becomes one check.
    pub(crate) fn add(&mut self, mut check: Check) -> usize {
        if self.checks.len() >= MAX_CHECKS {
            for from in &check.from {
                self.notes.push(format!(
                    "{from}; more than {MAX_CHECKS} checks are not written"
                ));
            }
            return self.checks.len() - 1;
        }
        if let Some(at) = self.same(&check) {
            let known = &mut self.checks[at];
            let from = std::mem::take(&mut check.from);
            if known.kind == "tcp" && check.kind == "http" {
                // The same port, looked at more closely.
                known.kind = check.kind;
                known.fields = check.fields;
                known.expect = check.expect;
            }
            known.from.extend(from);
            return at;
        }
        check.id = names::unused(&check.id, '-', |id| self.checks.iter().any(|c| c.id == id));
        self.checks.push(check);
        self.checks.len() - 1
    }

    fn same(&self, check: &Check) -> Option<usize> {
        let is_port = |check: &Check| check.kind == "tcp";
        self.checks.iter().position(|known| {
            let equal = known.kind == check.kind && known.fields == check.fields;
            let nested = (is_port(known) || is_port(check))
                && known.address().is_some()
                && known.address() == check.address();
            equal || nested
        })
    }

    /// Remembers which check stands for an address inside a network of containers.
    pub(crate) fn stands_for(&mut self, address: String, check: usize) {
        self.inside.push((address, check));
    }

    /// Adds an origin to the check that stands for an address inside a network of containers, if one does.
    pub(crate) fn is_covered(&mut self, address: &str, place: &Place, words: &str) -> bool {
        let found = self.inside.iter().find(|(inside, _)| inside == address);
        let Some(check) = found.and_then(|(_, at)| self.checks.get_mut(*at)) else {
            return false;
        };
        check.from.push(origin(place, words));
        true
    }

    /// Notes something that is no check.
    pub(crate) fn note(&mut self, place: &Place, words: &str) {
        match self.notes.len() {
            MAX_NOTES.. => {}
            LAST_NOTE => self
                .notes
                .push("there is more that is not listed here".to_owned()),
            _ => self.notes.push(origin(place, words)),
        }
    }

    /// Forgets the variables that no check came to use.
    pub(crate) fn prune(&mut self) {
        let fields = || self.checks.iter().flat_map(|check| &check.fields);
        let is_used = |name: &Name| {
            let mention = format!("${{{}}}", name.name);
            fields().any(|(_, text)| text.contains(&mention))
        };
        self.vars.retain(is_used);
        self.secrets.retain(is_used);
    }

    /// Returns what must be in the environment for the gate to run: names, secrets last.
    pub(crate) fn environment(&self) -> Vec<String> {
        let open = self.vars.iter().filter(|v| v.default.is_none());
        open.chain(&self.secrets)
            .map(|name| name.environment.clone())
            .collect()
    }

    /// Writes the gate.
    pub(crate) fn text(&self, head: &str, gate: &str) -> String {
        let mut text = format!("{head}version: 1\ngate: {}\n", scalar::value(gate));
        for (key, list) in [("vars", &self.vars), ("secrets", &self.secrets)] {
            if list.is_empty() {
                continue;
            }
            text.push_str(&format!("\n{key}:\n"));
            for name in list {
                text.push_str(&name.line());
            }
        }
        text.push_str("\nchecks:\n");
        for (at, check) in self.checks.iter().enumerate() {
            if at > 0 {
                text.push('\n');
            }
            text.push_str(&check.text());
        }
        if !self.notes.is_empty() {
            text.push_str("\n# Seen here, and no check yet:\n");
            for note in &self.notes {
                text.push_str(&format!("# - {}\n", scalar::comment(note)));
            }
        }
        text
    }
}

impl Name {
    fn line(&self) -> String {
        let default = self.default.as_ref().map_or_else(String::new, |default| {
            format!(", default: {}", scalar::value(default))
        });
        let remark = self
            .remark
            .as_ref()
            .map_or_else(String::new, |remark| format!(" # {remark}"));
        format!(
            "  {}: {{ env: {}{default} }}{remark}\n",
            self.name, self.environment
        )
    }
}

impl Check {
    fn text(&self) -> String {
        let mut text = String::new();
        for from in &self.from {
            text.push_str(&format!("  # {from}\n"));
        }
        text.push_str(&format!("  {}:\n", self.id));
        match self.fields.as_slice() {
            [(_, only)] => {
                text.push_str(&format!("    {}: {}\n", self.kind, scalar::value(only)));
            }
            fields => {
                text.push_str(&format!("    {}:\n", self.kind));
                for (name, field) in fields {
                    text.push_str(&format!("      {name}: {}\n", scalar::value(field)));
                }
            }
        }
        for (key, list) in [("expect", &self.expect), ("should", &self.should)] {
            if list.is_empty() {
                continue;
            }
            text.push_str(&format!("    {key}:\n"));
            for (fact, matcher) in list {
                text.push_str(&format!("      {fact}: {matcher}\n"));
            }
        }
        if !self.needs.is_empty() {
            text.push_str(&format!("    needs: [{}]\n", self.needs.join(", ")));
        }
        text
    }
}

/// Says where something was seen, and what it is.
fn origin(place: &Place, words: &str) -> String {
    scalar::comment(&format!("{place}: {words}"))
}

/// Takes a variable and the brackets of an address away, so that what colons are left begin a port.
fn without_name(authority: &str) -> &str {
    let behind_variable = authority.rsplit('}').next().unwrap_or(authority);
    behind_variable
        .rsplit(']')
        .next()
        .unwrap_or(behind_variable)
}

/// A first gate is to be read by a person.
const MAX_CHECKS: usize = 200;
const MAX_NOTES: usize = 300;
const LAST_NOTE: usize = MAX_NOTES - 1;
