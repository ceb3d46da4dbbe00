//! Facts as plain JSON values, with their types beside them so that they can be read back.

use std::collections::BTreeMap;

use gonogo_model::{Decimal, Value, Version};
use serde_json::{Map, Value as Json};

/// Returns the plain value and its type.
pub(crate) fn to_json(value: &Value) -> (Json, Json) {
    match value {
        Value::Json(json) if depth(json) > DEEPEST => {
            (Json::String(json.to_string()), "json_text".into())
        }
        Value::List(values) => list_to_json(values),
        Value::Map(entries) => map_to_json(entries),
        Value::Boolean(_)
        | Value::Integer(_)
        | Value::Number(_)
        | Value::Text(_)
        | Value::Duration(_)
        | Value::Size(_)
        | Value::Ratio(_)
        | Value::Version(_)
        | Value::Time(_)
        | Value::Json(_) => (value.to_json(), type_word(value).into()),
    }
}

/// Reads a plain value by its type.
///
/// # Errors
///
/// What does not fit, as a lowercase fragment.
pub(crate) fn from_json(json: &Json, ty: &Json) -> Result<Value, String> {
    match ty {
        Json::String(word) => from_word(json, word),
        Json::Array(types) => {
            let values = array(json)?;
            if values.len() != types.len() {
                return Err(format!("{} values for {} types", values.len(), types.len()));
            }
            let values = values.iter().zip(types).map(|(v, t)| from_json(v, t));
            Ok(Value::List(values.collect::<Result<_, _>>()?))
        }
        Json::Object(types) => map_from_json(object(json)?, |name| {
            types.get(name).ok_or_else(|| format!("no type for {name}"))
        }),
        Json::Null | Json::Bool(_) | Json::Number(_) => Err(format!("{ty} is not a type")),
    }
}

/// Returns the type of a value in a word, as `fact_types` has it.
pub(crate) fn type_word(value: &Value) -> &'static str {
    match value {
        Value::Boolean(_) => "boolean",
        Value::Integer(_) => "integer",
        Value::Number(_) => "number",
        Value::Text(_) => "text",
        Value::Duration(_) => "duration",
        Value::Size(_) => "size",
        Value::Ratio(_) => "ratio",
        Value::Version(_) => "version",
        Value::Time(_) => "time",
        Value::List(_) => "list",
        Value::Map(_) => "map",
        Value::Json(_) => "json",
    }
}

fn list_to_json(values: &[Value]) -> (Json, Json) {
    let (values, types): (Vec<Json>, Vec<Json>) = values.iter().map(to_json).unzip();
    let ty = match common(&types) {
        Some(ty) => format!("list of {ty}").into(),
        None if types.is_empty() => "list".into(),
        None => Json::Array(types),
    };
    (Json::Array(values), ty)
}

/// A name that comes twice becomes a list of its values.
fn map_to_json(entries: &[(String, Value)]) -> (Json, Json) {
    let mut named: Map<String, Json> = Map::new();
    let mut places: BTreeMap<&str, Vec<(Json, Json)>> = BTreeMap::new();
    for (name, value) in entries {
        named.insert(name.clone(), Json::Null);
        places.entry(name).or_default().push(to_json(value));
    }
    let repeats = named.len() < entries.len();
    let pairs = || places.values().flatten();
    let types: Vec<Json> = pairs().map(|(_, ty)| ty.clone()).collect();
    // Where a value is itself a list, it could not be told from the values of a repeated name.
    let plain = !repeats || pairs().all(|(value, _)| !value.is_array());
    let word = common(&types).filter(|_| plain);

    let mut spelled = named.clone();
    for (name, mut pairs) in places {
        let (value, ty) = if pairs.len() > 1 {
            let (values, types) = pairs.into_iter().unzip();
            (Json::Array(values), Json::Array(types))
        } else {
            pairs.pop().unwrap_or_default()
        };
        named.insert(name.to_owned(), value);
        spelled.insert(name.to_owned(), ty);
    }
    let ty = match word {
        Some(ty) if repeats => format!("map with repeats of {ty}").into(),
        Some(ty) => format!("map of {ty}").into(),
        None if entries.is_empty() => "map".into(),
        None => Json::Object(spelled),
    };
    (Json::Object(named), ty)
}

/// Returns the one word that all types are, if they are one.
fn common(types: &[Json]) -> Option<String> {
    let first = types.first()?.as_str()?;
    types
        .iter()
        .all(|ty| ty.as_str() == Some(first))
        .then(|| first.to_owned())
}

fn from_word(json: &Json, word: &str) -> Result<Value, String> {
    if let Some(item) = word.strip_prefix("list of ") {
        let values = array(json)?.iter().map(|v| from_word(v, item));
        return Ok(Value::List(values.collect::<Result<_, _>>()?));
    }
    if let Some(item) = word.strip_prefix("map of ") {
        let ty = Json::from(item);
        return map_from_json(object(json)?, |_| Ok(&ty));
    }
    if let Some(item) = word.strip_prefix("map with repeats of ") {
        return repeats_from_json(object(json)?, item);
    }
    Ok(match word {
        "boolean" => Value::Boolean(json.as_bool().ok_or_else(|| no(json, word))?),
        "integer" => Value::Integer(number(json, word)?),
        "number" => Value::Number(number(json, word)?),
        "duration" => Value::Duration(number(json, word)?),
        "size" => Value::Size(number(json, word)?),
        "ratio" => Value::Ratio(number(json, word)?),
        "text" => Value::Text(text(json, word)?.to_owned()),
        "version" => {
            Value::Version(Version::parse(text(json, word)?).ok_or_else(|| no(json, word))?)
        }
        "time" => Value::Time(text(json, word)?.parse().map_err(|_| no(json, word))?),
        "json" => Value::Json(json.clone()),
        "json_text" => {
            Value::Json(serde_json::from_str(text(json, word)?).map_err(|e| e.to_string())?)
        }
        "list" if array(json)?.is_empty() => Value::List(Vec::new()),
        "map" if object(json)?.is_empty() => Value::Map(Vec::new()),
        _ => return Err(no(json, word)),
    })
}

fn map_from_json<'t>(
    object: &Map<String, Json>,
    type_of: impl Fn(&str) -> Result<&'t Json, String>,
) -> Result<Value, String> {
    let entries = object
        .iter()
        .map(|(name, value)| Ok((name.clone(), from_json(value, type_of(name)?)?)));
    Ok(Value::Map(entries.collect::<Result<_, String>>()?))
}

fn repeats_from_json(object: &Map<String, Json>, item: &str) -> Result<Value, String> {
    let mut entries = Vec::new();
    for (name, value) in object {
        let values = value
            .as_array()
            .map_or(std::slice::from_ref(value), Vec::as_slice);
        for value in values {
            entries.push((name.clone(), from_word(value, item)?));
        }
    }
    Ok(Value::Map(entries))
}

fn number(json: &Json, word: &str) -> Result<Decimal, String> {
    let Json::Number(number) = json else {
        return Err(no(json, word));
    };
    number.to_string().parse().map_err(|_| no(json, word))
}

fn text<'j>(json: &'j Json, word: &str) -> Result<&'j str, String> {
    json.as_str().ok_or_else(|| no(json, word))
}

fn array(json: &Json) -> Result<&Vec<Json>, String> {
    json.as_array().ok_or_else(|| no(json, "list"))
}

fn object(json: &Json) -> Result<&Map<String, Json>, String> {
    json.as_object().ok_or_else(|| no(json, "map"))
}

fn no(json: &Json, word: &str) -> String {
    let found = match json {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    };
    format!("{found} is no value of type {word}")
}

fn depth(json: &Json) -> usize {
    match json {
        Json::Array(values) => 1 + values.iter().map(depth).max().unwrap_or(0),
        Json::Object(entries) => 1 + entries.values().map(depth).max().unwrap_or(0),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => 0,
    }
}

/// serde_json reads 128 levels, and a fact stands a few levels deep in a report.
const DEEPEST: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_type_is_read_back() {
        let nested = (0..120).fold(json!(1), |inner, _| json!([inner]));
        for (value, plain, ty) in [
            (Value::Boolean(true), json!(true), json!("boolean")),
            (Value::integer(200_u16), json!(200), json!("integer")),
            (
                Value::Number("1.50".parse().unwrap()),
                json!(1.5),
                json!("number"),
            ),
            (Value::text("a"), json!("a"), json!("text")),
            (
                Value::Duration("-0.25".parse().unwrap()),
                json!(-0.25),
                json!("duration"),
            ),
            (Value::size(2048_u32), json!(2048), json!("size")),
            (
                Value::Ratio("0.8".parse().unwrap()),
                json!(0.8),
                json!("ratio"),
            ),
            (
                Value::Version(Version::parse("15.4").unwrap()),
                json!("15.4"),
                json!("version"),
            ),
            (
                Value::Time("2027-01-31T00:00:00Z".parse().unwrap()),
                json!("2027-01-31T00:00:00Z"),
                json!("time"),
            ),
            (Value::Json(json!(null)), json!(null), json!("json")),
            (
                Value::texts(["a", "b"]),
                json!(["a", "b"]),
                json!("list of text"),
            ),
            (Value::List(vec![]), json!([]), json!("list")),
            (Value::Map(vec![]), json!({}), json!("map")),
            (
                Value::List(vec![Value::text("a"), Value::integer(1_u8)]),
                json!(["a", 1]),
                json!(["text", "integer"]),
            ),
            (
                Value::List(vec![Value::Map(vec![("a".into(), Value::size(1_u8))])]),
                json!([{"a": 1}]),
                json!("list of map of size"),
            ),
            (
                Value::Map(vec![
                    ("a".into(), Value::text("1")),
                    ("a".into(), Value::text("2")),
                    ("b".into(), Value::text("3")),
                ]),
                json!({"a": ["1", "2"], "b": "3"}),
                json!("map with repeats of text"),
            ),
            (
                Value::Map(vec![
                    ("a".into(), Value::text("1")),
                    ("b".into(), Value::integer(2_u8)),
                ]),
                json!({"a": "1", "b": 2}),
                json!({"a": "text", "b": "integer"}),
            ),
            (
                Value::Json(nested.clone()),
                json!(nested.to_string()),
                json!("json_text"),
            ),
        ] {
            assert_eq!(to_json(&value), (plain.clone(), ty.clone()));
            assert_eq!(from_json(&plain, &ty), Ok(value), "{ty}");
        }
    }

    #[test]
    fn digits_are_kept() {
        let value = Value::Integer("12345678901234567890123".parse().unwrap());
        let (plain, ty) = to_json(&value);
        assert_eq!(plain.to_string(), "12345678901234567890123");
        assert_eq!(from_json(&plain, &ty), Ok(value));
    }

    #[test]
    fn what_does_not_fit_its_type_is_refused() {
        for (plain, ty, message) in [
            (
                json!("5"),
                json!("integer"),
                "a string is no value of type integer",
            ),
            (json!(5), json!("text"), "a number is no value of type text"),
            (
                json!(null),
                json!("duration"),
                "null is no value of type duration",
            ),
            (json!([1]), json!("list"), "a list is no value of type list"),
            (
                json!("soon"),
                json!("time"),
                "a string is no value of type time",
            ),
            (
                json!(1),
                json!("furlong"),
                "a number is no value of type furlong",
            ),
            (
                json!([1]),
                json!(["integer", "text"]),
                "1 values for 2 types",
            ),
            (json!({"a": 1}), json!({"b": "text"}), "no type for a"),
            (json!(1), json!(7), "7 is not a type"),
        ] {
            assert_eq!(from_json(&plain, &ty), Err(message.to_owned()));
        }
    }
}
