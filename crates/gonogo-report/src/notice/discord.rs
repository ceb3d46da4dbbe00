//! Discord: one embed, which calls nobody.
//!
//! `allowed_mentions` forbids every mention, of whatever text; what others wrote stands in code spans.

use gonogo_model::{Report, Verdict};
use serde_json::json;

use super::letter::{Job, Letter, Line, cut};
use super::news::News;
use super::pack::{blocks, more, utf16};

/// Returns the body of a request to a webhook.
#[must_use]
pub fn discord(report: &Report, news: Option<&News>) -> String {
    let letter = Letter::of(report, news);
    let reasons: Vec<String> = letter.reasons.iter().map(line).collect();
    let (mut parts, left_out) = blocks(&reasons, (1, MOST_REASONS), utf16);
    parts.insert(0, overview(&letter));
    parts.extend(more(left_out));
    let mut embed = json!({
        "title": cut(&plain(&letter.title()), MOST_TITLE),
        "description": parts.join("\n"),
        "color": color(letter.verdict),
        "timestamp": letter.report.record.finished.wall.to_string(),
        "footer": { "text": format!("run {}, {}", letter.run_id, letter.tool) },
    });
    if let Some(Job::Address(address)) = &letter.job {
        embed["url"] = json!(address);
    }
    let message = json!({
        "username": "gonogo",
        "embeds": [embed],
        "allowed_mentions": { "parse": [] },
    });
    message.to_string()
}

fn overview(letter: &Letter<'_>) -> String {
    let mut text = plain(&letter.told);
    for (word, what) in &letter.news {
        text.push_str(&format!("\n{word}: {}", code(what)));
    }
    if let Some(Job::Name(name)) = &letter.job {
        text.push_str(&format!("\njob: {}", code(name)));
    }
    text.push('\n');
    text
}

fn line(line: &Line) -> String {
    let mut text = format!("**{}** ", line.verdict);
    if let Some(id) = &line.id {
        text.push_str(&format!("{} ", code(id)));
    }
    text.push_str(&code(&line.why));
    if let Some(skipped) = &line.skipped {
        text.push_str(&format!(" ({skipped})"));
    }
    text
}

/// A span ends at the next backtick, and nothing escapes one.
fn code(text: &str) -> String {
    match text {
        "" => String::new(),
        text => format!("`{}`", text.replace('`', "'")),
    }
}

/// Escapes what is Markdown to Discord; a title has no spans.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\*_~`|>#[]<@".contains(c) {
            plain.push('\\');
        }
        plain.push(c);
    }
    plain
}

/// Colour says nothing that the title does not say.
const fn color(verdict: Verdict) -> u32 {
    match verdict {
        Verdict::Go => 0x2e_7d32,
        Verdict::Hold => 0xf9_a825,
        Verdict::NoGo => 0xc6_2828,
    }
}

/// Discord's own limits: 256 for a title, 4096 for a description, 6000 together.
const MOST_TITLE: usize = 256;
/// What is left of a description for reasons.
const MOST_REASONS: usize = 2500;
