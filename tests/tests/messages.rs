//! The author's own words for an expectation, as people and machines see them.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use gonogo_tests::Gonogo;

const GATE: &str = "\
version: 1
gate: shop
vars: { team: { default: platform-team } }
secrets: { token: { env: TOKEN } }
checks:
  build:
    command: [sh, -c, 'echo 7 errors; exit 3']
    expect:
      stdout: { contains: 0 errors }
      exit_code: 0
    message:
      stdout: 'ask ${team}, not ${token}'
      exit_code: the build is broken
";

#[test]
fn each_expectation_is_told_in_its_own_words() {
    let run = Gonogo::new(&["check", "-o", "json"])
        .env("TOKEN", "canary-1")
        .gate(GATE)
        .run()
        .exits(1);
    let report = run.json();
    let check = &report["checks"][0];
    let told: Vec<(&str, &str)> = check["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (f["fact"].as_str().unwrap(), f["message"].as_str().unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            ("stdout", "ask platform-team, not [redacted]"),
            ("exit_code", "the build is broken"),
        ]
    );
    assert_eq!(
        check["message"],
        "ask platform-team, not [redacted]: stdout is 7 errors, expected { contains: 0 errors } (and 1 more)"
    );
    assert!(!run.stderr.contains("canary"), "{}", run.stderr);
}

#[test]
fn people_read_them_below_what_does_not_hold() {
    let gate = "\
version: 1
gate: shop
checks:
  build:
    command: [sh, -c, 'echo 7 errors; exit 3']
    expect: { stdout: { contains: 0 errors } }
    message: { stdout: ask platform-team }
";
    let run = Gonogo::new(&["check"]).gate(gate).run().exits(1);
    let told = run.stdout.split("\n\n").next().unwrap();
    assert_eq!(
        told,
        "\
failed    build
          exit_code  is 3, expected 0  (built in)
          stdout     is 7 errors, expected { contains: 0 errors }  (probes.yaml:6)
                     ask platform-team
          at       command sh -c \"echo 7 errors; exit 3\", probes.yaml:4"
    );
}
