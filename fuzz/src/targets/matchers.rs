//! Matchers: the first line of an input is a type, the second a matcher for it, the rest a value in JSON.

use gonogo_kind::{
    Diagnostics, Entry, FactType, Matcher, Node, NodeValue, Span, Spanned, TextChoice, flow,
    matcher::Tested, unit,
};
use gonogo_model::{Decimal, Reading, Value};
use serde_json::Value as Json;

use super::Target;
use crate::behaviour::Behaviour;

pub(super) const TARGET: Target = Target {
    name: "matchers",
    what: "matchers of any type, against any value",
    check,
    words: WORDS,
    tries: 10_000,
};

fn check(input: &[u8]) -> Behaviour {
    let text = String::from_utf8_lossy(input);
    let mut lines = text.splitn(3, '\n');
    let mut line = || lines.next().unwrap_or_default();
    let (name, wanted, value) = (line(), line(), line());
    let Some(ty) = fact_type(name.trim()) else {
        return Behaviour::of("no type");
    };
    let node = match flow::read(wanted) {
        Ok(node) => node,
        Err(why) => return Behaviour::of(why),
    };
    let matcher = match read(&node, ty) {
        Ok(matcher) => matcher,
        Err(codes) => return Behaviour::of((name.len(), codes)),
    };
    let again = read_again(&matcher, ty);
    let opposite = read(&not(&node), ty).ok();
    let mut seen = Vec::new();
    for reading in readings(value, ty) {
        let tested = matcher.test(&reading.reading);
        assert_eq!(tested, again.test(&reading.reading), "{matcher}");
        for (_, part) in matcher.test_all(&reading.reading) {
            is_shown_well(&part);
        }
        let holds = matches!(tested, Tested::Holds { .. });
        if matches!(reading.reading, Reading::Unreadable { .. }) {
            assert!(
                matches!(tested, Tested::Unreadable { .. }),
                "{matcher}: {tested:?}"
            );
        }
        if let Some(opposite) = &opposite {
            let other = matches!(opposite.test(&reading.reading), Tested::Holds { .. });
            assert!(!(holds && other), "both {matcher} and {opposite} hold");
            assert!(
                holds || other || !reading.fits,
                "neither {matcher} nor {opposite} holds of {:?}",
                reading.reading
            );
        }
        seen.push(holds);
    }
    Behaviour::of((name.len(), shape(&matcher.to_string()), seen))
}

/// Reads a matcher: it comes back, or a mistake does.
fn read(node: &Node, ty: FactType) -> Result<Matcher, Vec<&'static str>> {
    let mut diagnostics = Diagnostics::default();
    let matcher = Matcher::read(node, ty, &mut diagnostics);
    assert_eq!(matcher.is_none(), diagnostics.has_errors(), "{node:?}");
    for diagnostic in diagnostics.as_slice() {
        let hidden = diagnostic.message.chars().find(|c| c.is_control());
        assert_eq!(hidden, None, "{diagnostic:?}");
    }
    let _vacuous = matcher.as_ref().map(|matcher| matcher.is_vacuous(ty));
    matcher.ok_or_else(|| diagnostics.as_slice().iter().map(|d| d.code).collect())
}

/// What is shown of a matcher reads back to the same.
fn read_again(matcher: &Matcher, ty: FactType) -> Matcher {
    let shown = matcher.to_string();
    let node = flow::read(&shown).unwrap_or_else(|why| panic!("{shown}: {why}"));
    let again = read(&node, ty).unwrap_or_else(|codes| panic!("{shown}: {codes:?}"));
    assert_eq!(again.to_string(), shown);
    again
}

fn is_shown_well(tested: &Tested) {
    if let Tested::Holds { got } | Tested::Fails { got } = tested {
        assert!(!got.chars().any(char::is_control), "{got:?}");
        assert!(got.chars().count() < 1_000, "{got}");
    }
}

fn not(node: &Node) -> Node {
    let key = Spanned {
        value: "not".to_owned(),
        span: Span::NOWHERE,
    };
    let value = node.clone();
    Node {
        value: NodeValue::Map(vec![Entry { key, value }]),
        span: Span::NOWHERE,
    }
}

/// What a matcher looks at, and whether it is a single value of the type of its fact.
struct Seen {
    reading: Reading,
    fits: bool,
}

fn readings(text: &str, ty: FactType) -> Vec<Seen> {
    let json = serde_json::from_str(text).unwrap_or_else(|_| Json::String(text.to_owned()));
    let is_single = !matches!(
        ty,
        FactType::List(_) | FactType::Map(_) | FactType::Headers | FactType::Json | FactType::Rows
    );
    let mut seen = vec![
        Seen {
            reading: Reading::Absent,
            fits: false,
        },
        Seen {
            reading: Reading::Unreadable {
                code: gonogo_model::codes::net::RESOLVER.into(),
                message: String::new(),
            },
            fits: false,
        },
        Seen {
            reading: Reading::Value(Value::Text(text.to_owned())),
            fits: matches!(ty, FactType::Text),
        },
    ];
    if let Some(value) = value(&json, ty) {
        seen.push(Seen {
            reading: Reading::Value(value),
            fits: is_single,
        });
    }
    seen.push(Seen {
        reading: Reading::Value(Value::Json(json)),
        fits: false,
    });
    seen
}

/// Returns a value of a type, as far as the JSON can be taken for one.
fn value(json: &Json, ty: FactType) -> Option<Value> {
    let text = match json {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        _ => String::new(),
    };
    let decimal = || text.parse::<Decimal>().ok();
    match ty {
        FactType::Boolean => json.as_bool().map(Value::Boolean),
        FactType::Integer => unit::integer(&text).ok().map(Value::Integer),
        FactType::Number => decimal().map(Value::Number),
        FactType::Text => json.as_str().map(Value::text),
        FactType::Choice(words) => {
            let word = words.iter().find(|choice| choice.word == text)?;
            Some(Value::text(word.word))
        }
        FactType::Duration => unit::duration(&text)
            .ok()
            .or_else(decimal)
            .map(Value::Duration),
        FactType::Size => unit::size(&text).ok().or_else(decimal).map(Value::Size),
        FactType::Ratio => unit::ratio(&text).ok().or_else(decimal).map(Value::Ratio),
        FactType::Version => unit::version(&text).ok().map(Value::Version),
        FactType::Time => unit::time(&text).ok().map(Value::Time),
        FactType::List(item) => {
            let items = json.as_array()?.iter().map(|json| value(json, *item));
            items.collect::<Option<_>>().map(Value::List)
        }
        FactType::Map(_) | FactType::Headers => {
            let item = match ty {
                FactType::Map(item) => *item,
                _ => FactType::Text,
            };
            let entries = json.as_object()?.iter();
            let entries = entries.map(|(name, json)| Some((name.clone(), value(json, item)?)));
            entries.collect::<Option<_>>().map(Value::Map)
        }
        FactType::Json | FactType::Rows => Some(Value::Json(json.clone())),
    }
}

/// Returns what is left of a matcher without its words and numbers.
fn shape(text: &str) -> String {
    let mut shape: String = text
        .chars()
        .map(|c| if c.is_alphanumeric() { 'x' } else { c })
        .collect();
    shape.truncate(
        shape
            .char_indices()
            .nth(60)
            .map_or(shape.len(), |(at, _)| at),
    );
    while shape.contains("xx") {
        shape = shape.replace("xx", "x");
    }
    shape
}

fn fact_type(name: &str) -> Option<FactType> {
    Some(match name {
        "boolean" => FactType::Boolean,
        "integer" => FactType::Integer,
        "number" => FactType::Number,
        "text" => FactType::Text,
        "choice" => FactType::Choice(STATES),
        "duration" => FactType::Duration,
        "size" => FactType::Size,
        "ratio" => FactType::Ratio,
        "version" => FactType::Version,
        "time" => FactType::Time,
        "list of text" => FactType::List(&FactType::Text),
        "list of integer" => FactType::List(&FactType::Integer),
        "list of duration" => FactType::List(&FactType::Duration),
        "map of text" => FactType::Map(&FactType::Text),
        "map of size" => FactType::Map(&FactType::Size),
        "headers" => FactType::Headers,
        "json" => FactType::Json,
        "rows" => FactType::Rows,
        _ => return None,
    })
}

const STATES: &[TextChoice] = &[
    TextChoice {
        word: "open",
        sentence: "It answers.",
    },
    TextChoice {
        word: "refused",
        sentence: "It refuses.",
    },
    TextChoice {
        word: "not known",
        sentence: "It is not known.",
    },
];

const WORDS: &[&str] = &[
    "boolean\n",
    "integer\n",
    "number\n",
    "text\n",
    "choice\n",
    "duration\n",
    "size\n",
    "ratio\n",
    "version\n",
    "time\n",
    "list of text\n",
    "list of integer\n",
    "list of duration\n",
    "map of text\n",
    "map of size\n",
    "headers\n",
    "json\n",
    "rows\n",
    "{ not: ",
    "{ contains: ",
    "{ matches: ",
    "{ starts_with: ",
    "{ ends_with: ",
    "{ has: ",
    "{ length: ",
    "{ all: ",
    "{ any: ",
    "{ none: ",
    "{ one_of: [",
    "{ is: ",
    "{ absent: true }",
    "{ absent: false }",
    " }",
    "]",
    "over ",
    "under ",
    "at least ",
    "at most ",
    "not ",
    "> ",
    ">= ",
    "< ",
    "<= ",
    "!= ",
    "== ",
    "..",
    "200",
    "200..299",
    "500ms",
    "14d",
    "80%",
    "2GiB",
    "1.5",
    "15.4",
    "true",
    "null",
    "open",
    "refused",
    "not known",
    "2027-01-31T00:00:00Z",
    "2027-01-31",
    "$.a",
    "$..a",
    "$[0]",
    "$[*]",
    "$.a[?@.b > 1]",
    "$['a b']",
    "content-type",
    "a",
    "(a|b)*c",
    "^$",
    "[a-",
    "\\d",
    "{\"a\": 1}",
    "[{\"a\": null}]",
    "[]",
    "{}",
    "\"\"",
    "0.1",
    "12345678901234567890",
    "-0",
    "[redacted]",
    "''",
    "\"under 5\"",
    "absent",
    "1 day",
    "0x1F",
];
