//! Variables and secrets: where their values come from, and what they are when nothing sets them.

use std::collections::HashMap;

use gonogo_kind::manifest::{DeclaredName, Manifest};

use super::{Pair, Place, Weakening};
use crate::lint::is_loopback;

/// Compares the declarations of the names that both gates have.
///
/// A name that is gone or new is told where it is used.
pub(super) fn compare(pair: &Pair<'_>, found: &mut Vec<Weakening>) {
    let by_name: HashMap<&str, &DeclaredName> = pair
        .old
        .manifest
        .declared
        .iter()
        .map(|name| (name.name.as_str(), name))
        .collect();
    for new in &pair.new.manifest.declared {
        if let Some(old) = by_name.get(new.name.as_str()) {
            declaration(new, old, found);
        }
    }
}

fn declaration(new: &DeclaredName, old: &DeclaredName, found: &mut Vec<Weakening>) {
    let place = Place {
        file: new.file.clone(),
        line: new.line,
    };
    let weaker = |code, what: &str| Weakening::at(code, &new.name, place.clone(), what);
    if old.is_secret && !new.is_secret {
        found.push(
            weaker("weaker/secret_source", "is a variable now, and no secret")
                .hint("What a variable holds is shown in every report."),
        );
        return;
    }
    let (new_source, old_source) = (source(new), source(old));
    if new_source != old_source {
        let code = if old.is_secret {
            "weaker/secret_source"
        } else {
            "weaker/variable_source"
        };
        // A constant that is another constant is told where it is used.
        let is_open = new.env.is_some() || old.env.is_some() || old.is_secret;
        if is_open {
            let word = |source: &Option<String>| source.clone().unwrap_or("the gate file".into());
            found.push(
                weaker(code, "comes from somewhere else").was(word(&old_source), word(&new_source)),
            );
        }
    }
    let Some(default) = &new.default else { return };
    if new.env.is_none() || old.default.as_ref() == Some(default) {
        return;
    }
    let told = match &old.default {
        Some(before) => weaker("weaker/variable_default", "has another default")
            .was(before.clone(), default.clone()),
        None => weaker(
            "weaker/variable_default",
            "has a default, and stopped the gate when it was not set",
        )
        .has(default.clone()),
    };
    found.push(if is_loopback(default) {
        told.hint("A pipeline that forgets the variable judges itself: leave the default out.")
    } else {
        told
    });
}

/// Returns where a value comes from, as it is shown; none for a constant.
fn source(name: &DeclaredName) -> Option<String> {
    match (&name.env, &name.source) {
        (Some(env), _) => Some(format!("environment {env}")),
        (None, Some(source)) if source.starts_with('[') => Some(format!("command {source}")),
        (None, Some(source)) => Some(format!("file {source}")),
        (None, None) => None,
    }
}

/// Returns the new names of what only has another name now, with the old ones.
pub(super) fn renamed<'m>(new: &'m Manifest, old: &'m Manifest) -> HashMap<&'m str, &'m str> {
    let names = |manifest: &'m Manifest| -> HashMap<&'m str, &'m DeclaredName> {
        let declared = manifest.declared.iter();
        declared.map(|name| (name.name.as_str(), name)).collect()
    };
    let (of_new, of_old) = (names(new), names(old));
    let mut renamed = HashMap::new();
    let gone = old
        .declared
        .iter()
        .filter(|n| !of_new.contains_key(n.name.as_str()));
    let mut gone: Vec<&DeclaredName> = gone.collect();
    for name in &new.declared {
        if of_old.contains_key(name.name.as_str()) {
            continue;
        }
        let same = |old: &&DeclaredName| {
            (old.is_secret, &old.env, &old.source, &old.default)
                == (name.is_secret, &name.env, &name.source, &name.default)
        };
        if let Some(at) = gone.iter().position(same) {
            renamed.insert(name.name.as_str(), gone.swap_remove(at).name.as_str());
        }
    }
    renamed
}
