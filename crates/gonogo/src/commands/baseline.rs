//! `--baseline`: the run with which another is compared.

use std::path::PathBuf;

use clap::Args;
use gonogo_model::Report;
use gonogo_report::diff::Since;
use gonogo_run::{Refusal, World, read_baseline};

use crate::commands::run_show::declared;
use crate::streams::Streams;

/// With what the run is compared.
#[derive(Debug, Default, Args)]
pub(crate) struct BaselineArgs {
    /// Says what changed since this earlier run of the gate; read before anything runs, and it never changes the verdict.
    ///
    /// A file that is not there yet makes everything new, so `--baseline last.json -o json=last.json` is what a
    /// schedule wants.
    #[arg(long, value_name = "RUN.json")]
    pub(crate) baseline: Option<PathBuf>,
}

/// What `--baseline` asked for.
#[derive(Debug, Default)]
pub(crate) enum Baseline {
    /// Nothing.
    #[default]
    Unasked,
    /// A run that has not been yet.
    First,
    /// An earlier run.
    Run(Box<Report>),
}

impl Baseline {
    /// Reads it; a file that is not there yet is told.
    pub(crate) fn read(
        args: &BaselineArgs,
        gate: &str,
        world: &World,
        streams: &mut Streams,
    ) -> Result<Self, Refusal> {
        let Some(path) = &args.baseline else {
            return Ok(Self::Unasked);
        };
        let Some(report) = read_baseline(path, gate, world, &declared)? else {
            streams.complain(&format!(
                "note: the baseline `{}` is not there yet: everything is new",
                gonogo_report::escape(&path.to_string_lossy())
            ));
            return Ok(Self::First);
        };
        Ok(Self::Run(Box::new(report)))
    }

    /// Returns the run itself, if there is one.
    pub(crate) fn report(&self) -> Option<&Report> {
        match self {
            Self::Unasked | Self::First => None,
            Self::Run(report) => Some(report),
        }
    }

    /// Returns it as a report shows it.
    pub(crate) fn since(&self) -> Option<Since<'_>> {
        match self {
            Self::Unasked => None,
            Self::First => Some(Since::Nothing),
            Self::Run(report) => Some(Since::Run(report)),
        }
    }
}
