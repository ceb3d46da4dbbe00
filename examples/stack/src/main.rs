//! The sample stack of the demo: what the gate of `examples/demo` looks at.
//!
//! Five services, HTTPS with a throw-away CA, a DNS zone, and a SQLite database with migrations, all
//! on free loopback ports; with `--real` PostgreSQL, Redis, nginx and Prometheus on the ports of the
//! seeds instead, with `--real-on-free-ports` the same on free ports. It takes commands line by line (`break NAME`, `mend NAME`, `stop`) and answers each
//! with one line, `ok ...` or `error ...`; it ends when its input does.
#![expect(
    clippy::print_stdout,
    reason = "the answers of a program that is driven by its input"
)]

mod database;
mod edge;
mod fault;
mod ports;
mod real;
mod services;
mod stack;
mod zone;

use std::io::{self, BufRead as _};
use std::path::PathBuf;
use std::process::ExitCode;

use stack::{Servers, Stack, Trouble};

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            answer(&Err(trouble));
            ExitCode::FAILURE
        }
    }
}

fn serve() -> Result<(), Trouble> {
    let (dir, servers) = arguments()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let mut stack = runtime.block_on(Stack::start(&dir, servers))?;
    answer(&Ok(stack.describe()));
    for line in io::stdin().lock().lines() {
        let line = line?;
        match line.split_once(' ').unwrap_or((line.as_str(), "")) {
            ("stop", _) => break,
            ("break", name) => answer(&runtime.block_on(stack.break_down(name))),
            ("mend", name) => answer(&runtime.block_on(stack.mend(name))),
            (other, _) => answer(&Err(Trouble::new(format!("no such command: {other}")))),
        }
    }
    drop(stack);
    answer(&Ok("stopped".to_owned()));
    Ok(())
}

fn arguments() -> Result<(PathBuf, Servers), Trouble> {
    let mut words = std::env::args().skip(1);
    let (mut dir, mut servers) = (None, Servers::Embedded);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--dir" => dir = words.next().map(PathBuf::from),
            "--real" => servers = Servers::RealOnSeedPorts,
            "--real-on-free-ports" => servers = Servers::RealOnFreePorts,
            other => return Err(Trouble::new(format!("unknown argument {other}"))),
        }
    }
    let dir = dir.ok_or_else(|| {
        Trouble::new("usage: sample-stack --dir DIR [--real | --real-on-free-ports]")
    })?;
    Ok((dir, servers))
}

fn answer(result: &Result<String, Trouble>) {
    match result {
        Ok(text) => println!("ok {text}"),
        Err(trouble) => println!("error {}", trouble.to_string().replace('\n', "\\n")),
    }
}
