//! What a person reads when something is wrong: the cause once, in whole words, with the author's own.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use gonogo_testkit::ca::{Ca, Validity};
use gonogo_testkit::tls::TlsServer;
use gonogo_tests::Gonogo;

/// Returns the summary of a gate, its duration left out.
fn told(call: Gonogo) -> String {
    let run = call.run();
    let (rest, last) = run.stdout.trim_end().rsplit_once('\n').unwrap();
    let (last, _duration) = last.rsplit_once(" in ").unwrap();
    format!("{rest}\n{last}\n")
}

#[test]
fn a_cause_is_told_once_however_many_expectations_it_breaks() {
    let ca = Ca::new();
    let issued = ca
        .leaf(&["shop.test"])
        .valid(Validity::ended_days_ago(3))
        .issue();
    let tls = TlsServer::start(&issued).unwrap();
    let gate = format!(
        "version: 1\ngate: g\nchecks:\n  edge:\n    tls: {{ address: '127.0.0.1:{}', server_name: shop.test, roots: ca.pem }}\n    expect: {{ expires_in: over 14d }}\n    message: renew it\n",
        tls.port()
    );
    let told = told(
        Gonogo::new(&["check"])
            .gate(&gate)
            .file("ca.pem", &ca.root_pem()),
    );
    assert_eq!(
        told.matches("the server's certificate expired on").count(),
        1,
        "{told}"
    );
    assert!(
        told.contains("tls/expired: renew it: the server's certificate expired on"),
        "{told}"
    );
}

#[test]
fn the_words_of_the_author_stand_beside_whatever_does_not_hold() {
    for (check, expected) in [
        (
            "{ command: ['false'], message: ask Ada }",
            "failed    a\n          exit_code  is 1, expected 0  (built in)\n                     ask Ada\n",
        ),
        (
            "{ command: ['false'], expect: { exit_code: under 1 }, message: ask Ada }",
            "failed    a\n          exit_code  is 1, expected under 1  (probes.yaml:4)\n                     ask Ada\n",
        ),
        (
            "{ command: [no-such-program], message: ask Ada }",
            "unknown   a\n          command/cannot_start: ask Ada: cannot start no-such-program: there is no such program in\n          PATH\n",
        ),
    ] {
        let gate = format!("version: 1\ngate: g\nchecks:\n  a: {check}\n");
        let told = told(Gonogo::new(&["check"]).gate(&gate));
        assert!(told.starts_with(expected), "{told}");
    }
}

#[test]
fn a_command_is_told_the_timeout_that_the_file_gives_it() {
    let gate = "version: 1\ngate: g\nchecks:\n  a: { command: [sleep, '9'], timeout: 300ms }\n";
    let told = told(Gonogo::new(&["check"]).gate(gate));
    assert!(
        told.contains("command/timeout: sleep did not finish within 300ms and was ended"),
        "{told}"
    );
}
