//! The gonogo binary: command line, signals, terminal, exit code.
//!
//! # Invariants
//!
//! - The only place that prints. Standard output is data, standard error is talk.
//! - The exit code of `check` and `probe` comes from the judgement and from nowhere else; see `exit.rs`.

mod args;
mod commands;
mod exit;
mod explain;
mod live_lines;
mod logging;
mod progress;
mod signals;
mod streams;
mod terminal;

use std::process::ExitCode;

use clap::Parser as _;
use clap::error::{ContextKind, ContextValue};

use args::{Cli, Command};
use exit::Exit;
use gonogo_report::nagios::Service;
use streams::Streams;
use terminal::Terminal;

#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // What clap refuses is a usage error (exit 2), what it prints on request is data (exit 0).
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&without_urls(error)),
    };
    let logs = logging::start(cli.log_level);
    let terminal = Terminal::detect(cli.color);
    let mut streams = Streams::standard();
    let work = std::panic::AssertUnwindSafe(|| run(&cli.command, &terminal, &logs, &mut streams));
    let exit = match std::panic::catch_unwind(work) {
        Ok(exit) => exit,
        // The panic hook has told what there is to tell; gonogo itself failed.
        Err(_) if matches!(cli.command, Command::Nagios(_)) => Exit::Plugin(Service::Unknown),
        Err(_) => Exit::Broken,
    };
    ExitCode::from(exit.code())
}

/// Takes out of a complaint what follows the scheme of a URL: it may hold a password.
fn without_urls(mut error: clap::Error) -> clap::Error {
    for kind in [ContextKind::InvalidValue, ContextKind::InvalidArg] {
        if let Some(ContextValue::String(text)) = error.get(kind)
            && let Some((scheme, _)) = text.split_once("://")
        {
            let shown = ContextValue::String(format!("{scheme}://..."));
            // What was there before is what must not be shown.
            let _hidden = error.insert(kind, shown);
        }
    }
    error
}

fn usage(error: &clap::Error) -> ExitCode {
    let printed = error.print();
    let arguments: Vec<String> = std::env::args_os()
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    if error.use_stderr()
        && let Some(answer) = commands::nagios::misuse(&arguments, error)
    {
        Streams::standard().data(&answer);
        return ExitCode::from(Exit::Plugin(Service::Unknown).code());
    }
    let exit = match (error.use_stderr(), printed) {
        (true, _) => Exit::Refused,
        (false, Ok(())) => Exit::Done,
        (false, Err(_)) => Exit::Broken,
    };
    ExitCode::from(exit.code())
}

fn run(
    command: &Command,
    terminal: &Terminal,
    logs: &logging::Logs,
    streams: &mut Streams,
) -> Exit {
    let result = match command {
        Command::Check(args) if args.watch_file => commands::watch::run(args, streams),
        Command::Check(args) => commands::check::run(args, terminal, logs, streams),
        Command::Nagios(args) => Ok(commands::nagios::run(args, terminal, logs, streams)),
        Command::Probe(args) => commands::probe::run(args, terminal, logs, streams),
        Command::Lint(args) => commands::lint::run(args, terminal, streams),
        Command::Add(args) => commands::add::run(args, terminal, logs, streams),
        Command::Init(args) => commands::init::run(args, streams),
        Command::Plan(args) => commands::plan::run(args, terminal, logs, streams),
        Command::Explain(args) => commands::explain::run(args, terminal, streams),
        Command::Reference { folder } => commands::reference::run(folder, streams),
        Command::Doctor => commands::doctor::run(terminal, streams),
        Command::Run(args) => commands::run_show::run(args, terminal, streams),
        Command::Schema { of } => commands::schema::run(*of, streams),
        Command::Completions { shell } => commands::shell::completions(*shell, streams),
        Command::Man(args) => commands::shell::man(args, streams),
    };
    let exit = result.unwrap_or_else(|error| {
        streams.complain(&error.to_string());
        Exit::Refused
    });
    if streams.lost_output() {
        Exit::Broken.unless_worse(exit)
    } else {
        exit
    }
}
