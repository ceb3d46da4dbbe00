//! Rules: what a matcher was read as, and how it answers.

use std::cmp::Ordering;

use gonogo_model::Value;

use super::answer::Answer;
use super::part::Part;
use super::seen::Seen;
use crate::pattern::Pattern;

/// One thing that must be so.
#[derive(Debug, Clone)]
pub(super) enum Rule {
    /// It is exactly this.
    Is(Literal, Spelling),
    /// It is one of these: values and ranges.
    OneOf(Vec<Self>, Spelling),
    /// The list has exactly these, in any order.
    Exactly(Vec<Literal>),
    /// These hold for the parts, one by one, in order.
    InOrder(Vec<Self>),
    /// It is on this side of a bound.
    Compare(Comparison, Literal),
    /// It is within two bounds, ends included.
    Between(Literal, Literal),
    /// The text has this in it, at its start, at its end, or matching.
    Text(TextTest, Literal),
    /// The text matches a pattern somewhere.
    Matches(Pattern, Literal),
    /// The list has, for each of these, a part that is so.
    HasItems(Vec<Self>),
    /// The map has each of these names.
    HasNames(Vec<Literal>, Case),
    /// A list has each of these, or a map each of these names: a JSON document says only when it is seen.
    HasEither(Vec<Literal>),
    /// Its length is so.
    Length(Box<Self>),
    /// All, any or none of the parts are so.
    Each(Quantifier, Box<Self>),
    /// It is not so.
    Not(Box<Self>, Spelling),
    /// It is not there.
    Absent,
    /// It is there.
    Present,
    /// All of these.
    Every(Vec<Self>),
    /// Parts of it are so.
    Parts(Vec<Part>),
    /// There is exactly one, and it is so.
    Sole(Box<Self>),
}

/// A value that was written, and how.
#[derive(Debug, Clone)]
pub(super) struct Literal {
    /// The value.
    pub(super) value: Value,
    /// As its author would write it.
    pub(super) shown: String,
    /// Whether a secret was put in.
    pub(super) secret: bool,
}

/// Which of two spellings the author chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// A word or a plain list.
    Short,
    /// An operator in a map.
    Operator,
}

/// On which side of a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Over,
    Under,
    AtLeast,
    AtMost,
    Not,
}

/// Where a text stands in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextTest {
    Contains,
    StartsWith,
    EndsWith,
}

/// How many parts must be so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantifier {
    All,
    Any,
    None,
}

/// Whether the case of a name matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    Matters,
    Ignored,
}

impl Comparison {
    /// Returns the words for it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Over => "over",
            Self::Under => "under",
            Self::AtLeast => "at least",
            Self::AtMost => "at most",
            Self::Not => "not",
        }
    }

    /// Returns whether it allows a value that compares with the bound in this way.
    const fn allows(self, order: Ordering) -> bool {
        match self {
            Self::Over => order.is_gt(),
            Self::Under => order.is_lt(),
            Self::AtLeast => order.is_ge(),
            Self::AtMost => order.is_le(),
            Self::Not => order.is_ne(),
        }
    }
}

impl Rule {
    /// Asks the rule about a value; none is one that is absent from a whole that is there.
    pub(super) fn answer(&self, seen: Option<Seen<'_>>) -> Answer {
        match self {
            Self::Absent => Answer::from_bool(seen.is_none_or(|s| matches!(s, Seen::Several([])))),
            Self::Present => Self::Absent.answer(seen).opposite(),
            Self::Not(rule, _) => rule.answer(seen).opposite(),
            Self::Every(rules) => Answer::all(rules.iter().map(|rule| rule.answer(seen))),
            _ => seen.map_or(Answer::Moot, |seen| self.answer_present(seen)),
        }
    }

    fn answer_present(&self, seen: Seen<'_>) -> Answer {
        match self {
            Self::Is(literal, _) => seen.equals(literal.seen()),
            Self::OneOf(rules, _) => {
                Answer::any_fitting(rules.iter().map(|rule| rule.answer(Some(seen))))
            }
            Self::Exactly(literals) => exactly(seen, literals),
            Self::InOrder(rules) => in_order(seen, rules),
            Self::Compare(comparison, bound) => seen
                .order(bound.seen())
                .map_or(Answer::Moot, |o| Answer::from_bool(comparison.allows(o))),
            Self::Between(low, high) => match (seen.order(low.seen()), seen.order(high.seen())) {
                (Some(low), Some(high)) => Answer::from_bool(low.is_ge() && high.is_le()),
                _ => Answer::Moot,
            },
            Self::Text(test, wanted) => text_test(*test, seen, wanted),
            Self::Matches(pattern, _) => seen
                .text()
                .map_or(Answer::Moot, |text| Answer::from_bool(pattern.is_in(text))),
            Self::HasItems(rules) => has_items(seen, rules),
            Self::HasNames(names, case) => has_names(seen, names, *case),
            Self::HasEither(literals) => {
                if seen.entries().is_some() {
                    has_names(seen, literals, Case::Matters)
                } else {
                    let is = |l: &Literal| Self::Is(l.clone(), Spelling::Short);
                    has_items(seen, &literals.iter().map(is).collect::<Vec<_>>())
                }
            }
            Self::Length(rule) => seen.length().map_or(Answer::Moot, |length| {
                let length = length_value(length);
                rule.answer(Some(Seen::Value(&length)))
            }),
            Self::Each(quantifier, rule) => each(*quantifier, seen, rule),
            Self::Parts(parts) => Answer::all(parts.iter().map(|part| part.answer(seen))),
            Self::Sole(rule) => match seen {
                Seen::Several([one]) => rule.answer(Some(*one)),
                Seen::Several([]) => rule.answer(None),
                Seen::Several(_) => Answer::Moot,
                Seen::Value(_) | Seen::Json(_) => rule.answer(Some(seen)),
            },
            Self::Absent | Self::Present | Self::Not(..) | Self::Every(_) => {
                self.answer(Some(seen))
            }
        }
    }

    /// Returns the values that the rule names exactly, if that is all it does.
    pub(super) fn exact_values(&self) -> Option<Vec<&Value>> {
        match self {
            Self::Is(literal, _) => Some(vec![&literal.value]),
            Self::OneOf(rules, _) => {
                let values: Option<Vec<_>> = rules.iter().map(Self::exact_values).collect();
                Some(values?.into_iter().flatten().collect())
            }
            Self::Every(rules) => match rules.as_slice() {
                [one] => one.exact_values(),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Literal {
    /// Returns the view of the value.
    pub(super) const fn seen(&self) -> Seen<'_> {
        Seen::of(&self.value)
    }
}

/// Returns a length as a value.
pub(super) fn length_value(length: usize) -> Value {
    Value::integer(u64::try_from(length).unwrap_or(u64::MAX))
}

/// Finds for each literal a part of its own; there are as many parts as literals.
fn exactly(seen: Seen<'_>, literals: &[Literal]) -> Answer {
    let Some(mut left) = seen.items() else {
        return Answer::Moot;
    };
    if left.len() != literals.len() {
        return Answer::No;
    }
    let mut unfit = false;
    for literal in literals {
        let answers: Vec<_> = left.iter().map(|s| s.equals(literal.seen())).collect();
        match answers.iter().position(|a| *a == Answer::Yes) {
            Some(at) => {
                left.swap_remove(at);
            }
            None if answers.contains(&Answer::No) => return Answer::No,
            None => unfit = true,
        }
    }
    if unfit { Answer::Moot } else { Answer::Yes }
}

fn in_order(seen: Seen<'_>, rules: &[Rule]) -> Answer {
    match seen.items() {
        Some(items) if items.len() == rules.len() => {
            Answer::all(items.iter().zip(rules).map(|(s, r)| r.answer(Some(*s))))
        }
        Some(_) => Answer::No,
        None => Answer::Moot,
    }
}

fn text_test(test: TextTest, seen: Seen<'_>, wanted: &Literal) -> Answer {
    let (Some(text), Some(wanted)) = (seen.text(), wanted.seen().text()) else {
        return Answer::Moot;
    };
    Answer::from_bool(match test {
        TextTest::Contains => text.contains(wanted),
        TextTest::StartsWith => text.starts_with(wanted),
        TextTest::EndsWith => text.ends_with(wanted),
    })
}

fn has_items(seen: Seen<'_>, rules: &[Rule]) -> Answer {
    let Some(items) = seen.items() else {
        return Answer::Moot;
    };
    let has = |rule: &Rule| Answer::any(items.iter().map(|item| rule.answer(Some(*item))));
    Answer::all(rules.iter().map(has))
}

fn has_names(seen: Seen<'_>, names: &[Literal], case: Case) -> Answer {
    let Some(entries) = seen.entries() else {
        return Answer::Moot;
    };
    Answer::all(names.iter().map(|name| {
        let Some(name) = name.seen().text() else {
            return Answer::Moot;
        };
        Answer::from_bool(entries.iter().any(|(known, _)| case.same(known, name)))
    }))
}

impl Case {
    /// Returns whether two names are the same.
    pub(super) fn same(self, left: &str, right: &str) -> bool {
        match self {
            Self::Matters => left == right,
            Self::Ignored => left.eq_ignore_ascii_case(right),
        }
    }
}

fn each(quantifier: Quantifier, seen: Seen<'_>, rule: &Rule) -> Answer {
    let items: Vec<Seen<'_>> = match (seen.items(), seen.entries()) {
        (Some(items), _) => items,
        (None, Some(entries)) => entries.into_iter().map(|(_, value)| value).collect(),
        (None, None) => return Answer::Moot,
    };
    let answers = items.iter().map(|item| rule.answer(Some(*item)));
    match quantifier {
        Quantifier::All => Answer::all(answers),
        Quantifier::Any => Answer::any(answers),
        Quantifier::None => Answer::any(answers).opposite(),
    }
}
