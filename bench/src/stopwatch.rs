//! Runs one program and says what it cost: `bench-stopwatch [--descriptors N] FOLDER PROGRAM ARGS...`
//!
//! Prints the exit code, the wall time and the processor time in microseconds, and the peak of the
//! resident memory in KiB. What the program writes goes to `stdout` and `stderr` in the folder.
//!
//! A process of its own: a child's peak begins with the memory of whoever starts it, so the starter has
//! to be small.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "its figures are its output"
)]

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use rustix::process::{Resource, Rlimit, setrlimit};
use wait4::Wait4 as _;

fn main() -> ExitCode {
    match run(std::env::args_os().skip(1)) {
        Ok(figures) => {
            println!("{figures}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("bench-stopwatch: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut words: impl Iterator<Item = OsString>) -> io::Result<String> {
    let mut word = || {
        words.next().ok_or_else(|| {
            io::Error::other("usage: bench-stopwatch [--descriptors N] FOLDER PROGRAM ARGS...")
        })
    };
    let mut first = word()?;
    if first == "--descriptors" {
        let most = word()?;
        let most = most.to_str().and_then(|text| text.parse().ok());
        let most = most.ok_or_else(|| io::Error::other("--descriptors wants a number"))?;
        // Both limits, as `ulimit -n` sets them: the program cannot raise its own again.
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        setrlimit(Resource::Nofile, limit)?;
        first = word()?;
    }
    let folder = Path::new(&first);
    let program = word()?;
    let mut command = Command::new(program);
    command
        .args(words)
        .stdin(Stdio::null())
        .stdout(File::create(folder.join("stdout"))?)
        .stderr(File::create(folder.join("stderr"))?);
    let began = Instant::now();
    let mut child = command.spawn()?;
    let used = child.wait4()?;
    let wall = began.elapsed().as_micros();
    let status = used.status;
    let code = status
        .code()
        .ok_or_else(|| io::Error::other(format!("the program ended by a signal: {status}")))?;
    let processor = (used.rusage.utime + used.rusage.stime).as_micros();
    let peak = used.rusage.maxrss / 1024;
    Ok(format!("{code} {wall} {processor} {peak}"))
}
