//! A report on its way to the streams and files that were asked for.

use gonogo_model::Report;
use gonogo_report::{Style, Verbosity, View};
use gonogo_run::write_files;

use crate::args::OutputArgs;
use crate::streams::Streams;
use crate::terminal::Terminal;

/// Shows a saved report; returns whether every output was written whole.
pub(crate) fn report(
    report: &Report,
    output: &OutputArgs,
    terminal: &Terminal,
    streams: &mut Streams,
) -> bool {
    let whole = output.machine().map(|m| m.render(&View::of(report)));
    write(report, whole, output, terminal, streams)
}

/// Shows the report of a run that has ended here; returns whether every output was written whole.
pub(crate) fn run(
    report: &Report,
    output: &OutputArgs,
    terminal: &Terminal,
    streams: &mut Streams,
) -> bool {
    if !output.is_live() {
        return self::report(report, output, terminal, streams);
    }
    // The events are written already; what the run came to is the last line, and only of a whole run.
    let last = match streams.lost_output() {
        true => String::new(),
        false => gonogo_report::events::judged(report),
    };
    write(report, Some(last.into_bytes()), output, terminal, streams)
}

/// Writes every output; to standard output either what a machine reads or the view for people.
fn write(
    report: &Report,
    machine: Option<Vec<u8>>,
    output: &OutputArgs,
    terminal: &Terminal,
    streams: &mut Streams,
) -> bool {
    let view = View::of(report);
    if let Some(bytes) = machine {
        streams.bytes(&bytes);
        streams.talk(&human(report, output, *terminal, terminal.color_err));
    } else {
        streams.data(&human(report, output, *terminal, terminal.color_out));
    }
    let unwritten = write_files(&view, &output.outputs);
    for lost in &unwritten {
        let path = lost.path.display();
        streams.complain(&format!(
            "error[{}]: cannot write `{path}`: {}",
            lost.code, lost.error
        ));
    }
    if streams.lost_output() {
        streams.complain("error[output/incomplete]: standard output was closed or full before everything was written");
    }
    unwritten.is_empty() && !streams.lost_output()
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

fn human(report: &Report, output: &OutputArgs, terminal: Terminal, color: bool) -> String {
    let style = style(terminal, color, output.verbose);
    if output.quiet {
        gonogo_report::human::verdict_line(report, &style)
    } else {
        gonogo_report::human::summary(report, &style)
    }
}
