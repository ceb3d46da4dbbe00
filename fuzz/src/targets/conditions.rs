//! Conditions in CEL: the first line of an input is a condition, the rest facts in JSON, by name.

use gonogo_kind::condition::{Condition, Facts, Mistake, Named, Scope, Tested, Variables};
use gonogo_kind::{FactType, KindDecl, KindTable as _, Level};
use gonogo_model::{Decimal, Reading, Value};
use serde_json::Value as Json;

use super::Target;
use crate::behaviour::Behaviour;

pub(super) const TARGET: Target = Target {
    name: "conditions",
    what: "conditions over facts and over variables",
    check,
    words: WORDS,
    tries: 5_000,
};

fn check(input: &[u8]) -> Behaviour {
    let text = String::from_utf8_lossy(input);
    let (condition, facts) = text.split_once('\n').unwrap_or((&text, ""));
    let kind = super::gate::kinds().find("http");
    let over_variables = read(condition, None);
    if let Ok(condition) = &over_variables {
        let first = condition.decide();
        assert_eq!(first, condition.decide());
        let opposite = read(&format!("!({})", condition.text()), None);
        if let (Ok(Some(yes)), Ok(Ok(Some(no)))) = (&first, opposite.map(|c| c.decide())) {
            assert_ne!(*yes, no, "{}", condition.text());
        }
    }
    let condition = match read(condition, kind) {
        Ok(condition) => condition,
        Err(codes) => return Behaviour::of((codes, over_variables.is_ok())),
    };
    let opposite = read(&format!("!({})", condition.text()), kind);
    let json: Json = serde_json::from_str(facts).unwrap_or(Json::Null);
    let mut seen = Vec::new();
    for unreadable in [false, true] {
        let readings = readings(kind, &json, unreadable);
        let look_up = |name: &str| {
            let found = readings.iter().find(|(known, _)| *known == name);
            found.map(|(_, reading)| reading)
        };
        let tested = condition.test(look_up);
        assert_eq!(tested, condition.test(look_up), "{}", condition.text());
        let holds = matches!(tested, Tested::Holds { .. });
        if let Tested::Holds { got } | Tested::Fails { got } = &tested {
            assert!(!got.chars().any(char::is_control), "{got:?}");
        }
        assert!(
            !(holds && unreadable && !condition.facts().is_empty()),
            "{} holds of what cannot be read",
            condition.text()
        );
        if let Ok(opposite) = &opposite {
            let other = matches!(opposite.test(look_up), Tested::Holds { .. });
            assert!(
                !(holds && other),
                "both {} and its opposite",
                condition.text()
            );
        }
        seen.push(holds);
    }
    Behaviour::of((condition.facts().len(), condition.text().len() / 8, seen))
}

/// Reads a condition: it comes back, or a mistake does, whose place lies inside the text.
fn read(
    text: &str,
    kind: Option<&'static KindDecl>,
) -> Result<Condition, Vec<(&'static str, String)>> {
    let mut mistakes: Vec<Mistake> = Vec::new();
    let scope = Scope {
        facts: kind.map_or(Facts::None, Facts::Of),
        variables: &Texts,
    };
    let condition = Condition::read(text, scope, &mut mistakes);
    let has_errors = mistakes.iter().any(|m| m.level == Level::Error);
    assert_eq!(condition.is_none(), has_errors, "{text}: {mistakes:?}");
    for mistake in &mistakes {
        assert!(
            text.get(mistake.at.clone()).is_some(),
            "{text}: {mistake:?}"
        );
        let hint = mistake.hint.as_deref().unwrap_or_default();
        let told = [mistake.message.as_str(), hint];
        let hidden = told.iter().any(|told| told.chars().any(char::is_control));
        assert!(!hidden, "{mistake:?}");
    }
    condition.ok_or_else(|| {
        let word = |m: Mistake| (m.code, m.message.chars().filter(|c| *c == '`').collect());
        mistakes.into_iter().map(word).collect()
    })
}

/// The variables of every condition.
struct Texts;

impl Variables for Texts {
    fn look_up(&self, name: &str) -> Named {
        match name {
            "host" => Named::Text("api.example.com".to_owned()),
            "empty" => Named::Text(String::new()),
            "number" => Named::Text("5".to_owned()),
            "nothing" => Named::Nothing,
            "token" => Named::Secret,
            _ => Named::Unknown,
        }
    }

    fn names(&self) -> Vec<String> {
        ["host", "empty", "number"].map(str::to_owned).into()
    }
}

fn readings(
    kind: Option<&'static KindDecl>,
    json: &Json,
    unreadable: bool,
) -> Vec<(&'static str, Reading)> {
    let facts = kind.map_or(&[][..], |kind| kind.facts);
    let reading = |name: &str, ty: FactType| {
        if unreadable {
            return Reading::Unreadable {
                code: gonogo_model::codes::net::RESOLVER.into(),
                message: String::new(),
            };
        }
        let value = json.get(name).and_then(|json| value(json, ty));
        value.map_or(Reading::Absent, Reading::Value)
    };
    facts
        .iter()
        .map(|fact| (fact.name, reading(fact.name, fact.ty)))
        .collect()
}

fn value(json: &Json, ty: FactType) -> Option<Value> {
    let number = || json.as_number()?.to_string().parse::<Decimal>().ok();
    match ty {
        FactType::Integer => number().map(Value::Integer),
        FactType::Duration => number().map(Value::Duration),
        FactType::Size => number().map(Value::Size),
        FactType::Boolean => json.as_bool().map(Value::Boolean),
        FactType::Text => json.as_str().map(Value::text),
        FactType::Headers => {
            let entries = json.as_object()?.iter();
            let entries = entries
                .map(|(name, json)| (name.clone(), Value::text(json.as_str().unwrap_or_default())));
            Some(Value::Map(entries.collect()))
        }
        FactType::List(_) => {
            let items = json.as_array()?.iter();
            Some(Value::texts(items.filter_map(Json::as_str)))
        }
        FactType::Json => Some(Value::Json(json.clone())),
        _ => None,
    }
}

const WORDS: &[&str] = &[
    "status",
    "duration",
    "body",
    "json",
    "headers",
    "secure",
    "body_size",
    "json.a",
    "json.a.b[0]",
    "json[\"a b\"]",
    "headers[\"content-type\"]",
    "vars.host",
    "host",
    "empty",
    "number",
    "nothing",
    "token",
    "vars.",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "&&",
    "||",
    "!",
    "?",
    ":",
    "in",
    "+",
    "-",
    "*",
    "/",
    "%",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ".",
    "true",
    "false",
    "null",
    "200",
    "0",
    "-1",
    "1.5",
    "1e999999999",
    "0x10",
    "5u",
    "9223372036854775808",
    "'a'",
    "\"a\"",
    "r'\\d'",
    "b'a'",
    "'\\x41'",
    "'\\u00e9'",
    "days(30)",
    "gib(2)",
    "percent(80)",
    "duration('1s')",
    "timestamp('2027-01-31T00:00:00Z')",
    "size(body)",
    "body.contains('x')",
    "body.matches('^a')",
    "body.startsWith('a')",
    ".all(x, x > 1)",
    ".exists(x, x > 1)",
    ".map(x, x)",
    ".filter(x, x > 1)",
    "has(json.a)",
    "int(",
    "double(",
    "string(",
    "type(",
    "now",
    "timing.total",
    "status == 200",
    "json.a.exists(k, k == 'b')",
    "// comment",
];
