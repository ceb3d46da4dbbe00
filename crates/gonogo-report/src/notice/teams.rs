//! Microsoft Teams: an Adaptive Card for a workflow that posts what a webhook receives.
//!
//! Text of others stands in runs of a rich text block, in which there is no Markdown; a text block, which
//! has some, holds our own words only.

use gonogo_model::{Report, Verdict};
use serde_json::{Value as Json, json};

use super::letter::{Job, Letter, Line};
use super::news::News;
use super::pack::more;

/// Returns the body of a request to the webhook of a workflow.
#[must_use]
pub fn teams(report: &Report, news: Option<&News>) -> String {
    let letter = Letter::of(report, news);
    let mut body = vec![
        json!({
            "type": "TextBlock",
            "text": letter.verdict.as_str(),
            "size": "ExtraLarge",
            "weight": "Bolder",
            "color": color(letter.verdict),
        }),
        rich(&[strong(&letter.subject)]),
        rich(&[run(&letter.told)]),
    ];
    for (word, what) in &letter.news {
        body.push(rich(&[run(&format!("{word}: ")), mono(what)]));
    }
    if let Some(Job::Name(name)) = &letter.job {
        body.push(rich(&[run("job: "), mono(name)]));
    }
    let mut size: usize = 0;
    let mut left_out = letter.reasons.len();
    for line in &letter.reasons {
        let block = reason(line);
        size += block.to_string().len();
        if size > MOST_REASONS {
            break;
        }
        body.push(block);
        left_out -= 1;
    }
    body.extend(more(left_out).map(|more| rich(&[run(&more)])));
    let foot = format!("run {}, {}", letter.run_id, letter.tool);
    let mut foot = run(&foot);
    foot["isSubtle"] = json!(true);
    body.push(rich(&[foot]));
    let mut card = json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": letter.verdict.as_str(),
        "body": body,
        "msteams": { "width": "Full" },
    });
    if let Some(Job::Address(address)) = &letter.job {
        card["actions"] =
            json!([{ "type": "Action.OpenUrl", "title": "The job in CI", "url": address }]);
    }
    let message = json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": card,
        }],
    });
    message.to_string()
}

fn reason(line: &Line) -> Json {
    let mut runs = vec![strong(line.verdict.as_str()), run(" ")];
    if let Some(id) = &line.id {
        runs.extend([mono(id), run(" ")]);
    }
    runs.push(run(&line.why));
    if let Some(skipped) = &line.skipped {
        runs.push(run(&format!(" ({skipped})")));
    }
    rich(&runs)
}

fn rich(runs: &[Json]) -> Json {
    json!({ "type": "RichTextBlock", "inlines": runs })
}

fn run(text: &str) -> Json {
    json!({ "type": "TextRun", "text": text })
}

fn strong(text: &str) -> Json {
    json!({ "type": "TextRun", "text": text, "weight": "Bolder" })
}

fn mono(text: &str) -> Json {
    json!({ "type": "TextRun", "text": text, "fontType": "Monospace" })
}

/// Colour says nothing that the word does not say.
const fn color(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Go => "Good",
        Verdict::Hold => "Warning",
        Verdict::NoGo => "Attention",
    }
}

/// Teams takes 28 KB, as JSON; the rest of a card is far smaller than what this leaves.
const MOST_REASONS: usize = 16 * 1024;
