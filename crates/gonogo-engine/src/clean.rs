//! From what a probe and the judge say to what an event may carry: redacted, and of bounded size.
//!
//! Redacting comes first: a secret that is cut in two is found by nobody. The words of our own
//! vocabulary (codes, outcomes, names of facts, the words of a choice) stay as they are.

use gonogo_kind::{FactType, Judged, KindDecl};
use gonogo_model::{
    CheckResult, Code, Decimal, Fault, Finding, Observation, Reading, Redactor, Value,
};
use serde_json::Value as Json;

/// Makes the result of an attempt.
pub(crate) fn result(
    redactor: &Redactor,
    kind: &KindDecl,
    judged: Judged,
    observation: Observation,
) -> CheckResult {
    let text = |text: String| line(redactor, text);
    let mut notes: Vec<String> = observation.notes.into_iter().map(text).collect();
    let facts = observation
        .facts
        .into_iter()
        .map(|(name, reading)| {
            let (reading, shortened) = clean_reading(redactor, kind, &name, reading);
            if shortened {
                notes.push(format!("fact {name} is shortened in this report"));
            }
            (name, reading)
        })
        .collect();
    let faults = judged.faults.into_iter();
    let findings = judged.findings.into_iter();
    CheckResult {
        outcome: judged.outcome,
        was: None,
        code: judged.code,
        message: judged.message.map(text),
        hint: judged.hint.map(text),
        flaky: false,
        blame: None,
        facts,
        findings: findings.map(|f| clean_finding(redactor, kind, f)).collect(),
        faults: faults.map(|f| clean_fault(redactor, kind, f)).collect(),
        notes,
    }
}

/// Cleans a text that is shown as one message.
pub(crate) fn line(redactor: &Redactor, mut text: String) -> String {
    redactor.clean(&mut text);
    if text.len() > MAX_LINE {
        cut(&mut text, MAX_LINE);
        text.push_str("...");
    }
    text
}

fn clean_finding(redactor: &Redactor, kind: &KindDecl, finding: Finding) -> Finding {
    let (name, path) = finding
        .fact
        .split_once(' ')
        .unwrap_or((finding.fact.as_str(), ""));
    let ours = |text: &str| path.is_empty() && is_choice(kind, name, text);
    let text = |text: String| {
        if ours(&text) {
            text
        } else {
            line(redactor, text)
        }
    };
    let fact = match path {
        "" => name.to_owned(),
        path => format!("{name} {}", line(redactor, path.to_owned())),
    };
    Finding {
        fact,
        wanted: text(finding.wanted),
        got: text(finding.got),
        message: finding.message.map(|m| line(redactor, m)),
        strength: finding.strength,
        held: finding.held,
        code: finding.code,
        origin: finding.origin,
    }
}

fn clean_fault(redactor: &Redactor, kind: &KindDecl, fault: Fault) -> Fault {
    let shows = fault.shows.into_iter().map(|(name, value)| {
        let (value, _) = clean_value(redactor, kind, &name, value);
        (name, value)
    });
    Fault {
        code: fault.code,
        message: line(redactor, fault.message),
        hint: fault.hint.map(|hint| line(redactor, hint)),
        shows: shows.collect(),
    }
}

fn clean_reading(
    redactor: &Redactor,
    kind: &KindDecl,
    name: &str,
    reading: Reading,
) -> (Reading, bool) {
    match reading {
        Reading::Value(value) => {
            let (value, shortened) = clean_value(redactor, kind, name, value);
            (Reading::Value(value), shortened)
        }
        Reading::Absent => (Reading::Absent, false),
        Reading::Unreadable { code, message } => {
            let message = line(redactor, message);
            (Reading::Unreadable { code, message }, false)
        }
    }
}

fn clean_value(
    redactor: &Redactor,
    kind: &KindDecl,
    name: &str,
    mut value: Value,
) -> (Value, bool) {
    if let Value::Text(text) = &value
        && is_choice(kind, name, text)
    {
        return (value, false);
    }
    let mut cleaner = Cleaner {
        redactor,
        room: MAX_FACT,
        shortened: false,
    };
    cleaner.value(&mut value);
    (value, cleaner.shortened)
}

/// Returns whether a text is one of the words that a fact is declared to have.
fn is_choice(kind: &KindDecl, fact: &str, text: &str) -> bool {
    kind.fact(fact).is_some_and(|decl| match decl.ty {
        FactType::Choice(choices) => choices.iter().any(|choice| choice.word == text),
        FactType::Boolean
        | FactType::Integer
        | FactType::Number
        | FactType::Text
        | FactType::Duration
        | FactType::Size
        | FactType::Ratio
        | FactType::Version
        | FactType::Time
        | FactType::List(_)
        | FactType::Map(_)
        | FactType::Headers
        | FactType::Json
        | FactType::Rows => false,
    })
}

/// Walks through one fact.
struct Cleaner<'r> {
    redactor: &'r Redactor,
    /// How many more bytes the fact may take.
    room: usize,
    shortened: bool,
}

impl Cleaner<'_> {
    fn value(&mut self, value: &mut Value) {
        match value {
            Value::Text(text) => self.text(text),
            Value::Integer(number) | Value::Number(number) => {
                if let Some(mask) = self.number(number) {
                    *value = Value::Text(mask);
                }
            }
            Value::Version(version) => {
                let mut text = version.to_string();
                let clean = self.redactor.redact(&text) == text && text.len() <= MAX_LINE;
                self.text(&mut text);
                if !clean {
                    *value = Value::Text(text);
                }
            }
            Value::List(items) => {
                let mut kept = 0;
                for item in items.iter_mut() {
                    if !self.has_room() {
                        break;
                    }
                    self.value(item);
                    kept += 1;
                }
                items.truncate(kept);
            }
            Value::Map(entries) => {
                let mut kept = 0;
                for (key, item) in entries.iter_mut() {
                    if !self.has_room() {
                        break;
                    }
                    self.text(key);
                    self.value(item);
                    kept += 1;
                }
                entries.truncate(kept);
            }
            Value::Json(json) => self.json(json, 0),
            Value::Boolean(_)
            | Value::Duration(_)
            | Value::Size(_)
            | Value::Ratio(_)
            | Value::Time(_) => self.spend(ENTRY),
        }
    }

    fn json(&mut self, json: &mut Json, depth: usize) {
        match json {
            Json::Null | Json::Bool(_) => self.spend(ENTRY),
            Json::Number(number) => {
                let mut text = number.to_string();
                let clean = self.redactor.redact(&text) == text && text.len() <= MAX_LINE;
                self.text(&mut text);
                if !clean {
                    *json = Json::String(text);
                }
            }
            Json::String(text) => self.text(text),
            Json::Array(_) | Json::Object(_) if depth >= MAX_DEPTH => {
                self.shortened = true;
                *json = Json::Null;
            }
            Json::Array(items) => {
                let mut kept = 0;
                for item in items.iter_mut() {
                    if !self.has_room() {
                        break;
                    }
                    self.json(item, depth + 1);
                    kept += 1;
                }
                items.truncate(kept);
            }
            Json::Object(object) => {
                let mut kept = serde_json::Map::new();
                for (mut key, mut item) in std::mem::take(object) {
                    if !self.has_room() {
                        break;
                    }
                    self.text(&mut key);
                    self.json(&mut item, depth + 1);
                    kept.insert(key, item);
                }
                *object = kept;
            }
        }
    }

    fn text(&mut self, text: &mut String) {
        self.redactor.clean(text);
        let most = MAX_TEXT.min(self.room);
        if text.len() > most {
            cut(text, most);
            self.shortened = true;
        }
        self.spend(text.len() + ENTRY);
    }

    /// Returns what stands in the place of a number that is itself a secret.
    fn number(&mut self, number: &Decimal) -> Option<String> {
        let text = number.to_string();
        self.spend(text.len());
        (self.redactor.redact(&text) == Redactor::MASK).then(|| Redactor::MASK.to_owned())
    }

    fn spend(&mut self, bytes: usize) {
        self.room = self.room.saturating_sub(bytes);
    }

    fn has_room(&mut self) -> bool {
        self.shortened |= self.room == 0;
        self.room > 0
    }
}

/// Shortens a text to at most `most` bytes, between two characters.
fn cut(text: &mut String, most: usize) {
    let end = (0..=most)
        .rev()
        .find(|&end| text.is_char_boundary(end))
        .unwrap_or(0);
    text.truncate(end);
}

/// Returns the code with a hint of its own.
pub(crate) fn hint_of(code: &Code) -> Option<String> {
    code.decl().map(|decl| decl.hint.to_owned())
}

/// The longest message, in bytes.
const MAX_LINE: usize = 4 * 1024;
/// The longest text inside a fact, in bytes.
const MAX_TEXT: usize = 16 * 1024;
/// The most one fact may take, in bytes.
const MAX_FACT: usize = 64 * 1024;
/// What a value takes besides its text: quotes, commas, brackets.
const ENTRY: usize = 4;
/// How deep a JSON document is kept.
const MAX_DEPTH: usize = 128;
