//! Rules about texts.

use super::super::rule::{Literal, Rule, TextTest};
use super::super::seen::Leaf;

/// Returns whether a text test follows from another.
pub(super) fn implies(new: &Rule, old: &Rule) -> bool {
    let (Rule::Text(new_test, new), Rule::Text(old_test, old)) = (new, old) else {
        return false;
    };
    let (Some(longer), Some(shorter)) = (new.seen().text(), old.seen().text()) else {
        return false;
    };
    if new.secret || old.secret {
        return false;
    }
    match (new_test, old_test) {
        (TextTest::StartsWith, TextTest::StartsWith) => longer.starts_with(shorter),
        (TextTest::EndsWith, TextTest::EndsWith) => longer.ends_with(shorter),
        (TextTest::Contains | TextTest::StartsWith | TextTest::EndsWith, TextTest::Contains) => {
            longer.contains(shorter)
        }
        (TextTest::Contains | TextTest::EndsWith, TextTest::StartsWith)
        | (TextTest::Contains | TextTest::StartsWith, TextTest::EndsWith) => false,
    }
}

/// Returns whether a rule answers yes or no to every text, and to nothing else.
pub(super) fn is_about_text(rule: &Rule) -> bool {
    match rule {
        Rule::Text(..) | Rule::Matches(..) => true,
        Rule::Is(literal, _) => is_text(literal),
        Rule::OneOf(rules, _) | Rule::Every(rules) => {
            !rules.is_empty() && rules.iter().all(is_about_text)
        }
        Rule::Not(rule, _) => is_about_text(rule),
        _ => false,
    }
}

fn is_text(literal: &Literal) -> bool {
    matches!(literal.seen().leaf(), Some(Leaf::Text(_)))
}
