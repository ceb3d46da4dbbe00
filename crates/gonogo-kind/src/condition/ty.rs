//! Types of the parts of a condition.

use crate::decl::{FactType, TextChoice};

use super::value::Dimension;

/// What is known of a part before anything is observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Type {
    /// Anything: a part of a JSON document.
    Dynamic,
    Null,
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    Text,
    /// A text that is one of these words.
    Word(&'static [TextChoice]),
    Duration,
    Size,
    Ratio,
    Version,
    Time,
    Headers,
    List(Box<Self>),
    /// A map from keys of any sort to values of this type.
    Map(Box<Self>),
}

impl From<FactType> for Type {
    fn from(ty: FactType) -> Self {
        let boxed = |ty: &FactType| Box::new(Self::from(*ty));
        match ty {
            FactType::Boolean => Self::Boolean,
            FactType::Integer => Self::Integer,
            FactType::Number => Self::Number,
            FactType::Text => Self::Text,
            FactType::Choice(choices) => Self::Word(choices),
            FactType::Duration => Self::Duration,
            FactType::Size => Self::Size,
            FactType::Ratio => Self::Ratio,
            FactType::Version => Self::Version,
            FactType::Time => Self::Time,
            FactType::List(item) => Self::List(boxed(item)),
            FactType::Map(item) => Self::Map(boxed(item)),
            FactType::Headers => Self::Headers,
            FactType::Json => Self::Dynamic,
            FactType::Rows => Self::List(Box::new(Self::Dynamic)),
        }
    }
}

impl Type {
    /// Returns the type with its article.
    pub(super) const fn describe(&self) -> &'static str {
        match self {
            Self::Dynamic => "a JSON value",
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Text | Self::Word(_) => "text",
            Self::Duration => "a duration",
            Self::Size => "a size",
            Self::Ratio => "a ratio",
            Self::Version => "a version",
            Self::Time => "a time",
            Self::Headers => "headers",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }

    /// Returns what it measures, if it is a quantity.
    pub(super) const fn dimension(&self) -> Option<Dimension> {
        Some(match self {
            Self::Integer | Self::Number => Dimension::Number,
            Self::Duration => Dimension::Duration,
            Self::Size => Dimension::Size,
            Self::Ratio => Dimension::Ratio,
            _ => return None,
        })
    }

    /// Returns the type of a quantity.
    pub(super) const fn of(dimension: Dimension) -> Self {
        match dimension {
            Dimension::Number => Self::Number,
            Dimension::Duration => Self::Duration,
            Dimension::Size => Self::Size,
            Dimension::Ratio => Self::Ratio,
        }
    }

    /// Returns whether it may turn out to be text.
    pub(super) const fn is_text(&self) -> bool {
        matches!(self, Self::Text | Self::Word(_) | Self::Dynamic)
    }

    /// Returns whether it may turn out to be this type.
    pub(super) fn may_be(&self, wanted: &Self) -> bool {
        *self == Self::Dynamic || self == wanted
    }

    /// Returns whether values of the two types can be equal at all.
    pub(super) fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Dynamic, _) | (_, Self::Dynamic) => true,
            (Self::Null, _) | (_, Self::Null) => false,
            (Self::Boolean, Self::Boolean) => true,
            (Self::List(left), Self::List(right)) | (Self::Map(left), Self::Map(right)) => {
                left.equals(right)
            }
            _ => self.has_order_with(other),
        }
    }

    /// Returns whether one of two values can come before the other.
    pub(super) fn has_order_with(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Dynamic, other) | (other, Self::Dynamic) => {
                matches!(other, Self::Dynamic | Self::Version | Self::Time)
                    || other.is_text()
                    || other.dimension().is_some()
            }
            (Self::Text | Self::Word(_), Self::Text | Self::Word(_))
            | (Self::Version, Self::Version | Self::Text)
            | (Self::Text, Self::Version)
            | (Self::Time, Self::Time) => true,
            // A ratio is 0..1; a whole number beside it would be taken for percent.
            (Self::Ratio, Self::Number) | (Self::Number, Self::Ratio) => true,
            _ => self.dimension().is_some() && self.dimension() == other.dimension(),
        }
    }

    /// Returns the type of what is one or the other.
    pub(super) fn either(self, other: Self) -> Self {
        match (self, other) {
            (left, right) if left == right => left,
            (Self::Integer, Self::Number) | (Self::Number, Self::Integer) => Self::Number,
            (Self::Text | Self::Word(_), Self::Text | Self::Word(_)) => Self::Text,
            (Self::List(left), Self::List(right)) => Self::List(Box::new(left.either(*right))),
            (Self::Map(left), Self::Map(right)) => Self::Map(Box::new(left.either(*right))),
            _ => Self::Dynamic,
        }
    }
}
