//! `json`: the report itself, `gonogo.run/1`, which every other format can be made from.

use super::{Format, View};

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "json",
    sentence: "the whole report, which `gonogo run show` reads again",
    render,
};

fn render(view: &View<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    crate::json::write_json(view.report, &mut bytes).expect("memory takes every byte");
    bytes
}
