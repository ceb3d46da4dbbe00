//! `human`: text for people, without colour.

use super::{Format, View};
use crate::Style;

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "human",
    sentence: "text for people",
    render,
};

fn render(view: &View<'_>) -> Vec<u8> {
    crate::human::summary_since(view.report, view.baseline, &Style::PLAIN).into_bytes()
}
