//! `gonogo run show`: a saved run, as it was seen when it ran; and the other commands on saved runs.

use gonogo_kind::KindTable as _;
use gonogo_model::CodeDecl;
use gonogo_probes::Kinds;
use gonogo_run::{Refusal, World, read_report};

use crate::args::RunCommand;
use crate::commands::baseline::Baseline;
use crate::commands::check::one_output_each_place;
use crate::commands::{run_diff, run_merge, show};
use crate::exit::Exit;
use crate::streams::Streams;
use crate::terminal::Terminal;

/// Runs the command.
pub(crate) fn run(
    command: &RunCommand,
    terminal: &Terminal,
    streams: &mut Streams,
) -> Result<Exit, Refusal> {
    match command {
        RunCommand::Show {
            file,
            baseline,
            output,
        } => {
            one_output_each_place(output)?;
            let world = World::real();
            let report = read_report(file, &world, &declared)?;
            let baseline = Baseline::read(baseline, &report.record.header.gate, &world, streams)?;
            let written = show::report(&report, &baseline, output, terminal, streams);
            Ok(if written { Exit::Done } else { Exit::Broken })
        }
        RunCommand::Merge(args) => run_merge::run(args, terminal, streams),
        RunCommand::Diff {
            before,
            after,
            output,
        } => run_diff::run(before, after, *output, terminal, streams),
    }
}

/// Returns the declaration of a code that belongs to a kind.
pub(crate) fn declared(code: &str) -> Option<&'static CodeDecl> {
    let kinds = Kinds::new();
    kinds
        .kinds()
        .iter()
        .flat_map(|kind| kind.codes)
        .find(|decl| decl.code == code)
        .copied()
}
