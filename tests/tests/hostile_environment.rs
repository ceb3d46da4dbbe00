//! Machines and callers that leave nothing as it should be: the verdict stays the same.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use gonogo_testkit::fake::Fake;
use gonogo_testkit::http::{Scripted, answer, response};
use gonogo_tests::{Gonogo, judged_with};

/// Makes a gate of one check of a server.
fn gate(server: &Scripted) -> String {
    format!(
        "version: 1\ngate: g\nchecks:\n  a: {{ http: '{}' }}\n",
        server.url("/")
    )
}

fn fine() -> Scripted {
    Scripted::start(answer(response("200 OK", &[], b"ok"))).unwrap()
}

#[test]
fn what_the_environment_says_about_proxies_and_databases_does_not_act() {
    let (server, elsewhere) = (fine(), Fake::http_banner().unwrap());
    let proxy = format!("http://{}", elsewhere.address());
    let mut call = Gonogo::new(&["check", "-o", "json"]).gate(&format!(
        "{}  b: {{ postgres: 'postgres://u@{}/d?sslmode=disable' }}\n  c: {{ redis: 'redis://{1}' }}\n",
        gate(&server),
        Fake::refuse().unwrap().address()
    ));
    for name in [
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
        "REDIS_URL",
        "DATABASE_URL",
    ] {
        call = call.env(name, &proxy);
    }
    let port = elsewhere.port().to_string();
    for (name, value) in [
        ("PGHOST", "127.0.0.1"),
        ("PGHOSTADDR", "127.0.0.1"),
        ("PGPORT", port.as_str()),
        ("PGUSER", "somebody"),
        ("PGPASSWORD", "ambient-password"),
        ("PGSSLMODE", "disable"),
        ("PGSERVICE", "other"),
        ("PGOPTIONS", "-c default_transaction_read_only=off"),
        ("GONOGO_LOG", "trace"),
        ("RUST_LOG", "trace"),
        ("RUST_BACKTRACE", "full"),
    ] {
        call = call.env(name, value);
    }
    let home = call.folder().to_owned();
    fs::write(
        home.join(".netrc"),
        "machine 127.0.0.1 login somebody password ambient-password\n",
    )
    .unwrap();
    fs::write(home.join(".pgpass"), "*:*:*:*:ambient-password\n").unwrap();
    let call = call.env("HOME", &home.display().to_string());
    assert_eq!(
        judged_with(call),
        [
            "NO-GO",
            "a passed",
            "b failed net/refused",
            "c failed net/refused"
        ]
    );
    assert_eq!(elsewhere.connections(), 0, "nobody was sent there");
    let request = server.requests().concat().to_lowercase();
    assert!(!request.contains("authorization"), "{request}");
}

#[test]
fn an_empty_environment_is_enough() {
    let server = fine();
    let mut call = Gonogo::new(&["check", "-o", "json"]).gate(&gate(&server));
    call.command().env_clear();
    assert_eq!(judged_with(call), ["GO", "a passed"]);
}

#[test]
fn odd_values_in_the_environment_change_nothing() {
    let server = fine();
    for (name, value) in [
        ("COLUMNS", "0"),
        ("COLUMNS", "1"),
        ("COLUMNS", "-7"),
        ("COLUMNS", "99999999999999999999"),
        ("LC_ALL", "C"),
        ("LC_ALL", "tr_TR.UTF-8"),
        ("LANG", "no_such_LOCALE"),
        ("TERM", ""),
        ("TERM", "dumb"),
        ("TZ", ":/dev/urandom"),
        ("HOME", "/no/such/folder"),
        ("TMPDIR", "/no/such/folder"),
        ("PATH", ""),
        ("CI", "true"),
        ("NO_COLOR", "1"),
        ("CLICOLOR_FORCE", "1"),
    ] {
        for format in [&["check", "-o", "json"][..], &["check"]] {
            let call = Gonogo::new(format).gate(&gate(&server)).env(name, value);
            let run = call.run().exits(0);
            let colored = |c: char| c.is_control() && c != '\n';
            assert!(
                !run.stderr.contains(colored),
                "{name}={value}: {:?}",
                run.stderr
            );
            if name == "LC_ALL" && value == "C" {
                assert!(
                    run.stdout.is_ascii() && run.stderr.is_ascii(),
                    "{}",
                    run.stdout
                );
            }
        }
    }
}

#[test]
fn a_folder_that_is_gone_and_an_input_that_is_closed_do_not_matter() {
    let server = fine();
    let folder = Gonogo::new(&[]).gate(&gate(&server));
    let file = folder.folder().join("probes.yaml").display().to_string();
    let script = "mkdir gone && cd gone && rmdir ../gone && exec \"$0\" check \"$1\" -q <&-";
    let mut shell = Command::new("sh");
    let output = shell
        .args(["-c", script])
        .arg(gonogo_tests::program("gonogo"))
        .arg(&file)
        .current_dir(folder.folder())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.starts_with("GO  g  1 passed"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_closed_standard_error_takes_nothing_from_the_verdict() {
    let server = fine();
    let mut call = Gonogo::new(&["check"]).gate(&gate(&server));
    call.command()
        .stderr(File::options().write(true).open("/dev/full").unwrap());
    assert!(call.run().exits(0).stdout.contains("GO  g  1 passed"));
}

/// A report on its way into a pipe that nobody reads: the first signal ends what is left to do.
#[test]
fn a_report_that_nobody_takes_can_be_interrupted() {
    let server = fine();
    for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let mut call = Gonogo::new(&["check", "-q", "-o", "json=pipe"]).gate(&gate(&server));
        let pipe = call.folder().join("pipe");
        assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
        let mut child = call.command().stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert!(
            line.starts_with("GO  g"),
            "the verdict comes before the files: {line}"
        );
        let killed = Command::new("kill")
            .args([format!("-{signal}"), child.id().to_string()])
            .status()
            .unwrap();
        assert!(killed.success());
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal}");
    }
}

#[test]
fn what_does_not_fit_into_the_arguments_is_a_usage_mistake() {
    let server = fine();
    let huge = "x".repeat(100_000);
    for arguments in [
        &["check", "--deadline", "99999999h"][..],
        &["check", "--wait", "0s"],
        &["check", "--wait", "5"],
        &["check", "--jobs", "0"],
        &["check", "--jobs", "4294967297"],
        &["check", "--only", huge.as_str()],
        &[
            "check",
            "--only",
            "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b",
        ],
        &["check", "--var", "novalue"],
        &["check", "-o", "json="],
        &["check", "probes.yaml", "probes.yaml"],
        &["check", "\u{1b}[2J"],
        &["probe"],
        &["probe", "nonsense"],
        &["probe", "env:NOT_SET_HERE"],
        &["probe", "http://127.0.0.1:1/", "--expect", "nonsense"],
        &["probe", "tcp", "127.0.0.1:1", "--set", "nope=1"],
        &["run", "show", "no-such.json"],
        &["explain", "no-such-topic"],
    ] {
        let run = Gonogo::new(arguments).gate(&gate(&server)).run().exits(2);
        assert!(
            run.stderr.starts_with("error"),
            "{arguments:?}: {}",
            run.stderr
        );
        assert!(!run.stderr.contains("panick"), "{arguments:?}");
    }
    assert_eq!(server.requests().len(), 0, "nothing was probed");
}
