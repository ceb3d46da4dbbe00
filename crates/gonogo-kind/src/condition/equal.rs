//! Whether values are equal, and which comes first.

use std::borrow::Cow;
use std::cmp::Ordering;

use gonogo_model::{Decimal, Version};

use super::eval::{Failure, Machine, no_result};
use super::exact::{Exact, NoResult};
use super::value::{Dimension, Entries, Entry, Val};
use crate::unit;

/// Returns whether two values are equal; none when they are of different types.
///
/// It goes as deep as JSON documents and literals do, both of which are bounded.
pub(super) fn equal<'v>(
    machine: &mut Machine<'v>,
    left: &Val<'v>,
    right: &Val<'v>,
) -> Result<Option<bool>, Failure> {
    machine.pay(1)?;
    Ok(match (left, right) {
        (Val::Null, Val::Null) => Some(true),
        // Whatever is there is not null, whichever type it has.
        (Val::Null, _) | (_, Val::Null) => Some(false),
        (Val::Boolean(left), Val::Boolean(right)) => Some(left == right),
        (Val::List(left), Val::List(right)) => {
            if left.len() != right.len() {
                return Ok(Some(false));
            }
            let mut unfit = false;
            for (left, right) in left.iter().zip(right.iter()) {
                match equal(machine, &left, &right)? {
                    Some(true) => {}
                    Some(false) => return Ok(Some(false)),
                    None => unfit = true,
                }
            }
            (!unfit).then_some(true)
        }
        (Val::Map(left), Val::Map(right)) => return equal_maps(machine, left, right),
        _ => order(left, right).map_err(no_result)?.map(Ordering::is_eq),
    })
}

fn equal_maps<'v>(
    machine: &mut Machine<'v>,
    left: &Entries<'v>,
    right: &Entries<'v>,
) -> Result<Option<bool>, Failure> {
    if left.len() != right.len() {
        return Ok(Some(false));
    }
    let mut unfit = false;
    for key in left.keys() {
        machine.pay(1 + right.len() as u64 / 16)?;
        let Val::Text(name) = &key else {
            return Ok(None);
        };
        match (left.get(name), right.get(name)) {
            (Entry::Value(left), Entry::Value(right)) => match equal(machine, &left, &right)? {
                Some(true) => {}
                Some(false) => return Ok(Some(false)),
                None => unfit = true,
            },
            (Entry::Value(_), Entry::Missing) => return Ok(Some(false)),
            _ => unfit = true,
        }
    }
    Ok((!unfit).then_some(true))
}

/// Returns which of two values comes first; none when they cannot be compared.
pub(super) fn order(left: &Val<'_>, right: &Val<'_>) -> Result<Option<Ordering>, NoResult> {
    Ok(match (left, right) {
        (Val::Quantity(l, left), Val::Quantity(r, right)) => match (l, r) {
            _ if l == r => Some(left.compare(right)?),
            (Dimension::Ratio, Dimension::Number) if is_share(right)? => Some(left.compare(right)?),
            (Dimension::Number, Dimension::Ratio) if is_share(left)? => Some(left.compare(right)?),
            _ => None,
        },
        (Val::Text(left), Val::Text(right)) => Some(left.cmp(right)),
        (Val::Version(left), Val::Version(right)) => Some(left.cmp(right)),
        (Val::Version(left), Val::Text(right)) => version(right).map(|right| (**left).cmp(&right)),
        (Val::Text(left), Val::Version(right)) => {
            version(left).map(|left| left.as_ref().cmp(right))
        }
        (Val::Time(left), Val::Time(right)) => Some(left.cmp(right)),
        _ => None,
    })
}

/// A number beside a ratio is 0 to 1; 80 would be taken for percent.
fn is_share(number: &Exact) -> Result<bool, NoResult> {
    let (zero, one) = (Exact::from(Decimal::ZERO), Exact::from(Decimal::from(1_u8)));
    Ok(number.compare(&zero)?.is_ge() && number.compare(&one)?.is_le())
}

fn version(text: &str) -> Option<Cow<'static, Version>> {
    unit::version(text).ok().map(Cow::Owned)
}
