//! `gonogo init` and `gonogo add`: from a folder, and from a live target, to a gate that runs.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

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
