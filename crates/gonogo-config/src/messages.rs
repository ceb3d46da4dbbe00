//! `message`: the author's own words for when a check, or one of its expectations, does not hold.

use gonogo_kind::{
    ASSERT, Diagnostic, Entry, Expectations, FieldDecl, FieldType, FieldValue, KindDecl, NodeValue,
    Span, closest,
};

use crate::keys::list;
use crate::reader::Reader;
use crate::substitute::Instance;

/// The author's words of a check.
#[derive(Debug, Default)]
pub(crate) struct Messages {
    /// For the whole check.
    whole: Option<String>,
    /// For what is expected of a fact.
    of_facts: Vec<Message>,
}

#[derive(Debug)]
struct Message {
    fact: String,
    text: String,
    entry: Span,
}

impl Messages {
    /// Reads a text, or a map from facts to texts.
    pub(crate) fn read(
        reader: &mut Reader<'_>,
        entry: Option<&Entry>,
        instance: Option<&Instance>,
    ) -> Self {
        let mut messages = Self::default();
        let Some(entry) = entry else { return messages };
        let NodeValue::Map(entries) = &entry.value.value else {
            messages.whole = text(reader, entry, instance);
            return messages;
        };
        if entries.is_empty() {
            reader.mistakes.push(
                Diagnostic::error(
                    "config/empty_list",
                    "`message` says nothing",
                    entry.value.span,
                )
                .hint("For example `message: { status: the API is down }`."),
            );
        }
        for entry in entries {
            if let Some(text) = text(reader, entry, instance) {
                messages.of_facts.push(Message {
                    fact: entry.key.value.clone(),
                    text,
                    entry: entry.key.span,
                });
            }
        }
        messages
    }

    /// Gives the expectations of a check its author's words, and reports words about nothing.
    pub(crate) fn put_into(
        &self,
        reader: &mut Reader<'_>,
        kind: &'static KindDecl,
        expectations: &mut Expectations,
    ) {
        // Those of the whole check are there whoever wrote what does not hold.
        for expectation in &mut expectations.list {
            let own = self
                .of_facts
                .iter()
                .find(|m| m.fact == expectation.fact.name);
            let text = own.map(|message| &message.text).or(self.whole.as_ref());
            expectation.message = text.cloned();
        }
        let own = self.of_facts.iter().find(|m| m.fact == ASSERT);
        for assertion in &mut expectations.asserts {
            let text = own.map(|message| &message.text).or(self.whole.as_ref());
            assertion.message = text.cloned();
        }
        let asserts = (!expectations.asserts.is_empty()).then_some(ASSERT);
        let facts = expectations.list.iter().map(|e| e.fact.name);
        let mut expected: Vec<&str> = Vec::new();
        for fact in facts.chain(asserts) {
            if !expected.contains(&fact) {
                expected.push(fact);
            }
        }
        for message in &self.of_facts {
            if !expected.contains(&message.fact.as_str()) {
                about_nothing(reader, kind, message, &expected);
            }
        }
    }
}

/// Reads a text, or a map from facts to texts, for the mistakes in it alone.
pub(crate) fn look(reader: &mut Reader<'_>, entry: &Entry) {
    Messages::read(reader, Some(entry), None);
}

fn text(reader: &mut Reader<'_>, entry: &Entry, instance: Option<&Instance>) -> Option<String> {
    let node = reader.put(&entry.value, instance)?;
    match reader.read_field(&node, &TEXT)? {
        FieldValue::Text(text) => Some(text.text),
        _ => None,
    }
}

fn about_nothing(
    reader: &mut Reader<'_>,
    kind: &'static KindDecl,
    message: &Message,
    expected: &[&str],
) {
    let fact = &message.fact;
    let facts = kind.facts.iter().map(|f| f.name).chain([ASSERT]);
    let mistake = if kind.fact(fact).is_some() || fact == ASSERT {
        let told = format!("there is a message for `{fact}`, and nothing is expected of it");
        let expected = list(expected.iter().copied());
        Diagnostic::error("config/idle_message", told, message.entry)
            .hint(format!("The check expects something of {expected}."))
    } else {
        let told = format!("`{}` has no fact `{fact}`", kind.name);
        let hint = match closest(fact, facts.clone()) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => format!(
                "A message is a text, or a map from facts to texts; the facts of `{}` are {}.",
                kind.name,
                list(facts.clone())
            ),
        };
        Diagnostic::error("config/unknown_fact", told, message.entry)
            .hint(hint)
            .fix_slip(fact, facts)
    };
    reader.mistakes.push(mistake);
}

/// How a message is read.
const TEXT: FieldDecl = FieldDecl {
    name: "message",
    ty: FieldType::Text,
    required: false,
    default: None,
    sentence: "Your own words for when it does not hold.",
    example: "ask platform-team before you retry",
};
