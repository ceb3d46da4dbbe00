//! The trace of a large run: whole, in requests that a collector takes.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod fixture;
#[path = "fixture/large.rs"]
mod large;

use std::collections::BTreeSet;

use gonogo_report::View;
use gonogo_report::formats::Format;
use serde_json::Value;

#[test]
fn a_large_run_is_several_requests_and_nothing_of_it_is_lost() {
    let report = large::report(2000);
    let bytes = Format::named("otlp").unwrap().render(&View::of(&report));
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.lines().count() > 1, "{} bytes", text.len());
    let (mut ids, mut checks) = (BTreeSet::new(), Vec::new());
    let mut spans = 0;
    for line in text.lines() {
        assert!(line.len() <= 4 * 1024 * 1024, "{}", line.len());
        let request: Value = serde_json::from_str(line).unwrap();
        let resource = &request["resourceSpans"][0];
        assert_eq!(resource["resource"]["attributes"][0]["key"], "service.name");
        for span in resource["scopeSpans"][0]["spans"].as_array().unwrap() {
            spans += 1;
            // Who is above stands above, in this request or one before.
            let parent = span.get("parentSpanId").and_then(Value::as_str);
            assert!(parent.is_none_or(|parent| ids.contains(parent)), "{span}");
            ids.insert(span["spanId"].as_str().unwrap().to_owned());
            let name = span["name"].as_str().unwrap();
            checks.extend(name.strip_prefix("check ").map(str::to_owned));
        }
    }
    let records = &report.record.checks;
    let planned: Vec<&str> = records.iter().map(|c| c.plan.id.as_str()).collect();
    assert_eq!(checks, planned);
    let below = records.iter().flat_map(|check| &check.attempts);
    let below: usize = below.map(|attempt| 1 + attempt.phases.len()).sum();
    assert_eq!((spans, ids.len()), (1 + records.len() + below, spans));
}
