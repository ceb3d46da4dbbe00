//! From what was written to what is evaluated: names are resolved, types are checked.
//!
//! Every part is looked at even where another one is mistaken, so that all mistakes are told at once.

use std::ops::Range;

use crate::decl::FactDecl;

use super::arithmetic;
use super::code::{Code, Op};
use super::compare;
use super::eval;
use super::hint;
use super::mistake::{BAD, Mistake, TYPE};
use super::scope::Scope;
use super::syntax::{Binary, Expr, ExprKind};
use super::ty::Type;
use super::value::Val;

/// Resolves names and checks types.
pub(super) struct Checker<'s> {
    pub(super) scope: Scope<'s>,
    pub(super) text: &'s str,
    pub(super) mistakes: Vec<Mistake>,
    /// The facts that are read.
    pub(super) reads: Vec<&'static FactDecl>,
    /// Whether a variable is read.
    pub(super) reads_variable: bool,
    /// The names of macros that are in force.
    pub(super) locals: Vec<(String, Type)>,
    /// How many bytes the patterns take that were read.
    pub(super) patterns: usize,
}

/// A part that was checked.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) code: Code,
    pub(super) ty: Type,
    /// Whether it is made of literals alone, so that its value is known now.
    pub(super) is_literal: bool,
}

impl Checked {
    pub(super) fn new(op: Op, ty: Type, at: &Range<usize>) -> Self {
        Self {
            code: Code { op, at: at.clone() },
            ty,
            is_literal: false,
        }
    }

    pub(super) fn literal(value: Val<'static>, ty: Type, at: &Range<usize>) -> Self {
        Self {
            is_literal: true,
            ..Self::new(Op::Constant(value), ty, at)
        }
    }

    /// Returns the text of a literal.
    pub(super) fn literal_text(&self) -> Option<&str> {
        match &self.code.op {
            Op::Constant(Val::Text(text)) => Some(text),
            _ => None,
        }
    }
}

impl Checker<'_> {
    /// Adds a mistake.
    pub(super) fn mistake<T>(&mut self, mistake: Mistake) -> Option<T> {
        if self.mistakes.len() < MAX_MISTAKES {
            self.mistakes.push(mistake);
        }
        None
    }

    /// Returns a stretch of the condition as it was written, shortened.
    pub(super) fn said(&self, at: &Range<usize>) -> String {
        hint::said(self.text, at)
    }

    /// Checks a part.
    pub(super) fn check(&mut self, expr: &Expr) -> Option<Checked> {
        let at = &expr.at;
        match &expr.kind {
            ExprKind::Null => Some(Checked::literal(Val::Null, Type::Null, at)),
            ExprKind::Boolean(yes) => Some(Checked::literal(Val::Boolean(*yes), Type::Boolean, at)),
            ExprKind::Integer(n) => {
                Some(Checked::literal(Val::number(n.clone()), Type::Integer, at))
            }
            ExprKind::Number(n) => Some(Checked::literal(Val::number(n.clone()), Type::Number, at)),
            ExprKind::Text(text) => {
                Some(Checked::literal(Val::text(text.as_str()), Type::Text, at))
            }
            ExprKind::List(items) => self.list(items, at),
            ExprKind::Map(entries) => self.map(entries, at),
            ExprKind::Name(name) => self.name(name, at),
            ExprKind::Not(inner) => {
                let inner = self.boolean(inner, "!");
                Some(Checked::new(
                    Op::Not(Box::new(inner?.code)),
                    Type::Boolean,
                    at,
                ))
            }
            ExprKind::Negate(inner) => self.negate(inner, at),
            ExprKind::And(parts) => self.joined(parts, "&&", Op::And, at),
            ExprKind::Or(parts) => self.joined(parts, "||", Op::Or, at),
            ExprKind::Choose(parts) => self.choose(parts, at),
            ExprKind::Binary(operator, parts) => self.binary(*operator, parts, at),
            ExprKind::Member(whole, name) => self.member(expr, whole, name),
            ExprKind::Index(parts) => self.index(parts, at),
            ExprKind::Call {
                target,
                name,
                arguments,
            } => self.call(target.as_deref(), name, arguments, at),
        }
    }

    /// Checks every part, and returns them if none is mistaken.
    pub(super) fn all(&mut self, parts: &[Expr]) -> Option<Vec<Checked>> {
        let checked: Vec<Option<Checked>> = parts.iter().map(|part| self.check(part)).collect();
        checked.into_iter().collect()
    }

    fn list(&mut self, items: &[Expr], at: &Range<usize>) -> Option<Checked> {
        let items = self.all(items)?;
        let is_literal = items.iter().all(|item| item.is_literal);
        let mut types = items.iter().map(|item| item.ty.clone());
        let first = types.next().unwrap_or(Type::Dynamic);
        let item = types.fold(first, Type::either);
        let items = items.into_iter().map(|item| item.code).collect();
        Some(Checked {
            is_literal,
            ..Checked::new(Op::List(items), Type::List(Box::new(item)), at)
        })
    }

    fn map(&mut self, entries: &[(Expr, Expr)], at: &Range<usize>) -> Option<Checked> {
        let mut codes = Vec::new();
        let mut value_type = None;
        let mut is_whole = true;
        for (key, value) in entries {
            let (key, value) = (self.check(key), self.check(value));
            let (Some(key), Some(value)) = (key, value) else {
                is_whole = false;
                continue;
            };
            if !matches!(
                key.ty,
                Type::Text | Type::Word(_) | Type::Integer | Type::Boolean | Type::Dynamic
            ) {
                let message = format!(
                    "a key is text, a whole number or a boolean, and not {}",
                    key.ty.describe()
                );
                self.mistake::<()>(Mistake::new(TYPE, message, key.code.at.clone()));
                is_whole = false;
            }
            value_type = Some(match value_type {
                None => value.ty,
                Some(ty) => value.ty.either(ty),
            });
            codes.push((key.code, value.code));
        }
        let ty = Type::Map(Box::new(value_type.unwrap_or(Type::Dynamic)));
        is_whole.then(|| Checked::new(Op::Map(codes), ty, at))
    }

    /// Checks a part that is yes or no.
    pub(super) fn boolean(&mut self, expr: &Expr, of: &str) -> Option<Checked> {
        let checked = self.check(expr)?;
        if checked.ty.may_be(&Type::Boolean) {
            return Some(checked);
        }
        let said = self.said(&expr.at);
        let message = format!(
            "`{said}` is {}, and `{of}` wants yes or no",
            checked.ty.describe()
        );
        let mistake = Mistake::new(TYPE, message, expr.at.clone());
        let simple = expr.depth == 1 || checked.code.is_place();
        self.mistake(mistake.hint(if simple {
            format!("Compare it: `{said} == ...`.")
        } else {
            "Compare it with something, or put parentheses around what belongs together.".to_owned()
        }))
    }

    fn joined(
        &mut self,
        parts: &[Expr],
        sign: &str,
        join: fn(Vec<Code>) -> Op,
        at: &Range<usize>,
    ) -> Option<Checked> {
        let parts: Vec<_> = parts.iter().map(|part| self.boolean(part, sign)).collect();
        let parts = parts.into_iter().collect::<Option<Vec<Checked>>>()?;
        let is_literal = parts.iter().all(|part| part.is_literal);
        let codes = parts.into_iter().map(|part| part.code).collect();
        Some(Checked {
            is_literal,
            ..Checked::new(join(codes), Type::Boolean, at)
        })
    }

    fn choose(&mut self, parts: &[Expr; 3], at: &Range<usize>) -> Option<Checked> {
        let [condition, yes, no] = parts;
        let condition = self.boolean(condition, "?");
        let (yes, no) = (self.check(yes), self.check(no));
        let (condition, yes, no) = (condition?, yes?, no?);
        let ty = yes.ty.either(no.ty);
        let codes = Box::new([condition.code, yes.code, no.code]);
        Some(Checked::new(Op::Choose(codes), ty, at))
    }

    fn negate(&mut self, inner: &Expr, at: &Range<usize>) -> Option<Checked> {
        let inner = self.check(inner)?;
        let Some(ty) = arithmetic::negated(&inner.ty) else {
            let message = format!("there is no opposite of {}", inner.ty.describe());
            return self.mistake(Mistake::new(TYPE, message, at.clone()));
        };
        Some(Checked {
            is_literal: inner.is_literal,
            ..Checked::new(Op::Negate(Box::new(inner.code)), ty, at)
        })
    }

    fn binary(
        &mut self,
        operator: Binary,
        parts: &[Expr; 2],
        at: &Range<usize>,
    ) -> Option<Checked> {
        let [left, right] = parts;
        let (left, right) = (self.check(left), self.check(right));
        let (left, right) = (left?, right?);
        let ty = match operator {
            Binary::Equal
            | Binary::Unequal
            | Binary::Less
            | Binary::AtMost
            | Binary::Greater
            | Binary::AtLeast => self.comparison(operator, &left, &right, at),
            Binary::In => self.is_in(&left, &right, at),
            Binary::Plus | Binary::Minus | Binary::Times | Binary::Divide | Binary::Remainder => {
                self.calculation(operator, &left, &right, at)
            }
        }?;
        let is_literal = left.is_literal && right.is_literal;
        let codes = Box::new([left.code, right.code]);
        Some(Checked {
            is_literal,
            ..Checked::new(Op::Binary(operator, codes), ty, at)
        })
    }

    fn comparison(
        &mut self,
        operator: Binary,
        left: &Checked,
        right: &Checked,
        at: &Range<usize>,
    ) -> Option<Type> {
        if let Some(mistake) = compare::mistake(self.text, operator, left, right, at) {
            return self.mistake(mistake);
        }
        if let Some(warning) =
            compare::says_nothing(self.text, &self.reads, operator, left, right, at)
        {
            self.mistakes.push(warning);
        }
        Some(Type::Boolean)
    }

    fn is_in(&mut self, left: &Checked, right: &Checked, at: &Range<usize>) -> Option<Type> {
        let fits = match &right.ty {
            Type::Dynamic => true,
            Type::List(item) => left.ty.equals(item) || left.ty == Type::Null,
            Type::Map(_) => true,
            Type::Headers => left.ty.is_text(),
            _ => false,
        };
        if fits {
            let items = match &right.code.op {
                Op::List(items) => items.as_slice(),
                _ => &[],
            };
            let unknown: Vec<Mistake> = items
                .iter()
                .filter_map(|item| compare::unknown_word(&left.ty, item))
                .collect();
            self.mistakes.extend(unknown);
            return Some(Type::Boolean);
        }
        let (part, whole) = (self.said(&left.code.at), self.said(&right.code.at));
        let message = format!(
            "`in` cannot find {} in {}",
            left.ty.describe(),
            match &right.ty {
                Type::List(item) => format!("a list of {}", plural(item)),
                other => other.describe().to_owned(),
            }
        );
        let mistake = Mistake::new(TYPE, message, at.clone());
        self.mistake(if right.ty.is_text() {
            mistake.hint(format!("Write `{whole}.contains({part})`."))
        } else {
            mistake.hint(
                "`in` wants a list or a map on its right: `role in [\"primary\", \"replica\"]`.",
            )
        })
    }

    fn calculation(
        &mut self,
        operator: Binary,
        left: &Checked,
        right: &Checked,
        at: &Range<usize>,
    ) -> Option<Type> {
        if let Some(ty) = arithmetic::of_types(operator, &left.ty, &right.ty) {
            return Some(ty);
        }
        let (l, r) = (self.said(&left.code.at), self.said(&right.code.at));
        if operator == Binary::Divide && left.ty == Type::Integer && right.ty == Type::Integer {
            let message =
                format!("`{l} / {r}` would lose its fraction in CEL: both are whole numbers");
            return self.mistake(
                Mistake::new(TYPE, message, at.clone()).hint(format!(
                    "Write `double({l}) / {r}` for the exact quotient, `int(double({l}) / {r})` for a whole one."
                )),
            );
        }
        let message = format!(
            "`{}` does not go with {} and {}",
            operator.sign(),
            left.ty.describe(),
            right.ty.describe()
        );
        let mistake = Mistake::new(TYPE, message, at.clone());
        let hint = compare::conversion(self.text, left, &right.ty)
            .or_else(|| compare::conversion(self.text, right, &left.ty));
        self.mistake(match hint {
            Some(hint) => mistake.hint(hint),
            None => mistake,
        })
    }

    fn index(&mut self, parts: &[Expr; 2], at: &Range<usize>) -> Option<Checked> {
        let [whole, index] = parts;
        let (whole, index) = (self.check(whole), self.check(index));
        let (whole, index) = (whole?, index?);
        let is_number = matches!(index.ty, Type::Integer | Type::Dynamic);
        let (ty, fits) = match &whole.ty {
            Type::Dynamic => (Type::Dynamic, is_number || index.ty.is_text()),
            Type::List(item) => ((**item).clone(), is_number),
            Type::Map(value) => ((**value).clone(), true),
            Type::Headers => (Type::Text, index.ty.is_text()),
            _ => (Type::Dynamic, false),
        };
        if !fits {
            let said = self.said(&whole.code.at);
            let message = format!(
                "`{said}` is {}, which has nothing at {}",
                whole.ty.describe(),
                index.ty.describe()
            );
            return self.mistake(Mistake::new(TYPE, message, at.clone()));
        }
        let codes = Box::new([whole.code, index.code]);
        Some(Checked::new(Op::Index(codes), ty, at))
    }

    /// Evaluates what is made of literals alone; a mistake in it is found now.
    pub(super) fn fold(&mut self, checked: Checked) -> Option<Checked> {
        if !checked.is_literal {
            return Some(checked);
        }
        let value = eval::literal(&checked.code, self.text);
        match value {
            Ok(value) => Some(Checked {
                code: Code {
                    op: Op::Constant(value),
                    at: checked.code.at,
                },
                ..checked
            }),
            Err(reason) => self.mistake(Mistake::new(BAD, reason, checked.code.at)),
        }
    }
}

/// Returns the word for several values of a type.
fn plural(ty: &Type) -> &'static str {
    match ty {
        Type::Dynamic => "JSON values",
        Type::Null => "nulls",
        Type::Boolean => "booleans",
        Type::Integer => "whole numbers",
        Type::Number => "numbers",
        Type::Text | Type::Word(_) => "texts",
        Type::Duration => "durations",
        Type::Size => "sizes",
        Type::Ratio => "ratios",
        Type::Version => "versions",
        Type::Time => "times",
        Type::Headers => "headers",
        Type::List(_) => "lists",
        Type::Map(_) => "maps",
    }
}

/// The most mistakes of one condition.
const MAX_MISTAKES: usize = 20;
