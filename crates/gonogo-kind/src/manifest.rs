//! A gate, read and found valid: what the engine plans from.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use gonogo_model::{
    Decimal, Excluded, GateFile, Id, Quorum, Redactor, Severity, Until, Variable, Version,
};

use crate::decl::KindDecl;
use crate::expectation::Expectations;
use crate::field::Fields;
use crate::probe::Probe;

/// A gate file without a mistake, probes compiled, ids expanded, defaults put in.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// The gate's name.
    pub gate: String,
    /// What is judged.
    pub release: Option<String>,
    /// The file as it was given, `-` for standard input.
    pub file: String,
    /// SHA-256 in hexadecimal: of the file, or of the list of digests when it includes others.
    pub file_digest: String,
    /// The file and those that it includes, in the order in which they were read.
    pub files: Vec<GateFile>,
    /// The policy files that it keeps to, besides its own policy.
    pub policies: Vec<GateFile>,
    /// The environment whose values hold.
    pub environment: Option<String>,
    /// The phases it declares, in order.
    pub phases: Vec<String>,
    /// The tags it declares.
    pub tags: Vec<String>,
    /// Its variables with their origin.
    pub variables: Vec<Variable>,
    /// The names of its secrets.
    pub secrets: Vec<String>,
    /// The names of the secrets for which something else stands in, so that the gate cannot be run.
    ///
    /// There are none where secrets are resolved.
    pub stand_ins: Vec<String>,
    /// Removes its secrets from text.
    pub redactor: Redactor,
    /// Seconds for which a GO holds.
    pub valid_for: Option<Decimal>,
    /// The oldest gonogo that may judge it.
    pub min_version: Option<Version>,
    /// Its variables and secrets as they are declared.
    pub declared: Vec<DeclaredName>,
    /// The texts of the top level that read a variable of the environment or a secret, by their keys.
    pub written: BTreeMap<String, String>,
    /// The checks, in the order of the file.
    pub checks: Vec<Check>,
    /// The checks that the file itself leaves out, by `when`.
    pub excluded: Vec<Excluded>,
    /// The groups, in the order of the file.
    pub groups: Vec<Group>,
    /// The waivers, those of the gate before those of single checks; the first that covers is used.
    pub waivers: Vec<Waiver>,
}

/// A variable or a secret as it is declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredName {
    /// Its name.
    pub name: String,
    /// Whether it is a secret.
    pub is_secret: bool,
    /// The environment variable that sets it.
    pub env: Option<String>,
    /// The file or the command that a secret comes from.
    pub source: Option<String>,
    /// Its constant, or the value it has when nothing sets it.
    pub default: Option<String>,
    /// The file in which it stands.
    pub file: String,
    /// Its line in that file.
    pub line: u32,
}

/// A check.
#[derive(Debug, Clone)]
pub struct Check {
    /// Its id, expanded.
    pub id: Id,
    /// The id in the file when the check is an instance of an `each`; it stands for all of them.
    pub each_of: Option<Id>,
    /// Its title; the id when it has none.
    pub title: String,
    /// Its kind.
    pub kind: &'static KindDecl,
    /// The compiled probe.
    pub probe: Arc<dyn Probe>,
    /// What is expected, built-in expectations included.
    pub expectations: Expectations,
    /// The kind's options in force, secrets by name.
    pub options: BTreeMap<&'static str, Cow<'static, str>>,
    /// The kind's fields as they were read, for comparing two gates.
    pub fields: Fields,
    /// The texts that read a variable of the environment or a secret, as they are written, by their keys.
    pub written: BTreeMap<String, String>,
    /// The options in which something stands in for a secret that is not here.
    pub stand_ins: Vec<&'static str>,
    /// How much it weighs.
    pub severity: Severity,
    /// The phases it belongs to; none means all.
    pub phases: Vec<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// The group it is judged with.
    pub group: Option<Id>,
    /// What must pass first: expanded checks, and groups.
    pub needs: Vec<Id>,
    /// How long one attempt may take.
    pub timeout: Duration,
    /// The most attempts a round makes.
    pub attempts: u32,
    /// The wait between attempts.
    pub backoff: Duration,
    /// How many passing attempts in a row it takes.
    pub consecutive: u32,
    /// For how long a pass is proof.
    pub max_age: Option<Duration>,
    /// Who owns it.
    pub owner: Option<String>,
    /// Where to read what to do.
    pub runbook: Option<String>,
    /// The lines of a checklist that it answers.
    pub covers: Vec<String>,
    /// The file in which it stands.
    pub file: String,
    /// Its line in that file.
    pub line: u32,
}

impl Check {
    /// Returns what it looks at, in one line, without secrets; a secret that is not here is shown by name.
    #[must_use]
    pub fn subject(&self) -> String {
        let shown = self.options.get(self.kind.short);
        match shown.filter(|_| !self.stand_ins.is_empty()) {
            Some(shown) => shown.clone().into_owned(),
            None => self.probe.subject(),
        }
    }
}

/// A group.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its id.
    pub id: Id,
    /// Its title; the id when it has none.
    pub title: String,
    /// How much it weighs.
    pub severity: Severity,
    /// How many members must pass.
    pub quorum: Quorum,
    /// The lines of a checklist that it answers.
    pub covers: Vec<String>,
    /// The file in which it stands.
    pub file: String,
    /// Its line in that file.
    pub line: u32,
}

/// A waiver, or the quarantine of a check.
#[derive(Debug, Clone)]
pub struct Waiver {
    /// The id or glob that it names, as it is written; of a quarantine, the id of its check.
    pub check: String,
    /// Every check of the gate that it names.
    pub checks: Vec<Id>,
    /// The one code that it covers; any unless given.
    pub code: Option<String>,
    /// Why it is granted.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Where it is discussed.
    pub ticket: Option<String>,
    /// When it ends.
    pub until: Until,
    /// The most checks that it covers at once; only a quarantine has one.
    pub quarantine: Option<u32>,
    /// The file it stands in.
    pub file: String,
    /// Its line in it, from 1.
    pub line: u32,
}
