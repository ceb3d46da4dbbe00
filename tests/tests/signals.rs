//! A run that is interrupted still reports: what is known, what is not, and by which signal.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use gonogo_testkit::fake::Fake;
use gonogo_testkit::folder::Folder;
use gonogo_tests::{outcomes, program};

#[test]
fn a_signal_keeps_what_is_known_and_says_so_in_the_exit_code() {
    for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let silent = Fake::hang().unwrap();
        let folder = Folder::new("signals").unwrap();
        let gate = format!(
            "version: 1\ngate: signals\nchecks:\n  quick: {{ command: ['true'] }}\n  \
             silent: {{ http: 'http://127.0.0.1:{}/', timeout: 60s }}\n  later: {{ command: ['true'], needs: [silent] }}\n",
            silent.port()
        );
        folder.write("probes.yaml", &gate).unwrap();
        let mut child = Command::new(program("gonogo"))
            .args(["check", "-o", "json"])
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The quick check is told as soon as it has passed: then the run is in the middle.
        let mut talk = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.starts_with("passed") {
            line.clear();
            assert_ne!(
                talk.read_line(&mut line).unwrap(),
                0,
                "the quick check passes first"
            );
        }
        let kill = Command::new("kill")
            .args([&format!("-{signal}"), &child.id().to_string()])
            .status()
            .unwrap();
        assert!(kill.success());
        let mut stdout = String::new();
        child
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut stdout)
            .unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal}");
        let report: serde_json::Value = serde_json::from_str(&stdout).unwrap();
        assert_eq!(
            (&report["interrupted"], &report["signal"]),
            (&true.into(), &signal.into())
        );
        assert_eq!(report["verdict"], "HOLD", "{signal}");
        assert_eq!(
            outcomes(&report),
            [
                "quick passed",
                "silent skipped needs/interrupted",
                "later skipped needs/interrupted"
            ],
            "{signal}"
        );
    }
}

#[test]
fn a_signal_ends_the_program_that_prints_a_secret() {
    for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let folder = Folder::new("signals").unwrap();
        let started = folder.path().join("started");
        let made = Command::new("mkfifo").arg(&started).status().unwrap();
        assert!(made.success());
        let gate = "version: 1\ngate: signals\nsecrets:\n  \
             token: { command: [sh, -c, 'exec 3> started; sleep 1000 & echo ready >&3; wait'], inherit: [PATH] }\n  \
             other: { command: [sh, -c, 'echo too late > late; echo canary-1'], inherit: [PATH] }\n\
             checks:\n  api: { http: { url: 'http://127.0.0.1:1/', headers: { a: '${token}${other}' } } }\n";
        folder.write("probes.yaml", gate).unwrap();
        let mut child = Command::new(program("gonogo"))
            .arg("check")
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Both programs hold the other end of this pipe for as long as they live.
        let mut pipe = BufReader::new(fs::File::open(&started).unwrap());
        let mut line = String::new();
        pipe.read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        let began = Instant::now();
        let kill = Command::new("kill")
            .args([&format!("-{signal}"), &child.id().to_string()])
            .status()
            .unwrap();
        assert!(kill.success());
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal}");
        let mut said = String::new();
        let mut stderr = child.stderr.take().unwrap();
        stderr.read_to_string(&mut said).unwrap();
        assert_eq!(said, "stopped by a signal before anything was judged\n");
        assert_eq!(pipe.read_to_string(&mut line).unwrap(), 0);
        assert!(began.elapsed() < Duration::from_secs(300), "{signal}");
        assert!(!folder.path().join("late").exists());
    }
}
