//! The trace of a run: whose it is, and that it stays the same.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use gonogo_tests::{Gonogo, gate_of};
use serde_json::Value;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";

/// Returns the trace and the parent of the first span.
fn root(text: &str) -> (String, Option<String>) {
    let request: Value = serde_json::from_str(text).unwrap();
    let span = &request["resourceSpans"][0]["scopeSpans"][0]["spans"][0];
    let id = |key: &str| span[key].as_str().map(str::to_owned);
    (id("traceId").unwrap(), id("parentSpanId"))
}

#[test]
fn a_run_is_part_of_the_trace_that_its_caller_names() {
    let named = format!("00-{TRACE}-{PARENT}-01");
    let check = ["check", "-o", "otlp"];
    let probe = ["probe", "command", "[true]", "-o", "otlp"];
    for call in [&check[..], &probe] {
        let run = Gonogo::new(call)
            .gate(&gate_of("traces", "GO"))
            .env("TRACEPARENT", &named)
            .run()
            .exits(0);
        let wanted = (TRACE.to_owned(), Some(PARENT.to_owned()));
        assert_eq!(root(&run.stdout), wanted);
    }
}

#[test]
fn a_trace_that_is_none_is_ignored_and_the_run_has_its_own() {
    let zeros = "0".repeat(32);
    for named in [
        String::new(),
        "GO".to_owned(),
        format!("00-{zeros}-{PARENT}-01"),
        format!("00-{TRACE}-{}-01", "0".repeat(16)),
        format!("ff-{TRACE}-{PARENT}-01"),
        format!("00-{TRACE}-{PARENT}-01\",\"x\":\""),
    ] {
        let run = Gonogo::new(&["check", "-o", "otlp", "-o", "json=run.json"])
            .gate(&gate_of("traces", "GO"))
            .env("TRACEPARENT", &named)
            .run()
            .exits(0);
        let (trace, parent) = root(&run.stdout);
        assert_eq!(parent, None, "{named:?}");
        assert!(trace != TRACE && trace != zeros, "{named:?}: {trace}");
        let saved = run.folder.read("run.json");
        let shown = Gonogo::new(&["run", "show", "run.json", "-o", "otlp"])
            .file("run.json", &saved)
            .run()
            .exits(0);
        assert_eq!(shown.stdout, run.stdout, "a saved run is the same trace");
    }
}
