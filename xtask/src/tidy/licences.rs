//! Licences and banned crates of everything we depend on.

use serde_json::Value;

use super::edges::packages;

/// Licences that are as free as ours.
const ALLOWED: &[&str] = &[
    "MIT",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "CC0-1.0",
    "BSL-1.0",
    "0BSD",
    "Unlicense",
    "MIT-0",
    "CDLA-Permissive-2.0",
];

/// Crates that must not be in the tree, and why.
const BANNED: &[(&str, &str)] = &[
    ("aws-lc-rs", "one crypto provider: ring"),
    ("aws-lc-sys", "one crypto provider: ring"),
    ("openssl", "rustls only"),
    ("openssl-sys", "rustls only"),
    ("native-tls", "rustls only"),
    ("serde_yml", "unsound and abandoned"),
];

/// Returns every crate whose licence or name is not allowed.
pub(super) fn check(metadata: &Value) -> Vec<String> {
    let resolved = resolved_ids(metadata);
    let mut breaches = Vec::new();
    for package in packages(metadata) {
        let (Some(name), Some(id)) = (package["name"].as_str(), package["id"].as_str()) else {
            continue;
        };
        if !resolved.contains(&id) {
            continue;
        }
        if let Some((_, why)) = BANNED.iter().find(|(banned, _)| *banned == name) {
            breaches.push(format!("{name}: banned ({why})"));
        }
        match package["license"].as_str() {
            Some(licence) if allowed(licence) => {}
            Some(licence) => {
                breaches.push(format!("{name}: licence `{licence}` is not on the list"))
            }
            None => breaches.push(format!("{name}: no licence")),
        }
    }
    breaches
}

/// Returns whether an SPDX expression can be met with licences of the list.
fn allowed(expression: &str) -> bool {
    // `AND` binds tighter than `OR`; the expressions in use nest no deeper than one pair of brackets.
    let flat = expression.replace(['(', ')'], "").replace('/', " OR ");
    flat.split(" AND ").all(|part| {
        part.split(" OR ")
            .any(|licence| ALLOWED.contains(&licence.trim()))
    })
}

/// Returns the ids of the packages that are really built for some target of ours.
fn resolved_ids(metadata: &Value) -> Vec<&str> {
    metadata["resolve"]["nodes"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|node| node["id"].as_str())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::allowed;

    #[test]
    fn expressions_are_read() {
        for good in [
            "MIT",
            "MIT OR GPL-3.0",
            "MIT/Apache-2.0",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
        ] {
            assert!(allowed(good), "{good}");
        }
        for bad in ["GPL-3.0", "MIT AND GPL-3.0", ""] {
            assert!(!allowed(bad), "{bad}");
        }
    }

    #[test]
    fn banned_and_unfree_crates_are_seen() {
        let tree = serde_json::json!({
            "packages": [
                {"name": "good", "id": "1", "license": "MIT"},
                {"name": "openssl", "id": "2", "license": "Apache-2.0"},
                {"name": "unfree", "id": "3", "license": "GPL-3.0"},
                {"name": "silent", "id": "4", "license": null},
                {"name": "elsewhere", "id": "5", "license": "GPL-3.0"},
            ],
            "resolve": {"nodes": [{"id": "1"}, {"id": "2"}, {"id": "3"}, {"id": "4"}]},
        });
        assert_eq!(
            super::check(&tree),
            [
                "openssl: banned (rustls only)",
                "unfree: licence `GPL-3.0` is not on the list",
                "silent: no licence",
            ]
        );
    }
}
