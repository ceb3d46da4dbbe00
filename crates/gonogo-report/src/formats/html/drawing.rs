//! What the drawings share: rows of labels beside a chart, places in percent, patterns for phases.
//!
//! A chart is as wide as the page lets it be: along, every place is a percentage, so that text and
//! patterns keep their shape at any width; down, a row takes as many pixels as its label.

use gonogo_model::{CheckRecord, Decimal};

use super::markup::Html;

/// The pixels of a row.
pub(super) const ROW: usize = 26;
/// The pixels above the first row, where the axis is named.
pub(super) const TOP: usize = 24;

/// Returns a time as a figure to draw with.
pub(super) fn seconds(time: &Decimal) -> f64 {
    let seconds = time.approximate();
    if seconds.is_finite() { seconds } else { 0.0 }
}

/// Returns the pixel at the middle of a row.
pub(super) const fn middle(row: usize) -> usize {
    TOP + row * ROW + ROW / 2
}

/// Opens the chart after its labels.
pub(super) fn open_chart(html: &mut Html, rows: usize) {
    html.raw("<svg class=\"rows\" width=\"100%\" height=\"");
    html.word(TOP + rows * ROW + 6)
        .raw("\" aria-hidden=\"true\">");
}

/// Adds a line down the chart with a word on top.
pub(super) fn tick(html: &mut Html, at: f64, rows: usize, word: &str) {
    let anchor = match at {
        ..5.0 => "start",
        5.0..95.0 => "middle",
        _ => "end",
    };
    html.raw("<line class=\"grid\" x1=\"").figure(at);
    html.raw("%\" x2=\"").figure(at);
    html.raw("%\" y1=\"").word(TOP - 6);
    html.raw("\" y2=\"").word(TOP + rows * ROW);
    html.raw("\"/><text class=\"axis\" x=\"").figure(at);
    html.raw("%\" y=\"12\" text-anchor=\"").raw(anchor);
    html.raw("\">").text(word).raw("</text>");
}

/// Adds the label of a check: its sign and its id, further in the more it needs; what is added then follows it, up to `</li>`.
pub(super) fn label<'h>(html: &'h mut Html, check: &CheckRecord, depth: usize) -> &'h mut Html {
    let outcome = check.result.outcome.as_str();
    html.raw(match depth {
        0 => "<li>",
        1 => "<li class=\"d1\">",
        2 => "<li class=\"d2\">",
        _ => "<li class=\"d3\">",
    });
    html.raw("<span class=\"o mini ").raw(outcome);
    html.raw("\"><span class=\"sr\">").raw(outcome);
    html.raw("</span></span><a class=\"id\" href=\"#check-");
    html.text(check.plan.id.as_str()).raw("\">");
    html.text(check.plan.id.as_str()).raw("</a>")
}

/// A phase of an attempt, as it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Paint(usize);

impl Paint {
    /// Returns how a phase is drawn; those that no pattern is made for share one.
    pub(super) fn of(phase: &str) -> Self {
        let known = PATTERNS.iter().position(|(name, _)| *name == phase);
        Self(known.unwrap_or(PATTERNS.len() - 1))
    }

    fn name(self) -> &'static str {
        PATTERNS.get(self.0).map_or(OTHER, |(name, _)| name)
    }

    /// Adds the attribute that fills a shape.
    pub(super) fn fill(self, html: &mut Html) {
        html.raw(" fill=\"url(#p-").raw(self.name()).raw(")\"");
    }
}

/// Adds what the patterns mean.
pub(super) fn legend(html: &mut Html, paints: impl Iterator<Item = Paint>) {
    html.raw("<ul class=\"legend\" aria-label=\"Phases\">");
    for paint in paints {
        html.raw("<li><svg width=\"22\" height=\"12\" aria-hidden=\"true\"><rect class=\"phase\"");
        html.raw(" width=\"22\" height=\"12\"");
        paint.fill(html);
        html.raw("/></svg> ").raw(paint.name()).raw("</li>");
    }
    html.raw("</ul>\n");
}

/// Adds the patterns themselves.
pub(super) fn patterns(html: &mut Html) {
    html.raw("<svg class=\"defs\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>");
    for (name, path) in PATTERNS {
        html.raw("<pattern id=\"p-").raw(name);
        html.raw("\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\"><rect class=\"ph-");
        html.raw(name)
            .raw("\" width=\"8\" height=\"8\"/><path class=\"hatch\" d=\"");
        html.raw(path).raw("\"/></pattern>");
    }
    html.raw("<marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\"");
    html.raw(
        " markerHeight=\"7\" orient=\"auto\"><path class=\"head\" d=\"M0 0L8 4L0 8z\"/></marker>",
    );
    html.raw("</defs></svg>\n");
}

const OTHER: &str = "other";
/// The phases in the order in which they come, and what is drawn over the colour of each; the last is the rest.
const PATTERNS: [(&str, &str); 8] = [
    ("resolve", "M0 4H8"),
    ("connect", ""),
    ("tls", "M-2 2L2 -2M0 8L8 0M6 10L10 6"),
    ("login", "M4 0V8"),
    ("first_byte", "M2 2h1v1h-1zM6 6h1v1h-1z"),
    ("transfer", "M-2 6L2 10M0 0L8 8M6 -2L10 2"),
    ("query", "M0 4H8M4 0V8"),
    (OTHER, "M0 0L8 8M0 8L8 0"),
];
