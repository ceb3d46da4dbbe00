//! `gonogo plan`: what would run.

use gonogo_config::Receiver;
use gonogo_model::Selection;
use gonogo_probes::Kinds;
use gonogo_run::{PlanRequest, Refusal, World, header, open, plan};

use crate::args::{PlanArgs, PlanFormat, SelectionArgs};
use crate::commands::show;
use crate::exit::Exit;
use crate::logging::Logs;
use crate::streams::Streams;
use crate::terminal::Terminal;

/// Runs the command.
pub(crate) fn run(
    args: &PlanArgs,
    terminal: &Terminal,
    logs: &Logs,
    streams: &mut Streams,
) -> Result<Exit, Refusal> {
    let world = World::real();
    let gate = args.gate.request(args.selection.phase.as_deref(), true);
    let opened = open(&gate, &world, &Kinds::new())?;
    logs.hide(&opened.loaded.redactor);
    let Some(manifest) = &opened.loaded.manifest else {
        return Err(Refusal::Mistakes(opened.render(terminal.color_err)));
    };
    let plan = plan(manifest, &request(&args.selection), &world)?;
    let header = header(manifest, &world);
    let style = show::style(*terminal, terminal.color_out, false);
    let text = match args.output {
        PlanFormat::Human => {
            let told = receivers(&opened.loaded.receivers);
            gonogo_report::plan::plan_text(plan.summary(), &header, &style)
                + &gonogo_report::plan::receivers_text(&told, &style)
        }
        PlanFormat::Json => gonogo_report::plan::plan_json(plan.summary(), &header),
        PlanFormat::Mermaid => gonogo_report::graph::mermaid(plan.summary()),
        PlanFormat::Dot => gonogo_report::graph::dot(plan.summary()),
    };
    streams.data(&text);
    Ok(Exit::Done)
}

/// Returns who is told of a run, and when.
fn receivers(receivers: &[Receiver]) -> Vec<(&str, &str, &str)> {
    let told = receivers.iter();
    told.map(|r| (r.name.as_str(), r.kind, r.occasion.as_str()))
        .collect()
}

/// Returns what the flags select.
pub(crate) fn request(args: &SelectionArgs) -> PlanRequest {
    let selection = Selection {
        phase: args.phase.clone(),
        tags: args.tags.clone(),
        only: args.only.clone(),
        skip: args.skip.clone(),
        failed: None,
        read_only: args.read_only,
        strict: args.strict,
    };
    PlanRequest {
        selection,
        failed: args.failed.clone(),
        reviewed: None,
        shard: None,
    }
}
