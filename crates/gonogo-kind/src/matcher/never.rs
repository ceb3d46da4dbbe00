//! Matchers that hold for nothing: a gate with one can never say GO.
//!
//! A rule over quantities changes its answer only at the values that it names, so it is asked about each
//! of them, about what lies between, and about what lies beyond. Where nothing can be concluded in this
//! way, such as for most patterns, a rule counts as one that may hold.

use gonogo_model::{Decimal, Value};

use super::answer::Answer;
use super::rule::{Literal, Quantifier, Rule, length_value};
use super::seen::Seen;
use super::shape::Shape;
use crate::decl::FactType;

impl Rule {
    /// Returns whether the rule holds for nothing of this shape, as far as can be concluded.
    pub(super) fn never_holds(&self, shape: Shape) -> bool {
        match self {
            Self::Sole(rule) => rule.never_holds(shape),
            Self::Each(Quantifier::All | Quantifier::Any, rule) => rule.never_holds(shape.item()),
            Self::HasItems(rules) => rules.iter().any(|rule| rule.never_holds(shape.item())),
            Self::Length(rule) => lengths(rule).is_empty(),
            Self::Every(rules) => {
                rules.iter().any(|rule| rule.never_holds(shape))
                    || contradicts_absence(rules)
                    || contradicts_length(rules)
                    || contradicts_items(rules, shape)
                    || self.refuses_every_sample(shape, Bounds::of(shape))
            }
            Self::Is(..) | Self::OneOf(..) | Self::Compare(..) | Self::Between(..) => {
                self.refuses_every_sample(shape, Bounds::of(shape))
            }
            Self::Not(..) => self.refuses_every_sample(shape, Bounds::of(shape)),
            Self::Exactly(_)
            | Self::InOrder(_)
            | Self::Text(..)
            | Self::Matches(..)
            | Self::HasNames(..)
            | Self::HasEither(_)
            | Self::Each(Quantifier::None, _)
            | Self::Absent
            | Self::Present
            | Self::Parts(_) => false,
        }
    }

    /// Returns whether the rule holds for no span of time, which is never below zero.
    pub(super) fn holds_for_no_span(&self) -> bool {
        let shape = Shape::Typed(FactType::Duration);
        self.refuses_every_sample(shape, Bounds::FROM_ZERO)
    }

    fn refuses_every_sample(&self, shape: Shape, bounds: Bounds) -> bool {
        let Some(samples) = samples(self, shape, bounds) else {
            return false;
        };
        let holds = |value: &Value| self.answer(Some(Seen::of(value))) == Answer::Yes;
        self.answer(None) != Answer::Yes && !samples.iter().any(holds)
    }
}

/// The least and the greatest quantity of a type.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    from_zero: bool,
    to_one: bool,
}

impl Bounds {
    const FROM_ZERO: Self = Self {
        from_zero: true,
        to_one: false,
    };

    const fn of(shape: Shape) -> Self {
        Self {
            from_zero: matches!(shape, Shape::Typed(FactType::Size | FactType::Ratio)),
            to_one: matches!(shape, Shape::Typed(FactType::Ratio)),
        }
    }

    fn hold(self, quantity: &Decimal) -> bool {
        !(self.from_zero && quantity.is_negative()
            || self.to_one && *quantity > Decimal::from(1_u8))
    }
}

/// Returns values among which there is one for which the rule holds, if there is any at all.
fn samples(rule: &Rule, shape: Shape, bounds: Bounds) -> Option<Vec<Value>> {
    match shape {
        Shape::Typed(FactType::Boolean) => Some(vec![Value::Boolean(true), Value::Boolean(false)]),
        Shape::Typed(FactType::Choice(choices)) => {
            let words = choices.iter().map(|choice| Value::text(choice.word));
            Some(words.collect())
        }
        Shape::Typed(FactType::Text) => named(rule),
        Shape::Json => named(rule).or_else(|| {
            let quantities = quantities(rule, None, bounds)?;
            // A comparison asks for a number; the lack of one, such as `absent: false`, does not.
            compares(rule).then(|| quantities.into_iter().map(Value::Number).collect())
        }),
        Shape::Typed(ty) => {
            let make: fn(Decimal) -> Value = match ty {
                FactType::Integer => Value::Integer,
                FactType::Number => Value::Number,
                FactType::Duration => Value::Duration,
                FactType::Size => Value::Size,
                FactType::Ratio => Value::Ratio,
                _ => return None,
            };
            let step = (ty == FactType::Integer).then(|| Decimal::from(1_u8));
            let quantities = quantities(rule, step.as_ref(), bounds)?;
            Some(quantities.into_iter().map(make).collect())
        }
        Shape::List(_)
        | Shape::Map(_)
        | Shape::Headers
        | Shape::HeaderValues
        | Shape::Nodes
        | Shape::Rows
        | Shape::Row => None,
    }
}

/// Returns the values that alone can satisfy the rule, when it names any.
fn named(rule: &Rule) -> Option<Vec<Value>> {
    match rule {
        Rule::Is(..) | Rule::OneOf(..) => Some(rule.exact_values()?.into_iter().cloned().collect()),
        Rule::Every(rules) => rules.iter().find_map(named),
        _ => None,
    }
}

/// Returns whether the rule holds for nothing but numbers.
fn compares(rule: &Rule) -> bool {
    match rule {
        Rule::Compare(..) | Rule::Between(..) => true,
        Rule::Not(rule, _) => compares(rule),
        Rule::Every(rules) => rules.iter().any(compares),
        _ => false,
    }
}

/// Returns the quantities at which the answer of a rule may change, with one between and beyond each.
fn quantities(rule: &Rule, step: Option<&Decimal>, bounds: Bounds) -> Option<Vec<Decimal>> {
    let mut named = vec![Decimal::ZERO, Decimal::from(1_u8)];
    let mut open = vec![rule];
    while let Some(rule) = open.pop() {
        let mut add = |literal: &Literal| {
            named.push(quantity(&literal.value)?.clone());
            Some(())
        };
        match rule {
            Rule::Is(literal, _) | Rule::Compare(_, literal) => add(literal)?,
            Rule::Between(low, high) => {
                add(low)?;
                add(high)?;
            }
            Rule::Not(rule, _) => open.push(rule),
            Rule::OneOf(rules, _) | Rule::Every(rules) => open.extend(rules),
            Rule::Absent | Rule::Present => {}
            _ => return None,
        }
        if named.len() > MOST_NAMED {
            return None;
        }
    }
    named.sort();
    let one = Decimal::from(1_u8);
    let beside = step.unwrap_or(&one);
    let mut all = Vec::with_capacity(3 * named.len());
    for quantity in &named {
        all.push(quantity.minus(beside));
        all.push(plus(quantity, beside));
    }
    if step.is_none() {
        for pair in named.windows(2) {
            all.push(plus(&pair[0], &pair[1]).times(5).shifted(-1));
        }
    }
    all.extend(named);
    all.retain(|quantity| bounds.hold(quantity));
    Some(all)
}

const fn quantity(value: &Value) -> Option<&Decimal> {
    match value {
        Value::Integer(number)
        | Value::Number(number)
        | Value::Duration(number)
        | Value::Size(number)
        | Value::Ratio(number) => Some(number),
        _ => None,
    }
}

fn plus(one: &Decimal, other: &Decimal) -> Decimal {
    one.minus(&other.clone().negated())
}

/// Returns some of the lengths for which a rule holds; none when there is none.
fn lengths(rule: &Rule) -> Vec<usize> {
    let one = Some(Decimal::from(1_u8));
    let Some(quantities) = quantities(rule, one.as_ref(), Bounds::FROM_ZERO) else {
        return vec![0, usize::MAX];
    };
    let lengths = quantities
        .iter()
        .filter_map(|q| usize::try_from(q.to_i128()?).ok());
    let holds = |length: &usize| {
        let value = length_value(*length);
        rule.answer(Some(Seen::of(&value))) == Answer::Yes
    };
    lengths.filter(holds).collect()
}

/// `{ absent: true, contains: ok }`: what is not there has nothing in it.
fn contradicts_absence(rules: &[Rule]) -> bool {
    let wants_absence = rules.iter().any(|rule| matches!(rule, Rule::Absent));
    wants_absence && rules.iter().any(|rule| rule.answer(None) != Answer::Yes)
}

/// `{ length: 0, has: x }`: what has a part is not empty.
fn contradicts_length(rules: &[Rule]) -> bool {
    let wanted = rules.iter().find_map(|rule| match rule {
        Rule::Length(rule) => Some(lengths(rule)),
        _ => None,
    });
    let Some(wanted) = wanted else { return false };
    let fits = |length: usize| {
        rules.iter().all(|rule| match rule {
            Rule::Exactly(items) => length == items.len(),
            Rule::InOrder(items) => length == items.len(),
            Rule::HasItems(_) | Rule::HasEither(_) | Rule::HasNames(..) | Rule::Each(..) => {
                length > 0
            }
            _ => true,
        })
    };
    !wanted.into_iter().any(fits)
}

/// `{ all: over 5, any: under 3 }`: no part can be both.
fn contradicts_items(rules: &[Rule], shape: Shape) -> bool {
    let mut of_all = Vec::new();
    let mut of_some = Vec::new();
    for rule in rules {
        match rule {
            Rule::Each(Quantifier::All, rule) => of_all.push((**rule).clone()),
            Rule::Each(Quantifier::None, rule) => {
                of_all.push(Rule::Not(rule.clone(), super::rule::Spelling::Operator));
            }
            Rule::Each(Quantifier::Any, rule) => of_some.push((**rule).clone()),
            Rule::HasItems(rules) => of_some.extend(rules.iter().cloned()),
            _ => {}
        }
    }
    if of_all.is_empty() {
        return false;
    }
    let with = |more: Option<&Rule>| {
        let rules = of_all.iter().chain(more).cloned().collect();
        Rule::Every(rules).never_holds(shape.item())
    };
    if of_some.is_empty() {
        return of_all.len() > 1 && with(None);
    }
    of_some.iter().any(|rule| with(Some(rule)))
}

/// Longer lists are not looked through.
const MOST_NAMED: usize = 200;
