//! Reading matchers: single values, comparisons and ranges.

use gonogo_model::Value;

use super::comparison::{comparison, synonym};
use super::display;
use super::read::Reader;
use super::rule::{Comparison, Literal, Rule, Spelling};
use super::shape::Shape;
use crate::decl::{FactType, TextChoice};
use crate::diagnostic::Diagnostic;
use crate::node::{Scalar, ScalarStyle, Span};
use crate::suggest::closest;
use crate::unit;

impl Reader<'_> {
    /// Reads a matcher that is one scalar, as it is written.
    pub(super) fn written_scalar(
        &mut self,
        span: Span,
        scalar: &Scalar,
        shape: Shape,
    ) -> Option<Rule> {
        if scalar.style == ScalarStyle::Block {
            return self.mistake(
                "config/block_scalar",
                span,
                "this is a block of text, since YAML reads `>` and `|` at the start of a value as the sign of one",
                "quote a comparison: `\"> 5\"`, or write `over 5`; a text of several lines is `{ is: ... }`",
            );
        }
        let shape = match shape {
            Shape::HeaderValues => Shape::Typed(FactType::Text),
            Shape::Nodes => Shape::Json,
            other => other,
        };
        if let Shape::List(_) | Shape::Map(_) | Shape::Headers | Shape::Rows | Shape::Row = shape {
            return self.one_value_for_many(span, scalar, shape);
        }
        let is_json_null = shape.is_json() && !scalar.text.is_empty();
        if scalar.is_null() && !is_json_null {
            return self.mistake(
                "config/empty_matcher",
                span,
                "there is no matcher",
                "write what must be so; for a value that is not there `{ absent: true }`, for the text itself quote it",
            );
        }
        if let Some((comparison, operand)) = comparison(&scalar.text) {
            return self.comparison(span, scalar, comparison, operand, shape);
        }
        if let Some((low, high)) = scalar.text.split_once("..")
            && let Some(read) = self.range(span, scalar, (low, high), shape)
        {
            return read;
        }
        if shape.is_json() || matches!(shape, Shape::Typed(FactType::Text)) {
            self.check_other_comparison(span, scalar)?;
        }
        let literal = match shape {
            Shape::Typed(ty) => self.value(span, scalar, ty)?,
            _ => {
                self.check_json_number(span, scalar)?;
                Literal {
                    value: Value::Json(unit::core_schema(scalar)),
                    shown: display::scalar(scalar),
                    secret: scalar.secret,
                }
            }
        };
        Some(Rule::Is(literal, Spelling::Short))
    }

    /// Reads a value of a declared type.
    pub(super) fn value(&mut self, span: Span, scalar: &Scalar, ty: FactType) -> Option<Literal> {
        if let FactType::Choice(choices) = ty {
            return self.word(span, scalar, choices);
        }
        match parse(&scalar.text, ty) {
            Ok(value) => Some(literal(value, &scalar.text, scalar)),
            Err(why) => self.wrong_value(span, scalar, &scalar.text, Shape::Typed(ty), &why),
        }
    }

    /// Refuses a plain number with a leading zero: YAML 1.1 reads `010` as 8, YAML 1.2 as 10.
    pub(super) fn check_json_number(&mut self, span: Span, scalar: &Scalar) -> Option<()> {
        let digits = scalar.text.trim_start_matches(['-', '+']);
        let is_octal_like = scalar.style == ScalarStyle::Plain
            && digits.len() > 1
            && digits.starts_with('0')
            && digits.bytes().all(|b| b.is_ascii_digit());
        if is_octal_like {
            let text = scalar.shown();
            return self.mistake(
                "config/wrong_matcher",
                span,
                format!("`{text}` has a leading zero, which some readers take for octal"),
                format!(
                    "write the number without leading zeros, or quote it for the text, `\"{text}\"`"
                ),
            );
        }
        Some(())
    }

    /// Refuses comparisons as other languages write them, `== 31` and `less than 5`: where any text may
    /// stand they would be texts that nothing is equal to.
    fn check_other_comparison(&mut self, span: Span, scalar: &Scalar) -> Option<()> {
        let text = scalar.text.trim();
        let meant = synonym(text).filter(|meant| {
            let operand = meant.rsplit(' ').next().unwrap_or_default();
            let is_quantity = unit::number(operand).is_ok() || unit::looks_like(operand).is_some();
            is_quantity || text.starts_with("==")
        });
        let Some(meant) = meant.filter(|_| !scalar.secret) else {
            return Some(());
        };
        let all = shown(scalar, text);
        self.mistake(
            "config/wrong_matcher",
            span,
            format!("`{all}` is no comparison here"),
            format!(
                "did you mean `{meant}`? For the text itself write `{{ is: {} }}`",
                quoted_in_hint(&all)
            ),
        )
    }

    fn word(&mut self, span: Span, scalar: &Scalar, choices: &[TextChoice]) -> Option<Literal> {
        let text = scalar.text.as_str();
        if choices.iter().any(|choice| choice.word == text) {
            return Some(literal(Value::text(text), text, scalar));
        }
        let words = choices.iter().map(|choice| choice.word);
        let hint = match closest(text, words.clone()) {
            Some(word) => format!("did you mean `{word}`?"),
            None => format!("it is one of {}", words.collect::<Vec<_>>().join(", ")),
        };
        let message = format!("`{}` is no word of this fact", shown(scalar, text));
        let words = choices.iter().map(|choice| choice.word);
        let mistake = Diagnostic::error("config/unknown_word", message, span).hint(hint);
        self.diagnostics.push(if scalar.secret {
            mistake
        } else {
            mistake.fix_slip(text, words)
        });
        None
    }

    fn one_value_for_many<T>(&mut self, span: Span, scalar: &Scalar, shape: Shape) -> Option<T> {
        let text = shown(scalar, &scalar.text);
        let hint = match shape {
            Shape::List(_) => match comparison(&scalar.text) {
                Some(_) => format!("for their number write `{{ length: {text} }}`, for each of them `{{ all: {text} }}`"),
                None => format!("for exactly this one write `[{text}]`, for this one among others `{{ has: {text} }}`"),
            },
            Shape::Rows => "name the rows, `[{ COLUMN: MATCHER }]`, or say `{ length: 3 }`, `{ all: { COLUMN: MATCHER } }`".to_owned(),
            _ => "name the part: `{ NAME: MATCHER }`".to_owned(),
        };
        let message = format!("one value cannot be compared with {}", shape.describe());
        self.mistake("config/wrong_matcher", span, message, hint)
    }

    fn comparison(
        &mut self,
        span: Span,
        scalar: &Scalar,
        comparison: Comparison,
        operand: &str,
        shape: Shape,
    ) -> Option<Rule> {
        let word = comparison.word();
        if operand.is_empty() {
            let message = format!("`{word}` what?");
            let hint =
                format!("write a quantity after it, or `{{ is: {word} }}` for the text itself");
            return self.mistake("config/wrong_matcher", span, message, hint);
        }
        let ordered = match shape {
            Shape::Typed(ty) if shape.has_order() => ty,
            _ if shape.is_json() => FactType::Number,
            _ => return self.no_order(span, scalar, comparison, operand, shape),
        };
        if comparison == Comparison::Not
            && let Some((low, high)) = operand.split_once("..")
            && let Some(read) = self.range(span, scalar, (low, high), shape)
        {
            return Some(Rule::Not(Box::new(read?), Spelling::Short));
        }
        match parse(operand, ordered) {
            Ok(value) => Some(Rule::Compare(comparison, literal(value, operand, scalar))),
            Err(why)
                if unit::looks_like(operand).is_some()
                    || operand.starts_with(|c: char| c.is_ascii_digit()) =>
            {
                self.wrong_value(span, scalar, operand, shape, &why)
            }
            Err(_) => self.no_quantity(span, scalar, comparison, operand, shape),
        }
    }

    /// A comparison against text, a word or a switch.
    fn no_order<T>(
        &mut self,
        span: Span,
        scalar: &Scalar,
        comparison: Comparison,
        operand: &str,
        shape: Shape,
    ) -> Option<T> {
        if let Shape::Typed(FactType::Text) = shape
            && unit::looks_like(operand).is_none()
        {
            return self.no_quantity(span, scalar, comparison, operand, shape);
        }
        let (all, operand) = (shown(scalar, &scalar.text), shown(scalar, operand));
        let message = format!(
            "`{}` compares quantities, and this fact is {}",
            comparison.word(),
            shape.describe()
        );
        let hint = match (comparison, shape) {
            (Comparison::Not, Shape::Typed(FactType::Text)) => {
                format!(
                    "write `{{ is: {all} }}` for the text itself, or `{{ not: {operand} }}` for anything but `{operand}`"
                )
            }
            (Comparison::Not, _) => {
                format!("write `{{ not: {operand} }}` for anything but `{operand}`")
            }
            _ => format!("write the value; for the text itself `{{ is: {all} }}`"),
        };
        self.mistake("config/wrong_matcher", span, message, hint)
    }

    /// A comparison with something that is no quantity: `not found`.
    fn no_quantity<T>(
        &mut self,
        span: Span,
        scalar: &Scalar,
        comparison: Comparison,
        operand: &str,
        shape: Shape,
    ) -> Option<T> {
        let word = comparison.word();
        let all = quoted_in_hint(&shown(scalar, &scalar.text));
        let operand = shown(scalar, operand);
        let message = format!("`{word}` takes a quantity, and `{operand}` is none");
        let hint = match comparison {
            _ if shape.has_order() => example(shape).to_owned(),
            Comparison::Not => format!(
                "write `{{ is: {all} }}` for the text itself, or `{{ not: {operand} }}` for anything but `{operand}`"
            ),
            Comparison::Over | Comparison::Under | Comparison::AtLeast | Comparison::AtMost => {
                format!("write `{{ is: {all} }}` for the text itself, or a quantity after `{word}`")
            }
        };
        self.mistake("config/wrong_matcher", span, message, hint)
    }

    /// Reads a range; none when the text is not meant as one.
    fn range(
        &mut self,
        span: Span,
        scalar: &Scalar,
        (low, high): (&str, &str),
        shape: Shape,
    ) -> Option<Option<Rule>> {
        let (low, high) = (low.trim(), high.trim());
        let looks = unit::looks_like(low).is_some() && unit::looks_like(high).is_some();
        let ty = match shape {
            Shape::Typed(ty) if shape.has_order() => ty,
            _ if shape.is_json() && looks => FactType::Number,
            Shape::Typed(FactType::Text) if looks => {
                let all = shown(scalar, &scalar.text);
                return Some(self.mistake(
                    "config/wrong_matcher",
                    span,
                    format!("`{all}` is a range of quantities, and this fact is text"),
                    format!("for the text itself write `{{ is: {all} }}`"),
                ));
            }
            _ => return None,
        };
        if low.is_empty() || high.is_empty() {
            let message = "a range has two ends".to_owned();
            let hint = "write `200..299`; with one end it is `at least 200` or `at most 299`";
            return Some(self.mistake("config/wrong_matcher", span, message, hint));
        }
        let mut ends = Vec::new();
        for end in [low, high] {
            match parse(end, ty) {
                Ok(value) => ends.push(literal(value, end, scalar)),
                Err(why) => return Some(self.wrong_value(span, scalar, end, shape, &why)),
            }
        }
        let (Some(high), Some(low)) = (ends.pop(), ends.pop()) else {
            return None;
        };
        if low
            .seen()
            .order(high.seen())
            .is_some_and(std::cmp::Ordering::is_gt)
        {
            let hint = format!("did you mean `{}..{}`?", high.shown, low.shown);
            let message = "a range from the higher to the lower end never holds";
            return Some(self.mistake("config/empty_range", span, message, hint));
        }
        Some(Some(Rule::Between(low, high)))
    }

    /// A text that is not of the fact's type: of another one, or of none.
    fn wrong_value<T>(
        &mut self,
        span: Span,
        scalar: &Scalar,
        text: &str,
        shape: Shape,
        why: &str,
    ) -> Option<T> {
        let is_number = matches!(
            shape,
            Shape::Typed(FactType::Integer | FactType::Number) | Shape::Json
        );
        let looks = unit::looks_like(text)
            .filter(|_| !(scalar.secret || is_number && unit::number(text).is_ok()));
        let wanted = match shape {
            Shape::Typed(_) => shape.describe(),
            _ => "a number".to_owned(),
        };
        let shown = shown(scalar, text);
        let (code, message) = match looks {
            Some(looks) => (
                "config/wrong_unit",
                format!("`{shown}` is {looks}, and {wanted} is wanted"),
            ),
            None => ("config/wrong_matcher", format!("`{shown}` is not {wanted}")),
        };
        let hint = match (synonym(text), shape) {
            _ if scalar.secret => example(shape).to_owned(),
            (Some(word), _) => format!("did you mean `{word}`?"),
            (None, Shape::Json) if looks.is_some() => {
                "numbers in JSON have no unit; write the number in the unit of the document"
                    .to_owned()
            }
            (None, _) if looks.is_some() && is_number => {
                "this fact has no unit; write the number alone".to_owned()
            }
            (None, _) => why.to_owned(),
        };
        self.mistake(code, span, message, hint)
    }
}

/// Reads a value of a type that has no words of its own.
fn parse(text: &str, ty: FactType) -> Result<Value, String> {
    match ty {
        FactType::Boolean => unit::boolean(text).map(Value::Boolean),
        FactType::Integer => unit::integer(text).map(Value::Integer),
        FactType::Number => unit::number(text).map(Value::Number),
        FactType::Duration => unit::duration(text).map(Value::Duration),
        FactType::Size => unit::size(text).map(Value::Size),
        FactType::Ratio => unit::ratio(text).map(Value::Ratio),
        FactType::Version => unit::version(text).map(Value::Version),
        FactType::Time => unit::time(text).map(Value::Time),
        FactType::Text
        | FactType::Choice(_)
        | FactType::List(_)
        | FactType::Map(_)
        | FactType::Headers
        | FactType::Json
        | FactType::Rows => Ok(Value::text(text)),
    }
}

fn literal(value: Value, text: &str, scalar: &Scalar) -> Literal {
    let shown = match (&value, scalar.secret) {
        (_, true) => "[redacted]".to_owned(),
        (Value::Text(_), false) => display::scalar(scalar),
        (_, false) => text.trim().to_owned(),
    };
    Literal {
        value,
        shown,
        secret: scalar.secret,
    }
}

/// Returns a part of a scalar as a message may show it.
fn shown(scalar: &Scalar, part: &str) -> String {
    if scalar.secret {
        scalar.shown().to_owned()
    } else {
        unit::show::text(part)
    }
}

fn quoted_in_hint(text: &str) -> String {
    if text.starts_with(['<', '>', '!', '=']) {
        format!("\"{}\"", text.replace('"', "\\\""))
    } else {
        text.to_owned()
    }
}

/// Returns how a value looks.
const fn example(shape: Shape) -> &'static str {
    let Shape::Typed(ty) = shape else {
        return "it is a number, such as 200";
    };
    match ty {
        FactType::Boolean => "it is true or false",
        FactType::Integer | FactType::Number => "it is a number, such as 200",
        FactType::Duration => "it is a number and a unit, such as 500ms",
        FactType::Size => "it is a number and a unit, such as 2GiB",
        FactType::Ratio => "it is a share, such as 80%",
        FactType::Version => "it is numbers between dots, such as 15.4",
        FactType::Time => "it is a date, a time of day and a zone, such as 2027-01-31T00:00:00Z",
        FactType::Text
        | FactType::Choice(_)
        | FactType::List(_)
        | FactType::Map(_)
        | FactType::Headers
        | FactType::Json
        | FactType::Rows => "write a text",
    }
}
