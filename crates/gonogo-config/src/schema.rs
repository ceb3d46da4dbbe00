//! The JSON Schema of a gate file, made from the declarations, for editors.
//!
//! It describes more than it forbids: a `${...}` may stand wherever a text may, and matchers have a
//! grammar of their own. What it accepts is still checked by `lint`.

use gonogo_kind::{FactDecl, FieldDecl, FieldType, KindDecl, KindTable, flow, to_json};
use serde_json::{Map, Value as Json, json};

use crate::keys::{self, KeyDecl, Shape};
use crate::notify;
use crate::schema_matcher::{self, WITH_UNIT, matcher};
use crate::schema_policy;
use crate::waiver;

/// Returns the JSON Schema (2020-12) of a gate file.
#[must_use]
pub fn schema(kinds: &dyn KindTable) -> Json {
    let mut root = object(keys::TOP, &["version"]);
    gate_or_included(&mut root);
    let mut definitions = Map::new();
    definitions.insert("check".to_owned(), check(kinds));
    definitions.insert("template".to_owned(), template(kinds));
    definitions.insert("group".to_owned(), group());
    definitions.extend(schema_matcher::definitions());
    for kind in kinds.kinds() {
        definitions.insert(format!("{}_options", kind.name), options(kind));
        definitions.insert(format!("{}_facts", kind.name), facts(kind));
    }
    schema_policy::rules(&mut root["properties"]["policy"], kinds);
    headed(
        &mut root,
        "gonogo gate file",
        "What must be true before a deploy.",
    );
    root["$defs"] = Json::Object(definitions);
    root
}

/// Says in front which schema it is.
pub(crate) fn headed(root: &mut Json, title: &str, description: &str) {
    let head = [
        ("$schema", "https://json-schema.org/draft/2020-12/schema"),
        ("title", title),
        ("description", description),
    ];
    if let Json::Object(root) = root {
        for (at, (name, value)) in head.into_iter().enumerate() {
            root.shift_insert(at, name.to_owned(), json!(value));
        }
    }
}

/// Tells a gate file from one that it includes: that has no `gate`, and nothing that holds for all.
fn gate_or_included(root: &mut Json) {
    let included = |decl: &&KeyDecl| keys::INCLUDED.iter().any(|known| known.name == decl.name);
    let of_gate = keys::TOP.iter().filter(|decl| !included(decl));
    let of_gate: Map<String, Json> = of_gate
        .filter(|decl| !matches!(decl.shape, Shape::NotYet))
        .map(|decl| (decl.name.to_owned(), json!(false)))
        .collect();
    root["if"] = json!({ "required": ["gate"] });
    root["then"] = json!({ "anyOf": [
        { "required": ["checks"] },
        { "required": ["include"] },
    ] });
    root["else"] = json!({ "properties": of_gate, "minProperties": 2 });
}

/// Describes a map whose keys are declared; keys of later versions are left out.
pub(crate) fn object(decls: &[KeyDecl], required: &[&str]) -> Json {
    let known = decls.iter().filter(|d| !matches!(d.shape, Shape::NotYet));
    let properties: Map<String, Json> = known.map(|d| (d.name.to_owned(), key(d))).collect();
    let mut schema = json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

fn key(decl: &KeyDecl) -> Json {
    let schema = match decl.shape {
        Shape::Field(ty) => field_type(ty),
        Shape::Names => names(),
        Shape::Phases => json!({ "anyOf": [names(), named(keys::PHASE)] }),
        Shape::Environments => named(keys::ENVIRONMENT),
        Shape::Severities => json!({
            "type": "object",
            "minProperties": 1,
            "additionalProperties": { "enum": ["blocker", "warning"] },
        }),
        Shape::Values => json!({
            "type": "object",
            "additionalProperties": { "type": ["string", "number", "boolean"] },
        }),
        Shape::Variables => json!({
            "type": "object",
            "propertyNames": { "pattern": NAME },
            "additionalProperties": { "anyOf": [
                { "type": ["string", "number", "boolean"] },
                object(keys::VARIABLE, &[]),
            ] },
        }),
        Shape::Secrets => {
            json!({
                "type": "object",
                "propertyNames": { "pattern": NAME },
                "additionalProperties": object(keys::SECRET, &[]),
            })
        }
        Shape::Checks => json!({
            "type": "object",
            "minProperties": 1,
            "propertyNames": { "pattern": "^[a-z0-9][a-z0-9._-]*$" },
            "additionalProperties": { "$ref": "#/$defs/check" },
        }),
        Shape::Templates => json!({
            "type": "object",
            "minProperties": 1,
            "propertyNames": { "pattern": "^[a-z0-9][a-z0-9._-]*$" },
            "additionalProperties": { "$ref": "#/$defs/template" },
        }),
        Shape::OneOrMore => json!({ "anyOf": [
            { "type": "string" },
            { "type": "array", "minItems": 1, "items": { "type": "string" } },
        ] }),
        Shape::Groups => json!({
            "type": "object",
            "propertyNames": { "pattern": "^[a-z0-9][a-z0-9._-]*$" },
            "additionalProperties": { "$ref": "#/$defs/group" },
        }),
        Shape::Messages => json!({ "anyOf": [
            field_type(FieldType::Text),
            { "type": "object", "minProperties": 1, "additionalProperties": field_type(FieldType::Text) },
        ] }),
        Shape::Expectations => json!({ "type": "object", "minProperties": 1 }),
        Shape::Condition => json!({ "type": "string", "minLength": 1 }),
        Shape::Conditions => json!({ "anyOf": [
            { "type": "string", "minLength": 1 },
            { "type": "array", "minItems": 1, "items": { "type": "string", "minLength": 1 } },
        ] }),
        Shape::Each => json!({ "anyOf": [
            { "type": "array", "minItems": 1, "items": { "type": ["string", "number"] } },
            { "type": "object", "minProperties": 1, "additionalProperties": { "type": ["object", "null"] } },
        ] }),
        Shape::Map(decls) if decl.name == "quarantine" => {
            object(decls, &["reason", "owner", "until", "count"])
        }
        Shape::Map(decls) => object(decls, &[]),
        Shape::Waivers => json!({
            "type": "array",
            "minItems": 1,
            "items": object(waiver::WAIVER, &["check", "reason", "owner", "until"]),
        }),
        Shape::Receivers => receivers(),
        Shape::Quorum => quorum(),
        Shape::Constant if decl.name == "version" => json!({ "const": 1 }),
        Shape::Constant => json!({ "type": ["string", "number", "boolean"] }),
        Shape::NotYet => json!(false),
    };
    described(schema, decl.sentence, decl.example)
}

/// A map from names to receivers, each with the keys of one service.
fn receivers() -> Json {
    let services = notify::SERVICES.iter();
    let services: Vec<Json> = services
        .map(|(_, keys, required)| object(keys, required))
        .collect();
    json!({
        "type": "object",
        "minProperties": 1,
        "propertyNames": { "pattern": "^[a-z0-9][a-z0-9._-]*$" },
        "additionalProperties": { "oneOf": services },
    })
}

fn names() -> Json {
    json!({ "type": "array", "items": { "type": "string" }, "minItems": 1, "uniqueItems": true })
}

/// A map from names to maps, which may be left empty.
fn named(decls: &[KeyDecl]) -> Json {
    json!({
        "type": "object",
        "minProperties": 1,
        "propertyNames": { "pattern": "^[a-z0-9][a-z0-9._-]*$" },
        "additionalProperties": { "anyOf": [object(decls, &[]), { "type": "null" }] },
    })
}

/// A check: the common keys, and exactly one kind, which may come from a template.
fn check(kinds: &dyn KindTable) -> Json {
    let mut schema = common(kinds);
    let complete = kinds.kinds().iter().map(|kind| {
        let required: Vec<&str> = required(kind).collect();
        (kind.name.to_owned(), json!({ "required": required }))
    });
    let complete: Map<String, Json> = complete.collect();
    let one: Vec<Json> = one_kind(kinds);
    // The group has the severity, and its members have none.
    schema["not"] = json!({ "required": ["group", "severity"] });
    schema["if"] = json!({ "required": ["extends"] });
    schema["then"] = at_most_one_kind(kinds);
    schema["else"] = json!({ "oneOf": one, "properties": complete });
    schema
}

/// A template: part of a check.
fn template(kinds: &dyn KindTable) -> Json {
    let mut schema = common(kinds);
    if let Some(properties) = schema["properties"].as_object_mut() {
        properties.shift_remove("each");
    }
    schema["minProperties"] = json!(1);
    schema["oneOf"] = at_most_one_kind(kinds)["oneOf"].take();
    schema
}

/// The common keys of a check and its kind, of which nothing is required.
fn common(kinds: &dyn KindTable) -> Json {
    let mut schema = object(keys::CHECK, &[]);
    let mut all_of = Vec::new();
    for kind in kinds.kinds() {
        let options = format!("#/$defs/{}_options", kind.name);
        let facts = json!({ "$ref": format!("#/$defs/{}_facts", kind.name) });
        schema["properties"][kind.name] = json!({ "$ref": options, "description": kind.summary });
        all_of.push(json!({
            "if": { "required": [kind.name] },
            "then": { "properties": { "expect": facts, "should": facts } },
        }));
    }
    schema["allOf"] = Json::Array(all_of);
    schema
}

fn one_kind(kinds: &dyn KindTable) -> Vec<Json> {
    let names = kinds.kinds().iter().map(|kind| kind.name);
    names.map(|name| json!({ "required": [name] })).collect()
}

fn at_most_one_kind(kinds: &dyn KindTable) -> Json {
    let mut one_of = one_kind(kinds);
    one_of.push(json!({ "not": { "anyOf": one_of.clone() } }));
    json!({ "oneOf": one_of })
}

fn required(kind: &KindDecl) -> impl Iterator<Item = &'static str> {
    let required = kind
        .fields
        .iter()
        .filter(|f| f.required && f.default.is_none());
    required.map(|f| f.name)
}

fn group() -> Json {
    json!({ "anyOf": [quorum(), object(keys::GROUP, &[])] })
}

fn quorum() -> Json {
    json!({ "anyOf": [
        { "type": "integer", "minimum": 1 },
        { "type": "string", "pattern": "^(all|any|[0-9]+|[0-9.]+ ?%|.*\\$\\{.*)$" },
    ] })
}

/// The options of a kind: the short form, or a map of its fields, of which a template may hold some.
fn options(kind: &KindDecl) -> Json {
    let fields = kind.fields.iter().map(|f| (f.name.to_owned(), field(f)));
    let properties: Map<String, Json> = fields.collect();
    let long = json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    match kind.field(kind.short) {
        Some(short) => json!({ "anyOf": [field(short), long] }),
        None => long,
    }
}

fn field(decl: &FieldDecl) -> Json {
    let mut schema = described(field_type(decl.ty), decl.sentence, decl.example);
    if let Some(default) = decl.default {
        schema["default"] = example(default);
    }
    schema
}

fn facts(kind: &KindDecl) -> Json {
    let facts = kind.facts.iter().map(|f| (f.name.to_owned(), fact(f)));
    let properties: Map<String, Json> = facts.collect();
    json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "minProperties": 1,
    })
}

fn fact(decl: &FactDecl) -> Json {
    let sentence = format!("{} ({})", decl.sentence, decl.ty.name());
    described(matcher(decl.ty), &sentence, decl.example)
}

fn field_type(ty: FieldType) -> Json {
    let variable = json!({ "type": "string", "pattern": "\\$\\{" });
    match ty {
        FieldType::Text | FieldType::Path | FieldType::File => {
            json!({ "type": ["string", "number", "boolean"], "minLength": 1 })
        }
        FieldType::Name => json!({
            "type": ["string", "number", "boolean"],
            "pattern": "^[^/\\s]+$|\\$\\{",
        }),
        FieldType::Address(None) => json!({
            "type": "string",
            "pattern": "^[^/\\s]+:[0-9]{1,5}$|\\$\\{",
        }),
        FieldType::Address(Some(_)) => json!({
            "type": ["string", "number", "boolean"],
            "pattern": "^[^/\\s]+$|\\$\\{",
        }),
        FieldType::Url(schemes) => {
            let schemes = schemes.join("|");
            json!({ "type": "string", "pattern": format!("^(({schemes})://|.*\\$\\{{)") })
        }
        FieldType::Integer { min, max } => json!({ "anyOf": [
            { "type": "integer", "minimum": min, "maximum": max },
            variable,
        ] }),
        FieldType::Duration | FieldType::Size => json!({ "type": "string", "pattern": WITH_UNIT }),
        FieldType::Boolean => json!({ "anyOf": [{ "type": "boolean" }, variable] }),
        FieldType::Choice(choices) => {
            let mut words: Vec<Json> = choices.iter().map(|c| c.word.into()).collect();
            // A word such as `2` stands in a file as the number that YAML reads.
            let numbers = choices.iter().filter_map(|c| c.word.parse().ok());
            words.extend(numbers.map(Json::Number));
            json!({ "anyOf": [{ "enum": words }, variable] })
        }
        FieldType::Texts => json!({
            "type": "array",
            "minItems": 1,
            "items": { "type": ["string", "number", "boolean"] },
        }),
        FieldType::TextMap => json!({
            "type": "object",
            "additionalProperties": { "type": ["string", "number", "boolean"] },
        }),
        FieldType::Json => json!({}),
        FieldType::Roots => json!({ "anyOf": [
            { "type": "string" },
            { "type": "array", "minItems": 1, "items": { "type": "string" } },
        ] }),
    }
}

fn described(mut schema: Json, sentence: &str, text: &str) -> Json {
    schema["description"] = json!(sentence);
    if !text.is_empty() {
        schema["examples"] = json!([example(text)]);
    }
    schema
}

/// Reads an example as it stands in a gate file.
fn example(text: &str) -> Json {
    match flow::read(text) {
        Ok(node) => to_json(&node),
        Err(_) => json!(text),
    }
}

/// The names of variables and secrets.
const NAME: &str = "^[a-z][a-z0-9_]*$";
