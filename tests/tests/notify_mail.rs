//! `notify` by e-mail, to a real server: what it gets, and what it must not get.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use gonogo_testkit::ca::Ca;
use gonogo_testkit::fake::Fake;
use gonogo_testkit::smtp::MailServer;
use gonogo_tests::{Finished, Gonogo};
use serde_json::{Value as Json, json};

/// A run of a gate that is NO-GO, and tells two mailboxes.
fn run(smtp: &str, more: &str, ca: &Ca) -> Finished {
    let gate = format!(
        "version: 1\ngate: shop\nrelease: r\u{e9}lease 1\ntls: {{ roots: ca.pem }}\nsecrets: {{ smtp: {{ env: SMTP }} }}\n\
         notify:\n  mail: {{ email: [a@example.com, b@example.com], from: gate@example.com, smtp: \"${{smtp}}\"{more} }}\n\
         checks:\n  a: {{ command: [sh, -c, exit 3] }}\n"
    );
    Gonogo::new(&["check", "-v"])
        .gate(&gate)
        .file("ca.pem", &ca.root_pem())
        .env("SMTP", smtp)
        .run()
}

fn messages(server: &MailServer) -> Vec<Json> {
    let messages = server.messages().unwrap();
    messages
        .iter()
        .map(|m| serde_json::from_str(m).unwrap())
        .collect()
}

fn header<'m>(message: &'m Json, name: &str) -> &'m str {
    let headers = message["headers"].as_array().unwrap();
    let mut found = headers.iter().filter(|h| h[0].as_str() == Some(name));
    let value = found.next().unwrap()[1].as_str().unwrap();
    assert!(found.next().is_none(), "{name} is there twice");
    value
}

#[test]
fn a_message_is_whole_and_of_one_piece() {
    let ca = Ca::new();
    let server = MailServer::plain().start().unwrap();
    let done = run(&format!("smtp://127.0.0.1:{}", server.port()), "", &ca);
    assert_eq!(done.code, Some(1));
    assert!(
        done.stderr.contains("\ntold mail (email, 127.0.0.1)\n"),
        "{}",
        done.stderr
    );
    let messages = messages(&server);
    assert_eq!(messages.len(), 1);
    let message = &messages[0];
    assert_eq!(message["from"], "gate@example.com");
    assert_eq!(message["to"], json!(["a@example.com", "b@example.com"]));
    assert_eq!(message["defects"], json!([]));
    let names: Vec<&str> = message["headers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|header| header[0].as_str().unwrap())
        .collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(
        sorted,
        [
            "Auto-Submitted",
            "Content-Transfer-Encoding",
            "Content-Type",
            "Date",
            "From",
            "Message-ID",
            "Subject",
            "To",
            "X-Gonogo-Verdict",
        ]
    );
    assert_eq!(
        header(message, "Subject"),
        "[gonogo] NO-GO: shop r\u{e9}lease 1"
    );
    assert_eq!(header(message, "To"), "a@example.com, b@example.com");
    assert_eq!(header(message, "From"), "gate@example.com");
    assert_eq!(header(message, "X-Gonogo-Verdict"), "NO-GO");
    assert_eq!(header(message, "Auto-Submitted"), "auto-generated");
    assert!(header(message, "Message-ID").ends_with(".mail@example.com>"));
    let body = message["body"].as_str().unwrap().replace("\r\n", "\n");
    assert!(
        body.starts_with("NO-GO  shop r\u{e9}lease 1\n1 failed in "),
        "{body}"
    );
    assert!(body.contains("\n\nNO-GO  a\n    "), "{body}");
    assert!(body.contains("\nrun  2"), "{body}");
}

#[test]
fn a_login_goes_over_tls_whichever_way_that_begins() {
    let ca = Ca::new();
    let issued = ca.leaf(&["localhost"]).issue();
    for (scheme, more, server) in [
        ("smtps", "", MailServer::tls(&issued)),
        ("smtp", ", starttls: true", MailServer::starttls(&issued)),
    ] {
        let server = server.login("me@x", "p@ss word").start().unwrap();
        let url = format!(
            "{scheme}://me%40x:p%40ss%20word@localhost:{}",
            server.port()
        );
        let done = run(&url, more, &ca);
        assert!(
            done.stderr.contains("\ntold mail (email, localhost)\n"),
            "{}",
            done.stderr
        );
        let messages = messages(&server);
        assert_eq!(messages.len(), 1);
        assert_eq!(messages[0]["secured"], json!(true));
        assert_eq!(messages[0]["login"], "me@x");
    }
}

#[test]
fn what_a_server_refuses_or_cannot_do_is_told_and_the_password_is_not() {
    let ca = Ca::new();
    let issued = ca.leaf(&["localhost"]).issue();
    let stranger = Ca::new();
    let plain = MailServer::plain().start().unwrap();
    let refusing = MailServer::plain().refusing().start().unwrap();
    let login = MailServer::tls(&issued)
        .login("me", "right")
        .start()
        .unwrap();
    let tls = MailServer::starttls(&issued).start().unwrap();
    let closing = Fake::eof().unwrap();
    let endless = Fake::endless("220-and so on\r\n").unwrap();
    let injected = Fake::answer_then_drop("").unwrap();
    let at = |scheme: &str, port: u16| format!("{scheme}://localhost:{port}");
    let with = |port: u16| format!("smtps://me:canary-password@localhost:{port}");
    for (url, more, ca, wanted) in [
        (
            at("smtp", plain.port()),
            ", starttls: true",
            &ca,
            "warning[notify/plain]: mail (email, localhost) was not told: the server of e-mail does not offer STARTTLS",
        ),
        (
            at("smtp", refusing.port()),
            "",
            &ca,
            "warning[notify/refused]: mail (email, localhost) was not told: the server of e-mail: permanent error (554): 5.7.1 not from you, #\\u{23}vso[x]",
        ),
        (
            with(login.port()),
            "",
            &ca,
            "warning[notify/refused]: mail (email, localhost) was not told: the server of e-mail: permanent error (535): 5.7.8 Authentication credentials invalid",
        ),
        (
            at("smtp", tls.port()),
            ", starttls: true",
            &stranger,
            "warning[tls/untrusted_root]: mail (email, localhost) was not told: ",
        ),
        (
            at("smtp", closing.port()),
            "",
            &ca,
            "warning[notify/refused]: mail (email, localhost) was not told: the server of e-mail: ",
        ),
        (
            at("smtp", closing.port()),
            ", starttls: true",
            &ca,
            "warning[net/closed]: mail (email, localhost) was not told: the server of e-mail broke off: ",
        ),
        (
            at("smtp", endless.port()),
            "",
            &ca,
            "warning[notify/refused]: mail (email, localhost) was not told: the server of e-mail: ",
        ),
        (
            at("smtp", endless.port()),
            ", starttls: true",
            &ca,
            "warning[net/closed]: mail (email, localhost) was not told: the server of e-mail broke off: the server says too much",
        ),
        (
            at("smtps", injected.port()),
            "",
            &ca,
            "warning[net/closed]: mail (email, localhost) was not told: ",
        ),
    ] {
        let done = run(&url, more, ca);
        assert_eq!(done.code, Some(1), "{wanted}");
        let said = done.stderr.lines().any(|line| line.starts_with(wanted));
        assert!(said, "{wanted}\n{}", done.stderr);
        assert!(!(done.stdout + &done.stderr).contains("canary"), "{wanted}");
    }
    for server in [plain, refusing, login, tls] {
        assert_eq!(server.messages().unwrap(), [""; 0]);
    }
}
