//! One check that no file holds: `gonogo probe`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use gonogo_kind::manifest::{Check, Manifest};
use gonogo_kind::{
    Diagnostic, Entry, Expectation, Expectations, FactType, FieldDecl, FieldType, Fields, KindDecl,
    Matcher, Node, NodeValue, Scalar, ScalarStyle, Span, Spanned, closest, flow,
};
use gonogo_model::{Id, Origin, Redactor, Severity, Strength};

use crate::keys::list;
use crate::load::{Loaded, finish};
use crate::reader::{Inputs, Reader};
use crate::source::Sources;

/// One check, as the command line describes it.
#[derive(Debug)]
pub struct AdHoc<'a> {
    /// Its kind.
    pub kind: &'static KindDecl,
    /// What the kind's short form holds: a URL, an address, a name.
    pub target: &'a str,
    /// Whether the target is a secret, since it came out of the environment.
    pub secret: bool,
    /// Further fields, and their values in one line.
    pub set: &'a [(String, String)],
    /// What must hold, FACT MATCHER: `status 200`, `json $.status ok`.
    pub expect: &'a [String],
    /// How long one attempt may take; 10 seconds unless given.
    pub timeout: Option<Duration>,
}

/// Makes a gate of one check.
#[must_use]
pub fn adhoc(request: &AdHoc<'_>, inputs: &Inputs<'_>) -> Loaded {
    let mut reader = Reader::new(inputs, COMMAND_LINE, Path::new("."));
    if request.secret {
        if reader.hide.secret(request.target).is_err() {
            let message =
                "the target has fewer than 4 characters, so it cannot be kept out of the output";
            reader
                .mistakes
                .push(Diagnostic::global("config/bad_secret", message));
        }
    } else {
        reader.hide.passwords(request.target);
    }
    for (name, value) in request.set {
        reader.hide.credential(name, value);
        reader.hide.passwords(value);
    }
    let check = check(request, &mut reader);
    reader.checks = 1;
    let manifest = check.map(|check| Manifest {
        gate: COMMAND_LINE.to_owned(),
        release: None,
        file: COMMAND_LINE.to_owned(),
        file_digest: String::new(),
        files: Vec::new(),
        policies: Vec::new(),
        environment: None,
        phases: Vec::new(),
        tags: Vec::new(),
        variables: Vec::new(),
        secrets: Vec::new(),
        stand_ins: Vec::new(),
        redactor: Redactor::default(),
        valid_for: None,
        min_version: None,
        declared: Vec::new(),
        written: BTreeMap::new(),
        checks: vec![check],
        excluded: Vec::new(),
        groups: Vec::new(),
        waivers: Vec::new(),
    });
    let mut loaded = finish(reader, manifest, Sources::default());
    for mistake in &mut loaded.diagnostics {
        // There is no file that could be mended.
        mistake.fix = None;
    }
    loaded
}

fn check(request: &AdHoc<'_>, reader: &mut Reader<'_>) -> Option<Check> {
    let kind = request.kind;
    let id = Id::new(kind.name).ok()?;
    let read = fields(request, reader);
    let explicit: Vec<Option<Expectation>> = request
        .expect
        .iter()
        .map(|text| expectation(kind, text, reader))
        .collect();
    let (mut fields, options) = read?;
    let explicit: Vec<Expectation> = explicit.into_iter().collect::<Option<_>>()?;
    let expectations = Expectations::effective(kind, explicit);
    if !expectations.prove_something() {
        let facts = list(kind.facts.iter().map(|f| f.name));
        let message = format!("`{}` expects nothing by itself", kind.name);
        reader.mistakes.push(
            Diagnostic::global("config/no_expectation", message).hint(format!(
                "Say what must hold by --expect 'FACT MATCHER'; the facts are {facts}."
            )),
        );
        return None;
    }
    fields.set_wanted(expectations.facts());
    let probe = match reader.inputs.kinds.compile(kind, &fields) {
        Ok(probe) => probe,
        Err(found) => {
            for mistake in found {
                let message = format!("{}: {}", mistake.field, mistake.message);
                let mut diagnostic = Diagnostic::global("config/bad_field", message);
                diagnostic.hint = mistake.hint;
                reader.mistakes.push(diagnostic);
            }
            return None;
        }
    };
    Some(Check {
        title: probe.subject(),
        id,
        each_of: None,
        kind,
        probe,
        expectations,
        options,
        fields,
        written: BTreeMap::new(),
        stand_ins: Vec::new(),
        severity: Severity::Blocker,
        phases: Vec::new(),
        tags: Vec::new(),
        group: None,
        needs: Vec::new(),
        timeout: request.timeout.unwrap_or(Duration::from_secs(10)),
        attempts: 1,
        backoff: Duration::from_millis(500),
        consecutive: 1,
        max_age: None,
        owner: None,
        runbook: None,
        covers: Vec::new(),
        file: COMMAND_LINE.to_owned(),
        line: 0,
    })
}

fn fields(
    request: &AdHoc<'_>,
    reader: &mut Reader<'_>,
) -> Option<(Fields, BTreeMap<&'static str, Cow<'static, str>>)> {
    let kind = request.kind;
    let (mut fields, mut options) = (Fields::default(), BTreeMap::new());
    let mut whole = true;
    for (name, _) in request.set {
        if kind.field(name).is_none() {
            let message = format!("`{}` has no key `{name}`", kind.name);
            let names = kind.fields.iter().map(|f| f.name);
            let hint = match closest(name, names.clone()) {
                Some(near) => format!("Did you mean `{near}`?"),
                None => format!("The keys of `{}` are {}.", kind.name, list(names)),
            };
            reader
                .mistakes
                .push(Diagnostic::global("config/unknown_key", message).hint(hint));
            whole = false;
        }
    }
    for decl in kind.fields {
        let Some((node, shown)) = given(request, decl, reader) else {
            if decl.required {
                let message = format!("`{}` needs `{}`", kind.name, decl.name);
                reader.mistakes.push(
                    Diagnostic::global("config/missing_key", message)
                        .hint(format!("For example --set {}={}.", decl.name, decl.example)),
                );
                whole = false;
            }
            continue;
        };
        match reader.read_field(&node, decl) {
            Some(value) => {
                fields.insert(decl.name, value, Span::NOWHERE);
                options.insert(decl.name, shown.into());
            }
            None => whole = false,
        }
    }
    whole.then_some((fields, options))
}

/// Returns the value of a field and how a plan shows it: the target, `--set`, or the default.
fn given(request: &AdHoc<'_>, decl: &FieldDecl, reader: &mut Reader<'_>) -> Option<(Node, String)> {
    let set = request.set.iter().rev().find(|(name, _)| name == decl.name);
    if let Some((_, text)) = set {
        return one_line(text, reader).map(|node| (node, text.clone()));
    }
    if decl.name == request.kind.short {
        let shown = if request.secret {
            "[redacted]"
        } else {
            request.target
        };
        let scalar = Node {
            value: NodeValue::Scalar(Scalar {
                text: request.target.to_owned(),
                style: ScalarStyle::Plain,
                secret: request.secret,
            }),
            span: Span::NOWHERE,
        };
        // `gonogo probe command true` is a list of one word.
        let node = match decl.ty {
            FieldType::Texts if request.target.starts_with('[') => {
                one_line(request.target, reader)?
            }
            FieldType::Texts => Node {
                value: NodeValue::List(vec![scalar]),
                span: Span::NOWHERE,
            },
            _ => scalar,
        };
        return Some((node, shown.to_owned()));
    }
    if let Some(default) = decl.default {
        return Some((flow::read(default).ok()?, default.to_owned()));
    }
    matches!(decl.ty, FieldType::Roots).then(|| (Node::plain("system"), "system".to_owned()))
}

fn one_line(text: &str, reader: &mut Reader<'_>) -> Option<Node> {
    match flow::read(text) {
        Ok(node) => Some(node),
        Err(why) => {
            let message = format!("`{text}`: {why}");
            reader
                .mistakes
                .push(Diagnostic::global("config/syntax", message));
            None
        }
    }
}

/// Reads FACT MATCHER; inside JSON, headers and maps FACT PLACE MATCHER.
fn expectation(
    kind: &'static KindDecl,
    text: &str,
    reader: &mut Reader<'_>,
) -> Option<Expectation> {
    let (name, rest) = word(text);
    let Some(fact) = kind.fact(name) else {
        let message = format!("`{}` has no fact `{name}`", kind.name);
        let facts = kind.facts.iter().map(|f| f.name);
        let hint = match closest(name, facts.clone()) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => format!("The facts of `{}` are {}.", kind.name, list(facts)),
        };
        reader
            .mistakes
            .push(Diagnostic::global("config/unknown_fact", message).hint(hint));
        return None;
    };
    if rest.is_empty() {
        let message = format!("--expect '{text}' says nothing about `{name}`");
        reader.mistakes.push(
            Diagnostic::global("config/empty_matcher", message)
                .hint(format!("For example --expect '{name} {}'.", fact.example)),
        );
        return None;
    }
    let has_places = match fact.ty {
        FactType::Json | FactType::Rows => rest.starts_with('$'),
        FactType::Headers | FactType::Map(_) => !rest.starts_with('{'),
        _ => false,
    };
    let node = if has_places {
        let (place, matcher) = word(rest);
        let key = Spanned {
            value: place.to_owned(),
            span: Span::NOWHERE,
        };
        let value = one_line(matcher, reader)?;
        Node {
            value: NodeValue::Map(vec![Entry { key, value }]),
            span: Span::NOWHERE,
        }
    } else {
        one_line(rest, reader)?
    };
    let matcher = Matcher::read(&node, fact.ty, reader.mistakes.diagnostics())?;
    Some(Expectation {
        fact,
        matcher,
        strength: Strength::Must,
        origin: Origin::Argument,
        message: None,
    })
}

/// Splits off the first word.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim();
    match text.split_once(char::is_whitespace) {
        Some((word, rest)) => (word, rest.trim_start()),
        None => (text, ""),
    }
}

const COMMAND_LINE: &str = "command line";
