//! The schema and the reader say the same yes or no of every gate file here, wherever a schema can tell.
//!
//! The schema is asked by a validator that knows nothing of gonogo, about what a YAML reader that is not
//! ours makes of the file. What a schema cannot tell stands in `schema_untold.txt`, file by file; a file there of
//! which both say the same is as wrong as one that is missing.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

#[path = "../../crates/gonogo-config/tests/support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use boon::{Compiler, Schemas};
use gonogo_config::{Commands, Includes, Inputs, Source, decode, load, policy_schema, schema};
use gonogo_kind::KindTable;
use gonogo_probes::Kinds;
use gonogo_tests::{program, workspace};
use serde_json::{Map, Value as Json};
use support::samples::machine;
use support::{FakeKinds, Machine};
use yaml_rust2::{Yaml, YamlLoader};

/// Asks an independent validator about a text.
struct Validator {
    schemas: Schemas,
    root: boon::SchemaIndex,
}

impl Validator {
    fn new(kinds: &dyn KindTable) -> Self {
        Self::of(schema(kinds))
    }

    fn of(schema: Json) -> Self {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.set_default_draft(boon::Draft::V2020_12);
        compiler.add_resource("gonogo.schema.json", schema).unwrap();
        let root = compiler
            .compile("gonogo.schema.json", &mut schemas)
            .unwrap();
        Self { schemas, root }
    }

    /// Returns what is wrong with a gate file; nothing when nothing is.
    fn refusal(&self, bytes: &[u8]) -> Option<String> {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return Some("no UTF-8".to_owned());
        };
        let documents = match YamlLoader::load_from_str(text) {
            Ok(documents) => documents,
            Err(error) => return Some(format!("no YAML: {error}")),
        };
        let [document] = documents.as_slice() else {
            return Some(format!("{} documents", documents.len()));
        };
        let instance = match json(document) {
            Ok(instance) => instance,
            Err(why) => return Some(why),
        };
        let judged = self.schemas.validate(&instance, self.root);
        judged.err().map(|error| format!("{error:#}"))
    }
}

fn json(yaml: &Yaml) -> Result<Json, String> {
    Ok(match yaml {
        Yaml::Real(text) => match text
            .parse::<f64>()
            .ok()
            .and_then(serde_json::Number::from_f64)
        {
            Some(number) => Json::Number(number),
            None => Json::String(text.clone()),
        },
        Yaml::Integer(number) => Json::from(*number),
        Yaml::String(text) => Json::from(text.as_str()),
        Yaml::Boolean(yes) => Json::from(*yes),
        Yaml::Array(items) => Json::Array(items.iter().map(json).collect::<Result<_, _>>()?),
        Yaml::Hash(entries) => {
            let mut map = Map::new();
            for (key, value) in entries {
                let Json::String(key) = json(key).map(|key| match key {
                    Json::String(text) => Json::String(text),
                    other => Json::String(other.to_string()),
                })?
                else {
                    return Err("a key is no text".to_owned());
                };
                map.insert(key, json(value)?);
            }
            Json::Object(map)
        }
        Yaml::Null => Json::Null,
        Yaml::Alias(_) | Yaml::BadValue => return Err("an alias of nothing".to_owned()),
    })
}

/// Returns the YAML files of a folder, and of those in it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
        } else if path.extension().is_some_and(|e| e == "yaml") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Says where schema and reader differ: the file, what the reader says, what the schema says.
fn differences() -> BTreeMap<String, (bool, String)> {
    let mut differences = BTreeMap::new();
    let mut compare = |path: &Path, reader: bool, schema: Option<String>| {
        if reader != schema.is_none() {
            let name = path.strip_prefix(workspace()).unwrap();
            let name = name.to_str().unwrap().to_owned();
            differences.insert(name, (reader, schema.unwrap_or_default()));
        }
    };
    let fake = Validator::new(&FakeKinds);
    for folder in ["valid", "invalid"] {
        for path in files(&workspace().join("crates/gonogo-config/tests").join(folder)) {
            let name = path.file_stem().unwrap().to_str().unwrap();
            if UNASKED.contains(&name) {
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let is_read = decode(bytes.clone())
                .is_ok_and(|text| !outfitted(&text).load_as("probes.yaml", &text).has_errors());
            compare(&path, is_read, fake.refusal(&bytes));
        }
    }
    let kinds = Kinds::new();
    let real = Validator::new(&kinds);
    for path in files(&workspace().join("crates/gonogo-probes/src/kinds")) {
        let bytes = std::fs::read(&path).unwrap();
        let text = decode(bytes.clone()).unwrap();
        compare(&path, is_read(&kinds, &path, text), real.refusal(&bytes));
    }
    let mut gates = files(&workspace().join("examples"));
    gates.push(workspace().join("probes.yaml"));
    for path in gates {
        let bytes = std::fs::read(&path).unwrap();
        // The files that a gate includes, and its policies, are no gates.
        if path.ends_with("probes.yaml") {
            compare(&path, is_linted(&path), real.refusal(&bytes));
        }
    }
    differences
}

/// Returns the machine that a gate asks for, with what the gate of the design needs.
fn outfitted(text: &str) -> Machine {
    let machine = machine(text);
    if !text.contains("gate: beluga") {
        return machine;
    }
    machine
        .env("TARGET_HOST", "example.com")
        .env("DATABASE_URL", "postgres://user:password@example.com/0")
        .file(
            "/run/secrets/redis_url",
            "redis://user:password@example.com",
        )
        .file("ca.pem", "-----BEGIN CERTIFICATE-----\n")
}

/// Returns whether `gonogo lint` finds no mistake in a gate, with the files that belong to it.
fn is_linted(path: &Path) -> bool {
    let text = std::fs::read_to_string(path).unwrap();
    let mut command = std::process::Command::new(program("gonogo"));
    command.arg("lint").arg(path);
    for part in text.split("env: ").skip(1) {
        let name: String = part
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect();
        let value = match name.as_str() {
            "DATABASE_URL" => "postgres://user:password@example.com/0",
            "REDIS_URL" => "redis://user:password@example.com/0",
            name if name.ends_with("PORT") => "8443",
            name if name.ends_with("DNS_SERVER") => "127.0.0.1:53",
            name if name.contains("CA") => "system",
            "SMTP_URL" => "smtps://user:password@example.com",
            name if name.ends_with("_HOOK") || name == "BUS_URL" => "https://example.com/hook",
            name if name.ends_with("_KEY") => "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            _ => "example.com",
        };
        if !name.is_empty() {
            command.env(name, value);
        }
    }
    command.output().unwrap().status.success()
}

/// Returns whether the reader takes a gate, where every variable and every file is there.
fn is_read(kinds: &Kinds, path: &Path, text: String) -> bool {
    let source = Source {
        name: "probes.yaml".to_owned(),
        text,
        base: path.parent().unwrap().to_owned(),
    };
    let env = |name: &str| {
        Some(match name {
            "DATABASE_URL" => "postgres://user:password@example.com/0".to_owned(),
            "REDIS_URL" => "redis://user:password@example.com/0".to_owned(),
            name if name.ends_with("_URL") => "https://example.com/0".to_owned(),
            name if name.ends_with("HOST") => "example.com".to_owned(),
            name if name.ends_with("PORT") => "8443".to_owned(),
            _ => "a-value".to_owned(),
        })
    };
    let read_file = |path: &Path| {
        std::fs::read(path).or_else(|error| {
            let pem = path
                .extension()
                .is_some_and(|e| e == "pem" || e == "crt" || e == "key");
            let text = "-----BEGIN CERTIFICATE-----\n".to_owned();
            pem.then(|| text.into_bytes()).ok_or(error)
        })
    };
    let loaded = load(
        &source,
        &Inputs {
            kinds,
            env: &env,
            read_file: &read_file,
            includes: Includes::none(),
            vars: Vec::new(),
            version: env!("CARGO_PKG_VERSION"),
            now: "2026-11-20T12:00:00Z".parse().unwrap(),
            resolve_secrets: true,
            commands: Commands::StandIn,
            comparing: false,
            policies: &[],
            environment: None,
            phase: None,
        },
    );
    !loaded.has_errors()
}

/// Policies that are read, and such as are not.
const POLICIES: &[(&str, bool)] = &[
    ("version: 1\npolicy: { commands: false }\n", true),
    ("version: 1\npolicy: { commands: \"true\" }\n", true),
    ("version: 1\npolicy: { longest_waiver: none }\n", true),
    ("version: 1\npolicy: { longest_waiver: 1w 2d }\n", true),
    (
        "version: 1\npolicy: { severities: { \"*\": warning } }\n",
        true,
    ),
    (
        "version: 1\npolicy: { allow: { effects: [reads, loads], hosts: [10.0.0.0/8] } }\n",
        true,
    ),
    (
        "version: 1\npolicy: { require: { kinds: [tcp], phases: [x], checks: [\"a*\", 1] } }\n",
        true,
    ),
    ("", false),
    ("version: 1\n", false),
    ("policy: { commands: false }\n", false),
    ("version: \"1\"\npolicy: { commands: false }\n", false),
    ("version: 2\npolicy: { commands: false }\n", false),
    ("version: 1\npolicy: {}\n", false),
    ("version: 1\npolicy: [commands]\n", false),
    ("version: 1\npolicy: { comands: false }\n", false),
    ("version: 1\npolicy: { commands: ${x} }\n", false),
    ("version: 1\npolicy: { commands: 0 }\n", false),
    ("version: 1\npolicy: { require: {} }\n", false),
    ("version: 1\npolicy: { require: { kinds: [] } }\n", false),
    ("version: 1\npolicy: { require: { kinds: tls } }\n", false),
    ("version: 1\npolicy: { require: { kinds: [tsl] } }\n", false),
    (
        "version: 1\npolicy: { require: { checks: [\"${x}\"] } }\n",
        false,
    ),
    (
        "version: 1\npolicy: { require: { checks: [\"\"] } }\n",
        false,
    ),
    ("version: 1\npolicy: { allow: {} }\n", false),
    (
        "version: 1\npolicy: { allow: { effects: [reading] } }\n",
        false,
    ),
    ("version: 1\npolicy: { allow: { kind: [tls] } }\n", false),
    ("version: 1\npolicy: { severities: {} }\n", false),
    (
        "version: 1\npolicy: { severities: { \"*\": info } }\n",
        false,
    ),
    ("version: 1\npolicy: { longest_waiver: 30 }\n", false),
    ("version: 1\npolicy: { longest_waiver: never }\n", false),
    ("version: 1\npolicy: { commands: false }\ngate: g\n", false),
];

/// Returns whether a policy file has no mistake; what it finds in the gate is none.
fn is_policy(text: &str) -> bool {
    let machine = Machine::default().policy("floor.yaml", text);
    let loaded =
        machine.load("version: 1\ngate: g\nchecks: { a: { tcp: \"db.example.com:1\" } }\n");
    let findings = ["missing", "severity", "forbidden", "waiver"];
    let of_gate = |code: &str| {
        let finding = code.strip_prefix("config/policy_");
        finding.is_some_and(|finding| findings.contains(&finding))
    };
    loaded.diagnostics.iter().all(|told| of_gate(told.code))
}

#[test]
fn the_schema_of_a_policy_and_its_reader_agree() {
    let schema = Validator::of(policy_schema(&FakeKinds));
    for (text, is_good) in POLICIES {
        let refusal = schema.refusal(text.as_bytes());
        assert_eq!(refusal.is_none(), *is_good, "the schema: {text}{refusal:?}");
        assert_eq!(is_policy(text), *is_good, "the reader: {text}");
    }
    let real = Validator::of(policy_schema(&Kinds::new()));
    let floor = std::fs::read(workspace().join("examples/policy/floor.yaml")).unwrap();
    assert_eq!(real.refusal(&floor), None);
    let guide = std::fs::read_to_string(workspace().join("docs/guides/policy.md")).unwrap();
    let block = guide.split("```yaml\n").nth(1).unwrap();
    let block = block.split("```").next().unwrap();
    assert_eq!(real.refusal(block.as_bytes()), None);
    let gate = std::process::Command::new(program("gonogo"))
        .args(["schema", "policy"])
        .output()
        .unwrap();
    let printed: Json = serde_json::from_slice(&gate.stdout).unwrap();
    assert_eq!(printed, policy_schema(&Kinds::new()));
}

#[test]
fn schema_and_reader_agree_wherever_a_schema_can_tell() {
    let differences = differences();
    let untold = untold();
    let mut wrong = Vec::new();
    for (file, (reader, schema)) in &differences {
        let is_known = untold.contains_key(file.as_str());
        if *reader {
            wrong.push(format!("{file}: only the schema refuses it:\n{schema}"));
        } else if !is_known {
            wrong.push(format!("{file}: only the reader refuses it"));
        }
    }
    for file in untold.keys() {
        if !differences.contains_key(*file) {
            wrong.push(format!(
                "{file}: both say the same: take it out of the list"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The files that a reader without a budget never ends with: aliases of aliases.
const UNASKED: &[&str] = &["bad_alias-circle", "too_large"];

/// Returns the files of which a schema cannot tell what is wrong, and why: `FILE: REASON` in each line.
fn untold() -> BTreeMap<&'static str, &'static str> {
    let lines = include_str!("schema_untold.txt").lines();
    lines.map(|line| line.split_once(": ").unwrap()).collect()
}
