//! Tests of `command`: real programs of this machine.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::time::{Duration, Instant};

use gonogo_kind::{Entry, Node, NodeValue, Spanned};
use gonogo_kind::{FieldMistake, FieldValue, Fields, KindTable as _, SecretText, Span};
use gonogo_model::{Effect, Observation, Outcome, Reading, Value};
use gonogo_testkit::folder::Folder;
use serde_json::json;
use tokio::sync::oneshot;

use super::KIND;
use crate::registry::Kinds;
use crate::testing::{Look, look};

fn list(items: &[&str]) -> Node {
    Node {
        value: NodeValue::List(items.iter().copied().map(Node::quoted).collect()),
        span: Span::NOWHERE,
    }
}

fn map(entries: &[(&str, Node)]) -> Node {
    let entry = |(key, value): &(&str, Node)| Entry {
        key: Spanned {
            value: (*key).to_owned(),
            span: Span::NOWHERE,
        },
        value: value.clone(),
    };
    Node {
        value: NodeValue::Map(entries.iter().map(entry).collect()),
        span: Span::NOWHERE,
    }
}

fn command(argv: &[&str]) -> Look {
    look("command", &[]).field("argv", list(argv)).built_in()
}

fn shell(script: &str) -> Look {
    command(&["sh", "-c", script])
}

/// Returns the whole observation, times masked.
fn seen(observation: &Observation) -> serde_json::Value {
    let mut observation = observation.clone();
    if let Some(Reading::Value(_)) = observation.get("duration") {
        observation.set("duration", Value::text("masked"));
    }
    serde_json::to_value(observation).unwrap()
}

#[tokio::test]
async fn a_command_that_ends_well_passes() {
    let (judged, observation) = shell("echo '{\"ready\": 3}'; echo careful >&2")
        .expect_node("json", &map(&[("$.ready", Node::plain("at least 3"))]))
        .judge()
        .await;
    assert_eq!(judged.outcome, Outcome::Passed, "{judged:?}");
    assert_eq!(
        seen(&observation),
        json!({
            "facts": [
                ["exit_code", {"value": {"integer": 0}}],
                ["signal", "absent"],
                ["duration", {"value": {"text": "masked"}}],
                ["stdout", {"value": {"text": "{\"ready\": 3}"}}],
                ["stderr", {"value": {"text": "careful"}}],
                ["stdout_size", {"value": {"size": 13}}],
                ["lines", {"value": {"list": [{"text": "{\"ready\": 3}"}]}}],
                ["json", {"value": {"json": {"ready": 3}}}],
            ],
            "faults": [],
            "phases": [],
            "notes": [],
        })
    );
}

#[tokio::test]
async fn an_exit_code_other_than_zero_fails() {
    let (judged, observation) = shell("echo a; echo b; echo 'no disk' >&2; exit 3")
        .judge()
        .await;
    assert_eq!(judged.outcome, Outcome::Failed);
    assert_eq!(judged.findings.len(), 1);
    assert_eq!(judged.findings[0].got, "3");
    assert_eq!(
        seen(&observation),
        json!({
            "facts": [
                ["exit_code", {"value": {"integer": 3}}],
                ["signal", "absent"],
                ["duration", {"value": {"text": "masked"}}],
                ["stdout", {"value": {"text": "a\nb"}}],
                ["stderr", {"value": {"text": "no disk"}}],
                ["stdout_size", {"value": {"size": 4}}],
                ["lines", {"value": {"list": [{"text": "a"}, {"text": "b"}]}}],
                ["json", {"unreadable": {
                    "code": "command/not_json",
                    "message": "the standard output is not JSON: expected value at line 1 column 1",
                }}],
            ],
            "faults": [],
            "phases": [],
            "notes": ["its last words on standard error: no disk"],
        })
    );
}

#[tokio::test]
async fn a_refusal_can_be_wanted() {
    let (judged, _) = look("command", &[])
        .field("argv", list(&["sh", "-c", "exit 3"]))
        .expect("exit_code", "3")
        .judge()
        .await;
    assert_eq!(judged.outcome, Outcome::Passed);
}

#[tokio::test]
async fn a_command_that_cannot_start_is_unknown() {
    for (argv, why) in [
        (
            "gonogo-no-such-program",
            "cannot start gonogo-no-such-program: there is no such program in PATH",
        ),
        (
            "/nowhere/x",
            "cannot start /nowhere/x: it does not exist, or the interpreter in its first line does not",
        ),
        (
            "./src",
            "cannot start ./src: it is not a file that we may execute",
        ),
    ] {
        // A folder of PATH that we may not look into would be a reason of its own.
        let path = map(&[("PATH", Node::plain("/usr/bin:/bin"))]);
        let (judged, observation) = command(&[argv]).field("env", path).judge().await;
        assert_eq!(judged.outcome, Outcome::Unknown);
        assert_eq!(judged.code.unwrap().as_str(), "command/cannot_start");
        assert_eq!(observation.faults[0].message, why);
    }
    let (judged, observation) = command(&["true"])
        .field("cwd", Node::plain("nowhere"))
        .judge()
        .await;
    assert_eq!(judged.outcome, Outcome::Unknown);
    let message = "cannot start true: the folder ./nowhere does not exist";
    assert_eq!(observation.faults[0].message, message);
}

/// A pipe that a command and all it starts hold open: it tells when the first of them runs, and when the last
/// one is gone.
struct Witness {
    folder: Folder,
    started: oneshot::Receiver<String>,
    gone: oneshot::Receiver<()>,
}

impl Witness {
    fn new() -> Self {
        let folder = Folder::new("witness").unwrap();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let (tell_started, started) = oneshot::channel();
        let (tell_gone, gone) = oneshot::channel();
        // A thread that nobody waits for: a program that outlives its check must fail the test, and not hang it.
        std::thread::spawn(move || {
            let mut pipe = BufReader::new(File::open(pipe).unwrap());
            let mut line = String::new();
            pipe.read_line(&mut line).unwrap();
            // Whoever does not wait for one of the two is not told.
            let _unheard = tell_started.send(line);
            pipe.read_to_end(&mut Vec::new()).unwrap();
            let _unheard = tell_gone.send(());
        });
        Self {
            folder,
            started,
            gone,
        }
    }

    /// Returns a script that holds the pipe, and says so.
    fn held_by(&self, script: &str) -> String {
        let pipe = self.folder.path().join("pipe");
        format!("exec 9> {}; echo held >&9; {script}", pipe.display())
    }

    /// Waits until nothing holds the pipe any more.
    async fn all_gone(self) {
        let gone = tokio::time::timeout(Duration::from_secs(60), self.gone).await;
        gone.expect("a child of the command outlived it").unwrap();
    }
}

#[tokio::test]
async fn a_command_that_hangs_is_ended_with_all_it_started() {
    let witness = Witness::new();
    let begun = Instant::now();
    // The command and its children refuse to be asked; the pipe tells when the last of them is gone.
    let script = "trap '' TERM; sh -c \"trap '' TERM; sleep 1000\" & echo $! >&2; wait";
    let (judged, observation) = shell(&witness.held_by(script))
        .timeout(Duration::from_millis(400))
        .judge()
        .await;
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(judged.outcome, Outcome::Failed);
    assert_eq!(judged.code.unwrap().as_str(), "command/timeout");
    let fault = &observation.faults[0];
    assert_eq!(
        fault.message,
        "sh did not finish within 400ms and was ended"
    );
    let Some(Reading::Unreadable { .. }) = observation.get("stdout") else {
        panic!("output of a command that was ended is not whole");
    };
    let pid = observation.notes[0].rsplit(' ').next().unwrap();
    assert!(pid.parse::<u32>().is_ok(), "{}", observation.notes[0]);
    witness.all_gone().await;
}

#[tokio::test]
async fn a_dropped_attempt_leaves_nothing_behind() {
    let mut witness = Witness::new();
    let look = shell(&witness.held_by("sleep 1000 & wait"));
    let mut attempt = Box::pin(look.observe());
    tokio::select! {
        _ = &mut attempt => panic!("the command does not end"),
        held = &mut witness.started => assert_eq!(held.unwrap(), "held\n"),
    }
    drop(attempt);
    witness.all_gone().await;
}

#[tokio::test]
async fn a_command_that_a_signal_ends_fails_unless_it_is_wanted() {
    let (judged, observation) = shell("kill -SEGV $$").judge().await;
    assert_eq!(judged.outcome, Outcome::Failed);
    assert_eq!(judged.code.unwrap().as_str(), "command/killed");
    assert_eq!(observation.faults[0].message, "sh was ended by SIGSEGV");
    assert_eq!(observation.get("exit_code"), Some(&Reading::Absent));
    assert_eq!(
        observation.get("signal"),
        Some(&Value::text("SIGSEGV").into())
    );

    let wanted = |signal: &'static str| {
        look("command", &[])
            .field("argv", list(&["sh", "-c", "kill -TERM $$"]))
            .expect("signal", signal)
    };
    assert_eq!(wanted("SIGTERM").judge().await.0.outcome, Outcome::Passed);
    assert_eq!(wanted("SIGSEGV").judge().await.0.outcome, Outcome::Failed);
}

#[tokio::test]
async fn too_much_output_is_unknown_only_where_it_is_needed() {
    let flood = "head -c 300000 /dev/zero; echo done >&2";
    let limited = || shell(flood).field("output_limit", Node::plain("1KiB"));
    let (judged, observation) = limited().judge().await;
    assert_eq!(
        judged.outcome,
        Outcome::Passed,
        "the pipe is drained: {judged:?}"
    );
    assert_eq!(
        observation.get("stdout_size"),
        Some(&Value::size(300_000).into())
    );
    assert_eq!(observation.get("stderr"), Some(&Value::text("done").into()));

    let (judged, _) = limited().expect("stdout", "ready").judge().await;
    assert_eq!(judged.outcome, Outcome::Unknown);
    assert_eq!(judged.code.unwrap().as_str(), "command/output_too_large");
}

#[tokio::test]
async fn output_held_open_by_what_is_left_behind_does_not_hang() {
    let begun = Instant::now();
    let left = || shell("sleep 1000 & echo started");
    let (judged, _) = left().judge().await;
    assert_eq!(judged.outcome, Outcome::Passed);
    assert!(begun.elapsed() < Duration::from_secs(5));
    let (judged, _) = left().expect("stdout", "started").judge().await;
    assert_eq!(judged.outcome, Outcome::Unknown);
    assert_eq!(judged.code.unwrap().as_str(), "command/output_open");
}

#[tokio::test]
async fn output_that_is_not_json_fails_an_expectation_on_json() {
    for output in [
        "\n",
        "ok",
        "{\"status\": \"ok\"",
        "{\"status\": \"ok\", \"status\": \"no\"}",
    ] {
        let (judged, _) = command(&["cat"])
            .field("stdin", Node::plain(output))
            .expect_node("json", &map(&[("$.status", Node::plain("ok"))]))
            .judge()
            .await;
        assert_eq!(judged.outcome, Outcome::Failed, "{output}");
        assert_eq!(
            judged.code.unwrap().as_str(),
            "command/not_json",
            "{output}"
        );
    }
}

#[tokio::test]
async fn the_environment_is_only_what_is_named() {
    let (_, observation) = command(&["env"])
        .field("env", map(&[("TOKEN", Node::plain("canary"))]))
        .field("inherit", list(&["PATH"]))
        .judge()
        .await;
    let path = std::env::var("PATH").unwrap();
    let mut lines = vec![format!("PATH={path}"), "TOKEN=canary".to_owned()];
    let Some(Reading::Value(Value::List(seen))) = observation.get("lines") else {
        panic!("{observation:?}");
    };
    let mut seen: Vec<String> = seen
        .iter()
        .map(|line| match line {
            Value::Text(text) => text.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    seen.sort();
    lines.sort();
    assert_eq!(seen, lines);
}

#[tokio::test]
async fn standard_input_is_empty_or_as_given() {
    let (_, observation) = command(&["cat"]).judge().await;
    assert_eq!(observation.get("stdout"), Some(&Value::text("").into()));
    let (_, observation) = command(&["cat"])
        .field("stdin", Node::plain("ping"))
        .judge()
        .await;
    assert_eq!(observation.get("stdout"), Some(&Value::text("ping").into()));
    // A program that does not read it, however much it is.
    let text = "x".repeat(1_000_000);
    let (judged, _) = command(&["true"])
        .field("stdin", Node::plain(text))
        .judge()
        .await;
    assert_eq!(judged.outcome, Outcome::Passed);
}

#[tokio::test]
async fn output_that_is_not_utf8_is_shown_with_replacements() {
    let (_, observation) = command(&["printf", "a\\377b"]).judge().await;
    assert_eq!(
        observation.get("stdout"),
        Some(&Value::text("a\u{fffd}b").into())
    );
}

#[test]
fn nothing_is_expanded_and_the_effect_is_named() {
    let probe = command(&["echo", "$HOME; rm -rf /", "*"]).probe();
    assert_eq!(probe.effect(), Effect::Executes);
    assert_eq!(probe.subject(), "echo \"$HOME; rm -rf /\" *");
    assert_eq!(probe.origin(), None);
}

#[tokio::test]
async fn arguments_reach_the_command_as_they_are() {
    let (_, observation) = command(&["printf", "%s|", "$HOME", "*", "a b", ";x"])
        .judge()
        .await;
    assert_eq!(
        observation.get("stdout"),
        Some(&Value::text("$HOME|*|a b|;x|").into())
    );
}

#[test]
fn mistakes_of_fields_taken_together_are_told() {
    let secret = |text: &str| SecretText {
        text: text.to_owned(),
        secret: true,
    };
    let compile = |argv: Vec<SecretText>, env: Vec<(String, SecretText)>| {
        let mut fields = Fields::default();
        fields.insert("argv", FieldValue::Texts(argv), Span::NOWHERE);
        fields.insert("env", FieldValue::TextMap(env), Span::NOWHERE);
        Kinds::new().compile(&KIND, &fields).unwrap_err()
    };
    let open = SecretText::open;
    assert_eq!(
        compile(vec![open("curl"), secret("hunter2")], Vec::new()),
        [FieldMistake::new(
            "argv",
            "holds a secret, which every user of this machine can see while the command runs"
        )
        .hint("Give the secret to the command through `env` or `stdin`.")]
    );
    assert_eq!(
        compile(vec![open("")], vec![("A=B".to_owned(), open("x"))]),
        [
            FieldMistake::new("argv", "begins with an empty text, not with a program"),
            FieldMistake::new("env", "`A=B` is not the name of a variable"),
        ]
    );
}

#[test]
fn every_code_is_raised_by_a_test() {
    let tests = include_str!("tests.rs");
    for code in super::codes::ALL {
        assert!(tests.contains(code.code), "{}", code.code);
    }
}
