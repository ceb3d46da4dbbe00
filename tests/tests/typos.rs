//! A mistyped key is a mistake that names the right one: every key of a gate file, every slip of one letter.
//!
//! The keys are those of the schema and the declarations of the real kinds, so that a new key is tested
//! without a word here.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use gonogo_config::{Commands, Includes, Inputs, Loaded, Source, load, schema};
use gonogo_kind::{KindTable as _, Level};
use gonogo_probes::Kinds;
use serde_json::{Map, Value as Json, json};

/// A map of a gate file whose keys are known: how it is reached, and its keys.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    path: Vec<Step>,
    /// What else the check holds, so that the place is read.
    kind: Option<&'static str>,
    keys: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Key(String),
    Item,
}

/// Returns every place that the schema describes, but for those of the kinds.
fn of_schema(root: &Json) -> Vec<Place> {
    let mut open = vec![(root, Vec::<Step>::new())];
    let mut found: BTreeMap<Vec<Step>, BTreeSet<String>> = BTreeMap::new();
    while let Some((node, path)) = open.pop() {
        if path.len() > 8 {
            continue;
        }
        if let Some(target) = node["$ref"].as_str() {
            let is_of_kind = ["_options", "_facts", "_messages", "operators"]
                .iter()
                .any(|end| target.ends_with(end))
                || target.contains("/matcher_");
            if !is_of_kind {
                open.push((root.pointer(target.trim_start_matches('#')).unwrap(), path));
            }
            continue;
        }
        for several in ["anyOf", "oneOf"] {
            for one in node[several].as_array().into_iter().flatten() {
                open.push((one, path.clone()));
            }
        }
        let below = |step: Step| [path.as_slice(), &[step]].concat();
        if let Some(properties) = node["properties"].as_object() {
            let keys = found.entry(path.clone()).or_default();
            keys.extend(properties.keys().cloned());
            for (key, node) in properties {
                open.push((node, below(Step::Key(key.clone()))));
            }
        }
        if node["additionalProperties"].is_object() {
            let name = Step::Key("some".to_owned());
            open.push((&node["additionalProperties"], below(name)));
        }
        if node["items"].is_object() {
            open.push((&node["items"], below(Step::Item)));
        }
    }
    let place = |(path, keys)| Place {
        path,
        kind: None,
        keys,
    };
    found.into_iter().map(place).collect()
}

/// Returns the fields and the facts of every kind.
fn of_kinds(kinds: &Kinds) -> Vec<Place> {
    let step = |key: &str| Step::Key(key.to_owned());
    let mut places = Vec::new();
    for kind in kinds.kinds() {
        let mut add = |key: &str, keys: BTreeSet<String>| {
            let under = |first: &str| vec![step(first), step("some"), step(key)];
            places.push(Place {
                path: under("checks"),
                kind: Some(kind.name),
                keys,
            });
        };
        let facts: BTreeSet<String> = kind.facts.iter().map(|f| f.name.to_owned()).collect();
        add(
            kind.name,
            kind.fields.iter().map(|f| f.name.to_owned()).collect(),
        );
        add("expect", facts.clone());
        add("should", facts.clone());
        let words = facts.into_iter().chain(["assert".to_owned()]);
        add("message", words.collect());
    }
    places
}

/// Returns every slip of one letter: left out, doubled, replaced, exchanged with its neighbour.
fn slips(key: &str, known: &BTreeSet<String>) -> BTreeSet<String> {
    let letters: Vec<char> = key.chars().collect();
    let mut slips = BTreeSet::new();
    for at in 0..letters.len() {
        let mut changed = |change: &dyn Fn(&mut Vec<char>)| {
            let mut letters = letters.clone();
            change(&mut letters);
            slips.insert(letters.into_iter().collect::<String>());
        };
        changed(&|letters| {
            letters.remove(at);
        });
        changed(&|letters| letters.insert(at, letters[at]));
        changed(&|letters| letters[at] = if letters[at] == 'q' { 'x' } else { 'q' });
        if at + 1 < letters.len() {
            changed(&|letters| letters.swap(at, at + 1));
        }
    }
    slips.retain(|slip| !slip.is_empty() && !known.contains(slip));
    slips
}

/// Returns the keys that are as near to a slip as any: it is one step away from the one that was meant.
fn nearest<'k>(slip: &str, keys: &'k BTreeSet<String>) -> BTreeSet<&'k str> {
    let one_step = |key: &&String| {
        let (short, long) = if key.len() < slip.len() {
            (key.as_str(), slip)
        } else {
            (slip, key.as_str())
        };
        let (a, b): (Vec<char>, Vec<char>) = (short.chars().collect(), long.chars().collect());
        let same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
        match b.len() - a.len() {
            0 => {
                let replaced = a[same + 1..] == b[same + 1..];
                let swapped = same + 1 < a.len()
                    && a[same] == b[same + 1]
                    && a[same + 1] == b[same]
                    && a[same + 2..] == b[same + 2..];
                replaced || swapped
            }
            1 => a[same..] == b[same + 1..],
            _ => false,
        }
    };
    keys.iter().filter(one_step).map(String::as_str).collect()
}

/// Returns a gate that holds these keys at a place.
fn gate(place: &Place, keys: &BTreeSet<String>) -> String {
    let mut gate = json!({ "version": 1, "gate": "g", "checks": { "other": { "tcp": "x:1" } } });
    if place.path.first() == Some(&Step::Key("templates".to_owned())) {
        // What is in a template is read where it is extended.
        gate["checks"]["other"]["extends"] = json!("some");
    }
    let values: Map<String, Json> = keys.iter().map(|key| (key.clone(), json!("x"))).collect();
    let mut at = &mut gate;
    for step in &place.path {
        match step {
            Step::Key(key) => {
                if !at.is_object() {
                    *at = json!({});
                }
                at = &mut at[key.as_str()];
            }
            Step::Item => {
                *at = json!([null]);
                at = &mut at[0];
            }
        }
    }
    if !at.is_object() {
        *at = json!({});
    }
    at.as_object_mut().unwrap().extend(values);
    if let Some(kind) = place.kind
        && gate["checks"]["some"].get(kind).is_none()
    {
        gate["checks"]["some"][kind] = json!("x");
    }
    gate.to_string()
}

fn read(kinds: &Kinds, text: String) -> Loaded {
    let source = Source {
        name: "probes.yaml".to_owned(),
        text,
        base: PathBuf::new(),
    };
    let missing = |_: &Path| Err(std::io::ErrorKind::NotFound.into());
    load(
        &source,
        &Inputs {
            kinds,
            env: &|_| None,
            read_file: &missing,
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
    )
}

#[test]
fn every_slip_of_every_key_names_the_right_one() {
    let kinds = Kinds::new();
    let mut places = of_schema(&schema(&kinds));
    places.extend(of_kinds(&kinds));
    let mut tested = 0;
    let mut wrong = Vec::new();
    for place in &places {
        for key in &place.keys {
            let slips = slips(key, &place.keys);
            let loaded = read(&kinds, gate(place, &slips));
            for slip in &slips {
                tested += 1;
                let names_it = |d: &&gonogo_kind::Diagnostic| {
                    d.message.contains(&format!("`{slip}`"))
                        && matches!(d.code, "config/unknown_key" | "config/unknown_fact")
                };
                let told = loaded.diagnostics.iter().find(names_it);
                let hint = told.and_then(|d| d.hint.as_deref()).unwrap_or_default();
                let near = nearest(slip, &place.keys);
                assert!(near.contains(key.as_str()), "{slip} is no slip of {key}");
                let is_right = near
                    .iter()
                    .any(|key| hint == format!("Did you mean `{key}`?"));
                if !is_right || told.is_none_or(|d| d.level != Level::Error) {
                    wrong.push(format!("{:?} {key} as {slip}: {told:?}", place.path));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{}",
        wrong[..wrong.len().min(20)].join("\n")
    );
    assert!(tested > 8_000, "{tested}");
}

#[test]
fn the_places_are_found() {
    let kinds = Kinds::new();
    let places = of_schema(&schema(&kinds));
    let found: BTreeSet<String> = places
        .iter()
        .map(|place| {
            let steps = place.path.iter().map(|step| match step {
                Step::Key(key) => format!(".{key}"),
                Step::Item => "[]".to_owned(),
            });
            steps.collect()
        })
        .collect();
    for wanted in [
        "",
        ".checks.some",
        ".checks.some.retry",
        ".defaults",
        ".defaults.retry",
        ".groups.some",
        ".secrets.some",
        ".tls",
        ".vars.some",
    ] {
        assert!(found.contains(wanted), "{wanted:?} is not in {found:?}");
    }
}
