//! `gonogo run merge`: the verdict of all shards together.

use std::path::PathBuf;

use clap::Args;
use gonogo_run::{MergeRequest, Refusal, World, merge_shards};

use crate::args::{CiArgs, OutputArgs, duration};
use crate::commands::baseline::{Baseline, BaselineArgs};
use crate::commands::check::{finish, one_output_each_place};
use crate::commands::run_show::declared;
use crate::exit::Exit;
use crate::streams::Streams;
use crate::terminal::Terminal;

/// `gonogo run merge`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct MergeArgs {
    /// The JSON reports of the shards: `gonogo check --shard K/N -o json=FILE`.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Refuses a GO when a shard began longer ago.
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = duration)]
    pub(crate) max_age: std::time::Duration,

    #[command(flatten)]
    pub(crate) baseline: BaselineArgs,

    #[command(flatten)]
    pub(crate) output: OutputArgs,

    #[command(flatten)]
    pub(crate) ci: CiArgs,
}

/// Runs the command.
pub(crate) fn run(
    args: &MergeArgs,
    terminal: &Terminal,
    streams: &mut Streams,
) -> Result<Exit, Refusal> {
    one_output_each_place(&args.output)?;
    let world = World::real();
    let request = MergeRequest {
        files: args.files.clone(),
        max_age: args.max_age,
    };
    let report = merge_shards(&request, &world, &declared)?;
    let baseline = Baseline::read(&args.baseline, &report.record.header.gate, &world, streams)?;
    let ci = args.ci.detect(&world);
    Ok(finish(
        &report,
        &baseline,
        &args.output,
        ci.as_ref(),
        terminal,
        streams,
    ))
}

const EXIT_CODES: &str = "Exit codes:
  0  GO: every shard is there once, sound and of one run, and every blocker is proved
  1  NO-GO: a blocker or a group is proved wrong, whichever shards are missing
  2  nothing to merge: a file that cannot be read, or one that is no shard
  3  HOLD: a shard is missing, doubled, foreign, damaged, interrupted or too old, or something is not proved
  4  an output could not be written whole";
