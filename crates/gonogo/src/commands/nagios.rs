//! `gonogo nagios`: runs a gate and answers as a monitoring plugin.

use gonogo_model::Report;
use gonogo_report::nagios::{Service, answer, refusal};
use gonogo_run::{Refusal, RunRequest, World, plan, raise_descriptors};

use crate::args::{NagiosArgs, OutputArgs};
use crate::commands::check::{judge, open_stoppable};
use crate::commands::plan::request as selection;
use crate::exit::Exit;
use crate::logging::Logs;
use crate::streams::Streams;
use crate::terminal::Terminal;

/// Runs the command: whatever happens, the answer stands on standard output.
pub(crate) fn run(
    args: &NagiosArgs,
    terminal: &Terminal,
    logs: &Logs,
    streams: &mut Streams,
) -> Exit {
    let (text, service) = match report(args, terminal, logs, streams) {
        Ok(report) => (answer(&report), Service::of(&report)),
        Err(why) => (refusal(&why.to_string()), Service::Unknown),
    };
    streams.data(&text);
    Exit::Plugin(service)
}

fn report(
    args: &NagiosArgs,
    terminal: &Terminal,
    logs: &Logs,
    streams: &mut Streams,
) -> Result<Report, Refusal> {
    let world = World::real();
    let mut gate = args.gate.request(args.selection.phase.as_deref(), true);
    gate.run_commands = true;
    let (opened, stop) = open_stoppable(&gate)?;
    logs.hide(&opened.loaded.redactor);
    let Some(manifest) = &opened.loaded.manifest else {
        return Err(Refusal::Mistakes(opened.render(false)));
    };
    let plan = plan(manifest, &selection(&args.selection), &world)?;
    let request = RunRequest {
        wait: None,
        deadline: args.deadline,
        fail_fast: false,
        jobs: None,
        descriptors: raise_descriptors(),
    };
    // The monitoring system takes the first line that it sees, so there is no progress.
    let output = OutputArgs {
        quiet: true,
        ..OutputArgs::default()
    };
    judge(
        manifest,
        &plan,
        (&request, stop),
        &world,
        &output,
        *terminal,
        streams,
    )
}

/// Returns the answer to arguments that cannot be read, when they are those of this command.
pub(crate) fn misuse(arguments: &[String], error: &clap::Error) -> Option<String> {
    let mut words = arguments.iter().skip(1).map(String::as_str);
    let command = loop {
        match words.next()? {
            "--color" | "--log-level" => {
                words.next();
            }
            option if option.starts_with('-') => {}
            word => break word,
        }
    };
    (command == "nagios").then(|| {
        let text = error.to_string();
        refusal(text.trim_start_matches("error: "))
    })
}
