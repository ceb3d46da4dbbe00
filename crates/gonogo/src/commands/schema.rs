//! `gonogo schema`: the JSON Schema of the gate file.

use gonogo_probes::Kinds;
use gonogo_run::Refusal;

use crate::exit::Exit;
use crate::streams::Streams;

/// Runs the command.
pub(crate) fn run(streams: &mut Streams) -> Result<Exit, Refusal> {
    streams.data(&text());
    Ok(Exit::Done)
}

/// Returns the schema as text.
pub(crate) fn text() -> String {
    format!("{:#}\n", gonogo_config::schema(&Kinds::new()))
}
