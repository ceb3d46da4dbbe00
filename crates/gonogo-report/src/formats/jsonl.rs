//! `jsonl`: what happened, one JSON object a line, `gonogo.events/1`; on standard output as it happens.

use super::{Format, View};
use crate::events::{Lines, judged, rebuilt};

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "jsonl",
    sentence: "the events of the run, one JSON object a line; on standard output as they come",
    render,
};

fn render(view: &View<'_>) -> Vec<u8> {
    let mut lines = Lines::new();
    let mut text: String = rebuilt(&view.report.record)
        .iter()
        .map(|event| lines.line(event))
        .collect();
    text.push_str(&judged(view.report));
    text.into_bytes()
}
