//! Matchers that hold whatever the fact is.

use gonogo_model::{Decimal, Value};

use super::answer::Answer;
use super::found::accepts_every_length;
use super::rule::{Comparison, Rule};
use super::seen::Seen;
use crate::decl::FactType;

impl Rule {
    /// Returns whether the rule holds for every value of a type, as far as is easily seen.
    pub(super) fn is_vacuous(&self, ty: FactType) -> bool {
        match self {
            Self::Compare(..) | Self::Between(..) => self.holds_at_the_ends(ty),
            Self::Is(..) | Self::OneOf(..) => match ty {
                FactType::Choice(choices) => choices
                    .iter()
                    .all(|choice| self.accepts(&Value::text(choice.word))),
                FactType::Boolean => {
                    self.accepts(&Value::Boolean(true)) && self.accepts(&Value::Boolean(false))
                }
                _ => false,
            },
            Self::Matches(pattern, _) => pattern.is_in_all(VARIED_TEXTS),
            Self::Length(rule) => accepts_every_length(rule),
            Self::Every(rules) => rules.iter().all(|rule| rule.is_vacuous(ty)),
            _ => false,
        }
    }

    /// Returns whether the rule holds for the least and the greatest value of a type.
    fn holds_at_the_ends(&self, ty: FactType) -> bool {
        let far = Decimal::scaled(1, 1_000);
        let ends = match ty {
            FactType::Duration => [Value::Duration(Decimal::ZERO), Value::Duration(far)],
            FactType::Size => [Value::Size(Decimal::ZERO), Value::Size(far)],
            FactType::Ratio => [
                Value::Ratio(Decimal::ZERO),
                Value::Ratio(Decimal::from(1_u8)),
            ],
            _ => return false,
        };
        // `not 5s` holds at both ends and is still no empty talk.
        !matches!(self, Self::Compare(Comparison::Not, _))
            && ends.iter().all(|end| self.accepts(end))
    }

    fn accepts(&self, value: &Value) -> bool {
        self.answer(Some(Seen::of(value))) == Answer::Yes
    }
}

/// A pattern that matches all of these matches everything.
const VARIED_TEXTS: &[&str] = &["", "a", "Z9 -", "\n", "\u{0}x\ny", "%%%%%%"];
