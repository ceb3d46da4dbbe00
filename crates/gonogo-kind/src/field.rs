//! Fields: the keys of a kind's long form, declared once and read by their declaration.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::node::{Node, NodeValue, Scalar, ScalarStyle, Span};
use crate::suggest::closest;
use crate::unit;

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
#[derive(Debug, Clone)]
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

/// The fields of one check, read by the declaration of its kind, defaults filled in.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    values: BTreeMap<&'static str, (FieldValue, Span)>,
    wanted: BTreeSet<&'static str>,
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

impl Fields {
    /// Puts a value in.
    pub fn insert(&mut self, name: &'static str, value: FieldValue, span: Span) {
        self.values.insert(name, (value, span));
    }

    /// Says which facts the check's expectations look at.
    pub fn set_wanted(&mut self, facts: impl IntoIterator<Item = &'static str>) {
        self.wanted = facts.into_iter().collect();
    }

    /// Returns whether an expectation looks at a fact, so that a costly one is read only then.
    #[must_use]
    pub fn wants(&self, fact: &str) -> bool {
        self.wanted.contains(fact)
    }

    /// Returns the value of a field and its place.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&(FieldValue, Span)> {
        self.values.get(name)
    }

    /// Returns the fields that have a value.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &FieldValue)> {
        self.values.iter().map(|(name, (value, _))| (*name, value))
    }

    /// Returns a text, a name or a word.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&SecretText> {
        match self.values.get(name) {
            Some((FieldValue::Text(text) | FieldValue::Url(_, text), _)) => Some(text),
            _ => None,
        }
    }

    /// Returns a URL.
    #[must_use]
    pub fn url(&self, name: &str) -> Option<&url::Url> {
        match self.values.get(name) {
            Some((FieldValue::Url(url, _), _)) => Some(url),
            _ => None,
        }
    }

    /// Returns a host and a port.
    #[must_use]
    pub fn address(&self, name: &str) -> Option<(&str, u16)> {
        match self.values.get(name) {
            Some((FieldValue::Address(host, port), _)) => Some((host, *port)),
            _ => None,
        }
    }

    /// Returns a whole number.
    #[must_use]
    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.values.get(name) {
            Some((FieldValue::Integer(number), _)) => Some(*number),
            _ => None,
        }
    }

    /// Returns a span of time.
    #[must_use]
    pub fn duration(&self, name: &str) -> Option<Duration> {
        match self.values.get(name) {
            Some((FieldValue::Duration(duration), _)) => Some(*duration),
            _ => None,
        }
    }

    /// Returns a size in bytes.
    #[must_use]
    pub fn size(&self, name: &str) -> Option<u64> {
        match self.values.get(name) {
            Some((FieldValue::Size(size), _)) => Some(*size),
            _ => None,
        }
    }

    /// Returns whether a switch is on; one that is not declared is off.
    #[must_use]
    pub fn is_on(&self, name: &str) -> bool {
        matches!(self.values.get(name), Some((FieldValue::Boolean(true), _)))
    }

    /// Returns a list of texts; empty when it is not given.
    #[must_use]
    pub fn texts(&self, name: &str) -> &[SecretText] {
        match self.values.get(name) {
            Some((FieldValue::Texts(texts), _)) => texts,
            _ => &[],
        }
    }

    /// Returns a map of texts; empty when it is not given.
    #[must_use]
    pub fn text_map(&self, name: &str) -> &[(String, SecretText)] {
        match self.values.get(name) {
            Some((FieldValue::TextMap(entries), _)) => entries,
            _ => &[],
        }
    }

    /// Returns a JSON document.
    #[must_use]
    pub fn json(&self, name: &str) -> Option<&serde_json::Value> {
        match self.values.get(name) {
            Some((FieldValue::Json(json), _)) => Some(json),
            _ => None,
        }
    }

    /// Returns a path.
    #[must_use]
    pub fn path(&self, name: &str) -> Option<&Path> {
        match self.values.get(name) {
            Some((FieldValue::Path(path) | FieldValue::File(path, _), _)) => Some(path),
            _ => None,
        }
    }

    /// Returns what is in a file that was read when the gate was loaded.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&Arc<[u8]>> {
        match self.values.get(name) {
            Some((FieldValue::File(_, bytes), _)) => Some(bytes),
            _ => None,
        }
    }

    /// Returns where trust begins.
    #[must_use]
    pub fn roots(&self, name: &str) -> Arc<RootsSource> {
        match self.values.get(name) {
            Some((FieldValue::Roots(roots), _)) => Arc::clone(roots),
            _ => Arc::new(RootsSource::system()),
        }
    }
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

/// Reads one field; mistakes go to `diagnostics`, and `None` comes back.
pub fn read_field(
    node: &Node,
    decl: &FieldDecl,
    cx: &ReadCx<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<FieldValue> {
    match read(node, decl, cx) {
        Ok(value) => Some(value),
        Err(mistake) => {
            diagnostics.push(mistake.into_diagnostic(node, decl));
            None
        }
    }
}

/// Why a node cannot be read as a field; `span` when only a part of the node is to blame.
struct Misread {
    code: &'static str,
    message: String,
    hint: Option<String>,
    span: Option<Span>,
}

impl Misread {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            hint: None,
            span: None,
        }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    fn into_diagnostic(self, node: &Node, decl: &FieldDecl) -> Diagnostic {
        let message = format!("{}: {}", decl.name, self.message);
        let hint = self
            .hint
            .unwrap_or_else(|| format!("for example `{}: {}`", decl.name, decl.example));
        Diagnostic::error(self.code, message, self.span.unwrap_or(node.span)).hint(hint)
    }
}

fn read(node: &Node, decl: &FieldDecl, cx: &ReadCx<'_>) -> Result<FieldValue, Misread> {
    match decl.ty {
        FieldType::Text => Ok(FieldValue::Text(text(node)?.into())),
        FieldType::Name => read_name(text(node)?),
        FieldType::Url(schemes) => read_url(text(node)?, schemes),
        FieldType::Address(port) => read_address(text(node)?, port),
        FieldType::Integer { min, max } => read_integer(text(node)?, min, max),
        FieldType::Duration => read_duration(text(node)?),
        FieldType::Size => read_size(text(node)?),
        FieldType::Boolean => read_boolean(text(node)?),
        FieldType::Choice(choices) => read_choice(text(node)?, choices),
        FieldType::Texts => texts(node)
            .map(FieldValue::Texts)
            // The sentence says why it is a list: a command line in one text is a common mistake.
            .map_err(|mistake| {
                let (name, example) = (decl.name, decl.example);
                mistake.hint(format!(
                    "{} For example `{name}: {example}`.",
                    decl.sentence
                ))
            }),
        FieldType::TextMap => text_map(node).map(FieldValue::TextMap),
        FieldType::Json => Ok(FieldValue::Json(to_json(node))),
        FieldType::Path => Ok(FieldValue::Path(cx.base.join(&text(node)?.text))),
        FieldType::File => {
            let (path, bytes) = read_file(text(node)?, cx)?;
            Ok(FieldValue::File(path, bytes))
        }
        FieldType::Roots => read_roots(node, cx),
    }
}

/// Returns the scalar of a node that must be one value, and not nothing.
fn text(node: &Node) -> Result<&Scalar, Misread> {
    match node.as_scalar() {
        Some(scalar) if scalar.is_null() || scalar.text.is_empty() => {
            Err(Misread::new("config/empty_value", "is empty"))
        }
        Some(scalar) => Ok(scalar),
        None => Err(Misread::new(
            "config/wrong_type",
            format!("wants one value, not {}", node.describe()),
        )),
    }
}

fn read_name(scalar: &Scalar) -> Result<FieldValue, Misread> {
    let name = scalar.text.trim_end_matches('.');
    let label_fits = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'*'))
    };
    if name.len() > 253 || !name.split('.').all(label_fits) {
        return Err(Misread::new(
            "config/wrong_type",
            format!("`{}` is not a domain name", scalar.shown()),
        ));
    }
    Ok(FieldValue::Text(scalar.into()))
}

fn read_url(scalar: &Scalar, schemes: &'static [&'static str]) -> Result<FieldValue, Misread> {
    let wanted = schemes
        .iter()
        .map(|s| format!("{s}://"))
        .collect::<Vec<_>>()
        .join(", ");
    let url = url::Url::parse(&scalar.text).map_err(|error| {
        Misread::new(
            "config/wrong_type",
            format!("`{}` is not a URL: {error}", shown_url(scalar)),
        )
    })?;
    if !schemes.contains(&url.scheme()) {
        let message = format!(
            "wants a URL that begins with {wanted}, not `{}:`",
            url.scheme()
        );
        return Err(Misread::new("config/wrong_scheme", message));
    }
    Ok(FieldValue::Url(url, scalar.into()))
}

/// Shows a URL that could not be parsed without what may be its password.
fn shown_url(scalar: &Scalar) -> String {
    if scalar.secret || scalar.text.contains('@') {
        "[redacted]".to_owned()
    } else {
        scalar.text.clone()
    }
}

fn read_address(scalar: &Scalar, default: Option<u16>) -> Result<FieldValue, Misread> {
    let not = |why: &str| {
        Misread::new(
            "config/wrong_type",
            format!("`{}` is not host:port: {why}", scalar.shown()),
        )
    };
    if scalar.text.contains("://") {
        return Err(not("it is a URL"));
    }
    let (host, port) =
        split_address(&scalar.text).ok_or_else(|| not("brackets belong around an IPv6 address"))?;
    let port = match (port, default) {
        (Some(port), _) => port
            .parse()
            .ok()
            .filter(|p| *p != 0)
            .ok_or_else(|| not("a port is 1 to 65535"))?,
        (None, Some(default)) => default,
        (None, None) => return Err(not("the port is missing")),
    };
    if host.is_empty()
        || host
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || c == '/')
    {
        return Err(not("the host is missing or malformed"));
    }
    Ok(FieldValue::Address(host.to_owned(), port))
}

/// Splits `host:port`, `[v6]:port`, `host`, `v6`.
fn split_address(text: &str) -> Option<(&str, Option<&str>)> {
    if let Some(rest) = text.strip_prefix('[') {
        let (host, rest) = rest.split_once(']')?;
        host.parse::<std::net::Ipv6Addr>().ok()?;
        return if rest.is_empty() {
            Some((host, None))
        } else {
            Some((host, Some(rest.strip_prefix(':')?)))
        };
    }
    if text.parse::<std::net::Ipv6Addr>().is_ok() {
        return Some((text, None));
    }
    match text.split_once(':') {
        Some((_, rest)) if rest.contains(':') => None,
        Some((host, port)) => Some((host, Some(port))),
        None => Some((text, None)),
    }
}

fn read_integer(scalar: &Scalar, min: i64, max: i64) -> Result<FieldValue, Misread> {
    let number: i64 = unit::integer(&scalar.text)
        .map_err(|why| {
            Misread::new(
                "config/wrong_type",
                format!("`{}` is not a whole number: {why}", scalar.shown()),
            )
        })?
        .to_i128()
        .and_then(|n| i64::try_from(n).ok())
        .unwrap_or(i64::MAX);
    if (min..=max).contains(&number) {
        Ok(FieldValue::Integer(number))
    } else {
        Err(Misread::new(
            "config/out_of_range",
            format!("`{}` is not within {min} to {max}", scalar.shown()),
        ))
    }
}

fn read_duration(scalar: &Scalar) -> Result<FieldValue, Misread> {
    let seconds = unit::duration(&scalar.text).map_err(|why| {
        Misread::new(
            "config/wrong_unit",
            format!("`{}` is not a duration: {why}", scalar.shown()),
        )
    })?;
    match unit::to_std_duration(&seconds) {
        Some(duration) if !duration.is_zero() => Ok(FieldValue::Duration(duration)),
        _ => Err(Misread::new(
            "config/out_of_range",
            format!("`{}` is not a duration above zero", scalar.shown()),
        )),
    }
}

fn read_size(scalar: &Scalar) -> Result<FieldValue, Misread> {
    let bytes = unit::size(&scalar.text).map_err(|why| {
        Misread::new(
            "config/wrong_unit",
            format!("`{}` is not a size: {why}", scalar.shown()),
        )
    })?;
    match bytes.to_i128().and_then(|n| u64::try_from(n).ok()) {
        Some(size) if size > 0 => Ok(FieldValue::Size(size)),
        _ => Err(Misread::new(
            "config/out_of_range",
            format!("`{}` is not a size above zero", scalar.shown()),
        )),
    }
}

fn read_boolean(scalar: &Scalar) -> Result<FieldValue, Misread> {
    match (scalar.style, scalar.text.as_str()) {
        (ScalarStyle::Plain, "true" | "True" | "TRUE") => Ok(FieldValue::Boolean(true)),
        (ScalarStyle::Plain, "false" | "False" | "FALSE") => Ok(FieldValue::Boolean(false)),
        _ => Err(Misread::new(
            "config/wrong_type",
            format!("wants true or false, not `{}`", scalar.shown()),
        )
        .hint("YAML 1.2 knows no yes, no, on or off")),
    }
}

fn read_choice(scalar: &Scalar, choices: &'static [Choice]) -> Result<FieldValue, Misread> {
    if choices.iter().any(|c| c.word == scalar.text) {
        return Ok(FieldValue::Text(scalar.into()));
    }
    let words = choices.iter().map(|c| c.word);
    let hint = match closest(&scalar.text, words.clone()) {
        Some(word) => format!("did you mean `{word}`?"),
        None => format!("one of {}", words.collect::<Vec<_>>().join(", ")),
    };
    let message = format!("does not know `{}`", scalar.shown());
    Err(Misread::new("config/unknown_word", message).hint(hint))
}

fn texts(node: &Node) -> Result<Vec<SecretText>, Misread> {
    match &node.value {
        NodeValue::List(items) if items.is_empty() => {
            Err(Misread::new("config/empty_list", "is an empty list"))
        }
        NodeValue::List(items) => items
            .iter()
            .map(|item| match item.as_scalar() {
                Some(scalar) => Ok(scalar.into()),
                None => Err(Misread {
                    span: Some(item.span),
                    ..Misread::new(
                        "config/wrong_type",
                        format!("wants texts, not {}", item.describe()),
                    )
                }),
            })
            .collect(),
        NodeValue::Scalar(_) | NodeValue::Map(_) => Err(Misread::new(
            "config/wrong_type",
            format!("wants a list, not {}", node.describe()),
        )),
    }
}

fn text_map(node: &Node) -> Result<Vec<(String, SecretText)>, Misread> {
    let NodeValue::Map(entries) = &node.value else {
        return Err(Misread::new(
            "config/wrong_type",
            format!("wants a map, not {}", node.describe()),
        ));
    };
    entries
        .iter()
        .map(|entry| match entry.value.as_scalar() {
            Some(scalar) => Ok((entry.key.value.clone(), scalar.into())),
            None => Err(Misread {
                span: Some(entry.value.span),
                ..Misread::new(
                    "config/wrong_type",
                    format!("wants a text, not {}", entry.value.describe()),
                )
            }),
        })
        .collect()
}

/// Reads any node as JSON; plain scalars are typed by the core schema of YAML 1.2.
#[must_use]
pub fn to_json(node: &Node) -> serde_json::Value {
    use serde_json::Value as Json;
    match &node.value {
        NodeValue::Scalar(scalar) => unit::core_schema(scalar),
        NodeValue::List(items) => Json::Array(items.iter().map(to_json).collect()),
        NodeValue::Map(entries) => Json::Object(
            entries
                .iter()
                .map(|e| (e.key.value.clone(), to_json(&e.value)))
                .collect(),
        ),
    }
}

fn read_file(scalar: &Scalar, cx: &ReadCx<'_>) -> Result<(PathBuf, Arc<[u8]>), Misread> {
    let path = cx.base.join(&scalar.text);
    let bytes = (cx.read_file)(&path).map_err(|error| {
        Misread::new(
            "config/unreadable_file",
            format!("cannot read `{}`: {error}", scalar.shown()),
        )
        .hint("paths are relative to the folder of the gate file")
    })?;
    Ok((path, bytes.into()))
}

fn read_roots(node: &Node, cx: &ReadCx<'_>) -> Result<FieldValue, Misread> {
    let items = match &node.value {
        NodeValue::List(items) if items.is_empty() => {
            return Err(Misread::new("config/empty_list", "is an empty list"));
        }
        NodeValue::List(items) => items.iter().collect(),
        NodeValue::Scalar(_) | NodeValue::Map(_) => vec![node],
    };
    let mut roots = RootsSource {
        system: false,
        files: Vec::new(),
    };
    for item in items {
        let scalar = text(item)?;
        if scalar.text == "system" {
            roots.system = true;
            continue;
        }
        let (path, bytes) = read_file(scalar, cx)?;
        if !bytes.windows(BEGIN.len()).any(|w| w == BEGIN) {
            let message = format!("`{}` holds no PEM certificate", scalar.shown());
            return Err(Misread {
                span: Some(item.span),
                ..Misread::new("config/bad_roots", message)
            });
        }
        roots.files.push((path, bytes));
    }
    Ok(FieldValue::Roots(Arc::new(roots)))
}

const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";
