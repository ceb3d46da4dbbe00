//! Mending what is mechanical in a matcher: symbols and their spaces, words run together, units in words.
//!
//! A text is mended only where it cannot be read as it is and can be read as it was meant, for a fact
//! whose type leaves no other meaning: a text fact may really be `== 5`.

use super::comparison;
use super::read::Reader;
use super::rule::Rule;
use super::shape::Shape;
use crate::decl::FactType;
use crate::diagnostic::{Diagnostics, Fix};
use crate::node::{Scalar, Span};
use crate::unit;

impl Reader<'_> {
    /// Reads a matcher that is one scalar; a mistake in it says how it is mended, if it can be.
    pub(super) fn scalar(&mut self, span: Span, scalar: &Scalar, shape: Shape) -> Option<Rule> {
        let mut found = Diagnostics::default();
        let mut reader = Reader {
            diagnostics: &mut found,
            patterns: 0,
        };
        let rule = reader.written_scalar(span, scalar, shape);
        let fix = match rule {
            Some(_) => None,
            None => meant(scalar, shape).and_then(|text| Fix::scalar(span, scalar.style, &text)),
        };
        for mistake in found.sorted() {
            let fix = mistake.fix.clone().or_else(|| fix.clone());
            self.diagnostics.push(mistake.fix(fix));
        }
        rule
    }
}

/// Returns the text that was meant beyond doubt by one that cannot be read.
fn meant(scalar: &Scalar, shape: Shape) -> Option<String> {
    let is_boolean = matches!(shape, Shape::Typed(FactType::Boolean));
    if scalar.secret || scalar.text.len() > LONGEST || !(shape.has_order() || is_boolean) {
        return None;
    }
    let text = scalar.text.trim();
    if is_boolean {
        return unit::meant_boolean(text).map(str::to_owned);
    }
    let spelled = comparison::respelled(text);
    let text = spelled.as_deref().unwrap_or(text);
    let in_words = || {
        let (before, operand) = match comparison::comparison(text) {
            Some((_, operand)) => text.split_at(text.len() - operand.len()),
            None => ("", text),
        };
        Some(format!("{before}{}", unit::meant_duration(operand)?))
    };
    let candidates = [spelled.clone(), in_words()];
    candidates
        .into_iter()
        .flatten()
        .find(|text| is_readable(text, scalar, shape))
}

fn is_readable(text: &str, scalar: &Scalar, shape: Shape) -> bool {
    let mended = Scalar {
        text: text.to_owned(),
        ..scalar.clone()
    };
    let mut reader = Reader {
        diagnostics: &mut Diagnostics::default(),
        patterns: 0,
    };
    reader
        .written_scalar(Span::NOWHERE, &mended, shape)
        .is_some()
}

/// Longer texts are no comparison.
const LONGEST: usize = 100;
