//! `gonogo completions` and `gonogo man`: what clap knows of the command line.

use clap::CommandFactory as _;
use clap_complete::Shell;
use gonogo_run::Refusal;

use crate::args::Cli;
use crate::exit::Exit;
use crate::streams::Streams;

/// Prints the completions of a shell.
pub(crate) fn completions(shell: Shell, streams: &mut Streams) -> Result<Exit, Refusal> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "gonogo", &mut script);
    streams.bytes(&script);
    Ok(Exit::Done)
}

/// Prints the manual page.
pub(crate) fn man(streams: &mut Streams) -> Result<Exit, Refusal> {
    streams.bytes(&manual_page(&Cli::command()));
    Ok(Exit::Done)
}

/// Renders a command and all below it as one manual page.
pub(crate) fn manual_page(command: &clap::Command) -> Vec<u8> {
    let mut page = Vec::new();
    let main = clap_mangen::Man::new(command.clone());
    main.render(&mut page).expect("memory takes every byte");
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        let heading = format!(".SH \"GONOGO {}\"\n", sub.get_name().to_uppercase());
        page.extend_from_slice(heading.as_bytes());
        let man = clap_mangen::Man::new(sub.clone().bin_name(format!("gonogo {}", sub.get_name())));
        man.render_synopsis_section(&mut page)
            .expect("memory takes every byte");
        man.render_description_section(&mut page)
            .expect("memory takes every byte");
        man.render_options_section(&mut page)
            .expect("memory takes every byte");
    }
    page
}
