//! `expect` and `should`: facts and matchers.

use gonogo_kind::{
    Diagnostic, Diagnostics, Entry, Expectation, FactType, KindDecl, Matcher, NodeValue, closest,
};
use gonogo_model::{Origin, Strength};

use crate::keys::list;
use crate::memo::Remembered;
use crate::reader::Reader;
use crate::substitute::Instance;
use crate::template::Parts;

/// Reads the expectations under one key; nothing when there is a mistake in them.
pub(crate) fn read(
    reader: &mut Reader<'_>,
    kind: &'static KindDecl,
    entry: &Entry,
    strength: Strength,
    (instance, parts): (Option<&Instance>, Parts<'_>),
) -> Option<Vec<Expectation>> {
    let entries = facts(reader, entry, || example(kind))?;
    let read: Vec<Option<Expectation>> = entries
        .iter()
        .enumerate()
        .map(|(at, entry)| {
            let origin = reader.origin(entry.key.span, parts.template(at));
            expectation(reader, kind, (entry, entries), (strength, origin), instance)
        })
        .collect();
    read.into_iter().collect()
}

/// Returns the facts under `expect` or `should`, and what is expected of them.
fn facts<'n>(
    reader: &mut Reader<'_>,
    entry: &'n Entry,
    example: impl Fn() -> String,
) -> Option<&'n [Entry]> {
    let what = entry.key.value.as_str();
    let (code, message) = match &entry.value.value {
        NodeValue::Map(entries) if entries.is_empty() => {
            ("config/empty_list", format!("`{what}` asks for nothing"))
        }
        NodeValue::Map(entries) => return Some(entries),
        NodeValue::Scalar(_) | NodeValue::List(_) => {
            let described = entry.value.describe();
            let message =
                format!("`{what}` maps facts to what is expected of them, not {described}");
            ("config/wrong_type", message)
        }
    };
    reader
        .mistakes
        .push(Diagnostic::error(code, message, entry.value.span).hint(example()));
    None
}

fn expectation(
    reader: &mut Reader<'_>,
    kind: &'static KindDecl,
    (entry, entries): (&Entry, &[Entry]),
    (strength, origin): (Strength, Origin),
    instance: Option<&Instance>,
) -> Option<Expectation> {
    let Some(fact) = kind.fact(&entry.key.value) else {
        unknown_fact(reader, kind, entry, entries);
        return None;
    };
    let (mark, noted) = (reader.mark(), reader.written_mark());
    let node = reader.put(&entry.value, instance)?;
    reader.label_written(noted, fact.name);
    let stand_ins = reader.take_stand_ins(mark);
    let read = if stand_ins.is_empty() {
        reader.matcher(kind, fact, &node)?
    } else {
        let mut told = Diagnostics::default();
        let read = Matcher::read(&node, fact.ty, &mut told);
        let size = read.as_ref().map_or(0, Matcher::pattern_size);
        if !reader.has_room_for_patterns(size, node.span) {
            return None;
        }
        Remembered {
            matcher: reader.settle(read, &told, &stand_ins)?,
            known: false,
            written: None,
        }
    };
    let expectation = Expectation {
        fact,
        matcher: read.matcher,
        strength,
        origin,
        message: None,
    };
    if read.known {
        return Some(expectation);
    }
    if expectation.never_holds() {
        let message = format!("`{}` never holds", expectation.matcher);
        reader.mistakes.push(
            Diagnostic::error("config/never_holds", message, entry.value.span)
                .hint("A span of time is at least 0s."),
        );
        return None;
    }
    if expectation.is_vacuous() {
        let message = format!("`{}` is never otherwise", fact.name);
        reader.mistakes.push(
            Diagnostic::error("config/vacuous", message, entry.value.span)
                .warning()
                .hint("An expectation that cannot fail proves nothing."),
        );
    } else if let Some(written) = read.written {
        reader.memo.keep(written, &expectation.matcher);
    }
    Some(expectation)
}

/// Reads expectations of no kind in particular for the mistakes that they have with any.
pub(crate) fn look(reader: &mut Reader<'_>, entry: &Entry) {
    let example = || "For example `{ duration: under 500ms }`.".to_owned();
    for entry in facts(reader, entry, example).unwrap_or_default() {
        let name = entry.key.value.as_str();
        let kinds = reader.inputs.kinds.kinds().iter();
        let mut types: Vec<FactType> = Vec::new();
        for fact in kinds.filter_map(|kind| kind.fact(name)) {
            if !types.contains(&fact.ty) {
                types.push(fact.ty);
            }
        }
        let Some(node) = reader.put(&entry.value, None) else {
            continue;
        };
        let mut mistakes: Option<Diagnostics> = None;
        let fits = types.iter().any(|ty| {
            let mut told = Diagnostics::default();
            let matcher = Matcher::read(&node, *ty, &mut told);
            mistakes.get_or_insert(told);
            matcher.is_some()
        });
        for mistake in mistakes
            .iter()
            .filter(|_| !fits)
            .flat_map(Diagnostics::as_slice)
        {
            reader.mistakes.push(mistake.clone());
        }
    }
}

/// Reports a fact that the kind does not have.
pub(crate) fn unknown_fact(
    reader: &mut Reader<'_>,
    kind: &'static KindDecl,
    entry: &Entry,
    entries: &[Entry],
) {
    // A template may be extended by checks of several kinds.
    if reader
        .mistakes
        .diagnostics()
        .tell("config/unknown_fact", entry.key.span)
    {
        return;
    }
    let name = &entry.key.value;
    let message = format!("`{}` has no fact `{name}`", kind.name);
    let facts = kind.facts.iter().map(|f| f.name);
    let part = facts.clone().find(|f| {
        f.strip_prefix(name.as_str())
            .is_some_and(|f| f.starts_with('.'))
    });
    let hint = if let Some(near) = closest(name, facts.clone()) {
        format!("Did you mean `{near}`?")
    } else if let Some(part) = part {
        format!("Its parts are named in one word: `{part}`.")
    } else if kind.field(name).is_some() {
        format!(
            "`{name}` is a key of `{}`: it belongs inside `{}: {{ }}`.",
            kind.name, kind.name
        )
    } else {
        format!("The facts of `{}` are {}.", kind.name, list(facts.clone()))
    };
    reader.mistakes.push(
        Diagnostic::error("config/unknown_fact", message, entry.key.span)
            .hint(hint)
            .fix_key(name, entries, facts),
    );
}

fn example(kind: &'static KindDecl) -> String {
    match kind.facts.first() {
        Some(fact) => format!("For example `{{ {}: {} }}`.", fact.name, fact.example),
        None => format!("`{}` has no facts.", kind.name),
    }
}
