//! `gonogo run show`: a saved run, as it was seen when it ran.

use gonogo_kind::KindTable as _;
use gonogo_model::CodeDecl;
use gonogo_probes::Kinds;
use gonogo_run::{Refusal, World};

use crate::args::RunCommand;
use crate::commands::show;
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
        RunCommand::Show { file, output } => {
            let shown = file.display();
            let bytes = (World::real().read_file)(file).map_err(|error| {
                Refusal::request(
                    "config/unreadable_file",
                    format!("cannot read `{shown}`: {error}"),
                )
            })?;
            let text = String::from_utf8_lossy(&bytes);
            let report = gonogo_report::json::read_json_with(&text, &|code| declared(code))
                .map_err(|error| {
                    Refusal::request("config/not_a_report", format!("{shown}: {error}"))
                })?;
            let written = show::report(&report, output, terminal, streams);
            Ok(if written { Exit::Done } else { Exit::Broken })
        }
    }
}

/// Returns the declaration of a code that belongs to a kind.
fn declared(code: &str) -> Option<&'static CodeDecl> {
    let kinds = Kinds::new();
    kinds
        .kinds()
        .iter()
        .flat_map(|kind| kind.codes)
        .find(|decl| decl.code == code)
        .copied()
}
