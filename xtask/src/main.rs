//! The house's own commands: `cargo xtask demo | test | gen | tidy | bench | fuzz | dist | new-kind`.
//!
//! Each command does all the set-up it needs, says what it does, and leaves nothing running.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool of the house talks to people"
)]

mod bench;
mod demo;
mod dist;
mod folder;
mod fuzz;
mod generate;
mod new_kind;
mod packages;
mod shell;
mod test;
mod tidy;

use std::process::ExitCode;

use shell::Failure;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<(), Failure> {
    match words {
        ["demo", rest @ ..] => demo::run(rest),
        ["test", rest @ ..] => test::run(rest),
        ["gen"] => generate::run(generate::Mode::Write),
        ["gen", "--check"] => generate::run(generate::Mode::Check),
        ["tidy"] => tidy::run(),
        ["bench", rest @ ..] => bench::run(rest),
        ["fuzz", rest @ ..] => fuzz::run(rest),
        ["dist", rest @ ..] => dist::run(rest),
        ["new-kind", name] => new_kind::run(name),
        ["packages"] => packages::install(packages::ALL),
        [] | ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            Ok(())
        }
        other => Err(Failure::new(format!("unknown command `{}`", other.join(" "))).hint(HELP)),
    }
}

const HELP: &str = "cargo xtask COMMAND

  demo [--real] [--break NAME]
                    starts a sample stack, judges it (GO), breaks one thing, judges it again (NO-GO);
                    --real does it on PostgreSQL, Redis, nginx and Prometheus, on the ports of the seeds
  test [ARGS]       installs the servers the tests need, builds, and runs every test
  gen [--check]     writes what is generated (schema, reference pages); --check fails when it is stale
  tidy              holds the house rules: dependencies between crates, licences, sizes, words
  bench [NAME...]   measures speed, memory and size, and prints a table
  fuzz [TARGET] [--minutes N]
                    looks for inputs that break a reader of foreign text; saves them into its corpus
  dist [--twice]    makes the packages of the last commit: a static program, a Debian package, the list of what
                    is inside, checksums; --twice makes them again elsewhere and compares the bytes
  new-kind NAME     starts a probe kind: its folder and its lines in the table
  packages          installs the Debian packages that tests and demo need";
