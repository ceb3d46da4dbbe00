//! The digest of a plan: what a run commits to, in 64 characters.

use std::fmt::Write as _;

use gonogo_model::PlanSummary;
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

/// Returns SHA-256, in hexadecimal, over the canonical JSON of a plan without its digest.
///
/// Canonical means: no white space, keys sorted, numbers as they are written in reports. The order
/// of fields in this program and the order of keys in a stored file make no difference.
#[must_use]
pub fn digest(summary: &PlanSummary) -> String {
    let mut json = serde_json::to_value(summary)
        .expect("a plan is made of texts, numbers, lists and maps with text keys");
    if let Some(object) = json.as_object_mut() {
        object.shift_remove("digest");
    }
    let mut text = Vec::new();
    write_canonical(&json, &mut text);
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(&text) {
        write!(hex, "{byte:02x}").expect("writing to a String cannot fail");
    }
    hex
}

fn write_canonical(json: &Json, out: &mut Vec<u8>) {
    match json {
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {
            serde_json::to_writer(out, json).expect(MEMORY);
        }
        Json::Array(items) => {
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write_canonical(item, out);
            }
            out.push(b']');
        }
        Json::Object(object) => {
            let mut entries: Vec<_> = object.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| *key);
            out.push(b'{');
            for (i, (key, value)) in entries.into_iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                serde_json::to_writer(&mut *out, key).expect(MEMORY);
                out.push(b':');
                write_canonical(value, out);
            }
            out.push(b'}');
        }
    }
}

const MEMORY: &str = "memory takes every byte";
