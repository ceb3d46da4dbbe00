//! YAML of other programs, within a budget: compose files, manifests.
//!
//! What comes out are texts, lists and maps with their lines. An error says where, and never what
//! stands there: such files hold secrets.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_yaml::Spanned;
use serde_yaml::options::{DuplicateKeyPolicy, MergeKeyPolicy};

/// A value and the line that it begins in.
#[derive(Debug, Clone)]
pub(crate) struct Yaml {
    pub(crate) line: usize,
    pub(crate) value: Content,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    /// Nothing.
    Null,
    /// A single value as text; numbers and booleans, too.
    Text(String),
    /// A list.
    List(Vec<Yaml>),
    /// A map, in its order.
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: String,
    /// The line of the key.
    pub(crate) line: usize,
    pub(crate) value: Yaml,
}

/// Reads every document of a text.
///
/// # Errors
///
/// Why it cannot be read, with the line, as a lowercase fragment.
pub(crate) fn read(text: &str) -> Result<Vec<Yaml>, String> {
    let options = serde_yaml::options! {
        budget: serde_yaml::budget! {
            max_nodes: MAX_NODES,
            max_events: MAX_NODES * 3,
            max_depth: MAX_DEPTH,
            flow_nesting_limit: MAX_DEPTH,
            max_documents: MAX_DOCUMENTS,
            max_aliases: 1000,
            max_anchors: 1000,
            max_recorded_anchor_events: MAX_NODES * 3,
            max_total_scalar_bytes: MAX_TEXT,
            max_recorded_anchor_bytes: MAX_TEXT,
            max_merge_keys: 1000,
        },
        alias_limits: serde_yaml::alias_limits! {
            max_total_replayed_events: MAX_NODES,
        },
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::Merge,
        strict_booleans: true,
        with_snippet: false,
    };
    serde_yaml::from_multiple_with_options(text, options).map_err(|error| match error.location() {
        Some(place) if place.line() > 0 => {
            format!("line {} is not YAML that can be read", place.line())
        }
        _ => "it is not YAML that can be read, or larger than it looks".to_owned(),
    })
}

impl Yaml {
    /// Returns the value of a key, if this is a map that has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.entries()
            .iter()
            .find(|entry| entry.key == key)
            .map(|entry| &entry.value)
    }

    /// Returns what stands at the end of a way of keys.
    pub(crate) fn at(&self, way: &[&str]) -> Option<&Self> {
        way.iter().try_fold(self, |here, key| here.get(key))
    }

    /// Returns the text under a key.
    pub(crate) fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// Returns the text, if this is a single value.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Content::Text(text) => Some(text),
            Content::Null | Content::List(_) | Content::Map(_) => None,
        }
    }

    /// Returns the items of a list; of anything else, none.
    pub(crate) fn items(&self) -> &[Self] {
        match &self.value {
            Content::List(items) => items,
            Content::Null | Content::Text(_) | Content::Map(_) => &[],
        }
    }

    /// Returns the entries of a map; of anything else, none.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.value {
            Content::Map(entries) => entries,
            Content::Null | Content::Text(_) | Content::List(_) => &[],
        }
    }
}

impl<'de> Deserialize<'de> for Yaml {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Content>::deserialize(deserializer)?;
        Ok(Self {
            line: usize::try_from(spanned.referenced.line()).unwrap_or_default(),
            value: spanned.value,
        })
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ContentVisitor)
    }
}

struct ContentVisitor;

impl<'de> Visitor<'de> for ContentVisitor {
    type Value = Content;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Content, E> {
        Ok(Content::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Content, E> {
        Ok(Content::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Content, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Content, E> {
        Ok(Content::Text(value.to_string()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Content, E> {
        Ok(Content::Text(value.to_string()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Content, E> {
        Ok(Content::Text(value.to_string()))
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Content, E> {
        Ok(Content::Text(value.to_string()))
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Content, E> {
        Ok(Content::Text(value.to_string()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Content, E> {
        Ok(Content::Text(value.to_string()))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Content, E> {
        Ok(Content::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Content, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Content::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Content, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key::<Yaml>()? {
            let value: Yaml = map.next_value()?;
            let Content::Text(text) = key.value else {
                return Err(A::Error::custom("a key is a single text"));
            };
            entries.push(Entry {
                key: text,
                line: key.line,
                value,
            });
        }
        Ok(Content::Map(entries))
    }
}

/// The most values of a file, aliases written out.
const MAX_NODES: usize = 20_000;
const MAX_DEPTH: usize = 64;
const MAX_DOCUMENTS: usize = 500;
const MAX_TEXT: usize = 4 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_the_keys_and_merges_apply() {
        let text = "a: &base\n  ports: ['80:80']\nb:\n  <<: *base\n  on: yes\n---\nc: 010\n";
        let documents = read(text).unwrap();
        let first = &documents[0];
        assert_eq!(first.entries()[1].line, 3);
        assert_eq!(first.at(&["b", "ports"]).unwrap().items().len(), 1);
        assert_eq!(first.at(&["b", "on"]).unwrap().text(), Some("yes"));
        assert_eq!(documents[1].entries()[0].line, 7);
    }

    #[test]
    fn what_is_no_yaml_is_told_without_its_words() {
        for text in [
            "a: canary-1\nb: [canary-2\n",
            "a: 1\na: canary-3\n",
            "*canary-4",
        ] {
            let why = read(text).unwrap_err();
            assert!(!why.contains("canary"), "{why}");
        }
    }
}
