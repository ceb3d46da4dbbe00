//! `gonogo check --watch-file`: runs the gate again whenever one of its files is saved.
//!
//! Each run is a process of its own, this program without the flag: nothing of one is left in the next, and a
//! file that cannot be read just now is a refused run among others.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;

use gonogo_probes::Kinds;
use gonogo_run::{Refusal, Stop, World, lint};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};
use tokio::sync::watch::Receiver;

use crate::args::CheckArgs;
use crate::exit::Exit;
use crate::signals;
use crate::streams::Streams;

/// Runs the command until a signal ends it.
pub(crate) fn run(args: &CheckArgs, streams: &mut Streams) -> Result<Exit, Refusal> {
    if args.gate.file == "-" {
        let message = "standard input is read once and cannot be watched";
        return Err(Refusal::request("config/cannot_watch", message).hint("Name the gate file."));
    }
    let failed = |error: std::io::Error| {
        Refusal::request("engine/no_runtime", format!("cannot start: {error}"))
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(failed)?;
    let program = std::env::current_exe().map_err(failed)?;
    let words: Vec<OsString> = std::env::args_os()
        .skip(1)
        .filter(|word| word != "--watch-file" && word != "--no-notify")
        .collect();
    runtime.block_on(async {
        let mut stop = signals::listen().map_err(failed)?;
        loop {
            let files = files(args);
            let before = stamps(&files);
            let child = Command::new(&program)
                .args(&words)
                // Whoever saves a file again and again has nothing to say to others.
                .arg("--no-notify")
                // Ctrl-C reaches this process alone, which passes it on once: a run that is asked twice ends at once.
                .process_group(0)
                .kill_on_drop(true)
                .spawn()
                .map_err(failed)?;
            let status = ended(child, &mut stop).await.map_err(failed)?;
            if stop.borrow().is_some() {
                return Ok(exit_of(status));
            }
            let more = match files.len() - 1 {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            streams.talk(&format!(
                "\nwatching {}{more}: saved, it is checked again; Ctrl-C ends\n\n",
                gonogo_report::escape(&args.gate.file)
            ));
            match saved(&files, before, &mut stop).await {
                Next::Run => {}
                Next::Stop(stop) => return Ok(Exit::stopped(stop)),
                Next::Nobody => {
                    streams.complain(
                        "error[output/incomplete]: standard output was closed; nobody reads what a run comes to",
                    );
                    return Ok(Exit::Broken);
                }
            }
        }
    })
}

/// Returns the files that the gate is read from, as far as they can be read.
fn files(args: &CheckArgs) -> Vec<PathBuf> {
    let request = args.gate.request(args.selection.phase.as_deref(), false);
    let gate = PathBuf::from(&request.file);
    let mut files = vec![gate];
    files.extend(request.policies.iter().cloned());
    files.extend(request.var_files.iter().cloned());
    if let Ok(opened) = lint(&request, &World::real(), &Kinds::new()) {
        let included = opened.loaded.sources.names().map(PathBuf::from);
        let included: Vec<PathBuf> = included.filter(|file| file.is_file()).collect();
        files.extend(included);
    }
    let mut seen = std::collections::BTreeSet::new();
    files.retain(|file| seen.insert(fs::canonicalize(file).unwrap_or_else(|_| file.clone())));
    files
}

/// What tells one state of a file from another; none when there is no file.
type Stamp = Option<(u64, u64, i64, i64)>;

fn stamps(files: &[PathBuf]) -> Vec<Stamp> {
    let stamp = |file: &PathBuf| {
        let known = fs::metadata(file).ok()?;
        Some((known.ino(), known.len(), known.mtime(), known.mtime_nsec()))
    };
    files.iter().map(stamp).collect()
}

/// Waits for a run; whoever asks this process to stop asks the run.
async fn ended(mut child: Child, stop: &mut Receiver<Option<Stop>>) -> std::io::Result<ExitStatus> {
    let run = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
    tokio::select! {
        status = child.wait() => return status,
        _ = stop.changed() => {}
    }
    let signal = match *stop.borrow() {
        Some(Stop::Hangup) => Signal::HUP,
        Some(Stop::Terminate) => Signal::TERM,
        Some(Stop::Interrupt) | None => Signal::INT,
    };
    if let Some(run) = run {
        // One that is gone already has its status waiting.
        let _gone = kill_process(run, signal);
    }
    child.wait().await
}

/// What comes after a run.
enum Next {
    /// A file was saved.
    Run,
    /// A signal came.
    Stop(Stop),
    /// Whoever read standard output is gone.
    Nobody,
}

/// Waits until a file is another than before, and stays so for a moment, or until there is no more to wait for.
async fn saved(files: &[PathBuf], before: Vec<Stamp>, stop: &mut Receiver<Option<Stop>>) -> Next {
    let mut looks = tokio::time::interval(LOOK);
    let mut last = before.clone();
    loop {
        tokio::select! {
            _ = stop.changed() => return Next::Stop((*stop.borrow()).unwrap_or(Stop::Interrupt)),
            _ = looks.tick() => {}
        }
        if nobody_reads() {
            return Next::Nobody;
        }
        let now = stamps(files);
        // An editor that is still writing is given the time to end.
        if now != before && now == last {
            return Next::Run;
        }
        last = now;
    }
}

/// Returns whether standard output is a pipe that nobody reads from any more.
fn nobody_reads() -> bool {
    let stdout = std::io::stdout();
    let mut pipe = [PollFd::new(&stdout, PollFlags::empty())];
    let polled = poll(&mut pipe, Some(&Timespec::default()));
    polled.is_ok()
        && pipe
            .iter()
            .any(|pipe| pipe.revents().contains(PollFlags::ERR))
}

/// Returns the exit of a run that was asked to stop.
fn exit_of(status: ExitStatus) -> Exit {
    let signal = status.signal().map(|signal| 128 + signal);
    let code = status
        .code()
        .or(signal)
        .and_then(|code| u8::try_from(code).ok());
    code.map_or(Exit::Broken, Exit::Interrupted)
}

/// How often the files are looked at.
const LOOK: Duration = Duration::from_millis(200);
