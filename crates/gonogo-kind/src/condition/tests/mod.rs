//! Conditions: what they mean, what is refused, what they cannot be made to do.

use std::collections::BTreeMap;

use gonogo_model::{Decimal, Reading, Value, Version};

use super::*;
use crate::decl::{FactDecl, FactType, KindDecl, Looks, TextChoice};

mod evaluation;
mod hostile;
mod mistakes;

/// A kind with a fact of every type.
pub(super) static KIND: KindDecl = KindDecl {
    name: "fake",
    summary: "",
    manual: "",
    looks: Looks::Directly,
    schemes: &[],
    short: "url",
    fields: &[],
    facts: FACTS,
    state: None,
    built_in: &[],
    worth: &[],
    codes: &[],
    examples: &[],
};

const fn fact(name: &'static str, ty: FactType) -> FactDecl {
    FactDecl {
        name,
        ty,
        sentence: "",
        example: "",
    }
}

static FACTS: &[FactDecl] = &[
    fact("status", FactType::Integer),
    fact("value", FactType::Number),
    fact("secure", FactType::Boolean),
    fact("body", FactType::Text),
    fact(
        "role",
        FactType::Choice(&[
            TextChoice {
                word: "primary",
                sentence: "",
            },
            TextChoice {
                word: "replica",
                sentence: "",
            },
        ]),
    ),
    fact("duration", FactType::Duration),
    fact("expires_in", FactType::Duration),
    fact("timing.connect", FactType::Duration),
    fact("body_size", FactType::Size),
    fact("used", FactType::Ratio),
    fact("server", FactType::Version),
    fact("not_after", FactType::Time),
    fact("answers", FactType::List(&FactType::Text)),
    fact("labels", FactType::Map(&FactType::Text)),
    fact("headers", FactType::Headers),
    fact("json", FactType::Json),
    fact("rows", FactType::Rows),
];

pub(super) fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// What was observed, unless a test says otherwise.
pub(super) fn observed() -> BTreeMap<&'static str, Reading> {
    let pair = |name: &str, value: &str| (name.to_owned(), Value::text(value));
    let values = [
        ("status", Value::integer(503_u16)),
        ("value", Value::Number(decimal("1.9"))),
        ("secure", Value::Boolean(true)),
        ("body", Value::text("all is ready, na\u{ef}ve")),
        ("role", Value::text("primary")),
        ("duration", Value::Duration(decimal("0.12"))),
        ("expires_in", Value::Duration(decimal("2592000"))),
        ("timing.connect", Value::Duration(decimal("0.005"))),
        ("body_size", Value::Size(decimal("2048"))),
        ("used", Value::Ratio(decimal("0.8"))),
        ("server", Value::Version(Version::parse("15.10").unwrap())),
        (
            "not_after",
            Value::Time("2027-01-31T00:00:00Z".parse().unwrap()),
        ),
        ("answers", Value::texts(["10.0.0.1", "10.0.0.2"])),
        ("labels", Value::Map(vec![pair("env", "prod")])),
        (
            "headers",
            Value::Map(vec![
                pair("Content-Type", "application/json"),
                pair("set-cookie", "a=1"),
                pair("Set-Cookie", "b=2"),
            ]),
        ),
        (
            "json",
            Value::Json(
                serde_json::from_str(
                    r#"{"status":"ok","db":{"connected":true,"lag":0.5},"count":5,"none":null,
                        "items":[{"name":"a","ok":true},{"name":"b","ok":false}],"empty":[],
                        "big":12345678901234567891,"share":80,"replicas":"3","a-b":1,
                        "failed":4,"total":5}"#,
                )
                .unwrap(),
            ),
        ),
        (
            "rows",
            Value::Json(serde_json::json!([{"id": 1}, {"id": 2}])),
        ),
    ];
    let reading = |(name, value)| (name, Reading::Value(value));
    values.into_iter().map(reading).collect()
}

/// Variables of a test.
pub(super) struct Vars(pub(super) &'static [(&'static str, Named2)]);

/// What a test knows of a name.
#[derive(Debug, Clone, Copy)]
pub(super) enum Named2 {
    Text(&'static str),
    Nothing,
    Secret,
}

impl Variables for Vars {
    fn look_up(&self, name: &str) -> Named {
        let found = self.0.iter().find(|(known, _)| *known == name);
        match found.map(|(_, named)| *named) {
            Some(Named2::Text(text)) => Named::Text(text.to_owned()),
            Some(Named2::Nothing) => Named::Nothing,
            Some(Named2::Secret) => Named::Secret,
            None => Named::Unknown,
        }
    }

    fn names(&self) -> Vec<String> {
        let readable = self
            .0
            .iter()
            .filter(|(_, named)| !matches!(named, Named2::Secret));
        readable.map(|(name, _)| (*name).to_owned()).collect()
    }
}

pub(super) static VARS: Vars = Vars(&[
    ("host", Named2::Text("db.example.com")),
    ("replicas", Named2::Text("3")),
    ("elsewhere", Named2::Nothing),
    ("token", Named2::Secret),
]);

/// Reads an `assert`; the mistakes are told as `code at: message | hint`.
pub(super) fn read(text: &str) -> Result<Condition, Vec<String>> {
    read_in(
        text,
        Scope {
            facts: Facts::Of(&KIND),
            variables: &VARS,
        },
    )
}

/// Reads a `when`.
pub(super) fn read_when(text: &str) -> Result<Condition, Vec<String>> {
    read_in(
        text,
        Scope {
            facts: Facts::None,
            variables: &VARS,
        },
    )
}

fn read_in(text: &str, scope: Scope<'_>) -> Result<Condition, Vec<String>> {
    let mut mistakes = Vec::new();
    let condition = Condition::read(text, scope, &mut mistakes);
    let told = mistakes.iter().map(|m| {
        let place = text.get(m.at.clone()).unwrap_or("(no place)");
        let hint = m.hint.as_deref().unwrap_or("-");
        let code = m.code.rsplit('/').next().unwrap_or_default();
        format!("{code} [{place}] {} | {hint}", m.message)
    });
    let told: Vec<String> = told.collect();
    match condition {
        Some(condition) if told.is_empty() => Ok(condition),
        _ => Err(told),
    }
}

/// Asks a condition about what was observed.
pub(super) fn ask(text: &str) -> Tested {
    ask_about(text, &observed())
}

pub(super) fn ask_about(text: &str, facts: &BTreeMap<&'static str, Reading>) -> Tested {
    let condition = read(text).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:#?}"));
    condition.test(|name| facts.get(name))
}
