//! Exact arithmetic: a number is a quotient of two decimals, so that nothing is ever rounded.
//!
//! `0.1 + 0.2 == 0.3` and `1.0 / 3.0 * 3.0 == 1.0` hold. What would take more than [`MAX_WIDTH`] digits is
//! refused, which bounds the work.

use std::cmp::Ordering;

use gonogo_model::Decimal;

/// A number: `top / bottom`, the bottom above zero.
#[derive(Debug, Clone)]
pub(super) struct Exact {
    top: Decimal,
    /// None is one, as nearly always.
    bottom: Option<Decimal>,
}

/// A result that cannot be calculated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoResult {
    ByZero,
    TooLarge,
    NotWhole,
}

type Result<T> = std::result::Result<T, NoResult>;

impl From<Decimal> for Exact {
    fn from(top: Decimal) -> Self {
        Self { top, bottom: None }
    }
}

impl Exact {
    /// Returns the sum.
    pub(super) fn plus(&self, other: &Self) -> Result<Self> {
        let (left, right, bottom) = self.alike(other)?;
        Self::of(left.minus(&right.negated()), bottom)
    }

    /// Returns the difference.
    pub(super) fn minus(&self, other: &Self) -> Result<Self> {
        self.plus(&other.negated())
    }

    /// Returns the product.
    pub(super) fn times(&self, other: &Self) -> Result<Self> {
        self.check()?;
        other.check()?;
        let bottom = match (&self.bottom, &other.bottom) {
            (Some(left), Some(right)) => Some(left.product(right)),
            (left, right) => left.as_ref().or(right.as_ref()).cloned(),
        };
        Self::of(self.top.product(&other.top), bottom)
    }

    /// Returns the quotient.
    pub(super) fn divided_by(&self, other: &Self) -> Result<Self> {
        if other.top.is_zero() {
            return Err(NoResult::ByZero);
        }
        let upside_down = Self {
            top: other.bottom.clone().unwrap_or_else(one),
            bottom: Some(other.top.clone()),
        };
        self.times(&upside_down)
    }

    /// Returns what is left of a division of whole numbers; it has the sign of the dividend.
    pub(super) fn remainder(&self, other: &Self) -> Result<Self> {
        let (left, right) = (self.whole()?, other.whole()?);
        if right == 0 {
            return Err(NoResult::ByZero);
        }
        Ok(Decimal::from(left.checked_rem(right).ok_or(NoResult::TooLarge)?).into())
    }

    /// Returns the number with the other sign.
    pub(super) fn negated(&self) -> Self {
        Self {
            top: self.top.clone().negated(),
            bottom: self.bottom.clone(),
        }
    }

    /// Returns the number without its fraction.
    pub(super) fn truncated(&self) -> Result<Self> {
        let Some(bottom) = &self.bottom else {
            return Ok(self.top.truncated().into());
        };
        // Both are made whole, so that the division of whole numbers does it.
        let places = -self.top.exponent().min(bottom.exponent()).min(0);
        let top = self.top.clone().shifted(places).to_i128();
        let bottom = bottom.clone().shifted(places).to_i128();
        let (top, bottom) = top.zip(bottom).ok_or(NoResult::TooLarge)?;
        let whole = top.checked_div(bottom).ok_or(NoResult::TooLarge)?;
        Ok(Decimal::from(whole).into())
    }

    /// Returns the number as a decimal, if it is one.
    pub(super) const fn as_decimal(&self) -> Option<&Decimal> {
        match &self.bottom {
            None => Some(&self.top),
            Some(_) => None,
        }
    }

    /// Returns how many digits it is made of.
    pub(super) fn digits(&self) -> usize {
        let bottom = self.bottom.as_ref().map_or(0, Decimal::significant_digits);
        self.top.significant_digits() + bottom
    }

    /// Returns how it compares; numbers of any size can be compared unless they were calculated.
    pub(super) fn compare(&self, other: &Self) -> Result<Ordering> {
        if let (Some(left), Some(right)) = (self.as_decimal(), other.as_decimal()) {
            return Ok(left.cmp(right));
        }
        let (left, right, _) = self.alike(other)?;
        Ok(left.cmp(&right))
    }

    /// Returns the number as a 128-bit one.
    pub(super) fn whole(&self) -> Result<i128> {
        let number = self.as_decimal().ok_or(NoResult::NotWhole)?;
        if !number.is_integer() {
            return Err(NoResult::NotWhole);
        }
        number.to_i128().ok_or(NoResult::TooLarge)
    }

    /// Brings two numbers onto one bottom.
    fn alike(&self, other: &Self) -> Result<(Decimal, Decimal, Option<Decimal>)> {
        self.check()?;
        other.check()?;
        let (left, right) = (self.top.clone(), other.top.clone());
        Ok(match (&self.bottom, &other.bottom) {
            (None, None) => (left, right, None),
            (Some(a), None) => (left, right.product(a), Some(a.clone())),
            (None, Some(b)) => (left.product(b), right, Some(b.clone())),
            (Some(a), Some(b)) if a == b => (left, right, Some(a.clone())),
            (Some(a), Some(b)) => (left.product(b), right.product(a), Some(a.product(b))),
        })
    }

    /// Makes a number whose bottom is above zero, and absent where it divides the top.
    fn of(top: Decimal, bottom: Option<Decimal>) -> Result<Self> {
        let number = match bottom {
            None => top.into(),
            Some(bottom) if bottom.is_negative() => {
                return Self::of(top.negated(), Some(bottom.negated()));
            }
            Some(bottom) => match finite(&top, &bottom) {
                Some(quotient) => quotient.into(),
                None => Self {
                    top,
                    bottom: Some(bottom),
                },
            },
        };
        number.check()?;
        Ok(number)
    }

    fn check(&self) -> Result<()> {
        let fits = |number: &Decimal| number.width() <= MAX_WIDTH;
        if fits(&self.top) && self.bottom.as_ref().is_none_or(fits) {
            Ok(())
        } else {
            Err(NoResult::TooLarge)
        }
    }
}

/// Returns the quotient where it has an end and both numbers are of everyday size.
fn finite(top: &Decimal, bottom: &Decimal) -> Option<Decimal> {
    // A power of ten is a shift.
    let one_digit = bottom.significant_digits() == 1;
    let (mantissa, shift) = (
        bottom.clone().shifted(-bottom.exponent()).to_i128()?,
        bottom.exponent(),
    );
    if one_digit && mantissa == 1 {
        return Some(top.clone().shifted(-shift));
    }
    let numerator = top.clone().shifted(-top.exponent()).to_i128()?;
    // A quotient has an end if nothing but twos and fives is left of the bottom.
    let common = greatest_common_divisor(numerator.unsigned_abs(), mantissa.unsigned_abs());
    let (mut numerator, mut rest) = (
        numerator,
        i128::try_from(mantissa.unsigned_abs() / common).ok()?,
    );
    numerator /= i128::try_from(common).ok()?;
    let mut places = 0_i64;
    for (factor, other) in [(2, 5), (5, 2)] {
        while rest % factor == 0 {
            rest /= factor;
            numerator = numerator.checked_mul(other)?;
            places += 1;
        }
    }
    let exponent = top.exponent().checked_sub(shift)?.checked_sub(places)?;
    (rest == 1).then(|| Decimal::scaled(numerator, exponent))
}

const fn greatest_common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    if a == 0 { 1 } else { a }
}

fn one() -> Decimal {
    Decimal::from(1_u8)
}

/// The most digits of what is calculated with, written out.
const MAX_WIDTH: u64 = 500;
