//! `buildkite`: what `buildkite-agent annotate` takes: Markdown, with the style that fits in its first line.
//!
//! ```sh
//! gonogo check -o buildkite=annotation.md
//! buildkite-agent annotate --style error --context gonogo < annotation.md
//! ```
//!
//! The first line is a comment, which the page does not show: `<!-- gonogo --style error --context ... -->`. gonogo
//! starts no agent by itself.
//!
//! <https://buildkite.com/docs/agent/cli/reference/annotate>

use gonogo_model::{Outcome, Report, Verdict};

use super::{Format, View, markdown};

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "buildkite",
    sentence: "an annotation for `buildkite-agent annotate`",
    render,
};

fn render(view: &View<'_>) -> Vec<u8> {
    let report = view.report;
    let (style, context) = (style(report), context(&report.record.header.gate));
    let mut text = format!("<!-- gonogo --style {style} --context {context} -->\n\n");
    text.push_str(&markdown(view, MOST_BYTES - text.len()));
    text.into_bytes()
}

fn style(report: &Report) -> &'static str {
    let warned = report.judgement.counts.of(Outcome::Warned) > 0;
    match report.judgement.verdict {
        Verdict::NoGo => "error",
        Verdict::Hold => "warning",
        Verdict::Go if warned => "info",
        Verdict::Go => "success",
    }
}

/// Returns a name under which a later annotation of the same gate takes the place of this one.
fn context(gate: &str) -> String {
    let words = gate.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let context = format!("gonogo-{}", words.join("-"));
    context.chars().take(MOST_CONTEXT).collect()
}

/// Buildkite takes no longer annotation, and no longer context.
const MOST_BYTES: usize = 1024 * 1024;
const MOST_CONTEXT: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_context_ends_no_comment() {
        assert_eq!(context("shop --> <b>x"), "gonogo-shop-b-x");
    }
}
