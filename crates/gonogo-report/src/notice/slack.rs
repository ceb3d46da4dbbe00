//! Slack: Block Kit for an incoming webhook.
//!
//! Text of others stands in code spans with `&`, `<` and `>` escaped: no mention, no link and no format is
//! left in it. `verbatim` keeps Slack from finding links and names where none was written.

use gonogo_model::Report;
use serde_json::{Value as Json, json};

use super::letter::{Job, Letter, Line, cut};
use super::news::News;
use super::pack::{blocks, more, utf16};

/// Returns the body of a request to an incoming webhook.
#[must_use]
pub fn slack(report: &Report, news: Option<&News>) -> String {
    let letter = Letter::of(report, news);
    let title = letter.title();
    let mut all = vec![
        json!({
            "type": "header",
            "text": { "type": "plain_text", "text": headline(&title), "emoji": false },
        }),
        section(&overview(&letter)),
    ];
    let reasons: Vec<String> = letter.reasons.iter().map(line).collect();
    let (sections, left_out) = blocks(&reasons, (MOST_SECTIONS, MOST_TEXT), utf16);
    all.extend(sections.iter().map(|text| section(text)));
    all.extend(more(left_out).map(|more| section(&more)));
    let foot = format!("run {}, {}", code(&letter.run_id), code(&letter.tool));
    all.push(json!({ "type": "context", "elements": [mrkdwn(&foot)] }));
    let message = json!({
        // What a notification on a telephone shows, and clients without blocks.
        "text": escape(&title),
        "blocks": all,
        "unfurl_links": false,
        "unfurl_media": false,
    });
    message.to_string()
}

/// Escaped, one character may become five.
fn headline(title: &str) -> String {
    let whole = escape(&cut(title, MOST_HEADER));
    if utf16(&whole) <= MOST_HEADER {
        return whole;
    }
    escape(&cut(title, MOST_HEADER / 5))
}

fn overview(letter: &Letter<'_>) -> String {
    let mut text = escape(&letter.told);
    for (word, what) in &letter.news {
        text.push_str(&format!("\n{word}: {}", code(what)));
    }
    match &letter.job {
        Some(Job::Address(address)) => {
            text.push_str(&format!("\n<{}|the job in CI>", escape(address)));
        }
        Some(Job::Name(name)) => text.push_str(&format!("\njob: {}", code(name))),
        None => {}
    }
    text
}

fn line(line: &Line) -> String {
    let mut text = format!("*{}* ", line.verdict);
    if let Some(id) = &line.id {
        text.push_str(&format!("{} ", code(id)));
    }
    text.push_str(&code(&line.why));
    if let Some(skipped) = &line.skipped {
        text.push_str(&format!(" ({skipped})"));
    }
    text
}

fn section(text: &str) -> Json {
    json!({ "type": "section", "text": mrkdwn(text) })
}

fn mrkdwn(text: &str) -> Json {
    json!({ "type": "mrkdwn", "text": text, "verbatim": true })
}

/// A span ends at the next backtick, and nothing escapes one.
fn code(text: &str) -> String {
    match text {
        "" => String::new(),
        text => format!("`{}`", escape(&text.replace('`', "'"))),
    }
}

fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}

/// Slack's own limits; of 50 blocks nobody reads more than some.
const MOST_HEADER: usize = 150;
const MOST_TEXT: usize = 3000;
const MOST_SECTIONS: usize = 5;
