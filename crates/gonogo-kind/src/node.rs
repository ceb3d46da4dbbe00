//! The tree of a gate file, every part with its place in the source.

use std::fmt;

/// A source file, by its place in the list of files that were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u16);

/// A stretch of a source file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: usize,
    /// The byte after the last; a block has its first line.
    pub end: usize,
    /// The line of the first byte, from 1.
    pub line: u32,
    /// The column of the first byte in characters, from 1.
    pub column: u32,
}

impl Span {
    /// A place in no file: what the command line or a test brought.
    pub const NOWHERE: Self = Self {
        file: FileId(u16::MAX),
        start: 0,
        end: 0,
        line: 0,
        column: 0,
    };
}

/// A thing and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The thing.
    pub value: T,
    /// Its place.
    pub span: Span,
}

/// A node of the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is.
    pub value: NodeValue,
    /// Its place.
    pub span: Span,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeValue {
    /// Text; which type it has is decided by whoever reads it.
    Scalar(Scalar),
    /// A list.
    List(Vec<Node>),
    /// A map; keys are unique.
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Spanned<String>,
    /// The value.
    pub value: Node,
}

/// The text of a scalar, variables put in.
#[derive(Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The text.
    pub text: String,
    /// How it was written.
    pub style: ScalarStyle,
    /// Whether a secret was put in; such a text is never shown.
    pub secret: bool,
}

/// How a scalar was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarStyle {
    /// Without quotes.
    Plain,
    /// In single or double quotes.
    Quoted,
    /// As a block, after `|` or `>`.
    Block,
}

impl Scalar {
    /// Returns whether the scalar is null by the core schema: nothing, `~` or `null`, without quotes.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.style == ScalarStyle::Plain
            && matches!(self.text.as_str(), "" | "~" | "null" | "Null" | "NULL")
    }

    /// Returns the text as a diagnostic may show it.
    #[must_use]
    pub fn shown(&self) -> &str {
        if self.secret {
            "[redacted]"
        } else {
            &self.text
        }
    }
}

impl fmt::Debug for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scalar")
            .field("text", &self.shown())
            .field("style", &self.style)
            .finish()
    }
}

impl Node {
    /// Returns a plain scalar without a place, as the command line and tests make them.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::scalar(text.into(), ScalarStyle::Plain)
    }

    /// Returns a quoted scalar without a place.
    pub fn quoted(text: impl Into<String>) -> Self {
        Self::scalar(text.into(), ScalarStyle::Quoted)
    }

    const fn scalar(text: String, style: ScalarStyle) -> Self {
        let scalar = Scalar {
            text,
            style,
            secret: false,
        };
        Self {
            value: NodeValue::Scalar(scalar),
            span: Span::NOWHERE,
        }
    }

    /// Returns the scalar, if the node is one.
    #[must_use]
    pub const fn as_scalar(&self) -> Option<&Scalar> {
        match &self.value {
            NodeValue::Scalar(scalar) => Some(scalar),
            NodeValue::List(_) | NodeValue::Map(_) => None,
        }
    }

    /// Returns the value of a key, if the node is a map that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match &self.value {
            NodeValue::Map(entries) => entries
                .iter()
                .find(|e| e.key.value == key)
                .map(|e| &e.value),
            NodeValue::Scalar(_) | NodeValue::List(_) => None,
        }
    }

    /// Returns what the node is, with its article: `a list`.
    #[must_use]
    pub fn describe(&self) -> &'static str {
        match &self.value {
            NodeValue::Scalar(scalar) if scalar.is_null() => "nothing",
            NodeValue::Scalar(scalar) if scalar.style == ScalarStyle::Block => "a block of text",
            NodeValue::Scalar(_) => "a single value",
            NodeValue::List(_) => "a list",
            NodeValue::Map(_) => "a map",
        }
    }
}
