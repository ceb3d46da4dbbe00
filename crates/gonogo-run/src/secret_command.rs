//! Runs the program that prints a secret.
//!
//! No shell, nothing of the environment but what is named, no input, a deadline, a cap on what it prints,
//! and a process group of its own that never outlives the call, nor a signal that asks gonogo to stop.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use gonogo_config::{CommandFailure, SecretCommand};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::{Pid, Signal, kill_process_group};

use crate::world::World;

/// Runs the commands of the secrets of one gate.
pub(crate) struct Runner<'w> {
    world: &'w World,
    /// How long all that are still to come may take together.
    left: Cell<Duration>,
}

impl<'w> Runner<'w> {
    pub(crate) const fn new(world: &'w World) -> Self {
        let left = Cell::new(world.command_limit.saturating_mul(ALL));
        Self { world, left }
    }

    /// Returns what the program printed.
    pub(crate) fn run(&self, command: &SecretCommand) -> Result<Vec<u8>, CommandFailure> {
        let began = Instant::now();
        let limit = self.world.command_limit.min(self.left.get());
        let printed = self.run_within(command, began, limit);
        self.left
            .set(self.left.get().saturating_sub(began.elapsed()));
        printed
    }

    fn run_within(
        &self,
        command: &SecretCommand,
        began: Instant,
        limit: Duration,
    ) -> Result<Vec<u8>, CommandFailure> {
        if (self.world.is_stopped)() {
            return Err(cannot(STOPPED));
        }
        let mut child = self.spawn(command)?;
        let group = Group::of(&child);
        let mut streams = Streams::of(&mut child).map_err(|error| cannot(&error.to_string()))?;
        let ended = streams.wait(&mut child, began + limit, &*self.world.is_stopped);
        drop(group);
        // Killed with its group unless it left that; nothing of it is left then, and this does not wait.
        let _killed = child.kill();
        let _reaped = child.wait();
        let status = match ended {
            Ok(status) => status,
            Err(why) => return Err(streams.failure(&why.told(limit))),
        };
        let why = match (status.code(), status.signal()) {
            (Some(0), _) => return Ok(streams.stdout.bytes),
            (Some(code), _) => format!("it ended with exit code {code}"),
            (None, Some(signal)) => format!("signal {signal} ended it"),
            (None, None) => "it did not end well".to_owned(),
        };
        Err(streams.failure(&why))
    }

    fn spawn(&self, command: &SecretCommand) -> Result<Child, CommandFailure> {
        let Some((program, arguments)) = command.argv.split_first() else {
            return Err(cannot("it names no program"));
        };
        let mut child = Command::new(program);
        child
            .args(arguments)
            .current_dir(&command.cwd)
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        for name in &command.inherit {
            if let Some(value) = (self.world.env)(name) {
                child.env(name, value);
            }
        }
        child.spawn().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound if program.contains('/') => {
                cannot("it does not exist, or the interpreter in its first line does not")
            }
            io::ErrorKind::NotFound => cannot("there is no such program in PATH"),
            io::ErrorKind::PermissionDenied => cannot("it is not a file that we may execute"),
            _ => cannot(&error.to_string()),
        })
    }
}

fn cannot(why: &str) -> CommandFailure {
    CommandFailure {
        why: format!("it cannot be started: {why}"),
        stdout: Vec::new(),
        stderr: Vec::new(),
    }
}

/// Why a program was not waited for any longer.
enum Cut {
    Stopped,
    OutOfTime,
    TooMuch,
    StillOpen,
    Lost(io::Error),
}

impl Cut {
    fn told(&self, limit: Duration) -> String {
        match self {
            Self::Stopped => STOPPED.to_owned(),
            Self::OutOfTime => format!("it did not end within {limit:?}"),
            Self::TooMuch => format!("it prints more than {} KiB", MOST_OUTPUT >> 10),
            Self::StillOpen => {
                "it ended and left another program behind that holds its output open".to_owned()
            }
            Self::Lost(error) => format!("its output cannot be read: {error}"),
        }
    }
}

/// Both outputs of a program.
struct Streams {
    stdout: Stream,
    stderr: Stream,
}

struct Stream {
    pipe: Option<File>,
    bytes: Vec<u8>,
    most: usize,
    is_over: bool,
}

impl Streams {
    fn of(child: &mut Child) -> io::Result<Self> {
        let out = child.stdout.take().map(OwnedFd::from);
        let err = child.stderr.take().map(OwnedFd::from);
        Ok(Self {
            stdout: Stream::of(out, MOST_OUTPUT)?,
            stderr: Stream::of(err, MOST_WORDS)?,
        })
    }

    /// Reads both to their ends and waits for that of the program, but not beyond `until`.
    fn wait(
        &mut self,
        child: &mut Child,
        until: Instant,
        is_stopped: &dyn Fn() -> bool,
    ) -> Result<ExitStatus, Cut> {
        let mut ended: Option<(ExitStatus, Instant)> = None;
        loop {
            if is_stopped() {
                return Err(Cut::Stopped);
            }
            self.stdout.drain().map_err(Cut::Lost)?;
            self.stderr.drain().map_err(Cut::Lost)?;
            if self.stdout.is_over {
                return Err(Cut::TooMuch);
            }
            if ended.is_none() {
                let status = child.try_wait().map_err(Cut::Lost)?;
                ended = status.map(|status| (status, Instant::now()));
                if ended.is_some() {
                    continue;
                }
            }
            let is_read = self.stdout.pipe.is_none() && self.stderr.pipe.is_none();
            let until = match ended {
                Some((status, _)) if is_read || !status.success() => return Ok(status),
                // What was written just before the end is still to be read.
                Some((_, at)) => until.min(at + DRAIN),
                None => until,
            };
            let now = Instant::now();
            let Some(left) = until.checked_duration_since(now).filter(|d| !d.is_zero()) else {
                return Err(if ended.is_some() {
                    Cut::StillOpen
                } else {
                    Cut::OutOfTime
                });
            };
            self.wait_for_more(left.min(STEP))?;
        }
    }

    /// Waits until there is something to read, or for so long.
    fn wait_for_more(&self, wait: Duration) -> Result<(), Cut> {
        let pipes = [&self.stdout.pipe, &self.stderr.pipe];
        let pipes = pipes.into_iter().flatten();
        let mut waiting: Vec<PollFd<'_>> = pipes
            .map(|pipe| PollFd::from_borrowed_fd(pipe.as_fd(), PollFlags::IN))
            .collect();
        let wait = Timespec::try_from(wait).map_err(|e| Cut::Lost(io::Error::other(e)))?;
        match poll(&mut waiting, Some(&wait)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(error) => Err(Cut::Lost(error.into())),
        }
    }

    fn failure(self, why: &str) -> CommandFailure {
        CommandFailure {
            why: why.to_owned(),
            stdout: self.stdout.bytes,
            stderr: self.stderr.bytes,
        }
    }
}

impl Stream {
    fn of(pipe: Option<OwnedFd>, most: usize) -> io::Result<Self> {
        if let Some(pipe) = &pipe {
            let flags = fcntl_getfl(pipe)?;
            fcntl_setfl(pipe, flags | OFlags::NONBLOCK)?;
        }
        Ok(Self {
            pipe: pipe.map(File::from),
            bytes: Vec::new(),
            most,
            is_over: false,
        })
    }

    /// Reads what is there, and keeps no more than the most.
    fn drain(&mut self) -> io::Result<()> {
        let mut buffer = [0; 8192];
        // A program that floods must not keep its deadline from being looked at.
        for _ in 0..64 {
            let Some(pipe) = &mut self.pipe else {
                return Ok(());
            };
            match pipe.read(&mut buffer) {
                Ok(0) => self.pipe = None,
                Ok(read) => {
                    let room = self.most - self.bytes.len();
                    let kept = buffer.get(..read.min(room)).unwrap_or_default();
                    self.bytes.extend_from_slice(kept);
                    self.is_over |= read > room;
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// The process group of a program; whatever is left of it ends with this value.
struct Group(Option<Pid>);

impl Group {
    fn of(child: &Child) -> Self {
        Self(i32::try_from(child.id()).ok().and_then(Pid::from_raw))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(pid) = self.0 {
            // It fails when nothing is left, which is what is wanted.
            let _gone = kill_process_group(pid, Signal::KILL);
        }
    }
}

const STOPPED: &str = "a signal asked gonogo to stop";
/// All commands of a gate together may take this many times as long as one of them.
const ALL: u32 = 4;
/// The most that a program may print; a secret has at most 16 KiB.
const MOST_OUTPUT: usize = 1 << 20;
/// How much of its standard error is kept.
const MOST_WORDS: usize = 64 << 10;
/// How long the end of its output is waited for once it has ended.
const DRAIN: Duration = Duration::from_millis(500);
/// How often it is looked at whether a program has ended that closed its output, and for a signal.
const STEP: Duration = Duration::from_millis(20);

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// Runs a script of `sh` on a machine whose environment has PATH, GIVEN and KEPT.
    fn run(script: &str, inherit: &[&str], limit: Duration) -> Result<Vec<u8>, CommandFailure> {
        let world = World {
            env: Box::new(|name| match name {
                "PATH" => std::env::var("PATH").ok(),
                "GIVEN" => Some("given".to_owned()),
                "KEPT" => Some("kept".to_owned()),
                _ => None,
            }),
            command_limit: limit,
            ..World::real()
        };
        let argv = ["sh", "-c", script].map(str::to_owned).to_vec();
        let inherit = ["PATH"].iter().chain(inherit);
        Runner::new(&world).run(&SecretCommand {
            argv,
            inherit: inherit.map(|name| (*name).to_owned()).collect(),
            cwd: PathBuf::from("/"),
        })
    }

    fn why(script: &str) -> (String, String, String) {
        let failure = run(script, &[], LONG).unwrap_err();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (failure.why, text(&failure.stdout), text(&failure.stderr))
    }

    #[test]
    fn what_a_program_prints_comes_back_whole() {
        assert_eq!(run("echo canary", &[], LONG).unwrap(), b"canary\n");
        let large = run("head -c 300000 /dev/zero", &[], LONG).unwrap();
        assert_eq!(large.len(), 300_000);
        let pwd = run("pwd; echo noise >&2", &[], LONG).unwrap();
        assert_eq!(pwd, b"/\n");
    }

    #[test]
    fn it_sees_of_the_environment_what_is_named_and_no_input() {
        let script = "echo \"$GIVEN,$KEPT,$HOME\"; cat";
        assert_eq!(
            run(script, &["GIVEN", "ABSENT"], LONG).unwrap(),
            b"given,,\n"
        );
    }

    #[test]
    fn one_that_fails_says_how_and_why() {
        assert_eq!(
            why("echo half; echo denied >&2; exit 7"),
            (
                "it ended with exit code 7".to_owned(),
                "half\n".to_owned(),
                "denied\n".to_owned()
            )
        );
        assert_eq!(why("kill -9 $$").0, "signal 9 ended it");
    }

    #[test]
    fn one_that_is_not_there_says_so() {
        let world = World::real();
        let command = |program: &str| SecretCommand {
            argv: vec![program.to_owned()],
            inherit: vec!["PATH".to_owned()],
            cwd: PathBuf::from("/"),
        };
        let why = |program: &str| Runner::new(&world).run(&command(program)).unwrap_err().why;
        assert_eq!(
            why("gonogo-has-no-such-program"),
            "it cannot be started: there is no such program in PATH"
        );
        assert_eq!(
            why("./gonogo-has-no-such-program"),
            "it cannot be started: it does not exist, or the interpreter in its first line does not"
        );
        assert_eq!(
            why("/etc/passwd"),
            "it cannot be started: it is not a file that we may execute"
        );
    }

    #[test]
    fn one_that_hangs_is_ended_with_everything_it_started() {
        let folder = gonogo_testkit::folder::Folder::new("secret-command").unwrap();
        let pid = folder.path().join("pid");
        let script = format!(
            "echo canary; sleep 1000 & echo $! > {}; wait",
            pid.display()
        );
        let began = Instant::now();
        let failure = run(&script, &[], SHORT).unwrap_err();
        assert_eq!(failure.why, "it did not end within 700ms");
        assert!(began.elapsed() < LONG);
        let pid: i32 = std::fs::read_to_string(pid)
            .unwrap()
            .trim()
            .parse()
            .unwrap();
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // Gone, or dead and not yet buried by whoever inherited it.
        assert!(stat.is_empty() || stat.contains(") Z "), "{stat}");
    }

    #[test]
    fn one_that_floods_is_ended_at_once() {
        let began = Instant::now();
        assert_eq!(why("yes canary").0, "it prints more than 1024 KiB");
        assert!(began.elapsed() < LONG);
    }

    #[test]
    fn one_that_floods_its_error_output_is_read_to_its_end() {
        let script = "head -c 5000000 /dev/zero >&2; echo canary";
        assert_eq!(run(script, &[], LONG).unwrap(), b"canary\n");
    }

    #[test]
    fn one_that_leaves_another_behind_on_its_output_is_refused() {
        let failure = run("sleep 1000 & echo canary", &[], LONG).unwrap_err();
        assert_eq!(
            failure.why,
            "it ended and left another program behind that holds its output open"
        );
    }

    #[test]
    fn one_that_closes_its_output_is_still_waited_for() {
        let failure = run("exec >&- 2>&-; sleep 1000", &[], SHORT).unwrap_err();
        assert_eq!(failure.why, "it did not end within 700ms");
    }

    #[test]
    fn all_of_them_together_have_a_limit_too() {
        let world = World {
            command_limit: Duration::from_millis(200),
            ..World::real()
        };
        let runner = Runner::new(&world);
        let hang = SecretCommand {
            argv: ["sleep", "1000"].map(str::to_owned).to_vec(),
            inherit: vec!["PATH".to_owned()],
            cwd: PathBuf::from("/"),
        };
        let began = Instant::now();
        for _ in 0..20 {
            assert!(runner.run(&hang).is_err());
        }
        assert!(began.elapsed() < Duration::from_secs(4));
    }

    const LONG: Duration = Duration::from_secs(20);
    const SHORT: Duration = Duration::from_millis(700);
}
