//! A condition as it was written: operators, names, calls; nothing is resolved yet.

use std::ops::Range;

use gonogo_model::Decimal;

/// A part of a condition.
#[derive(Debug)]
pub(super) struct Expr {
    pub(super) kind: ExprKind,
    pub(super) at: Range<usize>,
    /// How many parts deep it is: what walks over it needs no more stack than that.
    pub(super) depth: usize,
}

/// What a part of a condition is.
#[derive(Debug)]
pub(super) enum ExprKind {
    Null,
    Boolean(bool),
    Integer(Decimal),
    Number(Decimal),
    Text(String),
    List(Vec<Expr>),
    Map(Vec<(Expr, Expr)>),
    Name(String),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    /// All of them, joined by `&&`.
    And(Vec<Expr>),
    /// One of them, joined by `||`.
    Or(Vec<Expr>),
    Choose(Box<[Expr; 3]>),
    Binary(Binary, Box<[Expr; 2]>),
    Member(Box<Expr>, Word),
    Index(Box<[Expr; 2]>),
    Call {
        target: Option<Box<Expr>>,
        name: Word,
        arguments: Vec<Expr>,
    },
}

/// A name and its place.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) at: Range<usize>,
}

/// An operator between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binary {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
    In,
    Plus,
    Minus,
    Times,
    Divide,
    Remainder,
}

impl Binary {
    /// Returns the operator as it is written.
    pub(super) const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
            Self::In => "in",
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }

    /// Returns how tightly it binds, and whether it is written as this sign.
    pub(super) const ALL: &'static [(Self, u8)] = &[
        (Self::Equal, RELATION),
        (Self::Unequal, RELATION),
        (Self::Less, RELATION),
        (Self::AtMost, RELATION),
        (Self::Greater, RELATION),
        (Self::AtLeast, RELATION),
        (Self::In, RELATION),
        (Self::Plus, SUM),
        (Self::Minus, SUM),
        (Self::Times, PRODUCT),
        (Self::Divide, PRODUCT),
        (Self::Remainder, PRODUCT),
    ];
}

/// How tightly operators bind.
pub(super) const RELATION: u8 = 1;
const SUM: u8 = 2;
const PRODUCT: u8 = 3;

impl ExprKind {
    /// Returns the depth of the deepest part.
    pub(super) fn depth_below(&self) -> usize {
        let deepest = |list: &[Expr]| list.iter().map(|e| e.depth).max().unwrap_or(0);
        match self {
            Self::Null
            | Self::Boolean(_)
            | Self::Integer(_)
            | Self::Number(_)
            | Self::Text(_)
            | Self::Name(_) => 0,
            Self::List(list) | Self::And(list) | Self::Or(list) => deepest(list),
            Self::Map(entries) => entries
                .iter()
                .map(|(key, value)| key.depth.max(value.depth))
                .max()
                .unwrap_or(0),
            Self::Not(inner) | Self::Negate(inner) | Self::Member(inner, _) => inner.depth,
            Self::Choose(parts) => deepest(parts.as_slice()),
            Self::Binary(_, parts) | Self::Index(parts) => deepest(parts.as_slice()),
            Self::Call {
                target, arguments, ..
            } => deepest(arguments).max(target.as_ref().map_or(0, |t| t.depth)),
        }
    }
}
