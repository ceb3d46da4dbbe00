//! A report on its way to the streams and files that were asked for, and to the CI.

use gonogo_model::Report;
use gonogo_report::{Style, Verbosity, View};
use gonogo_run::{Ci, Told, Unwritten, World, unguessable, write_outputs};

use crate::args::OutputArgs;
use crate::commands::baseline::Baseline;
use crate::exit::Exit;
use crate::streams::Streams;
use crate::terminal::Terminal;

/// Shows a saved report; returns whether every output was written whole.
pub(crate) fn report(
    report: &Report,
    baseline: &Baseline,
    output: &OutputArgs,
    terminal: &Terminal,
    streams: &mut Streams,
) -> bool {
    let around = Around::now();
    let view = view(report, baseline, None, &around);
    let whole = output.machine().map(|machine| machine.render(&view));
    write(&view, whole, output, None, terminal, streams)
}

/// Shows the report of a run that has ended here; returns whether every output was written whole.
pub(crate) fn run(
    (report, baseline): (&Report, &Baseline),
    output: &OutputArgs,
    ci: Option<&Ci>,
    terminal: &Terminal,
    streams: &mut Streams,
) -> bool {
    let around = Around::now();
    let view = view(report, baseline, ci, &around);
    let machine = output.machine().map(|machine| {
        if !output.is_live() {
            machine.render(&view)
        } else if streams.lost_output() {
            Vec::new()
        } else {
            // The events are written already; what the run came to is the last line, and only of a whole run.
            gonogo_report::events::judged(report).into_bytes()
        }
    });
    write(&view, machine, output, ci, terminal, streams)
}

/// Tells the later steps of a CI what the run came to; returns whether they were told.
pub(crate) fn values(
    report: &Report,
    output: &OutputArgs,
    ci: &Ci,
    exit: Exit,
    streams: &mut Streams,
) -> bool {
    let told = Told {
        exit_code: exit.code(),
        outputs: &output.outputs,
    };
    let (orders, lost) = ci.values(&View::of(report), &told);
    order(&orders, output, streams);
    if let Some(lost) = &lost {
        complain(lost, streams);
    }
    lost.is_none() && !streams.lost_output()
}

/// What a report does not say, and some formats show.
struct Around {
    fence: String,
    trace_parent: Option<String>,
}

impl Around {
    fn now() -> Self {
        Self {
            fence: unguessable(),
            trace_parent: (World::real().env)("TRACEPARENT"),
        }
    }
}

fn view<'a>(
    report: &'a Report,
    baseline: &'a Baseline,
    ci: Option<&'a Ci>,
    around: &'a Around,
) -> View<'a> {
    View {
        baseline: baseline.since(),
        fence: Some(&around.fence),
        trace_parent: around.trace_parent.as_deref(),
        place: ci.and_then(Ci::place),
        ..View::of(report)
    }
}

/// Writes every output; to standard output either what a machine reads or the view for people.
fn write(
    view: &View<'_>,
    machine: Option<Vec<u8>>,
    output: &OutputArgs,
    ci: Option<&Ci>,
    terminal: &Terminal,
    streams: &mut Streams,
) -> bool {
    // With -q there is a line and nothing else; what was asked for in so many words is not said twice.
    let told = ci.filter(|ci| {
        let asked = output.machine().map(|machine| machine.name);
        !output.quiet && (asked.is_none() || ci.provider.format() != asked)
    });
    let before = told.map(|ci| ci.before(view)).unwrap_or_default();
    let after = told.map(|ci| ci.after(view, (World::real().now)()));
    let after = after.unwrap_or_default();
    if let Some(bytes) = machine {
        streams.bytes(&bytes);
        streams.order(&before);
        streams.talk(&human(view, output, *terminal, terminal.color_err));
        streams.order(&after);
    } else {
        let human = human(view, output, *terminal, terminal.color_out);
        streams.data(&format!("{before}{human}{after}"));
    }
    let mut unwritten = write_outputs(view, &output.outputs);
    if let Some(ci) = ci {
        let (orders, lost) = ci.summary(view);
        unwritten.extend(lost);
        order(&orders, output, streams);
    }
    for lost in &unwritten {
        complain(lost, streams);
    }
    if streams.lost_output() {
        streams.complain("error[output/incomplete]: standard output was closed or full before everything was written");
    }
    unwritten.is_empty() && !streams.lost_output()
}

/// Gives an order to the CI, where people read: a format on standard output stays what it is.
fn order(text: &str, output: &OutputArgs, streams: &mut Streams) {
    if output.machine().is_some() {
        streams.order(text);
    } else if !text.is_empty() {
        streams.data(text);
    }
}

fn complain(lost: &Unwritten, streams: &mut Streams) {
    let path = lost.path.display();
    streams.complain(&format!(
        "error[{}]: cannot write `{path}`: {}",
        lost.code, lost.error
    ));
}

/// Returns how text for people is to look.
pub(crate) fn style(terminal: Terminal, color: bool, verbose: bool) -> Style {
    let verbosity = if verbose {
        Verbosity::Verbose
    } else {
        Verbosity::Normal
    };
    Style {
        color,
        width: terminal.size().0,
        unicode: terminal.unicode,
        verbosity,
    }
}

fn human(view: &View<'_>, output: &OutputArgs, terminal: Terminal, color: bool) -> String {
    let style = style(terminal, color, output.verbose);
    if output.quiet {
        gonogo_report::human::verdict_line(view.report, &style)
    } else {
        gonogo_report::human::summary_since(view.report, view.baseline, &style)
    }
}
