//! `check --watch-file`: every save is a run, and a signal ends it with the code of the signal.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStderr, Command, Stdio};

use gonogo_testkit::fake::Fake;
use gonogo_testkit::folder::Folder;
use gonogo_tests::{Gonogo, program};

struct Watch {
    child: Child,
    talk: BufReader<ChildStderr>,
    folder: Folder,
}

impl Watch {
    fn start(gate: &str, more: &[&str]) -> Self {
        let folder = Folder::new("watch").unwrap();
        folder.write("probes.yaml", gate).unwrap();
        folder
            .write(
                "more.yaml",
                "version: 1\nvars: { code: '0' }\nchecks:\n  more: { command: ['true'] }\n",
            )
            .unwrap();
        let mut child = Command::new(program("gonogo"))
            .args(["check", "--watch-file"])
            .args(more)
            .current_dir(folder.path())
            .stdout(Stdio::from(
                std::fs::File::create(folder.path().join("out")).unwrap(),
            ))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let talk = BufReader::new(child.stderr.take().unwrap());
        Self {
            child,
            talk,
            folder,
        }
    }

    /// Reads what is said until a line begins with `start`.
    fn until(&mut self, start: &str) -> String {
        let mut said = String::new();
        loop {
            let mut line = String::new();
            assert_ne!(self.talk.read_line(&mut line).unwrap(), 0, "{said}");
            said.push_str(&line);
            if line.starts_with(start) {
                return said;
            }
        }
    }

    fn signal(&mut self, signal: &str) -> Option<i32> {
        let kill = Command::new("kill")
            .args([&format!("-{signal}"), &self.child.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
        self.child.wait().unwrap().code()
    }

    /// Returns the verdicts so far.
    fn verdicts(&self) -> Vec<String> {
        let out = std::fs::read_to_string(self.folder.path().join("out")).unwrap();
        let words = out.lines().filter_map(|line| line.split("  ").next());
        words.map(str::to_owned).collect()
    }
}

const GATE: &str = "version: 1\ngate: watched\ninclude: [more.yaml]\nchecks:\n  a: { command: [sh, -c, 'exit ${code}'] }\n";

#[test]
fn every_save_is_a_run_and_a_mistake_is_told_and_not_the_end() {
    let mut watch = Watch::start(GATE, &["-q"]);
    let told = watch.until("watching");
    assert!(
        told.ends_with(
            "watching probes.yaml and 1 more: saved, it is checked again; Ctrl-C ends\n"
        ),
        "{told}"
    );
    assert_eq!(watch.verdicts(), ["GO"]);
    let more = "version: 1\nvars: { code: '3' }\nchecks:\n  more: { command: ['true'] }\n";
    watch.folder.write("more.yaml", more).unwrap();
    watch.until("watching");
    assert_eq!(watch.verdicts(), ["GO", "NO-GO"]);
    watch
        .folder
        .write("probes.yaml", "version: 1\ngat: x\n")
        .unwrap();
    let told = watch.until("watching");
    assert!(told.contains("error[config/unknown_key]"), "{told}");
    watch
        .folder
        .write("probes.yaml", &GATE.replace("${code}", "0"))
        .unwrap();
    watch.until("watching");
    assert_eq!(watch.verdicts(), ["GO", "NO-GO", "GO"]);
    assert_eq!(watch.signal("TERM"), Some(143));
}

#[test]
fn a_signal_during_a_run_is_passed_on_and_the_run_still_reports() {
    let silent = Fake::hang().unwrap();
    let gate = format!(
        "version: 1\ngate: watched\nchecks:\n  quick: {{ command: ['true'] }}\n  silent: {{ http: 'http://127.0.0.1:{}/', timeout: 60s }}\n",
        silent.port()
    );
    let mut watch = Watch::start(&gate, &[]);
    // Told as soon as it has passed: then the run is in the middle.
    watch.until("passed");
    assert_eq!(watch.signal("INT"), Some(130));
    let last = watch.verdicts().pop();
    assert_eq!(last.as_deref(), Some("HOLD"));
}

/// Reads the events of a run, to its verdict.
fn events(lines: &mut impl Iterator<Item = std::io::Result<String>>) -> Vec<String> {
    let mut events = Vec::new();
    for line in lines {
        let line: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let event = line["event"].as_str().unwrap().to_owned();
        if event == "judged" {
            events.push(line["verdict"].as_str().unwrap().to_owned());
            return events;
        }
        events.push(event);
    }
    panic!("{events:?}");
}

/// The files that a gate in another folder includes were looked for in a folder that is not there.
#[test]
fn what_a_gate_in_another_folder_includes_is_watched_too() {
    let folder = Folder::new("watch").unwrap();
    std::fs::create_dir(folder.path().join("deploy")).unwrap();
    folder
        .write("deploy/probes.yaml", &GATE.replace("${code}", "0"))
        .unwrap();
    folder
        .write(
            "deploy/more.yaml",
            "version: 1\nchecks:\n  more: { command: ['true'] }\n",
        )
        .unwrap();
    let mut child = Command::new(program("gonogo"))
        .args(["check", "--watch-file", "-q", "deploy/probes.yaml"])
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let talk = BufReader::new(child.stderr.take().unwrap());
    let told = talk
        .lines()
        .map(Result::unwrap)
        .find(|line| line.starts_with("watching"));
    assert_eq!(
        told.as_deref(),
        Some("watching deploy/probes.yaml and 1 more: saved, it is checked again; Ctrl-C ends")
    );
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn events_of_one_run_follow_those_of_another_until_nobody_reads_them() {
    let folder = Folder::new("watch").unwrap();
    let gate = |code: &str| {
        format!("version: 1\ngate: watched\nchecks:\n  a: {{ command: [sh, -c, 'exit {code}'] }}\n")
    };
    folder.write("probes.yaml", &gate("0")).unwrap();
    let mut child = Command::new(program("gonogo"))
        .args(["check", "--watch-file", "-o", "jsonl"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut talk = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut until_it_watches = || {
        let watches = |line: std::io::Result<String>| line.unwrap().starts_with("watching");
        assert!(talk.by_ref().any(watches));
    };
    let wanted = |verdict: &str| {
        [
            "run_started",
            "round_started",
            "check_started",
            "attempt_finished",
            "check_finished",
            "run_finished",
            verdict,
        ]
        .map(str::to_owned)
    };
    assert_eq!(events(&mut lines), wanted("GO"));
    until_it_watches();
    // A gate with a mistake has no events.
    folder.write("probes.yaml", "version: 1\ngat: x\n").unwrap();
    until_it_watches();
    folder.write("probes.yaml", &gate("1")).unwrap();
    assert_eq!(events(&mut lines), wanted("NO-GO"));
    until_it_watches();
    drop(lines);
    assert_eq!(child.wait().unwrap().code(), Some(4));
    let last = talk.last().unwrap().unwrap();
    assert_eq!(
        last,
        "error[output/incomplete]: standard output was closed; nobody reads what a run comes to"
    );
}

#[test]
fn standard_input_cannot_be_watched() {
    let run = Gonogo::new(&["check", "-", "--watch-file"]).run();
    assert_eq!(run.code, Some(2));
    assert_eq!(
        run.stderr,
        "error[config/cannot_watch]: standard input is read once and cannot be watched\n  = help: Name the gate file.\n"
    );
}
