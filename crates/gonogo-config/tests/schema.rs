//! The JSON Schema says what the reader reads.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod support;

use gonogo_config::schema;
use gonogo_kind::KindTable as _;
use serde_json::json;
use support::FakeKinds;

#[test]
fn every_kind_field_and_fact_is_described() {
    let schema = schema(&FakeKinds);
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    assert_eq!(schema["required"], json!(["version"]));
    assert_eq!(schema["if"], json!({ "required": ["gate"] }));
    assert_eq!(schema["else"]["properties"]["phases"], json!(false));
    assert!(schema["else"]["properties"].get("checks").is_none());
    for kind in FakeKinds.kinds() {
        assert!(
            schema["$defs"]["check"]["properties"][kind.name].is_object(),
            "{}",
            kind.name
        );
        for fact in kind.facts {
            let facts = format!("{}_facts", kind.name);
            assert!(
                schema["$defs"][&facts]["properties"][fact.name].is_object(),
                "{}",
                fact.name
            );
        }
    }
    let options = &schema["$defs"]["http_options"]["anyOf"];
    assert_eq!(
        options[0]["examples"],
        json!(["https://example.com/health"])
    );
    assert_eq!(
        schema["$defs"]["check"]["else"]["properties"]["http"],
        json!({ "required": ["url"] })
    );
    assert_eq!(
        options[1]["properties"]["method"],
        json!({
            "anyOf": [
                { "enum": ["GET", "HEAD", "POST"] },
                { "type": "string", "pattern": "\\$\\{" },
            ],
            "description": "A field of a fake kind.",
            "examples": ["HEAD"],
            "default": "GET",
        })
    );
}

#[test]
fn keys_of_later_versions_are_not_offered() {
    let schema = schema(&FakeKinds);
    assert!(schema["properties"].get("thresholds").is_none());
}

#[test]
fn conditions_are_described() {
    let schema = schema(&FakeKinds);
    let check = &schema["$defs"]["check"]["properties"];
    assert_eq!(
        check["assert"],
        json!({
            "anyOf": [
                { "type": "string", "minLength": 1 },
                { "type": "array", "minItems": 1, "items": { "type": "string", "minLength": 1 } },
            ],
            "description": "What must hold of several facts together: a condition in CEL, or a list of them.",
            "examples": ["status < 500 && duration < duration(\"500ms\")"],
        })
    );
    assert_eq!(
        check["when"],
        json!({
            "type": "string",
            "minLength": 1,
            "description": "The check is part of the gate when this condition over the variables, in CEL, holds.",
            "examples": ["region == \"eu\""],
        })
    );
}

#[test]
fn every_reference_leads_somewhere() {
    let schema = schema(&FakeKinds);
    let mut open = vec![&schema];
    while let Some(value) = open.pop() {
        if let Some(target) = value.get("$ref").and_then(|r| r.as_str()) {
            assert!(
                schema.pointer(target.trim_start_matches('#')).is_some(),
                "{target}"
            );
        }
        match value {
            serde_json::Value::Array(items) => open.extend(items),
            serde_json::Value::Object(entries) => open.extend(entries.values()),
            _ => {}
        }
    }
}
