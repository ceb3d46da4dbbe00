//! What a check looks at, and how: the fields of its kind.

use std::path::{Component, Path, PathBuf};

use gonogo_kind::manifest::Check;
use gonogo_kind::{FieldType, FieldValue, RootsSource};

use super::written::{self, Texts};
use super::{Pair, Place, Weakening};

/// Compares the fields of two checks of one kind.
///
/// No kind is known here, and so no change of a field can be called harmless.
pub(super) fn compare(pair: &Pair<'_>, new: &Check, old: &Check, found: &mut Vec<Weakening>) {
    for decl in old.kind.fields {
        let key = format!("{}.{}", old.kind.name, decl.name);
        let is_same = match (new.fields.get(decl.name), old.fields.get(decl.name)) {
            (None, None) => true,
            (Some((new_value, _)), Some((old_value, _))) => {
                are_same(pair, new_value, old_value)
                    && agree_about_names(new, old, decl.name)
                    && written::are_same(pair, (&new.written, &key), (&old.written, &key))
            }
            (Some(_), None) | (None, Some(_)) => false,
        };
        if is_same {
            continue;
        }
        let (code, what) = if decl.name == old.kind.short {
            ("weaker/target_moved", "looks at something else".to_owned())
        } else {
            let what = format!("`{}` of `{}` is another", decl.name, old.kind.name);
            ("weaker/option_changed", what)
        };
        let mut weaker = Weakening::of_check(code, new, what).was(
            shown(old, decl.name, &old.written, &key),
            shown(new, decl.name, &new.written, &key),
        );
        weaker.place = place(new);
        if weaker.old == weaker.new && matches!(decl.ty, FieldType::File | FieldType::Roots) {
            weaker.what = format!("what stands in `{}` is another", decl.name);
        }
        found.push(weaker);
    }
}

fn place(check: &Check) -> Place {
    Place::of_check(check)
}

/// Returns a field for people: as it is written where that says more than its value.
fn shown(check: &Check, name: &str, texts: &Texts, key: &str) -> String {
    written::shown(texts, key)
        .or_else(|| check.options.get(name).map(ToString::to_string))
        .unwrap_or_else(|| "not given".to_owned())
}

/// Returns whether two options name the same secrets; a value says that only for texts.
fn agree_about_names(new: &Check, old: &Check, name: &str) -> bool {
    let stands_in = |check: &Check| check.stand_ins.contains(&name);
    stands_in(new) == stands_in(old)
}

fn are_same(pair: &Pair<'_>, new: &FieldValue, old: &FieldValue) -> bool {
    match (new, old) {
        (FieldValue::TextMap(new), FieldValue::TextMap(old)) => {
            let (mut new, mut old) = (new.clone(), old.clone());
            new.sort_by(|one, two| one.0.cmp(&two.0));
            old.sort_by(|one, two| one.0.cmp(&two.0));
            new == old
        }
        (FieldValue::Url(new, new_text), FieldValue::Url(old, old_text)) => {
            new == old && new_text.secret == old_text.secret
        }
        (FieldValue::Path(new), FieldValue::Path(old)) => {
            within(new, pair.new.base) == within(old, pair.old.base)
        }
        (FieldValue::File(new, new_bytes), FieldValue::File(old, old_bytes)) => {
            within(new, pair.new.base) == within(old, pair.old.base) && new_bytes == old_bytes
        }
        (FieldValue::Roots(new), FieldValue::Roots(old)) => {
            roots(new, pair.new.base) == roots(old, pair.old.base)
        }
        _ => new == old,
    }
}

/// Returns which roots are trusted, whatever their order.
fn roots<'r>(roots: &'r RootsSource, base: &Path) -> (bool, Vec<(PathBuf, &'r [u8])>) {
    let files = roots.files.iter();
    let mut files: Vec<(PathBuf, &[u8])> = files
        .map(|(path, bytes)| (within(path, base), &**bytes))
        .collect();
    files.sort();
    (roots.system, files)
}

/// Returns a path as it is seen from the folder of the gate.
fn within(path: &Path, base: &Path) -> PathBuf {
    let path = path.strip_prefix(base).unwrap_or(path);
    let mut folded = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                let is_named =
                    matches!(folded.components().next_back(), Some(Component::Normal(_)));
                if is_named {
                    folded.pop();
                } else {
                    folded.push(component);
                }
            }
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => {
                folded.push(component);
            }
        }
    }
    folded
}
