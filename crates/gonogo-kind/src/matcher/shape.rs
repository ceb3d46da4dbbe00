//! What a matcher is read for.

use crate::decl::FactType;

/// The shape of what a matcher looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// One value of a declared type.
    Typed(FactType),
    /// A list of values of a declared type.
    List(&'static FactType),
    /// A map of values of a declared type.
    Map(&'static FactType),
    /// Header fields.
    Headers,
    /// The values of one header field.
    HeaderValues,
    /// A JSON value.
    Json,
    /// What a path selects that may name several places.
    Nodes,
    /// The rows of a query.
    Rows,
    /// One row.
    Row,
}

/// The operators of a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Not,
    Contains,
    Matches,
    StartsWith,
    EndsWith,
    Has,
    Length,
    All,
    Any,
    None,
    OneOf,
    Is,
    Absent,
}

impl Shape {
    /// Returns the shape of a fact.
    pub(super) const fn of(ty: FactType) -> Self {
        match ty {
            FactType::List(item) => Self::List(item),
            FactType::Map(item) => Self::Map(item),
            FactType::Headers => Self::Headers,
            FactType::Json => Self::Json,
            FactType::Rows => Self::Rows,
            FactType::Boolean
            | FactType::Integer
            | FactType::Number
            | FactType::Text
            | FactType::Choice(_)
            | FactType::Duration
            | FactType::Size
            | FactType::Ratio
            | FactType::Version
            | FactType::Time => Self::Typed(ty),
        }
    }

    /// Returns the shape of a part of it.
    pub(super) const fn item(self) -> Self {
        match self {
            Self::List(item) | Self::Map(item) => Self::of(*item),
            Self::Headers => Self::HeaderValues,
            Self::HeaderValues => Self::Typed(FactType::Text),
            Self::Rows => Self::Row,
            Self::Json | Self::Nodes | Self::Row => Self::Json,
            Self::Typed(ty) => Self::Typed(ty),
        }
    }

    /// Says what it is, with its article.
    pub(super) fn describe(self) -> String {
        match self {
            Self::Typed(FactType::Text | FactType::Choice(_)) => "text".to_owned(),
            Self::Typed(FactType::Integer) => "an integer".to_owned(),
            Self::Typed(ty) => format!("a {}", ty.name()),
            Self::List(item) => format!("a list of {}", item.name()),
            Self::Map(item) => format!("a map of {}", item.name()),
            Self::Headers => "header fields".to_owned(),
            Self::HeaderValues => "a header field".to_owned(),
            Self::Json | Self::Nodes => "JSON".to_owned(),
            Self::Rows => "rows".to_owned(),
            Self::Row => "a row".to_owned(),
        }
    }

    /// Returns whether it is one value of a type that has an order.
    pub(super) const fn has_order(self) -> bool {
        matches!(
            self,
            Self::Typed(
                FactType::Integer
                    | FactType::Number
                    | FactType::Duration
                    | FactType::Size
                    | FactType::Ratio
                    | FactType::Version
                    | FactType::Time
            )
        )
    }

    /// Returns whether it is read as JSON, where nothing declares the type of a scalar.
    pub(super) const fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Nodes)
    }

    /// Returns whether it may turn out to be several values, of which a plain matcher wants one.
    pub(super) const fn is_several(self) -> bool {
        matches!(self, Self::Nodes | Self::HeaderValues)
    }
}

impl Operator {
    /// Every operator with its word.
    pub(super) const ALL: &[(&'static str, Self)] = &[
        ("not", Self::Not),
        ("contains", Self::Contains),
        ("matches", Self::Matches),
        ("starts_with", Self::StartsWith),
        ("ends_with", Self::EndsWith),
        ("has", Self::Has),
        ("length", Self::Length),
        ("all", Self::All),
        ("any", Self::Any),
        ("none", Self::None),
        ("one_of", Self::OneOf),
        ("is", Self::Is),
        ("absent", Self::Absent),
    ];

    /// Returns the operator of a word.
    pub(super) fn find(word: &str) -> Option<Self> {
        let known = Self::ALL.iter().find(|(known, _)| *known == word);
        known.map(|(_, operator)| *operator)
    }

    /// Returns whether the operator can say anything about a shape.
    pub(super) const fn applies_to(self, shape: Shape) -> bool {
        match self {
            Self::Not | Self::Absent => true,
            Self::Is | Self::OneOf => !matches!(shape, Shape::Headers),
            Self::Contains | Self::Matches | Self::StartsWith | Self::EndsWith => matches!(
                shape,
                Shape::Typed(FactType::Text) | Shape::Json | Shape::Nodes | Shape::HeaderValues
            ),
            Self::Length => !matches!(shape, Shape::Typed(_)) || is_text(shape),
            Self::Has => !matches!(shape, Shape::Typed(_)),
            Self::All | Self::Any | Self::None => {
                !matches!(shape, Shape::Typed(_) | Shape::Headers)
            }
        }
    }

    /// Returns whether the operator counts values instead of wanting one.
    pub(super) const fn is_quantifier(self) -> bool {
        matches!(
            self,
            Self::Has | Self::Length | Self::All | Self::Any | Self::None | Self::Absent
        )
    }
}

const fn is_text(shape: Shape) -> bool {
    matches!(shape, Shape::Typed(FactType::Text))
}
