//! Starts servers of this machine so that none outlives the test process.

use std::io;
use std::net::TcpListener;
use std::process::{Child, Command};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, OnceLock};

/// A running server; ends when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
}

impl Server {
    /// Starts a program that ends with this value, or with this process if that is killed.
    ///
    /// # Errors
    ///
    /// When the program cannot be started.
    pub fn start(command: Command) -> io::Result<Self> {
        let (answer, result) = channel();
        starter()
            .lock()
            .expect("the starter never panics while it is locked")
            .send((command, answer))
            .expect("the starter lives as long as the process");
        result
            .recv()
            .expect("the starter answers every request")
            .map(|child| Self { child })
    }

    /// Returns the process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Returns whether the program is still running.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Ends the program at once and waits for it.
    pub fn stop(&mut self) {
        // It may have ended by itself: there is nothing left to do then.
        let _killed = self.child.kill();
        let _status = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Returns a port that was free a moment ago.
///
/// # Errors
///
/// When no port is left.
pub fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Starts a server on a free port, and once more on another if somebody was faster to take that one.
///
/// # Errors
///
/// When it does not start on any of three ports.
pub fn on_free_port<S>(mut start: impl FnMut(u16) -> io::Result<S>) -> io::Result<(S, u16)> {
    for _ in 0..2 {
        let port = free_port()?;
        if let Ok(server) = start(port) {
            return Ok((server, port));
        }
    }
    let port = free_port()?;
    Ok((start(port)?, port))
}

/// Wraps a command so that the kernel ends the program with the thread that started it.
fn tied_to_parent(command: &Command) -> Command {
    let mut tied = Command::new("setpriv");
    tied.args(["--pdeathsig", "KILL", "--"])
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => tied.env(name, value),
            None => tied.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        tied.current_dir(folder);
    }
    tied.stdin(std::process::Stdio::null());
    tied
}

type Request = (Command, Sender<io::Result<Child>>);

/// The death signal is sent when the starting *thread* ends, and a test's thread ends with the test;
/// this one lives as long as the process.
fn starter() -> &'static Mutex<Sender<Request>> {
    static STARTER: OnceLock<Mutex<Sender<Request>>> = OnceLock::new();
    STARTER.get_or_init(|| {
        let (requests, inbox) = channel::<Request>();
        std::thread::spawn(move || {
            for (command, answer) in inbox {
                let mut tied = tied_to_parent(&command);
                // `Command` gives no access to its streams: servers write to files of their own.
                tied.stdout(std::process::Stdio::null())
                    .stderr(std::process::Stdio::null());
                // Nobody waits for the answer any more: the server ends with its handle.
                let _unsent = answer.send(tied.spawn());
            }
        });
        Mutex::new(requests)
    })
}
