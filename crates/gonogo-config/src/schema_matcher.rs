//! What the schema says of matchers: their grammar is the reader's, the kinds of values are here.

use gonogo_kind::{FactType, matcher};
use serde_json::{Map, Value as Json, json};

/// Returns what a fact of a type can be compared with, as far as a schema can tell.
pub(crate) fn matcher(ty: FactType) -> Json {
    match definition(ty) {
        Some(name) => json!({ "$ref": format!("#/$defs/{name}") }),
        None => written_out(ty),
    }
}

/// Returns the definitions that [`matcher()`] and they themselves refer to.
pub(crate) fn definitions() -> impl Iterator<Item = (String, Json)> {
    let of_types = TYPES
        .iter()
        .filter_map(|ty| Some((definition(*ty)?, written_out(*ty))));
    of_types.chain([("operators".to_owned(), operators())])
}

/// Returns the name of what is defined once for all facts of a type; words differ from fact to fact.
fn definition(ty: FactType) -> Option<String> {
    let name = match ty {
        FactType::Choice(_) => return None,
        FactType::List(_) => "list".to_owned(),
        FactType::Map(_) => "map".to_owned(),
        other => other.name().to_lowercase(),
    };
    Some(format!("matcher_{name}"))
}

fn written_out(ty: FactType) -> Json {
    let map = json!({ "$ref": "#/$defs/operators" });
    let several = |item: Json| json!({ "type": "array", "minItems": 1, "items": item });
    let any = json!({ "type": "object", "minProperties": 1 });
    let one = match ty {
        FactType::List(_) | FactType::Rows => {
            let list = json!({ "type": "array", "minItems": 1 });
            return json!({ "anyOf": [list, map] });
        }
        FactType::Map(_) | FactType::Headers => return any,
        FactType::Json => {
            let list = json!({ "type": "array", "minItems": 1 });
            let scalar = json!({ "type": ["string", "number", "boolean", "null"] });
            return json!({ "anyOf": [any, scalar, list] });
        }
        FactType::Boolean => json!({ "anyOf": [
            { "type": "boolean" },
            { "type": "string", "pattern": "^(true|false|True|False|TRUE|FALSE)$|\\$\\{" },
        ] }),
        FactType::Choice(choices) => {
            let words: Vec<&str> = choices.iter().map(|choice| choice.word).collect();
            json!({ "anyOf": [{ "enum": words }, { "type": "string", "pattern": "\\$\\{" }] })
        }
        FactType::Duration | FactType::Size => json!({ "type": "string", "pattern": WITH_UNIT }),
        FactType::Ratio => json!({ "anyOf": [
            { "type": "number", "minimum": 0, "maximum": 1 },
            { "type": "string", "minLength": 1 },
        ] }),
        FactType::Integer | FactType::Number | FactType::Version | FactType::Time => {
            json!({ "type": ["string", "number"], "minLength": 1 })
        }
        FactType::Text => json!({ "type": ["string", "number", "boolean"] }),
    };
    let item = json!({ "anyOf": [one, { "type": "object", "required": ["is"] }] });
    json!({ "anyOf": [one, several(item), map] })
}

/// Returns the map of operators.
fn operators() -> Json {
    let operators: Map<String, Json> = matcher::operators()
        .map(|word| (word.to_owned(), json!({})))
        .collect();
    json!({
        "description": "Operators, all of which must hold.",
        "type": "object",
        "properties": operators,
        "minProperties": 1,
    })
}

/// Every type of a fact but those with words of their own.
const TYPES: &[FactType] = &[
    FactType::Boolean,
    FactType::Integer,
    FactType::Number,
    FactType::Text,
    FactType::Duration,
    FactType::Size,
    FactType::Ratio,
    FactType::Version,
    FactType::Time,
    FactType::List(&FactType::Text),
    FactType::Map(&FactType::Text),
    FactType::Headers,
    FactType::Json,
    FactType::Rows,
];

/// A quantity with a unit, or a variable that may bring one.
pub(crate) const WITH_UNIT: &str = "[0-9] *[a-zA-Z\u{b5}\u{3bc}]|\\$\\{";
