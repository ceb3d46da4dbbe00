//! The fields of one check.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::{FieldValue, RootsSource, SecretText};
use crate::node::Span;

/// The fields of one check, read by the declaration of its kind, defaults filled in.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    /// By name; a kind has a few dozen at most, which a list holds in less room than a tree.
    values: Vec<(&'static str, (FieldValue, Span))>,
    /// What holds of fields that have no value of their own; shared by the checks of a kind.
    defaults: Arc<[(&'static str, (FieldValue, Span))]>,
    wanted: Vec<&'static str>,
}

impl Fields {
    /// Returns fields that have nothing but defaults.
    #[must_use]
    pub fn of_defaults(defaults: impl IntoIterator<Item = (&'static str, FieldValue)>) -> Self {
        let defaults = defaults.into_iter();
        Self {
            defaults: defaults
                .map(|(name, value)| (name, (value, Span::NOWHERE)))
                .collect(),
            ..Self::default()
        }
    }

    /// Puts a value in.
    pub fn insert(&mut self, name: &'static str, value: FieldValue, span: Span) {
        let place = self.values.iter_mut().find(|(known, _)| *known == name);
        match place {
            Some((_, known)) => *known = (value, span),
            None => {
                // Most checks give one field; room for four would be the most of what a check holds.
                self.values.reserve_exact(1);
                self.values.push((name, (value, span)));
            }
        }
    }

    /// Says which facts the check's expectations look at.
    pub fn set_wanted(&mut self, facts: impl IntoIterator<Item = &'static str>) {
        self.wanted = facts.into_iter().collect();
    }

    /// Returns whether an expectation looks at a fact, so that a costly one is read only then.
    #[must_use]
    pub fn wants(&self, fact: &str) -> bool {
        self.wanted.contains(&fact)
    }

    /// Returns the value of a field and its place.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&(FieldValue, Span)> {
        let mut all = self.values.iter().chain(&*self.defaults);
        let found = all.find(|(known, _)| *known == name);
        found.map(|(_, value)| value)
    }

    /// Returns the fields that have a value.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &FieldValue)> {
        let is_given = |name: &str| self.values.iter().any(|(known, _)| *known == name);
        let defaults = self
            .defaults
            .iter()
            .filter(move |(name, _)| !is_given(name));
        let all = self.values.iter().chain(defaults);
        all.map(|(name, (value, _))| (*name, value))
    }

    /// Returns a text, a name or a word.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&SecretText> {
        match self.get(name) {
            Some((FieldValue::Text(text) | FieldValue::Url(_, text), _)) => Some(text),
            _ => None,
        }
    }

    /// Returns a URL.
    #[must_use]
    pub fn url(&self, name: &str) -> Option<&url::Url> {
        match self.get(name) {
            Some((FieldValue::Url(url, _), _)) => Some(url),
            _ => None,
        }
    }

    /// Returns a host and a port.
    #[must_use]
    pub fn address(&self, name: &str) -> Option<(&str, u16)> {
        match self.get(name) {
            Some((FieldValue::Address(host, port), _)) => Some((host, *port)),
            _ => None,
        }
    }

    /// Returns a whole number.
    #[must_use]
    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            Some((FieldValue::Integer(number), _)) => Some(*number),
            _ => None,
        }
    }

    /// Returns a span of time.
    #[must_use]
    pub fn duration(&self, name: &str) -> Option<Duration> {
        match self.get(name) {
            Some((FieldValue::Duration(duration), _)) => Some(*duration),
            _ => None,
        }
    }

    /// Returns a size in bytes.
    #[must_use]
    pub fn size(&self, name: &str) -> Option<u64> {
        match self.get(name) {
            Some((FieldValue::Size(size), _)) => Some(*size),
            _ => None,
        }
    }

    /// Returns whether a switch is on; one that is not declared is off.
    #[must_use]
    pub fn is_on(&self, name: &str) -> bool {
        matches!(self.get(name), Some((FieldValue::Boolean(true), _)))
    }

    /// Returns a list of texts; empty when it is not given.
    #[must_use]
    pub fn texts(&self, name: &str) -> &[SecretText] {
        match self.get(name) {
            Some((FieldValue::Texts(texts), _)) => texts,
            _ => &[],
        }
    }

    /// Returns a map of texts; empty when it is not given.
    #[must_use]
    pub fn text_map(&self, name: &str) -> &[(String, SecretText)] {
        match self.get(name) {
            Some((FieldValue::TextMap(entries), _)) => entries,
            _ => &[],
        }
    }

    /// Returns a JSON document.
    #[must_use]
    pub fn json(&self, name: &str) -> Option<&serde_json::Value> {
        match self.get(name) {
            Some((FieldValue::Json(json), _)) => Some(json),
            _ => None,
        }
    }

    /// Returns a path.
    #[must_use]
    pub fn path(&self, name: &str) -> Option<&Path> {
        match self.get(name) {
            Some((FieldValue::Path(path) | FieldValue::File(path, _), _)) => Some(path),
            _ => None,
        }
    }

    /// Returns what is in a file that was read when the gate was loaded.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&Arc<[u8]>> {
        match self.get(name) {
            Some((FieldValue::File(_, bytes), _)) => Some(bytes),
            _ => None,
        }
    }

    /// Returns where trust begins.
    #[must_use]
    pub fn roots(&self, name: &str) -> Arc<RootsSource> {
        match self.get(name) {
            Some((FieldValue::Roots(roots), _)) => Arc::clone(roots),
            _ => Arc::new(RootsSource::system()),
        }
    }
}
