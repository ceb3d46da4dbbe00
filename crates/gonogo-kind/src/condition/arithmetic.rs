//! What calculating with quantities gives: by type before, and by value afterwards.

use super::exact::{Exact, NoResult};
use super::syntax::Binary;
use super::ty::Type;
use super::value::Dimension::{self, Number, Ratio};

/// Returns what a calculation measures, if it makes sense.
pub(super) fn dimension(operator: Binary, left: Dimension, right: Dimension) -> Option<Dimension> {
    match operator {
        Binary::Plus | Binary::Minus => (left == right).then_some(left),
        Binary::Times => match (left, right) {
            (Number, other) | (other, Number) | (Ratio, other) | (other, Ratio) => Some(other),
            _ => None,
        },
        Binary::Divide if left == right => Some(Number),
        Binary::Divide => match (left, right) {
            (_, Number) => Some(left),
            (_, Ratio) => Some(left),
            _ => None,
        },
        Binary::Remainder => (left == Number && right == Number).then_some(Number),
        Binary::Equal
        | Binary::Unequal
        | Binary::Less
        | Binary::AtMost
        | Binary::Greater
        | Binary::AtLeast
        | Binary::In => None,
    }
}

/// Returns the type of a calculation, if it makes sense.
pub(super) fn of_types(operator: Binary, left: &Type, right: &Type) -> Option<Type> {
    let (plus, minus) = (operator == Binary::Plus, operator == Binary::Minus);
    match (left, right) {
        (Type::Dynamic, other) | (other, Type::Dynamic) => {
            let fits = matches!(other, Type::Dynamic | Type::Time)
                || other.dimension().is_some()
                || plus && (other.is_text() || matches!(other, Type::List(_)));
            fits.then_some(Type::Dynamic)
        }
        (Type::Text | Type::Word(_), Type::Text | Type::Word(_)) => plus.then_some(Type::Text),
        (Type::List(_), Type::List(_)) => plus.then(|| left.clone().either(right.clone())),
        (Type::Time, Type::Duration) => (plus || minus).then_some(Type::Time),
        (Type::Duration, Type::Time) => plus.then_some(Type::Time),
        (Type::Time, Type::Time) => minus.then_some(Type::Duration),
        // CEL cuts off the fraction, and `failed / total < 0.05` would always hold.
        (Type::Integer, Type::Integer) if operator == Binary::Divide => None,
        (Type::Integer, Type::Integer) => Some(Type::Integer),
        (Type::Number, Type::Number | Type::Integer) | (Type::Integer, Type::Number)
            if operator == Binary::Remainder =>
        {
            None
        }
        _ => dimension(operator, left.dimension()?, right.dimension()?).map(Type::of),
    }
}

/// Calculates.
pub(super) fn of_numbers(operator: Binary, left: &Exact, right: &Exact) -> Result<Exact, NoResult> {
    match operator {
        Binary::Plus => left.plus(right),
        Binary::Minus => left.minus(right),
        Binary::Times => left.times(right),
        Binary::Divide => left.divided_by(right),
        _ => left.remainder(right),
    }
}

/// Returns the type of the opposite: `-x`.
pub(super) fn negated(ty: &Type) -> Option<Type> {
    match ty {
        Type::Dynamic
        | Type::Integer
        | Type::Number
        | Type::Duration
        | Type::Size
        | Type::Ratio => Some(ty.clone()),
        _ => None,
    }
}
