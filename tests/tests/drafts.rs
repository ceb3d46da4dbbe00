//! `gonogo init` and `gonogo add`: from a folder, and from a live target, to a gate that runs.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use gonogo_testkit::ca::{Ca, Validity};
use gonogo_testkit::http::{Scripted, answer, response};
use gonogo_testkit::postgres::Postgres;
use gonogo_testkit::redis::{self, Redis};
use gonogo_testkit::tls::TlsServer;
use gonogo_tests::Gonogo;

/// Copies a file out of a call's folder into the next call.
fn then(run: &gonogo_tests::Finished, arguments: &[&str]) -> Gonogo {
    Gonogo::new(arguments).gate(&run.folder.read("probes.yaml"))
}

#[test]
fn init_writes_a_gate_that_lint_accepts() {
    let compose = "services:\n  web:\n    image: example/web\n    ports: ['8080:80']\n    healthcheck: { test: curl -f http://localhost/health }\n  job:\n    image: example/job\n";
    let run = Gonogo::new(&["init"])
        .file("compose.yaml", compose)
        .file("package.json", "{\"name\": \"shop\"}")
        .run()
        .exits(0);
    assert_eq!(run.stdout, "");
    assert_eq!(
        run.stderr,
        "no check: compose.yaml:6: service job: it publishes no port and has no healthcheck\n\
         1 check, from what was found\n\
         probes.yaml is written; next:\n  \
         TARGET_HOST=... gonogo lint\n  \
         TARGET_HOST=... gonogo check\n"
    );
    let lint = then(&run, &["lint"])
        .env("TARGET_HOST", "web.example.com")
        .run()
        .exits(0);
    assert_eq!(
        (lint.stdout.as_str(), lint.stderr.as_str()),
        ("", "probes.yaml: 1 check, no mistake, no warning\n")
    );
}

#[test]
fn init_never_overwrites_unasked() {
    let run = Gonogo::new(&["init"]).gate("mine\n").run().exits(2);
    assert_eq!(
        run.stderr,
        "error[config/file_exists]: `probes.yaml` is there already\n  \
         = help: Overwrite it with --force, or look at the text first with `gonogo init -o -`.\n"
    );
    assert_eq!(run.folder.read("probes.yaml"), "mine\n");
    let forced = Gonogo::new(&["init", "--force"])
        .gate("mine\n")
        .run()
        .exits(0);
    assert!(forced.folder.read("probes.yaml").contains("checks:\n"));
}

#[test]
fn init_prints_on_request_and_writes_nothing() {
    let run = Gonogo::new(&["init", "-o", "-"])
        .gate("mine\n")
        .run()
        .exits(0);
    assert!(run.stdout.contains("\nchecks:\n"), "{}", run.stdout);
    assert_eq!(
        run.stderr,
        "nothing was found that gonogo knows: the gate is an example to start from\n"
    );
    assert_eq!(run.folder.read("probes.yaml"), "mine\n");
}

#[test]
fn init_of_no_folder_is_refused() {
    let run = Gonogo::new(&["init", "nowhere"]).run().exits(2);
    assert!(
        run.stderr
            .starts_with("error[config/unreadable_file]: cannot look through `nowhere`: "),
        "{}",
        run.stderr
    );
}

/// Starts a server that answers every request with a health document.
fn health() -> Scripted {
    let body = br#"{"status":"ok","time":"2026-11-20T12:00:00Z","uptime":81234,"database":{"connected":true,"latency_ms":3},"version":"1.4.2"}"#;
    Scripted::start(answer(response(
        "200 OK",
        &["content-type: application/json; charset=utf-8"],
        body,
    )))
    .unwrap()
}

/// Takes measured durations out of a text.
fn timeless(text: &str) -> String {
    let cut = |line: &str| match line.split_once("# took ") {
        Some((kept, _)) => format!("{kept}# took ..."),
        None => line.to_owned(),
    };
    text.split('\n').map(cut).collect::<Vec<_>>().join("\n")
}

/// Returns the lines that `add` makes of the health document.
fn health_check(id: &str, url: &str) -> String {
    format!(
        "  # Made by `gonogo add`: it expects what was seen.\n  {id}:\n    http: {url}\n    expect:\n      status: 200\n      \
         content_type: application/json\n      json:\n        $.status: ok\n        $.database.connected: true\n      \
         duration: under 500ms # took ..."
    )
}

#[test]
fn add_begins_a_gate_with_what_is_worth_expecting() {
    let server = health();
    let url = server.url("/health");
    let run = Gonogo::new(&["add", &url, "--id", "api"])
        .file("package.json", "{\"name\": \"shop\"}")
        .run()
        .exits(0);
    let check = health_check("api", &url);
    assert_eq!(timeless(&run.stdout), format!("checks:\n{check}\n"));
    assert_eq!(
        run.stderr.lines().last(),
        Some("check `api` is added to probes.yaml")
    );
    assert_eq!(
        timeless(&run.folder.read("probes.yaml")),
        format!(
            "# A gate, begun by `gonogo add`. A check says what must be true before a deploy.\nversion: 1\ngate: shop\n\nchecks:\n{check}\n"
        )
    );
    let lint = then(&run, &["lint"]).run().exits(0);
    assert_eq!(
        (lint.stdout.as_str(), lint.stderr.as_str()),
        ("", "probes.yaml: 1 check, no mistake, no warning\n")
    );
    let check = then(&run, &["check", "-q"]).run().exits(0);
    assert!(
        check.stdout.starts_with("GO  shop  1 passed"),
        "{}",
        check.stdout
    );
}

#[test]
fn add_changes_nothing_else_in_the_file() {
    let server = health();
    let url = server.url("/health");
    let before = "# The gate of the shop.\r\nversion: 1\r\ngate:   shop   # odd spaces stay\r\n\r\nphases: [pre, post]\r\nvars: { host: { env: TARGET_HOST } }\r\n\r\nchecks:\r\n  # the first\r\n  a:\r\n    tcp: ${host}:80 # why\r\n    phases: [pre]\r\n\r\n  b: { tcp: \"${host}:81\" }\r\n  # the end of the checks\r\n\r\n# groups: { g: any }";
    let run = Gonogo::new(&[
        "add", &url, "--id", "c", "--phase", "pre", "--phase", "post",
    ])
    .gate(before)
    .run()
    .exits(0);
    let added = format!("\r\n{}\n    phases: [pre, post]\n", health_check("c", &url))
        .replace("\r\n", "\n")
        .replace('\n', "\r\n");
    let (head, tail) = before.split_at(before.find("\r\n# groups").unwrap());
    assert_eq!(
        timeless(&run.folder.read("probes.yaml")).replace("...\n", "...\r\n"),
        format!("{head}{added}{tail}")
    );
}

#[test]
fn add_keeps_secrets_out_of_the_file_and_the_output() {
    let postgres = Postgres::shared().unwrap();
    let name = Postgres::fresh_name("drafts");
    let database_url = postgres.database(&name, "canary-password").unwrap();
    let redis = redis::Setup::default()
        .password("canary-redis")
        .start()
        .unwrap();
    let cache_url = format!("redis://:canary-redis@127.0.0.1:{}/0", redis.port());
    let before = "version: 1\ngate: shop\n\nchecks:\n  a: { tcp: \"127.0.0.1:1\" }\n";
    let run = Gonogo::new(&["add", "env:DATABASE_URL"])
        .gate(before)
        .env("DATABASE_URL", &database_url)
        .run()
        .exits(0);
    let file = run.folder.read("probes.yaml");
    let version = file
        .split("# was ")
        .nth(1)
        .and_then(|rest| rest.lines().next())
        .unwrap();
    let major = version.split('.').next().unwrap();
    let database = format!(
        "  # Made by `gonogo add`: it expects what was seen.\n  database:\n    postgres: ${{database_url}}\n    expect:\n      \
         role: primary\n      version: at least {major} # was {version}\n"
    );
    assert_eq!(
        file,
        format!(
            "version: 1\ngate: shop\n\nsecrets:\n  database_url: {{ env: DATABASE_URL }}\n\nchecks:\n  a: {{ tcp: \"127.0.0.1:1\" }}\n\n{database}"
        )
    );
    let second = then(&run, &["add", "env:CACHE_URL", "--id", "cache"])
        .env("CACHE_URL", &cache_url)
        .run()
        .exits(0);
    let file = second.folder.read("probes.yaml");
    assert!(
        file.contains("  database_url: { env: DATABASE_URL }\n  cache_url: { env: CACHE_URL }\n"),
        "{file}"
    );
    assert!(
        file.ends_with("  cache:\n    redis: ${cache_url}\n    expect:\n      role: primary\n"),
        "{file}"
    );
    let again = then(&second, &["add", "env:CACHE_URL"])
        .env("CACHE_URL", &cache_url)
        .run()
        .exits(2);
    assert_eq!(
        again.folder.read("probes.yaml"),
        file,
        "nothing was written"
    );
    for text in [
        &run.stdout,
        &run.stderr,
        &second.stdout,
        &second.stderr,
        &again.stdout,
        &again.stderr,
        &file,
    ] {
        assert!(!text.contains("canary"), "{text}");
    }
}

#[test]
fn add_refuses_a_secret_that_is_written_out_before_it_looks() {
    let server = health();
    for target in [
        format!("http://u:canary@127.0.0.1:{}/", server.port()),
        server.url("/health?token=canary"),
    ] {
        let run = Gonogo::new(&["add", &target]).run().exits(2);
        assert_eq!(
            run.stderr,
            "error[config/written_secret]: the target holds a password or a token, and a gate file holds none\n  \
             = help: Put the whole target into an environment variable and name that: gonogo add env:DATABASE_URL.\n"
        );
        assert!(!run.folder.path().join("probes.yaml").exists());
    }
    assert_eq!(server.requests(), [""; 0], "nobody was asked");
}

#[test]
fn add_takes_only_what_passes() {
    let sick = Scripted::start(answer(response("503 Down", &[], b"no"))).unwrap();
    let before = "version: 1\ngate: g\nchecks:\n  a: { tcp: \"127.0.0.1:1\" }\n";
    let run = Gonogo::new(&["add", &sick.url("/")])
        .gate(before)
        .run()
        .exits(1);
    assert!(
        run.stdout.starts_with("failed    http  http://127.0.0.1:"),
        "{}",
        run.stdout
    );
    assert!(
        run.stderr
            .ends_with("nothing is added: a check starts from a target that passes by itself\n"),
        "{}",
        run.stderr
    );
    assert_eq!(run.folder.read("probes.yaml"), before);
    let unknown = Gonogo::new(&["add", "command", "/no/such/program"])
        .gate(before)
        .run()
        .exits(3);
    assert_eq!(unknown.folder.read("probes.yaml"), before);
}

#[test]
fn add_shows_what_to_paste_where_it_cannot_write() {
    let server = health();
    let before = "version: 1\ngate: g\nchecks: { a: { tcp: \"127.0.0.1:1\" } }\n";
    let run = Gonogo::new(&["add", &server.url("/health"), "--id", "b"])
        .gate(before)
        .run()
        .exits(2);
    assert_eq!(
        timeless(&run.stdout),
        format!("checks:\n{}\n", health_check("b", &server.url("/health")))
    );
    assert!(
        run.stderr.ends_with(
            "error[config/no_place]: `probes.yaml` takes no check as text: `checks` is written in braces\n  \
             = help: Paste the check that is shown where it belongs; nothing was written.\n"
        ),
        "{}",
        run.stderr
    );
    assert_eq!(run.folder.read("probes.yaml"), before);
}

#[test]
fn add_makes_no_mistake_in_a_file_and_no_second_check_unasked() {
    let server = health();
    let url = server.url("/health");
    let before = "version: 1\ngate: g\nchecks:\n  a: { tcp: \"127.0.0.1:1\" }\n";
    let phase = Gonogo::new(&["add", &url, "--phase", "later"])
        .gate(before)
        .run()
        .exits(2);
    assert!(
        phase.stderr.contains("error[config/unknown_phase]"),
        "{}",
        phase.stderr
    );
    assert_eq!(phase.folder.read("probes.yaml"), before);
    let first = Gonogo::new(&["add", &url]).gate(before).run().exits(0);
    let second = then(&first, &["add", &url]).run().exits(2);
    assert_eq!(
        second.stderr,
        "error[config/same_target]: check `127-0-0-1` in line 7 looks at that already\n  \
         = help: Change that check, or give the second one a name of its own: --id NAME.\n"
    );
    let named = then(&first, &["add", &url, "--id", "again"]).run().exits(0);
    assert_eq!(
        then(&named, &["lint"]).run().exits(0).stderr,
        "probes.yaml: 3 checks, no mistake, no warning\n"
    );
    for id in ["A b", "x: {}"] {
        let bad = Gonogo::new(&["add", &url, "--id", id])
            .gate(before)
            .run()
            .exits(2);
        assert!(
            bad.stderr.starts_with("error[config/bad_id]"),
            "{}",
            bad.stderr
        );
    }
}

#[test]
fn add_keeps_the_mark_the_mode_and_the_link_of_a_file() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let server = health();
    let before = "\u{feff}version: 1\ngate: g\nchecks:\n  a: { tcp: \"127.0.0.1:1\" }\n";
    let call = Gonogo::new(&["add", &server.url("/health"), "--id", "b"]).file("real.yaml", before);
    let real = call.folder().join("real.yaml");
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real.yaml", call.folder().join("probes.yaml")).unwrap();
    let run = call.run().exits(0);
    let check = health_check("b", &server.url("/health"));
    assert_eq!(
        timeless(&run.folder.read("real.yaml")),
        format!("{before}\n{check}\n")
    );
    let kept = run.folder.path().join("real.yaml");
    assert_eq!(
        std::fs::metadata(kept).unwrap().permissions().mode() & 0o777,
        0o640
    );
    assert!(run.folder.path().join("probes.yaml").is_symlink());
    assert_eq!(
        std::fs::read_dir(run.folder.path()).unwrap().count(),
        2,
        "no draft is left"
    );
}

#[test]
fn add_trusts_whom_the_gate_trusts() {
    let ca = Ca::new();
    let server = TlsServer::start(&ca.leaf(&["127.0.0.1"]).issue()).unwrap();
    let before =
        "version: 1\ngate: g\ntls: { roots: ca.pem }\nchecks:\n  a: { tcp: \"127.0.0.1:1\" }\n";
    let address = format!("127.0.0.1:{}", server.port());
    let run = Gonogo::new(&["add", "tls", &address, "--id", "edge"])
        .gate(before)
        .file("ca.pem", &ca.root_pem())
        .run()
        .exits(0);
    assert_eq!(
        run.folder.read("probes.yaml"),
        format!(
            "{before}\n  # Made by `gonogo add`: it expects what was seen.\n  edge:\n    tls: {address}\n    expect:\n      \
             expires_in: over 14d\n    should:\n      expires_in: over 30d\n"
        )
    );
}

#[test]
fn what_would_fail_at_once_is_left_out_and_told() {
    let ca = Ca::new();
    let issued = ca.leaf(&["127.0.0.1"]).valid(Validity::days(20)).issue();
    let server = TlsServer::start(&issued).unwrap();
    let address = format!("127.0.0.1:{}", server.port());
    let run = Gonogo::new(&["add", "tls", &address, "--set", "roots=ca.pem"])
        .file("ca.pem", &ca.root_pem())
        .run()
        .exits(0);
    assert!(
        run.stdout.ends_with(&format!(
            "    tls:\n      address: {address}\n      roots: ca.pem\n    expect:\n      expires_in: over 14d\n"
        )),
        "{}",
        run.stdout
    );
    assert!(
        run.stderr
            .contains("not expected: expires_in over 30d: it does not hold now, and is left out\n"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_first_gate_of_a_live_stack_says_go() {
    let web = health();
    let postgres = Postgres::shared().unwrap();
    let url = postgres
        .database(&Postgres::fresh_name("drafts"), "canary-password")
        .unwrap();
    let redis = Redis::start().unwrap();
    let compose = format!(
        "services:\n  web:\n    image: example/web\n    ports: ['{}:3000']\n    healthcheck: {{ test: 'curl -f http://localhost:3000/health' }}\n  \
         cache:\n    image: redis:7\n    ports: ['{}:6379']\n  db:\n    image: postgres:15\n",
        web.port(),
        redis.port(),
    );
    let run = Gonogo::new(&["init"])
        .file("compose.yaml", &compose)
        .file(".env", &format!("DATABASE_URL={url}\n"))
        .run()
        .exits(0);
    let gate = run.folder.read("probes.yaml");
    for text in [&gate, &run.stdout, &run.stderr] {
        assert!(!text.contains("canary"), "{text}");
    }
    let set = |call: Gonogo| {
        call.env("TARGET_HOST", "127.0.0.1")
            .env("DATABASE_URL", &url)
            .env("REDIS_URL", &redis.url())
    };
    let lint = set(then(&run, &["lint"])).run().exits(0);
    assert_eq!(
        (lint.stdout.as_str(), lint.stderr.as_str()),
        ("", "probes.yaml: 3 checks, no mistake, no warning\n")
    );
    let check = set(then(&run, &["check", "-o", "json"])).run().exits(0);
    assert_eq!(
        check.outcomes(),
        ["web passed", "cache passed", "db passed"]
    );
}
