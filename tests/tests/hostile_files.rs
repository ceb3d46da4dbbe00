//! Files that no honest author wrote: each is refused with exit 2, soon and in little memory.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use gonogo_tests::{Finished, Gonogo};

/// A gate that would be GO if it ran.
const GOOD: &str = "version: 1\ngate: g\nchecks:\n  a: { command: ['true'] }\n";

/// Runs a call that must be refused, and returns what it said; a debug build gets some more time.
fn refused(call: Gonogo, what: &str) -> Finished {
    let begun = Instant::now();
    let mut run = call.run();
    let took = begun.elapsed();
    assert_eq!(run.code, Some(2), "{what}: {}{}", run.stdout, run.stderr);
    assert!(took < Duration::from_secs(5), "{what} took {took:?}");
    // What is wrong is what `lint` was asked for, so it is there on standard output.
    if !run.stdout.is_empty() {
        run.stderr = std::mem::take(&mut run.stdout);
    }
    let said = &run.stderr;
    assert!(said.starts_with("error[config/"), "{what}: {said}");
    assert!(said.len() < 200_000, "{what}: {} bytes", said.len());
    let hidden = |c: char| c.is_control() && c != '\n';
    assert!(!said.contains(hidden), "{what}: {said:?}");
    run
}

/// Prepares a call that may use 512 MiB of memory.
fn frugal(arguments: &[&str]) -> Gonogo {
    let mut call = Gonogo::new(arguments);
    let binary = call.command().get_program().to_owned();
    let folder = call.folder().to_owned();
    let mut limited = Command::new("prlimit");
    limited
        .arg("--as=536870912")
        .arg("--")
        .arg(binary)
        .args(arguments);
    limited
        .current_dir(folder)
        .stdin(std::process::Stdio::null());
    limited
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    *call.command() = limited;
    call
}

#[test]
fn a_pipe_that_nobody_fills_does_not_hang_the_gate() {
    let call = Gonogo::new(&["check", "pipe.yaml"]);
    let made = Command::new("mkfifo")
        .arg(call.folder().join("pipe.yaml"))
        .status()
        .unwrap();
    assert!(made.success());
    assert_eq!(
        refused(call, "a pipe").stderr,
        "error[config/unreadable_file]: cannot read the gate file `pipe.yaml`: it is a pipe that nobody fills\n"
    );
}

#[test]
fn a_pipe_of_the_shell_is_read_to_its_end() {
    let mut call = Gonogo::new(&["check"]);
    let binary = call.command().get_program().to_owned();
    let script = "exec \"$0\" check -q <(printf '%s' \"$1\"; sleep 0.1; echo '  b: { command: [\"false\"] }')";
    let run = Command::new("bash")
        .args(["-c", script])
        .arg(binary)
        .arg(GOOD)
        .output()
        .unwrap();
    let said = String::from_utf8(run.stdout).unwrap();
    assert!(said.starts_with("NO-GO  g  1 failed, 1 passed"), "{said}");
    assert_eq!(run.status.code(), Some(1));
}

#[test]
fn what_is_no_file_is_refused() {
    for (name, why) in [
        (".", "is a folder"),
        ("/dev/zero", "more than 4 MiB"),
        ("/dev/null", "the file holds nothing"),
        ("loop.yaml", "Too many levels of symbolic links"),
        ("dangling.yaml", "No such file"),
        ("no/such/folder.yaml", "No such file"),
    ] {
        let call = Gonogo::new(&["check", name]);
        std::os::unix::fs::symlink("loop.yaml", call.folder().join("loop.yaml")).unwrap();
        std::os::unix::fs::symlink("nowhere", call.folder().join("dangling.yaml")).unwrap();
        let run = refused(call, name);
        assert!(run.stderr.contains(why), "{name}: {}", run.stderr);
    }
}

#[test]
fn a_link_to_a_gate_is_a_gate() {
    let call = Gonogo::new(&["check", "link.yaml", "-q"]).gate(GOOD);
    std::os::unix::fs::symlink("probes.yaml", call.folder().join("link.yaml")).unwrap();
    call.run().exits(0);
}

#[test]
fn bombs_end_soon_and_in_little_memory() {
    let doubling: String = ('b'..='m')
        .map(|c| {
            let before = char::from_u32(u32::from(c) - 1).unwrap();
            format!("{c}: &{c} [{}]\n", vec![format!("*{before}"); 9].join(","))
        })
        .collect();
    let many_checks: String = (0..20_001)
        .map(|n| format!("  a{n}: {{ tcp: 'example.com:1' }}\n"))
        .collect();
    let many_instances: Vec<String> = (0..20_001).map(|n| format!("x{n}")).collect();
    let circle: String = (0..5_000)
        .map(|n| {
            format!(
                "  a{n}: {{ tcp: 'example.com:1', needs: [a{}] }}\n",
                (n + 1) % 5_000
            )
        })
        .collect();
    let head = "version: 1\ngate: g\nchecks:\n";
    for (what, text) in [
        ("aliases of aliases", format!("a: &a [x]\n{doubling}")),
        (
            "a large text many times",
            format!(
                "a: &a \"{}\"\nb: [{}*a]\n",
                "x".repeat(50_000),
                "*a, ".repeat(50_000)
            ),
        ),
        ("an alias inside itself", "a: &a [*a]\n".to_owned()),
        ("lists in lists", "[".repeat(200_000)),
        ("maps in maps", "{a: ".repeat(200_000)),
        ("dashes", "- ".repeat(200_000)),
        ("keys of keys", "? ".repeat(200_000)),
        ("one byte too many", "#".repeat((4 << 20) + 1)),
        ("lines", "\n".repeat(1 << 20)),
        ("a text of 4 MB", "x".repeat(4_000_000)),
        (
            "a hundred thousand keys",
            format!("{head}  a:\n{}", "    k: 1\n".repeat(100_000)),
        ),
        ("too many checks", format!("{head}{many_checks}")),
        (
            "too many instances",
            format!(
                "{head}  a: {{ each: [{}], tcp: 'example.com:1' }}\n",
                many_instances.join(",")
            ),
        ),
        ("a circle of 5,000", format!("{head}{circle}")),
        (
            "a variable many times",
            format!(
                "version: 1\ngate: g\nvars: {{ x: {{ default: {} }} }}\nchecks:\n  a: {{ tcp: 'example.com:1', title: '{}' }}\n",
                "y".repeat(100_000),
                "${x}".repeat(100_000)
            ),
        ),
        (
            "a regex of a billion states",
            format!(
                "{head}  a:\n    command: [x]\n    expect: {{ stdout: {{ matches: '((a{{1000}}){{1000}}){{1000}}' }} }}\n"
            ),
        ),
        (
            "hidden characters",
            format!("{GOOD}    title: \"\u{1b}[2J\u{202e}\u{0}\"\n"),
        ),
        (
            "not a text",
            String::from_utf8_lossy(&[0x80; 64]).into_owned(),
        ),
    ] {
        refused(frugal(&["check"]).gate(&text), what);
    }
}

#[test]
fn bytes_that_are_no_utf8_are_refused() {
    let wide: Vec<u8> = GOOD.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (what, bytes) in [
        ("UTF-16", [&[0xff, 0xfe][..], &wide].concat()),
        (
            "Latin-1",
            [GOOD.as_bytes(), b"    title: caf\xe9\n"].concat(),
        ),
        (
            "noise",
            (0..4096_u32)
                .map(|n| (n * 167 % 251).to_le_bytes()[0])
                .collect(),
        ),
    ] {
        let call = Gonogo::new(&["check"]);
        fs::write(call.folder().join("probes.yaml"), bytes).unwrap();
        refused(call, what);
    }
}

#[test]
fn files_of_variables_are_no_better() {
    for (text, why) in [
        ("[a, b]", "config/"),
        ("host: a\nhost: b\n", "config/duplicate_key"),
        ("host: [a]\n", "config/"),
        ("nope: 1\n", "config/"),
        ("host: &a [*a]\n", "config/"),
        ("host: !!python/object x\n", "config/tag"),
        ("--- \nhost: a\n---\nhost: b\n", "config/second_document"),
        ("host: \"\u{1b}[2J\"\n", "config/hidden_character"),
    ] {
        let gate = "version: 1\ngate: g\nvars: { host: { default: example.com } }\nchecks:\n  a: { command: ['true', '${host}'] }\n";
        let call = Gonogo::new(&["check", "--var-file", "vars.yaml"])
            .gate(gate)
            .file("vars.yaml", text);
        let run = refused(call, text);
        assert!(run.stderr.contains(why), "{text}: {}", run.stderr);
    }
}

#[test]
fn a_limit_that_is_none_is_a_mistake() {
    for check in [
        "{ http: { url: 'http://127.0.0.1:1/', body_limit: 99999TiB } }",
        "{ command: { argv: ['true'], output_limit: 2GiB } }",
    ] {
        let gate = format!("version: 1\ngate: g\nchecks:\n  a: {check}\n");
        let run = refused(Gonogo::new(&["check"]).gate(&gate), check);
        assert!(run.stderr.contains("is more than 1GiB"), "{}", run.stderr);
    }
}
