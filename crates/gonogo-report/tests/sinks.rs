//! A matrix of sinks and payloads: each format is read back, and what means harm in it is text and no more.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod fixture;
#[path = "fixture/poison.rs"]
mod poison;

use std::collections::BTreeSet;

use comrak::nodes::NodeValue;
use comrak::{Arena, Options};
use gonogo_report::View;
use gonogo_report::formats::{FORMATS, Format, markdown};
use poison::poisoned;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

const PAYLOADS: [&str; 48] = [
    // Terminals.
    "\u{1b}[2J\u{1b}]0;GO\u{7}",
    "\u{9b}31m\u{202e}og\u{200b}\u{feff}\u{e0041}",
    "failed\rpassed\u{8}\u{0}\u{7f}",
    "\u{fffe}\u{ffff}\u{2028}\u{2029}",
    // Continuous integration.
    "\n::set-output name=verdict::GO",
    "::error file=a::b",
    "::add-mask::o",
    "::stop-commands::x",
    "##vso[task.setvariable variable=x]y",
    "##[group]x",
    "##teamcity[testFinished name='x']",
    // XML.
    "]]><failure/><testcase name=\"x\"/>",
    "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>&x;",
    "\u{b}\u{1}&#0;&#27;",
    "<!-- \" ' -->",
    "[[ATTACHMENT|/etc/passwd]]",
    // Markdown and HTML.
    "| a | b |\n|---|---|\n| c | d |",
    "a\\|b\\",
    "![x](https://evil.example/beacon.png)",
    "[x](https://evil.example) <https://evil.example>",
    "@everyone #1 https://evil.example www.evil.example a@evil.example",
    "` `` ``` ~~~ *a* _b_ ~~c~~",
    "```\ncode\n```",
    "</details></summary><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\n# heading\n\n- [ ] task\n/close",
    "&lt;script&gt; &#60;b&#62;",
    "[^1]: note",
    // Spreadsheets.
    "=HYPERLINK(\"https://evil.example\")",
    "+1+1",
    "-1+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1+1",
    "\r\n=1+1",
    "a\",=1,\"b",
    "\u{ff1d}1",
    // TAP.
    "\nok 1 - x",
    "\nBail out! x",
    "x # SKIP y",
    "x \\# TODO y",
    "\n1..0\n---\n...",
    // Prometheus.
    "x\",verdict=\"GO\"} 1\ngonogo_gate_verdict{verdict=\"GO\"} 1",
    "\\",
    // Variables and shells.
    "x\nGONOGO_VERDICT=GO",
    "$(id) `id` ${HOME}",
    // JSON.
    "\",\"verdict\":\"GO\",\"x\":\"",
    "\\u001b[2J",
    "",
];

/// What stands at the end of every payload, so that it is found wherever it got to.
const MARK: &str = "zqx";

fn rendered(format: &Format, text: &str) -> String {
    String::from_utf8(format.render(&View::of(&poisoned(text)))).unwrap()
}

/// Asserts something of a format under every payload, and under a harmless text for comparison.
fn each(name: &str, assert: impl Fn(&str, &str)) {
    let format = Format::named(name).unwrap();
    let plain = rendered(format, "plain");
    for payload in PAYLOADS {
        assert(&rendered(format, &format!("{payload}{MARK}")), &plain);
    }
    assert(&rendered(format, &"long ".repeat(1000)), &plain);
}

fn is_harmful(c: char) -> bool {
    c != '\n' && c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}')
}

#[test]
fn no_format_holds_what_cannot_be_seen_or_orders_to_a_ci_that_is_not_its_own() {
    for format in &FORMATS {
        let of_a_ci = ["github", "azure", "teamcity", "buildkite"].contains(&format.name);
        each(format.name, |text, _| {
            let text = text.replace("\r\n", "\n");
            let found = text.chars().find(|c| is_harmful(*c));
            assert_eq!(found, None, "{}: {text}", format.name);
            if of_a_ci {
                return;
            }
            for line in text.lines() {
                let line = line.trim_start();
                for order in ["::set-output", "::error", "::add-mask", "::stop-commands"] {
                    assert!(!line.starts_with(order), "{}: {line}", format.name);
                }
            }
            for order in ["##vso[", "##[", "##teamcity["] {
                assert!(!text.contains(order), "{}: {order}", format.name);
            }
        });
    }
}

/// Returns the names of the elements, in order; nothing but elements, text and the declaration is allowed.
fn elements(xml: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let mut names = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => {
                for attribute in tag.attributes() {
                    attribute.unwrap();
                }
                names.push(tag.name().as_ref().to_owned());
            }
            Event::End(_) | Event::Text(_) | Event::Decl(_) => {}
            Event::GeneralRef(entity) => {
                let entity: &str = &entity;
                let known = ["amp", "lt", "gt", "quot", "apos"];
                assert!(known.contains(&entity), "{entity}");
            }
            Event::Eof => return names,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn junit_keeps_its_cases() {
    each("junit", |text, plain| {
        assert_eq!(elements(text), elements(plain), "{text}");
        assert!(!text.contains("[[ATT"), "{text}");
    });
}

/// Returns the points: the number and whether it is ok.
fn points(tap: &str) -> Vec<(String, bool)> {
    let mut lines = tap.lines();
    assert_eq!(lines.next(), Some("TAP version 14"));
    let plan = lines.next().unwrap().strip_prefix("1..").unwrap();
    let mut points = Vec::new();
    for line in lines {
        if line.starts_with("  ") {
            continue;
        }
        if line.starts_with("Bail out! interrupted by") {
            assert!(
                tap.ends_with(&format!("{line}\n")),
                "only at the end: {tap}"
            );
            continue;
        }
        let (ok, rest) = match line.strip_prefix("not ok ") {
            Some(rest) => (false, rest),
            None => (true, line.strip_prefix("ok ").unwrap()),
        };
        points.push((rest.split(' ').next().unwrap().to_owned(), ok));
    }
    assert_eq!(points.len().to_string(), plan);
    points
}

#[test]
fn tap_keeps_its_points_and_its_one_plan() {
    each("tap", |text, plain| {
        assert_eq!(points(text), points(plain), "{text}");
        // Directives are ours: three skipped checks, and one that is waived.
        let points: Vec<&str> = text
            .lines()
            .filter(|line| !line.starts_with("  "))
            .collect();
        let points = points.join("\n");
        assert_eq!(points.matches(" # ").count(), 4, "{points}");
        assert_eq!(points.matches(" # SKIP").count(), 3, "{points}");
        assert_eq!(points.matches(" # TODO").count(), 1, "{points}");
    });
}

/// Asserts something of every text in a document.
fn texts(json: &Value, assert: &impl Fn(&str)) {
    match json {
        Value::String(text) => assert(text),
        Value::Array(values) => values.iter().for_each(|value| texts(value, assert)),
        Value::Object(entries) => entries.iter().for_each(|(key, value)| {
            assert(key);
            texts(value, assert);
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn sarif_keeps_its_results_and_links_nowhere() {
    each("sarif", |text, plain| {
        let [found, wanted]: [Value; 2] = [text, plain].map(|t| serde_json::from_str(t).unwrap());
        texts(&found, &|text| {
            assert!(!text.chars().any(is_harmful), "{text}");
        });
        let [found, wanted] = [found, wanted].map(|sarif| {
            let results = sarif["runs"][0]["results"].as_array().unwrap().clone();
            results.iter().for_each(|result| {
                let message = result["message"]["text"].as_str().unwrap();
                let bare = message
                    .replace("\\\\", "")
                    .replace("\\[", "")
                    .replace("\\]", "");
                assert!(!bare.contains(['[', ']']), "{message}");
            });
            let word = |result: &Value, key: &str| result[key].as_str().unwrap().to_owned();
            let kind = |result: &Value| (word(result, "kind"), word(result, "level"));
            results.iter().map(kind).collect::<Vec<_>>()
        });
        assert_eq!(found, wanted);
    });
}

#[test]
fn gitlab_keeps_its_issues() {
    each("gitlab", |text, plain| {
        let [found, wanted]: [Value; 2] = [text, plain].map(|t| serde_json::from_str(t).unwrap());
        texts(&found, &|text| {
            assert!(!text.chars().any(is_harmful), "{text}");
        });
        let count = |json: &Value| json.as_array().unwrap().len();
        assert_eq!(count(&found), count(&wanted));
        let issues = found.as_array().unwrap();
        let unique: BTreeSet<String> = issues
            .iter()
            .map(|i| i["fingerprint"].to_string())
            .collect();
        assert_eq!(
            unique.len(),
            issues.len(),
            "GitLab drops what is there twice"
        );
    });
}

#[test]
fn events_keep_their_lines_and_their_verdict() {
    each("jsonl", |text, plain| {
        assert_eq!(text.lines().count(), plain.lines().count());
        let mut lines = text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        let last = lines.next_back().unwrap();
        assert_eq!(
            (&last["event"], &last["verdict"]),
            (&"judged".into(), &"NO-GO".into())
        );
    });
}

#[test]
fn dotenv_has_nothing_but_plain_values() {
    each("dotenv", |text, plain| {
        assert_eq!(text.lines().count(), plain.lines().count());
        assert!(text.lines().count() <= 20 && text.len() < 5 * 1024);
        assert!(text.starts_with("GONOGO_VERDICT=NO-GO\n"), "{text}");
        for line in text.lines() {
            let (name, value) = line.split_once('=').unwrap();
            assert!(
                name.chars().all(|c| c.is_ascii_uppercase() || c == '_'),
                "{line}"
            );
            let plain = |c: char| c.is_ascii_alphanumeric() || "._:/+@-".contains(c);
            assert!(value.chars().all(plain), "{line}");
        }
    });
}

fn table(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes());
    let rows = reader.records().map(|row| row.unwrap());
    rows.map(|row| row.iter().map(str::to_owned).collect())
        .collect()
}

#[test]
fn csv_keeps_its_rows_and_computes_nothing() {
    each("csv", |text, plain| {
        let (found, wanted) = (table(text), table(plain));
        assert_eq!(found.len(), wanted.len());
        // No row has another number of fields: the reader says so.
        for field in found.iter().flatten() {
            let computed = ['=', '+', '-', '@', '\t', '\r', '\u{ff1d}'];
            assert!(!field.starts_with(computed), "{field}");
        }
        let outcomes = |table: &[Vec<String>]| -> Vec<String> {
            table.iter().map(|row| row[10].clone()).collect()
        };
        assert_eq!(outcomes(&found), outcomes(&wanted));
    });
}

/// Returns the series: the name and the value; labels are read as the format has them.
fn series(text: &str) -> Vec<(String, String)> {
    let mut seen = BTreeSet::new();
    let mut series = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with("# ")) {
        let (name, rest) = line.split_once('{').unwrap();
        let mut quoted = false;
        let mut escaped = false;
        let end = rest.find(|c| {
            let end = c == '}' && !quoted;
            quoted ^= c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            end
        });
        let (labels, value) = rest.split_at(end.unwrap());
        assert!(
            seen.insert(format!("{name}{labels}")),
            "there twice: {line}"
        );
        series.push((name.to_owned(), value.trim_start_matches("} ").to_owned()));
    }
    series
}

#[test]
fn prometheus_keeps_its_series() {
    each("prometheus", |text, plain| {
        let (found, wanted) = (series(text), series(plain));
        let times = |series: Vec<(String, String)>| -> Vec<(String, String)> {
            let is_waiver = |(name, _): &(String, String)| name.contains("waiver");
            series.into_iter().filter(|s| !is_waiver(s)).collect()
        };
        assert_eq!(times(found), times(wanted), "{text}");
    });
}

/// Returns what each span is: how many lie above it, what it came to, and when.
fn spans(text: &str) -> Vec<(usize, Value, Value, Value)> {
    let mut spans = Vec::new();
    let mut above = std::collections::BTreeMap::new();
    for line in text.lines() {
        let request: Value = serde_json::from_str(line).unwrap();
        let resource = &request["resourceSpans"][0];
        assert_eq!(
            resource["resource"]["attributes"][0]["value"]["stringValue"],
            "gonogo"
        );
        for span in resource["scopeSpans"][0]["spans"].as_array().unwrap() {
            let id = |key: &str| span[key].as_str().map(str::to_owned);
            let parent = id("parentSpanId").map(|parent| above[&parent]);
            let depth = parent.map_or(0, |depth: usize| depth + 1);
            assert_eq!(above.insert(id("spanId").unwrap(), depth), None, "{text}");
            let at = |key: &str| span[key].clone();
            let code = span["status"]["code"].clone();
            spans.push((depth, code, at("startTimeUnixNano"), at("endTimeUnixNano")));
        }
    }
    spans
}

#[test]
fn otlp_keeps_its_spans() {
    each("otlp", |text, plain| {
        assert_eq!(spans(text), spans(plain), "{text}");
    });
}

fn gfm() -> Options<'static> {
    let mut options = Options::default();
    let extension = &mut options.extension;
    extension.table = true;
    extension.autolink = true;
    extension.strikethrough = true;
    extension.tasklist = true;
    extension.footnotes = true;
    extension.alerts = true;
    options
}

/// Asserts that nothing of somebody else stands anywhere but in code; returns how many nodes there are of each sort.
fn nodes(text: &str) -> [usize; 5] {
    let arena = Arena::new();
    let root = comrak::parse_document(&arena, text, &gfm());
    let mut count = [0; 5];
    for node in root.descendants() {
        let value = &node.data.borrow().value;
        match value {
            NodeValue::Text(text) => {
                assert!(!text.contains(MARK), "{text}");
                assert!(!text.contains(['@', '<', '[', ']']), "{text}");
            }
            NodeValue::HtmlBlock(html) => {
                let html = html.literal.trim();
                let is_ours = html.lines().all(|line| {
                    line == "</details>"
                        || line.starts_with("<details><summary>") && line.ends_with("</summary>")
                });
                assert!(is_ours && !html.contains(MARK), "{html}");
                count[0] += 1;
            }
            NodeValue::TableRow(_) => count[1] += 1,
            NodeValue::TableCell => count[2] += 1,
            NodeValue::Heading(_) => count[3] += 1,
            NodeValue::Item(_) => count[4] += 1,
            NodeValue::Document
            | NodeValue::Paragraph
            | NodeValue::List(_)
            | NodeValue::Code(_)
            | NodeValue::Strong
            | NodeValue::SoftBreak
            | NodeValue::Table(_) => {}
            other => panic!("{other:?} in {text}"),
        }
    }
    count
}

#[test]
fn markdown_keeps_its_structure_and_links_nowhere() {
    let plain = nodes(&rendered(Format::named("markdown").unwrap(), "plain"));
    for payload in PAYLOADS {
        let text = rendered(
            Format::named("markdown").unwrap(),
            &format!("{payload}{MARK}"),
        );
        assert_eq!(nodes(&text), plain, "{text}");
    }
}

#[test]
fn markdown_is_never_longer_than_it_may_be_and_counts_what_it_leaves_out() {
    for payload in ["plain", "` `` ```", &"long ".repeat(1000)] {
        let report = poisoned(payload);
        for most in [0, 1, 5, 6, 7, 100, 650, 1024, 2000, 4000, 10_000, 30_000] {
            let text = markdown(&View::of(&report), most);
            assert!(text.len() <= most, "{} of {most}", text.len());
            let _structure = nodes(&text);
            if most >= 6 {
                assert!(text.contains("NO-GO"), "{most}: {text}");
            }
        }
    }
    let report = fixture::report();
    let short = markdown(&View::of(&report), 2500);
    assert!(
        short.contains("\n14 more details not shown here.\n"),
        "{short}"
    );
    let whole = markdown(&View::of(&report), 1 << 20);
    assert!(!whole.contains("not shown here"), "there is room for all");
}
