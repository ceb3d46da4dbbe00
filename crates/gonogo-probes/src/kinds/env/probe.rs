//! The probe of `env`.

use std::path::PathBuf;

use gonogo_kind::{BoxFuture, Pattern, Probe, ProbeCx};
use gonogo_model::{Effect, Fault, Observation, Value};

use super::codes;
use super::dsn::Dsn;
use super::placeholder::is_placeholder;
use super::settings::Settings;

/// Which settings, and what must not be wrong with them.
#[derive(Debug)]
pub(super) struct EnvProbe {
    pub(super) names: Vec<String>,
    pub(super) file: Option<PathBuf>,
    pub(super) patterns: Vec<(String, Pattern)>,
    /// In small letters.
    pub(super) forbid: Vec<String>,
    pub(super) allow_placeholders: Vec<String>,
    pub(super) differs_from: Option<PathBuf>,
    pub(super) shared: Vec<String>,
    pub(super) dsn: Option<String>,
}

/// The names of which one thing is wrong, and all of them with their reasons.
#[derive(Default)]
struct Wrong {
    sentences: Vec<String>,
    missing: Vec<String>,
    mismatched: Vec<String>,
    placeholders: Vec<String>,
    forbidden: Vec<String>,
    same: Vec<String>,
}

impl Probe for EnvProbe {
    fn effect(&self) -> Effect {
        Effect::Reads
    }

    fn subject(&self) -> String {
        let place = self.file.as_ref().map_or_else(
            || "the environment".to_owned(),
            |file| file.display().to_string(),
        );
        match self.names.as_slice() {
            [name] => format!("{name} in {place}"),
            names => format!("{} variables in {place}", names.len()),
        }
    }

    fn origin(&self) -> Option<String> {
        None
    }

    fn observe<'a>(&'a self, _cx: &'a ProbeCx) -> BoxFuture<'a, Observation> {
        Box::pin(async move {
            let mut observation = Observation::default();
            if let Err(fault) = self.look(&mut observation) {
                observation.faults.push(fault);
            }
            observation
        })
    }
}

impl EnvProbe {
    fn look(&self, observation: &mut Observation) -> Result<(), Fault> {
        let settings = match &self.file {
            None => Settings::of_environment(self.names.iter().map(String::as_str)),
            Some(file) => Settings::of_file(file)?,
        };
        let other = match &self.differs_from {
            None => None,
            Some(file) => Some(Settings::of_file(file)?),
        };
        let mut wrong = Wrong::default();
        for name in &self.names {
            match settings.get(name) {
                None => wrong.note(name, "is not set", |wrong| &mut wrong.missing),
                Some(value) => self.judge(name, value, other.as_ref(), &mut wrong),
            }
        }
        let set = self.names.len() - wrong.missing.len();
        observation.set("wrong", Value::texts(wrong.sentences));
        observation.set("missing", Value::texts(wrong.missing));
        observation.set("placeholders", Value::texts(wrong.placeholders));
        observation.set("set", Value::integer(set as u64));
        if !self.patterns.is_empty() {
            observation.set("mismatched", Value::texts(wrong.mismatched));
        }
        if !self.forbid.is_empty() {
            observation.set("forbidden", Value::texts(wrong.forbidden));
        }
        if other.is_some() {
            observation.set("same", Value::texts(wrong.same));
        }
        let dsn = self
            .dsn
            .as_ref()
            .and_then(|name| Some((name, settings.get(name)?)));
        if let Some((name, value)) = dsn {
            let dsn = Dsn::read(value).ok_or_else(|| {
                Fault::new(
                    codes::NOT_A_DSN,
                    format!("the value of {name} is not a connection string"),
                )
            })?;
            for (fact, reading) in dsn.facts() {
                observation.set(fact, reading);
            }
        }
        Ok(())
    }

    /// Notes what is wrong with a value, and never the value.
    fn judge(&self, name: &String, value: &str, other: Option<&Settings>, wrong: &mut Wrong) {
        if let Some((_, pattern)) = self.patterns.iter().find(|(known, _)| known == name)
            && !pattern.is_in(value)
        {
            wrong.note(name, "does not match its pattern", |wrong| {
                &mut wrong.mismatched
            });
        }
        if !self.allow_placeholders.contains(name) && is_placeholder(value) {
            wrong.note(name, "holds a placeholder", |wrong| &mut wrong.placeholders);
        }
        let small = value.to_lowercase();
        if let Some(word) = self
            .forbid
            .iter()
            .find(|word| small.contains(word.as_str()))
        {
            let sentence = format!("holds `{word}`");
            wrong.note(name, &sentence, |wrong| &mut wrong.forbidden);
        }
        let same = other.and_then(|other| other.get(name)) == Some(value);
        if same && !self.shared.contains(name) {
            wrong.note(name, "is the same in the other environment", |wrong| {
                &mut wrong.same
            });
        }
    }
}

impl Wrong {
    fn note(&mut self, name: &str, sentence: &str, list: impl Fn(&mut Self) -> &mut Vec<String>) {
        self.sentences.push(format!("{name} {sentence}"));
        list(self).push(name.to_owned());
    }
}
