//! Fields: the keys of a kind's long form, declared once and read by their declaration.

mod fields;
mod place;
mod read;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::node::Scalar;

pub use self::fields::Fields;
pub use self::read::{read_field, to_json};

/// The declaration of a field.
#[derive(Debug)]
pub struct FieldDecl {
    /// The key, snake_case.
    pub name: &'static str,
    /// What may stand there.
    pub ty: FieldType,
    /// Whether the field must be given.
    pub required: bool,
    /// The value in force when it is not given, as it would stand in a gate file.
    pub default: Option<&'static str>,
    /// What it does, in one sentence, with unit and range.
    pub sentence: &'static str,
    /// A value that makes sense, as it would stand in a gate file.
    pub example: &'static str,
}

/// What may stand in a field.
#[derive(Debug, Clone, Copy)]
pub enum FieldType {
    /// Any text that is not empty.
    Text,
    /// An absolute URL with one of these schemes.
    Url(&'static [&'static str]),
    /// `host:port`; the port may be left out when there is a default.
    Address(Option<u16>),
    /// A host or domain name.
    Name,
    /// A whole number within a range, ends included.
    Integer {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// A span of time above zero, with its unit.
    Duration,
    /// A size with its unit, above zero.
    Size,
    /// `true` or `false`.
    Boolean,
    /// One of these words.
    Choice(&'static [Choice]),
    /// A list of texts that is not empty.
    Texts,
    /// A map from names to texts.
    TextMap,
    /// Any YAML, read as JSON.
    Json,
    /// A path, relative to the gate file's folder.
    Path,
    /// Where trust begins: `system`, or files of PEM certificates, or a list of these.
    Roots,
    /// A file that is read when the gate is loaded, relative to the gate file's folder.
    File,
}

/// One word of a field that has a fixed set of them.
#[derive(Debug)]
pub struct Choice {
    /// The word.
    pub word: &'static str,
    /// What it means, in one sentence.
    pub sentence: &'static str,
}

/// A text that may hold a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText {
    /// The text.
    pub text: String,
    /// Whether a secret was put in.
    pub secret: bool,
}

/// What a field was read as.
#[derive(Clone, PartialEq)]
pub enum FieldValue {
    /// Of [`FieldType::Text`], [`FieldType::Name`] and [`FieldType::Choice`].
    Text(SecretText),
    /// Of [`FieldType::Url`]; kept as text too, since a URL's parts are re-encoded.
    Url(url::Url, SecretText),
    /// Of [`FieldType::Address`]: a host (an IPv6 address without brackets) and a port.
    Address(String, u16),
    /// Of [`FieldType::Integer`].
    Integer(i64),
    /// Of [`FieldType::Duration`].
    Duration(Duration),
    /// Of [`FieldType::Size`], in bytes.
    Size(u64),
    /// Of [`FieldType::Boolean`].
    Boolean(bool),
    /// Of [`FieldType::Texts`].
    Texts(Vec<SecretText>),
    /// Of [`FieldType::TextMap`], in the order of the file.
    TextMap(Vec<(String, SecretText)>),
    /// Of [`FieldType::Json`].
    Json(serde_json::Value),
    /// Of [`FieldType::Path`].
    Path(PathBuf),
    /// Of [`FieldType::Roots`].
    Roots(Arc<RootsSource>),
    /// Of [`FieldType::File`]: the path and what is in it.
    File(PathBuf, Arc<[u8]>),
}

/// Where trust begins.
#[derive(Clone, PartialEq, Eq)]
pub struct RootsSource {
    /// Whether the machine's own roots count.
    pub system: bool,
    /// Files of PEM certificates, with what is in them.
    pub files: Vec<(PathBuf, Arc<[u8]>)>,
}

/// A mistake in a field that shows only when the fields are taken together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldMistake {
    /// The field.
    pub field: &'static str,
    /// What is wrong, as a lowercase fragment.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl FieldMistake {
    /// Returns a mistake at a field.
    pub fn new(field: &'static str, message: impl Into<String>) -> Self {
        Self {
            field,
            message: message.into(),
            hint: None,
        }
    }

    /// Sets the hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// What reading a field may use.
pub struct ReadCx<'a> {
    /// The folder that paths are relative to.
    pub base: &'a Path,
    /// Reads a file, up to a limit of 4 MiB.
    pub read_file: &'a dyn Fn(&Path) -> std::io::Result<Vec<u8>>,
    /// The roots in force where a field of type [`FieldType::Roots`] is not given.
    pub roots: Arc<RootsSource>,
}

impl RootsSource {
    /// The machine's own roots.
    #[must_use]
    pub const fn system() -> Self {
        Self {
            system: true,
            files: Vec::new(),
        }
    }
}

impl fmt::Debug for FieldValue {
    /// Shows no URL and no document that may hold a secret, and no file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({text:?})"),
            Self::Url(url, text) if text.secret || url.password().is_some() => {
                write!(f, "Url({}://[redacted])", url.scheme())
            }
            Self::Url(url, _) => write!(f, "Url({url})"),
            Self::Address(host, port) => write!(f, "Address({host:?}, {port})"),
            Self::Integer(number) => write!(f, "Integer({number})"),
            Self::Duration(duration) => write!(f, "Duration({duration:?})"),
            Self::Size(size) => write!(f, "Size({size})"),
            Self::Boolean(yes) => write!(f, "Boolean({yes})"),
            Self::Texts(texts) => write!(f, "Texts({texts:?})"),
            Self::TextMap(texts) => write!(f, "TextMap({texts:?})"),
            Self::Json(_) => f.write_str("Json(...)"),
            Self::Path(path) => write!(f, "Path({})", path.display()),
            Self::Roots(roots) => write!(f, "Roots({roots:?})"),
            Self::File(path, bytes) => {
                write!(f, "File({}, {} bytes)", path.display(), bytes.len())
            }
        }
    }
}

impl fmt::Debug for RootsSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files: Vec<_> = self.files.iter().map(|(path, _)| path).collect();
        f.debug_struct("RootsSource")
            .field("system", &self.system)
            .field("files", &files)
            .finish()
    }
}

impl fmt::Debug for ReadCx<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadCx")
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}

impl SecretText {
    /// Returns a text that holds no secret.
    pub fn open(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            secret: false,
        }
    }

    /// Returns the text as it may be shown.
    #[must_use]
    pub fn shown(&self) -> &str {
        if self.secret {
            "[redacted]"
        } else {
            &self.text
        }
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.shown(), f)
    }
}

impl From<&Scalar> for SecretText {
    fn from(scalar: &Scalar) -> Self {
        Self {
            text: scalar.text.clone(),
            secret: scalar.secret,
        }
    }
}

#[cfg(test)]
mod tests;
