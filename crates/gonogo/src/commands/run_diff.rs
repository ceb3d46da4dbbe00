//! `gonogo run diff`: what changed from one saved run to another.

use std::path::Path;

use gonogo_report::diff::{self, Difference};
use gonogo_run::{Refusal, World, read_report};

use crate::args::DiffFormat;
use crate::commands::run_show::declared;
use crate::commands::show;
use crate::exit::Exit;
use crate::streams::Streams;
use crate::terminal::Terminal;

/// Runs the command.
pub(crate) fn run(
    before: &Path,
    after: &Path,
    format: DiffFormat,
    terminal: &Terminal,
    streams: &mut Streams,
) -> Result<Exit, Refusal> {
    let world = World::real();
    let before = read_report(before, &world, &declared)?;
    let after = read_report(after, &world, &declared)?;
    let difference = Difference::between(&before, &after);
    let text = match format {
        DiffFormat::Human => diff::human(
            &difference,
            &show::style(*terminal, terminal.color_out, false),
        ),
        DiffFormat::Json => diff::json(&difference),
        DiffFormat::Markdown => diff::markdown(&difference, LONGEST_COMMENT),
    };
    streams.data(&text);
    Ok(if streams.lost_output() {
        Exit::Broken
    } else {
        Exit::Done
    })
}

/// GitHub takes comments of up to 65,536 characters.
const LONGEST_COMMENT: usize = 65_536;
