//! The functions of a condition: their names, how they are called, what they take and give.

use gonogo_model::Decimal;

use super::ty::Type;
use super::value::Dimension;

/// A function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Size,
    Contains,
    StartsWith,
    EndsWith,
    Matches,
    Values,
    Int,
    Double,
    String,
    Boolean,
    Duration,
    Timestamp,
    Version,
    /// A number of units of a quantity: `days(30)`.
    Unit(&'static Unit),
}

/// A unit as a function.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unit {
    name: &'static str,
    pub(super) dimension: Dimension,
    /// The factor to base units, and a power of ten.
    factor: u64,
    power: i64,
}

/// How a function is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `int(x)`
    Global,
    /// `x.contains(y)`
    Method,
    /// `size(x)` and `x.size()`
    Either,
}

impl Function {
    /// Returns the function of a name.
    pub(super) fn of(name: &str) -> Option<Self> {
        let unit = UNITS.iter().find(|unit| unit.name == name);
        let named = NAMED.iter().find(|(known, _, _)| *known == name);
        named
            .map(|(_, function, _)| *function)
            .or(unit.map(Self::Unit))
    }

    /// Returns its name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Unit(unit) => unit.name,
            _ => self.row().0,
        }
    }

    /// Returns how it is called.
    pub(super) fn style(self) -> Style {
        match self {
            Self::Unit(_) => Style::Global,
            _ => self.row().2,
        }
    }

    fn row(self) -> &'static (&'static str, Self, Style) {
        let row = NAMED.iter().find(|(_, known, _)| *known == self);
        row.unwrap_or(&NAMED[0])
    }

    /// Returns the names of all functions.
    pub(super) fn names() -> impl Iterator<Item = &'static str> + Clone {
        let named = NAMED.iter().map(|(name, _, _)| *name);
        named.chain(UNITS.iter().map(|unit| unit.name))
    }

    /// Returns how many values it takes, its target among them.
    pub(super) const fn arity(self) -> usize {
        match self {
            Self::Contains | Self::StartsWith | Self::EndsWith | Self::Matches | Self::Values => 2,
            _ => 1,
        }
    }

    /// Returns what it takes, in words.
    pub(super) const fn takes(self) -> &'static str {
        match self {
            Self::Size => "text, a list or a map",
            Self::Contains | Self::StartsWith | Self::EndsWith | Self::Matches => "text",
            Self::Values => "headers and a name",
            Self::Int => "a number, text or a time",
            Self::Double => "a number, a ratio or text",
            Self::String => "a number, text, a boolean, a version, a duration or a time",
            Self::Boolean => "text or a boolean",
            Self::Duration => "text, such as \"500ms\"",
            Self::Timestamp => "text, such as \"2027-01-31T00:00:00Z\"",
            Self::Version => "text, such as \"15.4\"",
            Self::Unit(_) => "a number",
        }
    }

    /// Returns whether it takes such a value at a place, the target being the first.
    pub(super) fn accepts(self, place: usize, ty: &Type) -> bool {
        if *ty == Type::Dynamic {
            return true;
        }
        match self {
            Self::Size => matches!(
                ty,
                Type::Text | Type::Word(_) | Type::List(_) | Type::Map(_) | Type::Headers
            ),
            Self::Contains | Self::StartsWith | Self::EndsWith | Self::Matches => ty.is_text(),
            Self::Values if place == 0 => *ty == Type::Headers,
            Self::Values => ty.is_text(),
            Self::Int => ty.is_text() || matches!(ty, Type::Integer | Type::Number | Type::Time),
            Self::Double => {
                ty.is_text() || matches!(ty, Type::Integer | Type::Number | Type::Ratio)
            }
            Self::String => !matches!(
                ty,
                Type::Null
                    | Type::List(_)
                    | Type::Map(_)
                    | Type::Headers
                    | Type::Size
                    | Type::Ratio
            ),
            Self::Boolean => ty.is_text() || *ty == Type::Boolean,
            Self::Duration => ty.is_text() || *ty == Type::Duration,
            Self::Timestamp => ty.is_text() || matches!(ty, Type::Time | Type::Integer),
            Self::Version => ty.is_text() || *ty == Type::Version,
            Self::Unit(_) => matches!(ty, Type::Integer | Type::Number),
        }
    }

    /// Returns the type of what it gives.
    pub(super) fn gives(self) -> Type {
        match self {
            Self::Size | Self::Int => Type::Integer,
            Self::Contains | Self::StartsWith | Self::EndsWith | Self::Matches | Self::Boolean => {
                Type::Boolean
            }
            Self::Values => Type::List(Box::new(Type::Text)),
            Self::Double => Type::Number,
            Self::String => Type::Text,
            Self::Duration => Type::Duration,
            Self::Timestamp => Type::Time,
            Self::Version => Type::Version,
            Self::Unit(unit) => Type::of(unit.dimension),
        }
    }
}

impl Unit {
    /// Returns one of it in base units: seconds, bytes, the whole.
    pub(super) fn in_base_units(&self) -> Decimal {
        Decimal::from(self.factor).shifted(self.power)
    }
}

const NAMED: &[(&str, Function, Style)] = &[
    ("size", Function::Size, Style::Either),
    ("contains", Function::Contains, Style::Method),
    ("startsWith", Function::StartsWith, Style::Method),
    ("endsWith", Function::EndsWith, Style::Method),
    ("matches", Function::Matches, Style::Either),
    ("values", Function::Values, Style::Method),
    ("int", Function::Int, Style::Global),
    // Every whole number is one of CEL's int here, however large.
    ("uint", Function::Int, Style::Global),
    ("double", Function::Double, Style::Global),
    ("string", Function::String, Style::Global),
    ("bool", Function::Boolean, Style::Global),
    ("duration", Function::Duration, Style::Global),
    ("timestamp", Function::Timestamp, Style::Global),
    ("version", Function::Version, Style::Global),
];

const fn unit(name: &'static str, dimension: Dimension, factor: u64, power: i64) -> Unit {
    Unit {
        name,
        dimension,
        factor,
        power,
    }
}

const UNITS: &[Unit] = &[
    unit("milliseconds", Dimension::Duration, 1, -3),
    unit("seconds", Dimension::Duration, 1, 0),
    unit("minutes", Dimension::Duration, 60, 0),
    unit("hours", Dimension::Duration, 3_600, 0),
    unit("days", Dimension::Duration, 86_400, 0),
    unit("bytes", Dimension::Size, 1, 0),
    unit("kb", Dimension::Size, 1, 3),
    unit("mb", Dimension::Size, 1, 6),
    unit("gb", Dimension::Size, 1, 9),
    unit("tb", Dimension::Size, 1, 12),
    unit("kib", Dimension::Size, 1 << 10, 0),
    unit("mib", Dimension::Size, 1 << 20, 0),
    unit("gib", Dimension::Size, 1 << 30, 0),
    unit("tib", Dimension::Size, 1 << 40, 0),
    unit("percent", Dimension::Ratio, 1, -2),
];
