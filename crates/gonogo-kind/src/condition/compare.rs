//! Comparisons that cannot be made, and comparisons that say nothing.

use std::ops::Range;

use super::check::Checked;
use super::code::Op;
use super::functions::Function;
use super::hint::{self, said};
use super::mistake::{Mistake, TYPE};
use super::one_line::{Quotes, one_line};
use super::syntax::Binary;
use super::ty::Type;
use super::value::{Dimension, Val};
use crate::decl::{FactDecl, FactType};
use crate::diagnostic::Level;
use crate::suggest::closest;
use crate::unit;
use crate::unit::show;

/// Returns what is wrong with a comparison.
pub(super) fn mistake(
    text: &str,
    operator: Binary,
    left: &Checked,
    right: &Checked,
    at: &Range<usize>,
) -> Option<Mistake> {
    let is_equality = matches!(operator, Binary::Equal | Binary::Unequal);
    if let Some(mistake) = bad_literal(left, right).or_else(|| bad_literal(right, left)) {
        return Some(mistake);
    }
    let fits = if is_equality {
        left.ty.equals(&right.ty)
    } else {
        left.ty.has_order_with(&right.ty)
    };
    if fits {
        return None;
    }
    let (l, r) = (said(text, &left.code.at), said(text, &right.code.at));
    let mistake = Mistake::new(
        TYPE,
        format!(
            "`{l}` is {}, and `{r}` is {}: `{}` cannot compare them",
            left.ty.describe(),
            right.ty.describe(),
            operator.sign()
        ),
        at.clone(),
    );
    let hint = conversion(text, right, &left.ty).or_else(|| conversion(text, left, &right.ty));
    let null = [&left.ty, &right.ty].contains(&&Type::Null);
    Some(match hint {
        Some(hint) => mistake.hint(hint),
        None if null => mistake.hint("Only a part of a JSON fact can be null; whether a fact is there is asked by `expect`: `{ absent: true }`."),
        None if left.ty == Type::Boolean && !is_equality => mistake.hint("Join conditions by `&&`: `1 < x && x < 3`."),
        None => mistake,
    })
}

/// Returns what is wrong with a literal that is compared with something of another type.
fn bad_literal(literal: &Checked, other: &Checked) -> Option<Mistake> {
    if !literal.is_literal {
        return None;
    }
    match (&literal.code.op, &other.ty) {
        (Op::Constant(Val::Text(version)), Type::Version) => {
            let why = unit::version(version).err()?;
            let message = format!("`{}` is no version", show::text(version));
            Some(Mistake::new(TYPE, message, literal.code.at.clone()).hint(why))
        }
        (Op::Constant(Val::Quantity(Dimension::Number, number)), Type::Ratio)
            if literal.ty == Type::Number
                && number
                    .as_decimal()
                    .is_some_and(|n| n.is_negative() || *n > gonogo_model::Decimal::from(1_u8)) =>
        {
            let shown = Val::Quantity(Dimension::Number, number.clone()).show();
            let message = format!("a ratio is 0.0 to 1.0, and never {shown}");
            Some(
                Mistake::new(TYPE, message, literal.code.at.clone())
                    .hint(format!("Write `percent({shown})`.")),
            )
        }
        _ => unknown_word(&other.ty, &literal.code),
    }
}

/// Returns that a literal is none of the words that a text can be.
pub(super) fn unknown_word(ty: &Type, literal: &super::code::Code) -> Option<Mistake> {
    let (Type::Word(choices), Op::Constant(Val::Text(word))) = (ty, &literal.op) else {
        return None;
    };
    if choices.iter().any(|choice| *choice.word == **word) {
        return None;
    }
    let words = choices.iter().map(|choice| choice.word);
    let message = format!("`{}` is no word of this fact", show::text(word));
    let hint = match closest(word, words.clone()) {
        Some(near) => format!("Did you mean `{near}`?"),
        None => format!("It is one of {}.", words.collect::<Vec<_>>().join(", ")),
    };
    Some(Mistake::new("config/unknown_word", message, literal.at.clone()).hint(hint))
}

/// Returns how a value is written so that it fits a type.
pub(super) fn conversion(text: &str, value: &Checked, wanted: &Type) -> Option<String> {
    let written = said(text, &value.code.at);
    let literal = value.literal_text();
    let is_number = matches!(value.ty, Type::Integer | Type::Number);
    let is_literal = value.is_literal;
    let hint = match wanted {
        Type::Duration | Type::Size | Type::Ratio | Type::Time if literal.is_some() => {
            let call = hint::quantity(literal?)?;
            let fits = match wanted {
                Type::Duration => call.starts_with("duration("),
                Type::Time => call.starts_with("timestamp("),
                Type::Ratio => call.starts_with("percent("),
                _ => !["duration(", "timestamp(", "percent("]
                    .iter()
                    .any(|name| call.starts_with(name)),
            };
            if !fits {
                return None;
            }
            format!("Write `{call}`.")
        }
        Type::Duration if is_number && is_literal => format!(
            "A duration has a unit: `duration(\"{written}ms\")` or `duration(\"{written}s\")`."
        ),
        Type::Duration if is_number => {
            format!("A duration has a unit: `seconds({written})`, for example.")
        }
        Type::Size if is_number => format!(
            "A size has a unit: `bytes({written})`, `mb({written})` (decimal) or `mib({written})` (binary)."
        ),
        Type::Ratio if is_number => {
            format!("A ratio is written `percent({written})`, or 0.0 to 1.0.")
        }
        Type::Version if is_number && is_literal => {
            format!("A version is written as text: `\"{written}\"`.")
        }
        Type::Time if value.ty.is_text() => format!("Write `timestamp({written})`."),
        Type::Duration if value.ty.is_text() => format!("Write `duration({written})`."),
        Type::Integer if literal.is_some_and(|l| unit::integer(l).is_ok()) => {
            format!("Write the number without quotes: `{}`.", literal?)
        }
        Type::Number if literal.is_some_and(|l| unit::number(l).is_ok()) => {
            format!("Write the number without quotes: `{}`.", literal?)
        }
        Type::Integer if value.ty.is_text() && literal.is_none() => {
            format!("Write `int({written})`, which reads the text as a number.")
        }
        Type::Number if value.ty.is_text() && literal.is_none() => {
            format!("Write `double({written})`, which reads the text as a number.")
        }
        Type::Boolean if value.ty.is_text() && literal.is_none() => {
            format!("Write `bool({written})`, which reads the text as true or false.")
        }
        Type::Boolean if matches!(literal, Some("true" | "false")) => {
            format!("Write it without quotes: `{}`.", literal?)
        }
        _ => return None,
    };
    Some(hint)
}

/// Warns of a comparison that holds, or does not, whatever is found.
pub(super) fn says_nothing(
    text: &str,
    reads: &[&'static FactDecl],
    operator: Binary,
    left: &Checked,
    right: &Checked,
    at: &Range<usize>,
) -> Option<Mistake> {
    let words = |checked: &Checked| {
        let written = text.get(checked.code.at.clone()).unwrap_or_default();
        one_line(written, Quotes::Alike)
    };
    let warning = |message: String| Mistake {
        level: Level::Warning,
        ..Mistake::new("config/vacuous", message, at.clone())
            .hint("A condition that cannot be otherwise proves nothing.")
    };
    if !left.is_literal && words(left) == words(right) {
        return Some(warning(format!(
            "both sides of `{}` are the same",
            operator.sign()
        )));
    }
    let (value, bound, operator) = match operator {
        Binary::Greater | Binary::AtLeast => (left, right, operator),
        Binary::Less => (right, left, Binary::Greater),
        Binary::AtMost => (right, left, Binary::AtLeast),
        _ => return None,
    };
    let Op::Constant(Val::Quantity(_, number)) = &bound.code.op else {
        return None;
    };
    let number = number.as_decimal()?;
    let below = number.is_negative() || operator == Binary::AtLeast && number.is_zero();
    let is_never_below_zero = match &value.code.op {
        Op::Call(Function::Size, _) => true,
        Op::Fact(place) => reads.get(*place).is_some_and(|fact| match fact.ty {
            FactType::Size | FactType::Ratio => true,
            // What lies ahead turns negative once it is over.
            FactType::Duration => !fact.name.ends_with("_in"),
            _ => false,
        }),
        _ => false,
    };
    let said = said(text, &value.code.at);
    (below && is_never_below_zero).then(|| warning(format!("`{said}` is never below zero")))
}
