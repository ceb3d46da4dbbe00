//! Exact decimal numbers.
//!
//! A gate compares numbers that people wrote (`0.1 %`, `1.5`) with numbers that machines sent
//! (12345678901234567890, 1e400). Binary floating point rounds both, and a rounded comparison can
//! turn a *no* into a *yes*. [`Decimal`] keeps the digits as they were written and only ever
//! compares, negates and shifts the point, so nothing is rounded and a hostile exponent costs nothing.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An exact decimal number: a sign, digits, and the power of ten of the last digit.
///
/// The digits have no leading and no trailing zeros (zero has no digits at all), so two equal
/// numbers are equal field by field, whichever way they were written.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

/// Says why a text is not a decimal number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecimalError {
    /// The text is not digits with an optional sign, point and exponent.
    NotANumber,
    /// The text has more digits, or a larger exponent, than a number may have.
    TooLong,
}

impl fmt::Display for DecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotANumber => "not a number",
            Self::TooLong => "a number of more than 10,000 digits",
        })
    }
}

impl std::error::Error for DecimalError {}

impl Decimal {
    /// The number zero.
    pub const ZERO: Self = Self {
        negative: false,
        digits: Vec::new(),
        exponent: 0,
    };

    /// Returns `mantissa * 10^exponent`.
    #[must_use]
    pub fn scaled(mantissa: i128, exponent: i64) -> Self {
        let text = mantissa.unsigned_abs().to_string();
        Self::normal(
            mantissa < 0,
            text.bytes().map(|b| b - b'0').collect(),
            exponent,
        )
    }

    /// Returns whether the number is below zero.
    #[must_use]
    pub const fn is_negative(&self) -> bool {
        self.negative
    }

    /// Returns whether the number is zero.
    #[must_use]
    pub const fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// Returns whether the number is written in plain digits, and not in scientific notation.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.is_zero() || (-40..=40).contains(&self.exponent)
    }

    /// Returns the power of ten of the first digit.
    fn power(&self) -> i64 {
        let places = i64::try_from(self.digits.len()).unwrap_or(i64::MAX);
        self.exponent.saturating_add(places.saturating_sub(1))
    }

    /// Returns whether the number has no fraction.
    #[must_use]
    pub const fn is_integer(&self) -> bool {
        self.digits.is_empty() || self.exponent >= 0
    }

    /// Returns the number times `10^places`.
    #[must_use]
    pub fn shifted(mut self, places: i64) -> Self {
        if !self.is_zero() {
            self.exponent = self.exponent.saturating_add(places);
        }
        self
    }

    /// Returns the product with a small whole factor, as unit conversions need it.
    #[must_use]
    pub fn times(&self, factor: u64) -> Self {
        let mut digits = vec![0_u8; 0];
        let mut carry: u128 = 0;
        for digit in self.digits.iter().rev() {
            let sum = u128::from(*digit) * u128::from(factor) + carry;
            digits.push(u8::try_from(sum % 10).expect("a remainder of ten is one digit"));
            carry = sum / 10;
        }
        while carry > 0 {
            digits.push(u8::try_from(carry % 10).expect("a remainder of ten is one digit"));
            carry /= 10;
        }
        digits.reverse();
        Self::normal(self.negative, digits, self.exponent)
    }

    /// Returns the product, exactly; the work grows with the product of the numbers of digits.
    #[must_use]
    pub fn product(&self, other: &Self) -> Self {
        let mut sums = vec![0_u64; self.digits.len() + other.digits.len()];
        for (i, left) in self.digits.iter().rev().enumerate() {
            for (sum, right) in sums.iter_mut().skip(i).zip(other.digits.iter().rev()) {
                *sum += u64::from(*left) * u64::from(*right);
            }
        }
        let mut carry = 0;
        let mut digits: Vec<u8> = Vec::with_capacity(sums.len());
        for sum in sums {
            carry += sum;
            digits.push(u8::try_from(carry % 10).unwrap_or(0));
            carry /= 10;
        }
        digits.reverse();
        let exponent = self.exponent.saturating_add(other.exponent);
        Self::normal(self.negative != other.negative, digits, exponent)
    }

    /// Returns how many digits the number has when it is written without an exponent.
    ///
    /// It bounds the work of whoever calculates with numbers from outside.
    #[must_use]
    pub fn width(&self) -> u64 {
        let (whole, places) = (self.magnitude().max(0), self.exponent.min(0));
        whole.unsigned_abs().saturating_add(places.unsigned_abs())
    }

    /// Returns the difference.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        let exponent = self.exponent.min(other.exponent);
        let spread = self.exponent.max(other.exponent).saturating_sub(exponent);
        if self.is_zero() || other.is_zero() || spread > MAX_SPREAD {
            // Too far apart for the smaller one to be seen.
            return if self.compare_absolute(other).is_ge() {
                self.clone()
            } else {
                other.clone().negated()
            };
        }
        let align = |n: &Self| -> Vec<i8> {
            let sign = if n.negative { -1 } else { 1 };
            let zeros = usize::try_from(n.exponent - exponent).unwrap_or(0);
            let digits = n
                .digits
                .iter()
                .copied()
                .chain(std::iter::repeat_n(0, zeros));
            digits
                .rev()
                .map(|d| sign * i8::try_from(d).unwrap_or(0))
                .collect()
        };
        let (left, right) = (align(self), align(other));
        let at = |n: &[i8], i: usize| n.get(i).copied().unwrap_or(0);
        let negative = self < other;
        let (mut digits, mut carry) = (Vec::new(), 0_i8);
        for i in 0..=left.len().max(right.len()) {
            let difference = at(&left, i) - at(&right, i);
            let sum = carry + if negative { -difference } else { difference };
            digits.push(u8::try_from(sum.rem_euclid(10)).unwrap_or(0));
            carry = sum.div_euclid(10);
        }
        digits.reverse();
        Self::normal(negative, digits, exponent)
    }

    /// Returns the number with the other sign.
    #[must_use]
    pub fn negated(mut self) -> Self {
        self.negative = !self.negative && !self.is_zero();
        self
    }

    /// Returns the number without its fraction.
    #[must_use]
    pub fn truncated(&self) -> Self {
        let kept = usize::try_from(self.magnitude().max(0)).unwrap_or(usize::MAX);
        if self.is_integer() {
            return self.clone();
        }
        let digits = self.digits.iter().copied().take(kept).collect();
        Self::normal(self.negative, digits, 0)
    }

    /// Returns the number rounded half away from zero to so many significant digits; for display only.
    #[must_use]
    pub fn rounded(&self, significant: usize) -> Self {
        let Some(next) = self.digits.get(significant) else {
            return self.clone();
        };
        let (next, mut digits) = (*next, self.digits.clone());
        digits.truncate(significant);
        let mut carry = next >= 5;
        for digit in digits.iter_mut().rev() {
            if !carry {
                break;
            }
            carry = *digit == 9;
            *digit = if carry { 0 } else { *digit + 1 };
        }
        if carry {
            digits.insert(0, 1);
        }
        let exponent =
            self.magnitude() + i64::from(carry) - i64::try_from(digits.len()).unwrap_or(i64::MAX);
        Self::normal(self.negative, digits, exponent)
    }

    /// Returns the power of ten of the last digit.
    #[must_use]
    pub const fn exponent(&self) -> i64 {
        self.exponent
    }

    /// Returns how many significant digits the number has; zero has none.
    #[must_use]
    pub const fn significant_digits(&self) -> usize {
        self.digits.len()
    }

    /// Returns the quotient of two counts, rounded half away from zero to `places` decimals.
    ///
    /// Ratios are made of counts (connections used of connections allowed); this is the one place
    /// where a fact is rounded, and the rounding is far below what a threshold can name.
    #[must_use]
    pub fn ratio(part: u64, whole: u64, places: u32) -> Option<Self> {
        if whole == 0 {
            return None;
        }
        let scale = 10_u128.checked_pow(places)?;
        let scaled = (u128::from(part) * scale * 2 + u128::from(whole)) / (u128::from(whole) * 2);
        Some(Self::scaled(
            i128::try_from(scaled).ok()?,
            -i64::from(places),
        ))
    }

    /// Returns the number as `f64`, rounded; for display and sorting only, never for judging.
    #[must_use]
    pub fn approximate(&self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// Returns the number as `i128` if it is whole and fits.
    #[must_use]
    pub fn to_i128(&self) -> Option<i128> {
        if !self.is_integer() || self.exponent > 40 {
            return None;
        }
        self.plain().parse().ok()
    }

    fn normal(negative: bool, mut digits: Vec<u8>, mut exponent: i64) -> Self {
        let zeros = digits.iter().take_while(|d| **d == 0).count();
        digits.drain(..zeros);
        while digits.last() == Some(&0) {
            digits.pop();
            exponent = exponent.saturating_add(1);
        }
        if digits.is_empty() {
            return Self::ZERO;
        }
        Self {
            negative,
            digits,
            exponent,
        }
    }

    /// Returns the power of ten just above the first digit: `0.xyz * 10^magnitude`.
    pub(crate) fn magnitude(&self) -> i64 {
        self.exponent
            .saturating_add(i64::try_from(self.digits.len()).unwrap_or(i64::MAX))
    }

    fn compare_absolute(&self, other: &Self) -> Ordering {
        match (self.is_zero(), other.is_zero()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => self
                .magnitude()
                .cmp(&other.magnitude())
                .then_with(|| self.digits.cmp(&other.digits)),
        }
    }

    /// Writes the number without an exponent; only for exponents that are known to be small.
    pub(crate) fn plain(&self) -> String {
        let mut text: String = self.digits.iter().map(|d| char::from(b'0' + d)).collect();
        if self.is_zero() {
            text.push('0');
        } else if self.exponent >= 0 {
            text.extend(std::iter::repeat_n(
                '0',
                usize::try_from(self.exponent).unwrap_or(0),
            ));
        } else {
            let places = usize::try_from(-self.exponent).unwrap_or(usize::MAX);
            if places >= text.len() {
                text.insert_str(0, &"0".repeat(places - text.len() + 1));
            }
            text.insert(text.len() - places, '.');
        }
        if self.negative {
            text.insert(0, '-');
        }
        text
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.compare_absolute(other),
            (true, true) => other.compare_absolute(self),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Decimal {
    /// Writes plain digits up to a width people can read, and scientific notation beyond it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_plain() {
            return f.write_str(&self.plain());
        }
        let mut digits: String = self.digits.iter().map(|d| char::from(b'0' + d)).collect();
        if digits.len() > 1 {
            digits.insert(1, '.');
        }
        let sign = if self.negative { "-" } else { "" };
        write!(f, "{sign}{digits}e{}", self.power())
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    /// Reads `12`, `-1.50`, `1e9`: JSON's number syntax, a leading `+` and leading zeros allowed.
    fn from_str(text: &str) -> Result<Self, DecimalError> {
        Self::read(text, MAX_DIGITS, MAX_POWER)
    }
}

impl Decimal {
    fn read(text: &str, max_length: usize, max_power: i64) -> Result<Self, DecimalError> {
        if text.len() > max_length {
            return Err(DecimalError::TooLong);
        }
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, power) = match rest.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, parse_power(power, 2 * max_power)?),
            None => (rest, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((_, "")) => return Err(DecimalError::NotANumber),
            Some((whole, fraction)) => (whole, fraction),
            None => (mantissa, ""),
        };
        if whole.is_empty()
            || !whole
                .bytes()
                .chain(fraction.bytes())
                .all(|b| b.is_ascii_digit())
        {
            return Err(DecimalError::NotANumber);
        }
        let digits = whole
            .bytes()
            .chain(fraction.bytes())
            .map(|b| b - b'0')
            .collect();
        let places = i64::try_from(fraction.len()).map_err(|_| DecimalError::TooLong)?;
        let number = Self::normal(negative, digits, power - places);
        // However it is written: what is shown can be read again.
        if !number.is_zero() && number.power().abs() > max_power {
            return Err(DecimalError::TooLong);
        }
        Ok(number)
    }
}

fn parse_power(text: &str, max_power: i64) -> Result<i64, DecimalError> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(DecimalError::NotANumber);
    }
    let power: i64 = text.parse().map_err(|_| DecimalError::TooLong)?;
    if power.abs() > max_power {
        return Err(DecimalError::TooLong);
    }
    Ok(power)
}

macro_rules! from_integer {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Decimal {
            fn from(value: $integer) -> Self {
                Self::scaled(i128::from(value), 0)
            }
        }
    )*};
}
from_integer!(u8, u16, u32, u64, i32, i64, i128);

impl From<std::time::Duration> for Decimal {
    /// Returns the duration in seconds.
    fn from(value: std::time::Duration) -> Self {
        Self::scaled(i128::try_from(value.as_nanos()).unwrap_or(i128::MAX), -9)
    }
}

impl Serialize for Decimal {
    /// Writes a JSON number with every digit.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = serde_json::Number::from_string_unchecked(self.to_string());
        number.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)?;
        // A unit or a moved point makes a number longer than it was read; we read what we wrote.
        Self::read(&number.to_string(), 2 * MAX_DIGITS, 2 * MAX_POWER)
            .map_err(serde::de::Error::custom)
    }
}

const MAX_DIGITS: usize = 10_000;
const MAX_SPREAD: i64 = 20_000;
const MAX_POWER: i64 = 1_000_000_000;

#[cfg(test)]
mod tests;
