//! Dependencies between the crates of the workspace, as `docs/ARCHITECTURE.md` draws them.

use std::collections::BTreeMap;

use serde_json::Value;

/// What each crate may depend on within the workspace; testkit only for tests.
const ALLOWED: &[(&str, &[&str])] = &[
    ("gonogo-model", &[]),
    ("gonogo-kind", &["gonogo-model"]),
    ("gonogo-probes", &["gonogo-kind", "gonogo-model"]),
    ("gonogo-config", &["gonogo-kind", "gonogo-model"]),
    ("gonogo-engine", &["gonogo-kind", "gonogo-model"]),
    ("gonogo-gate", &["gonogo-model"]),
    ("gonogo-report", &["gonogo-model"]),
    (
        "gonogo-run",
        &[
            "gonogo-config",
            "gonogo-engine",
            "gonogo-gate",
            "gonogo-kind",
            "gonogo-model",
            "gonogo-probes",
            "gonogo-report",
        ],
    ),
    (
        "gonogo-draft",
        &[
            "gonogo-config",
            "gonogo-kind",
            "gonogo-model",
            "gonogo-probes",
            "gonogo-run",
        ],
    ),
    (
        "gonogo",
        &[
            "gonogo-config",
            "gonogo-draft",
            "gonogo-engine",
            "gonogo-gate",
            "gonogo-kind",
            "gonogo-model",
            "gonogo-probes",
            "gonogo-report",
            "gonogo-run",
        ],
    ),
    ("gonogo-testkit", &[]),
    ("xtask", &[]),
];

/// Crates of the workspace that may use any other and are used by none.
const FREE: &[&str] = &[
    "gonogo-bench",
    "gonogo-fuzz",
    "gonogo-tests",
    "sample-stack",
];

/// Crates of other people that a crate must not have, by what the architecture says it never does.
const NEVER: &[(&str, &[&str])] = &[
    (
        "gonogo-model",
        &[
            "tokio",
            "reqwest",
            "hyper",
            "sqlx",
            "redis",
            "granit-parser",
            "serde_yaml",
        ],
    ),
    (
        "gonogo-kind",
        &["tokio", "reqwest", "hyper", "sqlx", "redis", "rustls"],
    ),
    (
        "gonogo-config",
        &["tokio", "reqwest", "hyper", "sqlx", "redis", "rustls"],
    ),
    (
        "gonogo-engine",
        &["hyper", "sqlx", "redis", "rustls", "granit-parser", "clap"],
    ),
    ("gonogo-gate", &["tokio", "serde_json"]),
    ("gonogo-report", &["tokio", "hyper", "clap"]),
    ("gonogo-run", &["clap", "hyper", "sqlx", "redis"]),
    (
        "gonogo-draft",
        &["clap", "tokio", "hyper", "sqlx", "redis", "rustls"],
    ),
    ("xtask", &["tokio", "clap", "hyper", "rustls"]),
];

/// Returns every dependency that the architecture does not draw.
pub(super) fn check(metadata: &Value) -> Vec<String> {
    let members: BTreeMap<&str, &Value> = packages(metadata)
        .filter(|package| package["source"].is_null())
        .filter_map(|package| Some((package["name"].as_str()?, package)))
        .collect();
    let mut breaches = Vec::new();
    for (name, package) in &members {
        if FREE.contains(name) {
            continue;
        }
        let Some((_, allowed)) = ALLOWED.iter().find(|(known, _)| known == name) else {
            breaches.push(format!(
                "{name}: a crate that ARCHITECTURE.md does not know; draw it, then add it to tidy"
            ));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let (Some(to), dev) = (dependency["name"].as_str(), dependency["kind"] == "dev") else {
                continue;
            };
            let ours = members.contains_key(to);
            if ours && !allowed.contains(&to) && !(dev && to == "gonogo-testkit") {
                breaches.push(format!(
                    "{name} -> {to}: ARCHITECTURE.md draws no such arrow"
                ));
            }
            let banned = NEVER
                .iter()
                .any(|(from, list)| from == name && list.contains(&to));
            if banned && !dev {
                breaches.push(format!("{name} -> {to}: against the invariants of {name}"));
            }
        }
    }
    breaches
}

/// Returns every package of the tree.
pub(super) fn packages(metadata: &Value) -> impl Iterator<Item = &Value> {
    metadata["packages"].as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn breaches(from: &str, to: &str, kind: Option<&str>) -> Vec<String> {
        let package = |name: &str, dependencies: Value| json!({"name": name, "source": null, "dependencies": dependencies});
        check(&json!({"packages": [
            package(from, json!([{"name": to, "kind": kind}])),
            package("gonogo-model", json!([])),
            package("gonogo-engine", json!([])),
            package("gonogo-testkit", json!([])),
        ]}))
    }

    #[test]
    fn edges_that_are_not_drawn_are_seen() {
        for (from, to, kind) in [
            ("gonogo-gate", "gonogo-engine", None),
            ("gonogo-gate", "gonogo-engine", Some("dev")),
            ("gonogo-gate", "gonogo-testkit", None),
            ("gonogo-gate", "tokio", None),
            ("gonogo-gate", "tokio", Some("build")),
            ("gonogo-new", "gonogo-model", None),
        ] {
            assert_eq!(breaches(from, to, kind).len(), 1, "{from} -> {to} {kind:?}");
        }
        for (from, to, kind) in [
            ("gonogo-gate", "gonogo-model", None),
            ("gonogo-gate", "gonogo-testkit", Some("dev")),
            ("gonogo-gate", "tokio", Some("dev")),
            ("gonogo-tests", "gonogo-engine", None),
        ] {
            assert_eq!(breaches(from, to, kind), [""; 0], "{from} -> {to} {kind:?}");
        }
    }
}
