//! `gonogo explain`: the manual of a kind or of a code.

use gonogo_probes::Kinds;
use gonogo_run::Refusal;

use crate::args::ExplainArgs;
use crate::exit::Exit;
use crate::explain;
use crate::streams::Streams;
use crate::terminal::Terminal;

/// Runs the command.
pub(crate) fn run(
    args: &ExplainArgs,
    terminal: &Terminal,
    streams: &mut Streams,
) -> Result<Exit, Refusal> {
    let width = terminal.size().0;
    match explain::page(args.topic.as_deref(), &Kinds::new(), width) {
        Ok(page) => {
            streams.data(&page);
            Ok(Exit::Done)
        }
        Err(hint) => {
            let topic = args.topic.as_deref().unwrap_or_default();
            Err(Refusal::request(
                "config/unknown_topic",
                format!("there is no kind and no code `{topic}`"),
            )
            .hint(hint))
        }
    }
}
