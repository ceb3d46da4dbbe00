//! What functions do.

use std::borrow::Cow;

use gonogo_model::Decimal;
use jiff::Timestamp;

use super::exact::{Exact, NoResult};
use super::functions::Function;
use super::syntax::Binary;
use super::value::{Dimension, Items, Val};
use crate::unit;

/// Calls a function; the reason why it cannot be is told without its name.
pub(super) fn call<'v>(function: Function, values: &[Val<'v>]) -> Result<Val<'v>, String> {
    match (function, values) {
        (Function::Size, [Val::Text(text)]) => Ok(Val::length(text.chars().count())),
        (Function::Size, [Val::List(items)]) => Ok(Val::length(items.len())),
        (Function::Size, [Val::Map(entries)]) => Ok(Val::length(entries.len())),
        (Function::Contains, [Val::Text(text), Val::Text(part)]) => {
            Ok(Val::Boolean(text.contains(&**part)))
        }
        (Function::StartsWith, [Val::Text(text), Val::Text(part)]) => {
            Ok(Val::Boolean(text.starts_with(&**part)))
        }
        (Function::EndsWith, [Val::Text(text), Val::Text(part)]) => {
            Ok(Val::Boolean(text.ends_with(&**part)))
        }
        (Function::Values, [Val::Map(entries), Val::Text(name)]) => {
            let values = entries.values(name);
            Ok(Val::List(Items::Made(std::sync::Arc::new(values))))
        }
        (Function::Int, [value]) => int(value).map(Val::number),
        (Function::Double, [value]) => double(value).map(Val::number),
        (Function::String, [value]) => string(value).map(Val::text),
        (Function::Boolean, [Val::Boolean(yes)]) => Ok(Val::Boolean(*yes)),
        (Function::Boolean, [Val::Text(text)]) => unit::boolean(text).map(Val::Boolean),
        (Function::Duration, [Val::Quantity(Dimension::Duration, n)]) => {
            Ok(Val::Quantity(Dimension::Duration, n.clone()))
        }
        (Function::Duration, [Val::Text(text)]) => {
            let seconds = unit::duration(text)?;
            Ok(Val::Quantity(Dimension::Duration, seconds.into()))
        }
        (Function::Timestamp, [Val::Time(time)]) => Ok(Val::Time(*time)),
        (Function::Timestamp, [Val::Text(text)]) => unit::time(text).map(Val::Time),
        (Function::Timestamp, [Val::Quantity(Dimension::Number, n)]) => instant(n)
            .map(Val::Time)
            .ok_or_else(|| "it is no point in time".to_owned()),
        (Function::Version, [Val::Version(version)]) => Ok(Val::Version(version.clone())),
        (Function::Version, [Val::Text(text)]) => {
            unit::version(text).map(|version| Val::Version(Cow::Owned(version)))
        }
        (Function::Unit(unit), [Val::Quantity(Dimension::Number, n)]) => {
            let number = n
                .times(&unit.in_base_units().into())
                .map_err(too_many_digits)?;
            Ok(Val::Quantity(unit.dimension, number))
        }
        (_, values) => {
            let unfit = values.iter().map(Val::show_with_type).collect::<Vec<_>>();
            Err(format!(
                "it takes {}, and not {}",
                function.takes(),
                unfit.join(" and ")
            ))
        }
    }
}

fn too_many_digits(_: NoResult) -> String {
    "it has too many digits".to_owned()
}

fn int(value: &Val<'_>) -> Result<Exact, String> {
    match value {
        Val::Quantity(Dimension::Number, n) => n.truncated().map_err(too_many_digits),
        Val::Text(text) => unit::integer(text).map(Exact::from),
        Val::Time(time) => Ok(Decimal::from(time.as_second()).into()),
        other => Err(format!(
            "it takes a number, text or a time, and not {}",
            other.show_with_type()
        )),
    }
}

fn double(value: &Val<'_>) -> Result<Exact, String> {
    match value {
        Val::Quantity(Dimension::Number | Dimension::Ratio, n) => Ok(n.clone()),
        Val::Text(text) => unit::number(text).map(Exact::from),
        other => Err(format!(
            "it takes a number, a ratio or text, and not {}",
            other.show_with_type()
        )),
    }
}

fn string(value: &Val<'_>) -> Result<String, String> {
    Ok(match value {
        Val::Text(text) => (**text).to_owned(),
        Val::Boolean(yes) => yes.to_string(),
        Val::Version(version) => version.to_string(),
        Val::Time(time) => time.to_string(),
        Val::Quantity(dimension @ (Dimension::Number | Dimension::Duration), n) => {
            let number = n
                .as_decimal()
                .ok_or_else(|| "it has no end in decimal digits".to_owned())?;
            let unit = if *dimension == Dimension::Duration {
                "s"
            } else {
                ""
            };
            format!("{number}{unit}")
        }
        other => {
            return Err(format!(
                "{} cannot be written as text",
                other.show_with_type()
            ));
        }
    })
}

/// Calculates with points in time; none when it makes no sense.
pub(super) fn time<'v>(
    operator: Binary,
    left: &Val<'v>,
    right: &Val<'v>,
) -> Option<Result<Val<'v>, &'static str>> {
    let shifted = |time: &Timestamp, by: Exact| {
        let nanos = nanoseconds(&by).and_then(|by| time.as_nanosecond().checked_add(by));
        let time = nanos.and_then(|nanos| Timestamp::from_nanosecond(nanos).ok());
        time.map(Val::Time).ok_or("the time is out of range")
    };
    Some(match (operator, left, right) {
        (Binary::Plus, Val::Time(time), Val::Quantity(Dimension::Duration, by))
        | (Binary::Plus, Val::Quantity(Dimension::Duration, by), Val::Time(time)) => {
            shifted(time, by.clone())
        }
        (Binary::Minus, Val::Time(time), Val::Quantity(Dimension::Duration, by)) => {
            shifted(time, by.negated())
        }
        (Binary::Minus, Val::Time(left), Val::Time(right)) => {
            let nanos = left.as_nanosecond() - right.as_nanosecond();
            Ok(Val::Quantity(
                Dimension::Duration,
                Decimal::scaled(nanos, -9).into(),
            ))
        }
        _ => return None,
    })
}

/// Returns seconds as whole nanoseconds; nothing is cut off in silence.
fn nanoseconds(seconds: &Exact) -> Option<i128> {
    seconds.as_decimal()?.clone().shifted(9).to_i128()
}

fn instant(seconds: &Exact) -> Option<Timestamp> {
    Timestamp::from_nanosecond(nanoseconds(seconds)?).ok()
}

/// Returns a single value that looks at nothing else.
pub(super) fn owned(value: Val<'_>) -> Option<Val<'static>> {
    Some(match value {
        Val::Null => Val::Null,
        Val::Boolean(yes) => Val::Boolean(yes),
        Val::Quantity(dimension, number) => Val::Quantity(dimension, number),
        Val::Text(text) => Val::text(&*text),
        Val::Version(version) => Val::Version(Cow::Owned(version.into_owned())),
        Val::Time(time) => Val::Time(time),
        Val::TooLong | Val::List(_) | Val::Map(_) => return None,
    })
}
