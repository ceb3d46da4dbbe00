//! Runs the command and ends it, with everything it started, by the deadline.

use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use gonogo_kind::{BoxFuture, Probe, ProbeCx, SecretText};
use gonogo_model::codes::net;
use gonogo_model::{CodeDecl, Effect, Fault, Observation, Reading, Value};
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::{Child, Command};
use tokio::time::{sleep_until, timeout_at};

use super::codes;
use super::facts::signal_name;
use super::output::{Capture, feed};

/// A command with its arguments, environment and limits.
#[derive(Debug)]
pub(super) struct CommandProbe {
    pub(super) program: String,
    pub(super) arguments: Vec<String>,
    pub(super) env: Vec<(String, SecretText)>,
    pub(super) inherit: Vec<String>,
    pub(super) cwd: PathBuf,
    pub(super) stdin: Option<SecretText>,
    pub(super) output_limit: usize,
}

/// What became of a command that was started.
struct Run {
    end: End,
    duration: Duration,
    stdout: Capture,
    stderr: Capture,
}

enum End {
    Exited(ExitStatus),
    OutOfTime,
    /// The system could not say how it ended.
    Lost(io::Error),
}

impl Probe for CommandProbe {
    fn effect(&self) -> Effect {
        Effect::Executes
    }

    fn subject(&self) -> String {
        let words = std::iter::once(&self.program).chain(&self.arguments);
        words.map(|word| shown(word)).collect::<Vec<_>>().join(" ")
    }

    fn origin(&self) -> Option<String> {
        None
    }

    fn observe<'a>(&'a self, cx: &'a ProbeCx) -> BoxFuture<'a, Observation> {
        Box::pin(async move {
            match self.spawn() {
                Ok(child) => self.observation(self.run(child, cx).await, cx),
                Err(fault) => Observation::fault(fault),
            }
        })
    }
}

impl CommandProbe {
    fn spawn(&self) -> Result<Child, Fault> {
        let cannot = |why: &str| {
            let message = format!("cannot start {}: {why}", shown(&self.program));
            Fault::new(codes::CANNOT_START, message)
        };
        if !self.cwd.is_dir() {
            let folder = self.cwd.display();
            return Err(cannot(&format!("the folder {folder} does not exist")));
        }
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .current_dir(&self.cwd)
            .env_clear()
            .stdin(if self.stdin.is_some() {
                Stdio::piped()
            } else {
                Stdio::null()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        for name in &self.inherit {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command.envs(self.env.iter().map(|(name, value)| (name, &value.text)));
        command.spawn().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound if self.program.contains('/') => {
                cannot("it does not exist, or the interpreter in its first line does not")
            }
            io::ErrorKind::NotFound => cannot("there is no such program in PATH"),
            io::ErrorKind::PermissionDenied if self.program.contains('/') => {
                cannot("it is not a file that we may execute")
            }
            io::ErrorKind::PermissionDenied => {
                cannot("there is no program of that name in PATH that we may execute")
            }
            _ if is_exhaustion(&error) => Fault::new(
                net::NO_DESCRIPTORS,
                format!("cannot start {}: {error}", shown(&self.program)),
            ),
            _ => cannot(&error.to_string()),
        })
    }

    async fn run(&self, mut child: Child, cx: &ProbeCx) -> Run {
        let begun = Instant::now();
        let group = Group::of(&child);
        let mut stdout = Capture::new(self.output_limit);
        let mut stderr = Capture::new(self.output_limit);
        let stdin = self.stdin.as_ref().map(|stdin| stdin.text.as_str());
        let streams = pump(&mut child, stdin, &mut stdout, &mut stderr);
        let grace = (cx.timeout() / 20).min(GRACE);
        let end = wait(&mut child, streams, cx.deadline() - grace).await;
        let duration = begun.elapsed();
        if matches!(end, End::OutOfTime) {
            group.signal(Signal::TERM);
            // Whether it obeys or not: what is left is killed with the group.
            let _ended = timeout_at(cx.deadline().into(), child.wait()).await;
        }
        drop(group);
        Run {
            end,
            duration,
            stdout,
            stderr,
        }
    }

    fn observation(&self, run: Run, cx: &ProbeCx) -> Observation {
        let mut observation = Observation::default();
        let (mut exit_code, mut signal) = (Reading::Absent, Reading::Absent);
        match run.end {
            End::Exited(status) => {
                if let Some(code) = status.code() {
                    exit_code = Value::integer(code).into();
                    if code != 0 {
                        observation.notes.extend(last_line(&run.stderr));
                    }
                }
                if let Some(number) = status.signal() {
                    let name = signal_name(number);
                    let message = format!("{} was ended by {name}", shown(&self.program));
                    let fault = Fault::new(codes::KILLED, message);
                    observation
                        .faults
                        .push(fault.shown_by("signal", name.clone()));
                    observation.notes.extend(last_line(&run.stderr));
                    signal = Value::Text(name).into();
                }
            }
            End::OutOfTime => {
                let message = format!(
                    "{} did not finish within {:?} and was ended",
                    shown(&self.program),
                    cx.timeout()
                );
                observation.faults.push(Fault::new(codes::TIMEOUT, message));
                observation.notes.extend(last_line(&run.stderr));
            }
            End::Lost(error) => {
                let message = format!("cannot learn how {} ended: {error}", shown(&self.program));
                observation
                    .faults
                    .push(Fault::new(codes::CANNOT_START, message));
            }
        }
        observation.set("exit_code", exit_code);
        observation.set("signal", signal);
        observation.set("duration", Value::duration(run.duration));
        self.set_output(&mut observation, &run.stdout, &run.stderr);
        observation
    }

    fn set_output(&self, observation: &mut Observation, stdout: &Capture, stderr: &Capture) {
        let out = self.unreadable(stdout, "standard output");
        let err = self.unreadable(stderr, "standard error");
        let text = |capture: &Capture| Reading::from(Value::text(capture.text()));
        let read = |value: &dyn Fn() -> Reading| out.clone().unwrap_or_else(value);
        observation.set("stdout", read(&|| text(stdout)));
        observation.set("stderr", err.unwrap_or_else(|| text(stderr)));
        let size = match out.as_ref() {
            Some(unreadable) if !stdout.is_whole() => unreadable.clone(),
            _ => Value::size(stdout.size()).into(),
        };
        observation.set("stdout_size", size);
        observation.set(
            "lines",
            read(&|| Value::texts(stdout.text().lines()).into()),
        );
        observation.set("json", read(&|| json(stdout)));
    }

    /// Returns why a stream cannot be judged, if it cannot.
    fn unreadable(&self, capture: &Capture, stream: &str) -> Option<Reading> {
        let unreadable = |code: &'static CodeDecl, message: String| {
            Some(Reading::Unreadable {
                code: code.into(),
                message,
            })
        };
        if capture.is_too_large() {
            let limit = self.output_limit;
            let message = format!("the {stream} is larger than output_limit, {limit} bytes");
            unreadable(codes::OUTPUT_TOO_LARGE, message)
        } else if capture.is_whole() {
            None
        } else {
            let message = format!("the {stream} was still open when the command had ended");
            unreadable(codes::OUTPUT_OPEN, message)
        }
    }
}

/// Feeds the command and reads both of its outputs to their end.
fn pump<'a>(
    child: &mut Child,
    text: Option<&'a str>,
    stdout: &'a mut Capture,
    stderr: &'a mut Capture,
) -> impl Future<Output = ()> + use<'a> {
    let stdin = feed(child.stdin.take(), text);
    let (out, err) = (child.stdout.take(), child.stderr.take());
    async move {
        futures_util::future::join3(stdin, stdout.read(out), stderr.read(err)).await;
    }
}

/// Waits for the end of the command, and a moment longer for the end of its output.
async fn wait(child: &mut Child, streams: impl Future<Output = ()>, until: Instant) -> End {
    let mut streams = std::pin::pin!(streams);
    let mut streams_done = false;
    let status = loop {
        tokio::select! {
            status = child.wait() => break status,
            () = &mut streams, if !streams_done => streams_done = true,
            () = sleep_until(until.into()) => return End::OutOfTime,
        }
    };
    if !streams_done {
        let drained_by = (Instant::now() + DRAIN).min(until);
        // What still holds the output open ends with the group; the output is then not whole.
        let _drained = timeout_at(drained_by.into(), streams).await;
    }
    status.map_or_else(End::Lost, End::Exited)
}

fn json(stdout: &Capture) -> Reading {
    match crate::json::parse(stdout.bytes()) {
        Ok(json) => Value::Json(json).into(),
        Err(why) => Reading::Unreadable {
            code: codes::NOT_JSON.into(),
            message: format!("the standard output is not JSON: {why}"),
        },
    }
}

/// Returns the last line of what went to standard error: programs say there what went wrong.
fn last_line(stderr: &Capture) -> Option<String> {
    let text = stderr.text();
    let line = text.lines().rev().find(|line| !line.trim().is_empty())?;
    let line: String = line.trim().chars().take(LINE).collect();
    Some(format!("its last words on standard error: {line}"))
}

/// Returns a word of the command as one can tell it from its neighbours.
fn shown(word: &str) -> String {
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\'' | '\\');
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("\"{}\"", word.escape_debug())
    }
}

fn is_exhaustion(error: &io::Error) -> bool {
    use rustix::io::Errno;
    [Errno::MFILE, Errno::NFILE]
        .iter()
        .any(|errno| error.raw_os_error() == Some(errno.raw_os_error()))
}

/// The process group of a command; whatever is left of it ends with this value.
///
/// Once the command itself has ended its number could in theory be taken by another group; numbers
/// are given out in turn, and the few microseconds in between are not enough to come round.
struct Group(Option<Pid>);

impl Group {
    fn of(child: &Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self(id.and_then(Pid::from_raw))
    }

    fn signal(&self, signal: Signal) {
        if let Some(pid) = self.0 {
            // It fails when nothing is left, which is what is wanted.
            let _gone = kill_process_group(pid, signal);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.signal(Signal::KILL);
    }
}

/// How long a command has between the request to end and its end.
const GRACE: Duration = Duration::from_millis(200);
/// How long the output of what a command left behind is waited for.
const DRAIN: Duration = Duration::from_millis(500);
/// How much of a line a note shows.
const LINE: usize = 200;
