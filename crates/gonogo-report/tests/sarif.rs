//! SARIF: what suppresses a result, what another run says of it, and what GitHub takes.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod fixture;

use std::collections::BTreeMap;

use gonogo_model::{Outcome, Report};
use gonogo_report::View;
use gonogo_report::diff::Since;
use gonogo_report::formats::Format;
use serde_json::{Value, json};

fn sarif(report: &Report, baseline: Option<&Report>) -> Value {
    let mut view = View::of(report);
    view.baseline = baseline.map(Since::Run);
    let text = Format::named("sarif").unwrap().render(&view);
    serde_json::from_slice(&text).unwrap()
}

fn results(sarif: &Value) -> &Vec<Value> {
    sarif["runs"][0]["results"].as_array().unwrap()
}

fn about(result: &Value) -> &str {
    let logical = &result["locations"][0]["logicalLocations"][0];
    logical["fullyQualifiedName"].as_str().unwrap()
}

fn result<'s>(sarif: &'s Value, name: &str) -> &'s Value {
    let mut results = results(sarif).iter();
    results.find(|result| about(result) == name).unwrap()
}

#[test]
fn every_outcome_has_its_kind_and_level() {
    let sarif = sarif(&fixture::report(), None);
    for (name, kind, level) in [
        ("the gate", "fail", "error"),
        ("regions", "fail", "error"),
        ("queues", "open", "none"),
        ("caches", "pass", "none"),
        ("database", "fail", "error"),
        ("replica-lag", "open", "none"),
        ("migrations", "open", "none"),
        ("service.auth", "pass", "none"),
        ("grafana", "fail", "warning"),
        ("legacy", "fail", "error"),
        ("approval", "review", "none"),
        ("canary", "notApplicable", "none"),
    ] {
        let result = result(&sarif, name);
        assert_eq!(
            (&result["kind"], &result["level"]),
            (&kind.into(), &level.into()),
            "{name}"
        );
    }
}

#[test]
fn a_waiver_suppresses_what_it_covers_and_nothing_else() {
    let sarif = sarif(&fixture::report(), None);
    let suppressed: Vec<&str> = results(&sarif)
        .iter()
        .filter(|result| result.get("suppressions").is_some())
        .map(about)
        .collect();
    assert_eq!(suppressed, ["legacy"]);
    assert_eq!(
        result(&sarif, "legacy")["suppressions"],
        json!([{
            "kind": "external",
            "status": "accepted",
            "justification": "waived until 2026-11-20 by ops: the node is being replaced (OPS-42)",
        }])
    );
}

#[test]
fn a_waiver_that_the_gate_does_not_believe_suppresses_nothing() {
    let mut report = fixture::report();
    let legacy = report
        .record
        .checks
        .iter()
        .position(|c| c.result.outcome == Outcome::Waived);
    let legacy = gonogo_model::CheckIndex(u32::try_from(legacy.unwrap()).unwrap());
    report.judgement.not_waived = vec![legacy];
    for format in ["sarif", "junit", "tap", "csv", "prometheus"] {
        let text = Format::named(format).unwrap().render(&View::of(&report));
        let text = String::from_utf8(text).unwrap();
        let line = |part: &str| text.lines().any(|line| line.contains(part));
        let is_failed = match format {
            "sarif" => !line("\"suppressions\""),
            "junit" => line("<failure type=\"net/refused\" message=\"net/refused: 10.0.0.9"),
            "tap" => line("not ok 17 - legacy: The legacy node") && !line("# TODO"),
            "csv" => line("legacy.example.com:25,blocker,,failed,failed,"),
            _ => line("check=\"legacy\",kind=\"tcp\",severity=\"blocker\",outcome=\"failed\"} 1"),
        };
        assert!(is_failed, "{format}: {text}");
    }
}

#[test]
fn another_run_says_what_is_new_and_what_is_gone() {
    let before = fixture::report();
    let mut now = fixture::report();
    // The database is well again, the certificate has another fault, and something else is as it was.
    for check in &mut now.record.checks {
        match check.plan.id.as_str() {
            "database" => check.result.outcome = Outcome::Passed,
            "edge-cert" => check.result.message = Some("expired 4d ago".to_owned()),
            _ => {}
        }
    }
    let sarif = sarif(&now, Some(&before));
    let mut states: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for result in results(&sarif) {
        let rule = result["ruleId"].as_str().unwrap();
        let state = result["baselineState"].as_str().unwrap();
        states.insert((about(result), rule), state);
    }
    for (about, rule, state) in [
        ("database", "gonogo/passed", "new"),
        ("database", "net/refused", "absent"),
        ("edge-cert", "tls/expired", "updated"),
        ("service.core", "engine/expectation", "unchanged"),
        ("service.auth", "gonogo/passed", "unchanged"),
    ] {
        assert_eq!(states[&(about, rule)], state, "{about} {rule}");
    }
}

#[test]
fn a_result_stands_at_the_line_of_its_check() {
    let mut report = fixture::report();
    report.record.checks[0].plan.file = "./some folder/\u{e9}.yaml".to_owned();
    report.record.checks[1].plan.file = "/srv/gate.yaml".to_owned();
    report.record.checks[2].plan.file = "-".to_owned();
    let sarif = sarif(&report, None);
    let place = |name| &result(&sarif, name)["locations"][0]["physicalLocation"];
    assert_eq!(
        *place("database"),
        json!({
            "artifactLocation": { "uri": "some%20folder/%C3%A9.yaml", "uriBaseId": "%SRCROOT%" },
            "region": { "startLine": 34 },
        })
    );
    assert_eq!(
        place("service.core")["artifactLocation"],
        json!({ "uri": "file:///srv/gate.yaml" })
    );
    assert_eq!(
        *place("edge-cert"),
        Value::Null,
        "standard input is no file"
    );
}

#[test]
fn what_matters_is_kept_where_there_is_more_than_github_takes() {
    let mut report = fixture::report();
    let excluded = report.record.plan.excluded[0].clone();
    report.record.plan.excluded = vec![excluded; 30_000];
    let sarif = sarif(&report, None);
    assert_eq!(results(&sarif).len(), 25_000);
    assert_eq!(results(&sarif)[0]["kind"], "fail");
    let told = &sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(told["message"]["text"], "5022 more results are left out");
}

#[test]
fn the_invocation_says_how_the_run_ended() {
    let [go, stopped] = [fixture::go(), fixture::interrupted()].map(|report| {
        let sarif = sarif(&report, None);
        sarif["runs"][0]["invocations"][0].clone()
    });
    assert_eq!(
        (&go["exitCode"], &go["executionSuccessful"]),
        (&0.into(), &true.into())
    );
    assert_eq!(
        (&stopped["exitCode"], &stopped["executionSuccessful"]),
        (&130.into(), &false.into())
    );
}
