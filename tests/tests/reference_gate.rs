//! The reference gate on real servers: GO, and each breakage by itself a NO-GO with the right code.
//!
//! PostgreSQL, Redis, nginx and Prometheus are real, on free ports; the five services and Grafana's health
//! endpoint are those of the sample stack.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use gonogo_tests::{Finished, Gonogo, SampleStack, workspace};

/// Judges the stack by `probes.yaml` of the top level.
fn judge(stack: &SampleStack) -> Finished {
    let gate = std::fs::read_to_string(workspace().join("probes.yaml")).unwrap();
    let mut call = Gonogo::new(&["check", "-o", "json", "--var-file", &stack.vars()]).gate(&gate);
    for (name, value) in stack.secrets() {
        call = call.env(&name, &value);
    }
    call.run()
}

const ALL_PASSED: [&str; 14] = [
    "postgres passed",
    "migrations passed",
    "redis passed",
    "service.auth passed",
    "service.core passed",
    "service.mcp passed",
    "service.analytics passed",
    "service.gateway passed",
    "nginx-redirect passed",
    "nginx passed",
    "edge-certificate passed",
    "dns passed",
    "prometheus passed",
    "grafana passed",
];

/// Returns the outcomes that are not passed.
fn wrong(run: &Finished) -> Vec<String> {
    run.outcomes()
        .into_iter()
        .filter(|line| !line.ends_with(" passed"))
        .collect()
}

/// What needs the services, when they are skipped.
fn without_services(first: &str) -> Vec<String> {
    let skipped = [
        "service.auth",
        "service.core",
        "service.mcp",
        "service.analytics",
        "service.gateway",
        "nginx",
    ];
    let mut lines = vec![first.to_owned()];
    lines.extend(skipped.map(|id| format!("{id} skipped needs/not_passed")));
    lines
}

#[test]
fn the_reference_gate_on_real_servers() {
    let mut stack = SampleStack::start_real();
    let go = judge(&stack).exits(0);
    assert_eq!(go.outcomes(), ALL_PASSED);
    assert_eq!(go.json()["verdict"], "GO");

    let breakages = [
        ("redis", without_services("redis failed net/refused")),
        (
            "migration",
            without_services("migrations failed migrations/pending"),
        ),
        (
            "edited",
            without_services("migrations failed migrations/modified"),
        ),
        (
            "certificate",
            vec![
                "nginx failed tls/expired".to_owned(),
                "edge-certificate failed tls/expired".to_owned(),
            ],
        ),
        ("dns", vec!["dns failed dns/nxdomain".to_owned()]),
        (
            "hang",
            vec!["service.analytics failed net/timeout".to_owned()],
        ),
    ];
    for (what, expected) in breakages {
        stack.tell(&format!("break {what}"));
        let no_go = judge(&stack).exits(1);
        assert_eq!(wrong(&no_go), expected, "{what}: {}", no_go.stderr);
        assert_eq!(no_go.json()["verdict"], "NO-GO", "{what}");
        stack.tell(&format!("mend {what}"));
        assert_eq!(
            judge(&stack).exits(0).outcomes(),
            ALL_PASSED,
            "mended: {what}"
        );
    }
}
