//! `gonogo completions` and `gonogo man`: what clap knows of the command line.

use std::fs;
use std::io;
use std::path::Path;

use clap::{Command, CommandFactory as _};
use clap_complete::Shell;
use gonogo_kind::closest;
use gonogo_run::Refusal;

use crate::args::{Cli, ManArgs};
use crate::exit::Exit;
use crate::streams::Streams;

/// Prints the completions of a shell.
pub(crate) fn completions(shell: Shell, streams: &mut Streams) -> Result<Exit, Refusal> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "gonogo", &mut script);
    streams.bytes(&script);
    Ok(Exit::Done)
}

/// Prints the manual page of a command, or writes the pages of all of them into a folder.
pub(crate) fn man(args: &ManArgs, streams: &mut Streams) -> Result<Exit, Refusal> {
    let mut root = Cli::command().disable_help_subcommand(true);
    root.build();
    if let Some(folder) = &args.folder {
        return Ok(match write_pages(root, folder) {
            Ok(()) => Exit::Done,
            Err(error) => {
                streams.complain(&format!(
                    "error[output/unwritable]: {}: {error}",
                    folder.display()
                ));
                Exit::Broken
            }
        });
    }
    let mut command = &root;
    for word in &args.command {
        command = below(command)
            .find(|sub| sub.get_name() == word)
            .ok_or_else(|| unknown_command(command, word))?;
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone())
        .render(&mut page)
        .expect("memory takes every byte");
    streams.bytes(&page);
    Ok(Exit::Done)
}

fn write_pages(root: Command, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    clap_mangen::generate_to(root, folder)
}

/// Returns the commands below a command that are not for the house alone.
fn below(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|sub| !sub.is_hide_set())
}

fn unknown_command(command: &Command, word: &str) -> Refusal {
    let refusal = Refusal::request(
        "config/unknown_command",
        format!("`{}` has no command `{word}`", command.get_name()),
    );
    match closest(word, below(command).map(Command::get_name)) {
        Some(name) => refusal.hint(format!("Did you mean `{name}`?")),
        None => refusal.hint("`gonogo --help` lists the commands."),
    }
}
