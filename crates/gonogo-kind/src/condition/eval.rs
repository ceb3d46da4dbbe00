//! Evaluating a condition: exact, in bounded time, and never with a default for what is not there.
//!
//! Where CEL and the promise of a gate differ, the promise wins: values of different types are neither
//! equal nor unequal, and nothing is said of all parts of an empty list. Both are failures with a
//! reason, as every other failure is; `&&` and `||` decide without a failing part where they can.

use std::sync::Arc;

use gonogo_model::Value;

use super::arithmetic;
use super::code::{Code, Each, Macro, Op};
use super::convert;
use super::equal;
use super::exact::NoResult;
use super::hint::said;
use super::syntax::Binary;
use super::value::{Dimension, Entries, Entry, Items, Val};
use crate::decl::{FactDecl, FactType};

/// Why there is no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// A fact or a variable is not known yet.
    Unknown,
    /// Something does not fit, in words.
    Reason(String),
}

impl Failure {
    /// Returns a failure with its reason.
    pub(super) fn of<T>(reason: impl Into<String>) -> Result<T, Self> {
        Err(Self::Reason(reason.into()))
    }
}

type Evaluated<'v> = Result<Val<'v>, Failure>;

/// What a condition is evaluated over.
pub(super) struct Machine<'v> {
    text: &'v str,
    facts: &'v [(&'static FactDecl, &'v Value)],
    variables: Known,
    locals: Vec<Val<'v>>,
    left: u64,
}

/// Whether the values of variables count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    Yes,
    No,
}

/// Evaluates what is made of literals alone.
pub(super) fn literal(code: &Code, text: &str) -> Result<Val<'static>, String> {
    let mut machine = Machine::new(text, &[], Known::No);
    match machine.run(code) {
        Ok(value) => convert::owned(value).ok_or_else(|| "it is no single value".to_owned()),
        Err(Failure::Reason(reason)) => Err(reason),
        Err(Failure::Unknown) => Err("it has no value".to_owned()),
    }
}

impl<'v> Machine<'v> {
    /// Returns a machine that knows these facts, one for each that the condition reads, or none.
    pub(super) const fn new(
        text: &'v str,
        facts: &'v [(&'static FactDecl, &'v Value)],
        variables: Known,
    ) -> Self {
        Self {
            text,
            facts,
            variables,
            locals: Vec::new(),
            left: MAX_STEPS,
        }
    }

    /// Evaluates a part.
    pub(super) fn run(&mut self, code: &'v Code) -> Evaluated<'v> {
        let value = self.value(code)?;
        self.pay(1 + value.weight())?;
        Ok(value)
    }

    /// Takes steps from what is left of them.
    pub(super) fn pay(&mut self, steps: u64) -> Result<(), Failure> {
        match self.left.checked_sub(steps) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => {
                self.left = 0;
                Failure::of("it takes too many steps")
            }
        }
    }

    fn value(&mut self, code: &'v Code) -> Evaluated<'v> {
        match &code.op {
            Op::Constant(value) => Ok(value.clone()),
            Op::Variable(text) => match text {
                Some(text) if self.variables == Known::Yes => Ok(Val::text(Arc::clone(text))),
                _ => Err(Failure::Unknown),
            },
            Op::Fact(place) => self.fact(*place),
            Op::Local(place) => self.locals.get(*place).cloned().ok_or(Failure::Unknown),
            Op::Not(inner) => Ok(Val::Boolean(!self.truth(inner)?)),
            Op::Negate(inner) => self.negate(inner),
            Op::And(parts) => self.joined(parts, false),
            Op::Or(parts) => self.joined(parts, true),
            Op::Choose(parts) => {
                let [condition, yes, no] = &**parts;
                let chosen = if self.truth(condition)? { yes } else { no };
                self.run(chosen)
            }
            Op::Binary(operator, parts) => self.binary(*operator, parts, code),
            Op::Member(whole, name) => {
                let value = self.run(whole)?;
                self.member(whole, &value, name)
            }
            Op::Index(parts) => {
                let [whole, index] = &**parts;
                let value = self.run(whole)?;
                let at = self.run(index)?;
                self.index(whole, &value, &at)
            }
            Op::Has(whole, name) => {
                let value = self.run(whole)?;
                let Val::Map(entries) = &value else {
                    return self.no_members(whole, &value);
                };
                self.pay(entries.len() as u64 / 16)?;
                Ok(Val::Boolean(!matches!(entries.get(name), Entry::Missing)))
            }
            Op::List(items) => {
                let items: Result<Vec<_>, _> = items.iter().map(|item| self.run(item)).collect();
                Ok(Val::List(Items::Made(Arc::new(items?))))
            }
            Op::Map(entries) => self.map(entries),
            Op::Call(function, arguments) => {
                let values: Result<Vec<_>, _> = arguments
                    .iter()
                    .map(|argument| self.run(argument))
                    .collect();
                let values = values?;
                let scanned: u64 = values.iter().map(Val::scanned).sum();
                self.pay(scanned)?;
                convert::call(*function, &values).or_else(|reason| {
                    Failure::of(format!("`{}`: {reason}", said(self.text, &code.at)))
                })
            }
            Op::Matches(text, pattern) => match self.run(text)? {
                Val::Text(text) => {
                    self.pay(text.len() as u64 / 64)?;
                    Ok(Val::Boolean(pattern.is_in(&text)))
                }
                other => self.not_a(text, &other, "text"),
            },
            Op::Each(each, parts) => self.each(*each, parts),
        }
    }

    fn fact(&self, place: usize) -> Evaluated<'v> {
        let (fact, value) = self.facts.get(place).ok_or(Failure::Unknown)?;
        Ok(match (Val::of(value), fact.ty) {
            (Val::Map(Entries::Observed(fields)), FactType::Headers) => {
                Val::Map(Entries::Headers(fields))
            }
            (value, _) => value,
        })
    }

    fn truth(&mut self, code: &'v Code) -> Result<bool, Failure> {
        match self.run(code)? {
            Val::Boolean(yes) => Ok(yes),
            other => self.not_a(code, &other, "true or false").map(|_| false),
        }
    }

    fn not_a(&self, code: &Code, found: &Val<'_>, wanted: &str) -> Evaluated<'v> {
        let said = said(self.text, &code.at);
        Failure::of(format!(
            "`{said}` is {}, and not {wanted}",
            found.show_with_type()
        ))
    }

    fn negate(&mut self, inner: &'v Code) -> Evaluated<'v> {
        match self.run(inner)? {
            Val::Quantity(dimension, number) => Ok(Val::Quantity(dimension, number.negated())),
            other => self.not_a(inner, &other, "a number"),
        }
    }

    /// `&&` and `||`: a part that decides does so even beside one that fails.
    fn joined(&mut self, parts: &'v [Code], decides: bool) -> Evaluated<'v> {
        let mut failure = None;
        for part in parts {
            match self.truth(part) {
                Ok(value) if value == decides => return Ok(Val::Boolean(decides)),
                Ok(_) => {}
                // Nothing is decided for want of steps.
                Err(_) if self.left == 0 => return Failure::of("it takes too many steps"),
                Err(Failure::Unknown) => failure = Some(Failure::Unknown),
                Err(other) => failure = failure.or(Some(other)),
            }
        }
        failure.map_or(Ok(Val::Boolean(!decides)), Err)
    }

    fn binary(&mut self, operator: Binary, parts: &'v [Code; 2], code: &'v Code) -> Evaluated<'v> {
        let [left_code, right_code] = parts;
        let left = self.run(left_code)?;
        let right = self.run(right_code)?;
        match operator {
            Binary::Equal | Binary::Unequal => {
                let is_equal = self.equal(&left, &right)?;
                match is_equal {
                    Some(equal) => Ok(Val::Boolean(equal == (operator == Binary::Equal))),
                    None => self.unlike(operator, code, &left, &right),
                }
            }
            Binary::Less | Binary::AtMost | Binary::Greater | Binary::AtLeast => {
                let Some(order) = equal::order(&left, &right).map_err(no_result)? else {
                    return self.unlike(operator, code, &left, &right);
                };
                Ok(Val::Boolean(match operator {
                    Binary::Less => order.is_lt(),
                    Binary::AtMost => order.is_le(),
                    Binary::Greater => order.is_gt(),
                    _ => order.is_ge(),
                }))
            }
            Binary::In => self.is_in(&left, &right, code),
            Binary::Plus | Binary::Minus | Binary::Times | Binary::Divide | Binary::Remainder => {
                self.calculate(operator, &left, &right, code)
            }
        }
    }

    fn unlike(
        &self,
        operator: Binary,
        code: &Code,
        left: &Val<'_>,
        right: &Val<'_>,
    ) -> Evaluated<'v> {
        Failure::of(format!(
            "`{}` compares {} with {}, which `{}` cannot do",
            said(self.text, &code.at),
            left.show_with_type(),
            right.show_with_type(),
            operator.sign()
        ))
    }

    /// Returns whether two values are equal; none when they are of different types.
    pub(super) fn equal(
        &mut self,
        left: &Val<'v>,
        right: &Val<'v>,
    ) -> Result<Option<bool>, Failure> {
        equal::equal(self, left, right)
    }

    fn is_in(&mut self, part: &Val<'v>, whole: &Val<'v>, code: &'v Code) -> Evaluated<'v> {
        match whole {
            Val::List(items) => {
                let mut fits = items.len() == 0;
                for item in items.iter() {
                    self.pay(1)?;
                    match self.equal(part, &item)? {
                        Some(true) => return Ok(Val::Boolean(true)),
                        Some(false) => fits = true,
                        None => {}
                    }
                }
                if fits {
                    return Ok(Val::Boolean(false));
                }
                self.unlike(Binary::In, code, part, whole)
            }
            Val::Map(entries) => {
                self.pay(entries.len() as u64 / 16)?;
                match part {
                    Val::Text(name) => {
                        Ok(Val::Boolean(!matches!(entries.get(name), Entry::Missing)))
                    }
                    _ => {
                        for key in entries.keys() {
                            self.pay(1)?;
                            if self.equal(part, &key)? == Some(true) {
                                return Ok(Val::Boolean(true));
                            }
                        }
                        Ok(Val::Boolean(false))
                    }
                }
            }
            _ => self.unlike(Binary::In, code, part, whole),
        }
    }

    fn calculate(
        &mut self,
        operator: Binary,
        left: &Val<'v>,
        right: &Val<'v>,
        code: &'v Code,
    ) -> Evaluated<'v> {
        let failed =
            |reason: &str| Failure::of(format!("`{}`: {reason}", said(self.text, &code.at)));
        match (left, right) {
            (Val::Quantity(l, a), Val::Quantity(r, b)) => {
                let Some(dimension) = arithmetic::dimension(operator, *l, *r) else {
                    return self.unlike(operator, code, left, right);
                };
                let number = match arithmetic::of_numbers(operator, a, b) {
                    Ok(number) => number,
                    Err(NoResult::ByZero) => return failed("division by zero"),
                    Err(NoResult::TooLarge) => return failed("the result has too many digits"),
                    Err(NoResult::NotWhole) => return failed("`%` wants whole numbers"),
                };
                self.pay(CALCULATION)?;
                Ok(Val::Quantity(dimension, number))
            }
            (Val::Text(a), Val::Text(b)) if operator == Binary::Plus => {
                self.pay((a.len() + b.len()) as u64 / 16)?;
                Ok(Val::text([&**a, &**b].concat()))
            }
            (Val::List(a), Val::List(b)) if operator == Binary::Plus => {
                self.pay(KEPT * (a.len() + b.len()) as u64)?;
                Ok(Val::List(Items::Made(Arc::new(
                    a.iter().chain(b.iter()).collect(),
                ))))
            }
            (Val::Time(_), _) | (_, Val::Time(_)) => match convert::time(operator, left, right) {
                Some(Ok(value)) => Ok(value),
                Some(Err(reason)) => failed(reason),
                None => self.unlike(operator, code, left, right),
            },
            _ => self.unlike(operator, code, left, right),
        }
    }

    fn no_members(&self, whole: &Code, value: &Val<'_>) -> Evaluated<'v> {
        let said = said(self.text, &whole.at);
        Failure::of(format!(
            "`{said}` is {}, which has no members",
            value.show_with_type()
        ))
    }

    fn member(&mut self, whole: &Code, value: &Val<'v>, name: &str) -> Evaluated<'v> {
        let Val::Map(entries) = value else {
            return self.no_members(whole, value);
        };
        if !matches!(entries, Entries::Json(_)) {
            self.pay(entries.len() as u64 / 16)?;
        }
        let said = said(self.text, &whole.at);
        match entries.get(name) {
            Entry::Value(value) => Ok(value),
            Entry::Missing => Failure::of(format!(
                "`{said}` has no `{}`",
                crate::unit::show::text(name)
            )),
            Entry::Several(count) => Failure::of(format!(
                "`{said}` has {count} values of `{name}` where one is wanted: see `{said}.values(\"{name}\")`"
            )),
        }
    }

    fn index(&mut self, whole: &Code, value: &Val<'v>, at: &Val<'v>) -> Evaluated<'v> {
        match (value, at) {
            (Val::Map(_), Val::Text(name)) => self.member(whole, value, name),
            (Val::Map(entries), key) => {
                if let Entries::Made(entries) = entries {
                    for (known, value) in entries.iter() {
                        if self.equal(known, key)? == Some(true) {
                            return Ok(value.clone());
                        }
                    }
                }
                let said = said(self.text, &whole.at);
                Failure::of(format!("`{said}` has no {}", key.show()))
            }
            (Val::List(items), Val::Quantity(Dimension::Number, number)) => {
                let place = number.whole().ok().and_then(|n| usize::try_from(n).ok());
                let found = place.and_then(|place| items.get(place));
                found.map_or_else(
                    || {
                        let said = said(self.text, &whole.at);
                        Failure::of(format!(
                            "`{said}` has {} parts and none at {}",
                            items.len(),
                            at.show()
                        ))
                    },
                    Ok,
                )
            }
            _ => {
                let said = said(self.text, &whole.at);
                Failure::of(format!(
                    "`{said}` is {}, which has nothing at {}",
                    value.show_with_type(),
                    at.show()
                ))
            }
        }
    }

    fn map(&mut self, entries: &'v [(Code, Code)]) -> Evaluated<'v> {
        let mut made: Vec<(Val<'v>, Val<'v>)> = Vec::with_capacity(entries.len());
        for (key_code, value) in entries {
            let key = self.run(key_code)?;
            for (known, _) in &made {
                if self.equal(known, &key)? == Some(true) {
                    return Failure::of(format!("a map has the key {} twice", key.show()));
                }
            }
            let value = self.run(value)?;
            made.push((key, value));
        }
        Ok(Val::Map(Entries::Made(Arc::new(made))))
    }

    fn each(&mut self, each: Macro, parts: &'v Each) -> Evaluated<'v> {
        let range = match self.run(&parts.range)? {
            Val::List(items) => items,
            Val::Map(entries) => {
                self.pay(KEPT * entries.len() as u64)?;
                Items::Made(Arc::new(entries.keys()))
            }
            other => return self.not_a(&parts.range, &other, "a list or a map"),
        };
        if range.len() == 0 && !matches!(each, Macro::Filter | Macro::Map) {
            let (range, name) = (said(self.text, &parts.range.at), each.name());
            return Failure::of(format!(
                "`{range}` is empty, and `{name}` over nothing proves nothing"
            ));
        }
        let (mut kept, mut count, mut failure) = (Vec::new(), 0_usize, None);
        for item in range.iter() {
            self.locals.push(item.clone());
            let told = self.one(parts);
            self.locals.pop();
            match (each, told) {
                (_, Err(_)) if self.left == 0 => return Failure::of("it takes too many steps"),
                (Macro::All, Ok((false, _))) => return Ok(Val::Boolean(false)),
                (Macro::Exists, Ok((true, _))) => return Ok(Val::Boolean(true)),
                (Macro::All | Macro::Exists, Err(why)) => failure = failure.or(Some(why)),
                (_, Err(why)) => return Err(why),
                (Macro::Filter, Ok((true, _))) => {
                    self.pay(KEPT)?;
                    kept.push(item);
                }
                (Macro::Map, Ok((true, made))) => {
                    self.pay(KEPT)?;
                    kept.extend(made);
                }
                (Macro::ExistsOne, Ok((true, _))) => count += 1,
                (_, Ok(_)) => {}
            }
        }
        match (each, failure) {
            (_, Some(failure)) => Err(failure),
            (Macro::All, None) => Ok(Val::Boolean(true)),
            (Macro::Exists, None) => Ok(Val::Boolean(false)),
            (Macro::ExistsOne, None) => Ok(Val::Boolean(count == 1)),
            (Macro::Filter | Macro::Map, None) => Ok(Val::List(Items::Made(Arc::new(kept)))),
        }
    }

    /// Says of one part whether the test holds, and what is made of it.
    fn one(&mut self, parts: &'v Each) -> Result<(bool, Option<Val<'v>>), Failure> {
        let holds = match &parts.test {
            Some(test) => self.truth(test)?,
            None => true,
        };
        let made = match &parts.made {
            Some(made) if holds => Some(self.run(made)?),
            _ => None,
        };
        Ok((holds, made))
    }
}

/// Tells why a comparison has no result.
pub(super) fn no_result(why: NoResult) -> Failure {
    Failure::Reason(
        match why {
            NoResult::ByZero => "division by zero",
            NoResult::TooLarge => "a number has too many digits to be compared",
            NoResult::NotWhole => "a whole number is wanted",
        }
        .to_owned(),
    )
}

/// The most steps of one evaluation: less than a second.
const MAX_STEPS: u64 = 2_000_000;
/// What a part that is kept costs.
const KEPT: u64 = 4;
/// What a calculation costs, in which each number may have some hundred digits.
const CALCULATION: u64 = 20;
