//! A mistyped key is a mistake with a suggestion, wherever a key is known.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod support;

use gonogo_config::schema;
use gonogo_kind::KindTable as _;
use proptest::prelude::*;
use support::{FakeKinds, Machine};

/// Returns every place of a key: a gate in which `KEY` stands for it, and the key.
fn places() -> Vec<(String, String)> {
    let mut places = Vec::new();
    let mut add = |template: &str, key: &str| places.push((template.to_owned(), key.to_owned()));
    let schema = schema(&FakeKinds);
    let keys = |pointer: &str| -> Vec<String> {
        let properties = schema
            .pointer(pointer)
            .unwrap_or_else(|| panic!("{pointer}"));
        properties.as_object().unwrap().keys().cloned().collect()
    };
    for key in keys("/properties") {
        add(
            "version: 1\ngate: g\nKEY: x\nchecks: { a: { tcp: \"x:1\" } }\n",
            &key,
        );
    }
    for key in keys("/$defs/check/properties") {
        add("version: 1\ngate: g\nchecks:\n  a:\n    KEY: x\n", &key);
    }
    for key in keys("/$defs/group/anyOf/1/properties") {
        add(
            "version: 1\ngate: g\nchecks: { a: { tcp: \"x:1\", group: g } }\ngroups:\n  g:\n    KEY: x\n",
            &key,
        );
    }
    for key in keys("/properties/defaults/properties") {
        add(
            "version: 1\ngate: g\ndefaults:\n  KEY: x\nchecks: { a: { tcp: \"x:1\" } }\n",
            &key,
        );
    }
    for key in keys("/properties/defaults/properties/retry/properties") {
        add(
            "version: 1\ngate: g\ndefaults:\n  retry:\n    KEY: x\nchecks: { a: { tcp: \"x:1\" } }\n",
            &key,
        );
    }
    for kind in FakeKinds.kinds() {
        for field in kind.fields {
            add(
                &format!(
                    "version: 1\ngate: g\nchecks:\n  a:\n    {}:\n      KEY: x\n",
                    kind.name
                ),
                field.name,
            );
        }
        for fact in kind.facts {
            let short = format!(
                "version: 1\ngate: g\nchecks:\n  a:\n    {}: x\n    expect:\n      KEY: x\n",
                kind.name
            );
            add(&short, fact.name);
        }
    }
    places
}

/// Mistypes a letter: left out, doubled, replaced or exchanged with its neighbour.
fn mistyped(key: &str, at: usize, how: u8) -> String {
    let mut letters: Vec<char> = key.chars().collect();
    let at = at % letters.len();
    match how % 4 {
        0 if letters.len() > 3 => {
            letters.remove(at);
        }
        1 => letters.insert(at, letters[at]),
        2 => letters[at] = if letters[at] == 'q' { 'x' } else { 'q' },
        _ if at + 1 < letters.len() => letters.swap(at, at + 1),
        _ => letters.push('z'),
    }
    letters.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_typo_is_a_mistake_with_a_suggestion(place in 0_usize..10_000, at in 0_usize..40, how in 0_u8..4) {
        let places = places();
        let (template, key) = &places[place % places.len()];
        let typo = mistyped(key, at, how);
        prop_assume!(!places.iter().any(|(_, known)| *known == typo));
        let text = template.replacen("KEY", &typo, 1);
        let loaded = Machine::default().load(&text);
        let about = loaded.diagnostics.iter().find(|d| d.message.contains(&format!("`{typo}`")));
        prop_assert!(about.is_some(), "{}", text);
        let about = about.unwrap();
        prop_assert!(matches!(about.code, "config/unknown_key" | "config/unknown_fact"), "{}: {:?}", text, about);
        let hint = about.hint.clone().unwrap_or_default();
        prop_assert!(hint.starts_with("Did you mean"), "{}: {:?}", text, about);
    }
}
