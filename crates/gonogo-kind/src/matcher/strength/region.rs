//! Rules about quantities, versions and times as stretches of their scale.

use std::cmp::Ordering;

use super::super::rule::{Comparison, Literal, Rule};
use super::super::seen::{Dimension, Leaf};

/// Returns whether `new` asks for a stretch within what `old` asks for.
pub(super) fn is_within(new: &Rule, old: &Rule) -> bool {
    let (Some(new), Some(old)) = (Region::of(new), Region::of(old)) else {
        return false;
    };
    new.is_within(&old)
}

/// Returns whether whatever `new` answers no to gets a no from `old`.
pub(super) fn is_outside(new: &Rule, old: &Rule) -> bool {
    let opposite = |rule| Region::of(rule).and_then(Region::opposite);
    let (Some(new), Some(old)) = (opposite(new), opposite(old)) else {
        return false;
    };
    new.is_within(&old)
}

/// Returns whether a rule answers yes or no to every point of a scale, and to nothing else.
pub(super) fn is_region(rule: &Rule) -> bool {
    Region::of(rule).is_some()
}

/// The points of a scale to which a rule answers yes; it answers no to all others of this scale.
struct Region<'r> {
    scale: Scale,
    stretches: Vec<Stretch<'r>>,
}

/// What can be compared with each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scale {
    Quantity(Dimension),
    Version,
    Time,
}

/// From one end to the other; without an end it goes on for ever.
#[derive(Clone, Copy)]
struct Stretch<'r> {
    low: Option<End<'r>>,
    high: Option<End<'r>>,
}

#[derive(Clone, Copy)]
struct End<'r> {
    at: &'r Literal,
    /// Whether the end itself belongs to the stretch.
    included: bool,
}

impl<'r> Region<'r> {
    fn of(rule: &'r Rule) -> Option<Self> {
        match rule {
            Rule::Is(literal, _) => {
                Self::one(literal, Some((literal, true)), Some((literal, true)))
            }
            Rule::Between(low, high) => {
                let region = Self::one(low, Some((low, true)), Some((high, true)))?;
                (scale(high) == Some(region.scale)).then_some(region)
            }
            Rule::Compare(comparison, bound) => match comparison {
                Comparison::Over => Self::one(bound, Some((bound, false)), None),
                Comparison::AtLeast => Self::one(bound, Some((bound, true)), None),
                Comparison::Under => Self::one(bound, None, Some((bound, false))),
                Comparison::AtMost => Self::one(bound, None, Some((bound, true))),
                Comparison::Not => {
                    Self::one(bound, Some((bound, true)), Some((bound, true)))?.opposite()
                }
            },
            Rule::Not(rule, _) => Self::of(rule)?.opposite(),
            Rule::OneOf(rules, _) if rules.len() <= MOST_STRETCHES => {
                let mut regions = rules.iter().map(Self::of);
                let mut all = regions.next()??;
                for region in regions {
                    let region = region.filter(|region| region.scale == all.scale)?;
                    all.stretches.extend(region.stretches);
                }
                (all.stretches.len() <= MOST_STRETCHES).then_some(all)
            }
            Rule::Every(rules) if rules.len() <= MOST_STRETCHES => {
                let mut regions = rules.iter().map(Self::of);
                let mut all = regions.next()??;
                for region in regions {
                    all = all.and(&region?)?;
                }
                Some(all)
            }
            _ => None,
        }
    }

    fn one(
        of: &Literal,
        low: Option<(&'r Literal, bool)>,
        high: Option<(&'r Literal, bool)>,
    ) -> Option<Self> {
        let end = |(at, included)| End { at, included };
        let stretch = Stretch {
            low: low.map(end),
            high: high.map(end),
        };
        Some(Self {
            scale: scale(of)?,
            stretches: vec![stretch],
        })
    }

    /// Returns every other point of the scale.
    fn opposite(self) -> Option<Self> {
        let scale = self.scale;
        let mut all = Self {
            scale,
            stretches: vec![Stretch {
                low: None,
                high: None,
            }],
        };
        for stretch in self.stretches {
            let below = stretch.low.map(|end| Stretch {
                low: None,
                high: Some(end.other_side()),
            });
            let above = stretch.high.map(|end| Stretch {
                low: Some(end.other_side()),
                high: None,
            });
            let outside = Self {
                scale,
                stretches: below.into_iter().chain(above).collect(),
            };
            all = all.and(&outside)?;
        }
        Some(all)
    }

    /// Returns the points of both; nothing when that is too much to look at.
    fn and(&self, other: &Self) -> Option<Self> {
        if self.scale != other.scale {
            return None;
        }
        let mut stretches = Vec::new();
        for one in &self.stretches {
            for two in &other.stretches {
                stretches.extend(one.and(two));
            }
        }
        (stretches.len() <= MOST_STRETCHES).then_some(Self {
            scale: self.scale,
            stretches,
        })
    }

    fn is_within(&self, other: &Self) -> bool {
        let within = |one: &Stretch<'_>| other.stretches.iter().any(|two| one.is_within(two));
        self.scale == other.scale && self.stretches.iter().all(within)
    }
}

impl<'r> Stretch<'r> {
    /// Returns what belongs to both, if anything does.
    fn and(&self, other: &Self) -> Option<Self> {
        let low = match (self.low, other.low) {
            (Some(one), Some(two)) if one.is_low_within(two) => Some(one),
            (one, None) => one,
            (_, two) => two,
        };
        let high = match (self.high, other.high) {
            (Some(one), Some(two)) if one.is_high_within(two) => Some(one),
            (one, None) => one,
            (_, two) => two,
        };
        if let (Some(low), Some(high)) = (low, high) {
            match low.order(high)? {
                Ordering::Greater => return None,
                Ordering::Equal if !low.included || !high.included => return None,
                Ordering::Equal | Ordering::Less => {}
            }
        }
        Some(Self { low, high })
    }

    fn is_within(&self, other: &Self) -> bool {
        let low = match (self.low, other.low) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(one), Some(two)) => one.is_low_within(two),
        };
        let high = match (self.high, other.high) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(one), Some(two)) => one.is_high_within(two),
        };
        low && high
    }
}

impl End<'_> {
    /// Returns the end of what begins where this one ends.
    const fn other_side(self) -> Self {
        Self {
            included: !self.included,
            ..self
        }
    }

    fn order(self, other: End<'_>) -> Option<Ordering> {
        self.at.seen().order(other.at.seen())
    }

    /// Returns whether a stretch that begins here begins within one that begins at `other`.
    fn is_low_within(self, other: End<'_>) -> bool {
        match self.order(other) {
            Some(Ordering::Greater) => true,
            Some(Ordering::Equal) => other.included || !self.included,
            Some(Ordering::Less) | None => false,
        }
    }

    /// Returns whether a stretch that ends here ends within one that ends at `other`.
    fn is_high_within(self, other: End<'_>) -> bool {
        match self.order(other) {
            Some(Ordering::Less) => true,
            Some(Ordering::Equal) => other.included || !self.included,
            Some(Ordering::Greater) | None => false,
        }
    }
}

/// Returns the scale of a literal; that of a secret is nobody's business.
fn scale(literal: &Literal) -> Option<Scale> {
    if literal.secret {
        return None;
    }
    match literal.seen().leaf()? {
        Leaf::Quantity(dimension, _) => Some(Scale::Quantity(dimension)),
        Leaf::Version(_) => Some(Scale::Version),
        Leaf::Time(_) => Some(Scale::Time),
        Leaf::Null | Leaf::Boolean(_) | Leaf::Text(_) | Leaf::List | Leaf::Map => None,
    }
}

/// Rules with more alternatives are not taken apart.
const MOST_STRETCHES: usize = 500;
