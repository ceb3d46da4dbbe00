//! Whether one matcher is at least as strict as another: what satisfies it satisfies the other, too.
//!
//! The answer is yes only where that can be shown from how rules answer; "no" also means "not known". A
//! change of a gate is judged by it, so a doubt must come out as a weakening.
//!
//! # Invariants
//!
//! - When the answer is yes, every reading that the new matcher holds for satisfies the old one; tests
//!   try it with every pair of many matchers on many values.
//! - A secret and the same text written out are never the same.
//! - Hostile matchers cost no more than a fixed number of steps: what takes longer is not known.

mod region;
mod text;

use std::cell::Cell;

use gonogo_model::Value;

use super::Matcher;
use super::answer::Answer;
use super::part::{Part, Selector};
use super::rule::{Case, Literal, Quantifier, Rule, Spelling, length_value};
use super::seen::{Leaf, Seen};

impl Matcher {
    /// Returns whether whatever satisfies this matcher satisfies `old`, too, as far as can be shown.
    #[must_use]
    pub fn is_at_least_as_strict_as(&self, old: &Self) -> bool {
        let steps = Steps(Cell::new(MOST_STEPS));
        let (new, old) = (atoms(&self.parts), atoms(&old.parts));
        !old.is_empty()
            && old.iter().all(|old| {
                new.iter()
                    .any(|new| steps.part_implies((new.0, new.1), (old.0, old.1)))
            })
    }
}

/// One thing that a matcher asks of one part of the fact.
type Atom<'m> = (&'m Selector, &'m Rule);

/// Takes apart what must hold together.
fn atoms(parts: &[Part]) -> Vec<Atom<'_>> {
    let mut atoms = Vec::new();
    let mut open: Vec<Atom<'_>> = parts.iter().map(|p| (&p.selector, &p.rule)).collect();
    while let Some((selector, rule)) = open.pop() {
        match rule {
            Rule::Every(rules) => open.extend(rules.iter().map(|rule| (selector, rule))),
            Rule::Parts(parts) if matches!(selector, Selector::Whole) => {
                open.extend(parts.iter().map(|p| (&p.selector, &p.rule)));
            }
            _ => atoms.push((selector, rule)),
        }
    }
    atoms
}

/// How many comparisons of two rules are left.
struct Steps(Cell<usize>);

impl Steps {
    /// Takes some steps; when none is left, nothing more can be shown.
    fn take(&self, steps: usize) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(steps.max(1)));
        left > 0
    }

    fn part_implies(&self, new: Atom<'_>, old: Atom<'_>) -> bool {
        match (new.0, old.0) {
            // A part that is as wanted is part of something that is there.
            (Selector::Path(_) | Selector::Header(_) | Selector::Key(_), Selector::Whole) => {
                matches!(old.1, Rule::Present)
            }
            (new_selector, old_selector) => {
                same_selector(new_selector, old_selector) && self.implies(new.1, old.1)
            }
        }
    }

    /// Returns whether `old` answers yes to whatever `new` answers yes to.
    fn implies(&self, new: &Rule, old: &Rule) -> bool {
        if !self.take(1) {
            return false;
        }
        same(new, old)
            || region::is_within(new, old)
            || text::implies(new, old)
            || self.implies_by_parts(new, old)
            || self.implies_of_list(new, old)
    }

    /// Takes apart rules that are made of rules, and values that are written out.
    fn implies_by_parts(&self, new: &Rule, old: &Rule) -> bool {
        let all = |rules: &[Rule]| !rules.is_empty() && rules.iter().all(|r| self.implies(new, r));
        match (new, old) {
            (_, Rule::Every(rules)) => all(rules),
            (Rule::OneOf(rules, _), _) => {
                !rules.is_empty() && rules.iter().all(|rule| self.implies(rule, old))
            }
            (Rule::Every(rules), _) => rules.iter().any(|rule| self.implies(rule, old)),
            (_, Rule::Present) => needs_something(new),
            (Rule::Is(literal, _), _) if self.answers_yes(old, literal) => true,
            (_, Rule::OneOf(rules, _)) => rules.iter().any(|rule| self.implies(new, rule)),
            (Rule::Not(new, _), Rule::Not(old, _)) => self.no_implies(new, old),
            (Rule::Length(new), Rule::Length(old)) | (Rule::Sole(new), Rule::Sole(old)) => {
                self.implies(new, old)
            }
            (Rule::Parts(new), Rule::Parts(old)) => {
                let implied = |old: &Part| {
                    new.iter().any(|new| {
                        self.part_implies((&new.selector, &new.rule), (&old.selector, &old.rule))
                    })
                };
                !old.is_empty() && old.iter().all(implied)
            }
            _ => false,
        }
    }

    /// Returns whether `old` answers no to whatever `new` answers no to.
    fn no_implies(&self, new: &Rule, old: &Rule) -> bool {
        if same(new, old) || (text::is_about_text(new) && text::is_about_text(old)) {
            // Where both answer every text and nothing else, this is the implication backwards.
            return self.implies(old, new);
        }
        match (new, old) {
            (Rule::Not(new, _), Rule::Not(old, _)) => self.implies(new, old),
            (Rule::Sole(new), Rule::Sole(old)) | (Rule::Length(new), Rule::Length(old)) => {
                region::is_outside(new, old) || self.no_implies(new, old)
            }
            _ => false,
        }
    }

    /// Compares what is asked of the items of lists and the entries of maps.
    fn implies_of_list(&self, new: &Rule, old: &Rule) -> bool {
        match (new, old) {
            (Rule::Exactly(new), Rule::Exactly(old)) => are_same_items(new, old),
            (Rule::Exactly(new), Rule::HasItems(old)) => {
                !old.is_empty()
                    && old
                        .iter()
                        .all(|old| new.iter().any(|new| self.answers_yes(old, new)))
            }
            (Rule::Exactly(new), Rule::Length(old)) => has_length(old, new.len()),
            (Rule::Exactly(new), Rule::Each(quantifier, old)) if !new.is_empty() => {
                match quantifier {
                    Quantifier::All => new.iter().all(|new| self.answers_yes(old, new)),
                    Quantifier::Any => new.iter().any(|new| self.answers_yes(old, new)),
                    Quantifier::None => new
                        .iter()
                        .all(|new| self.answers(old, new) == Some(Answer::No)),
                }
            }
            (Rule::InOrder(new), Rule::InOrder(old)) => {
                !new.is_empty()
                    && new.len() == old.len()
                    && new.iter().zip(old).all(|(new, old)| self.implies(new, old))
            }
            (Rule::InOrder(new), Rule::Length(old)) => has_length(old, new.len()),
            (Rule::InOrder(new), Rule::Each(Quantifier::All, old)) => {
                !new.is_empty() && new.iter().all(|new| self.implies(new, old))
            }
            (Rule::InOrder(new) | Rule::HasItems(new), Rule::HasItems(old)) => {
                let has = |old: &Rule| new.iter().any(|new| self.implies(new, old));
                !old.is_empty() && old.iter().all(has)
            }
            (Rule::InOrder(new) | Rule::HasItems(new), Rule::Each(Quantifier::Any, old)) => {
                new.iter().any(|new| self.implies(new, old))
            }
            (Rule::HasNames(new, new_case), Rule::HasNames(old, old_case)) => {
                // A name that is there as it is written is there in any case.
                (new_case == old_case || *new_case == Case::Matters) && self.all_among(old, new)
            }
            (Rule::HasEither(new), Rule::HasEither(old)) => self.all_among(old, new),
            (Rule::Each(new_quantifier, new), Rule::Each(old_quantifier, old)) => {
                match (new_quantifier, old_quantifier) {
                    (Quantifier::All, Quantifier::All | Quantifier::Any)
                    | (Quantifier::Any, Quantifier::Any) => self.implies(new, old),
                    (Quantifier::None, Quantifier::None) => {
                        region::is_outside(new, old) || self.no_implies(new, old)
                    }
                    (Quantifier::All, Quantifier::None) => {
                        let not = Rule::Not(old.clone(), Spelling::Operator);
                        self.implies(new, &not)
                    }
                    (Quantifier::Any | Quantifier::None, _) => false,
                }
            }
            _ => false,
        }
    }

    /// Returns whether a rule answers yes to whatever equals a literal.
    fn answers_yes(&self, rule: &Rule, literal: &Literal) -> bool {
        self.answers(rule, literal) == Some(Answer::Yes)
    }

    /// Returns how a rule answers to whatever equals a literal, where the literal says enough about it.
    fn answers(&self, rule: &Rule, literal: &Literal) -> Option<Answer> {
        let is_single = match literal.seen().leaf()? {
            Leaf::Null
            | Leaf::Boolean(_)
            | Leaf::Quantity(..)
            | Leaf::Text(_)
            | Leaf::Version(_)
            | Leaf::Time(_) => true,
            Leaf::List | Leaf::Map => false,
        };
        let is_known = is_single && self.take(size(rule)) && agrees_about_secrets(rule, literal);
        is_known.then(|| rule.answer(Some(literal.seen())))
    }

    fn all_among(&self, few: &[Literal], many: &[Literal]) -> bool {
        let is_there = |one: &Literal| {
            many.iter()
                .any(|other| self.take(1) && same_literal(one, other))
        };
        !few.is_empty() && few.iter().all(is_there)
    }
}

/// Returns whether two rules are written the same way, units and quotes aside.
fn same(new: &Rule, old: &Rule) -> bool {
    let all = |new: &[Rule], old: &[Rule]| {
        new.len() == old.len() && new.iter().zip(old).all(|(new, old)| same(new, old))
    };
    let literals = |new: &[Literal], old: &[Literal]| {
        new.len() == old.len() && new.iter().zip(old).all(|(n, o)| same_literal(n, o))
    };
    match (new, old) {
        (Rule::Is(new, _), Rule::Is(old, _)) | (Rule::Matches(_, new), Rule::Matches(_, old)) => {
            same_literal(new, old)
        }
        (Rule::OneOf(new, _), Rule::OneOf(old, _))
        | (Rule::InOrder(new), Rule::InOrder(old))
        | (Rule::HasItems(new), Rule::HasItems(old))
        | (Rule::Every(new), Rule::Every(old)) => all(new, old),
        (Rule::Exactly(new), Rule::Exactly(old)) | (Rule::HasEither(new), Rule::HasEither(old)) => {
            literals(new, old)
        }
        (Rule::HasNames(new, new_case), Rule::HasNames(old, old_case)) => {
            new_case == old_case && literals(new, old)
        }
        (Rule::Compare(new_comparison, new), Rule::Compare(old_comparison, old)) => {
            new_comparison == old_comparison && same_literal(new, old)
        }
        (Rule::Between(new_low, new_high), Rule::Between(old_low, old_high)) => {
            same_literal(new_low, old_low) && same_literal(new_high, old_high)
        }
        (Rule::Text(new_test, new), Rule::Text(old_test, old)) => {
            new_test == old_test && same_literal(new, old)
        }
        (Rule::Length(new), Rule::Length(old))
        | (Rule::Not(new, _), Rule::Not(old, _))
        | (Rule::Sole(new), Rule::Sole(old)) => same(new, old),
        (Rule::Each(new_quantifier, new), Rule::Each(old_quantifier, old)) => {
            new_quantifier == old_quantifier && same(new, old)
        }
        (Rule::Parts(new), Rule::Parts(old)) => {
            let same_part = |(new, old): (&Part, &Part)| {
                same_selector(&new.selector, &old.selector) && same(&new.rule, &old.rule)
            };
            new.len() == old.len() && new.iter().zip(old).all(same_part)
        }
        (Rule::Absent, Rule::Absent) | (Rule::Present, Rule::Present) => true,
        _ => false,
    }
}

fn same_selector(new: &Selector, old: &Selector) -> bool {
    match (new, old) {
        (Selector::Whole, Selector::Whole) => true,
        (Selector::Path(new), Selector::Path(old)) => new.text() == old.text(),
        (Selector::Header(new), Selector::Header(old)) => Case::Ignored.same(new, old),
        (Selector::Key(new), Selector::Key(old)) => new == old,
        _ => false,
    }
}

/// Returns whether two literals are equal; a secret and a text that is written out never are.
fn same_literal(new: &Literal, old: &Literal) -> bool {
    // A number beyond what can be compared equals nothing, and is still written the same way.
    let are_equal = new.value == old.value || new.seen().equals(old.seen()) == Answer::Yes;
    are_equal && new.secret == old.secret
}

fn are_same_items(new: &[Literal], old: &[Literal]) -> bool {
    if new.len() != old.len() || new.len() > MOST_ITEMS {
        return false;
    }
    let mut left: Vec<&Literal> = old.iter().collect();
    new.iter().all(|new| {
        let place = left.iter().position(|old| same_literal(new, old));
        place.map(|place| left.swap_remove(place)).is_some()
    })
}

/// Returns whether what a rule compares with is as secret as a literal.
///
/// A secret may stand as a word where it is not known; the word itself must not pass for it. A rule that
/// looks at parts sees more of a value than its literal shows.
fn agrees_about_secrets(rule: &Rule, literal: &Literal) -> bool {
    match rule {
        Rule::Is(other, _)
        | Rule::Compare(_, other)
        | Rule::Text(_, other)
        | Rule::Matches(_, other) => other.secret == literal.secret,
        Rule::Between(low, high) => low.secret == literal.secret && high.secret == literal.secret,
        Rule::OneOf(rules, _) | Rule::Every(rules) => {
            rules.iter().all(|rule| agrees_about_secrets(rule, literal))
        }
        Rule::Not(rule, _) | Rule::Sole(rule) => agrees_about_secrets(rule, literal),
        Rule::Absent | Rule::Present => true,
        Rule::Exactly(_)
        | Rule::InOrder(_)
        | Rule::HasItems(_)
        | Rule::HasNames(..)
        | Rule::HasEither(_)
        | Rule::Length(_)
        | Rule::Each(..)
        | Rule::Parts(_) => false,
    }
}

/// Returns how many rules are asked at most when this one is.
fn size(rule: &Rule) -> usize {
    match rule {
        Rule::OneOf(rules, _) | Rule::Every(rules) => rules.iter().map(size).sum(),
        Rule::Not(rule, _) | Rule::Sole(rule) => size(rule),
        _ => 1,
    }
}

fn has_length(rule: &Rule, length: usize) -> bool {
    accepts(rule, &length_value(length))
}

fn accepts(rule: &Rule, value: &Value) -> bool {
    rule.answer(Some(Seen::of(value))) == Answer::Yes
}

/// Returns whether a rule holds only for what is there and, where several could be, is not none of them.
fn needs_something(rule: &Rule) -> bool {
    match rule {
        Rule::Is(literal, _) => !matches!(literal.seen().leaf(), Some(Leaf::List) | None),
        Rule::Compare(..) | Rule::Between(..) | Rule::Text(..) | Rule::Matches(..) => true,
        Rule::Exactly(literals) => !literals.is_empty(),
        Rule::InOrder(rules) | Rule::HasItems(rules) => !rules.is_empty(),
        Rule::HasNames(names, _) | Rule::HasEither(names) => !names.is_empty(),
        Rule::Length(rule) => !has_length(rule, 0),
        Rule::Each(..) | Rule::Parts(_) | Rule::Present => true,
        Rule::OneOf(rules, _) => !rules.is_empty() && rules.iter().all(needs_something),
        Rule::Every(rules) => rules.iter().any(needs_something),
        Rule::Sole(rule) => needs_something(rule),
        Rule::Not(rule, _) => region::is_region(rule) || text::is_about_text(rule),
        Rule::Absent => false,
    }
}

/// How many comparisons of two rules are made at most.
const MOST_STEPS: usize = 100_000;
/// Lists with more items are compared in their order only.
const MOST_ITEMS: usize = 1_000;

#[cfg(test)]
mod tests;
