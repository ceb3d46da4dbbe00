//! `gonogo check`: runs a gate and exits with its verdict.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

use gonogo_config::Loaded;
use gonogo_engine::Plan;
use gonogo_kind::manifest::Manifest;
use gonogo_model::{Event, Report};
use gonogo_probes::Kinds;
use gonogo_report::Mistake;
use gonogo_run::{
    Ci, Destination, GateRequest, Opened, OutputSpec, PlanRequest, Refusal, RunRequest, Stop,
    World, circumstances, mistakes, open, plan, raise_descriptors,
};
use tokio::sync::watch;

use crate::args::{CheckArgs, GateArgs, OutputArgs};
use crate::commands::baseline::Baseline;
use crate::commands::notify;
use crate::commands::plan::request as selection;
use crate::commands::show;
use crate::exit::Exit;
use crate::live_lines::LiveLines;
use crate::logging::Logs;
use crate::progress::Progress;
use crate::signals;
use crate::streams::Streams;
use crate::terminal::Terminal;

/// Runs the command; the CI is told why it could not start.
pub(crate) fn run(
    args: &CheckArgs,
    terminal: &Terminal,
    logs: &Logs,
    streams: &mut Streams,
) -> Result<Exit, Refusal> {
    let mut told = Vec::new();
    let ran = run_unless_mistaken(args, terminal, logs, streams, &mut told);
    let ci = args.ci.detect(&World::real());
    if let (Err(refusal), Some(ci), false) = (&ran, ci, args.output.quiet) {
        if told.is_empty() {
            told.push(refusal.into());
        }
        streams.order(&ci.refused(&told));
    }
    ran
}

/// Runs the command, and leaves the mistakes of a gate that has any in `told`.
fn run_unless_mistaken(
    args: &CheckArgs,
    terminal: &Terminal,
    logs: &Logs,
    streams: &mut Streams,
    told: &mut Vec<Mistake>,
) -> Result<Exit, Refusal> {
    one_output_each_place(&args.output)?;
    let world = World::real();
    let mut gate = match &args.plan {
        Some(reviewed) => as_reviewed(&args.gate, reviewed, &world)?,
        None => args.gate.request(args.selection.phase.as_deref(), true),
    };
    gate.run_commands = !args.list;
    let (opened, stop) = open_stoppable(&gate)?;
    logs.hide(&opened.loaded.redactor);
    let Some(manifest) = &opened.loaded.manifest else {
        if let Some(signal) = *stop.borrow() {
            streams.complain("stopped by a signal before anything was judged");
            return Ok(Exit::stopped(signal));
        }
        *told = mistakes(&args.gate.file, &opened.loaded);
        return Err(Refusal::Mistakes(opened.render(terminal.color_err)));
    };
    let distrust = opened.render_distrust(terminal.color_err);
    if args.selection.strict && !distrust.is_empty() {
        *told = mistakes(&args.gate.file, &opened.loaded);
        return Err(Refusal::Mistakes(distrust));
    }
    streams.talk(&distrust);
    let wanted = PlanRequest {
        reviewed: args.plan.clone(),
        shard: args.shard,
        ..selection(&args.selection)
    };
    let plan = plan(manifest, &wanted, &world)?;
    if args.list {
        // From here on a signal ends the process.
        drop(stop);
        streams.data(&gonogo_report::list::list_text(
            plan.summary(),
            &show::style(*terminal, terminal.color_out, false),
        ));
        return Ok(if streams.lost_output() {
            Exit::Broken
        } else {
            Exit::Done
        });
    }
    // The run may write over the file that it is compared with.
    let baseline = Baseline::read(&args.baseline, &manifest.gate, &world, streams)?;
    let request = RunRequest {
        wait: args.wait,
        deadline: args.deadline,
        fail_fast: args.fail_fast,
        jobs: args.jobs.map(|jobs| jobs as usize),
        descriptors: raise_descriptors(),
    };
    // What a shard comes to is not what the gate says.
    let is_asked = !args.no_notify && args.shard.is_none();
    let tells = is_asked && !opened.loaded.receivers.is_empty();
    // Only while somebody is told, a signal is to end that and not the program.
    let heard = tells.then(|| stop.clone());
    let report = judge(
        manifest,
        &plan,
        (&request, stop),
        &world,
        &args.output,
        *terminal,
        streams,
    )?;
    let ci = args.ci.detect(&world);
    let exit = finish(
        &report,
        &baseline,
        &args.output,
        ci.as_ref(),
        terminal,
        streams,
    );
    if let Some(stop) = heard {
        notify::tell(
            &opened.loaded,
            (&report, &baseline),
            (&world, stop),
            (&args.output, ci.as_ref()),
            streams,
        );
    }
    Ok(exit)
}

/// Reads a gate whose programs that print secrets a signal ends; returns also what hears of it.
pub(crate) fn open_stoppable(
    gate: &GateRequest,
) -> Result<(Opened, watch::Receiver<Option<Stop>>), Refusal> {
    let stop = listen()?;
    let heard = stop.clone();
    let world = World {
        is_stopped: Box::new(move || heard.borrow().is_some()),
        ..World::real()
    };
    Ok((open(gate, &world, &Kinds::new())?, stop))
}

/// Hears signals from now on.
pub(crate) fn listen() -> Result<watch::Receiver<Option<Stop>>, Refusal> {
    signals::listen().map_err(|error| cannot_start(&error))
}

fn cannot_start(error: &std::io::Error) -> Refusal {
    Refusal::request("engine/no_runtime", format!("cannot start: {error}"))
}

/// Returns the gate of a plan that was reviewed, in the environment and phase of that plan.
fn as_reviewed(args: &GateArgs, plan: &Path, world: &World) -> Result<GateRequest, Refusal> {
    let plan = circumstances(plan, world)?;
    let mut request = args.request(plan.phase.as_deref(), true);
    if request.environment.is_none() {
        request.environment = plan.environment;
    }
    Ok(request)
}

/// Refuses a request in which two formats want the same place: one of them would be lost.
pub(crate) fn one_output_each_place(output: &OutputArgs) -> Result<(), Refusal> {
    for (i, spec) in output.outputs.iter().enumerate() {
        let twice = output.outputs.iter().take(i).any(|o| same(o, spec));
        let (place, hint) = match &spec.to {
            _ if !twice => continue,
            Destination::File(path) => (
                format!("`{}`", path.display()),
                "Give each a file of its own.",
            ),
            // What two formats are to a server is its own affair.
            Destination::Server(_) => continue,
            Destination::Stdout => (
                "standard output".to_owned(),
                "Give all but one a file: -o json=report.json.",
            ),
        };
        let message = format!("two formats want {place}");
        return Err(Refusal::request("config/two_outputs", message).hint(hint));
    }
    Ok(())
}

/// Returns whether two outputs go to one place; devices and pipes take any number.
fn same(left: &OutputSpec, right: &OutputSpec) -> bool {
    let whole = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    match (&left.to, &right.to) {
        (Destination::Stdout, Destination::Stdout) => true,
        (Destination::File(left), Destination::File(right)) => {
            whole(left) == whole(right) && !whole(left).starts_with("/dev")
        }
        (Destination::Stdout | Destination::File(_) | Destination::Server(_), _) => false,
    }
}

/// Returns the manifest of what was loaded, or its mistakes.
pub(crate) fn manifest_of(loaded: &Loaded, color: bool) -> Result<&Manifest, Refusal> {
    loaded.manifest.as_ref().ok_or_else(|| {
        Refusal::Mistakes(gonogo_config::render(
            &loaded.diagnostics,
            &loaded.sources,
            &loaded.redactor,
            color,
        ))
    })
}

/// Runs a plan on a runtime of its own, with progress on standard error, until `stop` says otherwise.
pub(crate) fn judge(
    manifest: &Manifest,
    plan: &Plan,
    (request, stop): (&RunRequest, watch::Receiver<Option<Stop>>),
    world: &World,
    output: &OutputArgs,
    terminal: Terminal,
    streams: &mut Streams,
) -> Result<Report, Refusal> {
    let failed = |error: std::io::Error| cannot_start(&error);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(failed)?;
    let progress = Progress::new(terminal, output.quiet, request.patience());
    let live = output.is_live().then(LiveLines::begin);
    let live = live.transpose().map_err(failed)?;
    let report = runtime.block_on(async {
        let mut on_event = |event: &Event| {
            progress.on_event(event);
            if let Some(live) = &live {
                live.on_event(event);
            }
        };
        let run = gonogo_run::check(manifest, plan, request, world, stop, &mut on_event);
        tokio::pin!(run);
        let mut frames = tokio::time::interval(FRAME);
        loop {
            tokio::select! {
                report = &mut run => break report,
                _ = frames.tick() => progress.draw(),
            }
        }
    });
    progress.end();
    // A lookup of the system that hangs must not keep the verdict from being told.
    runtime.shutdown_background();
    if live.is_some_and(|live| !live.end()) {
        streams.lose();
    }
    Ok(report)
}

/// Shows the report and returns the exit of its verdict.
pub(crate) fn finish(
    report: &Report,
    baseline: &Baseline,
    output: &OutputArgs,
    ci: Option<&Ci>,
    terminal: &Terminal,
    streams: &mut Streams,
) -> Exit {
    // A panic in showing loses the output, and never a NO-GO that was reached before.
    let or_broken = |exit: Exit, show: &mut dyn FnMut() -> bool| {
        if catch_unwind(AssertUnwindSafe(show)).unwrap_or(false) {
            exit
        } else {
            Exit::Broken.unless_worse(exit)
        }
    };
    let exit = or_broken(Exit::of(report), &mut || {
        show::run((report, baseline), output, ci, terminal, streams)
    });
    let Some(ci) = ci else { return exit };
    // Later steps learn the exit code, so they are told last.
    or_broken(exit, &mut || {
        show::values(report, output, ci, exit, streams)
    })
}

/// How often the live view is drawn.
const FRAME: Duration = Duration::from_millis(100);
