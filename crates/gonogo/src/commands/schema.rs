//! `gonogo schema`: the JSON Schemas of the gate file and of the policy file.

use gonogo_config::{policy_schema, schema};
use gonogo_probes::Kinds;
use gonogo_run::Refusal;

use crate::args::SchemaOf;
use crate::exit::Exit;
use crate::streams::Streams;

/// Runs the command.
pub(crate) fn run(of: SchemaOf, streams: &mut Streams) -> Result<Exit, Refusal> {
    streams.data(&text(of));
    Ok(Exit::Done)
}

/// Returns a schema as text.
pub(crate) fn text(of: SchemaOf) -> String {
    let schema = match of {
        SchemaOf::Gate => schema(&Kinds::new()),
        SchemaOf::Policy => policy_schema(&Kinds::new()),
    };
    format!("{schema:#}\n")
}
