//! Many targets at once, and few descriptors: what we lack is never a target's failure.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use gonogo_testkit::fake::Fake;
use gonogo_tests::Gonogo;

/// A gate of `count` checks, spread over some ports.
fn gate(count: usize, ports: &[u16], timeout: &str) -> String {
    let checks: String = (0..count)
        .map(|i| {
            format!(
                "  c{i}: {{ tcp: '127.0.0.1:{}' }}\n",
                ports[i % ports.len()]
            )
        })
        .collect();
    format!("version: 1\ngate: scale\ndefaults: {{ timeout: {timeout} }}\nchecks:\n{checks}")
}

#[test]
fn a_thousand_attempts_at_targets_that_drop_packets_are_in_flight_at_once() {
    let holes: Vec<Fake> = (0..100).map(|_| Fake::black_hole().unwrap()).collect();
    let ports: Vec<u16> = holes.iter().map(Fake::port).collect();
    let run = Gonogo::new(&["check", "-q", "-o", "json=report.json"])
        .gate(&gate(1000, &ports, "3s"))
        .run()
        .exits(1);
    let report: serde_json::Value = serde_json::from_str(&run.folder.read("report.json")).unwrap();
    let checks = report["checks"].as_array().unwrap();
    assert_eq!(checks.len(), 1000);
    let mut last_start = 0.0_f64;
    let mut first_end = f64::INFINITY;
    for check in checks {
        assert_eq!(
            (&check["outcome"], &check["code"]),
            (&"failed".into(), &"net/timeout".into()),
            "{check:#}"
        );
        let attempt = &check["attempts"][0];
        let start = attempt["elapsed"].as_f64().unwrap();
        last_start = last_start.max(start);
        first_end = first_end.min(start + attempt["duration"].as_f64().unwrap());
    }
    assert!(
        last_start < first_end,
        "the last began at {last_start}, the first ended at {first_end}"
    );
}

#[test]
fn with_few_descriptors_no_healthy_target_is_reported_failed() {
    let targets: Vec<Fake> = (0..50).map(|_| Fake::echo().unwrap()).collect();
    let ports: Vec<u16> = targets.iter().map(Fake::port).collect();
    let mut call = Gonogo::new(&[]).gate(&gate(1000, &ports, "10s"));
    let gonogo = gonogo_tests::program("gonogo");
    let folder = call.folder().to_owned();
    *call.command() = std::process::Command::new("sh");
    call.command()
        .arg("-c")
        .arg(format!(
            "ulimit -n 256; exec '{}' check -o json",
            gonogo.display()
        ))
        .current_dir(folder)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    let run = call.run().exits(0);
    let report = run.json();
    assert_eq!(report["counts"]["passed"], 1000, "{:#}", report["counts"]);
}
