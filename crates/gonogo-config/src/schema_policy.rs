//! The JSON Schema of a policy, from the declarations: of a file of rules, and of `policy` in a gate.
//!
//! A rule is written out, so unlike in the rest of a gate nothing here may hold a variable.

use gonogo_kind::KindTable;
use serde_json::{Value as Json, json};

use crate::keys;
use crate::policy::EFFECTS;
use crate::schema::{headed, object};

/// Returns the JSON Schema (2020-12) of a policy file.
#[must_use]
pub fn policy_schema(kinds: &dyn KindTable) -> Json {
    let mut root = object(keys::POLICY_FILE, &["version", "policy"]);
    rules(&mut root["properties"]["policy"], kinds);
    let about = "What every gate must have and may do.";
    headed(&mut root, "gonogo policy file", about);
    root
}

/// Describes the rules more closely than the shapes of their keys do.
pub(crate) fn rules(policy: &mut Json, kinds: &dyn KindTable) {
    let kinds: Vec<&str> = kinds.kinds().iter().map(|kind| kind.name).collect();
    let effects = EFFECTS.map(|effect| effect.to_string());
    policy["minProperties"] = json!(1);
    let keys = &mut policy["properties"];
    for of in ["require", "allow"] {
        keys[of]["minProperties"] = json!(1);
        for (_, list) in keys[of]["properties"].as_object_mut().into_iter().flatten() {
            list["items"] = words();
        }
        keys[of]["properties"]["kinds"]["items"] = json!({ "enum": kinds });
    }
    keys["allow"]["properties"]["effects"]["items"] = json!({ "enum": effects });
    keys["longest_waiver"]["type"] = json!("string");
    keys["longest_waiver"]["pattern"] = json!(TERM);
    if let Some(commands) = keys["commands"].as_object_mut() {
        commands.shift_remove("anyOf");
        commands.insert("enum".to_owned(), json!([true, false, "true", "false"]));
    }
}

fn words() -> Json {
    json!({
        "type": ["string", "number", "boolean"],
        "minLength": 1,
        "not": { "type": "string", "pattern": "(^|[^$])\\$\\{" },
    })
}

/// A term of a waiver: no quantity is the zero that would forbid them all, which is `none`.
const TERM: &str = "^(none|.*[0-9] *[a-zA-Z\u{b5}\u{3bc}].*)$";
