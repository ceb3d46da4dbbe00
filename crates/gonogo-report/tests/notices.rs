//! Notices: each compared with a file, within the limits of its service, and obeyed by nobody.
//! `UPDATE_GOLDEN=1` writes the files anew.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod fixture;
#[path = "fixture/poison.rs"]
mod poison;

use std::path::Path;

use gonogo_model::{Code, Id, Reason, Report, Verdict};
use gonogo_report::notice::{Envelope, News, discord, mail, news, slack, teams, webhook};
use serde_json::Value as Json;

fn golden(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden/notices")
        .join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, found).unwrap();
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        wanted == found,
        "{name} is otherwise; UPDATE_GOLDEN=1 writes it anew. Found:\n{found}"
    );
}

fn pretty(body: &str) -> String {
    let document: Json = serde_json::from_str(body).unwrap();
    serde_json::to_string_pretty(&document).unwrap() + "\n"
}

/// The canonical run after one that was GO, made by a job that has a page.
fn report() -> (Report, News) {
    let mut report = fixture::report();
    report.record.header.ci_job = Some("https://ci.example.com/jobs/7?a=1&b=2".to_owned());
    let news = news(Some(&fixture::go()), &report).unwrap();
    (report, news)
}

type Render = fn(&Report, Option<&News>) -> String;

const ALL: [(&str, Render); 6] = [
    ("slack.json", slack),
    ("discord.json", discord),
    ("teams.json", teams),
    ("webhook.json", |report, news| {
        webhook(report, news, Envelope::Plain).body
    }),
    ("cloudevents.json", |report, news| {
        webhook(report, news, Envelope::CloudEvents).body
    }),
    ("mail.json", |report, news| {
        let mail = mail(report, news);
        serde_json::json!({ "subject": mail.subject, "text": mail.text }).to_string()
    }),
];

#[test]
fn every_notice_is_as_its_file_says() {
    let (report, news) = report();
    for (name, render) in ALL {
        golden(name, &pretty(&render(&report, Some(&news))));
    }
    golden("slack-go.json", &pretty(&slack(&fixture::go(), None)));
}

#[test]
fn only_another_verdict_or_other_blockers_are_news() {
    let (no_go, go) = (fixture::report(), fixture::go());
    assert_eq!(news(Some(&no_go), &no_go), None);
    assert_eq!(news(Some(&go), &go), None);
    let all = news(None, &no_go).unwrap();
    assert_eq!((all.before, all.fixed.len()), (None, 0));
    assert_eq!(
        news(None, &go),
        Some(News {
            before: None,
            worse: vec![],
            fixed: vec![]
        })
    );
    let worse = news(Some(&go), &no_go).unwrap();
    assert_eq!(worse.before, Some(Verdict::Go));
    assert_eq!(worse.worse, all.worse);
    let fixed = news(Some(&no_go), &go).unwrap();
    assert_eq!(fixed.before, Some(Verdict::NoGo));
    assert_eq!((fixed.worse, fixed.fixed), (vec![], all.worse));
    let mut other = no_go.clone();
    let mut first = other.judgement.reasons.remove(0);
    first.message = "for another reason".to_owned();
    first.code = Code::from("net/reset".to_owned());
    other.judgement.reasons.insert(0, first);
    assert_eq!(news(Some(&no_go), &other), None);
    other.judgement.reasons[0].id = Some(Id::new("elsewhere").unwrap());
    let told = news(Some(&no_go), &other).unwrap();
    assert_eq!(told.worse, [Id::new("elsewhere").unwrap()]);
    assert_eq!(told.fixed.len(), 1);
}

/// A run with so many reasons, each as long as it gets and full of what must be escaped.
fn crowded(count: usize, text: &str) -> Report {
    let mut report = fixture::report();
    report.record.header.ci_job = Some(format!("https://ci.test/{}", "&".repeat(380)));
    report.record.header.gate = text.repeat(50);
    report.record.header.environment = Some(text.repeat(50));
    report.judgement.reasons = (0..count)
        .map(|number| Reason {
            id: Some(Id::new(&format!("{}{number}", "a".repeat(100))).unwrap()),
            code: Code::from("net/refused".to_owned()),
            message: text.repeat(400),
            verdict: Verdict::NoGo,
            consequences: vec![Id::new("b").unwrap()],
        })
        .collect();
    report
}

fn utf16(value: &Json) -> usize {
    value.as_str().unwrap_or_default().encode_utf16().count()
}

#[test]
fn no_notice_is_larger_than_its_service_takes() {
    for text in ["x", "&", "<", "`", "*", "\u{1f600}", "\u{301}", "\u{1b}"] {
        for count in [0, 1, 30, 300] {
            let report = crowded(count, text);
            let news = news(Some(&fixture::go()), &report);
            let render = |render: Render| -> Json {
                serde_json::from_str(&render(&report, news.as_ref())).unwrap()
            };
            let slack = render(slack);
            let blocks = slack["blocks"].as_array().unwrap();
            assert!(blocks.len() <= 50);
            assert!(utf16(&slack["text"]) <= 3000);
            for block in blocks {
                let most = if block["type"] == "header" { 150 } else { 3000 };
                let texts = [&block["text"], &block["elements"][0]];
                for text in texts {
                    assert!(utf16(&text["text"]) <= most, "{block}");
                }
            }
            let discord = render(discord);
            let embed = &discord["embeds"][0];
            let (title, description) = (utf16(&embed["title"]), utf16(&embed["description"]));
            let footer = utf16(&embed["footer"]["text"]);
            assert!(
                title <= 256 && description <= 4096 && footer <= 2048,
                "{embed}"
            );
            assert!(title + description + footer <= 6000);
            let teams = render(teams).to_string();
            assert!(teams.len() <= 28 * 1024, "{}", teams.len());
            for envelope in [Envelope::Plain, Envelope::CloudEvents] {
                let body = webhook(&report, news.as_ref(), envelope).body;
                assert!(body.len() <= 256 * 1024, "{}", body.len());
            }
            let mail = mail(&report, news.as_ref());
            assert!(mail.subject.chars().count() <= 180);
            assert!(mail.text.len() <= 256 * 1024);
        }
    }
}

#[test]
fn what_is_left_out_is_counted() {
    let report = crowded(3000, "x");
    let slack = slack(&report, None);
    assert!(slack.contains(" more reasons not shown here"), "{slack}");
    let discord = discord(&report, None);
    assert!(
        discord.contains(" more reasons not shown here"),
        "{discord}"
    );
    let teams = teams(&report, None);
    assert!(teams.contains(" more reasons not shown here"), "{teams}");
    let mail = mail(&report, None).text;
    assert!(mail.contains("\n2900 more reasons not shown here\n"));
    let data: Json = serde_json::from_str(&webhook(&report, None, Envelope::Plain).body).unwrap();
    assert_eq!(data["data"]["reasons"].as_array().unwrap().len(), 50);
    assert_eq!(data["data"]["reasons_left_out"], 2950);
}

/// Everything that some service obeys.
const ORDERS: &[&str] = &[
    "<!channel> <!here> <@U012> <https://evil.test|click>",
    "@everyone @here <@&1> <@1>",
    "[click](https://evil.test) ![x](https://evil.test/x.png)",
    "`end` *bold* _it_ ~no~ ```\nblock\n```",
    "a\r\nBcc: victim@example.com\r\n\r\nbody",
    "<at>everyone</at> {{DATE(2017-02-14T06:08:39Z,SHORT)}}",
    "\u{202e}GO\u{200b}\u{7}",
];

#[test]
fn text_of_others_is_obeyed_by_no_service() {
    for order in ORDERS {
        let report = poison::poisoned(order);
        let news = news(Some(&fixture::go()), &report);
        let slack: Json = serde_json::from_str(&slack(&report, news.as_ref())).unwrap();
        for text in texts(&slack) {
            assert!(!text.contains('<'), "{text}");
            assert!(is_fenced(&text, order), "{text}");
        }
        let discord: Json = serde_json::from_str(&discord(&report, news.as_ref())).unwrap();
        assert_eq!(
            discord["allowed_mentions"],
            serde_json::json!({ "parse": [] })
        );
        let description = discord["embeds"][0]["description"].as_str().unwrap();
        assert!(is_fenced(description, order), "{description}");
        let teams: Json = serde_json::from_str(&teams(&report, news.as_ref())).unwrap();
        let body = teams["attachments"][0]["content"]["body"]
            .as_array()
            .unwrap();
        for block in body.iter().filter(|block| block["type"] == "TextBlock") {
            assert_eq!(
                block["text"], "NO-GO",
                "only our words stand where there is Markdown"
            );
        }
        let mail = mail(&report, news.as_ref());
        assert!(!mail.subject.contains(['\r', '\n']), "{}", mail.subject);
        for text in [&mail.subject, &mail.text] {
            let shown = |c: char| c == '\n' || !(c.is_control() || "\u{202e}\u{200b}".contains(c));
            assert!(text.chars().all(shown), "{text}");
        }
        assert!(!mail.text.contains("\nBcc:"));
    }
}

/// Returns every text of a document.
fn texts(document: &Json) -> Vec<String> {
    let mut open = vec![document];
    let mut texts = Vec::new();
    while let Some(next) = open.pop() {
        match next {
            Json::String(text) => texts.push(text.clone()),
            Json::Array(items) => open.extend(items),
            Json::Object(entries) => open.extend(entries.values()),
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }
    texts
}

/// Returns whether no word of an order stands outside of code spans, lines of our own words aside.
fn is_fenced(text: &str, order: &str) -> bool {
    if !text.contains('`') {
        // A title: plain text to the service, or escaped.
        return true;
    }
    let outside: String = text.split('`').step_by(2).collect();
    let word = order.split_whitespace().next().unwrap_or_default();
    // An odd number of backticks would leave the last span open.
    text.matches('`').count().is_multiple_of(2) && (word.len() < 4 || !outside.contains(word))
}
